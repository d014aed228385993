"""What a holder may see: one place for every route and page that shows payments.

A trader sees payments that name it, by LEI or USCC, or an account that its bank registered for it; a bank's desk those
of its bank; the authorities' staff those of the network, clearing's without the parties. What is not the holder's is as
if it did not exist.
"""

from collections.abc import Callable
from typing import Final

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.projection.queries import PaymentView
from gateway.traders.tokens import Holder
from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.participants import Customer
from settlement.parties import CashAccount, Party
from settlement.payments.commands import SubmitPayment


class Visibility:
    """Says what holders of one gateway's tokens may see."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def payment(self, asked: str, holder: Holder) -> PaymentView:
        """Find the payment of a UETR that a holder may see, the first where there are several; raises `Refusal`."""
        uetr = identifiers.uetr(asked)
        may_see = self.test(holder)
        for view in self._gateway.queries.payments(uetr):
            if may_see(view.command):
                return view
        raise Refusal(Code.NOT_FOUND, "uetr")

    def test(self, holder: Holder) -> Callable[[SubmitPayment], bool]:
        """Give what says whether a holder may see a payment of this organisation's read model."""
        if holder.scope is not Scope.TRADER:
            self._gateway.require_serving()
            return lambda _: True
        own = self._gateway.participants().get(self._gateway.participant)
        customer = self._gateway.queries.customer(self._gateway.participant, holder.customer)
        if customer is None or own is None:
            return lambda _: False
        return lambda payment: concerns(payment, customer, own.organisation.bic)

    def parties(self, holder: Holder) -> tuple[str, ...] | None:
        """Give the identifiers of which a payment names one if it is a trader's; None where all are the holder's."""
        if holder.scope is not Scope.TRADER:
            return None
        customer = self._gateway.queries.customer(self._gateway.participant, holder.customer)
        return () if customer is None else (customer.identifier, *customer.accounts)


def sees_parties(holder: Holder) -> bool:
    """Say whether a holder may read who pays whom and why (REQUIREMENTS 6: clearing sees amounts and ids)."""
    return holder.scope is not Scope.CLEARING


def concerns(payment: SubmitPayment, customer: Customer, bank_bic: str) -> bool:
    """Say whether a payment is a customer's.

    An IBAN is one account in the world. Any other account number counts only where the bank itself keeps the account:
    another bank's may be the same.
    """
    parties = (
        payment.debtor,
        payment.creditor,
        payment.ultimate_debtor,
        payment.ultimate_creditor,
        payment.initiating_party,
    )
    if any(_is_named(party, customer.identifier) for party in parties):
        return True
    accounts = (
        (payment.debtor_account, payment.debtor_agent.bic),
        (payment.creditor_account, payment.creditor_agent.bic),
    )
    return any(is_held(account, customer, own=agent == bank_bic) for account, agent in accounts)


def _is_named(party: Party | None, identifier: str) -> bool:
    return party is not None and identifier in (party.lei, party.uscc)


def is_held(account: CashAccount | None, customer: Customer, *, own: bool) -> bool:
    """Say whether an account is one that its bank registered for a customer; `own`: that bank keeps it."""
    if account is None:
        return False
    if account.iban:
        return account.iban in customer.accounts
    return own and account.other in customer.accounts
