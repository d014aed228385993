"""How much one caller may ask: a bucket for each that fills at a steady rate, and how many calls are open at a time.

And how much all may ask together: what is under way has room up to a limit. Who comes when there is none is told so at
once, before anything is read of what it asks, so that saying no costs little and what was let in is done in time.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.operation import metrics

CALLERS_MAX: Final = 20_000
"""How many callers are remembered; who was forgotten begins with a full bucket."""


class TooManyError(Exception):
    """A caller, or all together, ask too much; after `wait_s` seconds it may ask again."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s: Final = wait_s


class Rates:
    """Lets each caller ask `rate_per_s` times a second for long, and `burst` times at once.

    One bucket is as good as the next: what one caller takes, no other misses.
    """

    def __init__(self, rate_per_s: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate_per_s: Final = rate_per_s
        self._burst: Final = burst
        self._clock: Final = clock
        self._buckets: Final[OrderedDict[Hashable, tuple[float, float]]] = OrderedDict()

    def require(self, caller: Hashable) -> None:
        """Take one from a caller's bucket; raises `TooManyError` where it is empty."""
        now_s = self._clock()
        left, at_s = self._buckets.get(caller, (float(self._burst), now_s))
        left = min(float(self._burst), left + (now_s - at_s) * self._rate_per_s)
        is_admitted = left >= 1
        self._buckets[caller] = (left - 1 if is_admitted else left), now_s
        self._buckets.move_to_end(caller)
        if len(self._buckets) > CALLERS_MAX:
            self._buckets.popitem(last=False)
        if not is_admitted:
            raise TooManyError((1 - left) / self._rate_per_s)


class Open:
    """Lets each caller have so many calls open at a time, so that who opens many takes from nobody but itself."""

    WAIT_S: Final = 1.0
    """When to ask again: nobody knows when one of the others ends."""

    def __init__(self, most: int) -> None:
        self._most: Final = most
        self._count: Final[dict[Hashable, int]] = {}

    @contextmanager
    def one(self, caller: Hashable) -> Iterator[None]:
        """Hold one open; raises `TooManyError` where the caller has as many as it may."""
        self.enter(caller)
        try:
            yield
        finally:
            self.leave(caller)

    def enter(self, caller: Hashable) -> None:
        """Open one, which `leave` ends; raises `TooManyError` where the caller has as many as it may."""
        count = self._count.get(caller, 0)
        if count >= self._most:
            raise TooManyError(self.WAIT_S)
        self._count[caller] = count + 1

    def leave(self, caller: Hashable) -> None:
        """End one."""
        count = self._count[caller] - 1
        if count:
            self._count[caller] = count
        else:
            del self._count[caller]


class Room:
    """How many commands are under way at a time in one gateway, whoever asked for them.

    A batch is let in where there is any room, so the largest is let in too: the limit may be passed by one batch.
    """

    WAIT_MIN_S: Final = 0.05
    _WEIGHT: Final = 0.1
    """Of the newest command in the mean of how long they take."""

    def __init__(self, most: int, participant: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._most: Final = most
        self._clock: Final = clock
        self._taken = 0
        self._mean_s = self.WAIT_MIN_S
        self._freed: Final = asyncio.Event()
        self._gauge: Final = metrics.UNDER_WAY.labels(participant)

    @property
    def wait_s(self) -> float:
        """When to ask again: by then what is under way now should be done."""
        return max(self.WAIT_MIN_S, self._mean_s)

    def require(self) -> None:
        """Raise `TooManyError` where there is no room."""
        if self._taken >= self._most:
            raise TooManyError(self.wait_s)

    async def free(self, patience_s: float) -> None:
        """Wait for room; raises `TooManyError` where there is none in time."""
        if self._taken < self._most:
            return
        try:
            async with asyncio.timeout(patience_s):
                while self._taken >= self._most:
                    self._freed.clear()
                    await self._freed.wait()
        except TimeoutError:
            raise TooManyError(self.wait_s) from None

    @contextmanager
    def hold(self, commands: int) -> Iterator[None]:
        """Take room for some commands for as long as they are under way."""
        start_s = self._clock()
        self._change(commands)
        try:
            yield
        finally:
            self._change(-commands)
            self._mean_s += self._WEIGHT * (self._clock() - start_s - self._mean_s)
            self._freed.set()

    def _change(self, commands: int) -> None:
        self._taken += commands
        self._gauge.set(self._taken)
