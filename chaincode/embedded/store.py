"""The ledger's file: blocks, every write ever made, and the index of those that count now.

SQLite through apsw, WAL, synchronous=FULL: what a commit answered survives loss of power. A value is stored once, in
`writes`; the state points at it, and each write at the one before it of the same place.

What was changed behind our back is told, never served: every page carries a checksum (SQLite's cksumvfs), every
private or public value its hash, every block its own. A file that is whole but old (a WAL that was lost or torn, a
backup of yesterday) is seen by `head`, a file beside it that says how many blocks were committed.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Final

import apsw

from chaincode.embedded import faults
from chaincode.embedded.faults import LedgerCorruptError, LedgerUnusableError
from chaincode.embedded.reader import Reader
from chaincode.port import Place
from storage import checked_files
from storage.write_ahead_log import WriteAheadLog

LEDGER_FILE: Final = "ledger.sqlite"
HEAD_FILE: Final = "head"
SCHEMA_VERSION: Final = 1
APPLICATION_ID: Final = 0x57414954
"""What SQLite's header says of whose file this is: WAIT."""
LOG_PAGES: Final = 4096
"""How far the WAL grows (16 MiB) until it is copied into the file. The longer, the more often a page is written again
before it is copied; but a short copy leaves the disk sooner to the next commit's sync."""
LOG_BYTES: Final = 32 * 2**20
"""What the WAL is cut to when it has grown longer, as it does while somebody reads for long."""

_SCHEMA: Final = """
CREATE TABLE ledger (network TEXT NOT NULL) STRICT;
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL, first_write INTEGER NOT NULL, writes INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE transactions (
    tx_id BLOB PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE writes (
    id INTEGER PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL,
    collection TEXT NOT NULL, key TEXT NOT NULL, previous INTEGER, hash BLOB, value BLOB
) STRICT;
CREATE TABLE state (
    collection TEXT NOT NULL, key TEXT NOT NULL, write INTEGER NOT NULL, PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
"""
_WRITE: Final = """
INSERT INTO writes VALUES (?1, ?2, ?3, ?4, ?5, (SELECT write FROM state WHERE collection = ?4 AND key = ?5), ?6, ?7)
"""
_PURGE: Final = """
WITH RECURSIVE past(id) AS (
    SELECT write FROM state WHERE collection = ? AND key = ?
    UNION ALL SELECT w.previous FROM past JOIN writes w ON w.id = past.id WHERE w.previous IS NOT NULL
) UPDATE writes SET value = NULL WHERE id IN past AND value IS NOT NULL
"""

Written = tuple[int, Place, bytes | None]
"""A write of a block: the position of its transaction, its place, its value (None: deleted)."""


class Store:
    """The file, opened by one process at a time. One connection writes; readers get their own by `reader`."""

    def __init__(self, directory: Path, network: str) -> None:
        self.path: Final = directory / LEDGER_FILE
        self._lock: Final = _lock(directory)
        self._connections: Final[list[apsw.Connection]] = []
        self._head: _Head | None = None
        self._log: WriteAheadLog | None = None
        self._closed = False
        try:
            self._connection: Final = self._opened()
            self._require_ledger(network)
            self._require_head(directory / HEAD_FILE)
            self._head = _Head(directory / HEAD_FILE)
            self._next_write = self._last_write() + 1
            self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
            self._log = WriteAheadLog(self._connection, checked_files.open_to_copy(self.path), pages=LOG_PAGES)
        except apsw.Error as error:
            self.close()
            raise faults.of(error, self.path) from error
        except BaseException:
            self.close()
            raise

    def reader(self) -> Reader:
        """Open another connection, for reading. It may be closed from any thread, by `close`."""
        connection = checked_files.open_to_read(self.path)
        self._connections.append(connection)
        return Reader(connection, self.path)

    def close(self) -> None:
        """Let the file go; the last connection copies the WAL into it. Once closed, again is nothing."""
        if self._closed:
            return
        self._closed = True
        if self._log is not None:
            self._log.close()
        for connection in reversed(self._connections):
            connection.close()
        if self._head is not None:
            self._head.close()
        os.close(self._lock)

    def append(
        self, number: int, digest: bytes, body: bytes, tx_ids: Iterable[tuple[str, int]], writes: Sequence[Written]
    ) -> None:
        """Add a block and its writes, durable when this returns.

        Raises `LedgerFullError` where there is no space: the block is then not there, now or after a restart (SQLite
        writes the frame that makes it count last). Any other `LedgerUnusableError`: whether the block is there shows
        when the file is opened again.
        """
        assert self._log is not None
        assert self._head is not None
        first = self._next_write
        with self._log.writing():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute(
                    "INSERT INTO blocks VALUES (?, ?, ?, ?, ?)", (number, digest, first, len(writes), body)
                )
                self._connection.executemany(
                    "INSERT OR IGNORE INTO transactions VALUES (?, ?, ?)",
                    [(bytes.fromhex(tx_id), number, position) for tx_id, position in tx_ids],
                )
                self._write(number, first, writes)
                self._connection.execute("COMMIT")
            except BaseException as error:
                with suppress(apsw.Error):
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                if isinstance(error, apsw.Error):
                    raise faults.of(error, self.path) from error
                raise
        self._next_write = first + len(writes)
        self._head.write(number + 1, digest)

    def purge(self, place: Place) -> int:
        """Remove every value that a place has had, also from free pages and the WAL; give how many there were."""
        assert self._log is not None
        try:
            self._connection.pragma("secure_delete", True)
            with self._log.writing():
                self._connection.execute(_PURGE, place)
                purged = self._connection.changes()
            self._log.empty()
        except apsw.Error as error:
            raise faults.of(error, self.path) from error
        return purged

    def _write(self, number: int, first: int, writes: Sequence[Written]) -> None:
        """Add the writes, one transaction after another: a place may be written by several."""
        numbered = [(first + offset, *write) for offset, write in enumerate(writes)]
        for position, group in groupby(numbered, lambda each: each[1]):
            rows = list(group)
            self._connection.executemany(
                _WRITE,
                [
                    (write, number, position, place.collection, place.key, _digest(value), value)
                    for write, _, place, value in rows
                ],
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO state VALUES (?, ?, ?)",
                [(place.collection, place.key, write) for write, _, place, _ in rows],
            )

    def _opened(self) -> apsw.Connection:
        if checked_files.is_empty(self.path):
            require_nothing_committed(self.path, noted_head(self.path.with_name(HEAD_FILE))[0])
        connection = checked_files.open_to_write(self.path)
        self._connections.append(connection)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # what is refused is left as it is
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.wal_autocheckpoint(0)  # until it is known to be the right file; then see WriteAheadLog
        connection.pragma("journal_size_limit", LOG_BYTES)
        return connection

    def _require_ledger(self, network: str) -> None:
        """See that the file is a ledger that this program reads, and of this network; make it one where it is new."""
        version, owner = (self._connection.pragma(name) for name in ("user_version", "application_id"))
        ((tables,),) = self._connection.execute("SELECT count(*) FROM sqlite_schema")
        if (version, owner, tables) == (0, 0, 0):
            with self._connection:
                self._connection.execute(_SCHEMA)
                self._connection.execute("INSERT INTO ledger VALUES (?)", (network,))
                self._connection.pragma("application_id", APPLICATION_ID)
                self._connection.pragma("user_version", SCHEMA_VERSION)
            return
        found = require_ledger(self._connection, self.path)
        if found != network:
            raise LedgerUnusableError(
                f"{self.path} is the ledger of network {found!r}, not of {network!r}: choose another data directory"
            )

    def _require_head(self, head: Path) -> None:
        """See that the file still holds all that was committed."""
        height, digest = noted_head(head)
        if height == 0:
            return
        last = self._connection.execute("SELECT hash FROM blocks WHERE number = ?", (height - 1,)).fetchall()
        if last == [(digest,)]:
            return
        ((found,),) = self._connection.execute("SELECT coalesce(max(number) + 1, 0) FROM blocks")
        what = f"ends at {found} blocks, but {height} were committed" if not last else "is another ledger's"
        raise LedgerCorruptError(
            f"{self.path} {what}: its write-ahead log was lost or damaged, or the file was replaced: restore the whole "
            f"directory from a backup; to go on with what is there, remove {head}"
        )

    def _last_write(self) -> int:
        ((last,),) = self._connection.execute("SELECT coalesce(max(id), 0) FROM writes")
        return int(last)


