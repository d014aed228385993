"""How much one caller may ask: a bucket for each that fills at a steady rate, and how many calls are open at a time."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final

CALLERS_MAX: Final = 20_000
"""How many callers are remembered; who was forgotten begins with a full bucket."""


class TooManyError(Exception):
    """A caller asks too much; after `wait_s` seconds it may ask again."""

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
        self._count: Final[Counter[Hashable]] = Counter()

    @contextmanager
    def one(self, caller: Hashable) -> Iterator[None]:
        """Hold one open; raises `TooManyError` where the caller has as many as it may."""
        if self._count[caller] >= self._most:
            raise TooManyError(self.WAIT_S)
        self._count[caller] += 1
        try:
            yield
        finally:
            self._count[caller] -= 1
            if not self._count[caller]:
                del self._count[caller]
