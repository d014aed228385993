"""The business days of each currency as they came: what was open at which place on the ledger.

Everything that moved money carries the business day within which it did, whatever the clock said: a statement's day
begins where the ledger opened it, and ends where it opened the next one (REQUIREMENTS T1).
"""

from typing import TYPE_CHECKING, Final, NamedTuple

import apsw

from gateway.projection.identifications import date_number
from settlement.day import BusinessDay

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE days (
    currency TEXT NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, on_date INTEGER NOT NULL,
    state TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (currency, block, position)
) STRICT, WITHOUT ROWID;
"""

END: Final = (2**62, 0)
"""A place after every other."""

BlockPosition = tuple[int, int]
"""A transaction's place on the ledger: block, and position within it."""


class Span(NamedTuple):
    """The places of a business day, from the first on, before the last; `closed` once no more can come."""

    date: str
    first: BlockPosition
    last: BlockPosition
    opened_at_ms: int
    closed: bool


class Dates:
    """The date of each currency as the feed is applied: 0 before the first day."""

    def __init__(self, connection: apsw.Connection) -> None:
        rows = connection.execute("SELECT currency, max(on_date) FROM days GROUP BY currency")
        self._dates: Final[dict[str, int]] = dict(rows)

    def of(self, currency: str) -> int:
        """Give the date of a currency, as 20261123."""
        return self._dates.get(currency, 0)

    def enter(self, connection: apsw.Connection, day: BusinessDay, at: BlockPosition, at_ms: int) -> None:
        """Enter what has become of a day."""
        on_date = date_number(day.date)
        self._dates[day.currency] = on_date
        connection.execute(
            "INSERT OR REPLACE INTO days VALUES (?, ?, ?, ?, ?, ?)", (day.currency, *at, on_date, day.state, at_ms)
        )


class Days:
    """The questions; each raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def span(self, currency: str, date: str) -> Span | None:
        """Say which places a day has; None where there was no such day."""
        number = date_number(date)
        first = self._reader.rows(
            "SELECT block, position, at_ms FROM days WHERE currency = ? AND on_date = ?"
            " ORDER BY block, position LIMIT 1",
            (currency, number),
        )
        if not first:
            return None
        block, position, at_ms = first[0]
        last = self._opening(currency, number + 1)
        return Span(date, (block, position), last, at_ms, last != END)

    def between(self, currency: str, first: str, last: str) -> tuple[BlockPosition, BlockPosition]:
        """Say which places the days of some dates have, both inclusive: from the first on, before the second."""
        return self._opening(currency, date_number(first)), self._opening(currency, date_number(last) + 1)

    def _opening(self, currency: str, on_date: int) -> BlockPosition:
        """Say where the first day of a date or a later one was opened; after everything where there is none yet."""
        rows = self._reader.rows(
            "SELECT block, position FROM days WHERE currency = ? AND on_date >= ? ORDER BY block, position LIMIT 1",
            (currency, on_date),
        )
        return tuple(rows[0]) if rows else END

    def latest(self, currency: str) -> str:
        """Give the date of the last day of a currency, YYYY-MM-DD; empty where there was none."""
        rows = self._reader.rows("SELECT max(on_date) FROM days WHERE currency = ?", (currency,))
        return text(rows[0][0]) if rows[0][0] else ""


def text(number: int) -> str:
    """Give the date that 20261123 stands for, as YYYY-MM-DD."""
    digits = str(number)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
