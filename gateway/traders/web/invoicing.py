"""Invoices and notes that a seller issues on a page: what the form asks for, and the terms that it makes.

The goods and their prices are the contract's; the seller says how much of each it invoices, and the rest is reckoned.
What the rules can say of the terms beforehand they are asked before anybody signs.
"""

from typing import Final

from gateway.traders.web.signable import Act, Case, Field, Given
from settlement import money
from settlement.errors import Code, Refusal
from settlement.trade import contract, goods, invoice
from settlement.trade.contract import SalesContract
from settlement.trade.goods import Line
from settlement.trade.invoice import (
    Invoice,
    InvoiceEvent,
    InvoiceTerms,
    IssueInvoice,
    IssueNote,
    NoteKind,
    NoteTerms,
)

_CHANGES: Final = {NoteKind.CREN: InvoiceEvent.CREDITED, NoteKind.DEBN: InvoiceEvent.DEBITED}


def _to_be_invoiced(case: Case) -> bool:
    """Say whether the seller may invoice more under a contract: it stands, and its amount is not used up."""
    record: SalesContract = contract.require_own(case.record, case.by)
    seller, _ = record.parties
    contract.invoiced(record, 1, case.by)
    return seller == case.by.party


def _invoice_fields(case: Case) -> tuple[Field, ...]:
    """Ask for number, dates and quantities. The first invoice is filled in with all that was sold."""
    record: SalesContract = case.record
    terms = record.terms
    return (
        Field("number"),
        Field("issued_on", "date", value=case.by.on),
        Field("due_on", "date"),
        *(
            Field(
                "quantity",
                "decimal",
                is_needed=False,
                value="" if record.invoiced_minor else line.quantity,
                line=place,
                about=f"{line.description} · {line.unit_price} {terms.currency} / {line.unit}",
            )
            for place, line in enumerate(terms.lines, 1)
        ),
    )


def _invoice(case: Case, given: Given) -> IssueInvoice:
    record: SalesContract = case.record
    agreed = record.terms
    lines = tuple(
        _line(line, given.decimal(f"quantity_{place}"), agreed.currency, f"quantity_{place}")
        for place, line in enumerate(agreed.lines, 1)
        if given.decimal(f"quantity_{place}").strip("0.")
    )
    if not lines:
        raise Refusal(Code.CH21, "quantity_1")
    total_minor = goods.total_minor(lines, agreed.currency)
    terms = InvoiceTerms(
        number=given.text("number"),
        contract_id=record.record_id,
        seller=agreed.seller.identifier,
        buyer=agreed.buyer.identifier,
        issued_on=given.text("issued_on"),
        due_on=given.text("due_on"),
        currency=agreed.currency,
        amount=money.render(total_minor, agreed.currency),
        lines=lines,
    )
    invoice.require_terms(terms)
    contract.invoiced(record, total_minor, case.by)
    return IssueInvoice(command_id=given.command_id, terms=terms, signature="")


def _line(agreed: Line, quantity: str, currency: str, where: str) -> Line:
    """Say so much of the goods of a contract's line, at the contract's price."""
    amount_minor = goods.product_minor(quantity, agreed.unit_price, currency)
    if not amount_minor:
        raise Refusal(Code.CH16 if amount_minor is None else Code.AM01, where)
    return Line(
        hs_code=agreed.hs_code,
        description=agreed.description,
        quantity=quantity,
        unit=agreed.unit,
        unit_price=agreed.unit_price,
        amount=money.render(amount_minor, currency),
    )


def _kinds(case: Case) -> list[NoteKind]:
    """Give the kinds of note that may be issued to an invoice where it stands."""
    record: Invoice = case.record
    return [kind for kind, event in _CHANGES.items() if (record.state, event) in record.LIFECYCLE.moves]


def _to_be_noted(case: Case) -> bool:
    """Say whether the seller may change what an invoice comes to."""
    record: Invoice = case.record
    is_seller = case.by.firm in record.firms and case.by.party == record.terms.seller
    return is_seller and case.under is not None and bool(_kinds(case))


def _note_fields(case: Case) -> tuple[Field, ...]:
    return (
        Field("note_kind", "choice", tuple(kind.value for kind in _kinds(case))),
        Field("number"),
        Field("issued_on", "date", value=case.by.on),
        Field("amount", "amount", currency=case.record.terms.currency),
        Field("reason"),
    )


def _note(case: Case, given: Given) -> IssueNote:
    record: Invoice = case.record
    kind, currency = NoteKind(given.text("note_kind")), record.terms.currency
    terms = NoteTerms(
        number=given.text("number"),
        invoice_id=record.record_id,
        kind=kind,
        issued_on=given.text("issued_on"),
        currency=currency,
        amount=given.amount("amount", currency),
        reason=given.text("reason"),
    )
    invoice.require_terms(terms)
    amount_minor = money.parse_exact(terms.amount, currency)
    if kind is NoteKind.CREN and amount_minor > record.open_minor:
        raise Refusal(Code.AM09, "amount")
    if kind is NoteKind.DEBN and case.under is not None:
        contract.invoiced(case.under, amount_minor, case.by)
    return IssueNote(command_id=given.command_id, terms=terms, signature="")


ACTS: Final = (
    Act(
        "issue_invoice",
        SalesContract,
        _to_be_invoiced,
        _invoice,
        "waitan invoice issue FILE",
        _invoice_fields,
        document=lambda _, command: command.terms,
        comes_to=lambda command: money.for_people(command.terms.amount, command.terms.currency),
        leads_to=lambda command: invoice.invoice_id(command.terms),
    ),
    Act(
        "issue_note",
        Invoice,
        _to_be_noted,
        _note,
        "waitan invoice note FILE",
        _note_fields,
        document=lambda _, command: command.terms,
    ),
)
"""What a seller issues."""
