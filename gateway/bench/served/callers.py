"""Clients that cost little, so that what is measured is the server: raw bytes over connections that stay open."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Final, Self

from grpc import aio

from gateway.tls import TlsIdentity

CONNECTIONS: Final = 16
"""How many calls are under way at a time."""
_OK: Final = b"HTTP/1.1 200 "
_LENGTH: Final = b"content-length: "
_END: Final = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    """One HTTP connection: the next request goes when the answer to the last is there in full."""

    def __init__(self, requests: "itertools.cycle[bytes]", left: list[int], done: "asyncio.Future[None]") -> None:
        self._requests: Final = requests
        self._left: Final = left
        self._done: Final = done
        self._held = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take what came; with the end of an answer, ask again."""
        self._held += data
        head, end, body = self._held.partition(_END)
        if not end:
            return
        lower = head.lower()
        at = lower.index(_LENGTH) + len(_LENGTH)
        if len(body) < int(lower[at:].split(b"\r\n", 1)[0]):
            return
        if not head.startswith(_OK):
            self._done.set_exception(AssertionError(head.decode(errors="replace")))
            return
        self._held = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell, where an answer was still to come."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError())

    def _next(self) -> None:
        if self._left[0] <= 0:
            self._done.set_result(None)
            self._transport.close()
            return
        self._left[0] -= 1
        self._transport.write(next(self._requests))


async def http_rate(address: str, requests: Sequence[bytes], calls: int) -> float:
    """Ask over HTTP, the requests in turn; give answers a second. Every answer must be 200."""
    host, _, port = address.rpartition(":")
    loop = asyncio.get_running_loop()
    turn, left = itertools.cycle(requests), [calls]
    ends = [loop.create_future() for _ in range(CONNECTIONS)]
    start_s = time.perf_counter()
    for end in ends:
        await loop.create_connection(partial(_Connection, turn, left, end), host, int(port))
    await asyncio.gather(*ends)
    return calls / (time.perf_counter() - start_s)


def get(path: str, token: str = "") -> bytes:
    """Write a GET."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n".encode()


class GrpcCaller:
    """Calls over some gRPC connections with mutual TLS, as one caller. Use it as a context."""

    def __init__(self, address: str, identity: TlsIdentity, *, connections: int = 2) -> None:
        self._address: Final = address
        self._identity: Final = identity
        self._connections: Final = connections
        self._stack: Final = AsyncExitStack()
        self._channels: list[aio.Channel] = []

    async def __aenter__(self) -> Self:
        """Open the connections."""
        options = (("grpc.use_local_subchannel_pool", 1),)
        for _ in range(self._connections):
            channel = aio.secure_channel(self._address, self._identity.channel_credentials(), options=options)
            self._channels.append(await self._stack.enter_async_context(channel))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._stack.aclose()

    def method(self, name: str) -> list[Any]:
        """Give a method, as bytes, on each connection."""
        return [channel.unary_unary(name, None, None) for channel in self._channels]

    def streams(self, name: str) -> list[Any]:
        """Give a method that answers with a stream."""
        return [channel.unary_stream(name, None, None) for channel in self._channels]

    def exchanges(self, name: str) -> list[Any]:
        """Give a method that takes a stream and answers with one."""
        return [channel.stream_stream(name, None, None) for channel in self._channels]

    async def rate(self, name: str, requests: Sequence[bytes], calls: int) -> float:
        """Call a method, the requests in turn; give answers a second. No call may fail."""
        turn, left = itertools.cycle(requests), calls
        methods = self.method(name)

        async def call(method: Any) -> None:
            nonlocal left
            while left > 0:
                left -= 1
                await method(next(turn))

        start_s = time.perf_counter()
        await asyncio.gather(*(call(methods[number % len(methods)]) for number in range(CONNECTIONS)))
        return calls / (time.perf_counter() - start_s)
