"""The gateway's side of the process that reads documents: one process, started with the first document.

Reading a document takes most of the time that it needs here, and Python runs one thread at a time; so it is read in
another process. Until that has started, and whenever it has ended, documents are read in this one; but not the one
that was being read when it ended, which may be the cause.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from typing import Final

import structlog

from gateway.operators.reader_process import LENGTH_BYTES, READ, Asked, Read, frame, read_document, understood
from settlement.errors import Code, Refusal
from settlement.iso20022.reading import Message

log = structlog.get_logger()


class ReaderEndedError(Exception):
    """The process ended before it had answered."""


class DocumentReader:
    """Reads documents for one gateway."""

    def __init__(self) -> None:
        self.started: Final = asyncio.Event()
        self._process: Process | None = None
        """The process that answers, once it is ready."""
        self._child: Process | None = None
        self._closing = False
        self._tasks: Final[list[asyncio.Task[None]]] = []
        self._asked: Final[deque[asyncio.Future[Read]]] = deque()

    async def read(self, asked: Asked) -> Message:
        """Read a document; raises `MessageRefusal`, and ED05 where the process ended over it."""
        if not self._tasks:
            self._tasks.append(asyncio.create_task(self._run()))
        if self._process is None or self._process.stdin is None:
            return understood(await asyncio.to_thread(read_document, asked))
        future: asyncio.Future[Read] = asyncio.get_running_loop().create_future()
        self._asked.append(future)
        self._process.stdin.write(frame(asked))
        try:
            return understood(await future)
        except ReaderEndedError:
            return understood(await asyncio.to_thread(read_document, asked))

    async def close(self) -> None:
        """Let the process end."""
        self._closing = True
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
        await asyncio.gather(*self._tasks)

    async def _run(self) -> None:
        """Start the process and take its answers, which come in the order of the questions, until it ends."""
        paths = os.pathsep.join(path for path in sys.path if path)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            reader_module(),
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        assert process.stdout is not None
        assert process.stdin is not None
        self._child = process
        if self._closing:
            process.stdin.close()
        try:
            head = await process.stdout.readexactly(LENGTH_BYTES)
            await process.stdout.readexactly(int.from_bytes(head, "big"))
            self._process = process
            self.started.set()
            while True:
                head = await process.stdout.readexactly(LENGTH_BYTES)
                read = READ.decode(await process.stdout.readexactly(int.from_bytes(head, "big")))
                future = self._asked.popleft()
                if not future.done():
                    future.set_result(read)
        except asyncio.IncompleteReadError:
            status = await process.wait()
            if status:
                log.warning("the process that reads documents ended", status=status)
        finally:
            self._process = self._child = None
            self.started.clear()
            self._tasks.clear()
            for place, future in enumerate(self._asked):
                if not future.done():
                    future.set_exception(ReaderEndedError() if place else Refusal(Code.ED05, "document"))
            self._asked.clear()


def reader_module() -> str:
    """Name the module that the process runs."""
    return read_document.__module__
