"""The courier: merges the signed lists that wait into the next transaction. It carries consent, it gives none.

One transaction is in flight at a time, or two where that is asked for; whatever arrives meanwhile goes into the next,
up to 500 commands. There is no timer: a lone list leaves at once, and under load a transaction is shared by hundreds
of payments. Two in flight overlap one's endorsement with the other's commit, but whatever they both touch (a bank's
number, an account) makes the second one conflict, and it is endorsed again.

A participant's last list may be delivered again, by a gateway that did not hear the answer: it is then answered as the
first time. (Without that the ledger would answer SEQUENCE_NOT_NEXT, which is as true but tells less.)
"""

import asyncio
from collections import deque
from typing import Final

import structlog

from gateway.ledger.port import BatchConflictError, Carried, Delivered, Ledger, OutcomeUnknownError
from settlement.forms.consent import MAX_COMMANDS, SignedList

ATTEMPTS: Final = 5
"""How often a batch is endorsed again after a conflict with another courier's."""

log = structlog.get_logger()


class LocalCourier:
    """The courier of one process (gateway.ledger.port.Courier)."""

    def __init__(self, ledger: Ledger, *, in_flight: int = 1) -> None:
        """Carry to a ledger, with so many transactions in flight at a time."""
        self._ledger: Final = ledger
        self._in_flight: Final = in_flight
        self._waiting: Final[deque[tuple[SignedList, asyncio.Future[Delivered]]]] = deque()
        self._last: Final[dict[str, tuple[SignedList, asyncio.Future[Delivered]]]] = {}
        self._running: Final[set[asyncio.Task[None]]] = set()

    async def carry(self, signed: SignedList) -> Delivered:
        """Carry a list with the next batch."""
        last = self._last.get(signed.participant)
        if last is not None and last[0] == signed:
            return await asyncio.shield(last[1])
        future: asyncio.Future[Delivered] = asyncio.get_running_loop().create_future()
        self._waiting.append((signed, future))
        self._last[signed.participant] = (signed, future)
        if len(self._running) < self._in_flight:
            task = asyncio.create_task(self._run())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Finish what is under way; to be cancelled here does not cancel that."""
        if self._running:
            await asyncio.wait(tuple(self._running))

    async def _run(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            try:
                carried = await self._carry([signed for signed, _ in batch])
                if len(carried.answers) != len(batch):
                    raise OutcomeUnknownError(carried.tx_id)
            except Exception as error:  # noqa: BLE001 - every sender in the batch is told
                for signed, future in batch:
                    self._forget(signed)
                    future.set_exception(error)
                    future.exception()  # whoever sent it may be gone
                continue
            for (_, future), answers in zip(batch, carried.answers, strict=True):
                future.set_result(Delivered(carried.tx_id, carried.block, answers))

    def _forget(self, signed: SignedList) -> None:
        """Let a list that came to nothing be carried again."""
        last = self._last.get(signed.participant)
        if last is not None and last[0] is signed:
            del self._last[signed.participant]

    def _next_batch(self) -> list[tuple[SignedList, asyncio.Future[Delivered]]]:
        batch: list[tuple[SignedList, asyncio.Future[Delivered]]] = []
        size = 0
        while self._waiting and (not batch or size + len(self._waiting[0][0].commands) <= MAX_COMMANDS):
            batch.append(self._waiting.popleft())
            size += len(batch[-1][0].commands)
        return batch

    async def _carry(self, lists: list[SignedList]) -> Carried:
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._ledger.carry(lists)
            except BatchConflictError:
                log.info("batch conflicted, endorsing again", attempt=attempt)
        return await self._ledger.carry(lists)
