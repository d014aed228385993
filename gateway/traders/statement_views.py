"""How a statement is shown: JSON, CSV, camt.053 with balances or camt.054 without."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import msgspec
from aiohttp import web
from msgspec.structs import replace

from gateway.projection.entries import Line
from gateway.projection.queries import EventView, PaymentView
from gateway.traders import asked, csv_text, views
from gateway.traders.accepting import CSV, JSON, XML, chosen
from gateway.traders.edge import same_again
from gateway.traders.views import PartyShown, View
from settlement import canonical, dates, identifiers, money
from settlement.errors import Refusal
from settlement.forms.journals import Event
from settlement.iso20022 import account_statement
from settlement.iso20022.account_statement import AccountStatement, BalanceTold, StatementEntry
from settlement.parties import CashAccount, Party
from settlement.payments.commands import ReturnPayment, SubmitPayment
from settlement.payments.undertaking import LedgerStatement

_MOVES: Final = frozenset({Event.PAYMENT_SETTLED, Event.RESERVATION_SETTLED, Event.PAYMENT_RETURNED})
"""The events of a payment that move money."""


class LineShown(View, kw_only=True):
    """A movement: `amount` is negative where the account was debited; `kind` is an event, ISSUED, REDEEMED or RESTORED.

    `counterparty` is the other participant, `reference` names the issuance, the redemption or the return.
    """

    line: str
    booked_at: str
    kind: str
    currency: str
    amount: str
    balance: str = ""
    value_date: str = ""
    uetr: str = ""
    end_to_end_id: str = ""
    counterparty: str = ""
    reference: str = ""
    reason: str = ""
    debtor: PartyShown | None = None
    creditor: PartyShown | None = None
    remittance: str = ""
    transaction_id: str = ""


class StatementShown(View, kw_only=True):
    """A page of a statement; a customer's has no balances. The last page has `available`, the others `next`."""

    account: str
    owner: str
    page: int
    lines: tuple[LineShown, ...]
    currency: str = ""
    from_date: str = ""
    to_date: str = ""
    opening: str = ""
    closing: str = ""
    available: str = ""
    next: str = ""


