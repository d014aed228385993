"""What a container's health check can ask without a client of gRPC: a door in plain HTTP, on loopback.

Whether the server serves is gRPC's own health service's word (grpc.health.v1); this repeats it. It is answered on the
loop on which transactions run, so a server that no longer gets to them does not answer here either.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

REQUEST_MAX_BYTES: Final = 4096
REQUEST_MAX_S: Final = 5.0
_ANSWER: Final = "HTTP/1.0 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class HealthDoor:
    """Answers every request with 200 while the server serves, and with 503 once it is told to stop."""

    def __init__(self, serves: Callable[[], bool]) -> None:
        self.port = 0
        """The port on which it listens, once it is open."""
        self._serves: Final = serves
        self._server: asyncio.Server | None = None

    async def open(self, address: str) -> None:
        """Listen on host:port; raises `OSError`."""
        host, _, port = address.rpartition(":")
        self._server = await asyncio.start_server(self._answer, host.strip("[]"), int(port), limit=REQUEST_MAX_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_MAX_S):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_ANSWER.format(status="200 OK" if self._serves() else "503 Service Unavailable").encode())
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # nothing that a health check sends
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
