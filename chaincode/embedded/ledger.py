"""The one-machine ledger: simulate, order, validate, commit, as Fabric does, in one process.

`endorse` runs the contract against the committed state; `commit` puts endorsed transactions into a block, checks
that what each one read is still so (MVCC), and makes the block durable. Both are synchronous and may run in different
threads; `commit` and `purge` in one thread at a time.

After a fault the ledger never goes on with a state that it only half knows. A full disk is known: nothing was
written, and the next commit is tried. Any other fault, damage found while reading included, stops the ledger:
everything raises `LedgerStoppedError` until the directory is opened again, which decides from what is on the disk.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import local
from typing import Final, NamedTuple

import apsw

from chaincode.embedded import blocks, faults
from chaincode.embedded.blocks import (
    GENESIS_HASH,
    Block,
    FeedBlock,
    PrivateWrite,
    Proposal,
    Read,
    Transaction,
    Validity,
    Version,
    Write,
)
from chaincode.embedded.faults import LedgerCorruptError, LedgerFullError, LedgerStoppedError, LedgerUnusableError
from chaincode.embedded.hot import Hot
from chaincode.embedded.reader import Reader
from chaincode.embedded.simulation import Contract, Simulation, run
from chaincode.embedded.store import Store, Written
from chaincode.port import Place
from settlement.forms.journals import require_known_compression

Clock = Callable[[], int]
Sign = Callable[[bytes], bytes]

MAX_SKEW_MS: Final = 300_000
"""How far a transaction's time may be off the endorser's clock (REQUIREMENTS M7)."""
RECENT_BLOCKS: Final = 8
"""Blocks kept in memory for the feeds, which nearly always ask for the newest."""


class EndorsementRefusedError(Exception):
    """The endorser will not run a proposal: another network's, or a time too far off its own clock."""


class Endorsed(NamedTuple):
    """A simulated transaction: what the block will show, and the private values that go beside it.

    `height` is the number of blocks when it was simulated, or fewer.
    """

    proposal: Proposal
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]
    response: bytes
    values: Mapping[Place, bytes | None]
    versions: Mapping[Place, Version | None]
    height: int


class Signed(NamedTuple):
    """An endorsed transaction with its creator's signature."""

    endorsed: Endorsed
    signature: bytes


class Committed(NamedTuple):
    """Where a transaction stands and whether it took effect."""

    tx_id: str
    block: int
    validity: Validity


class _Recent(NamedTuple):
    body: bytes
    block: Block
    private: tuple[PrivateWrite, ...]
    written: Sequence[Written]


