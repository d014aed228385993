"""The contracts behind Fabric's chaincode protocol, in the place of a plain call: the second host of one suite.

The chaincode server (chaincode.fabric over chaincode.shim) and a fake peer run on an event loop of their own; the
peer's state is the simulation of the embedded ledger that asks. So a batch goes over a gRPC stream on loopback, message
by message, and all the rest (versions, blocks, collections) is the embedded ledger's.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from typing import Any, Final, TypeVar

from chaincode import shim
from chaincode.dispatch import MalformedBatchError
from chaincode.embedded.simulation import Simulation
from chaincode.fabric.contract import EXECUTE, contract
from chaincode.port import Place, Stub
from tests.fakes.peer import FABRIC_3, FakePeer, Outcome
from tests.fakes.peer_state import AbsentError, PeerState

T = TypeVar("T")


class ChaincodeHost:
    """A chaincode server and the peer that asks it; `execute` is a contract for an embedded ledger."""

    def __init__(self, parameters: bytes = FABRIC_3, clock: Callable[[], int] | None = None) -> None:
        """Serve to a peer of some version; the chaincode's clock shows the proposal's time unless one is given."""
        self._loop: Final = asyncio.new_event_loop()
        self._thread: Final = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack: Final = AsyncExitStack()
        self._state: Final = _Simulated()
        self._clock: Final = clock or (lambda: self._state.now_ms)
        self._thread.start()
        self._peer: Final = self._wait(self._start(parameters))

    def close(self) -> None:
        """End the stream and the server."""
        self._wait(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def execute(self, stub: Stub) -> bytes:
        """Run a batch as a peer would; it does not return before the chaincode has answered."""
        outcome = self.run(stub, EXECUTE)
        if outcome.type == "ERROR" or outcome.response.status >= 400:
            raise MalformedBatchError(outcome.error or outcome.response.message)
        await stub.write({Place(*place): value for place, value in outcome.writes.items()})
        return bytes(outcome.response.payload)

    def run(self, stub: Stub, *arguments: bytes, **proposal: Any) -> Outcome:
        """Run any function; give what the peer was told."""
        assert isinstance(stub, Simulation)
        self._state.simulation = stub
        return self._wait(
            self._peer.execute(
                *arguments, tx_id=stub.tx_id, timestamp_ms=stub.timestamp_ms, transient=stub.transient, **proposal
            )
        )

    async def _start(self, parameters: bytes) -> FakePeer:
        settings = shim.Settings("waitan_1.0:c0ffee", "localhost:0", drain_max_s=0)
        server = shim.ChaincodeServer(contract(clock=self._clock), settings)
        await server.start()
        self._stack.push_async_callback(server.drain)
        return await self._stack.enter_async_context(FakePeer(server.port, state=self._state, parameters=parameters))

    async def _end(self) -> None:
        await self._stack.aclose()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)


class _Simulated(PeerState):
    """The state as one simulation sees it. What the peer reads is read, and remembered, by the simulation."""

    simulation: Simulation

    @property
    def now_ms(self) -> int:
        """The chaincode's clock: a test's time is the proposal's."""
        return self.simulation.timestamp_ms

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
        reading = self.simulation.fetch([Place(*place) for place in places])
        try:
            reading.send(None)
        except StopIteration as end:
            return dict(end.value)
        raise AssertionError("the embedded ledger never waits")
