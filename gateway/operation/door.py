"""The door for machines that watch: /metrics, /healthz, /readyz. It has an address of its own and asks for no token.

What stands there names organisations, methods and numbers, and nothing of a payment; still it is for the inside: let it
listen where the monitoring comes from, and nobody else.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from gateway.operation import metrics
from gateway.operation.health import Health, Told

_OK, _UNAVAILABLE = 200, 503
CLOSE_S: Final = 1.0


class Door:
    """A door that is open; `port` is where."""

    def __init__(self, runner: web.AppRunner, port: int) -> None:
        self._runner: Final = runner
        self.port: Final = port

    async def close(self) -> None:
        """Close it."""
        await self._runner.cleanup()


async def serve(health: Health, host: str, port: int) -> Door:
    """Open it (port 0: any); raises `OSError` where the address cannot be had."""
    application = web.Application()
    application.router.add_get("/metrics", _metrics(health))
    application.router.add_get("/healthz", _telling(health.alive))
    application.router.add_get("/readyz", _telling(health.ready))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=CLOSE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return Door(runner, int(runner.addresses[0][1]))


def _telling(ask: Callable[[], Told]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def tell(_: web.Request) -> web.Response:
        told = ask()
        body = {"status": "ok" if told.is_well else "not ok", "gateways": told.gateways}
        return web.json_response(body, status=_OK if told.is_well else _UNAVAILABLE)

    return tell


def _metrics(health: Health) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def expose(_: web.Request) -> web.Response:
        health.count()
        return web.Response(body=metrics.exposition(), headers={"Content-Type": metrics.CONTENT_TYPE})

    return expose
