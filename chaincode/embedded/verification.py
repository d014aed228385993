"""`waitan ledger verify`: everything that a ledger's file claims, proved again from its blocks.

For each block: it is what was written and follows the one before; each transaction is signed by a participant's
service, and took effect or not as its reads demand (MVCC); each value kept hashes to what the block shows. For each
transaction the books (chaincode.embedded.books). In the end the state is what replaying the blocks gives, and each
page of the file is sound. It reads a ledger in use, too: as it stood when the reading began.

Pages are read without their checksums first: where a byte was changed, the block and record that hold it are named.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import msgspec

from chaincode.embedded import blocks, faults
from chaincode.embedded.blocks import GENESIS_HASH, Block, Transaction, Validity, Version, Write
from chaincode.embedded.books import Books, Said
from chaincode.embedded.reader import Reader, Stored
from chaincode.embedded.replay import Replay
from chaincode.embedded.store import (
    HEAD_FILE,
    LEDGER_FILE,
    HeadDamagedError,
    noted_head,
    require_ledger,
    require_nothing_committed,
)
from chaincode.port import Place
from settlement import identity
from settlement.errors import Refusal
from settlement.forms import records
from settlement.forms.compression import NotCompressedError
from settlement.identity import Identity
from settlement.parties import Role
from settlement.records import Record
from storage.checked_files import is_empty, open_to_read

PROBLEMS_MAX: Final = 100
"""Problems told; what is wrong beyond them is counted only."""
_UNREADABLE: Final = (AttributeError, OverflowError, TypeError, ValueError)
"""What reading a row raises whose columns have lost their types: pages are read here without their checksums."""


class Stage(StrEnum):
    """What is being proved."""

    BLOCKS = "blocks"
    STATE = "state"
    PAGES = "pages"


class Progress(NamedTuple):
    """How far a stage has come."""

    stage: Stage
    done: int
    total: int


class Report(msgspec.Struct, frozen=True):
    """What was proved. `currencies` are those that balance; no problems means that everything held.

    `invalid` transactions took no effect (conflicts, repeated ids); `purged` counts values whose hash alone is kept.
    """

    network: str
    blocks: int
    transactions: int
    invalid: int
    lists: int
    settled: int
    rejected: int
    returned: int
    purged: int
    currencies: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(directory: Path) -> Report:
    """Prove a ledger's directory; raises `LedgerUnusableError` where there is no ledger to read."""
    verification = Verification(directory)
    for _ in verification:
        pass
    return verification.report


