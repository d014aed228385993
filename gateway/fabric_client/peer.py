"""One peer: its Gateway service (gateway/gateway.proto) and its Deliver service (peer/events.proto)."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import grpc
from fabric_protos.common import common_pb2
from fabric_protos.gateway import gateway_pb2
from fabric_protos.peer import events_pb2

from gateway.fabric_client.channel import Keepalive, TlsMaterial, open_channel
from gateway.fabric_client.errors import Fault, FeedError, FeedInterruptedError, fault_of

PASSING: Final = frozenset(
    {
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.UNKNOWN,
    }
)
"""How a stream ends that may be asked for again: the connection or the peer went, not the right to it."""


class Deadlines(NamedTuple):
    """How long each stage may take, in seconds. A feed has none."""

    evaluate_s: float = 5.0
    endorse_s: float = 5.0
    submit_s: float = 5.0
    commit_status_s: float = 60.0


class Peer:
    """A peer, over a channel that is its own: closing the one closes the other."""

    @classmethod
    def at(
        cls,
        address: str,
        tls: TlsMaterial,
        *,
        name: str | None = None,
        server_name: str | None = None,
        deadlines: Deadlines = Deadlines(),  # noqa: B008 - a tuple cannot change
        keepalive: Keepalive = Keepalive(),  # noqa: B008 - the same
    ) -> Self:
        """Name the peer at `host:port`; nothing is sent yet."""
        channel = open_channel(address, tls, server_name=server_name, keepalive=keepalive)
        return cls(name or address, channel, tls_certificate_hash=tls.certificate_hash, deadlines=deadlines)

    def __init__(
        self,
        name: str,
        channel: grpc.aio.Channel,
        *,
        tls_certificate_hash: bytes = b"",
        deadlines: Deadlines = Deadlines(),  # noqa: B008 - a tuple cannot change
    ) -> None:
        self.name: Final = name
        self.tls_certificate_hash: Final = tls_certificate_hash
        self.deadlines: Final = deadlines
        self._channel: Final = channel
        messages = gateway_pb2
        self._evaluate = self._unary("Evaluate", messages.EvaluateRequest, messages.EvaluateResponse)
        self._endorse = self._unary("Endorse", messages.EndorseRequest, messages.EndorseResponse)
        self._submit = self._unary("Submit", messages.SubmitRequest, messages.SubmitResponse)
        self._commit_status = self._unary(
            "CommitStatus", messages.SignedCommitStatusRequest, messages.CommitStatusResponse
        )
        self._chaincode_events = channel.unary_stream(
            "/gateway.Gateway/ChaincodeEvents",
            request_serializer=messages.SignedChaincodeEventsRequest.SerializeToString,
            response_deserializer=messages.ChaincodeEventsResponse.FromString,
        )
        self._deliver = self._blocks("Deliver")
        self._deliver_with_private_data = self._blocks("DeliverWithPrivateData")

    def _unary(self, method: str, request: Any, response: Any) -> Any:
        return self._channel.unary_unary(
            f"/gateway.Gateway/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )

    def _blocks(self, method: str) -> Any:
        return self._channel.stream_stream(
            f"/protos.Deliver/{method}",
            request_serializer=common_pb2.Envelope.SerializeToString,
            response_deserializer=events_pb2.DeliverResponse.FromString,
        )

    async def __aenter__(self) -> Self:
        """Do nothing: a channel connects when it is used."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the channel."""
        await self.close()

    async def close(self) -> None:
        """End the connection, and every call that is under way on it."""
        await self._channel.close(None)

    async def evaluate(self, request: Any, timeout_s: float | None, failed: Callable[[Fault], Exception]) -> Any:
        """Send an `EvaluateRequest`; raises what `failed` makes of a fault, as the next three do."""
        return await _answer(self._evaluate, request, _first(timeout_s, self.deadlines.evaluate_s), failed)

    async def endorse(self, request: Any, timeout_s: float | None, failed: Callable[[Fault], Exception]) -> Any:
        """Send an `EndorseRequest`."""
        return await _answer(self._endorse, request, _first(timeout_s, self.deadlines.endorse_s), failed)

    async def submit(self, request: Any, timeout_s: float | None, failed: Callable[[Fault], Exception]) -> Any:
        """Send a `SubmitRequest`."""
        return await _answer(self._submit, request, _first(timeout_s, self.deadlines.submit_s), failed)

    async def commit_status(self, request: Any, timeout_s: float | None, failed: Callable[[Fault], Exception]) -> Any:
        """Send a `SignedCommitStatusRequest`: the answer comes when the transaction is committed."""
        return await _answer(self._commit_status, request, _first(timeout_s, self.deadlines.commit_status_s), failed)

    async def chaincode_events(self, request: Any) -> AsyncGenerator[Any, None]:
        """Stream `ChaincodeEventsResponse`s; raises `FeedError` or `FeedInterruptedError`."""
        async for response in _stream(self._chaincode_events(request)):
            yield response

    async def deliver(self, envelope: Any, *, private: bool) -> AsyncGenerator[Any, None]:
        """Stream `DeliverResponse`s, the last one perhaps a status; raises `FeedError` or `FeedInterruptedError`."""
        call = (self._deliver_with_private_data if private else self._deliver)()
        async for response in _stream(call, envelope):
            yield response


def _first(timeout_s: float | None, default_s: float) -> float:
    return default_s if timeout_s is None else timeout_s


async def _answer(rpc: Any, request: Any, timeout_s: float, failed: Callable[[Fault], Exception]) -> Any:
    try:
        return await rpc(request, timeout=timeout_s)
    except grpc.aio.AioRpcError as error:
        raise failed(fault_of(error)) from error


async def _stream(call: Any, opening: Any | None = None) -> AsyncGenerator[Any, None]:
    """Yield what comes; whoever stops listening ends the call."""
    try:
        if opening is not None:
            # The sending side stays open: a peer takes its end for the end of the whole feed.
            # A call that has ended already says why when it is read.
            with contextlib.suppress(asyncio.InvalidStateError):
                await call.write(opening)
        async for response in call:
            yield response
    except grpc.aio.AioRpcError as error:
        fault = fault_of(error)
        raise (FeedInterruptedError if fault.status in PASSING else FeedError)(fault) from error
    finally:
        call.cancel()
