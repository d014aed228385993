"""Invoices: issued under a contract, accepted, disputed, changed by notes."""

from collections.abc import Iterable

from chaincode import keys
from chaincode.contracts import evidence, trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.payments.documents import Kind
from settlement.trade import invoice
from settlement.trade.contract import SalesContract
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, Invoice, IssueInvoice, IssueNote


def _issue_reads(participant: str, command: IssueInvoice, secrets: dict[str, bytes]) -> Iterable[Place]:
    secret = secrets[participant]
    yield trade_records.place(SalesContract, participant, secret, command.terms.contract_id)
    yield trade_records.place(Invoice, participant, secret, invoice.invoice_id(command.terms))


def _names(_: AcceptInvoice | DisputeInvoice | IssueNote) -> tuple[str, ...]:
    return (keys.AUTHORITY,)


def _reads(
    participant: str, command: AcceptInvoice | DisputeInvoice | IssueNote, secrets: dict[str, bytes]
) -> Iterable[Place]:
    invoice_id = command.terms.invoice_id if isinstance(command, IssueNote) else command.invoice_id
    yield trade_records.place(Invoice, participant, secrets[participant], invoice_id)
    yield evidence.budget_place(secrets[keys.AUTHORITY], Kind.INVOICE, invoice_id)


@transaction(IssueInvoice, reads=_issue_reads)
async def issue_invoice(tx: LedgerTx, command: IssueInvoice) -> None:
    """Issue an invoice, and count it under its contract."""
    under = await trade_records.load(tx, SalesContract, command.terms.contract_id)
    made, counted = invoice.issued(under, command, await trade_records.actor(tx))
    await trade_records.store_new(tx, made, "terms.number")
    await trade_records.store(tx, counted)


@transaction(AcceptInvoice, names=_names, reads=_reads)
async def accept_invoice(tx: LedgerTx, command: AcceptInvoice) -> None:
    """Accept what it comes to."""
    found = await _own(tx, command.invoice_id)
    await trade_records.store(tx, invoice.accepted(found, await trade_records.actor(tx)))


@transaction(DisputeInvoice, names=_names, reads=_reads)
async def dispute_invoice(tx: LedgerTx, command: DisputeInvoice) -> None:
    """Dispute it."""
    found = await _own(tx, command.invoice_id)
    await trade_records.store(tx, invoice.disputed(found, command, await trade_records.actor(tx)))


@transaction(IssueNote, names=_names, reads=_reads)
async def issue_note(tx: LedgerTx, command: IssueNote) -> None:
    """Change what an invoice comes to, and the count of its contract."""
    found = await _own(tx, command.terms.invoice_id)
    under = await trade_records.load(tx, SalesContract, found.trade) if found else None
    changed, counted = invoice.noted(found, under, command, await trade_records.actor(tx))
    await trade_records.store(tx, changed)
    await trade_records.store(tx, counted)


async def _own(tx: LedgerTx, record_id: str) -> Invoice | None:
    """Load an invoice of the caller's as it stands with what was paid of it."""
    found = await trade_records.load_own(tx, Invoice, record_id)
    _, budget = await evidence.budget(tx, Kind.INVOICE, record_id)
    return invoice.standing(found, budget.paid_minor) if found is not None else None
