"""What every request at the traders' door meets: a name, a log line, limits, whether its holder may ask, a tag.

The order: named and logged, errors become problems, limited, authorised, tagged, and then the route.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from gateway import request_ids
from gateway.auth.scopes import KIND
from gateway.limits import Rates
from gateway.traders.permissions import OPEN, PERMITTED, ForbiddenError
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


@web.middleware
async def named(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name a request, and log how it was answered: its route, never its path, query, token or body."""
    name = request_ids.begin(request.headers.get(request_ids.HEADER, ""))
    start_s = time.perf_counter()
    status = 0  # the client has gone before there was an answer
    try:
        response = await handler(request)
        status = response.status
    finally:
        resource = request.match_info.route.resource
        log.info(
            "request",
            method=request.method if request.method in _METHODS else "OTHER",
            route="" if resource is None else resource.canonical,
            status=status,
            took_ms=round(1000 * (time.perf_counter() - start_s), 1),
        )
    if not response.prepared:
        response.headers[request_ids.HEADER] = name
    return response


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
            rates.require(("address", request.remote))
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
        resource = request.match_info.route.resource
        if resource is None or not resource.canonical.startswith("/v1/"):
            return await handler(request)
        is_read = request.method in _READING
        route = f"{'GET' if is_read else request.method} {resource.canonical}"
        if route in OPEN:
            return await handler(request)
        if HOLDER not in request or not (is_read or "Authorization" in request.headers):
            raise TokenError
        scope = request[HOLDER].scope
        if scope not in PERMITTED.get(route, ()) or KIND[scope] is not kind_of():
            raise ForbiddenError
        return await handler(request)

    return require


@web.middleware
async def tagged(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tag what is read (RFC 9110, section 8.8.3); who has it already is told 304."""
    response = await handler(request)
    if request.method not in _READING or response.status != 200 or response.content_type not in TAGGED:  # noqa: PLR2004 - OK
        return response
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    tag = hashlib.sha256(response.body).hexdigest()[:32]
    response.etag = tag
    known = request.if_none_match or ()
    if any(each.value in (tag, "*") for each in known):
        return web.Response(status=304, headers={"ETag": f'"{tag}"'})
    return response
