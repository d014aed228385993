"""Who waits for which document: the lists that the authorities keep."""

from collections.abc import Iterable

from chaincode import keys
from chaincode.contracts import places
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement.payments.awaiting import Awaited, Waiting, joined, left


async def wait(tx: LedgerTx, record_ids: Iterable[str], waiting: Waiting) -> None:
    """Let something wait for some documents."""
    for record_id in record_ids:
        place, awaited = await _load(tx, record_id)
        tx.put(place, joined(awaited, waiting))


async def wait_no_more(tx: LedgerTx, record_ids: Iterable[str], waiting: Waiting) -> None:
    """Let it wait no more."""
    for record_id in record_ids:
        place, awaited = await _load(tx, record_id)
        tx.put(place, left(awaited, waiting))


async def who_waits(tx: LedgerTx, record_id: str) -> tuple[Waiting, ...]:
    """Say who waits for a document, in the order in which they came."""
    _, awaited = await _load(tx, record_id)
    return awaited.waiting


async def _load(tx: LedgerTx, record_id: str) -> tuple[Place, Awaited]:
    place = await places.hidden(tx, keys.AUTHORITY, "awaited", record_id)
    return place, await tx.get(place, Awaited) or Awaited()
