"""Connections of the traders' door: so many and no more, each for so long; errors say nothing of their cause."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.http_exceptions import LineTooLong

from gateway.traders.arrivals import HANDSHAKES_MAX, Arrivals, gates
from gateway.traders.problems import NO_STORE, Problem, problem
from settlement.errors import Code

KEEPALIVE_S: Final = 30.0
"""How long a connection may be silent between requests, and how long the head of a request may take to come."""
HANDSHAKE_S: Final = 10.0
STALL_S: Final = 10.0
READ_LEAST_BYTES: Final = 16 * 1024
"""How much of an answer that does not fit onto the line a client must read in `STALL_S`."""
LINGER_S: Final = 2.0
"""How long what nobody reads of a body is taken."""
CLOSE_S: Final = 5.0
"""How long requests under way may take when the door closes."""
BACKLOG: Final = 256
LINE_MAX_BYTES: Final = 32 * 1024
"""The longest line of a request's head: a form of fifty lines goes by GET, and a Chinese character takes nine bytes."""

BAD_REQUEST: Final = 400
EXPECTATION_STATUS: Final = 417
TOO_LONG_STATUS: Final = 431
INTERNAL_STATUS: Final = 500

_SILENT: Final = logging.getLogger(f"{__name__}.silent")
"""In place of aiohttp's own log, whose lines quote what clients sent. Bugs are logged where they are answered."""
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
First = Callable[[web.BaseRequest], web.Response | None]

_FULL: Final = (
    b'{"type":"urn:waitan:code:RATE_LIMITED","title":"Too many connections.","status":503,"code":"RATE_LIMITED"}'
)
_FULL_ANSWER: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
    b"Retry-After: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_FULL), _FULL)
)


def has_stalled(left_before: int, left: int) -> bool:
    """Say whether a client has read too little between two looks at how many bytes are left."""
    return left > left_before - READ_LEAST_BYTES


class Connection(web.RequestHandler):
    """A connection. What is no HTTP is told so without a word of it; who does not read its answers is let go."""

    __slots__ = ("_lost", "_watching", "stall_s")
    stall_s: float

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._watching: asyncio.TimerHandle | None = None
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """Begin to watch whether the client reads: the line has taken all that it can."""
        super().pause_writing()
        self._watch(None)

    def resume_writing(self) -> None:
        """Watch no more."""
        super().resume_writing()
        self._unwatch()

    def _watch(self, left_before: int | None) -> None:
        """Look now and again how much is still to be read, and let go of who has taken next to nothing since."""
        if self.transport is None:
            return
        left = self.transport.get_write_buffer_size()
        if left_before is not None and has_stalled(left_before, left):
            self.transport.abort()
            return
        self._watching = self._loop.call_later(self.stall_s, self._watch, left)

    def _unwatch(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    def when_lost(self, act: Callable[[], None]) -> None:
        """Act when the client has gone: who only listens would not notice before it is told something."""
        self._lost: Callable[[], None] = act

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let everything go."""
        super().connection_lost(exc)
        self._unwatch()
        if hasattr(self, "_lost"):
            self._lost()

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what never reached the application: in JSON always, for what its sender accepts has not been read."""
        if isinstance(exc, LineTooLong):
            return _ended(TOO_LONG_STATUS, Code.FF01.value, "A line of the request's head is too long.")
        return _ended(status, Code.FF01.value if status < INTERNAL_STATUS else "", "This is not an HTTP request.")


def _ended(status: int, code: str, title: str) -> Problem:
    """Answer, and hang up: where the next request would begin is not certain."""
    response = problem(status, code, title)
    response.headers.update(NO_STORE)
    response.force_close()
    return response


class _Full(asyncio.Protocol):
    """Answers who comes when there is no room, and lets go."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(_FULL_ANSWER)
        transport.close()


_GO_ON: Final = "100-continue"


def _asking(first: First | None, rest: Handler) -> Handler:
    """Ask one that may know the answer at once, and the rest where it does not.

    A body in chunks is none of HTTP/1.0: a proxy that speaks it would have read another request after it (RFC 9112,
    section 6.1). What a client expects besides being told to go on is for us to refuse: aiohttp would repeat it.
    """

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.version < HttpVersion11 and hdrs.TRANSFER_ENCODING in request.headers:
            return _ended(BAD_REQUEST, Code.FF01.value, "This is not an HTTP request.")
        if request.headers.get(hdrs.EXPECT, _GO_ON).lower() != _GO_ON:
            return _ended(EXPECTATION_STATUS, "", "Expectation Failed")
        return (first and first(request)) or await rest(request)

    return answer


class Listening:
    """An application that listens; `port` is where."""

    def __init__(self, runner: web.AppRunner, servers: Sequence[asyncio.Server]) -> None:
        self._runner: Final = runner
        self._servers: Final = servers
        self.port: Final = int(servers[0].sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take no more connections, let requests under way finish, and stop."""
        for server in self._servers:
            server.close()
        await self._runner.cleanup()


async def listen(
    application: web.Application,
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
    arriving: Callable[[], None] | None = None,
    connections_max: int,
    of_one_address_max: int | None = None,
    first: First | None = None,
    keepalive_s: float = KEEPALIVE_S,
    stall_s: float = STALL_S,
) -> Listening:
    """Serve an application on an address (port 0: any); raises `OSError` where it cannot be had.

    So many connections are served at a time, so many of them to one address (None: no limit of its own).

    Bodies come as they were sent: nothing here decompresses. `arriving` is called before each handshake.
    `first` may answer a request before the application routes it.
    """
    runner = web.AppRunner(application, shutdown_timeout=CLOSE_S)
    await runner.setup()
    server, loop = runner.server, asyncio.get_running_loop()
    assert server is not None
    server.request_handler = _asking(first, server.request_handler)

    def connection() -> asyncio.BaseProtocol:
        if arriving is not None:
            arriving()
        if len(server.connections) >= connections_max:
            return _Full()
        made = Connection(
            server,
            loop=loop,
            logger=_SILENT,
            access_log=None,  # type: ignore[arg-type]  # None is what turns it off
            keepalive_timeout=keepalive_s,
            lingering_time=LINGER_S,
            max_line_size=LINE_MAX_BYTES,
            auto_decompress=False,
        )
        made.stall_s = stall_s
        return made

    most = connections_max + HANDSHAKES_MAX
    arrivals = Arrivals(most, of_one_address_max or most, b"" if tls else _FULL_ANSWER)
    handshake_s = None if tls is None else HANDSHAKE_S
    try:
        opened = [
            await loop.create_server(connection, sock=gate, ssl=tls, backlog=BACKLOG, ssl_handshake_timeout=handshake_s)
            for gate in await gates(host, port, arrivals)
        ]
    except OSError:
        await runner.cleanup()
        raise
    return Listening(runner, opened)
