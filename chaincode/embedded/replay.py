"""The state as the blocks alone give it, rebuilt beside the ledger: in a temporary file, so that memory stays small."""

from collections.abc import Iterator
from typing import Final

import apsw

from chaincode.embedded.blocks import Read, Version, shown_key
from chaincode.port import Place

_CACHE_KIB: Final = 16_384


class Replay:
    """Which write counts at each key, as blocks show keys; and where each transaction id was first seen."""

    def __init__(self) -> None:
        self._connection: Final = apsw.Connection("", vfs="unix")  # SQLite's name for a file that vanishes
        self._connection.pragma("journal_mode", "off")
        self._connection.pragma("cache_size", -_CACHE_KIB)
        self._connection.execute(
            "CREATE TABLE state (collection TEXT, key BLOB, block INTEGER, position INTEGER, write INTEGER,"
            " PRIMARY KEY (collection, key)) WITHOUT ROWID;"
            "CREATE TABLE transactions (tx_id BLOB PRIMARY KEY, block INTEGER, position INTEGER) WITHOUT ROWID; BEGIN"
        )

    def close(self) -> None:
        """Forget it all."""
        self._connection.close()

    def stands(self, read: Read) -> bool:
        """Say whether what a transaction read is what stands now."""
        row = self._connection.execute(
            "SELECT block, position FROM state WHERE collection = ? AND key = ?", (read.collection, read.key)
        ).fetchone()
        version = None if row is None or row[0] is None else Version(*row)
        return version == read.version

    def put(self, place: Place, version: Version | None, write: int) -> None:
        """Let a write count; `version` is None where it deletes."""
        block, position = version or (None, None)
        self._connection.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)",
            (place.collection, shown_key(place), block, position, write),
        )

    def is_first(self, tx_id: str, version: Version) -> bool:
        """Note a transaction id; say whether it was not seen before."""
        self._connection.execute(
            "INSERT OR IGNORE INTO transactions VALUES (?, ?, ?)", (bytes.fromhex(tx_id), *version)
        )
        return self._connection.changes() == 1

    def write_at(self, place: Place) -> int | None:
        """Give the number of the write that counts at a place."""
        for (write,) in self._connection.execute(
            "SELECT write FROM state WHERE collection = ? AND key = ?", (place.collection, shown_key(place))
        ):
            return int(write)
        return None

    def places(self) -> int:
        """Count the places."""
        ((count,),) = self._connection.execute("SELECT count(*) FROM state")
        return int(count)

    def transactions(self) -> Iterator[tuple[bytes, int, int]]:
        """Give all transaction ids in order, and where each was first seen."""
        yield from self._connection.execute("SELECT tx_id, block, position FROM transactions ORDER BY tx_id")
