"""A courier between two transactions: it takes what comes at that moment, and waits for those who will be back."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from gateway.ledger.courier import LARGE, LocalCourier
from gateway.ledger.port import Carried, Delivered, Ledger
from settlement.forms.answers import DONE, Answer
from settlement.forms.consent import MAX_COMMANDS, SignedList
from tests.expectations import PATIENCE_S

pytestmark = pytest.mark.asyncio


def a_list(participant: str, sequence: int = 1) -> SignedList:
    return SignedList(participant, sequence, (b"{}",), b"", b"")


class PromptLedger:
    """Answers at once; while it carries the first batch, somebody else's list sets out."""

    def __init__(self) -> None:
        self.courier: LocalCourier
        self.second: asyncio.Task[Delivered] | None = None

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        if self.second is None:
            self.second = asyncio.create_task(self.courier.carry(a_list("bankist")))
        return Carried("00", 1, tuple((Answer(DONE),) for _ in lists))


async def test_a_list_that_comes_as_the_courier_comes_to_rest_is_carried() -> None:
    """It arrives when nothing waits any more and nobody has heard yet that the courier is done."""
    ledger = PromptLedger()
    ledger.courier = LocalCourier(cast("Ledger", cast("Any", ledger)))
    async with asyncio.timeout(PATIENCE_S):
        assert (await ledger.courier.carry(a_list("banksh"))).tx_id == "00"
        assert ledger.second is not None
        assert (await ledger.second).tx_id == "00"


class CountingLedger:
    """Takes every batch, and keeps who was in it and how many commands they had."""

    def __init__(self) -> None:
        self.batches: list[list[tuple[str, int]]] = []

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        self.batches.append([(each.participant, len(each.commands)) for each in lists])
        return Carried("00", 1, tuple((Answer(DONE),) * len(each.commands) for each in lists))


def large_list(participant: str, sequence: int) -> SignedList:
    return SignedList(participant, sequence, (b"{}",) * LARGE, b"", b"")


async def test_those_who_shared_a_large_transaction_share_the_next() -> None:
    """The first to come back waits for the second, which had its answer at the same moment."""
    ledger = CountingLedger()
    courier = LocalCourier(cast("Ledger", cast("Any", ledger)), gathering=1e9)
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(courier.carry(large_list("banksh", 1)), courier.carry(large_list("bankist", 1)))
        first = asyncio.create_task(courier.carry(large_list("banksh", 2)))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not first.done()
        await asyncio.gather(first, courier.carry(a_list("bankist")))
    assert ledger.batches == [[("banksh", LARGE), ("bankist", LARGE)], [("banksh", LARGE), ("bankist", 1)]]


async def test_a_list_waits_for_nobody_who_does_not_come_and_for_nobody_after_a_small_one() -> None:
    ledger = CountingLedger()
    courier = LocalCourier(cast("Ledger", cast("Any", ledger)), gathering=1.0)
    patient = LocalCourier(cast("Ledger", cast("Any", ledger)), gathering=1e9)
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(courier.carry(large_list("banksh", 1)), courier.carry(a_list("bankist")))
        await courier.carry(large_list("banksh", 2))
        await asyncio.gather(patient.carry(a_list("banksh")), patient.carry(a_list("bankist")))
        await patient.carry(a_list("banksh", 2))
    assert len(ledger.batches) == 4


async def test_a_full_transaction_waits_for_nobody() -> None:
    ledger = CountingLedger()
    courier = LocalCourier(cast("Ledger", cast("Any", ledger)), gathering=1e9)
    full = SignedList("banksh", 2, (b"{}",) * MAX_COMMANDS, b"", b"")
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(courier.carry(large_list("banksh", 1)), courier.carry(large_list("bankist", 1)))
        await courier.carry(full)
    assert ledger.batches[1:] == [[("banksh", MAX_COMMANDS)]]
