"""What the records of trade on a ledger say, held against each other: copies, acts, and the chains of bills of lading.

Of every transaction: whoever holds a record gets the same one, its acts go on from those of the version before, and a
bill of lading verifies by itself and only adds to its chain. (REQUIREMENTS I7, I14)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from chaincode.port import Place
from settlement.errors import Refusal
from settlement.records import Record
from settlement.trade.lading import bill
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import TradeRecord, kind_of

_Name = tuple[str, str]
"""Kind and record_id."""


class TradeBooks:
    """Follows records of trade, transaction by transaction."""

    def __init__(self) -> None:
        self._last: Final[dict[_Name, TradeRecord[Any]]] = {}
        self._is_whole = True

    def enter(self, writes: Sequence[tuple[Place, Record]], unseen: frozenset[str]) -> Iterator[str]:
        """Take in what a transaction wrote; `unseen` names the collections of which something was purged."""
        self._is_whole = self._is_whole and not unseen
        copies: defaultdict[_Name, dict[str, TradeRecord[Any]]] = defaultdict(dict)
        for place, record in writes:
            if isinstance(record, TradeRecord):
                copies[kind_of(type(record)), record.record_id][place.collection] = record
        for name, held in copies.items():
            for wrong in self._wrong(name, held, unseen):
                yield f"the {name[0].replace('_', ' ')} {name[1]} {wrong}"

    def _wrong(self, name: _Name, held: dict[str, TradeRecord[Any]], unseen: frozenset[str]) -> Iterator[str]:
        record, *others = held.values()
        if any(each != record for each in others):
            yield "is not the same to all who hold it"
        if set(record.held_by) - held.keys() - unseen:
            yield "is kept from one who holds it"
        before = self._last.get(name)
        if (before or self._is_whole) and record.revision != (before.revision if before else 0) + len(record.acts):
            yield "has a change that no act tells of"
        if isinstance(record, BillOfLading):
            yield from _chain(record, before)
        self._last[name] = record


def _chain(record: BillOfLading, before: TradeRecord[Any] | None) -> Iterator[str]:
    try:
        bill.verify(record)
    except Refusal as refusal:
        yield f"has a chain that does not hold, at {refusal.where}"
    if isinstance(before, BillOfLading) and record.links[: len(before.links)] != before.links:
        yield "has another history than before"
