"""Reads of the committed ledger. Every value is checked against its hash: a changed one is never served."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import apsw
import msgspec

from chaincode.embedded.blocks import Version
from chaincode.embedded.faults import LedgerCorruptError
from chaincode.port import Place

# Places go in as one JSON array and one statement, which lets go of Python's lock for each value that is there and not
# for each that is asked for.
_VALUES: Final = """
SELECT s.collection, s.key, w.block, w.position, w.hash, w.value FROM json_each(?) asked
CROSS JOIN state s ON s.collection = asked.value ->> 0 AND s.key = asked.value ->> 1
CROSS JOIN writes w ON w.id = s.write WHERE w.hash IS NOT NULL
"""
_VERSION: Final = """
SELECT w.block, w.position FROM state s JOIN writes w ON w.id = s.write
WHERE s.collection = ? AND s.key = ? AND w.hash IS NOT NULL
"""
_WRITES: Final = """
SELECT w.id, w.position, CAST(w.collection AS BLOB), CAST(w.key AS BLOB), w.hash, w.value FROM blocks b
JOIN writes w ON w.id >= b.first_write AND w.id < b.first_write + b.writes WHERE b.number = ? ORDER BY w.id
"""
_HISTORY: Final = """
WITH RECURSIVE past(id) AS (
    SELECT write FROM state WHERE collection = ? AND key = ?
    UNION ALL SELECT w.previous FROM past JOIN writes w ON w.id = past.id WHERE w.previous IS NOT NULL
) SELECT w.block, w.position, w.hash, w.value FROM past JOIN writes w ON w.id = past.id ORDER BY w.id
"""


class Stored(NamedTuple):
    """A write as it is kept. Deleted: neither hash nor value. Purged: the hash without the value."""

    id: int
    position: int
    place: Place
    hash: bytes | None
    value: bytes | None


class Reader:
    """One connection for reading; use one per thread. Raises `apsw.Error` and `LedgerCorruptError`."""

    def __init__(self, connection: apsw.Connection, path: Path) -> None:
        self.connection: Final = connection
        self._path: Final = path

    def values(self, places: Iterable[Place]) -> Iterator[tuple[Place, bytes | None, Version]]:
        """Give what stands at some places and the version that put it there; None for a value that was purged."""
        asked = msgspec.json.encode(list(places)).decode()
        for collection, key, block, position, digest, value in self.connection.execute(_VALUES, (asked,)):
            version = Version(block, position)
            if value is not None and hashlib.sha256(value).digest() != digest:
                raise LedgerCorruptError(
                    f"{self._path}: the value of {collection or 'public'} {key}, written by block {block}, "
                    f"transaction {position}, was changed on disk: stop, restore the directory from a backup, "
                    "and run 'waitan ledger verify'",
                )
            yield Place(collection, key), value, version

    def value(self, place: Place) -> tuple[bytes | None, Version | None]:
        """Give what stands at one place and the version that put it there."""
        for _, value, version in self.values([place]):
            return value, version
        return None, None

    def version(self, place: Place) -> Version | None:
        """Give the version of what stands at a place."""
        for row in self.connection.execute(_VERSION, place):
            return Version(*row)
        return None

    def height(self) -> int:
        """Give the number of blocks."""
        ((height,),) = self.connection.execute("SELECT coalesce(max(number) + 1, 0) FROM blocks")
        return int(height)

    def block(self, number: int) -> tuple[bytes, bytes] | None:
        """Give a block's hash and bytes."""
        for digest, body in self.connection.execute("SELECT hash, body FROM blocks WHERE number = ?", (number,)):
            return digest, body
        return None

    def writes(self, number: int) -> Iterator[Stored]:
        """Give what a block wrote, in order. A name that was damaged is given as far as it can be read."""
        for write, position, collection, key, digest, value in self.connection.execute(_WRITES, (number,)):
            place = Place(collection.decode(errors="backslashreplace"), key.decode(errors="backslashreplace"))
            yield Stored(write, position, place, digest, value)

    def transaction(self, tx_id: str) -> Version | None:
        """Say where a transaction stands: the first of its id."""
        rows = self.connection.execute(
            "SELECT block, position FROM transactions WHERE tx_id = ?", (bytes.fromhex(tx_id),)
        )
        for row in rows:
            return Version(*row)
        return None

    def state(self) -> Iterator[tuple[Place, bytes]]:
        """Give all that stands now, in key order."""
        for collection, key in list(self.connection.execute("SELECT collection, key FROM state ORDER BY 1, 2")):
            value, _ = self.value(Place(collection, key))
            if value is not None:
                yield Place(collection, key), value

    def history(self, place: Place) -> Iterator[tuple[Version, bytes | None]]:
        """Give all values that a place has had, oldest first; None where it was deleted, or the value is purged."""
        for block, position, digest, value in self.connection.execute(_HISTORY, place):
            if value is not None and hashlib.sha256(value).digest() != digest:
                raise LedgerCorruptError(
                    f"{self._path}: the value of {place.collection or 'public'} {place.key}, written by block {block}, "
                    f"transaction {position}, was changed on disk: stop, and restore the directory from a backup",
                )
            yield Version(block, position), value
