"""Blocks in, rows out. What the rows say follows from the blocks alone, in their order.

Before a block is applied it is checked: its number and its predecessor's hash continue what is there, and each
private value hashes to what the block says. Where that fails the read model stops: a wrong answer is worse than none.
"""

import hashlib
from typing import Final

from gateway.ledger.port import FeedBlock, FeedTransaction, FeedWrite
from gateway.projection import initiations, rulings, supervision, trade
from gateway.projection.balances import Book
from gateway.projection.days import BlockPosition, Dates
from gateway.projection.faults import FeedBrokenError
from gateway.projection.payments import Payments
from gateway.projection.positions import Places
from gateway.projection.search import Index
from gateway.projection.store import ProjectionStore
from gateway.projection.timeline import Acts
from settlement.accounts.account import Account
from settlement.day import BusinessDay
from settlement.forms import records
from settlement.forms.journals import Journal
from settlement.participants import Customer, Participant
from settlement.payments.initiation import Initiation
from settlement.records import Record
from settlement.rulings import Ruling
from settlement.supervision import SupervisoryReads
from settlement.trade.record import TradeRecord

_UNASKED: Final = "budget/"
"""How the keys of records begin with which the ledger alone reckons (`settlement.trade.budgets`): nobody asks a read
model for them, and payments write many, so they are not even read."""


class Projection:
    """Applies the feed of one organisation to its store."""

    def __init__(self, store: ProjectionStore, organisation: str) -> None:
        self._store: Final = store
        self._connection: Final = store.connection
        self._organisation: Final = organisation
        self._places: Places
        self._index: Final = Index(self._connection)
        self._books_are_open = False
        self._directory_changed = False
        self.directory_version = 0
        """Grows with every change of an organisation, a customer or a business day, which many questions start from."""
        self.touched: set[str] = set()
        """The UETRs of the payments to which the blocks last applied did something: whatever changes what is told of a
        payment adds it here (gateway.projection.at_hand)."""
        self.height, self._hash = store.checkpoint()

    def apply(self, blocks: list[FeedBlock]) -> None:
        """Apply some blocks, with the checkpoint, in one database transaction; raises `FeedBrokenError`."""
        height, last_hash = self.height, self._hash
        self._directory_changed = False
        self.touched = set()
        try:
            self._open_books()
            self._payments.begin(self.touched)
            with self._store.transaction(len(blocks)):
                for block in blocks:
                    if block.number != height or block.previous_hash != last_hash:
                        raise FeedBrokenError(f"block {block.number} does not follow block {height - 1}")
                    self._places = Places(block.number)
                    for position, transaction in enumerate(block.transactions):
                        self._apply_transaction((block.number, position), transaction)
                    height, last_hash = height + 1, block.hash
                self._book.flush()
                self._connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (0, ?, ?)", (height, last_hash))
        except BaseException:
            self._books_are_open = False  # what they took from these blocks is not so
            raise
        self.directory_version += self._directory_changed
        self.height, self._hash = height, last_hash

    def index(self) -> bool:
        """Enter some more payments into the index of words; say whether there were any left to enter."""
        with self._store.transaction():
            return self._index.advance()

    def _open_books(self) -> None:
        """Open what is kept in memory from block to block, as the file has it."""
        if self._books_are_open:
            return
        self._dates = Dates(self._connection)
        self._book = Book(self._connection, self._dates)
        self._acts = Acts(self._connection)
        self._payments = Payments(self._connection, self._organisation, self._book)
        self._books_are_open = True

    def _apply_transaction(self, at: BlockPosition, transaction: FeedTransaction) -> None:
        number = at[0]
        self._places.begin_transaction(transaction)
        for place, write in enumerate(transaction.writes):
            self._require_digest(number, write)
            if write.is_purged:
                self._places.pass_over(transaction, write)
                self._connection.execute("INSERT OR IGNORE INTO purged VALUES (?)", (bytes.fromhex(transaction.tx_id),))
                continue
            if write.value is None:
                self._connection.execute(
                    "DELETE FROM records WHERE collection = ? AND key = ?", (write.collection, write.key)
                )
                continue
            if write.key.startswith(_UNASKED):
                continue
            record = records.decode(write.value, private=bool(write.collection))
            if isinstance(record, Journal):
                self._payments.apply(self._places, transaction, place, record)
            else:
                self._apply_record(at, transaction, place, record)
        self._book.end_transaction(at, transaction.timestamp_ms, self._payments.first_journal)
        self._acts.end_transaction(at, transaction)
        self._payments.end_transaction()

    def _require_digest(self, number: int, write: FeedWrite) -> None:
        if write.digest is None or write.value is None:
            return
        if hashlib.sha256(write.value).digest() != write.digest:
            raise FeedBrokenError(f"block {number}: a private value of {write.collection} is not the block's")

    def _apply_record(self, at: BlockPosition, transaction: FeedTransaction, place: int, record: Record) -> None:
        write = transaction.writes[place]
        body = records.body(write.value or b"", private=bool(write.collection))
        name = record.identifier if isinstance(record, Customer) else None
        self._connection.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?)",
            (write.collection, write.key, type(record).__name__, body, at[0], name),
        )
        if not isinstance(record, Account) or self._book.write(write, record):
            self._acts.write(write, record)
        if isinstance(record, records.Done):
            self._acts.done(write.collection, record)
        if isinstance(record, Initiation):
            initiations.apply(self._connection, write, record)
        if isinstance(record, Ruling):
            rulings.apply(self._connection, self._organisation, self._dates, write, record)
        if isinstance(record, SupervisoryReads):
            supervision.apply(self._connection, write)
        if isinstance(record, TradeRecord):
            first = self._places.act(place, 0)
            trade.apply(self._connection, transaction.tx_id, write, record, first)
        if isinstance(record, Participant | Customer | BusinessDay):
            self._directory_changed = True
        if isinstance(record, BusinessDay):
            self._dates.enter(self._connection, record, at, transaction.timestamp_ms)
            on_date = self._dates.of(record.currency)
            rulings.lapse(self._connection, record.currency, on_date)
            self._connection.execute("INSERT OR IGNORE INTO business_dates VALUES (?)", (on_date,))
