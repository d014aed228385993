"""Payments under way: whoever stops waiting, whatever fails, each is answered truly and known by its UETR."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import pytest

from gateway.ledger.lists import Outcome
from gateway.ledger.port import LedgerUnreachableError, OutcomeUnknownError
from gateway.submission import Submission
from tests.gateway.house import a_fresh_payment

pytestmark = pytest.mark.asyncio

SETTLED: Final = Outcome("", "", "t", 1)


class NothingYet:
    """A read model that knows of nothing (Queries and Repeats)."""

    def of_payments(self, payments: Sequence[object]) -> dict[int, Outcome]:
        """Know none."""
        return {}

    def sent_lately(self, digests: Sequence[int]) -> set[int]:
        """Know none."""
        return set()


class Desk:
    """Takes batches and holds them until it is told what becomes of each."""

    def __init__(self) -> None:
        self.batches: Final[list[tuple[Sequence[bytes], asyncio.Future[list[Outcome]]]]] = []

    async def __call__(self, batch: Sequence[bytes], _: int) -> list[Outcome]:
        """Take one."""
        future: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self.batches.append((batch, future))
        return await future

    def settle(self, place: int) -> None:
        """Settle all of a batch."""
        batch, future = self.batches[place]
        future.set_result([SETTLED] * len(batch))

    def fail(self, place: int, error: Exception) -> None:
        """Fail with a batch."""
        self.batches[place][1].set_exception(error)


def a_submission(desk: Desk, *, answer_s: float = 5.0) -> Submission:
    nothing: Any = NothingYet()
    return Submission(
        ask=desk, queries=nothing, repeats=nothing, height=lambda: 0, readings=lambda: 0, answer_s=answer_s
    )


async def soon(*coroutines: Any) -> list[asyncio.Task[Any]]:
    """Start some work and let it go as far as it comes."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_a_call_that_shares_a_payment_with_one_that_failed_does_not_say_that_nothing_was_sent() -> None:
    """Its other payment went to the ledger in a batch of its own, and settled."""
    desk, shared, other = Desk(), a_fresh_payment(), a_fresh_payment()
    submission = a_submission(desk)
    first, second = await soon(submission.submit([shared]), submission.submit([shared, other]))
    desk.fail(0, LedgerUnreachableError())
    desk.settle(1)
    with pytest.raises(LedgerUnreachableError):
        await first
    with pytest.raises(OutcomeUnknownError):
        await second


async def test_where_nothing_was_sent_of_all_it_is_said_so() -> None:
    desk, shared, other = Desk(), a_fresh_payment(), a_fresh_payment()
    submission = a_submission(desk)
    tasks = await soon(submission.submit([shared]), submission.submit([shared, other]))
    for place in (0, 1):
        desk.fail(place, LedgerUnreachableError())
    for task in tasks:
        with pytest.raises(LedgerUnreachableError):
            await task


async def test_an_answer_that_nobody_understands_is_told_as_an_error_and_frees_the_payment() -> None:
    desk, payment = Desk(), a_fresh_payment()
    submission = a_submission(desk)
    [asked] = await soon(submission.submit([payment]))
    desk.batches[0][1].set_result([Outcome("A-CODE-OF-TOMORROW", "", "t", 1)])
    with pytest.raises(KeyError):
        await asked
    [again] = await soon(submission.submit([payment]))
    desk.settle(1)
    assert [answer.outcome for answer in await again] == [SETTLED]


async def test_a_payment_whose_caller_is_gone_stays_under_way_and_is_sent_once() -> None:
    desk, payment = Desk(), a_fresh_payment()
    submission = a_submission(desk)
    [gone] = await soon(submission.submit([payment]))
    gone.cancel()
    await asyncio.wait((gone,))
    [again] = await soon(submission.submit([payment]))
    desk.settle(0)
    assert [answer.outcome for answer in await again] == [SETTLED]
    assert len(desk.batches) == 1


async def test_a_call_that_waits_too_long_is_told_that_nobody_knows_and_the_payment_goes_on() -> None:
    desk, payment = Desk(), a_fresh_payment()
    submission = a_submission(desk, answer_s=0)
    with pytest.raises(OutcomeUnknownError):
        await submission.submit([payment])
    desk.settle(0)
    [answer] = await submission.submit([payment])
    assert answer.outcome == SETTLED


async def test_closing_waits_for_what_is_under_way_and_does_not_stop_it_when_cancelled() -> None:
    desk = Desk()
    submission = a_submission(desk)
    [asked] = await soon(submission.submit([a_fresh_payment()]))
    closing, patient = await soon(submission.close(), submission.close())
    closing.cancel()
    await asyncio.wait((closing,))
    assert not patient.done()
    desk.settle(0)
    await patient
    assert [answer.outcome for answer in await asked] == [SETTLED]
