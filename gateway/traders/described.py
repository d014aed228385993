"""Requests are held to what is described of their route (gateway.traders.operations)."""

from aiohttp import web

from gateway.traders import asked
from gateway.traders.edge import Handler, route_of
from gateway.traders.operations import OPERATIONS


@web.middleware
async def described(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a query string where none is read; where one is, its route reads it as strictly."""
    operation = OPERATIONS.get(route_of(request))
    if operation is not None and operation.query is None:
        asked.nothing(request)
    return await handler(request)