class _Head:
    """A file of 48 bytes: how many blocks were committed, the last one's hash, and a check of both.

    It is written after each commit and not synced: a killed process leaves it true, a loss of power at most older
    than the ledger, which says nothing wrong. So it costs no time and raises no false alarm.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        try:
            self._handle: Final = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerUnusableError(
                f"{path} cannot be written ({error.strerror}): check the disk and its permissions"
            ) from error

    def write(self, height: int, digest: bytes) -> None:
        """Note a commit. Where that fails the older note stands, which is no lie."""
        noted = height.to_bytes(8, "big") + digest
        with suppress(OSError):
            os.pwrite(self._handle, noted + hashlib.sha256(noted).digest()[:8], 0)

    def close(self) -> None:
        """Let the file go."""
        os.close(self._handle)


class HeadDamagedError(LedgerCorruptError):
    """The note of the head is not one."""

    def __init__(self, path: Path) -> None:
        self.what: Final = f"{path} is damaged, so nobody can say how many blocks were committed"
        super().__init__(
            f"{self.what}: restore the whole directory from a backup; to go on with what is there, remove it"
        )


def noted_head(path: Path) -> tuple[int, bytes]:
    """Give the number of blocks that were committed, and the last one's hash; 0 where nothing was noted."""
    noted = path.read_bytes() if path.exists() else b""
    if not noted:
        return 0, b""
    if len(noted) != 48 or hashlib.sha256(noted[:40]).digest()[:8] != noted[40:]:  # noqa: PLR2004 - 8 + 32 + 8
        raise HeadDamagedError(path)
    return int.from_bytes(noted[:8], "big"), noted[8:40]


def require_nothing_committed(path: Path, committed: int) -> None:
    """Refuse that a file is empty to which blocks were committed."""
    if committed:
        raise LedgerCorruptError(
            f"{path} is empty or gone, but {committed} blocks were committed: restore the whole directory from a backup"
        )


def require_ledger(connection: apsw.Connection, path: Path) -> str:
    """See that a file is a ledger that this program reads; give its network."""
    version, owner = (connection.pragma(name) for name in ("user_version", "application_id"))
    if owner != APPLICATION_ID:
        raise LedgerUnusableError(f"{path} is not a Waitan ledger: choose another data directory")
    if version != SCHEMA_VERSION:
        raise LedgerUnusableError(
            f"{path} has schema {version}, this program reads {SCHEMA_VERSION}: "
            "use the release that wrote it, or another data directory",
        )
    ((network,),) = connection.execute("SELECT network FROM ledger")
    return str(network)


def _digest(value: bytes | None) -> bytes | None:
    return None if value is None else hashlib.sha256(value).digest()


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
