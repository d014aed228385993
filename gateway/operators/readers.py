"""The gateway's side of the processes that read what comes in: each started with the first question that is for it.

Reading takes most of the time that a document needs here, and much of a payment's, and Python runs one thread at a
time; so it is done in another process. Until that has started, and whenever it has ended, it is done in this one; but
not for the question that was being answered when the process ended, which may be the cause.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import msgspec
import structlog

from gateway.operators import payment_process, reader_process
from gateway.operators.frames import LENGTH_BYTES, frame
from gateway.operators.payment_process import AskedPayments, ReadPayments, read_payments
from gateway.operators.reader_process import Asked, Read, read_document, understood
from settlement.errors import Code, Refusal
from settlement.iso20022.reading import Reading

Q = TypeVar("Q")
A = TypeVar("A")

SMALL_BYTES: Final = 8192
"""A batch of fewer bytes is read at once: asking another process would take longer."""

BUFFER_BYTES: Final = 1 << 20
"""How much of the answers is taken before anybody asks for it."""

log = structlog.get_logger()


class ReaderEndedError(Exception):
    """The process ended before it had answered."""


class _Reader(Generic[Q, A]):
    """One process, which runs the module of `read_here`; `field` is what is at fault where the process ends over it."""

    def __init__(self, read_here: Callable[[Q], A], answers: msgspec.msgpack.Decoder[A], field: str) -> None:
        self.started: Final = asyncio.Event()
        self._read_here: Final = read_here
        self._answers: Final = answers
        self._field: Final = field
        self._process: Process | None = None
        """The process that answers, once it is ready."""
        self._child: Process | None = None
        self._closing = False
        self._tasks: Final[list[asyncio.Task[None]]] = []
        self._asked: Final[deque[asyncio.Future[A]]] = deque()

    async def answer(self, asked: Q) -> A:
        """Answer a question, there or here; raises ED05 where the process ended over it."""
        if not self._tasks:
            self._tasks.append(asyncio.create_task(self._run()))
        if self._process is None or self._process.stdin is None:
            return await asyncio.to_thread(self._read_here, asked)
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._asked.append(future)
        self._process.stdin.write(frame(asked))
        try:
            return await future
        except ReaderEndedError:
            return await asyncio.to_thread(self._read_here, asked)

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
            self._read_here.__module__,
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            limit=BUFFER_BYTES,
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
                read = self._answers.decode(await process.stdout.readexactly(int.from_bytes(head, "big")))
                future = self._asked.popleft()
                if not future.done():
                    future.set_result(read)
        except asyncio.IncompleteReadError:
            status = await process.wait()
            if status:
                log.warning("a process that reads ended", reads=self._field, status=status)
        finally:
            self._process = self._child = None
            self.started.clear()
            self._tasks.clear()
            for place, future in enumerate(self._asked):
                if not future.done():
                    future.set_exception(ReaderEndedError() if place else Refusal(Code.ED05, self._field))
            self._asked.clear()


class DocumentReader(_Reader[Asked, Read]):
    """Reads documents for one gateway."""

    def __init__(self) -> None:
        super().__init__(read_document, reader_process.ANSWERS, "document")

    async def read(self, asked: Asked) -> Reading:
        """Read a document; raises `MessageRefusal`, and ED05 where the process ended over it."""
        return understood(await self.answer(asked))


class PaymentReader(_Reader[AskedPayments, ReadPayments]):
    """Reads batches of typed payments for one gateway."""

    def __init__(self) -> None:
        super().__init__(read_payments, payment_process.ANSWERS, "payments")

    async def read(self, asked: AskedPayments) -> ReadPayments:
        """Read a batch; raises the `Refusal` of all of it, and ED05 where the process ended over it."""
        read = read_payments(asked) if len(asked.request) < SMALL_BYTES else await self.answer(asked)
        if read.code:
            raise Refusal(Code(read.code), read.where)
        return read
