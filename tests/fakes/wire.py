"""A wire between a client and a server on loopback that can be cut, or be long."""

import asyncio
from contextlib import suppress


class Wire:
    """Forwards bytes between a port of its own and a server's; `cut` resets every connection.

    `length_s` is how long what is sent is under way, as to a server in another part of the world.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._ends: set[asyncio.StreamWriter] = set()
        self._forwarding: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self._silent: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.length_s = 0.0
        self.sent = asyncio.Event()
        """Set whenever a client has sent something."""
        self.joined = 0
        """How many connections there have been."""

    async def open(self) -> None:
        """Begin to listen."""
        self._listener = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._ends |= {writer, server_writer}
        self.joined += 1
        for source, sink in ((reader, server_writer), (server_reader, writer)):
            task = asyncio.create_task(self._forward(source, sink))
            self._forwarding.add(task)
            task.add_done_callback(self._forwarding.discard)

    async def _forward(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        is_to_server = sink.get_extra_info("peername")[1] == self._server_port
        with suppress(OSError):
            while chunk := await source.read(65536):
                if is_to_server:
                    self.sent.set()
                if sink in self._silent:
                    continue
                if self.length_s:
                    await asyncio.sleep(self.length_s)
                sink.write(chunk)
                await sink.drain()
        sink.close()

    def cut(self) -> None:
        """Reset every connection, as a peer that is killed does; what connects afterwards is let through."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()
        self._silent.clear()

    def silence(self) -> None:
        """Lose what is sent on every connection, and close none; what connects afterwards is let through."""
        self._silent |= self._ends

    async def close(self) -> None:
        """Cut, and listen no more."""
        if self._listener is not None:
            self._listener.close()
        self.cut()
        await asyncio.gather(*self._forwarding, return_exceptions=True)
