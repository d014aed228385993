"""What a peer may ask of the chaincode, by function name."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import structlog

from chaincode import dispatch
from chaincode.about import about
from chaincode.fabric.stub import FabricStub
from chaincode.shim import Chaincode, Response, Stub
from settlement.errors import Code, Refusal

EXECUTE: Final = b"execute"
"""The one function that writes: a batch of signed lists, in the transient map."""
ABOUT: Final = b"about"
"""The one that only answers."""
BAD_REQUEST: Final = 400
MAX_SKEW_MS: Final = 300_000
"""How far a proposal's time may be off this machine's clock (REQUIREMENTS M7)."""

log = structlog.get_logger()


def wall_clock_ms() -> int:
    """Give this machine's time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def contract(clock: Callable[[], int] = wall_clock_ms) -> Chaincode:
    """Make the chaincode; `clock` serves to refuse a proposal's time, and is never written."""
    remembered: defaultdict[str, dispatch.Secrets] = defaultdict(dict)

    async def invoke(stub: Stub) -> Response:
        if abs(stub.timestamp_ms - clock()) > MAX_SKEW_MS:
            return Response(BAD_REQUEST, message="the proposal's time is more than 300 s off this machine's clock")
        if stub.args == (EXECUTE,):
            return await _executed(stub, remembered[stub.channel_id])
        if stub.args == (ABOUT,):
            return Response(payload=await about(FabricStub(stub)))
        return Response(BAD_REQUEST, message=Code.CH16)

    return invoke


async def _executed(stub: Stub, remembered: dispatch.Secrets) -> Response:
    try:
        return Response(payload=await dispatch.execute(FabricStub(stub), remembered))
    except dispatch.MalformedBatchError:
        return Response(BAD_REQUEST, message="the batch cannot be read")
    # Not of a command: this peer lacks what every batch needs to know, a collection's secret.
    except Refusal as refusal:
        return Response(BAD_REQUEST, message=refusal.code)
