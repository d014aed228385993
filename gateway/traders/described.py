"""Requests are held to what is described of their route (gateway.traders.operations)."""

from aiohttp import web

from gateway.traders import asked
from gateway.traders.edge import Handler, route_of
from gateway.traders.operations import OPERATIONS


@web.middleware
async def described(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse (CH17) a query with a word that its route does not read. It is not recorded: nothing is told then."""
    operation = OPERATIONS.get(route_of(request))
    if operation is not None:
        asked.require_known(request, operation.query)
    return await handler(request)
