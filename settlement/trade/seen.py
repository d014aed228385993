"""How each kind of trade record looks to a payment that names it (settlement.payments.documents)."""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from settlement.customs.declaration import Declaration, DeclarationState, Hold, are_held
from settlement.customs.declared import goods_minor
from settlement.payments.documents import Kind, NamedDocument
from settlement.trade.budgets import Budget
from settlement.trade.contract import ContractState, SalesContract
from settlement.trade.invoice import Invoice, InvoiceState, Note, standing, total_minor
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillState
from settlement.trade.record import TradeRecord

# Tuples and no sets: of two or three members, the one that is the same is found sooner than an Enum is hashed.
_BINDING: Final = (ContractState.EFFECTIVE, ContractState.AMENDING, ContractState.PERFORMED)
"""States in which what was agreed is owed; an amendment that is not agreed yet changes nothing."""
_OUTSTANDING: Final = (InvoiceState.ACCEPTED, InvoiceState.PARTLY_SETTLED)
"""States of an invoice that its buyer has accepted and not paid in full."""
_OWED: Final = (InvoiceState.ACCEPTED, InvoiceState.PARTLY_SETTLED, InvoiceState.SETTLED)
"""States of an invoice that its buyer has accepted."""
_LET_GO: Final = (DeclarationState.RELEASED, DeclarationState.CLEARED)
"""States in which customs has released the goods."""
_VOID: Final = (DeclarationState.REJECTED, DeclarationState.CANCELLED)
_DOUBTED: Final = (DeclarationState.LODGED, DeclarationState.INSPECTED_FAIL, *_VOID)
"""States in which customs has not accepted what was declared, or has found it wrong."""
_FIRM: Final = re.compile(r"[0-9A-Z]{18,20}").fullmatch
"""An LEI or USCC; a bank to whose order a bill is made out is named by its BIC."""
_NOT_ISSUED: Final = frozenset({BillState.DRAFT, BillState.APPROVED})
_ENDED: Final = frozenset({BillState.VOIDED, BillState.CONVERTED})


# Terms and signatures are most of a record, and of them a payment looks at a number or two.
class _ContractTerms(msgspec.Struct, gc=False):
    tolerance_pct: int = 0


class _InvoiceTerms(msgspec.Struct, gc=False):
    amount: str
    currency: str


class ContractSight(msgspec.Struct, tag="contract/1", gc=False):
    """What a payment looks at of a contract."""

    record_id: str
    number: str
    firms: tuple[str, ...]
    held_by: tuple[str, ...]
    state: ContractState
    terms: _ContractTerms


class InvoiceSight(msgspec.Struct, tag="invoice/1", gc=False):
    """What a payment looks at of an invoice."""

    record_id: str
    number: str
    firms: tuple[str, ...]
    held_by: tuple[str, ...]
    state: InvoiceState
    terms: _InvoiceTerms
    trade: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def total_minor(self) -> int:
        """What it comes to with its notes."""
        return total_minor(self.terms, self.notes)


class _GoodsLine(msgspec.Struct, gc=False):
    value: str


class _Declared(msgspec.Struct, gc=False):
    counterparty: str
    transport_document: str
    currency: str
    lines: tuple[_GoodsLine, ...]
    invoices: tuple[str, ...] = ()


class DeclarationSight(msgspec.Struct, tag="declaration/1", gc=False):
    """What a payment looks at of a declaration."""

    record_id: str
    number: str
    firms: tuple[str, ...]
    held_by: tuple[str, ...]
    state: DeclarationState
    declared: _Declared
    trade: str = ""
    holds: tuple[Hold, ...] = ()


def sales_contract(record: SalesContract | ContractSight) -> NamedDocument:
    """A contract is there once both have signed; payments are held against its invoices, not against it."""
    return NamedDocument(
        kind=Kind.CONTRACT,
        record_id=record.record_id,
        number=record.number,
        firms=frozenset(record.firms),
        is_there=record.state in _BINDING,
        tolerance_percent=record.terms.tolerance_pct,
    )


def invoice(record: Invoice | InvoiceSight) -> NamedDocument:
    """An invoice is there once its buyer has accepted it; as much is paid for it as it comes to with its notes."""
    value_minor = record.total_minor
    return NamedDocument(
        kind=Kind.INVOICE,
        record_id=record.record_id,
        number=record.number,
        firms=frozenset(record.firms),
        trade=record.trade,
        currency=record.terms.currency,
        value_minor=value_minor,
        limit_minor=value_minor,
        is_there=record.state in _OWED,
        is_eligible=record.state in _OUTSTANDING,
        told_to=record.held_by,
    )


def declaration(record: Declaration | DeclarationSight) -> NamedDocument:
    """A declaration is there once customs has released the goods; as much is paid for it as was declared."""
    declared = record.declared
    value_minor = 0 if record.state in _VOID else goods_minor(declared.lines, declared.currency)
    return NamedDocument(
        kind=Kind.DECLARATION,
        record_id=record.record_id,
        number=record.number,
        firms=frozenset(record.firms),
        trade=record.trade,
        currency=declared.currency,
        value_minor=value_minor,
        limit_minor=value_minor,
        is_there=record.state in _LET_GO,
        is_released=record.state in _LET_GO,
        is_eligible=record.state not in _DOUBTED and not are_held(record.holds),
        refers_to=(declared.transport_document, *declared.invoices),
        counterparty=declared.counterparty,
    )


def bill_of_lading(record: BillOfLading) -> NamedDocument:
    """A bill is there from its issue on, unless it is disputed.

    Its title is with whom control and title are; in blank, with who holds it.
    """
    stands = record.standing
    holder = holder_bank = ""
    if stands is not None and record.state not in _ENDED and not record.is_disputed:
        title = stands.title.holder if stands.title else stands.holder
        if title == stands.holder:
            holder, holder_bank = title.identifier, title.participant
    return NamedDocument(
        kind=Kind.BILL_OF_LADING,
        record_id=record.record_id,
        number=record.number,
        firms=frozenset(record.firms),
        trade=record.trade,
        is_there=record.state not in _NOT_ISSUED | _ENDED and not record.is_disputed,
        made_out_to=tuple(
            each.identifier
            for each in (record.terms.consignee, record.terms.endorsee)
            if each and _FIRM(each.identifier)
        ),
        holder=holder,
        holder_bank=holder_bank,
        is_eligible=bool(holder_bank),
    )


class Source(NamedTuple):
    """The record behind a kind of document, how it looks to a payment, and how little of it is enough for that."""

    record: type[TradeRecord[Any]]
    seen: Callable[[Any], NamedDocument]
    sight: type[ContractSight | InvoiceSight | DeclarationSight] | None = None


SOURCES: Final[dict[Kind, Source]] = {
    Kind.CONTRACT: Source(SalesContract, sales_contract, ContractSight),
    Kind.INVOICE: Source(Invoice, invoice, InvoiceSight),
    Kind.DECLARATION: Source(Declaration, declaration, DeclarationSight),
    Kind.BILL_OF_LADING: Source(BillOfLading, bill_of_lading),
}
"""The kinds of document that the ledger holds."""


def as_paid(kind: Kind, record: TradeRecord[Any], budget: Budget) -> NamedDocument:
    """Look at a record as it stands with what was paid for it: of an invoice, the record does not say."""
    return SOURCES[kind].seen(standing(record, budget.paid_minor) if isinstance(record, Invoice) else record)
