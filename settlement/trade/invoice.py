"""An invoice under a contract: issued and signed by the seller, accepted or disputed by the buyer, settled by payments.

Credit and debit notes change what it comes to; after a debit note an accepted invoice has to be accepted anew, and once
something of it was paid there are none any more: what is still to be asked for is another invoice. All invoices of a
contract with their notes stay within its amount and tolerance: the contract counts them
(settlement.trade.contract.invoiced). What payments have settled, never more than it comes to, is counted in the
authorities' budget of the invoice (settlement.trade.budgets), and told with each payment; `standing` brings the two
together. So a payment writes no invoice anew. (REQUIREMENTS section 2, Invoice; I4; ISO 20022 DocumentType6Code CINV,
CREN, DEBN; ADR 0027)
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, Final, Protocol

from msgspec.structs import replace

from settlement import money
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.payments import checks, parts
from settlement.payments.parts import Fault
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text
from settlement.trade import contract, goods, signing
from settlement.trade.contract import SalesContract
from settlement.trade.goods import Line
from settlement.trade.record import Actor, TradeRecord, record_id
from settlement.trade.signing import SignableTerms, Signature


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    ISSUED = "ISSUED"
    ACCEPTED = "ACCEPTED"
    DISPUTED = "DISPUTED"
    PARTLY_SETTLED = "PARTLY_SETTLED"
    SETTLED = "SETTLED"


class InvoiceEvent(StrEnum):
    """What happens to an invoice. PAID and CREDITED_IN_FULL leave nothing open; REFUNDED opens something again."""

    ACCEPTED = "ACCEPTED"
    DISPUTED = "DISPUTED"
    CREDITED = "CREDITED"
    CREDITED_IN_FULL = "CREDITED_IN_FULL"
    DEBITED = "DEBITED"
    PAID_IN_PART = "PAID_IN_PART"
    PAID = "PAID"
    REFUNDED = "REFUNDED"


ISSUED: Final = "ISSUED"
"""The act with which an invoice begins."""


class NoteKind(StrEnum):
    """Which way a note changes an invoice (ISO 20022 DocumentType6Code)."""

    CREN = "CREN"
    DEBN = "DEBN"


class InvoiceTerms(SignableTerms, tag="commercial-invoice/1"):
    """A commercial invoice. `seller` and `buyer` are the LEI or USCC of the contract's parties."""

    number: str
    contract_id: str
    seller: str
    buyer: str
    issued_on: str
    due_on: str
    currency: str
    amount: str
    lines: tuple[Line, ...]


class NoteTerms(SignableTerms, tag="invoice-note/1"):
    """A credit or debit note to one invoice."""

    number: str
    invoice_id: str
    kind: NoteKind
    issued_on: str
    currency: str
    amount: str
    reason: str


class Amount(Protocol):
    """What has an amount (a decimal string) in a currency."""

    @property
    def amount(self) -> str:
        """The amount."""

    @property
    def currency(self) -> str:
        """Its currency."""


class Note(Record):
    """A note with its signature."""

    terms: NoteTerms
    signature: Signature


class InvoicePayment(Record, array_like=True):
    """What a payment is to an invoice: PAID, PAID_IN_PART or REFUNDED, and how much, in its minor units, above zero."""

    invoice_id: str
    event: InvoiceEvent
    amount_minor: int


