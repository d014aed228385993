"""What a peer may ask of the chaincode, by function name."""

import time
from collections.abc import Callable
from typing import Final

import structlog

from chaincode import dispatch
from chaincode.fabric.stub import FabricStub
from chaincode.shim import Chaincode, Response, Stub

EXECUTE: Final = b"execute"
"""The one function that writes: a batch of signed lists, in the transient map."""
BAD_REQUEST: Final = 400
MAX_SKEW_MS: Final = 300_000
"""How far a proposal's time may be off this machine's clock (REQUIREMENTS M7)."""

log = structlog.get_logger()


def wall_clock_ms() -> int:
    """Give this machine's time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def contract(clock: Callable[[], int] = wall_clock_ms) -> Chaincode:
    """Make the chaincode; `clock` serves to refuse a proposal's time, and is never written."""

    async def invoke(stub: Stub) -> Response:
        function = stub.args[0] if stub.args else b""
        if function != EXECUTE or len(stub.args) != 1:
            return Response(BAD_REQUEST, message="there is no such function")
        if abs(stub.timestamp_ms - clock()) > MAX_SKEW_MS:
            return Response(BAD_REQUEST, message="the proposal's time is more than 300 s off this machine's clock")
        try:
            return Response(payload=await dispatch.execute(FabricStub(stub)))
        except dispatch.MalformedBatchError:
            return Response(BAD_REQUEST, message="the batch cannot be read")

    return invoke