class EmbeddedLedger:
    """A ledger in a directory, for one network. `clock` gives the endorser's time in milliseconds."""

    def __init__(self, directory: Path, *, network: str, contract: Contract, clock: Clock) -> None:
        require_known_compression()
        self.network: Final = network
        self._contract: Final = contract
        self._clock: Final = clock
        self._store: Final = Store(directory, network)
        self._readers: Final = local()
        self._kept: Final = local()
        self._recent: Final[OrderedDict[int, _Recent]] = OrderedDict()
        self._epoch = 0
        """How often values were purged: what was kept in memory before then is not to be used."""
        self._fault: LedgerUnusableError | None = None
        try:
            with self._serving():
                self.height, self._last_hash = self._last_block()
        except BaseException:
            self._store.close()
            raise

    def close(self) -> None:
        """Let the directory go."""
        self._store.close()

    @property
    def has_stopped(self) -> bool:
        """Whether a fault has stopped it: nothing is served until it is opened again."""
        return self._fault is not None

    def require_serving(self) -> None:
        """Raise `LedgerStoppedError` where a fault has stopped it."""
        if self._fault is not None:
            raise LedgerStoppedError(f"the ledger has stopped; start again once this is mended: {self._fault}")

    @property
    def reader(self) -> Reader:
        """This thread's connection for reading."""
        if not hasattr(self._readers, "value"):
            self._readers.value = self._store.reader()
        reader: Reader = self._readers.value
        return reader

    def endorse(self, proposal: Proposal, transient: Mapping[str, bytes]) -> Endorsed:
        """Run the contract; nothing is written yet. Raises `EndorsementRefusedError`, `LedgerUnusableError`."""
        if proposal.network != self.network:
            raise EndorsementRefusedError(f"the proposal is for network {proposal.network!r}")
        if abs(proposal.timestamp_ms - self._clock()) > MAX_SKEW_MS:
            raise EndorsementRefusedError("the proposal's time is more than 300 s off this machine's clock")
        height = self.height  # before the snapshot below, so that it may say too little, never too much
        with self._serving(), self.reader.connection:
            simulation = Simulation(proposal, transient, self.reader, self._hot())
            response = run(self._contract(simulation))
        return Endorsed(
            proposal,
            simulation.read_set(),
            simulation.write_set(),
            response,
            simulation.written,
            simulation.versions,
            height,
        )

    def commit(self, transactions: Sequence[Signed]) -> list[Committed]:
        """Make one block of some transactions, durable when this returns.

        Raises `LedgerFullError` and `LedgerStoppedError`: nothing was written; any other `LedgerUnusableError`: what
        became of the block shows when the ledger is opened again.
        """
        number = self.height
        with self._serving():
            valid = self._validated(number, transactions)
            block = Block(number, self._last_hash, valid)
            body = blocks.encode(block)
            digest = blocks.block_hash(body)
            kept = [
                (position, place, value)
                for position, (signed, transaction) in enumerate(zip(transactions, valid, strict=True))
                if transaction.validity is Validity.VALID
                for place, value in signed.endorsed.values.items()
            ]
            tx_ids = [(each.proposal.tx_id, position) for position, each in enumerate(valid)]
            self._store.append(number, digest, body, tx_ids, kept)
        private = tuple(PrivateWrite(at, *place, value) for at, place, value in kept if place.collection)
        self._remember(number, _Recent(body, block, private, kept))
        self.height, self._last_hash = number + 1, digest
        return [Committed(tx_id, number, each.validity) for (tx_id, _), each in zip(tx_ids, valid, strict=True)]

    def purge(self, place: Place) -> int:
        """Remove all values that a private place has had, for good; give how many. Their hashes stay on the blocks.

        A command that needs the value is refused DATA_MISSING from then on.
        """
        assert place.collection, "what is public stands on the blocks"
        with self._serving():
            purged = self._store.purge(place)
        self._recent.clear()
        self._epoch += 1
        return purged

    def status(self, tx_id: str) -> Committed | None:
        """Say what became of a transaction; None where it is on no block."""
        with self._serving():
            version = self.reader.transaction(tx_id)
            if version is None:
                return None
            transaction = self._found(version.block).block.transactions[version.position]
        return Committed(tx_id, version.block, transaction.validity)

    def history(self, place: Place) -> list[tuple[Version, bytes | None]]:
        """Give all values that a place has had, oldest first; None where it was deleted, or the value is purged."""
        with self._serving():
            return list(self.reader.history(place))

    def is_recent(self, number: int) -> bool:
        """Say whether a block can be given without reading the file."""
        return number in self._recent

    def feed(
        self,
        number: int,
        member_of: Callable[[str], bool],
        lacks: Callable[[int, str], bool] = lambda _number, _collection: False,
    ) -> FeedBlock | None:
        """Give a block as a member of some collections gets it; None where it is not there yet.

        `lacks` says of which collections' parts a member's peer has not got at this block: they are told as missing.
        """
        if number >= self.height:
            return None
        with self._serving():
            found = self._found(number)
        held_by = {name: member_of(name) for name in {write.collection for write in found.private}}
        own = [write for write in found.private if held_by[write.collection]]
        parts = {(write.position, write.collection) for write in own}
        missing = {part for part in parts if lacks(number, part[1])}
        held = tuple(write for write in own if (write.position, write.collection) not in missing) if missing else own
        return FeedBlock(number, found.body, found.block, tuple(held), tuple(sorted(missing)))

    @contextmanager
    def _serving(self) -> Iterator[None]:
        """Do nothing on a ledger that has stopped, and stop it where a fault leaves its state half known."""
        self.require_serving()
        try:
            yield
        except LedgerFullError:
            raise
        except LedgerUnusableError as error:
            self._fault = error
            raise
        except apsw.Error as error:
            self._fault = faults.of(error, self._store.path)
            raise self._fault from error

    def _last_block(self) -> tuple[int, bytes]:
        height = self.reader.height()
        if height == 0:
            return 0, GENESIS_HASH
        last = self._found(height - 1)
        digest = blocks.block_hash(last.body)
        before = self.reader.block(height - 2)
        if last.block.number != height - 1 or (before is not None and before[0] != last.block.previous_hash):
            raise LedgerCorruptError(f"{self._store.path}: the last block does not follow: restore it from a backup")
        return height, digest

    def _found(self, number: int) -> _Recent:
        """Give a block that there is, from memory or from the file."""
        recent = self._recent.get(number)
        if recent is not None:
            return recent
        found = self.reader.block(number)
        if found is None or blocks.block_hash(found[1]) != found[0]:
            raise LedgerCorruptError(
                f"{self._store.path}: block {number} is not what was written: stop, restore the directory from a "
                "backup, and run 'waitan ledger verify'"
            )
        written = [(write.position, write.place, write.value) for write in self.reader.writes(number)]
        private = tuple(PrivateWrite(at, *place, value) for at, place, value in written if place.collection)
        return _Recent(found[1], blocks.decode(found[1]), private, written)

    def _hot(self) -> Hot:
        """Give what this thread keeps, as of the snapshot that begins here."""
        if not hasattr(self._kept, "value"):
            self._kept.value = Hot()
        hot: Hot = self._kept.value
        hot.advance(self.reader.height(), self._epoch, self._written)
        return hot

    def _written(self, number: int) -> Sequence[Written] | None:
        recent = self._recent.get(number)
        return None if recent is None else recent.written

    def _remember(self, number: int, recent: _Recent) -> None:
        self._recent[number] = recent
        if len(self._recent) > RECENT_BLOCKS:
            self._recent.popitem(last=False)

    def _validated(self, number: int, transactions: Sequence[Signed]) -> tuple[Transaction, ...]:
        """Decide for each transaction, in order, whether what it read still stands."""
        fresh: dict[Place, Version | None] = {}
        seen: set[str] = set()
        valid = []
        for position, (endorsed, signature) in enumerate(transactions):
            tx_id = endorsed.proposal.tx_id
            if tx_id in seen or self.reader.transaction(tx_id) is not None:
                validity = Validity.DUPLICATE_TXID
            elif self._stands(endorsed, number, fresh):
                validity = Validity.VALID
                for place, value in endorsed.values.items():
                    fresh[place] = Version(number, position) if value is not None else None
            else:
                validity = Validity.MVCC_READ_CONFLICT
            seen.add(tx_id)
            valid.append(
                Transaction(endorsed.proposal, endorsed.reads, endorsed.writes, endorsed.response, signature, validity)
            )
        return tuple(valid)

    def _stands(self, endorsed: Endorsed, number: int, fresh: Mapping[Place, Version | None]) -> bool:
        """Say whether what a transaction read is still so: in this block, and in the blocks since its simulation."""
        if any(place in fresh and fresh[place] != version for place, version in endorsed.versions.items()):
            return False
        return endorsed.height == number or all(
            place in fresh or self.reader.version(place) == version for place, version in endorsed.versions.items()
        )
