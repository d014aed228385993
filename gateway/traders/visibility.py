"""What a trader may see: payments that name it, by LEI or USCC, or an account that its bank registered for it."""

from settlement.participants import Customer
from settlement.parties import CashAccount, Party
from settlement.payments.commands import SubmitPayment


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
    return any(_is_held(account, customer, own=agent == bank_bic) for account, agent in accounts)


def _is_named(party: Party | None, identifier: str) -> bool:
    return party is not None and identifier in (party.lei, party.uscc)


def _is_held(account: CashAccount | None, customer: Customer, *, own: bool) -> bool:
    if account is None:
        return False
    if account.iban:
        return account.iban in customer.accounts
    return own and account.other in customer.accounts
