"""An authority's word for a payment: what it finds in its own read model, signed with its own service's key."""

import asyncio
from typing import Final

from msgspec.structs import replace

from gateway.app import LAG_S, Gateway
from gateway.attestation.port import Question
from gateway.attestation.statements import stated
from gateway.ledger.port import LedgerUnreachableError
from gateway.projection.queries import PaymentView
from settlement import dates, identifiers
from settlement.errors import Code, Refusal
from settlement.forms import payment_certificate
from settlement.forms.journals import Event
from settlement.forms.payment_certificate import PaymentAttestation, PaymentStatement
from settlement.participants import AUTHORITIES


class Authority:
    """Answers for one organisation's gateway. One that is no authority knows of no payment that it could attest."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    async def attest(self, question: Question, by: str) -> PaymentAttestation:
        """Attest that a payment stands as the asking organisation says, if here it stands so too.

        NOT_FOUND where it does not, where there is none, and where the asker does not hold it itself: besides the
        other authority these are its payer and its payee, of a rejection its payer alone. Raises
        `LedgerUnreachableError` while this read model is behind the asker's.
        """
        uetr = identifiers.uetr(question.uetr)
        await self._reach(question.height)
        payments = self._gateway.queries.payments(uetr)
        own = payments if self._is_authority(self._gateway.participant) else []
        for view in own:
            statement = stated(view)
            if self._may_ask(by, view) and payment_certificate.digest(statement) == question.statement:
                return self._signed(statement)
        raise Refusal(Code.NOT_FOUND, "uetr")

    async def _reach(self, height: int) -> None:
        """Wait, for so long and no longer, until as many blocks are applied here as the asker had applied."""
        try:
            async with asyncio.timeout(LAG_S):
                await self._gateway.follower.reached(height - 1)
        except TimeoutError:
            raise LedgerUnreachableError from None

    def _may_ask(self, by: str, view: PaymentView) -> bool:
        reaches_payee = view.entry.event is not Event.PAYMENT_REJECTED
        return by == view.payer or (by == view.payee and reaches_payee) or self._is_authority(by)

    def _is_authority(self, name: str) -> bool:
        participant = self._gateway.participants().get(name)
        return participant is not None and participant.organisation.kind in AUTHORITIES

    def _signed(self, statement: PaymentStatement) -> PaymentAttestation:
        gateway = self._gateway
        attestation = PaymentAttestation(
            participant=gateway.participant,
            at=dates.render(gateway.clock()),
            certificate=gateway.credential.certificate,
        )
        signed = payment_certificate.attestation_to_sign(gateway.network, statement, attestation)
        return replace(attestation, signature=gateway.credential.sign(signed))


class LocalAttestor:
    """An authority whose gateway runs in this process, as one organisation asks it (gateway.attestation.port)."""

    def __init__(self, authority: Authority, by: str) -> None:
        self._authority: Final = authority
        self._by: Final = by

    async def attest(self, question: Question) -> PaymentAttestation:
        """Ask it; raises as `Authority.attest` does."""
        return await self._authority.attest(question, self._by)
