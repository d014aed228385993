"""What a transaction function works on: reads that see the writes before them, and a savepoint for each command.

Fabric does not read its own writes; the overlay does. Writes of a command are kept apart until it has succeeded, so
that a refused one leaves nothing; all of them go to the host once, in key order, when the transaction ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import msgspec

from chaincode import keys
from chaincode.port import Caller, Place, Stub
from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.forms import records
from settlement.forms.journals import LEDGER, Entry, Event, Journal, ListProof
from settlement.participants import Participant
from settlement.records import Command, Record
from settlement.trade.invoice import InvoicePayment

R = TypeVar("R", bound=Record)
V = TypeVar("V")


class LedgerTx:
    """One transaction, as the contracts see it. `caller` and `raw` are those of the command that runs.

    `is_in_order`: whether the content of that command was found in order as it was read.
    """

    def __init__(self, stub: Stub) -> None:
        self._stub: Final = stub
        self.tx_id: Final = stub.tx_id
        self.timestamp_ms: Final = stub.timestamp_ms
        self.caller: Caller
        self.raw: bytes = b""
        self.is_in_order = False
        self.list_index = -1
        self.position = -1
        self.uetrs: Final[set[tuple[str, str]]] = set()
        """The (payer, UETR) pairs that payments of this transaction have used, for the check within a batch."""
        self._uetr: tuple[str, str] | None = None
        self._current: Final[dict[Place, Record | None]] = {}
        """What was read, overlaid with what the commands so far have written."""
        self._unread: Final[dict[Place, bytes]] = {}
        """What was fetched and not asked for yet: much of it never is."""
        self._glimpses: Final[dict[tuple[Place, type], object]] = {}
        self._written: Final[set[Place]] = set()
        self._missing: Final[set[Place]] = set()
        self._pending: dict[Place, Record | None] = {}
        self._secrets: Final[dict[str, bytes]] = {}
        self._entries: Final[dict[str, list[Entry]]] = defaultdict(list)
        self._emitted: list[tuple[str, Entry]] = []
        self._proofs: Final[dict[str, list[ListProof]]] = defaultdict(list)

    async def fetch(self, places: Iterable[Place]) -> None:
        """Read many places at once; `get` then finds them here."""
        wanted = [
            place
            for place in dict.fromkeys(places)
            if place not in self._current and place not in self._unread and place not in self._missing
        ]
        if not wanted:
            return
        values = await self._stub.fetch(wanted)
        for place in wanted:
            value = values.get(place)
            if value is not None:
                self._unread[place] = value
            elif place in values:
                self._missing.add(place)
            else:
                self._current[place] = None

    async def get(self, place: Place, kind: type[R]) -> R | None:
        """Give the record at a place as it stands now in this transaction, or None.

        DATA_MISSING where there is one that this host does not hold: that is never told as "not there".
        """
        if place in self._pending:
            record = self._pending[place]
        else:
            if place not in self._current:
                await self._read(place)
            record = self._current[place]
        assert record is None or isinstance(record, kind)
        return record

    async def glimpse(self, place: Place, kind: type[R], sight: type[V]) -> R | V | None:
        """Give what a smaller type names of a private record, as `get` gives the record.

        It is read from the bytes once in a transaction; the record itself is given where that is at hand.
        """
        if place in self._pending or place in self._current:
            return await self.get(place, kind)
        found = self._glimpses.get((place, sight))
        if found is None:
            value = self._unread.get(place)
            if value is None:
                await self._require(place)
                value = self._unread.get(place)
                if value is None:
                    return await self.get(place, kind)
            found = self._glimpses[place, sight] = records.glimpse(value, sight)
        assert isinstance(found, sight)
        return found

    async def _require(self, place: Place) -> None:
        """Have a place fetched; DATA_MISSING as `get`."""
        if place in self._unread:
            return
        await self.fetch([place])
        if place in self._missing:
            raise Refusal(Code.DATA_MISSING)

    async def _read(self, place: Place) -> None:
        await self._require(place)
        if place not in self._current:
            self._current[place] = records.decode(self._unread.pop(place), private=bool(place.collection))

    def put(self, place: Place, record: Record) -> None:
        """Write a record; a record written twice in one transaction is written once, as it last was."""
        self._pending[place] = record

    def use_uetr(self, payer: str, uetr: str) -> None:
        """Let the command that runs use a UETR, if it takes effect."""
        self._uetr = payer, uetr

    def emit(
        self, participant: str, event: Event, *, code: str = "", invoices: tuple[InvoicePayment, ...] = ()
    ) -> None:
        """Tell a participant, in its journal of this transaction, what became of the command that runs."""
        own = participant == self.caller.participant
        entry = Entry(
            event=event,
            by=self.caller.participant,
            command=msgspec.Raw(self.raw),
            code=code,
            list_index=self.list_index if own else -1,
            position=self.position if own else -1,
            invoices=invoices,
        )
        self._emitted.append((participant, entry))

    def tell(
        self, participant: str, event: Event, statement: Command, *, invoices: tuple[InvoicePayment, ...] = ()
    ) -> None:
        """Tell a participant, in its journal of this transaction, what follows on the ledger from the command.

        Nobody has asked for that as such, so no list proves it.
        """
        command = msgspec.Raw(canonical.encode(statement))
        self._emitted.append((participant, Entry(event=event, by=LEDGER, command=command, invoices=invoices)))

    async def secret(self, collection: str) -> bytes:
        """Give the secret of a collection; NOT_FOUND where there is no such collection.

        Whose name is no participant's has none, and a peer is not asked for it: it answers that with an error, which
        would end the transaction with every list in it.
        """
        known = self._secrets.get(collection)
        if known is not None:
            return known
        if collection != keys.AUTHORITY and await self.get(keys.participant(collection), Participant) is None:
            raise Refusal(Code.NOT_FOUND, "participant")
        place = keys.secret(collection)
        record = await self.get(place, records.Secret)
        if record is None:
            raise Refusal(Code.NOT_FOUND, "participant")
        secret = bytes.fromhex(record.value)
        if place not in self._pending:  # one that this command brings may yet be dropped with it
            self._secrets[collection] = secret
        return secret

    @contextmanager
    def part(self) -> Iterator[None]:
        """Mark a part of a command that may be refused by itself: then nothing of it is left, and the rest stands."""
        pending, emitted = dict(self._pending), list(self._emitted)
        try:
            yield
        except Refusal:
            self._pending, self._emitted = pending, emitted
            raise

    def keep(self) -> bool:
        """End a command that took effect; say whether the journal of its own organisation tells of it."""
        self._current.update(self._pending)
        self._written.update(self._pending)
        if self._uetr is not None:
            self.uetrs.add(self._uetr)
        told = False
        for participant, entry in self._emitted:  # what the ledger tells by itself is no word on the command
            self._entries[participant].append(entry)
            told = told or entry.by == participant == self.caller.participant
        self._forget()
        return told

    def drop(self) -> None:
        """End a command that was refused."""
        self._forget()

    def next_list_index(self, participant: str) -> int:
        """Give the index that the proof of a participant's next list will have in its journal."""
        return len(self._proofs[participant]) if participant in self._proofs else 0

    def prove(self, participant: str, proof: ListProof) -> None:
        """Keep the proof of a list in its participant's journal."""
        self._proofs[participant].append(proof)

    async def flush(self) -> None:
        """Hand all writes to the host, in key order."""
        for participant in self._entries.keys() | self._proofs.keys():
            place = keys.journal(participant, self.tx_id)
            self._written.add(place)
            self._current[place] = Journal(
                at_ms=self.timestamp_ms,
                entries=tuple(self._entries[participant]),
                lists=tuple(self._proofs[participant]),
            )
        collections = {place.collection for place in self._written if place.collection}
        secrets = {name: await self.secret(name) for name in sorted(collections)}
        await self._stub.write(
            {place: self._encoded(place, self._current[place], secrets) for place in sorted(self._written)},
        )

    def _encoded(self, place: Place, record: Record | None, secrets: dict[str, bytes]) -> bytes | None:
        if record is None:
            return None
        salt = keys.salt(secrets[place.collection], self.tx_id, place.key) if place.collection else b""
        return records.encode(record, salt)

    def _forget(self) -> None:
        self._pending = {}
        self._emitted = []
        self._uetr = None
