"""What every request at the traders' door meets: a name, a log line, limits, whether its holder may ask, a tag.

The order: named and logged, errors become problems, limited, authorised, recorded where a supervisor reads, tagged, and
then the route.
"""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from gateway import reasons
from gateway.auth.scopes import KIND, Scope
from gateway.limits import Rates
from gateway.operation import logs, metrics, request_ids
from gateway.operation.distribution import Series
from gateway.supervision import Question, Supervision
from gateway.traders.arrivals import origin
from gateway.traders.permissions import OPEN, PERMITTED, READS, ForbiddenError
from gateway.traders.tokens import Holder, TokenError, Tokens
from settlement.parties import Kind

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOLDER: Final = web.RequestKey("holder", Holder)
"""Whose request it is, where its token counts."""

UNLIMITED: Final = frozenset({"/healthz"})
TAGGED: Final = frozenset({"application/json", "application/xml", "text/csv"})
"""What kinds of answers have an ETag."""

_SCHEME: Final = "bearer"

log = structlog.get_logger()


def named(participant: str) -> Middleware:
    """Name each request, count it and log how it was answered: its route, never its path, query, token or body."""
    tallies: dict[tuple[str, str], Tally] = {}

    @web.middleware
    async def name(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request_ids.begin(request.headers.get(request_ids.HEADER, ""))
        start_s = time.perf_counter()
        status = 0  # the client has gone before there was an answer
        try:
            response = await handler(request)
            status = response.status
        finally:
            took_s = time.perf_counter() - start_s
            resource = request.match_info.route.resource
            which = request.method if request.method in _METHODS else "OTHER", resource.canonical if resource else ""
            tally = tallies.get(which)
            if tally is None:
                tally = tallies[which] = Tally(participant, *which)
            tally.count(status, took_s, name)
        if not response.prepared:
            response.headers[request_ids.HEADER] = name
        return response

    return name


class Tally:
    """Counts and logs the requests of one method and route."""

    def __init__(self, participant: str, method: str, route: str) -> None:
        self._method: Final = method
        self._route: Final = route
        self._labels: Final = participant, "http", f"{method} {route}"
        self._took_s: Final[Series] = metrics.CALL_SECONDS.labels(*self._labels)
        self._ended: Final[dict[int, Any]] = {}

    def count(self, status: int, took_s: float, name: str) -> None:
        """Count one by its status (0: the client had gone), and log it under its name."""
        counter = self._ended.get(status)
        if counter is None:
            counter = self._ended[status] = metrics.CALLS.labels(*self._labels, str(status))
        counter.inc()
        self._took_s.observe(took_s)
        if logs.has_calls():
            took_ms = round(1000 * took_s, 1)
            log.info("request", method=self._method, route=self._route, status=status, took_ms=took_ms, request_id=name)


def route_of(request: web.Request) -> str:
    """Name the route of a request as tables do: `GET /v1/payments/{uetr}`, also of HEAD; `GET ` where it has none."""
    resource = request.match_info.route.resource
    method = "GET" if request.method in _READING else request.method
    return f"{method} {resource.canonical if resource else ''}"


_READING: Final = frozenset({"GET", "HEAD"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def limited(tokens: Tokens, rates: Rates, cookie: str) -> Middleware:
    """Hold each customer to its rate, and each address from which nobody came whose token counts.

    `cookie` names the one in which pages keep the token.
    """

    @web.middleware
    async def require(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in UNLIMITED:
            return await handler(request)
        try:
            holder = tokens.holder(bearer(request, cookie))
        except TokenError:
            rates.require(("address", origin(request.remote) if request.remote else ""))
        else:
            request[HOLDER] = holder
            rates.require((holder.issuer, holder.name))
        return await handler(request)

    return require


def bearer(request: web.Request, cookie: str = "") -> str:
    """Give the token that a request brings, in its header or else in a cookie; raises `TokenError`."""
    given = request.headers.getall("Authorization", ())
    if not given and cookie and cookie in request.cookies:
        return request.cookies[cookie]
    scheme, _, token = "".join(given[:1]).partition(" ")
    if scheme.lower() != _SCHEME or not token or len(given) > 1:
        raise TokenError
    return token.strip()


def authorised(kind_of: Callable[[], Kind]) -> Middleware:
    """Let in who may call a route for programs (gateway.traders.permissions), by the kind of whose gateway this is.

    A cookie is enough to read: pages follow events with it. It is not enough to ask for anything, since a browser adds
    it to requests that its user does not know of.
    """

    @web.middleware
    async def require(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        if not route.partition(" ")[2].startswith("/v1/") or route in OPEN:
            return await handler(request)
        is_read = request.method in _READING
        if HOLDER not in request or not (is_read or "Authorization" in request.headers):
            raise TokenError
        scope = request[HOLDER].scope
        if scope not in PERMITTED.get(route, ()) or KIND[scope] is not kind_of():
            raise ForbiddenError
        return await handler(request)

    return require


def recorded(supervision: Supervision) -> Middleware:
    """Record what a supervisor is about to read, by a program or on a page (gateway.supervision)."""

    @web.middleware
    async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
        holder, route = request.get(HOLDER), route_of(request)
        if holder is None or holder.scope is not Scope.SUPERVISOR or not supervision.is_on:
            return await handler(request)
        if route in READS:
            await supervision.note(_question(route, request, holder))
        return await handler(request)

    return record


def _question(route: str, request: web.Request, holder: Holder) -> Question:
    """Say what a supervisor asks. A path of what is not there is answered 404; a query may be answered with more."""
    naming = READS[route]
    of_path = {naming.path.get(name, name): value for name, value in request.match_info.items()}
    of_query = {name: request.query[name] for name in naming.query if name in request.query}
    return Question(
        name=route,
        by=holder.fingerprint,
        reason=request.headers.get(reasons.HEADER, ""),
        named=of_query | of_path,
        shows_no_other=not of_query,
    )


def asker_of(holder: Holder) -> str:
    """Say as whom a holder asks: all that decides what it may see of a payment."""
    return f"{holder.scope}|{holder.customer}"


class Tagged(NamedTuple):
    """An answer's bytes and its tag (RFC 9110, section 8.8.3), a weak one where the bytes differ every time."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> "Tagged":
        """Tag an answer by its content."""
        return cls(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')

    def is_known_to(self, request: web.BaseRequest) -> bool:
        """Say whether who asks has it already."""
        return is_known(request, self.etag)


def same_again(*content: bytes) -> str:
    """Give the weak tag of an answer that says the same in other bytes every time: with its own time or a signature.

    `content` is all else that it says.
    """
    digest = hashlib.sha256()
    for each in content:
        digest.update(len(each).to_bytes(8) + each)
    return f'W/"{digest.hexdigest()[:32]}"'


def is_known(request: web.BaseRequest, etag: str) -> bool:
    """Say whether who asks has an answer of this tag already (If-None-Match, which compares weakly)."""
    had = _TAGS(",".join(request.headers.getall(hdrs.IF_NONE_MATCH, ())))
    return "*" in had or etag.removeprefix("W/") in had


_TAGS: Final = re.compile(r'"[^"]*"|[*]').findall
"""What a client says that it has: tags, each in its quotes, or any (RFC 9110, section 13.1.2)."""


def not_modified(etag: str) -> web.Response:
    """Say that the client has it already."""
    return web.Response(status=304, headers={"ETag": etag})


@web.middleware
async def tagged(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tag what is read (RFC 9110, section 8.8.3); who has it already is told 304."""
    response = await handler(request)
    if request.method not in _READING or response.status != 200 or response.content_type not in TAGGED:  # noqa: PLR2004 - OK
        return response
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    etag = response.headers.get("ETag")
    tagged = Tagged.of(response.body) if etag is None else Tagged(response.body, etag)
    response.headers["ETag"] = tagged.etag
    return not_modified(tagged.etag) if tagged.is_known_to(request) else response
