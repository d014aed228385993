"""How many transactions run at one time, over all streams, and how many may wait."""

import asyncio
from typing import Final

from chaincode.shim.errors import BusyError, StoppingError


class Admission:
    """Lets transactions in, in the order in which they came; counts those inside, waiting or running.

    Whoever is inside runs while it holds one of `places`.
    """

    def __init__(self, running_max: int, waiting_max: int) -> None:
        self.inside = 0
        self.places: Final = asyncio.Semaphore(running_max)
        self._inside_max: Final = running_max + waiting_max
        self._closed = False
        self._empty: Final = asyncio.Event()
        self._empty.set()

    def enter(self) -> None:
        """Take a transaction in; StoppingError or BusyError where that cannot be. `leave` must follow."""
        if self._closed:
            raise StoppingError
        if self.inside == self._inside_max:
            raise BusyError
        self.inside += 1
        self._empty.clear()

    def leave(self) -> None:
        """A transaction that was taken in is over, and its answer is on its way."""
        self.inside -= 1
        if not self.inside:
            self._empty.set()

    def close(self) -> None:
        """Take no more in."""
        self._closed = True

    async def empty(self) -> None:
        """Wait until nothing is inside."""
        await self._empty.wait()
