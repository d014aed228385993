"""What a client says by BIC and UETR, in the ledger's own terms: participants, and the name of a settled payment."""

from typing import Final

from gateway.app import Gateway
from gateway.ledger.lists import Outcome
from gateway.operators import codec
from gateway.operators.payment_process import Sender
from gateway.projection.queries import PaymentView
from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.payments import checks
from settlement.payments.commands import ConfirmCredit, PaymentName, ReturnPayment
from settlement.payments.payment import credit_moves_forward


class Resolution:
    """Resolves names with what one organisation's read model knows."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def sender(self, requested_by: str) -> Sender:
        """Say on whose behalf payments are read."""
        own = self._gateway.participants()[self._gateway.participant].organisation
        return Sender(own.participant, own.bic, requested_by, self.holders())

    def holders(self) -> dict[str, str]:
        """Map BICs to the participants that hold them."""
        found = self._gateway.participants().values()
        return {each.organisation.bic: each.organisation.participant for each in found if each.organisation.bic}

    def received(self, uetr: str, payer: str, transaction_id: str = "") -> PaymentView:
        """Find a settled payment that this organisation received; NOT_FOUND for any other."""
        view = self._gateway.queries.payment(
            identifiers.uetr(uetr), payer=payer or None, tx_id=codec.transaction_id(transaction_id)
        )
        if view is None or view.payee != self._gateway.participant or view.code:
            raise Refusal(Code.NOT_FOUND, "uetr")
        return view

    async def follow_up(self, command: ConfirmCredit | ReturnPayment, view: PaymentView) -> Outcome:
        """Ask for what concerns an earlier payment; what was asked before is answered as it was.

        The ledger keeps no record of the credit axis, so it is here that a step back is refused (MOVE_NOT_ALLOWED).
        """
        if isinstance(command, ReturnPayment):
            checks.require_return(command)
        known = self._gateway.repeats.of([command])[0]
        if known is not None:
            return known
        if isinstance(command, ConfirmCredit) and not credit_moves_forward(view.credit, command.status):
            raise Refusal(Code.MOVE_NOT_ALLOWED, "status")
        return (await self._gateway.ask([command]))[0]


def name_of(view: PaymentView) -> PaymentName:
    """Give the name by which the ledger knows a settled payment."""
    return PaymentName(journal=view.tx_id, uetr=view.uetr)
