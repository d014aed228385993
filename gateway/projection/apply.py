"""Blocks in, rows out. What the rows say follows from the blocks alone, in their order.

Before a block is applied it is checked: its number and its predecessor's hash continue what is there, and each
private value hashes to what the block says. Where that fails the read model stops: a wrong answer is worse than none.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

import apsw
import msgspec

from gateway.ledger.port import FeedBlock, FeedTransaction, FeedWrite
from gateway.projection import identifications, initiations, invoices, reservations, supervision, trade
from gateway.projection.balances import Book
from gateway.projection.days import BlockPosition, Dates
from gateway.projection.levels import SENT, UETRS, Levels
from gateway.projection.positions import Places
from gateway.projection.search import Index
from gateway.projection.store import ProjectionStore
from gateway.projection.timeline import Acts
from settlement import money
from settlement.accounts.account import Account
from settlement.day import BusinessDay
from settlement.forms import records
from settlement.forms.journals import LEDGER, Entry, Event, Journal
from settlement.participants import Customer, Participant
from settlement.payments.commands import CreditStatus, PaymentName
from settlement.payments.initiation import Initiation
from settlement.payments.payment import credit_moves_forward
from settlement.records import Record
from settlement.supervision import SupervisoryReads
from settlement.trade.record import TradeRecord


class FeedBrokenError(Exception):
    """The feed does not continue what was applied, or a private value is not what the block says."""


class _Head(msgspec.Struct, gc=False):
    """What the rows need of a command, the rest unread; `command` is there when a person signed it."""

    uetr: str = ""
    payer: str = ""
    payee: str = ""
    currency: str = ""
    amount: str = ""
    payment: PaymentName | None = None
    status: CreditStatus | None = None
    reason: str | None = None
    message_id: str = ""
    instruction_id: str = ""
    settlement_date: str = ""
    settled_on: str = ""
    code: str = ""
    command: str | None = None


_HEAD: Final = msgspec.json.Decoder(_Head)
_UNASKED: Final = "budget/"
"""How the keys of records begin with which the ledger alone reckons (`settlement.trade.budgets`): nobody asks a read
model for them, and payments write many, so they are not even read."""
_NEW_PAYMENT: Final = (Event.PAYMENT_SETTLED, Event.PAYMENT_REJECTED, Event.PAYMENT_RESERVED)
_OF_RESERVATION: Final = (Event.RESERVATION_SETTLED, Event.RESERVATION_ENDED, Event.UNDERTAKING_CHANGED)
_MOVES_TO_PAYEE: Final = {
    Event.PAYMENT_SETTLED: True,
    Event.RESERVATION_SETTLED: True,
    Event.PAYMENT_RETURNED: False,
}
"""The events that move money, and whether it goes to the payee or comes back."""

# Rows go in as one JSON array and one statement. A statement for each would let go of Python's lock, and wait for it
# again, with every row; this way SQLite works on a whole batch while Python does something else.
_INSERT_PAYMENTS: Final = """
INSERT INTO payments (id, uetr, payer, payee, currency, amount_minor, on_date, journal, entry, code, duplicate)
SELECT value ->> 0, unhex(replace(value ->> 1, '-', '')), value ->> 2, value ->> 3, value ->> 4, value ->> 5,
       value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
