"""What the read model knows of the regulator's reads: which there were, of whom, in the order of the ledger."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import apsw

from gateway.ledger.port import FeedWrite
from settlement.forms import records
from settlement.supervision import SupervisoryReads

if TYPE_CHECKING:  # the store makes this module's table
    from gateway.projection.store import Reader

SCHEMA: Final = """
CREATE TABLE supervisory_reads (
    id INTEGER PRIMARY KEY, participant TEXT NOT NULL, key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX supervisory_reads_by_key ON supervisory_reads (participant, key);
CREATE INDEX supervisory_reads_of_one ON supervisory_reads (participant, id);
"""
_APPLY: Final = "INSERT OR IGNORE INTO supervisory_reads (participant, key) VALUES (?, ?)"
_VIEW: Final = """
SELECT s.id, r.block, r.body FROM supervisory_reads s
JOIN records r ON r.collection = s.participant AND r.key = s.key
"""
_OLDEST_FIRST: Final = f"{_VIEW} WHERE s.id > ?1 AND (?2 = '' OR s.participant = ?2) ORDER BY s.id LIMIT ?3"
_NEWEST_FIRST: Final = (
    f"{_VIEW} WHERE (?1 = 0 OR s.id < ?1) AND (?2 = '' OR s.participant = ?2) ORDER BY s.id DESC LIMIT ?3"
)


class ReadsView(NamedTuple):
    """What one command recorded of one organisation; `id` grows with time."""

    id: int
    block: int
    record: SupervisoryReads


def apply(connection: apsw.Connection, write: FeedWrite) -> None:
    """Enter a record."""
    connection.execute(_APPLY, (write.collection, write.key))


class SupervisoryReadsKept:
    """The question; it raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def page(self, *, after: int = 0, limit: int, participant: str = "", newest_first: bool = False) -> list[ReadsView]:
        """Give the next ones after a row, oldest first unless it is said, of one organisation if named."""
        question = _NEWEST_FIRST if newest_first else _OLDEST_FIRST
        return [_view(row) for row in self._reader.rows(question, (after, participant, limit))]


def _view(row: Sequence[Any]) -> ReadsView:
    identifier, block, body = row
    record = records.decode(body, private=False)
    assert isinstance(record, SupervisoryReads)
    return ReadsView(identifier, block, record)
