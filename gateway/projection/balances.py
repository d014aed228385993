"""Accounts, and what stood on each after every transaction that moved it: balances as of any block, and daily totals.

One row for each account and transaction, however many payments that held: the lines of an account are read from the
journals (gateway.projection.entries).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw
import msgspec

from gateway.ledger.port import FeedWrite
from gateway.projection.days import BlockPosition, Dates, text
from gateway.projection.identifications import date_number
from settlement.accounts.account import CASH, Account

if TYPE_CHECKING:  # the store makes this module's tables
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY, collection TEXT NOT NULL, key TEXT NOT NULL, participant TEXT NOT NULL,
    currency TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (collection, key)
) STRICT;
CREATE TABLE balances (
    account INTEGER NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    posted_minor INTEGER NOT NULL, reserved_minor INTEGER NOT NULL, journal INTEGER NOT NULL,
    PRIMARY KEY (account, block, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE totals (
    account INTEGER NOT NULL, on_date INTEGER NOT NULL, debits INTEGER NOT NULL, credits INTEGER NOT NULL,
    debit_minor INTEGER NOT NULL, credit_minor INTEGER NOT NULL, funded_minor INTEGER NOT NULL,
    PRIMARY KEY (account, on_date)
) STRICT, WITHOUT ROWID;
"""
_INSERT_BALANCES: Final = """
INSERT INTO balances SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
FROM json_each(?)
"""
_ADD_TOTALS: Final = """
INSERT INTO totals SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
FROM json_each(?) WHERE true
ON CONFLICT (account, on_date) DO UPDATE SET
    debits = debits + excluded.debits, credits = credits + excluded.credits,
    debit_minor = debit_minor + excluded.debit_minor, credit_minor = credit_minor + excluded.credit_minor,
    funded_minor = funded_minor + excluded.funded_minor
"""
_BALANCE: Final = "SELECT block, position, at_ms, posted_minor, reserved_minor FROM balances WHERE account = ?1"
_COURSE: Final = """
SELECT b.at_ms, b.posted_minor, c.least, c.most FROM (
    SELECT max(block << 20 | position) AS place, min(posted_minor) AS least, max(posted_minor) AS most FROM balances
    WHERE account = ?1 AND (block, position) >= (?2, ?3) AND (block, position) < (?4, ?5) GROUP BY at_ms / ?6
) c JOIN balances b ON b.account = ?1 AND b.block = c.place >> 20 AND b.position = c.place & 0xFFFFF
ORDER BY b.block, b.position
"""
"""Of each span of time the last row, and the extremes; a block has fewer than a million transactions."""
_ROWS: Final = msgspec.json.Encoder()


class AccountView(NamedTuple):
    """An account of the ledger; `id` is its row."""

    id: int
    participant: str
    currency: str
    kind: str
    state: str


class Balance(NamedTuple):
    """What stood on an account after a transaction: minor units; (block, position) is where that stands."""

    block: int
    position: int
    at_ms: int
    posted_minor: int
    reserved_minor: int

    @property
    def place(self) -> BlockPosition:
        """Where the transaction stands."""
        return self.block, self.position

    @property
    def available_minor(self) -> int:
        """What could be spent."""
        return self.posted_minor - self.reserved_minor


NOTHING: Final = Balance(-1, 0, 0, 0, 0)
"""What stands on an account before anything moved it."""


class Point(NamedTuple):
    """A point of an account's course: what stood there at its end, and the least and the most since the one before."""

    at_ms: int
    posted_minor: int
    least_minor: int
    most_minor: int


class DayTotals(NamedTuple):
    """What moved on an account on a business date: payments out and in, and what came otherwise (issued less redeemed).

    A return of a payment that the account received counts among what went out, and the other way round.
    """

    date: str
    debits: int
    credits: int
    debit_minor: int
    credit_minor: int
    funded_minor: int


class _Known(msgspec.Struct):
    """An account as the last transaction left it, and whether the transaction that is applied has written it."""

    id: int
    participant: str
    currency: str
    kind: str
    state: str
    posted_minor: int = 0
    reserved_minor: int = 0


