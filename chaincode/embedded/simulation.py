"""Running a contract against the committed state: what it read, with versions, and what it would write."""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from typing import Any, Final

from chaincode.embedded.blocks import (
    Proposal,
    Read,
    Version,
    Write,
    shown_key,
    shown_value,
)
from chaincode.embedded.hot import Hot
from chaincode.embedded.reader import Reader
from chaincode.port import Place, Stub

Contract = Callable[[Stub], Coroutine[Any, Any, bytes]]


class Simulation:
    """The embedded host's side of one transaction (chaincode.port.Stub)."""

    def __init__(self, proposal: Proposal, transient: Mapping[str, bytes], reader: Reader, hot: Hot) -> None:
        self.tx_id: Final = proposal.tx_id
        self.timestamp_ms: Final = proposal.timestamp_ms
        self.transient: Final = transient
        self.versions: Final[dict[Place, Version | None]] = {}
        self.written: dict[Place, bytes | None] = {}
        self._reader: Final = reader
        self._hot: Final = hot

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read many places, and remember the versions found."""
        found: dict[Place, bytes | None] = {}
        cold = []
        for place in places:
            hot = self._hot.values.get(place)
            if hot is None:
                self.versions[place] = None
                cold.append(place)
            else:
                found[place], self.versions[place] = hot
        for place, value, version in self._reader.values(cold):
            found[place] = value
            self.versions[place] = version
            if value is not None:
                self._hot.keep(place, value, version)
        return found

    async def write(self, writes: Mapping[Place, bytes | None]) -> None:
        """Take the transaction's writes."""
        self.written = dict(writes)

    def read_set(self) -> tuple[Read, ...]:
        """What a block will say was read."""
        return tuple(Read(place.collection, shown_key(place), self.versions[place]) for place in sorted(self.versions))

    def write_set(self) -> tuple[Write, ...]:
        """What a block will say was written."""
        return tuple(
            Write(place.collection, shown_key(place), shown_value(place, value))
            for place, value in self.written.items()
        )


def run(contract: Awaitable[bytes]) -> bytes:
    """Run a contract to its end. The embedded host never waits, so no event loop is needed."""
    steps = contract.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return bytes(end.value)
    raise AssertionError("a contract waited for something that is not the ledger")
