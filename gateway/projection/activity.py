"""When payments were decided: for a picture of the day."""

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:  # the store makes the tables
    from gateway.projection.store import Reader

_DECIDED: Final = """
SELECT j.at_ms, p.code IS NOT NULL FROM payments p JOIN journals j ON j.id = p.journal
LEFT JOIN reservations r ON r.payment = p.id
WHERE p.id > (SELECT coalesce(max(id), 0) FROM payments) - ?2 AND j.block >= ?1
    AND (p.code IS NOT NULL OR r.payment IS NULL OR coalesce(r.settled_on, '') <> '')
ORDER BY p.id
"""
"""What is reserved has not been decided; and what was, counts when it was reserved."""


class Decided(NamedTuple):
    """A payment's decision: when, and whether it was rejected (else it settled)."""

    at_ms: int
    is_rejected: bool


class Activity:
    """The question; it raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def since(self, block: int, *, limit: int) -> list[Decided]:
        """Give the payments that were decided from a block on, in their order; of many the newest."""
        return [Decided(at_ms, bool(rejected)) for at_ms, rejected in self._reader.rows(_DECIDED, (block, limit))]
