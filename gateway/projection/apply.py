"""Blocks in, rows out. What the rows say follows from the blocks alone, in their order.

Before a block is applied it is checked: its number and its predecessor's hash continue what is there, and each
private value hashes to what the block says. Where that fails the read model stops: a wrong answer is worse than none.
"""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from gateway.ledger.port import FeedBlock, FeedTransaction, FeedWrite
from gateway.projection.store import ProjectionStore
from settlement import money
from settlement.forms import records
from settlement.forms.journals import Entry, Event, Journal
from settlement.payments.commands import CreditStatus, PaymentName
from settlement.payments.payment import credit_moves_forward
from settlement.records import Record


class FeedBrokenError(Exception):
    """The feed does not continue what was applied, or a private value is not what the block says."""


class _Head(msgspec.Struct):
    """What the rows need of a command, the rest unread; `command` is there when a person signed it."""

    uetr: str = ""
    payer: str = ""
    payee: str = ""
    currency: str = ""
    amount: str = ""
    payment: PaymentName | None = None
    status: CreditStatus | None = None
    reason: str | None = None
    command: str | None = None


_HEAD: Final = msgspec.json.Decoder(_Head)


class Projection:
    """Applies the feed of one organisation to its store."""

    def __init__(self, store: ProjectionStore, organisation: str) -> None:
        self._store: Final = store
        self._connection: Final = store.connection
        self._organisation: Final = organisation
        self.height, self._hash = store.checkpoint()

    def apply(self, blocks: list[FeedBlock]) -> None:
        """Apply some blocks, with the checkpoint, in one database transaction; raises `FeedBrokenError`."""
        height, last_hash = self.height, self._hash
        with self._connection:
            for block in blocks:
                if block.number != height or block.previous_hash != last_hash:
                    raise FeedBrokenError(f"block {block.number} does not follow block {height - 1}")
                for transaction in block.transactions:
                    self._apply_transaction(block.number, transaction)
                height, last_hash = height + 1, block.hash
            self._connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (0, ?, ?)", (height, last_hash))
        self.height, self._hash = height, last_hash

    def _apply_transaction(self, number: int, transaction: FeedTransaction) -> None:
        for write in transaction.writes:
            self._require_digest(number, write)
            if write.value is None:
                self._connection.execute(
                    "DELETE FROM records WHERE collection = ? AND key = ?", (write.collection, write.key)
                )
                continue
            record = records.decode(write.value, private=bool(write.collection))
            if isinstance(record, Journal):
                self._apply_journal(number, transaction, write, record)
            else:
                self._apply_record(number, write, record)

    def _require_digest(self, number: int, write: FeedWrite) -> None:
        if write.digest is not None and write.value is not None:
            if hashlib.sha256(write.value).digest() != write.digest:
                raise FeedBrokenError(f"block {number}: a private value of {write.collection} is not the block's")

    def _apply_record(self, number: int, write: FeedWrite, record: Record) -> None:
        body = records.body(write.value or b"", private=bool(write.collection))
        self._connection.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)",
            (write.collection, write.key, type(record).__name__, body, number),
        )

    def _apply_journal(self, number: int, transaction: FeedTransaction, write: FeedWrite, journal: Journal) -> None:
        """Enter a journal's payments and events.

        An authority holds both parties' journals: of another organisation's it takes what that one itself asked.
        """
        own = write.collection == self._organisation
        taken = [
            (position, entry) for position, entry in enumerate(journal.entries) if own or entry.by == write.collection
        ]
        if not taken:
            return
        self._connection.execute(
            "INSERT INTO journals (tx_id, block, at_ms, collection, packed) VALUES (?, ?, ?, ?, ?)",
            (
                bytes.fromhex(transaction.tx_id),
                number,
                journal.at_ms,
                write.collection,
                records.body(write.value or b"", private=True),
            ),
        )
        journal_id = self._connection.last_insert_rowid()
        for position, entry in taken:
            payment = self._payment(journal_id, position, entry)
            self._connection.execute(
                "INSERT INTO events (payment, journal, entry) VALUES (?, ?, ?)", (payment, journal_id, position)
            )

    def _payment(self, journal_id: int, position: int, entry: Entry) -> int:
        """Enter or change the payment that an entry is about; give its row."""
        head = _head(entry)
        if entry.event in (Event.PAYMENT_SETTLED, Event.PAYMENT_REJECTED):
            uetr = UUID(head.uetr).bytes
            known = self._connection.execute(
                "SELECT 1 FROM payments WHERE uetr = ? AND payer = ? AND code IS NULL", (uetr, head.payer)
            ).fetchone()
            self._connection.execute(
                "INSERT INTO payments (uetr, payer, payee, currency, amount_minor, journal, entry, code, duplicate)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    uetr,
                    head.payer,
                    head.payee,
                    head.currency,
                    money.parse(head.amount, head.currency),
                    journal_id,
                    position,
                    entry.code or None,
                    1 if known else None,
                ),
            )
            return self._connection.last_insert_rowid()
        assert head.payment is not None
        row = self._connection.execute(
            "SELECT p.id, p.credit FROM payments p JOIN journals j ON j.id = p.journal"
            " WHERE p.uetr = ? AND p.payer = ? AND j.tx_id = ?",
            (UUID(head.payment.uetr).bytes, head.payer, bytes.fromhex(head.payment.journal)),
        ).fetchone()
        if row is None:
            raise FeedBrokenError("an entry speaks of a payment that the feed never told")
        payment, credit = int(row[0]), row[1]
        if entry.event is Event.PAYMENT_RETURNED:
            self._connection.execute(
                "UPDATE payments SET returned_minor = coalesce(returned_minor, 0) + ? WHERE id = ?",
                (money.parse(head.amount, head.currency), payment),
            )
        elif head.status and credit_moves_forward(CreditStatus(credit) if credit else None, head.status):
            self._connection.execute(
                "UPDATE payments SET credit = ?, credit_reason = ? WHERE id = ?",
                (head.status.value, head.reason or None, payment),
            )
        return payment


def _head(entry: Entry) -> _Head:
    head = _HEAD.decode(entry.command)
    return _HEAD.decode(head.command) if head.command is not None else head
