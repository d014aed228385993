"""Follows the feed: whatever blocks have come are applied together; whoever waits for a height is told."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any, Final

import structlog

from gateway.ledger.port import FeedBlock, Ledger
from gateway.operation import metrics
from gateway.projection.apply import Projection
from gateway.projection.faults import FeedBrokenError
from gateway.projection.store import ProjectionStore

AT_ONCE: Final = 64
"""The most blocks in one database transaction."""

LULL_S: Final = 0.3
"""How long no block has come before the index of words has its turn. Under load the next one comes sooner: what is
between them is not idle time, for other processes of the machine settle payments in it."""

MANY: Final = 100
"""Blocks that did something to so many payments are taken for load: a lull after them has to last."""

LASTING: Final = 5
"""How many times as long. On a slow machine a full block takes longer than a lull after a small one."""

BEHIND_MAX: Final = 12
"""After how many transactions of blocks without a pause the index has its turn all the same."""

MISSING_PAUSE_S: Final = 1.0
"""How long to wait before a block is asked for again whose private data the peer lacked."""

log = structlog.get_logger()


class FeedFollower:
    """Keeps one organisation's read model up to date, in a thread of its own."""

    def __init__(
        self,
        ledger: Ledger,
        store: ProjectionStore,
        organisation: str,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        lull_s: float = LULL_S,
    ) -> None:
        self._ledger: Final = ledger
        self._store: Final = store
        self._pause: Final = pause
        self._lull_s: Final = lull_s
        self._projection: Final = Projection(store, organisation)
        self._thread: Final = ThreadPoolExecutor(1, f"projection-{organisation}")
        self._moved: Final = asyncio.Condition()
        self._indexed_height = 0
        self._came: Final[asyncio.Queue[FeedBlock]] = asyncio.Queue(AT_ONCE)
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped: Final = asyncio.Event()
        self._touching: Final[list[Callable[[Iterable[str]], None]]] = []
        self._lag_s: Final = metrics.PROJECTION_LAG_SECONDS.labels(organisation)
        self._came_blocks: Final = metrics.PROJECTION_WAITING.labels(organisation)
        self._shown_blocks: Final = metrics.PROJECTION_HEIGHT.labels(organisation)
        self.failure: Exception | None = None
        """Why no more blocks are applied: what went wrong, or that the gateway closes."""

    @property
    def height(self) -> int:
        """The number of blocks applied."""
        return self._projection.height

    @property
    def directory_version(self) -> int:
        """A number that changes with every change of an organisation, a customer or a business day."""
        return self._projection.directory_version

    async def directory_beyond(self, version: int) -> int:
        """Wait for another version of the directory than this, and give its number; raises as `reached` does."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.directory_version != version or self.failure is not None)
        if self.failure is not None:
            raise FeedBrokenError from self.failure
        return self.directory_version

    def on_touched(self, tell: Callable[[Iterable[str]], None]) -> None:
        """Tell somebody, from now on, the UETRs to which each block did something, before others hear of the block."""
        self._touching.append(tell)

    def start(self) -> None:
        """Begin to follow."""
        self._tasks = [asyncio.create_task(self._alarmed(work())) for work in (self._read, self._apply, self._watch)]

    async def close(self) -> None:
        """Stop following; whoever waits is told."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stop(FeedBrokenError("the gateway closes"))
        self._thread.shutdown()

    async def stopped(self) -> None:
        """Wait until no more blocks are applied; `failure` says why."""
        await self._stopped.wait()

    async def reached(self, block: int) -> None:
        """Wait until the block of this number is applied; raises `FeedBrokenError` where the read model has stopped."""
        if self._projection.height > block:
            return
        async with self._moved:
            await self._moved.wait_for(lambda: self._projection.height > block or self.failure is not None)
        if self.failure is not None:
            raise FeedBrokenError from self.failure

    async def indexed(self, height: int) -> None:
        """Wait until payments of some blocks can be found by their words; raises as `reached` does."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._indexed_height >= height or self.failure is not None)
        if self.failure is not None:
            raise FeedBrokenError from self.failure

    async def _alarmed(self, work: Coroutine[Any, Any, None]) -> None:
        """Run one part of the work; where it fails the read model stops, and whoever waits is told."""
        try:
            await work
        except Exception as error:
            self._store.doubt(error)
            log.exception("the read model stopped")
            await self._stop(error)

    async def _stop(self, failure: Exception) -> None:
        self.failure = self.failure or failure
        self._stopped.set()
        async with self._moved:
            self._moved.notify_all()

    async def _read(self) -> None:
        """Read the feed. A block that lacks a private part is asked for again until the peer has it."""
        number = self._projection.height
        while True:
            async with aclosing(self._ledger.blocks(number)) as blocks:
                async for block in blocks:
                    if any(transaction.missing for transaction in block.transactions):
                        log.error("private data is missing, asking for the block again", block=block.number)
                        break
                    await self._came.put(block)
                    number = block.number + 1
            await self._pause(MISSING_PAUSE_S)

    async def _watch(self) -> None:
        """Stop where somebody who asked has met damage before the follower did."""
        await self._store.damaged.wait()
        if self.failure is None:
            raise FeedBrokenError("the read model's file is damaged: it is read anew at the next start")

    async def _apply(self) -> None:
        """Apply blocks as they come; while none do, make the index of words."""
        loop = asyncio.get_running_loop()
        is_indexed, applied = False, 0
        is_calm, lull_s = True, self._lull_s
        while True:
            if not is_indexed and ((is_calm and self._came.empty()) or applied >= BEHIND_MAX):
                is_indexed, applied = not await loop.run_in_executor(self._thread, self._projection.index), 0
                if is_indexed:
                    self._indexed_height = self._projection.height
                    await self._tell()
                continue
            try:
                async with asyncio.timeout(None if is_indexed else lull_s):
                    blocks = [await self._came.get()]
            except TimeoutError:
                is_calm = True
                continue
            is_calm = False
            while not self._came.empty() and len(blocks) < AT_ONCE:
                blocks.append(self._came.get_nowait())
            self._came_blocks.set(self._came.qsize() + len(blocks))
            await loop.run_in_executor(self._thread, self._projection.apply, blocks)
            self._count(blocks)
            for tell in self._touching:
                tell(self._projection.touched)
            is_indexed, applied = False, applied + 1
            lull_s = self._lull_s * (LASTING if len(self._projection.touched) >= MANY else 1)
            await self._tell()

    def _count(self, blocks: list[FeedBlock]) -> None:
        """Take note of how far behind the ledger what was just applied is."""
        now_s = time.time()
        for block in blocks:
            for transaction in block.transactions:
                self._lag_s.observe(max(0.0, now_s - transaction.timestamp_ms / 1000))
        self._came_blocks.set(self._came.qsize())
        self._shown_blocks.set(self._projection.height)

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()
