"""Follows the feed: whatever blocks have come are applied together; whoever waits for a height is told."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from gateway.ledger.port import FeedBlock, Ledger
from gateway.projection.apply import FeedBrokenError, Projection
from gateway.projection.store import ProjectionStore

AT_ONCE: Final = 64
"""The most blocks in one database transaction."""

log = structlog.get_logger()


class Follower:
    """Keeps one organisation's read model up to date, in a thread of its own."""

    def __init__(self, ledger: Ledger, store: ProjectionStore, organisation: str) -> None:
        self._ledger: Final = ledger
        self._projection: Final = Projection(store, organisation)
        self._thread: Final = ThreadPoolExecutor(1, f"projection-{organisation}")
        self._moved: Final = asyncio.Condition()
        self._came: Final[asyncio.Queue[FeedBlock]] = asyncio.Queue(AT_ONCE)
        self._tasks: list[asyncio.Task[None]] = []
        self.failure: Exception | None = None

    @property
    def height(self) -> int:
        """The number of blocks applied."""
        return self._projection.height

    @property
    def directory_version(self) -> int:
        """A number that changes with every change of an organisation or a business day."""
        return self._projection.directory_version

    def start(self) -> None:
        """Begin to follow."""
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._apply())]

    async def close(self) -> None:
        """Stop following."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._thread.shutdown()

    async def reached(self, block: int) -> None:
        """Wait until a block has been applied; raises `FeedBrokenError` where the read model has stopped."""
        if self._projection.height > block:
            return
        async with self._moved:
            await self._moved.wait_for(lambda: self._projection.height > block or self.failure is not None)
        if self.failure is not None:
            raise FeedBrokenError from self.failure

    async def beyond(self, height: int) -> None:
        """Wait until more blocks than these have been applied; raises `FeedBrokenError` as `reached` does."""
        await self.reached(height)

    async def _read(self) -> None:
        async for block in self._ledger.blocks(self._projection.height):
            await self._came.put(block)

    async def _apply(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            blocks = [await self._came.get()]
            while not self._came.empty() and len(blocks) < AT_ONCE:
                blocks.append(self._came.get_nowait())
            try:
                await loop.run_in_executor(self._thread, self._projection.apply, blocks)
            except Exception as error:
                self.failure = error
                log.exception("the read model stopped")
                raise
            finally:
                async with self._moved:
                    self._moved.notify_all()
