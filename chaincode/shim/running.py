"""Running a chaincode for one transaction, and what the peer is told at its end."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from traceback import extract_tb
from typing import Any, Final, NamedTuple

import structlog
from fabric_protos.peer.chaincode_pb2 import ChaincodeInput
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from fabric_protos.peer.proposal_response_pb2 import Response as ResponseMessage
from google.protobuf.message import DecodeError

from chaincode.shim.errors import ProposalError, ShimError, TooSlowError
from chaincode.shim.exchange import Exchange
from chaincode.shim.proposal import Proposal
from chaincode.shim.stub import Stub

log = structlog.get_logger()

OK: Final = 200
ERROR_FROM: Final = 500
"""From this status on an INIT has failed (fabric-chaincode-go, shim.ERROR)."""
INTERNAL: Final = "the chaincode failed"
"""All that is told of an exception that is not the shim's own."""
FRAMES_LOGGED: Final = 12


class Response(NamedTuple):
    """What a chaincode answers. A status from 400 on is not endorsed; the payload is on the block for all to read."""

    status: int = OK
    payload: bytes = b""
    message: str = ""


Chaincode = Callable[[Stub], Awaitable[Response]]
"""A chaincode: called for each transaction, and for INIT where its definition asks for one."""


async def run_transaction(
    chaincode: Chaincode, message: Any, exchange: Exchange, places: asyncio.Semaphore, time_max_s: float
) -> bytes:
    """Run one transaction to its COMPLETED, or to an ERROR that holds fixed words and a reference, nothing else.

    It runs while it holds one of `places`; waiting for one counts towards its time. Only the cancellation of the
    transaction itself leaves here as an exception.
    """
    limit = asyncio.timeout(time_max_s)
    try:
        async with limit, places:
            answer = await _completed(chaincode, message, exchange)
        if limit.expired():  # a chaincode can outlive its cancellation, but nobody waits for what it says then
            raise TooSlowError
    # Whatever a chaincode raises ends here.
    except (Exception, SystemExit, asyncio.CancelledError) as error:
        task = asyncio.current_task()
        assert task is not None
        if isinstance(error, asyncio.CancelledError) and task.cancelling():
            raise
        # A TimeoutError may also be the chaincode's own, so the limit is asked.
        return failed(exchange, TooSlowError() if limit.expired() else error)
    return answer


async def _completed(chaincode: Chaincode, message: Any, exchange: Exchange) -> bytes:
    try:
        called = ChaincodeInput.FromString(message.payload)
    except DecodeError:
        raise ProposalError from None
    stub = Stub(exchange, Proposal(message.proposal), called.args)
    status, payload, text = await chaincode(stub)
    response = ResponseMessage(status=status, payload=payload, message=text)
    kind = ChaincodeMessage.COMPLETED
    data = response.SerializeToString()
    if message.type == ChaincodeMessage.INIT and status >= ERROR_FROM:
        kind, data = ChaincodeMessage.ERROR, text.encode()
    return exchange.message(kind, data, stub.event)


def failed(exchange: Exchange, error: BaseException) -> bytes:
    """An ERROR: fixed words and a reference, under which the log says where it happened, but not with what."""
    reference = secrets.token_hex(6)
    words = error.words if isinstance(error, ShimError) else INTERNAL
    log.error(
        "transaction failed",
        reference=reference,
        channel_id=exchange.channel_id,
        tx_id=exchange.tx_id,
        error=type(error).__qualname__,
        # The error's own text is left out: a KeyError's is a key, a ValueError's often a value.
        trace=[
            f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
        ],
    )
    return exchange.message(ChaincodeMessage.ERROR, f"{words} (reference {reference})".encode())
