"""Events as they come, for who follows a payment or all of its payments (Server-Sent Events, WHATWG HTML 9.2).

GET /v1/payments/{uetr}/events    all that happened to a payment so far, and then what comes
GET /v1/events                    what comes to any of the holder's payments

Each event has an id. Who was cut off says the last one it had (`Last-Event-ID`, as browsers do by themselves) and is
told all since then, each once. A comment every `HEARTBEAT_S` shows that the line stands. Who does not read, and whose
token counts no more, is let go.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

from aiohttp import web

from gateway.app import Gateway
from gateway.ledger.port import LedgerUnreachableError
from gateway.limits import Open
from gateway.projection.apply import FeedBrokenError
from gateway.projection.queries import EventView
from gateway.traders import views
from gateway.traders.connections import Connection
from gateway.traders.cursors import Cursors
from gateway.traders.edge import HOLDER, bearer
from gateway.traders.followers import AT_ONCE, Follower, Followers, payment_of
from gateway.traders.problems import problem
from gateway.traders.tokens import Holder, TokenError, Tokens, TokensUnknowableError
from gateway.traders.visibility import Visibility
from gateway.traders.web.frame import token_cookie

HEARTBEAT_S: Final = 15.0
WRITE_S: Final = 10.0
"""How long a client may take to take what is written, beyond what the line itself holds."""
OPEN_MAX: Final = 20
"""How many streams one holder follows at a time."""
BACK_MAX: Final = 50_000
"""How many of the gateway's events a stream may begin back."""

BUFFER_BYTES: Final = 8192
"""How much may wait here for one client when more is written, besides its queue."""
LOOK_S: Final = 0.1
"""How often to look whether a client reads on."""

_HEARTBEAT: Final = b":\n\n"
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


class Stream:
    """The two routes."""

    def __init__(self, gateway: Gateway, visibility: Visibility, tokens: Tokens, *, heartbeat_s: float) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._tokens: Final = tokens
        self._heartbeat_s: Final = heartbeat_s
        self._open: Final = Open(OPEN_MAX)
        self._followers: Final = Followers(gateway, self._rendered)
        self._cursors_made: Cursors | None = None

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/payments/{uetr}/events", self.of_payment, allow_head=False)
        router.add_get("/v1/events", self.of_all, allow_head=False)

    async def close(self, _: web.Application) -> None:
        """Let everybody go, so that the door can close."""
        await self._followers.close()

    async def of_payment(self, request: web.Request) -> web.StreamResponse:
        """Follow one payment."""
        view = self._visibility.payment(request.match_info["uetr"], request[HOLDER])
        last, parties = self._last(request), self._visibility.parties(request[HOLDER])
        with self._admitted(request[HOLDER]), self._followers.payment(view, parties) as follower:
            events = self._gateway.queries.events_of(view.id)
            return await self._stream(request, follower, iter([events]), last or 0)

    async def of_all(self, request: web.Request) -> web.StreamResponse:
        """Follow all of the holder's payments."""
        holder = request[HOLDER]
        last, parties = self._last(request), self._visibility.parties(holder)
        with self._admitted(holder), self._followers.all(parties, self._visibility.test(holder)) as follower:
            if last is not None and last < follower.start - BACK_MAX:
                return problem(410, "", "That is too far back. Read the list of payments, then follow without an id.")
            since = follower.start if last is None else last
            told = (
                self._since(since, follower) if parties is None else self._own(self._since(since, follower), follower)
            )
            return await self._stream(request, follower, told, since)

    @contextlib.contextmanager
    def _admitted(self, holder: Holder) -> Iterator[None]:
        with self._open.one((holder.issuer, holder.name)):
            yield

    def _last(self, request: web.Request) -> int | None:
        given = request.headers.get("Last-Event-ID", "")
        return self._cursors.open(given, "Last-Event-ID")[0] if given else None

    def _since(self, position: int, follower: Follower) -> Iterator[list[EventView]]:
        """Look up what came after a position and before the follower was entered."""
        while position < follower.start:
            events = self._gateway.queries.events_after(position, limit=AT_ONCE)
            yield events
            position = events[-1].position

    def _own(self, told: Iterator[list[EventView]], follower: Follower) -> Iterator[list[EventView]]:
        for events in told:
            payments = [payment_of(self._gateway, event) for event in events]
            yield [
                event
                for event, payment in zip(events, payments, strict=True)
                if payment is not None and follower.may_see(payment)
            ]

    async def _stream(
        self, request: web.Request, follower: Follower, told: Iterator[list[EventView]], after: int
    ) -> web.StreamResponse:
        if isinstance(request.protocol, Connection):
            request.protocol.when_lost(follower.end)
        response = web.StreamResponse(headers=_HEADERS)
        response.enable_chunked_encoding()
        try:
            await response.prepare(request)
            await self._tell(request, response, follower, told, after)
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
        follower: Follower,
        told: Iterator[list[EventView]],
        after: int,
    ) -> None:
        """Tell what was before, and then what comes, until the follower is let go; raises what ends a stream."""
        await _write(request, response, _BEGIN)
        for events in told:
            now = [each for each in events if after < each.position <= follower.start]
            await _write(request, response, b"".join(map(self._rendered, now)))
            await asyncio.sleep(0)
        while not follower.is_cut:
            await _write(request, response, await self._next(request, follower))

    async def _next(self, request: web.Request, follower: Follower) -> bytes:
        try:
            async with asyncio.timeout(self._heartbeat_s):
                said = await follower.next()
        except TimeoutError:
            said = _HEARTBEAT
        self._tokens.holder(bearer(request, token_cookie(self._gateway.participant)))
        version = self._gateway.follower.directory_version
        if version != follower.directory_version:
            follower.directory_version = version
            if self._visibility.parties(request[HOLDER]) != follower.parties:
                raise _ChangedError
        return said

    @property
    def _cursors(self) -> Cursors:
        if self._cursors_made is None:
            self._cursors_made = Cursors(self._gateway, "events")
        return self._cursors_made

    def _rendered(self, event: EventView) -> bytes:
        return b"id: %s\ndata: %s\n\n" % (
            self._cursors.seal(event.position).encode(),
            views.encode(views.followed(event)),
        )


async def _write(request: web.Request, response: web.StreamResponse, data: bytes) -> None:
    """Write, and wait until most of it has left; raises `TimeoutError` where nobody reads."""
    if not data:
        return
    async with asyncio.timeout(WRITE_S):
        await response.write(data)
        while request.transport is not None and request.transport.get_write_buffer_size() > BUFFER_BYTES:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)  # no event tells that a buffer has room
