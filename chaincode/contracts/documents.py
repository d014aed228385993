"""Documents and certificates: issued, shown, given on, compared, revoked."""

from collections.abc import Iterable

from chaincode.contracts import trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.trade import document
from settlement.trade.contract import SalesContract
from settlement.trade.document import (
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TradeDocument,
    TransferDocument,
    VerifyDocument,
)

_OfOne = PresentDocument | TransferDocument | VerifyDocument | RevokeDocument


def _issue_names(command: IssueDocument) -> tuple[str, ...]:
    return (command.terms.holder.participant,)


def _transfer_names(command: TransferDocument) -> tuple[str, ...]:
    return (command.holder.participant,)


def _present_names(command: PresentDocument) -> tuple[str, ...]:
    return (command.to,) if command.to else ()


def _reads(participant: str, command: _OfOne, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(TradeDocument, participant, secrets[participant], command.document_id)


@transaction(IssueDocument, names=_issue_names)
async def issue_document(tx: LedgerTx, command: IssueDocument) -> None:
    """Issue it to its first holder."""
    made = document.issued(command, await trade_records.actor(tx))
    await trade_records.require_organisations(tx, made.held_by, "terms.holder.participant")
    await trade_records.store_new(tx, made, "terms.number")


@transaction(PresentDocument, names=_present_names, reads=_reads)
async def present_document(tx: LedgerTx, command: PresentDocument) -> None:
    """Show it."""
    found = await trade_records.load(tx, TradeDocument, command.document_id)
    under = await trade_records.load(tx, SalesContract, command.contract_id) if command.contract_id else None
    shown = document.presented(found, under, command, await trade_records.actor(tx))
    await trade_records.require_organisations(tx, shown.held_by, "to")
    await trade_records.store(tx, shown)


@transaction(TransferDocument, names=_transfer_names, reads=_reads)
async def transfer_document(tx: LedgerTx, command: TransferDocument) -> None:
    """Give on the one original."""
    found = await trade_records.load(tx, TradeDocument, command.document_id)
    given = document.transferred(found, command, await trade_records.actor(tx))
    await trade_records.require_organisations(tx, given.held_by, "holder.participant")
    await trade_records.store(tx, given)


@transaction(VerifyDocument, reads=_reads)
async def verify_document(tx: LedgerTx, command: VerifyDocument) -> None:
    """Record that the body was compared."""
    found = await trade_records.load(tx, TradeDocument, command.document_id)
    await trade_records.store(tx, document.verified(found, command, await trade_records.actor(tx)))


@transaction(RevokeDocument, reads=_reads)
async def revoke_document(tx: LedgerTx, command: RevokeDocument) -> None:
    """Revoke it."""
    found = await trade_records.load(tx, TradeDocument, command.document_id)
    await trade_records.store(tx, document.revoked(found, command, await trade_records.actor(tx)))
