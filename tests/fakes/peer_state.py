"""What a fake peer holds: a world state, private collections with their hashes, and the history of its keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

Place = tuple[str, str]
"""A collection, or "" for the public state, and a key."""


class Modified(NamedTuple):
    """One entry of a key's history."""

    tx_id: str
    value: bytes | None
    timestamp_ms: int


class AbsentError(Exception):
    """The ledger holds a private value in a version that this peer lacks."""


@dataclass
class PeerState:
    """The committed state. `lacking` names private places whose values never came to this peer."""

    values: dict[Place, bytes] = field(default_factory=dict)
    history: dict[str, list[Modified]] = field(default_factory=dict)
    lacking: set[Place] = field(default_factory=set)

    def value(self, place: Place) -> bytes | None:
        """A value as GET_STATE gives it; AbsentError for a private one that is on the ledger only."""
        if place in self.lacking:
            raise AbsentError
        return self.values.get(place)

    def values_of(self, places: Iterable[Place]) -> list[bytes]:
        """Values as GET_STATE_MULTIPLE gives them: without a word about those that this peer lacks."""
        return [b"" if place in self.lacking else self.values.get(place, b"") for place in places]

    def hash(self, place: Place) -> bytes:
        """What GET_PRIVATE_DATA_HASH gives: it is there also where the value is lacking."""
        return sha256(self.values[place]).digest() if place in self.values else b""

    def scan(self, collection: str, start: str, end: str) -> list[tuple[str, bytes]]:
        """A range, in the order of the keys' UTF-8; values that are lacking are left out."""
        low, high = start.encode(), end.encode()
        found = [
            (key, value)
            for (held_in, key), value in self.values.items()
            if held_in == collection
            and low <= key.encode()
            and (not high or key.encode() < high)
            and (held_in, key) not in self.lacking
        ]
        return sorted(found, key=lambda entry: entry[0].encode())

    def commit(self, tx_id: str, timestamp_ms: int, writes: Mapping[Place, bytes | None]) -> None:
        """Apply a transaction's writes; an empty value deletes, as on Fabric."""
        for place, value in writes.items():
            self.lacking.discard(place)
            if value:
                self.values[place] = value
            else:
                self.values.pop(place, None)
            if not place[0]:
                self.history.setdefault(place[1], []).insert(0, Modified(tx_id, value or None, timestamp_ms))
