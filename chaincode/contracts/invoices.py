"""Invoices: issued under a contract, accepted, disputed, changed by notes."""

from collections.abc import Iterable

from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.trade import invoice
from settlement.trade.contract import SalesContract
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, Invoice, IssueInvoice, IssueNote


def _issue_reads(participant: str, command: IssueInvoice, secrets: dict[str, bytes]) -> Iterable[Place]:
    secret = secrets[participant]
    yield trade_records.place(SalesContract, participant, secret, command.terms.contract_id)
    yield trade_records.place(Invoice, participant, secret, invoice.invoice_id(command.terms))


def _reads(participant: str, command: AcceptInvoice | DisputeInvoice, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(Invoice, participant, secrets[participant], command.invoice_id)


def _note_reads(participant: str, command: IssueNote, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(Invoice, participant, secrets[participant], command.terms.invoice_id)


@transaction(IssueInvoice, reads=_issue_reads)
async def issue_invoice(tx: LedgerTx, command: IssueInvoice) -> None:
    """Issue an invoice, and count it under its contract."""
    under = await trade_records.load(tx, SalesContract, command.terms.contract_id)
    made, counted = invoice.issued(under, command, await trade_records.actor(tx))
    await trade_records.store_new(tx, made, "terms.number")
    await trade_records.store(tx, counted)


@transaction(AcceptInvoice, reads=_reads)
async def accept_invoice(tx: LedgerTx, command: AcceptInvoice) -> None:
    """Accept what it comes to."""
    found = await trade_records.load_own(tx, Invoice, command.invoice_id)
    await trade_records.store(tx, invoice.accepted(found, await trade_records.actor(tx)))


@transaction(DisputeInvoice, reads=_reads)
async def dispute_invoice(tx: LedgerTx, command: DisputeInvoice) -> None:
    """Dispute it."""
    found = await trade_records.load_own(tx, Invoice, command.invoice_id)
    await trade_records.store(tx, invoice.disputed(found, command, await trade_records.actor(tx)))


@transaction(IssueNote, reads=_note_reads)
async def issue_note(tx: LedgerTx, command: IssueNote) -> None:
    """Change what an invoice comes to, and the count of its contract."""
    found = await trade_records.load_own(tx, Invoice, command.terms.invoice_id)
    under = await trade_records.load(tx, SalesContract, found.trade) if found else None
    changed, counted = invoice.noted(found, under, command, await trade_records.actor(tx))
    await trade_records.store(tx, changed)
    await trade_records.store(tx, counted)
