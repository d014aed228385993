"""When payments were decided: counted by spans of time, for a picture of the day."""

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:  # the store makes the tables
    from gateway.projection.store import Reader

_SPANS: Final = """
WITH decided AS (
    SELECT j.at_ms, p.code IS NOT NULL AS rejected FROM payments p JOIN journals j ON j.id = p.journal
    LEFT JOIN reservations r ON r.payment = p.id
    WHERE p.id > (SELECT coalesce(max(id), 0) FROM payments) - ?2 AND j.block >= ?1
        AND (p.code IS NOT NULL OR r.payment IS NULL OR coalesce(r.settled_on, '') <> '')
), bounds AS (SELECT min(at_ms) AS first, (max(at_ms) - min(at_ms)) / ?3 + 1 AS length FROM decided)
SELECT first, length, (at_ms - first) / length AS place, sum(NOT rejected), sum(rejected), max(at_ms)
FROM decided, bounds GROUP BY place ORDER BY place
"""
"""What is reserved has not been decided; what was reserved and has settled counts when it was reserved."""


_IS_CUT: Final = """
SELECT EXISTS (
    SELECT 1 FROM payments p JOIN journals j ON j.id = p.journal
    WHERE p.id = (SELECT max(id) FROM payments WHERE id <= (SELECT max(id) FROM payments) - ?2) AND j.block >= ?1
)
"""


class Span(NamedTuple):
    """How many payments were decided from a moment on, until the next span begins."""

    at_ms: int
    settled: int
    rejected: int


class Spans(NamedTuple):
    """Spans of one length, from the first decision to the last, which was made at `last_ms`.

    `is_cut`: there were more before the first, which are not counted.
    """

    spans: tuple[Span, ...] = ()
    last_ms: int = 0
    is_cut: bool = False

    @property
    def settled(self) -> int:
        """How many settled in all."""
        return sum(span.settled for span in self.spans)

    @property
    def rejected(self) -> int:
        """How many were rejected in all."""
        return sum(span.rejected for span in self.spans)


class Activity:
    """The question; it raises `LedgerUnreachableError` where the file is damaged."""

    def __init__(self, reader: "Reader") -> None:
        self._reader: Final = reader

    def since(self, block: int, *, spans: int, limit: int) -> Spans:
        """Count the payments that were decided from a block on, in so many spans; of many payments the newest."""
        rows = self._reader.rows(_SPANS, (block, limit, spans))
        if not rows:
            return Spans()
        first, length = rows[0][:2]
        counted = {place: (settled, rejected) for _, _, place, settled, rejected, _ in rows}
        ((is_cut,),) = self._reader.rows(_IS_CUT, (block, limit))
        return Spans(
            tuple(Span(first + place * length, *counted.get(place, (0, 0))) for place in range(spans)),
            rows[-1][5],
            bool(is_cut),
        )
