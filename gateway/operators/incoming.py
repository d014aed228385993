"""What comes over the wire to a method: requests that can be read or are refused, and streams that are heard out.

A client that is still sending when its call ends often does not learn why: the library of most takes the end of the
sending for a fault of its own and never looks at the status. So whoever is refused is heard out first, within bounds.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, Final, Self

from google.protobuf.message import DecodeError, Message
from grpc.aio import BaseError

from gateway.operators import codec, sizes
from settlement.errors import Code, Refusal

HEARD_OUT_S: Final = 1.0
HEARD_OUT_MAX: Final = 16
"""For how long, and how many requests, a stream may still send before it is told that it has been refused."""

_UNREADABLE: Final = object()
"""A request whose bytes are no message, or too many. gRPC itself would answer INTERNAL, as if we had failed."""


def reading(method: str, deserialize: Callable[[bytes], Any] | None) -> Callable[[bytes], Any]:
    """Read a request, or leave it as it came; what is too large or cannot be read is for the handler to refuse."""
    most_bytes = sizes.BATCHES.get(method, sizes.REQUEST_MAX_BYTES)

    def read(data: bytes) -> Any:
        if sizes.is_too_large(data, most_bytes):
            return _UNREADABLE
        try:
            return data if deserialize is None else deserialize(data)
        except DecodeError:
            return _UNREADABLE

    return read


def require_readable(request: Any) -> None:
    """Refuse what is no message, or too large a one (FF01), and fields that this version does not know (CH17)."""
    if request is _UNREADABLE:
        raise Refusal(Code.FF01, "")
    if isinstance(request, Message):
        codec.require_known(request)


class Incoming:
    """The requests of a stream, up to what cannot be read. As a context it lets go of what it still waits for.

    Whoever reads may stop at any time, by being cancelled too: what comes next is there for whoever reads on.
    """

    def __init__(self, requests: AsyncIterator[Any]) -> None:
        self._requests: Final = requests
        self._next: asyncio.Future[Any] | None = None

    def __aiter__(self) -> Self:
        """Read one after the other."""
        return self

    async def __anext__(self) -> Any:
        """Give the next; refuse what cannot be read (FF01)."""
        request = await self._taken()
        if request is _UNREADABLE:
            raise Refusal(Code.FF01, "")
        return request

    async def _taken(self) -> Any:
        if self._next is None:
            self._next = asyncio.ensure_future(anext(self._requests))
        request = await asyncio.shield(self._next)
        self._next = None
        return request

    async def hear_out(self) -> None:
        """Take and forget what is still being sent: to its end, for `HEARD_OUT_S` or `HEARD_OUT_MAX` requests."""
        with suppress(StopAsyncIteration, TimeoutError, BaseError):
            async with asyncio.timeout(HEARD_OUT_S):
                for _ in range(HEARD_OUT_MAX):
                    await self._taken()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for nothing more."""
        if self._next is not None:
            self._next.cancel()
            self._next.add_done_callback(_heard)


def _heard(task: "asyncio.Future[Any]") -> None:
    """Take note of how it ended."""
    if not task.cancelled():
        task.exception()
