"""The bank's word on what its customers ask for: an initiation becomes the payment that releases it.

What the payment says comes from the initiation, its date from the business day, its identifications from the
initiation's name: so a release that is asked for again is the same payment, answered with its first outcome.
"""

import re
from typing import Final

from msgspec.structs import replace

from gateway.app import Gateway
from gateway.projection.initiations import InitiationView
from gateway.submission import Answer
from settlement import dates, identifiers
from settlement.day import DayState
from settlement.errors import Code, Refusal
from settlement.payments import initiation
from settlement.payments.commands import RegulatoryReporting, SubmitPayment, WhenUnfunded
from settlement.payments.initiation import Initiation, InitiationState
from settlement.payments.payment import TransactionStatus

_NAME: Final = re.compile("[0-9a-f]{32}", re.ASCII).fullmatch


class Releases:
    """Releases initiations of one bank, and tells what became of them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def find(self, initiation_id: str) -> InitiationView:
        """Find an initiation that this organisation may see; NOT_FOUND for any other, and for what is no name."""
        self._gateway.require_serving()
        return self._existing(initiation_id)

    def status(self, view: InitiationView) -> TransactionStatus:
        """Say what the trader is told: of a released one, how its payment stands."""
        name = view.record.payment
        if name is None:
            return initiation.status_of(view.record)
        payment = self._gateway.queries.payment(name.uetr, payer=view.bank, tx_id=name.journal)
        return initiation.status_of(view.record, payment.status if payment else None)

    async def release(
        self,
        initiation_id: str,
        *,
        requested_by: str,
        when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE,
        instructed_agent: str = "",
        regulatory_reporting: tuple[RegulatoryReporting, ...] = (),
    ) -> tuple[SubmitPayment, Answer]:
        """Pay what was asked for; raises `Refusal` as the ledger would, where that is known before."""
        view = self._existing(initiation_id, self._gateway.participant)
        first = self._released(view)
        if first is not None:
            return first, (await self._gateway.payments.submit([first]))[0]
        payment = self.payment_of(
            initiation_id,
            requested_by=requested_by,
            when_unfunded=when_unfunded,
            instructed_agent=instructed_agent,
            regulatory_reporting=regulatory_reporting,
        )
        return payment, (await self._gateway.payments.submit([payment]))[0]

    def payment_of(
        self,
        initiation_id: str,
        *,
        requested_by: str,
        when_unfunded: WhenUnfunded,
        instructed_agent: str = "",
        regulatory_reporting: tuple[RegulatoryReporting, ...] = (),
    ) -> SubmitPayment:
        """Say, without effect, the payment that would release an initiation now; raises as `release` does.

        `instructed_agent` is the BIC of the payee, the creditor's agent unless named; what the bank reports takes the
        place of what the trader does.
        """
        found = self._existing(initiation_id, self._gateway.participant).record
        payment = replace(
            self._payment(found, instructed_agent), requested_by=requested_by, when_unfunded=when_unfunded
        )
        if regulatory_reporting:
            payment = replace(payment, regulatory_reporting=regulatory_reporting)
        initiation.require_release(found, payment, payment.settlement_date)
        return payment

    def _existing(self, initiation_id: str, bank: str | None = None) -> InitiationView:
        view = self._gateway.initiations.find(initiation_id, bank) if _NAME(initiation_id) else None
        if view is None:
            raise Refusal(Code.NOT_FOUND, "initiation_id")
        return view

    def _released(self, view: InitiationView) -> SubmitPayment | None:
        """Give the payment that released an initiation before."""
        name = view.record.payment
        if view.record.state is not InitiationState.RELEASED or name is None:
            return None
        payment = self._gateway.queries.payment(name.uetr, payer=view.bank, tx_id=name.journal)
        return payment.command if payment else None

    def _payment(self, found: Initiation, instructed_agent: str) -> SubmitPayment:
        """Make the payment, of the open business day, to the creditor's agent unless another is named."""
        participants = self._gateway.participants()
        instructed = identifiers.bic(instructed_agent or found.instruction.creditor_agent.bic, "instructed_agent")
        holders = {each.organisation.bic: name for name, each in participants.items() if each.organisation.bic}
        day = self._gateway.initiations.day(found.instruction.currency)
        initiation.require_open(found, day.date if day else "")
        if instructed not in holders:
            raise Refusal(Code.CNOR, "instructed_agent")
        if day is None or day.state is not DayState.OPEN:
            raise Refusal(Code.DAY_CLOSED, "settlement_date")
        return initiation.payment_of(
            found.instruction,
            uetr=initiation.uetr_of(found),
            payer=self._gateway.participant,
            payee=holders[instructed],
            instructing_agent=participants[self._gateway.participant].organisation.bic,
            instructed_agent=instructed,
            settlement_date=day.date,
            message_id=found.initiation_id,
            created_at=dates.render(self._gateway.clock()),
            initiation_id=found.initiation_id,
        )