class Verification:
    """A proof under way: iterate to do the work and see how far it is; then read `report`."""

    def __init__(self, directory: Path) -> None:
        self._path: Final = directory / LEDGER_FILE
        self._head: Final = directory / HEAD_FILE
        self._books: Final = Books()
        self._problems: Final[list[str]] = []
        self._untold = 0
        self._currencies: list[str] = []
        self._height = 0
        self._transactions = 0
        self._invalid = 0
        self._purged = 0
        self._books_until: int | None = None
        """The first block from which on the books cannot be checked, as something before is not what was written."""

    @property
    def report(self) -> Report:
        """What was proved so far."""
        untold = (f"and {self._untold} more",) if self._untold else ()
        return Report(
            network=self._books.network,
            blocks=self._height,
            transactions=self._transactions,
            invalid=self._invalid,
            lists=self._books.lists,
            settled=self._books.settled,
            rejected=self._books.rejected,
            returned=self._books.returned,
            purged=self._purged,
            currencies=tuple(self._currencies),
            problems=(*self._problems, *untold),
        )

    def __iter__(self) -> Iterator[Progress]:
        """Do the work; raises `LedgerUnusableError` where there is no ledger to read."""
        noted = self._noted_head()  # before the snapshot: a ledger in use may grow in between, never shrink
        if is_empty(self._path):
            require_nothing_committed(self._path, noted[0])
        try:
            reader = Reader(open_to_read(self._path, checked=False), self._path)
        except apsw.Error as error:
            raise faults.of(error, self._path) from error
        replay = Replay()
        try:
            with reader.connection:
                network = require_ledger(reader.connection, self._path)
                yield from self._prove(reader, replay, noted)
                if self._books.network not in ("", network):
                    self._tell(f"the file is named {network!r}, its blocks are of {self._books.network!r}")
        except apsw.Error as error:
            self._tell(str(faults.of(error, self._path)))
        except _UNREADABLE as error:
            self._tell(f"{self._path} is damaged: what stands with block {self._height - 1} cannot be read ({error})")
        finally:
            replay.close()
            reader.connection.close()

    def _prove(self, reader: Reader, replay: Replay, noted: tuple[int, bytes]) -> Iterator[Progress]:
        height = reader.height()
        previous: bytes | None = GENESIS_HASH
        for number in range(height):
            previous = self._prove_block(reader, replay, number, previous)
            yield Progress(Stage.BLOCKS, number + 1, height)
        self._prove_head(reader, height, *noted)
        if self._books_until is None:
            for currency, wrong in self._books.balanced():
                if wrong:
                    self._tell(wrong)
                else:
                    self._currencies.append(currency)
        else:
            self._tell(f"the books were not checked from block {self._books_until} on")
        yield from self._prove_state(reader, replay)
        yield from self._prove_pages()

    def _prove_block(self, reader: Reader, replay: Replay, number: int, previous: bytes | None) -> bytes | None:
        """Prove one block; give its hash, None where it is not what was written."""
        self._height = number + 1
        found = reader.block(number)
        if found is None:
            self._distrust(number, f"block {number} is not there")
            return None
        digest, body = found
        if blocks.block_hash(body) != digest:
            self._distrust(number, f"block {number} is not what was written: its bytes do not give its hash")
            return None
        try:
            block = blocks.decode(body)
        except msgspec.DecodeError:
            self._distrust(number, f"block {number} cannot be read")
            return digest
        if block.number != number or (previous is not None and block.previous_hash != previous):
            self._distrust(number, f"block {number} does not follow block {number - 1}")
        self._prove_transactions(reader, replay, block)
        return digest

    def _prove_transactions(self, reader: Reader, replay: Replay, block: Block) -> None:
        stored: dict[int, list[Stored]] = {}
        for write in reader.writes(block.number):
            stored.setdefault(write.position, []).append(write)
        for position, transaction in enumerate(block.transactions):
            self._transactions += 1
            where = f"block {block.number}, transaction {position}"
            self._prove_verdict(replay, transaction, Version(block.number, position), where)
            if transaction.validity is not Validity.VALID:
                self._invalid += 1
                continue
            said = self._prove_values(replay, transaction, stored.pop(position, []), Version(block.number, position))
            if said is not None and self._books_until is None:
                proposal = transaction.proposal
                creator = self._books.member(proposal.creator, proposal.timestamp_ms)
                for problem in self._books.enter(said):
                    self._tell(f"{where}: {problem}")
                # Only the transaction that founds the ledger is signed by one whom it brings itself.
                self._prove_creator(
                    transaction, creator or self._books.member(proposal.creator, proposal.timestamp_ms), where
                )
        for position in stored:
            self._tell(f"block {block.number} keeps values of transaction {position}, which wrote none")

    def _prove_verdict(self, replay: Replay, transaction: Transaction, version: Version, where: str) -> None:
        """Decide again whether a transaction took effect."""
        if not replay.is_first(transaction.proposal.tx_id, version):
            verdict = Validity.DUPLICATE_TXID
        elif all(map(replay.stands, transaction.reads)):
            verdict = Validity.VALID
        else:
            verdict = Validity.MVCC_READ_CONFLICT
        if verdict is not transaction.validity and self._books_until is None:
            self._tell(f"{where} is marked {transaction.validity}, what it read makes it {verdict}")

    def _prove_values(
        self, replay: Replay, transaction: Transaction, stored: list[Stored], version: Version
    ) -> Said | None:
        """Hold each value kept against the block; give what they say, None where one is not what was written."""
        where = f"block {version.block}, transaction {version.position}"
        if [(each.place.collection, blocks.shown_key(each.place)) for each in stored] != [
            (write.collection, write.key) for write in transaction.writes
        ]:
            self._distrust(version.block, f"{where}: the keys kept are not those that the block shows")
            return None
        said: list[tuple[Place, Record]] = []
        unseen: set[str] = set()
        is_sound = True
        for write, each in zip(transaction.writes, stored, strict=True):
            replay.put(each.place, None if write.value is None else version, each.id)
            if not _holds(write, each):
                is_sound = False
                name = f"{each.place.collection or 'public'} {each.place.key}"
                self._distrust(version.block, f"{where}: the value of {name} is not what the block says")
            elif each.value is not None:
                with suppress(msgspec.DecodeError, NotCompressedError):
                    said.append((each.place, records.decode(each.value, private=bool(each.place.collection))))
            elif write.value is not None:
                self._purged += 1
                unseen.add(each.place.collection)
        return Said(transaction.proposal.timestamp_ms, said, frozenset(unseen)) if is_sound else None

    def _prove_creator(self, transaction: Transaction, creator: Identity | None, where: str) -> None:
        """See that a participant's service has signed the transaction."""
        if creator is None or creator.role is not Role.GATEWAY or transaction.proposal.network != self._books.network:
            self._tell(f"{where}: its creator is no participant's service")
            return
        signed = blocks.to_sign(transaction.proposal, transaction.reads, transaction.writes, transaction.response)
        try:
            identity.verify(creator, transaction.signature, signed)
        except Refusal:
            self._tell(f"{where}: its creator's signature does not hold")

    def _noted_head(self) -> tuple[int, bytes]:
        try:
            return noted_head(self._head)
        except HeadDamagedError as error:
            self._tell(error.what)
            return 0, b""

    def _prove_head(self, reader: Reader, height: int, noted: int, digest: bytes) -> None:
        """See that nothing is missing at the end."""
        found = reader.block(noted - 1) if noted else None
        if noted > height:
            self._tell(f"{noted} blocks were committed, the ledger ends at {height}")
        elif found is not None and found[0] != digest:
            self._tell(f"block {noted - 1} is not the one that was committed")

    def _prove_state(self, reader: Reader, replay: Replay) -> Iterator[Progress]:
        """Hold the state and the index of transactions against the replay."""
        total = replay.places()
        done = 0
        for done, (collection, key, write) in enumerate(
            reader.connection.execute("SELECT collection, key, write FROM state ORDER BY 1, 2"), 1
        ):
            if replay.write_at(Place(collection, key)) != write:
                self._tell(f"the state of {collection or 'public'} {key} is not what the blocks give")
            if done % 1000 == 0:
                yield Progress(Stage.STATE, done, total)
        if done != total:
            self._tell(f"the state has {done} keys, the blocks give {total}")
        yield Progress(Stage.STATE, total, total)
        indexed = reader.connection.execute("SELECT tx_id, block, position FROM transactions ORDER BY tx_id")
        if any(left != right for left, right in zip_longest(indexed, replay.transactions())):
            self._tell("the index of transactions is not what the blocks give")

    def _prove_pages(self) -> Iterator[Progress]:
        """Read every page with its checksum."""
        yield Progress(Stage.PAGES, 0, 1)
        connection = open_to_read(self._path)
        try:
            found = [line for (line,) in connection.execute("PRAGMA integrity_check(5)") if line != "ok"]
        except apsw.Error as error:
            found = [str(error)]
        finally:
            connection.close()
        if found:
            self._tell(f"{self._path} has damaged pages: {'; '.join(found)}")
        yield Progress(Stage.PAGES, 1, 1)

    def _distrust(self, number: int, problem: str) -> None:
        """Tell a problem that makes what follows from this block unprovable."""
        self._tell(problem)
        if self._books_until is None:
            self._books_until = number

    def _tell(self, problem: str) -> None:
        if len(self._problems) < PROBLEMS_MAX:
            self._problems.append(problem)
        else:
            self._untold += 1


def _holds(write: Write, stored: Stored) -> bool:
    """Say whether a value kept is the one that a block shows; of a purged one its hash is."""
    shown = write.value if write.collection or write.value is None else hashlib.sha256(write.value).digest()
    if stored.value is not None and hashlib.sha256(stored.value).digest() != shown:
        return False
    return stored.hash == shown
