"""What programs are shown: the form of every answer in JSON, from which the OpenAPI document is made.

Amounts are decimal strings with the currency's decimals, moments RFC 3339 in UTC, dates YYYY-MM-DD. A field without a
value is left out.
"""

from collections.abc import Sequence
from typing import Any, Final, dataclass_transform

import msgspec

from gateway.conditions import Met, Standing
from gateway.projection.queries import EventView, PaymentView
from settlement import dates, money
from settlement.parties import CashAccount, Party
from settlement.payments.commands import ConfirmCredit, ReturnPayment
from settlement.payments.payment import SettlementState
from settlement.payments.terms import Terms
from settlement.payments.undertaking import Change, LedgerStatement

_ENCODER: Final = msgspec.json.Encoder()


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The form of an answer."""


class PartyShown(View):
    """A debtor or creditor; `name` is a BIC where it is named by that alone."""

    name: str = ""
    lei: str = ""
    uscc: str = ""
    account: str = ""


class EventShown(View):
    """What happened to a payment; `credit`, `reason`, `amount` belong to a statement of credit or a return."""

    event: str
    at: str
    code: str = ""
    credit: str = ""
    amount: str = ""
    reason: str = ""


class ConditionShown(View):
    """What a conditional payment waits for: the field that states it, a date or a document's record id, its number.

    `met` is YES, NO, or UNKNOWN where the bank does not hold the document.
    """

    where: str
    names: str
    met: Met
    number: str = ""


class ConditionalShown(View):
    """How a conditional payment stands: the terms that count now, each condition, and a change that is proposed."""

    terms: Terms
    conditions: tuple[ConditionShown, ...]
    proposed: Change | None = None


class PaymentSummary(View):
    """A payment in a list. `status` is ISO 20022's, `state` and `credit` are the two axes behind it."""

    uetr: str
    status: str
    state: str
    currency: str
    amount: str
    settlement_date: str
    payer: str
    payee: str
    end_to_end_id: str
    status_reason: str = ""
    credit: str = ""
    returned_amount: str = ""
    reserved_amount: str = ""
    settled_at: str = ""
    debtor: PartyShown | None = None
    creditor: PartyShown | None = None
    remittance: str = ""


class PaymentShown(PaymentSummary, kw_only=True):
    """A payment, where it stands on the ledger, and what happened to it, in order."""

    debtor_agent: str
    creditor_agent: str
    transaction_id: str
    block: int
    events: tuple[EventShown, ...]
    conditional: ConditionalShown | None = None


class PaymentPage(View):
    """Some payments, newest first; `next` is the cursor of what comes after them, absent at the end.

    A page may have fewer than were asked for, even none, and still a `next`: a page does a bounded amount of work.
    """

    payments: tuple[PaymentSummary, ...]
    next: str = ""


class FollowedEvent(EventShown, kw_only=True):
    """An event as it is followed: with the payment that it happened to."""

    uetr: str


class Health(View):
    """Whether the gateway serves: `serving`, `waiting` to be on the ledger, or `stopped`."""

    status: str


class FieldProblem(View):
    """What is wrong with one element of an ISO 20022 message."""

    code: str
    rule: str
    where: str
    detail: str


class Problem(View):
    """A problem (RFC 9457): `code` is of the catalogue, `where` the field at fault; no value of the request."""

    type: str
    title: str
    status: int
    code: str = ""
    where: str = ""
    reference: str = ""
    errors: tuple[FieldProblem, ...] = ()


def encode(view: View) -> bytes:
    """Give the JSON of an answer."""
    return _ENCODER.encode(view)


def summary(view: PaymentView, *, parties: bool = True) -> PaymentSummary:
    """Show a payment in a list; `parties`: with who pays whom and why."""
    return PaymentSummary(**_summary(view, parties=parties))


def payment(
    view: PaymentView, events: Sequence[EventView], *, parties: bool = True, standing: Standing | None = None
) -> PaymentShown:
    """Show a payment and its history; `standing`: of a conditional one, what it waits for."""
    command = view.command
    return PaymentShown(
        **_summary(view, parties=parties),
        debtor_agent=command.debtor_agent.bic,
        creditor_agent=command.creditor_agent.bic,
        transaction_id=view.tx_id,
        block=view.block,
        events=tuple(EventShown(**_event(each)) for each in events),
        conditional=_conditional(standing) if standing and parties else None,
    )


def followed(view: EventView) -> FollowedEvent:
    """Show an event to who follows."""
    return FollowedEvent(**_event(view), uetr=view.uetr)


def _summary(view: PaymentView, *, parties: bool) -> dict[str, Any]:
    command, status = view.command, view.status
    shown: dict[str, Any] = {
        "uetr": view.uetr,
        "status": status.status,
        "status_reason": status.reason or "",
        "state": view.state.value,
        "credit": view.credit.value if view.credit else "",
        "currency": view.currency,
        "amount": command.amount,
        "returned_amount": money.render(view.returned_minor, view.currency) if view.returned_minor else "",
        "settlement_date": command.settlement_date,
        "reserved_amount": money.render(view.amount_minor, view.currency) if view.reservation else "",
        "settled_at": dates.render(view.at_ms) if view.state is SettlementState.SETTLED else "",
        "payer": view.payer,
        "payee": view.payee,
        "end_to_end_id": command.end_to_end_id,
    }
    if parties:
        shown |= {
            "debtor": party(command.debtor, command.debtor_account),
            "creditor": party(command.creditor, command.creditor_account),
            "remittance": command.remittance,
        }
    return shown


def _conditional(standing: Standing) -> ConditionalShown:
    conditions = tuple(ConditionShown(**each._asdict()) for each in standing.conditions)
    return ConditionalShown(terms=standing.terms, conditions=conditions, proposed=standing.proposed)


def party(named: Party, account: CashAccount | None) -> PartyShown:
    """Show a debtor or creditor and its account."""
    return PartyShown(
        name=named.name or named.any_bic,
        lei=named.lei,
        uscc=named.uscc,
        account=(account.iban or account.other) if account else "",
    )


def _event(view: EventView) -> dict[str, str]:
    command = view.command
    shown = {"event": view.kind.value, "at": dates.render(view.at_ms), "code": view.entry.code}
    if isinstance(command, ConfirmCredit):
        shown |= {"credit": command.status.value, "reason": command.reason}
    if isinstance(command, LedgerStatement):
        shown |= {"amount": command.amount, "code": command.code}
    if isinstance(command, ReturnPayment):
        shown |= {"amount": command.amount, "reason": command.reason}
    return shown
