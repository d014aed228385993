"""The ledger's one file: blocks, every write ever made, and the index of those that count now.

SQLite through apsw, WAL, synchronous=FULL: what a commit answered survives loss of power. A value is stored once, in
`writes`; the state points at it. Every value that is read is checked against its hash: a file that was changed
behind our back is told, never served.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import apsw

from chaincode.embedded.blocks import Version
from chaincode.port import Place

SCHEMA_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE transactions (
    tx_id BLOB PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE writes (
    id INTEGER PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL,
    collection TEXT NOT NULL, key TEXT NOT NULL, hash BLOB, value BLOB
) STRICT;
CREATE INDEX writes_of_block ON writes (block, position);
CREATE TABLE state (
    collection TEXT NOT NULL, key TEXT NOT NULL, write INTEGER NOT NULL, PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
"""
_READ: Final = """
SELECT w.block, w.position, w.hash, w.value FROM state s JOIN writes w ON w.id = s.write
WHERE s.collection = ? AND s.key = ?
"""


class LedgerUnusableError(Exception):
    """The data directory cannot be served: the text says what is wrong and what to do."""


class LedgerCorruptError(LedgerUnusableError):
    """Something on disk is not what was written."""


class Store:
    """The file, opened by one process at a time. One connection writes; readers get their own by `reader`."""

    def __init__(self, directory: Path) -> None:
        self.path: Final = directory / "ledger.sqlite"
        self._lock: Final = _lock(directory)
        try:
            self.connection: Final = _open(self.path)
            self._check_schema()
        except apsw.Error as error:
            os.close(self._lock)
            raise unusable(self.path, error) from error

    def reader(self) -> "Reader":
        """Open another connection, for reading."""
        return Reader(_open(self.path, readonly=True), self.path)

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()
        os.close(self._lock)

    def _check_schema(self) -> None:
        version = self.connection.pragma("user_version")
        if version == 0:
            with self.connection:
                self.connection.execute(_SCHEMA)
                self.connection.pragma("user_version", SCHEMA_VERSION)
        elif version != SCHEMA_VERSION:
            raise LedgerUnusableError(
                f"{self.path} has schema {version}, this program reads {SCHEMA_VERSION}: "
                "use the release that wrote it, or another data directory",
            )

    def append(
        self,
        number: int,
        digest: bytes,
        body: bytes,
        tx_ids: Iterable[tuple[str, int]],
        writes: Iterable[tuple[int, Place, bytes | None]],
    ) -> None:
        """Add a block and its writes, inside the caller's SQLite transaction."""
        self.connection.execute("INSERT INTO blocks VALUES (?, ?, ?)", (number, digest, body))
        self.connection.executemany(
            "INSERT OR IGNORE INTO transactions VALUES (?, ?, ?)",
            [(bytes.fromhex(tx_id), number, position) for tx_id, position in tx_ids],
        )
        for position, place, value in writes:
            digest_of_value = None if value is None else hashlib.sha256(value).digest()
            self.connection.execute(
                "INSERT INTO writes (block, position, collection, key, hash, value) VALUES (?, ?, ?, ?, ?, ?)",
                (number, position, place.collection, place.key, digest_of_value, value),
            )
            self.connection.execute(
                "INSERT OR REPLACE INTO state VALUES (?, ?, last_insert_rowid())",
                (place.collection, place.key),
            )


class Reader:
    """Reads of the committed ledger; use one per thread."""

    def __init__(self, connection: apsw.Connection, path: Path) -> None:
        self.connection: Final = connection
        self._path: Final = path

    def value(self, place: Place) -> tuple[bytes | None, Version | None]:
        """Give what stands at a place and the version that put it there."""
        row = self.connection.execute(_READ, place).fetchone()
        if row is None:
            return None, None
        block, position, digest, value = row
        if value is not None and hashlib.sha256(value).digest() != digest:
            raise LedgerCorruptError(
                f"{self._path}: the value written by block {block}, transaction {position} was changed on disk: "
                "stop, restore the file from a backup, and run 'waitan ledger verify'",
            )
        return value, Version(block, position) if value is not None else None

    def height(self) -> int:
        """Give the number of blocks."""
        return int(self.connection.execute("SELECT coalesce(max(number) + 1, 0) FROM blocks").fetchone()[0])

    def block(self, number: int) -> tuple[bytes, bytes] | None:
        """Give a block's hash and bytes."""
        row = self.connection.execute("SELECT hash, body FROM blocks WHERE number = ?", (number,)).fetchone()
        return None if row is None else (row[0], row[1])

    def writes(self, number: int) -> Iterator[tuple[int, str, str, bytes | None, bytes | None]]:
        """Give a block's writes in order: position, collection, key, hash, value."""
        yield from self.connection.execute(
            "SELECT position, collection, key, hash, value FROM writes WHERE block = ? ORDER BY id", (number,)
        )

    def transaction(self, tx_id: str) -> Version | None:
        """Say where a transaction stands."""
        row = self.connection.execute(
            "SELECT block, position FROM transactions WHERE tx_id = ?", (bytes.fromhex(tx_id),)
        ).fetchone()
        return None if row is None else Version(*row)

    def state(self) -> Iterator[tuple[Place, bytes]]:
        """Give all that stands now, in key order."""
        for collection, key in list(self.connection.execute("SELECT collection, key FROM state ORDER BY 1, 2")):
            value, _ = self.value(Place(collection, key))
            if value is not None:
                yield Place(collection, key), value

    def history(self, place: Place) -> Iterator[tuple[Version, bytes | None]]:
        """Give all values that a place has had, oldest first."""
        for block, position, value in self.connection.execute(
            "SELECT block, position, value FROM writes WHERE collection = ? AND key = ? ORDER BY id", place
        ):
            yield Version(block, position), value


def unusable(path: Path, error: apsw.Error) -> LedgerUnusableError:
    """Turn SQLite's error into a sentence that says what to do."""
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return LedgerCorruptError(f"{path} is damaged ({error}): restore it from a backup")
    if isinstance(error, apsw.FullError):
        return LedgerUnusableError(f"the disk that holds {path} is full: free space and start again")
    if isinstance(error, apsw.ReadOnlyError | apsw.CantOpenError | apsw.PermissionsError | apsw.IOError):
        return LedgerUnusableError(f"{path} cannot be written ({error}): check the directory's permissions and disk")
    return LedgerUnusableError(f"{path}: {error}")


def _open(path: Path, *, readonly: bool = False) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READONLY if readonly else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_timeout(5000)
    if not readonly:
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
    return connection


def _lock(directory: Path) -> int:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerUnusableError(
            f"{directory} cannot be written ({error.strerror}): choose another data directory or mend its permissions"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise LedgerUnusableError(
            f"{directory} is in use by another process: stop it first, or choose another data directory"
        ) from error
    return handle