class Invoice(TradeRecord[InvoiceState], tag="invoice/1"):
    """An invoice and its notes. `settled_minor` is what payments had settled when somebody last acted on it."""

    LIFECYCLE: ClassVar[Lifecycle[InvoiceState, InvoiceEvent]] = Lifecycle(
        "invoice",
        initial=InvoiceState.ISSUED,
        moves={
            (InvoiceState.ISSUED, InvoiceEvent.ACCEPTED): InvoiceState.ACCEPTED,
            (InvoiceState.ISSUED, InvoiceEvent.DISPUTED): InvoiceState.DISPUTED,
            (InvoiceState.ISSUED, InvoiceEvent.CREDITED): InvoiceState.ISSUED,
            (InvoiceState.ISSUED, InvoiceEvent.CREDITED_IN_FULL): InvoiceState.SETTLED,
            (InvoiceState.ISSUED, InvoiceEvent.DEBITED): InvoiceState.ISSUED,
            (InvoiceState.DISPUTED, InvoiceEvent.ACCEPTED): InvoiceState.ACCEPTED,
            (InvoiceState.DISPUTED, InvoiceEvent.CREDITED): InvoiceState.DISPUTED,
            (InvoiceState.DISPUTED, InvoiceEvent.CREDITED_IN_FULL): InvoiceState.SETTLED,
            (InvoiceState.DISPUTED, InvoiceEvent.DEBITED): InvoiceState.DISPUTED,
            (InvoiceState.ACCEPTED, InvoiceEvent.CREDITED): InvoiceState.ACCEPTED,
            (InvoiceState.ACCEPTED, InvoiceEvent.CREDITED_IN_FULL): InvoiceState.SETTLED,
            (InvoiceState.ACCEPTED, InvoiceEvent.DEBITED): InvoiceState.ISSUED,
            (InvoiceState.ACCEPTED, InvoiceEvent.PAID_IN_PART): InvoiceState.PARTLY_SETTLED,
            (InvoiceState.ACCEPTED, InvoiceEvent.PAID): InvoiceState.SETTLED,
            (InvoiceState.PARTLY_SETTLED, InvoiceEvent.CREDITED): InvoiceState.PARTLY_SETTLED,
            (InvoiceState.PARTLY_SETTLED, InvoiceEvent.CREDITED_IN_FULL): InvoiceState.SETTLED,
            (InvoiceState.PARTLY_SETTLED, InvoiceEvent.PAID_IN_PART): InvoiceState.PARTLY_SETTLED,
            (InvoiceState.PARTLY_SETTLED, InvoiceEvent.PAID): InvoiceState.SETTLED,
            (InvoiceState.PARTLY_SETTLED, InvoiceEvent.REFUNDED): InvoiceState.PARTLY_SETTLED,
            (InvoiceState.SETTLED, InvoiceEvent.REFUNDED): InvoiceState.PARTLY_SETTLED,
        },
    )

    terms: InvoiceTerms
    signature: Signature
    notes: tuple[Note, ...] = ()
    settled_minor: int = 0

    @property
    def total_minor(self) -> int:
        """What it comes to with its notes."""
        return total_minor(self.terms, self.notes)

    @property
    def open_minor(self) -> int:
        """What is left to pay."""
        return self.total_minor - self.settled_minor


class IssueInvoice(IdentifiedCommand):
    """The seller issues an invoice; `signature` is a detached JWS over its terms (settlement.trade.signing)."""

    terms: InvoiceTerms
    signature: str


class AcceptInvoice(IdentifiedCommand):
    """The buyer accepts what an invoice comes to now."""

    invoice_id: str


class DisputeInvoice(IdentifiedCommand):
    """The buyer disputes an invoice that it has not accepted."""

    invoice_id: str
    reason: str


class IssueNote(IdentifiedCommand):
    """The seller issues a credit or debit note, which takes effect at once; `signature` as for an invoice."""

    terms: NoteTerms
    signature: str


NOTES_MAX: Final = 50
"""Notes to one invoice."""


def invoice_id(terms: InvoiceTerms) -> str:
    """Name an invoice: a number is used once under a contract."""
    return record_id(Invoice, terms.contract_id, terms.number)


def require_terms(terms: InvoiceTerms | NoteTerms) -> None:
    """Refuse terms of an invoice or a note that are not in order by themselves."""
    faults = _note_faults(terms) if isinstance(terms, NoteTerms) else _invoice_faults(terms)
    checks.require_none(parts.under("terms", faults))


def issued(under: SalesContract | None, command: IssueInvoice, by: Actor) -> tuple[Invoice, SalesContract]:
    """Issue an invoice, and count it under its contract: by the contract's seller, to its buyer, in its currency."""
    terms = command.terms
    require_terms(terms)
    found = contract.require_own(under, by, "terms.contract_id")
    _require_parties(terms, found, by)
    invoice = Invoice(
        record_id=invoice_id(terms),
        number=terms.number,
        firms=found.firms,
        held_by=found.held_by,
        trade=found.record_id,
        state=InvoiceState.ISSUED,
        tx_id=by.tx_id,
        acts=(by.act(ISSUED),),
        terms=terms,
        signature=signing.signature_of(terms, command.signature, by),
    )
    return invoice, contract.invoiced(found, _minor(terms), by)


def accepted(invoice: Invoice | None, by: Actor) -> Invoice:
    """Accept it, as the buyer."""
    return _require_side(invoice, by, "buyer").after(InvoiceEvent.ACCEPTED, by)


def disputed(invoice: Invoice | None, command: DisputeInvoice, by: Actor) -> Invoice:
    """Dispute it, as the buyer."""
    require_text(command.reason, "reason")
    return _require_side(invoice, by, "buyer").after(InvoiceEvent.DISPUTED, by, reason=command.reason)


