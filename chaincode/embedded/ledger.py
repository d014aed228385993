"""The one-machine ledger: simulate, order, validate, commit, as Fabric does, in one process.

`endorse` runs the contract against the committed state; `commit` puts endorsed transactions into a block, checks
that what each one read is still so (MVCC), and makes the block durable. Both are synchronous and may run in different
threads; `commit` in one thread at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import local
from typing import Final, NamedTuple

import apsw

from chaincode.embedded import blocks
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
from chaincode.embedded.simulation import Contract, Simulation, run
from chaincode.embedded.store import LedgerCorruptError, Reader, Store, unusable
from chaincode.port import Place
from settlement.forms import journals

Clock = Callable[[], int]
Sign = Callable[[bytes], bytes]

MAX_SKEW_MS: Final = 300_000
"""How far a transaction's time may be off the endorser's clock (REQUIREMENTS M7)."""


class EndorsementRefusedError(Exception):
    """The endorser will not run a proposal: another network's, or a time too far off its own clock."""


class Endorsed(NamedTuple):
    """A simulated transaction: what the block will show, and the private values that go beside it."""

    proposal: Proposal
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]
    response: bytes
    values: Mapping[Place, bytes | None]
    versions: Mapping[Place, Version | None]


class Signed(NamedTuple):
    """An endorsed transaction with its creator's signature."""

    endorsed: Endorsed
    signature: bytes


class Committed(NamedTuple):
    """Where a transaction stands and whether it took effect."""

    tx_id: str
    block: int
    validity: Validity


class EmbeddedLedger:
    """A ledger in a directory, for one network. `clock` gives the endorser's time in milliseconds."""

    def __init__(self, directory: Path, *, network: str, contract: Contract, clock: Clock) -> None:
        journals.require_known_compression()
        self.network: Final = network
        self._contract: Final = contract
        self._clock: Final = clock
        self._store: Final = Store(directory)
        self._readers: Final = local()
        self.height, self._last_hash = self._head()

    def close(self) -> None:
        """Let the directory go."""
        self._store.close()

    @property
    def reader(self) -> Reader:
        """This thread's connection for reading."""
        if not hasattr(self._readers, "value"):
            self._readers.value = self._store.reader()
        reader: Reader = self._readers.value
        return reader

    def endorse(self, proposal: Proposal, transient: Mapping[str, bytes]) -> Endorsed:
        """Run the contract; nothing is written yet."""
        if proposal.network != self.network:
            raise EndorsementRefusedError(f"the proposal is for network {proposal.network!r}")
        if abs(proposal.timestamp_ms - self._clock()) > MAX_SKEW_MS:
            raise EndorsementRefusedError("the proposal's time is more than 300 s off this machine's clock")
        with self.reader.connection:
            simulation = Simulation(proposal, transient, self.reader)
            response = run(self._contract(simulation))
        return Endorsed(
            proposal,
            simulation.read_set(),
            simulation.write_set(),
            response,
            simulation.written,
            simulation.versions,
        )

    def commit(self, transactions: Sequence[Signed]) -> list[Committed]:
        """Make one block of some transactions, durable when this returns. Raises `LedgerUnusableError`."""
        number = self.height
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
        try:
            with self._store.connection:
                self._store.append(number, digest, body, tx_ids, kept)
        except apsw.Error as error:
            raise unusable(self._store.path, error) from error
        self.height, self._last_hash = number + 1, digest
        return [Committed(each.proposal.tx_id, number, each.validity) for each in valid]

    def status(self, tx_id: str) -> Committed | None:
        """Say what became of a transaction; None where it is on no block."""
        version = self.reader.transaction(tx_id)
        if version is None:
            return None
        found = self.reader.block(version.block)
        assert found is not None
        transaction = blocks.decode(found[1]).transactions[version.position]
        return Committed(tx_id, version.block, transaction.validity)

    def feed(self, number: int, member_of: Callable[[str], bool]) -> FeedBlock | None:
        """Give a block as a member of some collections gets it; None where it is not there yet."""
        found = self.reader.block(number)
        if found is None:
            return None
        private = tuple(
            PrivateWrite(position, collection, key, value)
            for position, collection, key, _, value in self.reader.writes(number)
            if collection and member_of(collection)
        )
        return FeedBlock(number, found[1], private)

    def _head(self) -> tuple[int, bytes]:
        height = self.reader.height()
        if height == 0:
            return 0, GENESIS_HASH
        found = self.reader.block(height - 1)
        assert found is not None
        digest, body = found
        if blocks.block_hash(body) != digest or blocks.decode(body).number != height - 1:
            raise LedgerCorruptError(
                f"{self._store.path}: the last block ({height - 1}) is not what was written: restore from a backup"
            )
        return height, digest

    def _validated(self, number: int, transactions: Sequence[Signed]) -> tuple[Transaction, ...]:
        """Decide for each transaction, in order, whether what it read still stands."""
        fresh: dict[Place, Version | None] = {}
        seen: set[str] = set()
        valid = []
        for position, (endorsed, signature) in enumerate(transactions):
            tx_id = endorsed.proposal.tx_id
            if tx_id in seen or self.reader.transaction(tx_id) is not None:
                validity = Validity.DUPLICATE_TXID
            elif all(self._version(place, fresh) == version for place, version in endorsed.versions.items()):
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

    def _version(self, place: Place, fresh: Mapping[Place, Version | None]) -> Version | None:
        return fresh[place] if place in fresh else self.reader.value(place)[1]