class Book:
    """Keeps the accounts while blocks are applied; its rows are entered many at a time.

    Only accounts that the feed told are kept: of another bank's a bank knows nothing, though payments name both.
    """

    def __init__(self, connection: apsw.Connection, dates: Dates) -> None:
        self._connection: Final = connection
        self._dates: Final = dates
        self._known: Final[dict[tuple[str, str], _Known]] = {}
        self._cash: Final[dict[tuple[str, str], _Known]] = {}
        self._written: list[tuple[_Known, Account]] = []
        self._moved: dict[tuple[str, str], int] = {}
        self._balances: list[tuple[int, ...]] = []
        self._totals: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
        self._load()

    def _load(self) -> None:
        rows = self._connection.execute("""
            SELECT collection, key, a.id, participant, currency, kind, state, coalesce(b.posted_minor, 0),
                   coalesce(b.reserved_minor, 0)
            FROM accounts a LEFT JOIN balances b ON b.account = a.id AND (b.block, b.position) =
                (SELECT block, position FROM balances WHERE account = a.id ORDER BY block DESC, position DESC LIMIT 1)
            """)
        for collection, key, *row in rows:
            self._keep(collection, key, _Known(*row))

    def _keep(self, collection: str, key: str, known: _Known) -> None:
        self._known[collection, key] = known
        if known.kind == CASH:
            self._cash[known.participant, known.currency] = known

    def write(self, write: FeedWrite, account: Account) -> bool:
        """Note that a transaction wrote an account; say whether the account is new or changed its state."""
        known = self._known.get((write.collection, write.key))
        is_new = known is None
        if known is None:
            known = _Known(len(self._known) + 1, account.participant, account.currency, account.kind, account.state)
            self._connection.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?)",
                (known.id, write.collection, write.key, known.participant, known.currency, known.kind, known.state),
            )
            self._keep(write.collection, write.key, known)
        elif known.state != account.state:
            known.state = account.state
            self._connection.execute("UPDATE accounts SET state = ? WHERE id = ?", (account.state, known.id))
            is_new = True
        self._written.append((known, account))
        return is_new

    def move(self, debit: str, credit: str, currency: str, amounts_minor: Sequence[int], date: str) -> None:
        """Count what a journal says moved from one participant to another on a business date."""
        moved, amount_minor = self._moved, sum(amounts_minor)
        for participant, is_debit in ((debit, True), (credit, False)):
            known = self._cash.get((participant, currency))
            if known is None:
                continue
            total = self._totals[known.id, date_number(date)]
            total[0 if is_debit else 1] += len(amounts_minor)
            total[2 if is_debit else 3] += amount_minor
            owner = participant, currency
            moved[owner] = moved.get(owner, 0) + (-amount_minor if is_debit else amount_minor)

    def end_transaction(self, at: BlockPosition, at_ms: int, journal: int) -> None:
        """Enter what stands on each account after a transaction; `journal` is the first row of its journals, or 0.

        What an account changed by beyond what its journals say, it was issued, or it was redeemed.
        """
        for known, account in self._written:
            change = account.posted_minor - known.posted_minor
            if not change and account.reserved_minor == known.reserved_minor:
                continue
            owner = known.participant, known.currency
            funded = change - (self._moved.get(owner, 0) if known.kind == CASH else 0)
            if funded:
                self._totals[known.id, self._dates.of(known.currency)][4] += funded
            known.posted_minor, known.reserved_minor = account.posted_minor, account.reserved_minor
            self._balances.append((known.id, *at, at_ms, known.posted_minor, known.reserved_minor, journal))
        self._written.clear()
        self._moved.clear()

    def flush(self) -> None:
        """Enter the rows."""
        if self._balances:
            self._connection.execute(_INSERT_BALANCES, (_rows(self._balances),))
        if self._totals:
            totals = [(*owner, *counted) for owner, counted in self._totals.items()]
            self._connection.execute(_ADD_TOTALS, (_rows(totals),))
        self._balances.clear()
        self._totals.clear()


class Balances:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def accounts(self, participant: str = "") -> list[AccountView]:
        """Give the accounts that this organisation may see, of one participant if named."""
        rows = self._reader.rows(
            "SELECT id, participant, currency, kind, state FROM accounts WHERE ?1 IN ('', participant)"
            " ORDER BY participant, currency, kind",
            (participant,),
        )
        return [AccountView(*row) for row in rows]

    def account(self, participant: str, currency: str, kind: str = CASH) -> AccountView | None:
        """Find an account."""
        found = [each for each in self.accounts(participant) if (each.currency, each.kind) == (currency, kind)]
        return found[0] if found else None

    def at(self, account: AccountView, *, block: int | None = None) -> Balance:
        """Say what stood on an account after a block, or stands there now."""
        return self._last(account, f"{_BALANCE} AND (?2 IS NULL OR block <= ?2)", (block,))

    def before(self, account: AccountView, place: BlockPosition) -> Balance:
        """Say what stood on an account before a place on the ledger."""
        return self._last(account, f"{_BALANCE} AND (block, position) < (?2, ?3)", place)

    def course(self, account: AccountView, first: BlockPosition, last: BlockPosition, *, bucket_ms: int) -> list[Point]:
        """Give how an account went between two places, a point for each span of time in which it moved."""
        rows = self._reader.rows(_COURSE, (account.id, *first, *last, bucket_ms))
        return [Point(*row) for row in rows]

    def totals(self, account: AccountView, *, first: str = "", last: str = "", limit: int = 366) -> list[DayTotals]:
        """Give what moved on each business date, newest first."""
        rows = self._reader.rows(
            "SELECT on_date, debits, credits, debit_minor, credit_minor, funded_minor FROM totals"
            " WHERE account = ? AND on_date >= ? AND on_date <= ? ORDER BY on_date DESC LIMIT ?",
            (account.id, date_number(first or "0"), date_number(last or "99999999"), limit),
        )
        return [DayTotals(text(row[0]) if row[0] else "", *row[1:]) for row in rows]

    def _last(self, account: AccountView, question: str, bindings: tuple[Any, ...]) -> Balance:
        rows = self._reader.rows(f"{question} ORDER BY block DESC, position DESC LIMIT 1", (account.id, *bindings))
        return Balance(*rows[0]) if rows else NOTHING


def _rows(rows: Iterable[tuple[int, ...]]) -> str:
    return _ROWS.encode(list(rows)).decode()
