"""A chaincode in its server, and the peer that asks it: a simulation of the embedded ledger is the state it sees.

So a batch goes over a gRPC stream on loopback, message by message, and all the rest (versions, blocks, collections) is
the embedded ledger's.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Final, Self

from chaincode import keys, shim
from chaincode.embedded.simulation import Simulation
from chaincode.port import PUBLIC, Place, Stub
from tests.builders import PROFILES
from tests.fakes.peer import FABRIC_3, FakePeer, Faults, Outcome, RefusedError
from tests.fakes.peer_state import AbsentError, PeerState

COLLECTIONS: Final = frozenset({PUBLIC, keys.AUTHORITY, *(profile.participant for profile in PROFILES)})
"""What the chaincode's definition names. A peer takes the name of any other for a fault of the chaincode's."""


class ServedChaincode:
    """A chaincode server and the stream to it, as an async context manager; a stream that broke is opened again."""

    def __init__(self, chaincode: shim.Chaincode, parameters: bytes = FABRIC_3) -> None:
        """Serve to a peer of some version."""
        self.faults: Final = Faults()
        self._parameters: Final = parameters
        settings = shim.Settings("waitan_1.0:c0ffee", "localhost:0", drain_max_s=0)
        self._server: Final = shim.ChaincodeServer(chaincode, settings)
        self._dialling: Final = asyncio.Lock()
        self._stack: Final = AsyncExitStack()
        self._peer: FakePeer | None = None

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._stack.push_async_callback(self._server.drain)
        await self.peer()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def peer(self) -> FakePeer:
        """Give the peer, whose stream is open."""
        async with self._dialling:
            if self._peer is None or self._peer.ended.done():
                dialled = FakePeer(self._server.port, parameters=self._parameters, faults=self.faults)
                self._peer = await self._stack.enter_async_context(dialled)
            return self._peer

    async def run(
        self, stub: Stub, *arguments: bytes, holds: Callable[[str], bool] = lambda _: True, **proposal: Any
    ) -> Outcome:
        """Run a function in a simulation, on the peer of one who is a member of some collections.

        Raises `ConnectionError` where the stream breaks off.
        """
        assert isinstance(stub, Simulation)
        peer = await self.peer()
        return await peer.execute(
            *arguments,
            tx_id=stub.tx_id,
            timestamp_ms=stub.timestamp_ms,
            transient=stub.transient,
            state=_Simulated(stub, holds),
            **proposal,
        )


class _Simulated(PeerState):
    """The state as one simulation sees it. What the peer reads is read, and remembered, by the simulation."""

    def __init__(self, simulation: Simulation, holds: Callable[[str], bool]) -> None:
        super().__init__()
        self._simulation: Final = simulation
        self._holds: Final = holds

    def value(self, place: tuple[str, str]) -> bytes | None:
        found = self._found([place])
        if place in found and found[Place(*place)] is None:
            raise AbsentError
        return found.get(Place(*place))

    def values_of(self, places: Iterable[tuple[str, str]]) -> list[bytes]:
        wanted = [Place(*place) for place in places]
        found = self._found(wanted)
        return [found.get(place) or b"" for place in wanted]

    def hash(self, place: tuple[str, str]) -> bytes:
        return b"h" * 32 if place in self._found([place]) else b""

    def commit(self, tx_id: str, timestamp_ms: int, writes: Any) -> None:
        """It is the embedded ledger that commits."""

    def _found(self, places: Iterable[tuple[str, str]]) -> dict[Place, bytes | None]:
        """Read; what is private and stands on the ledger, but not on this peer, is None."""
        wanted = [Place(*place) for place in places]
        if unknown := {place.collection for place in wanted} - COLLECTIONS:
            raise RefusedError(f"collection [{min(unknown)}] is not in the chaincode's definition")
        reading = self._simulation.fetch(wanted)
        try:
            reading.send(None)
        except StopIteration as end:
            return {
                place: value if place.collection == PUBLIC or self._holds(place.collection) else None
                for place, value in end.value.items()
            }
        raise AssertionError("the embedded ledger never waits")
