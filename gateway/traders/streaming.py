"""Server-Sent Events (WHATWG HTML 9.2), of whatever kind: who is let in, how it is written, and when it ends.

Each event has an id. Who was cut off says the last one it had (`Last-Event-ID`, as browsers do by themselves) and is
told all since then, each once. A comment every `HEARTBEAT_S` shows that the line stands. Who does not read, and whose
token counts no more, is let go.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from typing import Final

from aiohttp import web

from gateway.app import Gateway
from gateway.cursors import Cursors
from gateway.ledger.port import LedgerUnreachableError
from gateway.limits import Open
from gateway.operation import request_ids
from gateway.projection.faults import FeedBrokenError
from gateway.traders.connections import Connection
from gateway.traders.edge import HOLDER, bearer
from gateway.traders.followers import Follower, Told
from gateway.traders.tokens import Holder, TokenError, Tokens, TokensUnknowableError
from gateway.traders.visibility import Visibility
from gateway.traders.web.frame import token_cookie

HEARTBEAT_S: Final = 15.0
WRITE_S: Final = 10.0
"""How long a client may take to take what is written, beyond what the line itself holds."""
OPEN_MAX: Final = 20
"""How many streams one holder follows at a time, of all kinds together."""

BUFFER_BYTES: Final = 8192
"""How much may wait here for one client when more is written, besides its queue."""
LOOK_S: Final = 0.1
"""How often to look whether a client reads on."""

_HEARTBEAT: Final = b":\n\n"
TOO_FAR_BACK: Final = "That is too far back. Read the list, then follow without an id."
"""What is said with 410."""
_BEGIN: Final = b"retry: 2000\n\n"
_HEADERS: Final = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",
    "Server": "waitan",
}


class _ChangedError(Exception):
    """What the holder may see has changed: it comes again, and says what it had last."""


_ENDS: Final = (
    TokenError,
    TokensUnknowableError,
    LedgerUnreachableError,
    FeedBrokenError,
    ConnectionError,
    _ChangedError,
)
"""What ends a stream that has begun: there is no other answer any more."""


class Streaming:
    """Writes one door's streams."""

    def __init__(self, gateway: Gateway, visibility: Visibility, tokens: Tokens, *, heartbeat_s: float) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._tokens: Final = tokens
        self._heartbeat_s: Final = heartbeat_s
        self._open: Final = Open(OPEN_MAX)

    @contextlib.contextmanager
    def admitted(self, holder: Holder) -> Iterator[None]:
        """Let a holder have one more stream; raises where it has as many as it may."""
        with self._open.one((holder.issuer, holder.name)):
            yield

    async def stream(
        self, request: web.Request, follower: Follower, ids: "EventIds", told: Iterable[Told]
    ) -> web.StreamResponse:
        """Tell what was before, and then what comes."""
        if isinstance(request.protocol, Connection):
            request.protocol.when_lost(follower.end)
        response = web.StreamResponse(headers={**_HEADERS, request_ids.HEADER: request_ids.current()})
        response.enable_chunked_encoding()
        try:
            await response.prepare(request)
            await self._tell(request, response, follower=follower, ids=ids, told=told)
        except TimeoutError:
            follower.end()
        except _ENDS:
            pass
        if follower.is_cut and request.transport is not None:
            request.transport.abort()  # to end it in order, one would have to wait until it has been read
        return response

    async def _tell(
        self,
        request: web.Request,
        response: web.StreamResponse,
        *,
        follower: Follower,
        ids: "EventIds",
        told: Iterable[Told],
    ) -> None:
        """Tell until the follower is let go; raises what ends a stream."""
        await _write(request, response, _BEGIN)
        for said in told:
            await _write(request, response, ids.rendered(said))
            await asyncio.sleep(0)
        while not follower.is_cut:
            await _write(request, response, await self._next(request, follower, ids))

    async def _next(self, request: web.Request, follower: Follower, ids: "EventIds") -> bytes:
        try:
            async with asyncio.timeout(self._heartbeat_s):
                said = ids.rendered(await follower.next())
        except TimeoutError:
            said = _HEARTBEAT
        self._tokens.holder(bearer(request, token_cookie(self._gateway.participant)))
        version = self._gateway.follower.directory_version
        if version != follower.directory_version:
            follower.directory_version = version
            if self._visibility.parties(request[HOLDER]) != follower.parties:
                raise _ChangedError
        return said


class EventIds:
    """The ids of one kind of event for one holder: sealed, so that no other holder, kind or door understands them."""

    def __init__(self, gateway: Gateway, kind: str, holder: Holder) -> None:
        self._cursors: Final = Cursors(gateway, f"{kind}|{holder.scope}|{holder.name}")

    def last(self, request: web.Request) -> int | None:
        """Give the position of the last event that a client had, if it says so; raises `Refusal`."""
        given = request.headers.get("Last-Event-ID", "")
        return self._cursors.open(given, "Last-Event-ID")[0] if given else None

    def rendered(self, told: Told) -> bytes:
        """Give events as they are written."""
        return b"".join(
            b"id: %s\ndata: %s\n\n" % (self._cursors.seal(position).encode(), body) for position, body in told
        )


async def _write(request: web.Request, response: web.StreamResponse, data: bytes) -> None:
    """Write, and wait until most of it has left; raises `TimeoutError` where nobody reads."""
    if not data:
        return
    async with asyncio.timeout(WRITE_S):
        await response.write(data)
        while request.transport is not None and request.transport.get_write_buffer_size() > BUFFER_BYTES:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)  # no event tells that a buffer has room
