"""Records of trade, which several organisations hold: who acts, which copy is read, and where all of them are written.

A record stands with the same content in the collection of each organisation of its `held_by`, under
`<kind>/<HMAC(collection secret, record_id)>`. It is read from the caller's own collection, so that what concerns others
is not there for it (NOT_FOUND), and written to all. So whichever copy a command has read, any other that changed the
record meanwhile has written that copy too, and one of the two is tried again (MVCC).
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from chaincode import keys
from chaincode.contracts import places
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement.errors import Code, Refusal
from settlement.forms import records
from settlement.participants import Customer, Participant, ParticipantState
from settlement.parties import Kind, Role
from settlement.trade.record import Actor, TradeRecord, kind_of
from settlement.trade.seen import Source

T = TypeVar("T", bound=TradeRecord[Any])

AfterStore = Callable[[LedgerTx, TradeRecord[Any]], Awaitable[None]]
_AFTER_STORE: Final[list[AfterStore]] = []


def after_store(function: AfterStore) -> AfterStore:
    """Register what is to follow, in the same transaction, whenever a record has been written."""
    _AFTER_STORE.append(function)
    return function


def place(kind: type[TradeRecord[Any]], collection: str, secret: bytes, record_id: str) -> Place:
    """Say where an organisation's copy of a record stands."""
    return keys.hidden_and_kept(collection, secret, kind_of(kind), record_id)


async def actor(tx: LedgerTx) -> Actor:
    """Say who acts. A trader acts only for a firm that its bank has registered as a customer (AG08)."""
    caller = tx.caller
    ledger = await tx.get(keys.LEDGER, records.Ledger)
    assert ledger is not None
    if caller.role is Role.TRADER:
        registered = await places.hidden(tx, caller.participant, "customer", caller.party)
        if not caller.party or await tx.get(registered, Customer) is None:
            raise Refusal(Code.AG08, "party")
    return Actor(
        participant=caller.participant,
        role=caller.role,
        signer=caller.signer,
        party=caller.party,
        certificate=caller.certificate,
        network=ledger.network,
        tx_id=tx.tx_id,
        at_ms=tx.timestamp_ms,
    )


async def load(tx: LedgerTx, kind: type[T], record_id: str, *, held_by: str = "") -> T | None:
    """Give a record as the caller's organisation holds it; None where it does not, or no longer does.

    An authority that acts on what others hold names one of them: `held_by`.
    """
    holder = held_by or tx.caller.participant
    found = await tx.get(place(kind, holder, await tx.secret(holder), record_id), kind)
    return found if found is not None and holder in found.held_by else None


async def glimpse(tx: LedgerTx, source: Source, record_id: str, *, held_by: str) -> Any:
    """Give what a payment looks at of a record, as `load` gives the record."""
    where = place(source.record, held_by, await tx.secret(held_by), record_id)
    if source.sight is None:
        found: Any = await tx.get(where, source.record)
    else:
        found = await tx.glimpse(where, source.record, source.sight)
    return found if found is not None and held_by in found.held_by else None


async def load_own(tx: LedgerTx, kind: type[T], record_id: str, *, held_by: str = "") -> T | None:
    """Give a record that concerns the caller: None to a trader or carrier whose firm it does not name.

    Before anything else is read: what is another's takes the same reads as what is not there, and blocks show reads.
    """
    by = await actor(tx)
    found = await load(tx, kind, record_id, held_by=held_by)
    return found if found is not None and found.concerns(by) else None


async def store(tx: LedgerTx, record: TradeRecord[Any]) -> None:
    """Write a record to everyone who holds it, and do what follows from it.

    The last thing that a command does, or what it does besides has been put before: what follows moves accounts.
    """
    await write(tx, record)
    for follow in _AFTER_STORE:
        await follow(tx, record)


async def write(tx: LedgerTx, record: TradeRecord[Any]) -> None:
    """Write a record for which nobody can be waiting."""
    for holder in record.held_by:
        tx.put(place(type(record), holder, await tx.secret(holder), record.record_id), record)


async def store_new(tx: LedgerTx, record: TradeRecord[Any], where: str) -> None:
    """Write a record for the first time; ALREADY_EXISTS where one of its holders has one of its name."""
    for holder in record.held_by:
        if await tx.get(place(type(record), holder, await tx.secret(holder), record.record_id), type(record)):
            raise Refusal(Code.ALREADY_EXISTS, where)
    await store(tx, record)


async def require_organisations(tx: LedgerTx, names: Iterable[str], where: str) -> None:
    """Require that each of some participants is on the ledger; NOT_FOUND otherwise."""
    for name in names:
        if await tx.get(keys.participant(name), Participant) is None:
            raise Refusal(Code.NOT_FOUND, where)


async def require_banks(tx: LedgerTx, names: Iterable[str], where: str) -> None:
    """Require that each of some participants is a bank on the ledger that has not left it; NOT_FOUND otherwise."""
    for name in names:
        found = await tx.get(keys.participant(name), Participant)
        if found is None or found.organisation.kind is not Kind.BANK or found.state is ParticipantState.EXITED:
            raise Refusal(Code.NOT_FOUND, where)
