"""The read model's one SQLite file: rows and checkpoint change in the same database transaction.

It can be deleted at any time: replaying the feed gives the same rows. So it need not survive loss of power at every
commit (synchronous=NORMAL): what is lost is read again. And so it is with damage: every page carries a checksum
(SQLite's cksumvfs), a page that does not hold is told and never served, and the next start begins a new file.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import apsw
import structlog

from gateway.ledger.port import LedgerUnreachableError
from gateway.projection import balances, days, initiations, levels, reservations, rulings, supervision, timeline, trade
from storage import checked_files
from storage.write_ahead_log import WriteAheadLog

SCHEMA_VERSION: Final = 18
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
    amount_minor INTEGER NOT NULL, on_date INTEGER NOT NULL, journal INTEGER NOT NULL, entry INTEGER NOT NULL,
    code TEXT, credit TEXT, credit_reason TEXT, returned_minor INTEGER, duplicate INTEGER
) STRICT;
CREATE TABLE events (
    id INTEGER PRIMARY KEY, payment INTEGER NOT NULL, journal INTEGER NOT NULL
) STRICT;
CREATE INDEX events_of_payment ON events (payment);
CREATE TABLE purged (tx_id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE business_dates (on_date INTEGER PRIMARY KEY) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    parties, words, content = '', columnsize = 0, detail = 'column', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TABLE indexed (id INTEGER PRIMARY KEY CHECK (id = 0), payment INTEGER NOT NULL) STRICT;
"""
LOG_PAGES: Final = 8_192
"""How far the log grows until it is copied into the file (32 MiB)."""
_LOG_BYTES: Final = 64 * 2**20
"""What the log is cut to when it has grown longer, as it does while somebody reads for long."""
_CACHE_KIB: Final = 65_536
"""How many pages are kept by the connection that writes."""
_RESERVED_AT: Final = 20
"""Where SQLite's header says how many bytes of a page are kept free; only where they are eight are there checksums."""

log = structlog.get_logger()


class ProjectionStore:
    """The file of one organisation. One connection writes, others read."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.damaged: Final = asyncio.Event()
        """Set once damage has been found: nothing more may be told from this file."""
        self._readers: Final[list[apsw.Connection]] = []
        self.connection: Final = self._sound()
        try:
            copier = checked_files.open_to_copy(path)
            self._log: Final = WriteAheadLog(self.connection, copier, pages=LOG_PAGES, synchronous="normal")
        except BaseException:
            self.connection.close()
            raise

    def checkpoint(self) -> tuple[int, bytes]:
        """Give the number of blocks applied and the hash of the last."""
        return _checkpoint(self.connection)

    @contextmanager
    def transaction(self, blocks: int = 1) -> Iterator[None]:
        """Change rows together or not at all, for some blocks.

        In words rather than by apsw's `with connection`, which keeps Python's lock while it commits, and so would stop
        every thread of the process for as long.
        """
        with self._log.writing(blocks), _transaction(self.connection):
            yield

    def reader(self) -> "Reader":
        """Open another connection, for reading; it is closed with the store."""
        connection = checked_files.open_to_read(self.path)
        self._readers.append(connection)
        return Reader(self, connection)

    def close(self) -> None:
        """Let the file go."""
        self._log.close()
        for connection in (*self._readers, self.connection):
            connection.close()

    def doubt(self, error: Exception) -> bool:
        """Say whether an error is damage; if so, the next start begins a new file.

        That is noted beside the file: the page at fault may be one that a start does not read.
        """
        if not _is_damage(error):
            return False
        with suppress(OSError):
            self._beside("-damaged").touch()
        self.damaged.set()
        return True

    def _sound(self) -> apsw.Connection:
        """Open the file, a new one where it is damaged."""
        if self._beside("-damaged").exists():
            self._drop("damage was found in it")
        elif self._is_unchecked():
            self._drop("its pages carry no checksums")
        try:
            return self._opened()
        except apsw.Error as error:
            if not _is_damage(error):
                raise
            self._drop(str(error))
            return self._opened()

    def _opened(self) -> apsw.Connection:
        connection = checked_files.open_to_write(self.path)
        try:
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "normal")
            connection.pragma("journal_size_limit", _LOG_BYTES)
            connection.pragma("cache_size", -_CACHE_KIB)
            if connection.pragma("user_version") != SCHEMA_VERSION:
                _recreate(connection)
            _checkpoint(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_unchecked(self) -> bool:
        """Say whether the file's header, damaged or of an older release, keeps SQLite from checking its pages."""
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            header = file.read(_RESERVED_AT + 1)
        return bool(header) and header[_RESERVED_AT:] != bytes([checked_files.CHECKSUM_BYTES])

    def _drop(self, reason: str) -> None:
        log.warning(
            "the read model's file is dropped and read anew from the ledger", file=self.path.name, reason=reason
        )
        for suffix in ("", "-wal", "-shm", "-damaged"):  # the note last: who is stopped in between begins here again
            self._beside(suffix).unlink(missing_ok=True)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)


class Reader:
    """A connection for questions. On damage it answers that the ledger cannot be asked, as all doors understand."""

    def __init__(self, store: ProjectionStore, connection: apsw.Connection) -> None:
        self._store: Final = store
        self._connection: Final = connection

    def rows(self, question: str, bindings: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Give all rows; raises `LedgerUnreachableError` where damage was met, now or before."""
        if self._store.damaged.is_set():
            raise LedgerUnreachableError("the read model is damaged")
        try:
            return self._connection.execute(question, bindings).fetchall()
        except apsw.Error as error:
            if self._store.doubt(error):
                raise LedgerUnreachableError("the read model is damaged") from error
            raise


def _checkpoint(connection: apsw.Connection) -> tuple[int, bytes]:
    row = connection.execute("SELECT height, hash FROM checkpoint").fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, bytes(32))


@contextmanager
def _transaction(connection: apsw.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _recreate(connection: apsw.Connection) -> None:
    with _transaction(connection):
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY sql NOT LIKE 'CREATE V%'"
        )
        for (name,) in tables.fetchall():  # first those that have tables of their own, which go with them
            connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        parts = (levels, initiations, reservations, days, balances, timeline, trade, supervision, rulings)
        connection.execute(_SCHEMA + "".join(part.SCHEMA for part in parts))
        connection.pragma("user_version", SCHEMA_VERSION)


def _is_damage(error: BaseException) -> bool:
    """Look at what came first too: on damage SQLite rolls back by itself, and "cannot rollback" follows."""
    first: BaseException | None = error
    while isinstance(first, apsw.Error):
        if checked_files.is_damage(first):
            return True
        first = first.__context__
    return False
