"""Both authorities' word for a payment, as a gateway gathers it for the certificate that it issues."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from gateway.app import Gateway
from gateway.attestation.port import Attestor, AuthorityUnreachableError, Question
from gateway.ledger.port import LedgerUnreachableError
from gateway.projection.faults import FeedBrokenError
from settlement import identity
from settlement.errors import Refusal
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import PaymentAttestation, PaymentStatement
from settlement.parties import Kind

AGAIN_S: Final = 2.0
"""When to ask again where an authority does not attest."""

_BOTH: Final = (Kind.CLEARING, Kind.REGULATOR)
"""In the order in which they stand in a certificate."""

log = structlog.get_logger()


class Attestations:
    """Asks those that may be authorities; which of them are is what the ledger says."""

    def __init__(self, gateway: Gateway, attestors: Sequence[Attestor]) -> None:
        self._gateway: Final = gateway
        self._attestors: Final = tuple(attestors)

    async def of(self, statement: PaymentStatement) -> tuple[PaymentAttestation, ...]:
        """Have a statement attested by both authorities; raises `AuthorityUnreachableError`."""
        question = Question(statement.uetr, payment_certificate.digest(statement), height=self._gateway.follower.height)
        answers = await asyncio.gather(*(self._ask(each, question, statement) for each in self._attestors))
        found = dict(each for each in answers if each is not None)
        if not found.keys() >= set(_BOTH):
            raise AuthorityUnreachableError(AGAIN_S)
        return tuple(found[kind] for kind in _BOTH)

    async def _ask(
        self, attestor: Attestor, question: Question, statement: PaymentStatement
    ) -> tuple[Kind, PaymentAttestation] | None:
        """Give an attestation that whoever checks the certificate will find to hold, and of which kind it is."""
        try:
            given = await attestor.attest(question)
            return self._require_valid(given, statement), given
        except (Refusal, LedgerUnreachableError, FeedBrokenError) as error:
            log.warning("a payment is not attested", participant=self._gateway.participant, reason=repr(error))
            return None

    def _require_valid(self, given: PaymentAttestation, statement: PaymentStatement) -> Kind:
        """Hold an attestation against the ledger, which also knows who has withdrawn a certificate."""
        participants = self._gateway.participants()
        signer = participants.get(given.participant)
        if signer is not None:
            identity.identify(given.certificate, signer, self._gateway.clock())
        roots = {} if signer is None else {given.participant: signer.organisation.root}
        payment_certificate.verify_attestation(self._gateway.network, statement, given, roots)
        return participants[given.participant].organisation.kind
