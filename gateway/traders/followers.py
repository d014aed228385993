"""Who follows what: each event is read once, shown once, and handed to all whom it concerns.

One task reads the events of the read model as they come. A follower has a queue of bounded length; one whose queue is
full does not read, and is let go: it comes again and says what it had last. Positions have no gaps, so nothing is told
twice and nothing is left out.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from gateway.app import Gateway
from gateway.ledger.port import LedgerUnreachableError
from gateway.projection import words
from gateway.projection.apply import FeedBrokenError
from gateway.projection.queries import EventView, PaymentView
from settlement.payments.commands import SubmitPayment

QUEUE_MAX: Final = 256
"""How many events wait for one follower."""
AT_ONCE: Final = 200
"""How many events are read at once."""

log = structlog.get_logger()

Render = Callable[[EventView], bytes]
MaySee = Callable[[SubmitPayment], bool]
Key = str | tuple[str, str, bool]
"""What a follower is looked for by: a party, or a payment as events name it: UETR, payer, whether used before by it."""
_EVERY: Final = ""
"""The key of those who follow every payment: no party has it."""


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
        self._queue: Final[asyncio.Queue[bytes | None]] = asyncio.Queue(QUEUE_MAX)
        self.is_cut = False

    def tell(self, said: bytes) -> None:
        """Put something into the queue; where there is no room the follower is let go."""
        if self.is_cut:
            return
        try:
            self._queue.put_nowait(said)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let go: what still waits is not told."""
        self.is_cut = True
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def next(self) -> bytes:
        """Wait for what comes next, and give all that has come; empty once the follower is let go."""
        said = [await self._queue.get()]
        while not self._queue.empty():
            said.append(self._queue.get_nowait())
        return b"" if None in said else b"".join(each for each in said if each)


class Followers:
    """All who follow one gateway's events. `render` makes an event what goes to each of them."""

    def __init__(self, gateway: Gateway, render: Render) -> None:
        self._gateway: Final = gateway
        self._render: Final = render
        self._position = 0
        self._of: Final[defaultdict[Key, set[Follower]]] = defaultdict(set)
        self._count = 0
        self._customers = 0
        """How many follow by party: without them no payment need be looked at."""
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Say how many follow."""
        return self._count

    @contextmanager
    def payment(self, view: PaymentView, parties: tuple[str, ...] | None) -> Iterator[Follower]:
        """Follow one payment, which the follower may see, since its parties are these."""
        key = (view.uetr, view.payer, view.is_duplicate)
        with self._one([key], lambda _: True, parties) as follower:
            yield follower

    @contextmanager
    def all(self, parties: tuple[str, ...] | None, may_see: MaySee) -> Iterator[Follower]:
        """Follow every payment that names one of some parties and may be seen; without parties, every payment."""
        if parties is None:
            with self._one([_EVERY], may_see, None) as follower:
                yield follower
            return
        self._customers += 1
        try:
            with self._one(parties, may_see, parties) as follower:
                yield follower
        finally:
            self._customers -= 1

    @contextmanager
    def _one(self, keys: Iterable[Key], may_see: MaySee, parties: tuple[str, ...] | None) -> Iterator[Follower]:
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
            self._position = self._gateway.queries.last_position()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        self._count += 1
        version = self._gateway.follower.directory_version
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
                height = self._gateway.follower.height
                if not self._advance():
                    await self._gateway.follower.beyond(height)
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
            self._position = self._gateway.queries.last_position()
            return False
        events = self._gateway.queries.events_after(self._position, limit=AT_ONCE)
        for event in events:
            concerned = self._concerned(event)
            if concerned:
                said = self._render(event)
                for follower in concerned:
                    follower.tell(said)
            self._position = event.position
        return bool(events)

    def _concerned(self, event: EventView) -> set[Follower]:
        found = set().union(*(self._of.get(key, ()) for key in (_EVERY, (event.uetr, event.payer, event.is_duplicate))))
        payment = payment_of(self._gateway, event) if self._customers else None
        if payment is not None:
            named = (self._of.get(party, set()) for party in words.parties_of(payment))
            found.update(follower for each in named for follower in each if follower.may_see(payment))
        return found


def payment_of(gateway: Gateway, event: EventView) -> SubmitPayment | None:
    """Give the payment that an event happened to; None where it has been purged."""
    command = event.command
    if isinstance(command, SubmitPayment):
        return command
    same = (event.payer, event.is_duplicate)
    found = [each for each in gateway.queries.payments(event.uetr) if (each.payer, each.is_duplicate) == same]
    return found[0].command if found else None