def noted(
    invoice: Invoice | None, under: SalesContract | None, command: IssueNote, by: Actor
) -> tuple[Invoice, SalesContract]:
    """Change what an invoice comes to, as its seller, and the count of its contract; AM09 below what is settled."""
    terms = command.terms
    require_terms(terms)
    invoice = _require_side(invoice, by, "seller", "terms.invoice_id")
    assert under is not None
    if terms.currency != invoice.terms.currency:
        raise Refusal(Code.CH16, "terms.currency")
    if any(each.terms.number == terms.number for each in invoice.notes):
        raise Refusal(Code.ALREADY_EXISTS, "terms.number")
    note = Note(terms=terms, signature=signing.signature_of(terms, command.signature, by))
    changed = replace(invoice, notes=(*invoice.notes, note))
    after = changed.after(_event_of(changed, terms.kind), by, reason=f"{terms.number}: {terms.reason}")
    if after.open_minor < 0:
        raise Refusal(Code.AM09, "terms.amount")
    if len(after.notes) > NOTES_MAX:
        raise Refusal(Code.CH17, "terms")
    return after, contract.invoiced(under, _change_minor(terms), by)


def total_minor(terms: Amount, notes: tuple[Note, ...]) -> int:
    """Add up what an invoice comes to with its notes."""
    return _minor(terms) + sum(_change_minor(note.terms) for note in notes)


def standing(invoice: Invoice, paid_minor: int) -> Invoice:
    """Give an invoice as it stands when so much of it has been paid in all, less what was sent back."""
    if paid_minor == invoice.settled_minor:
        return invoice
    event = _payment_event(invoice.settled_minor, paid_minor, invoice.total_minor)
    return replace(invoice, state=invoice.LIFECYCLE.after(invoice.state, event), settled_minor=paid_minor)


def payment_of(invoice_id: str, before_minor: int, after_minor: int, total_minor: int) -> InvoicePayment | None:
    """Say what it is to an invoice that another sum of it has been paid than before; None for the same."""
    if after_minor == before_minor:
        return None
    event = _payment_event(before_minor, after_minor, total_minor)
    return InvoicePayment(invoice_id=invoice_id, event=event, amount_minor=abs(after_minor - before_minor))


def _payment_event(before_minor: int, after_minor: int, total_minor: int) -> InvoiceEvent:
    if after_minor < before_minor:
        return InvoiceEvent.REFUNDED
    return InvoiceEvent.PAID if after_minor == total_minor else InvoiceEvent.PAID_IN_PART


def _event_of(changed: Invoice, kind: NoteKind) -> InvoiceEvent:
    if kind is NoteKind.DEBN:
        return InvoiceEvent.DEBITED
    return InvoiceEvent.CREDITED if changed.open_minor else InvoiceEvent.CREDITED_IN_FULL


def _require_side(invoice: Invoice | None, by: Actor, side: str, where: str = "invoice_id") -> Invoice:
    """Give an invoice to a party of its contract; NOT_FOUND to strangers, AG08 to the party on the other side."""
    if invoice is None or by.firm not in invoice.firms:
        raise Refusal(Code.NOT_FOUND, where)
    if by.party != getattr(invoice.terms, side):
        raise Refusal(Code.AG08, side)
    return invoice


def _require_parties(terms: InvoiceTerms, under: SalesContract, by: Actor) -> None:
    seller, buyer = under.parties
    if by.party != seller:
        raise Refusal(Code.AG08, "seller")
    for name, agreed in (("seller", seller), ("buyer", buyer), ("currency", under.terms.currency)):
        if getattr(terms, name) != agreed:
            raise Refusal(Code.CH16, f"terms.{name}")


def _minor(terms: Amount) -> int:
    return money.parse_exact(terms.amount, terms.currency)


def _change_minor(terms: NoteTerms) -> int:
    return _minor(terms) if terms.kind is NoteKind.DEBN else -_minor(terms)


def _invoice_faults(terms: InvoiceTerms) -> Iterator[Fault]:
    yield from _common(terms)
    if not parts.is_day(terms.due_on):
        yield Fault(Code.CH16 if terms.due_on else Code.CH21, "due_on", "form")
    elif terms.due_on < terms.issued_on:
        yield Fault(Code.CH16, "due_on", "order of dates")
    yield from goods.sum_faults(terms.lines, terms.amount, terms.currency)


def _note_faults(terms: NoteTerms) -> Iterator[Fault]:
    yield from _common(terms)
    yield from parts.amount_faults(terms.amount, terms.currency, "")
    if not parts.text(100)(terms.reason):  # with the note's number, it is the reason of an act
        yield Fault(Code.CH16 if terms.reason else Code.CH21, "reason", "form")


def _common(terms: InvoiceTerms | NoteTerms) -> Iterator[Fault]:
    if not parts.identification(35)(terms.number):
        yield Fault(Code.CH16 if terms.number else Code.CH21, "number", "form")
    if not parts.is_day(terms.issued_on):
        yield Fault(Code.CH16 if terms.issued_on else Code.CH21, "issued_on", "form")
