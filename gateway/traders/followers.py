"""Who follows what: each event is read once, shown once, and handed to all whom it concerns.

One task reads the events of one kind from the read model as they come. A follower has a queue of bounded length; one
whose queue is full does not read, and is let go: it comes again and says what it had last. Positions grow, so nothing
is told twice and nothing is left out.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Generic, Protocol, TypeVar

import structlog

from gateway.app import Gateway
from gateway.ledger.port import LedgerUnreachableError
from gateway.projection.faults import FeedBrokenError

QUEUE_MAX: Final = 256
"""How many events wait for one follower."""
AT_ONCE: Final = 200
"""How many events are read at once."""
BACK_MAX: Final = 50_000
"""How many of the gateway's events a stream may begin back."""

log = structlog.get_logger()

MaySee = Callable[[Any], bool]
Told = Sequence[tuple[int, bytes]]
"""Events, each with its position, as all who follow it are told it: what names it for each is put before it last."""
Key = str | tuple[str, str, bool]
"""What a follower is looked for by: a party; or one payment, as events name it."""
EVERY: Final = ""
"""The key of those who follow everything: no party has it."""


class Placed(Protocol):
    """An event has a position among those of its kind."""

    @property
    def position(self) -> int:
        """Where it stands; positions grow with time."""


E = TypeVar("E", bound=Placed)


class Follower:
    """One who follows: what it is to be told, and whether it has been let go."""

    def __init__(
        self, may_see: MaySee, start: int, *, parties: tuple[str, ...] | None = None, directory_version: int = 0
    ) -> None:
        self.may_see: Final = may_see
        self.parties: Final = parties
        """By which parties it was entered, as the directory stood at that version."""
        self.directory_version = directory_version
        self.start: Final = start
        """The position after which events come by themselves; what came before is to be looked up."""
        self.had = 0
        """The position of the last event that it has had, which may be further on than this read model has come."""
        self._queue: Final[asyncio.Queue[tuple[int, bytes] | None]] = asyncio.Queue(QUEUE_MAX)
        self.is_cut = False

    def tell(self, position: int, body: bytes) -> None:
        """Put an event that it has not had into the queue; where there is no room the follower is let go."""
        if self.is_cut or position <= self.had:
            return
        try:
            self._queue.put_nowait((position, body))
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let go: what still waits is not told."""
        self.is_cut = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self) -> Told:
        """Wait for what comes next, and give all that has come; empty once the follower is let go."""
        told = [await self._queue.get()]
        while not self._queue.empty():
            told.append(self._queue.get_nowait())
        return [] if None in told else [each for each in told if each]


class Followers(ABC, Generic[E]):
    """All who follow one gateway's events of one kind. `show` makes an event what each of them is told."""

    def __init__(self, gateway: Gateway, show: Callable[[E], bytes]) -> None:
        self.gateway: Final = gateway
        self._show: Final = show
        self._position = 0
        self._of: Final[defaultdict[Key, set[Follower]]] = defaultdict(set)
        self._count = 0
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Say how many follow."""
        return self._count

    @abstractmethod
    def last(self) -> int:
        """Give the position of the last event, 0 before the first."""

    @abstractmethod
    def after(self, position: int) -> list[E]:
        """Read the next events after a position, `AT_ONCE` at most."""

    @abstractmethod
    def is_further_back(self, position: int, events: int, *, before: int) -> bool:
        """Say whether more than so many events came after a position until another one."""

    def resumed(self, follower: Follower, last: int | None) -> bool:
        """Note what a follower had last, if it says so; False where that is too far back."""
        follower.had = last or 0
        return last is None or not self.is_further_back(last, BACK_MAX, before=follower.start)

    @abstractmethod
    def concerned(self, event: E) -> set[Follower]:
        """Say whom an event concerns."""

    def of(self, key: Key) -> set[Follower]:
        """Give those who are looked for by a key."""
        return self._of.get(key, set())

    @contextmanager
    def one(self, keys: Iterable[Key], may_see: MaySee, parties: tuple[str, ...] | None) -> Iterator[Follower]:
        """Enter a follower where it is looked for, and take it out in the end."""
        follower, entered = self._new(may_see, parties), set(keys)
        for key in entered:
            self._of[key].add(follower)
        try:
            yield follower
        finally:
            self._count -= 1
            for key in entered:
                self._of[key].discard(follower)
                if not self._of[key]:
                    del self._of[key]

    def _new(self, may_see: MaySee, parties: tuple[str, ...] | None) -> Follower:
        if not self._count:
            self._position = self.last()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        self._count += 1
        version = self.gateway.follower.directory_version
        return Follower(may_see, self._position, parties=parties, directory_version=version)

    async def close(self) -> None:
        """Let everybody go."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._end()

    def _end(self) -> None:
        for follower in self._everybody():
            follower.end()

    def _everybody(self) -> set[Follower]:
        return set().union(*self._of.values())

    async def _run(self) -> None:
        """Tell what comes; where the read model stops, everybody is let go."""
        try:
            while True:
                height = self.gateway.follower.height
                if not self._advance():
                    await self.gateway.follower.reached(height)  # the number of the next block
                await asyncio.sleep(0)
        except (FeedBrokenError, LedgerUnreachableError):
            self._end()
        except Exception:
            log.exception("following stopped")
            self._end()
            raise

    def _advance(self) -> bool:
        """Tell the next events; say whether there were any."""
        if not self._count:
            self._position = self.last()
            return False
        events = self.after(self._position)
        for event in events:
            concerned = self.concerned(event)
            if concerned:
                body = self._show(event)
                for follower in concerned:
                    follower.tell(event.position, body)
            self._position = event.position
        return bool(events)
