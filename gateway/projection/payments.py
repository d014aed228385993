"""Journals in, rows out: the payments that a journal tells of, and what became of those that were there before."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from uuid import UUID

import apsw
import msgspec

from gateway.ledger.port import FeedTransaction, FeedWrite
from gateway.projection import identifications, invoices, reservations
from gateway.projection.balances import Book
from gateway.projection.faults import FeedBrokenError
from gateway.projection.levels import SENT, UETRS, Levels
from gateway.projection.positions import Places
from gateway.projection.tellers import is_taken
from settlement import money
from settlement.forms import journals, records
from settlement.forms.journals import LEDGER, Entry, Event, Journal
from settlement.payments.commands import CreditStatus, PaymentName
from settlement.payments.payment import credit_moves_forward


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


_Taken = tuple[int, Entry, _Head]
"""An entry that is taken in: its position in its journal, and what is read of its command."""
_PaymentRow = tuple[int, str, str, str, str, int, int, int, int, str | None]
"""A row of `payments` as `_INSERT_PAYMENTS` has it."""

_JOURNALS: Final = journals.key("")
"""How the keys of journals begin."""
_HEAD: Final = msgspec.json.Decoder(_Head)
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


class Payments:
    """Enters the payments of one organisation's feed. What they move is counted in its `book`.

    It is made anew where what it keeps from block to block may not be what the file has.
    """

    def __init__(self, connection: apsw.Connection, organisation: str, book: Book) -> None:
        self._connection: Final = connection
        self._organisation: Final = organisation
        self._book: Final = book
        self._uetrs: Final = Levels(connection, UETRS)
        self._sent: Final = Levels(connection, SENT)
        self._invoices: list[invoices.Told] = []
        self.first_journal = 0
        """The row of the first journal that the transaction has told so far, 0 for none."""

    def begin(self, touched: set[str]) -> None:
        """Begin with some blocks: the UETRs of the payments to which they do something are added to `touched`."""
        self._ids = _Ids(self._connection)
        self._touched = touched

    def apply(self, places: Places, transaction: FeedTransaction, place: int, journal: Journal) -> None:
        """Enter the payments and events of a journal: the write of that number in its transaction."""
        write, first = transaction.writes[place], places.journal()
        taken = self._taken(journal, write.collection, transaction)
        if not taken:
            return
        self._touched.update(_uetr(head) for _, _, head in taken)
        journal_id = self._enter_journal(places.block, transaction, write, journal)
        amounts_minor = {
            position: money.parse_exact(head.amount, head.currency)
            for position, entry, head in taken
            if entry.event in _NEW_PAYMENT
        }
        payments = dict(zip(amounts_minor, self._ids.payments, strict=False))
        self._enter(
            [
                _payment_row(each, payments[each[0]], amounts_minor[each[0]], journal_id)
                for each in taken
                if each[0] in payments
            ]
        )
        self._move((entry.event, head, amounts_minor.get(position)) for position, entry, head in taken)
        self._note_invoices(places, place, taken, journal_id)
        for position, entry, head in taken:
            if entry.event is Event.PAYMENT_RESERVED:
                reservations.begin(self._connection, payments[position], amounts_minor[position])
            is_of_own_payment = entry.event is not Event.INVOICE_PAID
            if is_of_own_payment and position not in payments:
                changed = self._change(entry, head, journal.at_ms)
                if changed is not None:
                    payments[position] = changed
        events = [
            (first + position, payments[position], journal_id) for position, _, _ in taken if position in payments
        ]
        self._connection.execute(_INSERT_EVENTS, (_rows(events),))
        if write.collection == self._organisation:
            self._note_identifications([head for _, entry, head in taken if entry.by == self._organisation])

    def end_transaction(self) -> None:
        """Enter what was paid of invoices; not before, for they may be among the records of the same transaction."""
        if self._invoices:
            invoices.pay(self._connection, self._invoices)
            self._invoices = []
        self.first_journal = 0

    def _others_told(self, transaction: FeedTransaction) -> frozenset[str]:
        """Name the other organisations whose journals of a transaction this one has: none, unless an authority."""
        return frozenset(
            write.collection
            for write in transaction.writes
            if write.collection not in ("", self._organisation) and write.value and write.key.startswith(_JOURNALS)
        )

    def _taken(self, journal: Journal, collection: str, transaction: FeedTransaction) -> list[_Taken]:
        """Give the entries of a journal that are taken in; of another organisation's no more is read than may be."""
        own = collection == self._organisation
        others = self._others_told(transaction) if own else frozenset[str]()
        return [
            (position, entry, head)
            for position, entry in enumerate(journal.entries)
            if own or entry.by in (collection, LEDGER)
            for head in (_head(entry),)
            if is_taken(collection, entry.by or head.payer, self._organisation, others)
        ]

    def _enter_journal(self, number: int, transaction: FeedTransaction, write: FeedWrite, journal: Journal) -> int:
        """Enter a journal as it was packed, and give its row."""
        self._ids.journal += 1
        packed = records.body(write.value or b"", private=True)
        self._connection.execute(
            "INSERT INTO journals VALUES (?, ?, ?, ?, ?, ?)",
            (self._ids.journal, bytes.fromhex(transaction.tx_id), number, journal.at_ms, write.collection, packed),
        )
        self.first_journal = self.first_journal or self._ids.journal
        return self._ids.journal

    def _note_invoices(self, places: Places, place: int, taken: list[_Taken], journal: int) -> None:
        """Keep what payments did to invoices until the transaction's records are there."""
        paid = ((each, entry, head) for _, entry, head in taken for each in entry.invoices)
        for act, (each, entry, head) in enumerate(paid):
            at = places.payment(place, act)
            told = invoices.told(each, entry.by, head.payer, head.payee, _uetr(head), position=at, journal=journal)
            self._invoices.append(told)

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

    def _enter(self, rows: list[_PaymentRow]) -> None:
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


def _payment_row(told: _Taken, payment: int, amount_minor: int, journal: int) -> _PaymentRow:
    position, entry, head = told
    date, code = identifications.date_number(head.settlement_date), entry.code or None
    return payment, head.uetr, head.payer, head.payee, head.currency, amount_minor, date, journal, position, code


def _uetr(head: _Head) -> str:
    return head.payment.uetr if head.payment else head.uetr


def _head(entry: Entry) -> _Head:
    head = _HEAD.decode(entry.command)
    return _HEAD.decode(head.command) if head.command is not None else head
