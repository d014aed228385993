"""A chaincode server on loopback for a test, and chaincodes to run on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage

from chaincode.shim import Chaincode, ChaincodeServer, Response, Settings, Stub

CHAINCODE_ID = "waitan_1.0:c0ffee"


@asynccontextmanager
async def serving(chaincode: Chaincode, **settings: Any) -> AsyncIterator[ChaincodeServer]:
    """A server on a port of its own, until the block ends."""
    server = ChaincodeServer(chaincode, Settings(CHAINCODE_ID, "localhost:0", **({"drain_max_s": 0} | settings)))
    await server.start()
    try:
        yield server
    finally:
        await server.drain()


async def idle(stub: Stub) -> Response:
    """Answers, and does nothing else."""
    return Response()


async def count(stub: Stub) -> Response:
    """Adds one to each key named by the arguments, and answers what the first one holds now."""
    keys = [argument.decode() for argument in stub.args]
    held = await stub.get_many(keys)
    for key in keys:
        await stub.put(key, b"%d" % (int(held.get(key, b"0")) + 1))
    return Response(payload=b"%d" % (int(held.get(keys[0], b"0")) + 1))


class Gate:
    """Holds the requests of one type until it is opened."""

    def __init__(self, kind: str) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self._kind = ChaincodeMessage.Type.Value(kind)

    async def __call__(self, message: Any) -> None:
        if message.type == self._kind:
            self.reached.set()
            await self.opened.wait()
