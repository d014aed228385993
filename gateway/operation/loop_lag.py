"""How late the event loop is: a process that does too much in one go keeps everybody else waiting; it shows here."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gateway.operation import metrics

EVERY_S: Final = 0.25


@asynccontextmanager
async def watched(every_s: float = EVERY_S) -> AsyncIterator[None]:
    """Measure it for as long as this lasts."""
    watching = asyncio.create_task(_watch(every_s))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait((watching,))


async def _watch(every_s: float) -> None:
    series = metrics.LOOP_LAG_SECONDS.labels()
    while True:
        start_s = time.perf_counter()
        await asyncio.sleep(every_s)
        series.observe(max(0.0, time.perf_counter() - start_s - every_s))
