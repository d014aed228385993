"""What a record of trade brings about for the payments that wait for it, in the transaction that writes it."""

from typing import Any

from chaincode.contracts import awaited_documents, trade_records, undertakings, waiting
from chaincode.overlay import LedgerTx
from settlement.errors import Refusal
from settlement.payments.awaiting import AT_ONCE_MAX, Waiting, What
from settlement.trade.record import TradeRecord


@trade_records.after_store
async def go_on(tx: LedgerTx, record: TradeRecord[Any]) -> None:
    """Let what waits for a record go on as far as it can; the record stands in any case."""
    waits = await waiting.who_waits(tx, record.record_id)
    for each in waits[:AT_ONCE_MAX]:
        try:
            with tx.part():
                await _go_on(tx, each)
        except Refusal:  # it waits on, and nothing of it is written; either bank of a conditional payment can ask again
            continue


async def _go_on(tx: LedgerTx, each: Waiting) -> None:
    if each.what is What.CREDIT:
        await awaited_documents.complete(tx, each.payment, each.payer)
    else:
        await undertakings.settle(tx, await undertakings.load(tx, each.payer, each.payment, held_by=each.payer))
