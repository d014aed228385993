"""Bodies of requests as they come from anybody: of a known kind, not compressed, of bounded size, in bounded time."""

import asyncio
from collections.abc import Collection
from typing import Final

from aiohttp import web

MAX_BYTES: Final = 256 * 1024
TIME_S: Final = 15.0
"""How long a body may take to come."""


async def take(request: web.Request, kinds: Collection[str]) -> bytes:
    """Take a body of one of some media types."""
    if request.content_type not in kinds or request.headers.get("Content-Encoding"):
        raise web.HTTPUnsupportedMediaType(reason=f"The body is taken as {' or '.join(sorted(kinds))}, not compressed")
    if (request.content_length or 0) > MAX_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BYTES, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(TIME_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise web.HTTPRequestEntityTooLarge(MAX_BYTES, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)