class Moved(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line as it is shown, and what of the command ISO 20022 tells besides; `payment` where the reader may see it."""

    shown: LineShown
    payment: SubmitPayment | None = None
    message_id: str = ""
    instruction_id: str = ""


class StatementPage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A page as it is made. Balances in minor units; None where there are none."""

    account: str
    currency: str
    owner: Party
    from_date: str
    to_date: str
    number: int
    limit: int
    is_last: bool
    is_over: bool = True
    """Whether no more can come within its days."""
    lines: tuple[Moved, ...]
    next: str
    opening_minor: int | None = None
    closing_minor: int | None = None
    available_minor: int | None = None


class Write(Protocol):
    """Makes an answer of a page."""

    def __call__(self, page: StatementPage, *, now_ms: int) -> web.Response:
        """Answer."""


def of_ledger(line: Line, currency: str, *, parties: bool) -> Moved:
    """Show a line of an account of the ledger; `parties`: with who pays whom and why."""
    command = line.command
    shown = LineShown(
        line=".".join(map(str, line.cursor)),
        booked_at=dates.render(line.at_ms),
        kind=line.kind,
        currency=currency,
        amount=money.render(line.amount_minor, currency),
        balance=money.render(line.balance_minor, currency),
        uetr=line.uetr,
        counterparty=line.counterparty,
        reference=line.reference,
        transaction_id=line.tx_id,
    )
    return _moved(shown, command, parties=parties)


def of_customer(view: PaymentView, events: Sequence[EventView], sides: tuple[bool, bool]) -> list[Moved]:
    """Show what a payment moved on an account that it debits or credits (`sides`), and what its returns did."""
    found = []
    for place, event in enumerate(events):
        if event.kind not in _MOVES:
            continue
        command = event.command
        assert isinstance(command, SubmitPayment | ReturnPayment | LedgerStatement)
        for is_named, is_debtor in zip(sides, (True, False), strict=True):
            if not is_named:
                continue
            is_debit = is_debtor is (event.kind is not Event.PAYMENT_RETURNED)
            shown = LineShown(
                line=f"{event.block}.{place}.{int(is_debit)}",
                booked_at=dates.render(event.at_ms),
                kind=event.kind.value,
                currency=view.currency,
                amount=f"-{command.amount}" if is_debit else command.amount,
                uetr=view.uetr,
                transaction_id=event.tx_id,
            )
            asked = None if isinstance(command, LedgerStatement) else command
            found.append(_moved(shown, asked or view.command, payment=view.command))
    return found


def _moved(
    shown: LineShown,
    command: SubmitPayment | ReturnPayment | None,
    *,
    payment: SubmitPayment | None = None,
    parties: bool = True,
) -> Moved:
    """Add what the command says: the payment itself, or a return and the payment that it is of, where that is known."""
    if isinstance(command, SubmitPayment):
        payment = command
    if command is None:
        return Moved(shown=shown)
    reason = command.reason if isinstance(command, ReturnPayment) else ""
    shown = replace(
        shown,
        value_date=command.settlement_date,
        reason=reason,
        end_to_end_id=payment.end_to_end_id if payment else "",
    )
    if payment is not None and parties:
        shown = replace(
            shown,
            debtor=views.party(payment.debtor, payment.debtor_account),
            creditor=views.party(payment.creditor, payment.creditor_account),
            remittance=payment.remittance,
        )
    return Moved(
        shown=shown,
        payment=payment if parties else None,
        message_id=command.message_id,
        instruction_id=payment.instruction_id if payment else "",
    )


def writer(request: web.Request) -> Write:
    """Choose the form that a request accepts."""
    return _FORMS[chosen(request, tuple(_FORMS))]


def _json(page: StatementPage, *, now_ms: int) -> web.Response:  # noqa: ARG001 - as the others
    shown = StatementShown(
        account=page.account,
        owner=page.owner.name,
        currency=page.currency,
        from_date=page.from_date,
        to_date=page.to_date,
        page=page.number,
        lines=tuple(each.shown for each in page.lines),
        opening=_balance(page, page.opening_minor),
        closing=_balance(page, page.closing_minor),
        available=_balance(page, page.available_minor),
        next=page.next,
    )
    return _with_next(web.Response(body=views.encode(shown), content_type=JSON), page)


def _csv(page: StatementPage, *, now_ms: int) -> web.Response:  # noqa: ARG001 - as the others
    rows = [
        {
            **{name: getattr(each.shown, name, "") for name in _COLUMNS},
            "debtor": each.shown.debtor.name if each.shown.debtor else "",
            "creditor": each.shown.creditor.name if each.shown.creditor else "",
        }
        for each in page.lines
    ]
    response = web.Response(body=csv_text.write(_COLUMNS, rows), content_type=CSV, charset="utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="statement.csv"'
    return _with_next(response, page)


def _xml(page: StatementPage, *, now_ms: int) -> web.Response:
    has_balances = page.opening_minor is not None
    statement = AccountStatement(
        message_id=f"{_statement_id(page)}-{page.number}",
        statement_id=_statement_id(page),
        created_at=dates.render(now_ms),
        account=_number(page.account),
        currency=page.currency,
        owner=page.owner,
        page=page.number,
        is_last=page.is_last,
        balances=tuple(_balances(page, dates.render(now_ms)[:10])) if has_balances else (),
        entries=tuple(map(_entry, page.lines)),
    )
    write = account_statement.write_statement if has_balances else account_statement.write_notification
    response = web.Response(body=write(statement), content_type=XML, charset="utf-8")
    response.headers["ETag"] = same_again(canonical.encode(replace(statement, created_at="")))
    return _with_next(response, page)


WRITERS: Final[dict[str, Write]] = {"json": _json, "csv": _csv, "xml": _xml}
"""The forms, by the names that pages give them."""
_FORMS: Final[dict[str, Write]] = {JSON: _json, XML: _xml, CSV: _csv}
_COLUMNS: Final = tuple(field.name for field in msgspec.structs.fields(LineShown))


def _with_next(response: web.Response, page: StatementPage) -> web.Response:
    """Name the next page, of the same days."""
    if page.next:
        query = {"from_date": page.from_date, "to_date": page.to_date, "limit": str(page.limit), "cursor": page.next}
        response.headers["Link"] = asked.next_page(query)
    return response


def _statement_id(page: StatementPage) -> str:
    """Name a statement, on all its pages and whenever it is asked for: after account, days, and how it is cut."""
    named = f"{page.account}|{page.from_date}|{page.to_date}|{page.limit}"
    return hashlib.sha256(named.encode()).hexdigest()[:24]


def _balance(page: StatementPage, minor: int | None) -> str:
    return "" if minor is None else money.render(minor, page.currency)


def _balances(page: StatementPage, today: str) -> Iterator[BalanceTold]:
    """Tell the balances of a page: of the statement at its ends, interim ones in between; of today without a date."""
    opening = "OPBD" if page.number == 1 else "ITBD"
    closing, available = ("CLBD", "CLAV") if page.is_last and page.is_over else ("ITBD", "ITAV")
    yield BalanceTold(code=opening, amount=_balance(page, page.opening_minor), date=page.from_date or today)
    yield BalanceTold(code=closing, amount=_balance(page, page.closing_minor), date=page.to_date or today)
    if page.available_minor is not None:
        yield BalanceTold(code=available, amount=_balance(page, page.available_minor), date=page.to_date or today)


def _entry(moved: Moved) -> StatementEntry:
    shown, payment = moved.shown, moved.payment
    return StatementEntry(
        reference=shown.line,
        amount=shown.amount.removeprefix("-"),
        currency=shown.currency,
        is_credit=not shown.amount.startswith("-"),
        booked_at=shown.booked_at,
        value_date=shown.value_date,
        kind=shown.kind,
        information=f"{shown.reference} transaction {shown.transaction_id}".strip(),
        message_id=moved.message_id,
        instruction_id=moved.instruction_id,
        end_to_end_id=shown.end_to_end_id,
        uetr=shown.uetr,
        return_reason=shown.reason,
        debtor=payment.debtor if payment else None,
        debtor_account=payment.debtor_account if payment else None,
        debtor_agent=payment.debtor_agent if payment else None,
        creditor=payment.creditor if payment else None,
        creditor_account=payment.creditor_account if payment else None,
        creditor_agent=payment.creditor_agent if payment else None,
        remittance=payment.remittance if payment else "",
    )


def _number(account: str) -> CashAccount:
    """Write an account's number as what it is."""
    try:
        return CashAccount(iban=identifiers.iban(account))
    except Refusal:
        return CashAccount(other=account)
