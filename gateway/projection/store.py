"""The read model's one SQLite file: rows and checkpoint change in the same database transaction.

It can be deleted at any time: replaying the feed gives the same rows. So it need not survive loss of power at every
commit (synchronous=NORMAL): what is lost is read again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import apsw

SCHEMA_VERSION: Final = 3
_SCHEMA: Final = """
CREATE TABLE checkpoint (id INTEGER PRIMARY KEY CHECK (id = 0), height INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE records (
    collection TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
    block INTEGER NOT NULL, name TEXT, PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_of_kind ON records (kind);
CREATE INDEX records_by_name ON records (collection, kind, name) WHERE name IS NOT NULL;
CREATE TABLE journals (
    id INTEGER PRIMARY KEY, tx_id BLOB NOT NULL, block INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    collection TEXT NOT NULL, packed BLOB NOT NULL
) STRICT;
CREATE TABLE payments (
    id INTEGER PRIMARY KEY, uetr BLOB NOT NULL, payer TEXT NOT NULL, payee TEXT NOT NULL, currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL, journal INTEGER NOT NULL, entry INTEGER NOT NULL, code TEXT, credit TEXT,
    credit_reason TEXT, returned_minor INTEGER, duplicate INTEGER
) STRICT;
CREATE UNIQUE INDEX payments_by_uetr ON payments (uetr, payer) WHERE duplicate IS NULL;
CREATE INDEX payments_again ON payments (uetr, payer) WHERE duplicate = 1;
CREATE TABLE events (
    id INTEGER PRIMARY KEY, payment INTEGER NOT NULL, journal INTEGER NOT NULL, entry INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_payment ON events (payment);
CREATE TABLE sent (digest INTEGER PRIMARY KEY, on_date INTEGER NOT NULL) STRICT;
CREATE TABLE purged (tx_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE business_dates (on_date INTEGER PRIMARY KEY) STRICT;
"""


class ProjectionStore:
    """The file of one organisation. One connection writes, others read."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection: Final = apsw.Connection(str(path))
        self.connection.set_busy_timeout(5000)
        self.connection.pragma("journal_mode", "wal")
        self.connection.pragma("synchronous", "normal")
        if self.connection.pragma("user_version") != SCHEMA_VERSION:
            self._recreate()

    def checkpoint(self) -> tuple[int, bytes]:
        """Give the number of blocks applied and the hash of the last."""
        row = self.connection.execute("SELECT height, hash FROM checkpoint").fetchone()
        return (int(row[0]), bytes(row[1])) if row else (0, bytes(32))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Change rows together or not at all.

        In words rather than by apsw's `with connection`, which keeps Python's lock while it commits: a checkpoint
        syncs the file, and would stop every thread of the process for as long.
        """
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def reader(self) -> apsw.Connection:
        """Open another connection, for reading."""
        connection = apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READONLY)
        connection.set_busy_timeout(5000)
        return connection

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    def _recreate(self) -> None:
        with self.transaction():
            tables = self.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (name,) in tables:
                self.connection.execute(f'DROP TABLE "{name}"')
            self.connection.execute(_SCHEMA)
            self.connection.pragma("user_version", SCHEMA_VERSION)
