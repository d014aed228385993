"""Random keys, kept in levels: a batch changes few pages of the file, however many keys there are.

UETRs and digests of identifications come in no order. In one B-tree each new one changes a page of its own, and writing
pages is most of what a read model costs. So new keys go into a small level; when that is full it is moved, in the order
of its keys, into the next, whose pages then each take many of them at once (O'Neil and others, The log-structured
merge-tree, 1996). Who looks for a key looks in every level. Which level a key is in follows from the feed alone.
"""

from typing import Final, NamedTuple

import apsw

SIZES: Final = (8_192, 131_072)
"""How many keys levels 0 and 1 hold until they are moved into the next; level 2 holds what comes. Questions name all
three: `level IN (0, 1, 2)`."""

SCHEMA: Final = """
CREATE TABLE uetrs (
    level INTEGER NOT NULL, uetr BLOB NOT NULL, payment INTEGER NOT NULL, PRIMARY KEY (level, uetr, payment)
) STRICT, WITHOUT ROWID;
CREATE TABLE sent (
    level INTEGER NOT NULL, digest INTEGER NOT NULL, on_date INTEGER NOT NULL, PRIMARY KEY (level, digest, on_date)
) STRICT, WITHOUT ROWID;
"""
"""Which payments have a UETR; the identifications given, with the dates for which they were."""


class Table(NamedTuple):
    """The statements of one table. `enter` takes a JSON array of rows, the others take a level."""

    enter: str
    move: str
    empty: str
    held: str


UETRS: Final = Table(
    enter="INSERT OR IGNORE INTO uetrs SELECT 0, unhex(replace(value ->> 1, '-', '')), value ->> 0 FROM json_each(?)",
    move="INSERT OR IGNORE INTO uetrs SELECT level + 1, uetr, payment FROM uetrs WHERE level = ?",
    empty="DELETE FROM uetrs WHERE level = ?",
    held="SELECT count(*) FROM uetrs WHERE level = ?",
)
"""Its rows begin with the payment's number and its UETR as text."""
SENT: Final = Table(
    enter="INSERT OR IGNORE INTO sent SELECT 0, value ->> 0, value ->> 1 FROM json_each(?)",
    move="INSERT OR IGNORE INTO sent SELECT level + 1, digest, on_date FROM sent WHERE level = ?",
    empty="DELETE FROM sent WHERE level = ?",
    held="SELECT count(*) FROM sent WHERE level = ?",
)
"""Its rows are a digest and a date's number."""


class Levels:
    """One table of such keys, over the connection that writes."""

    def __init__(self, connection: apsw.Connection, table: Table) -> None:
        self._connection: Final = connection
        self._table: Final = table
        self._sizes: Final = SIZES
        self._counts: Final = [connection.execute(table.held, (level,)).get for level in range(len(SIZES))]

    def enter(self, rows: str) -> None:
        """Enter rows, a JSON array; then move on what is full."""
        self._counts[0] += self._changed(self._table.enter, rows)
        for level, size in enumerate(self._sizes):
            if self._counts[level] < size:
                return
            moved = self._changed(self._table.move, level)
            self._connection.execute(self._table.empty, (level,))
            self._counts[level] = 0
            if level + 1 < len(self._sizes):
                self._counts[level + 1] += moved

    def _changed(self, statement: str, binding: str | int) -> int:
        before = self._connection.total_changes()
        self._connection.execute(statement, (binding,))
        return self._connection.total_changes() - before
