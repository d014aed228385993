"""A courier that has just come to rest takes the next list all the same."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from gateway.ledger.courier import LocalCourier
from gateway.ledger.port import Carried, Delivered, Ledger
from settlement.forms.answers import DONE, Answer
from settlement.forms.consent import SignedList

pytestmark = pytest.mark.asyncio

PATIENCE_S = 5


def a_list(participant: str) -> SignedList:
    return SignedList(participant, 1, (b"{}",), b"", b"")


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
