"""The courier: merges the signed lists that wait into the next transaction. It carries consent, it gives none.

One transaction is in flight at a time, or two where that is asked for; whatever arrives meanwhile goes into the next,
up to 1,000 commands. A lone list leaves at once, and under load a transaction is shared by hundreds of payments. What a
transaction costs by itself is large beside what a payment in it costs: so after a large one, the next waits a moment
for those who shared it: they have just had their answers, and their next lists are on their way (ADR 0026). Two in
flight overlap one's endorsement with the other's commit, but whatever they both touch (a bank's number, an account)
makes the second one conflict, and it is endorsed again.

A participant's last list may be delivered again, by a gateway that did not hear the answer: it is then answered as the
first time. (Without that the ledger would answer SEQUENCE_NOT_NEXT, which is as true but tells less.)
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from contextvars import Context
from typing import Any, Final, NamedTuple

import structlog

from gateway.ledger.port import BatchConflictError, Carried, Delivered, Ledger, OutcomeUnknownError
from gateway.operation import metrics, tracing
from settlement.forms.consent import MAX_COMMANDS, SignedList

ATTEMPTS: Final = 5
"""How often a batch is endorsed again after a conflict with another courier's."""

LARGE: Final = 100
"""How many commands make a transaction whose senders are taken to have more to ask."""

log = structlog.get_logger()


class _Waiting(NamedTuple):
    """A list that waits for the next transaction, since `since_s` on the monotonic clock; `place` is in its trace."""

    signed: SignedList
    future: "asyncio.Future[Delivered]"
    since_s: float
    place: Any


class _Expected(NamedTuple):
    """Who shared the last transaction, if it was a large one, and until when their next lists are waited for."""

    participants: frozenset[str] = frozenset()
    until_s: float = 0.0


class LocalCourier:
    """The courier of one process (gateway.ledger.port.Courier)."""

    def __init__(self, ledger: Ledger, *, in_flight: int = 1, participant: str = "", gathering: float = 0.0) -> None:
        """Carry to a ledger, with so many transactions in flight at a time; `participant`, whose it is, for metrics.

        `gathering`: for what share of the time that a large transaction took those who shared it are waited for then.
        """
        self._ledger: Final = ledger
        self._in_flight: Final = in_flight
        self._participant: Final = participant
        self._waiting: Final[deque[_Waiting]] = deque()
        self._last: Final[dict[str, tuple[SignedList, asyncio.Future[Delivered]]]] = {}
        self._running: Final[set[asyncio.Task[None]]] = set()
        self._gathering: Final = gathering
        self._expected = _Expected()
        self._came: Final = asyncio.Event()
        self._queue: Final = metrics.COURIER_WAITING.labels(participant)
        self._batch_commands: Final = metrics.BATCH_COMMANDS.labels(participant)
        self._batch_lists: Final = metrics.BATCH_LISTS.labels(participant)
        self._waiting_s: Final = metrics.STAGE_SECONDS.labels(participant, "waiting")
        self._ledger_s: Final = metrics.STAGE_SECONDS.labels(participant, "ledger")

    async def carry(self, signed: SignedList) -> Delivered:
        """Carry a list with the next batch."""
        last = self._last.get(signed.participant)
        if last is not None and last[0] == signed:
            return await asyncio.shield(last[1])
        future: asyncio.Future[Delivered] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(signed, future, time.perf_counter(), tracing.here()))
        self._came.set()
        self._queue.set(len(self._waiting))
        self._last[signed.participant] = (signed, future)
        # One that has ended stays among them until its callback has run, and looks at what waits no more.
        if sum(not task.done() for task in self._running) < self._in_flight:
            task = asyncio.create_task(self._run(), context=Context())  # what it does is not the first one's alone
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Finish what is under way; to be cancelled here does not cancel that."""
        if self._running:
            await asyncio.wait(tuple(self._running))

    async def _run(self) -> None:
        while self._waiting:
            await self._gathered()
            batch = self._next_batch()
            if not batch:  # another transaction has taken what waited
                continue
            start_s = time.perf_counter()
            try:
                with tracing.shared("make a transaction", (each.place for each in batch), lists=len(batch)):
                    carried = await self._carry([each.signed for each in batch])
                    tracing.note(transaction_id=carried.tx_id, block=carried.block)
                if len(carried.answers) != len(batch):
                    raise OutcomeUnknownError(carried.tx_id)
            except Exception as error:  # noqa: BLE001 - every sender in the batch is told
                metrics.BATCHES_FAILED.labels(self._participant, type(error).__name__).inc()
                for signed, future, _, _ in batch:
                    self._forget(signed)
                    future.set_exception(error)
                    future.exception()  # whoever sent it may be gone
                continue
            for each, answers in zip(batch, carried.answers, strict=True):
                each.future.set_result(Delivered(carried.tx_id, carried.block, answers))
            if self._gathering and sum(len(each.signed.commands) for each in batch) >= LARGE:
                now_s = time.perf_counter()
                senders = frozenset(each.signed.participant for each in batch)
                self._expected = _Expected(senders, now_s + self._gathering * (now_s - start_s))

    async def _gathered(self) -> None:
        """Wait for the next lists of those who shared the last transaction, while there is time and room for them."""
        expected, self._expected = self._expected, _Expected()
        with suppress(TimeoutError):
            async with asyncio.timeout(expected.until_s - time.perf_counter()):
                while (
                    not expected.participants <= {each.signed.participant for each in self._waiting}
                    and sum(len(each.signed.commands) for each in self._waiting) < MAX_COMMANDS
                ):
                    self._came.clear()
                    await self._came.wait()

    def _forget(self, signed: SignedList) -> None:
        """Let a list that came to nothing be carried again."""
        last = self._last.get(signed.participant)
        if last is not None and last[0] is signed:
            del self._last[signed.participant]

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        now_s = time.perf_counter()
        while self._waiting and (not batch or size + len(self._waiting[0].signed.commands) <= MAX_COMMANDS):
            batch.append(self._waiting.popleft())
            size += len(batch[-1].signed.commands)
            self._waiting_s.observe(now_s - batch[-1].since_s)
        self._queue.set(len(self._waiting))
        self._batch_lists.observe(len(batch))
        self._batch_commands.observe(size)
        return batch

    async def _carry(self, lists: list[SignedList]) -> Carried:
        start_s = time.perf_counter()
        try:
            return await self._endorsed(lists)
        finally:
            self._ledger_s.observe(time.perf_counter() - start_s)

    async def _endorsed(self, lists: list[SignedList]) -> Carried:
        """Have a batch endorsed and committed, again where it conflicts with another courier's."""
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._ledger.carry(lists)
            except BatchConflictError:
                log.info("batch conflicted, endorsing again", attempt=attempt)
        return await self._ledger.carry(lists)
