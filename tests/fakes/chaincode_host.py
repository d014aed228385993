"""The contracts behind Fabric's chaincode protocol, in the place of a plain call: the second host of one suite.

The chaincode server (chaincode.fabric over chaincode.shim) and its peer run on an event loop of their own, in a thread.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from chaincode.dispatch import MalformedBatchError
from chaincode.fabric.contract import EXECUTE, contract
from chaincode.port import Place, Stub
from tests.fakes.peer import FABRIC_3, Outcome
from tests.fakes.served_chaincode import ServedChaincode

T = TypeVar("T")


class ChaincodeHost:
    """A chaincode server and the peer that asks it; `execute` is a contract for an embedded ledger."""

    def __init__(self, parameters: bytes = FABRIC_3, clock: Callable[[], int] | None = None) -> None:
        """Serve to a peer of some version; the chaincode's clock shows the proposal's time unless one is given."""
        self._loop: Final = asyncio.new_event_loop()
        self._thread: Final = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._now_ms = 0
        self._thread.start()
        self._served: Final = self._wait(self._start(parameters, clock or (lambda: self._now_ms)))

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
        self._now_ms = stub.timestamp_ms
        return self._wait(self._served.run(stub, *arguments, **proposal))

    async def _start(self, parameters: bytes, clock: Callable[[], int]) -> ServedChaincode:
        return await ServedChaincode(contract(clock=clock), parameters).__aenter__()

    async def _end(self) -> None:
        await self._served.__aexit__(None, None, None)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)
