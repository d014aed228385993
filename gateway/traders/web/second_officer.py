"""What waits for a second officer of the bank: on its desk the newest, and all of it on a page of its own."""

from typing import NamedTuple

from gateway.app import Gateway
from gateway.projection.rulings import RulingView
from settlement.money import for_people as money
from settlement.parties import CashAccount
from settlement.payments.commands import SubmitPayment
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.payments.terms import Terms
from settlement.rulings import RulingState


class Proposed(NamedTuple):
    """A proposal as the list shows it: what kind, how much to whom, by whom and since when, and until when.

    `href` leads to what it is about, where that stands on the ledger already; `link` is the key of the word for it.
    `facts` is all that the second officer signs, by the keys of words; `uetr` names it on the command line.
    """

    at_ms: int
    kind: str
    amount: str
    to: str
    by: str
    until: str
    uetr: str
    href: str = ""
    link: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def waiting(gateway: Gateway, *, limit: int, after: int = 0) -> list[RulingView]:
    """Give what somebody of the bank has proposed and another has not signed, the newest first."""
    own = gateway.participant
    return gateway.rulings.page(after=after, state=RulingState.PROPOSED, authority=own, limit=limit)


def shown(view: RulingView) -> Proposed:
    """Show a proposal."""
    record, command = view.record, view.command
    row = Proposed(
        at_ms=record.proposed_at_ms,
        kind=type(command).__name__,
        amount="",
        to="",
        by=record.proposed_by.name,
        until=record.deadline.date if record.deadline else "",
        uetr="",
    )
    if isinstance(command, ProposeRelease):
        return _payment(row, command.payment)
    if isinstance(command, ProposeChangeRelease):
        uetr, change = command.change.payment.uetr, command.change.change
        facts = (("terms", _terms(change.terms) if change.terms else ""), ("amount", change.amount))
        return row._replace(
            uetr=uetr, to=command.change.payee, href=f"/payments/{uetr}", link="payment", facts=_said(facts)
        )
    if isinstance(command, SetReleaseLimit):
        return row._replace(amount=money(command.amount, command.currency) if command.amount else command.currency)
    return row


def _payment(row: Proposed, payment: SubmitPayment) -> Proposed:
    href, link = _about(payment)
    facts = (
        ("from", f"{payment.debtor.name or payment.debtor.any_bic} {_account(payment.debtor_account)}".strip()),
        ("account", _account(payment.creditor_account)),
        ("payees_bank", payment.creditor_agent.bic),
        ("receiving_bank", payment.instructed_agent),
        ("value_date", payment.settlement_date),
        ("about", payment.remittance),
        ("reference", payment.end_to_end_id),
        ("terms", _terms(payment.terms) if payment.terms else ""),
    )
    return row._replace(
        amount=money(payment.amount, payment.currency),
        to=payment.creditor.name or payment.creditor.any_bic,
        uetr=payment.uetr,
        href=href,
        link=link,
        facts=_said(facts),
    )


def _about(payment: SubmitPayment) -> tuple[str, str]:
    """Lead to what is paid: the assessed tax, or the trade whose documents it names."""
    evidence = payment.evidence
    name = payment.assessment_id or (next(iter(evidence.record_ids), "") if evidence else "")
    return (f"/trade/records/{name}", "trade") if name else ("", "")


def _said(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in facts if value)


def _account(account: CashAccount | None) -> str:
    return (account.iban or account.other) if account else ""


def _terms(terms: Terms) -> str:
    """Write terms shortly: the dates between which it settles, and the records that it waits for."""
    dates = f"{terms.not_before} / {terms.expires_on}".removeprefix(" / ")
    return ", ".join((dates, *terms.record_ids))