FROM json_each(?)
"""
_USED_BEFORE: Final = """
SELECT asked.value ->> 0
FROM json_each(?) asked
CROSS JOIN uetrs ON level IN (0, 1, 2) AND uetrs.uetr = unhex(replace(asked.value ->> 1, '-', ''))
CROSS JOIN payments p ON p.id = uetrs.payment AND p.payer = asked.value ->> 2
"""
_INSERT_EVENTS: Final = """
INSERT INTO events SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
"""
_FIND_PAYMENT: Final = """
SELECT p.id, p.credit FROM uetrs CROSS JOIN payments p ON p.id = uetrs.payment JOIN journals j ON j.id = p.journal
WHERE level IN (0, 1, 2) AND uetrs.uetr = ?1 AND p.payer = ?2 AND j.tx_id = ?3 ORDER BY p.duplicate
"""
_ROWS: Final = msgspec.json.Encoder()


class Projection:
    """Applies the feed of one organisation to its store."""

    def __init__(self, store: ProjectionStore, organisation: str) -> None:
        self._store: Final = store
        self._connection: Final = store.connection
        self._organisation: Final = organisation
        self._ids: _Ids
        self._places: Places
        self._index: Final = Index(self._connection)
        self._books_are_open = False
        self._directory_changed = False
        self._invoices: list[invoices.Told] = []
        self.directory_version = 0
        """Grows with every change of an organisation, a customer or a business day, which many questions start from."""
        self.touched: set[str] = set()
        """The UETRs of the payments to which the blocks last applied did something: whatever changes what is told of a
        payment adds it here (gateway.projection.at_hand)."""
        self.height, self._hash = store.checkpoint()

    def apply(self, blocks: list[FeedBlock]) -> None:
        """Apply some blocks, with the checkpoint, in one database transaction; raises `FeedBrokenError`."""
        height, last_hash = self.height, self._hash
        self._ids = _Ids(self._connection)
        self._directory_changed = False
        self._invoices = []
        self.touched = set()
        try:
            self._open_books()
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
        self._uetrs = Levels(self._connection, UETRS)
        self._sent = Levels(self._connection, SENT)
        self._books_are_open = True

    def _apply_transaction(self, at: BlockPosition, transaction: FeedTransaction) -> None:
        number, first_journal = at[0], self._ids.journal + 1
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
                self._apply_journal(number, transaction, place, record)
            else:
                self._apply_record(at, transaction, place, record)
        has_journal = self._ids.journal >= first_journal
        self._book.end_transaction(at, transaction.timestamp_ms, first_journal if has_journal else 0)
        self._acts.end_transaction(at, transaction)
        if self._invoices:  # after all records of the transaction: an invoice may be among them
            invoices.pay(self._connection, self._invoices)
            self._invoices = []

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
            self._connection.execute("INSERT OR IGNORE INTO business_dates VALUES (?)", (on_date,))

    def _apply_journal(self, number: int, transaction: FeedTransaction, place: int, journal: Journal) -> None:
        """Enter a journal's payments and events.

        An authority holds both parties' journals: of another organisation's it takes what that one itself asked, and
        of what the ledger tells by itself, what it tells the payer.
        """
        write, first = transaction.writes[place], self._places.journal()
        own = write.collection == self._organisation
        taken = [
            (position, entry, head)
            for position, entry in enumerate(journal.entries)
            if own or entry.by in (write.collection, LEDGER)
            for head in (_head(entry),)
            if own or entry.by or head.payer == write.collection
        ]
        if not taken:
            return
        self.touched.update(head.payment.uetr if head.payment else head.uetr for _, _, head in taken)
        self._ids.journal += 1
        journal_id = self._ids.journal
        packed = records.body(write.value or b"", private=True)
        self._connection.execute(
            "INSERT INTO journals VALUES (?, ?, ?, ?, ?, ?)",
            (journal_id, bytes.fromhex(transaction.tx_id), number, journal.at_ms, write.collection, packed),
        )
        amounts_minor = {
            position: money.parse_exact(head.amount, head.currency)
            for position, entry, head in taken
            if entry.event in _NEW_PAYMENT
        }
        payments = dict(zip(amounts_minor, self._ids.payments, strict=False))
        self._enter(
            [
                (
                    payments[position],
                    head.uetr,
                    head.payer,
                    head.payee,
                    head.currency,
                    amounts_minor[position],
                    identifications.date_number(head.settlement_date),
                    journal_id,
                    position,
                    entry.code or None,
                )
                for position, entry, head in taken
                if position in payments
            ]
        )
        self._move((entry.event, head, amounts_minor.get(position)) for position, entry, head in taken)
        acts = 0
        for position, entry, head in taken:
            if entry.invoices:
                uetr = head.payment.uetr if head.payment else head.uetr
                for paid in entry.invoices:
                    at = self._places.payment(place, acts)
                    self._invoices.append(
                        invoices.told(paid, entry.by, head.payer, head.payee, uetr, position=at, journal=journal_id)
                    )
                    acts += 1
            if entry.event is Event.INVOICE_PAID:
                continue  # of others' payment
            if entry.event is Event.PAYMENT_RESERVED:
                reservations.begin(self._connection, payments[position], amounts_minor[position])
            if position not in payments and (changed := self._change(entry, head, journal.at_ms)) is not None:
                payments[position] = changed
        events = [
            (first + position, payments[position], journal_id) for position, _, _ in taken if position in payments
        ]
        self._connection.execute(_INSERT_EVENTS, (_rows(events),))
        if own:
            self._note_identifications([head for _, entry, head in taken if entry.by == self._organisation])

    def _move(self, told: Iterable[tuple[Event, _Head, int | None]]) -> None:
        """Count the money that events moved, with their amounts where these are known: what is alike, together."""
        moves: dict[tuple[Event, str, str, str, str], list[int]] = {}
        for event, head, known_minor in told:
            if event in _MOVES_TO_PAYEE:
                amount_minor = money.parse(head.amount, head.currency) if known_minor is None else known_minor
                alike = event, head.payer, head.payee, head.currency, head.settlement_date or head.settled_on
                if (amounts_minor := moves.get(alike)) is None:
                    moves[alike] = [amount_minor]
                else:
                    amounts_minor.append(amount_minor)
        for (event, payer, payee, currency, date), amounts_minor in moves.items():
            debit, credit = (payer, payee) if _MOVES_TO_PAYEE[event] else (payee, payer)
            self._book.move(debit, credit, currency, amounts_minor, date)

    def _enter(self, rows: list[tuple[int, str, str, str, str, int, int, int, int, str | None]]) -> None:
        """Enter new payments. One whose UETR its payer has used before is kept too, and marked: DU03 on arrival."""
        if not rows:
            return
        used = {payment for (payment,) in self._connection.execute(_USED_BEFORE, (_rows(rows),))}
        seen: set[tuple[str, str]] = set()
        for payment, uetr, payer, *_ in rows:
            if (uetr, payer) in seen:
                used.add(payment)
            seen.add((uetr, payer))
        encoded = _rows([(*row, 1 if row[0] in used else None) for row in rows])
        self._connection.execute(_INSERT_PAYMENTS, (encoded,))
        self._uetrs.enter(encoded)

    def _change(self, entry: Entry, head: _Head, at_ms: int) -> int | None:
        """Change the payment that a statement or a return is about; give its row, None where it has been purged."""
        assert head.payment is not None
        row = self._connection.execute(
            _FIND_PAYMENT,
            (UUID(head.payment.uetr).bytes, head.payer, bytes.fromhex(head.payment.journal)),
        ).fetchone()
        if row is None:
            if self._is_purged(head.payment.journal):
                return None
            raise FeedBrokenError("an entry speaks of a payment that the feed never told")
        payment, credit = int(row[0]), row[1]
        if entry.event in _OF_RESERVATION:
            self._change_reservation(payment, entry.event, head, at_ms)
        elif entry.event is Event.PAYMENT_RETURNED:
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

    def _change_reservation(self, payment: int, event: Event, head: _Head, at_ms: int) -> None:
        reservations.change(self._connection, payment, money.parse(head.amount, head.currency))
        if event is not Event.UNDERTAKING_CHANGED:
            reservations.end(self._connection, payment, settled_on=head.settled_on, at_ms=at_ms)
        if head.code:
            self._connection.execute("UPDATE payments SET code = ? WHERE id = ?", (head.code, payment))

    def _is_purged(self, tx_id: str) -> bool:
        return bool(
            self._connection.execute("SELECT count(*) FROM purged WHERE tx_id = ?", (bytes.fromhex(tx_id),)).get
        )

    def _note_identifications(self, heads: list[_Head]) -> None:
        """Keep the identifications that this organisation gave (DU01, DU05)."""
        given = [
            (identifications.digest(kind, text), identifications.date_number(head.settlement_date))
            for head in heads
            if head.settlement_date
            for kind, text in identifications.given(head.message_id, head.instruction_id)
        ]
        self._sent.enter(_rows(given))


class _Ids:
    """The last journal's row number and the others' next ones, so that rows can be entered many at a time."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.journal: int = connection.execute("SELECT max(id) FROM journals").get or 0
        self.payments: Final = _after("SELECT max(id) FROM payments", connection)


def _after(question: str, connection: apsw.Connection) -> Iterator[int]:
    return itertools.count((connection.execute(question).get or 0) + 1)


def _rows(rows: Sequence[tuple[int | str | None, ...]]) -> str:
    return _ROWS.encode(rows).decode()


def _head(entry: Entry) -> _Head:
    head = _HEAD.decode(entry.command)
    return _HEAD.decode(head.command) if head.command is not None else head
