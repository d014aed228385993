"""The business day turns while clients pay: each payment is before it or after it, and none is lost."""

import asyncio
from pathlib import Path

import pytest

from settlement.accounts.account import Account
from settlement.day import CutOffDay
from settlement.payments.commands import WhenUnfunded
from tests.builders import TODAY, an_id
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAYMENTS = 200


def held_minor(house: House, bank: str) -> int:
    """Say what a bank has, as Clearing's read model tells it."""
    found: list[Account] = house.gateways["clearing"].queries.accounts()
    return sum(each.posted_minor for each in found if (each.participant, each.currency) == (bank, "CNY"))


async def test_a_day_that_turns_while_clients_pay_loses_nothing(tmp_path: Path) -> None:
    """What settled stands in no block after the cut-off, what is TM01 in none before it, and every yuan is there."""
    async with a_house(tmp_path) as house, house.client("banksh") as bank, house.client("clearing") as clearing:
        before_minor = held_minor(house, "bankist")
        payments = [a_fresh_payment("1.00", when_unfunded=WhenUnfunded.REJECT) for _ in range(PAYMENTS)]
        early = [asyncio.create_task(bank.submit(each)) for each in payments[: PAYMENTS // 2]]
        await asyncio.wait(early, return_when=asyncio.FIRST_COMPLETED)
        cut_off = CutOffDay(command_id=an_id(), currency="CNY", date=TODAY)
        officer = house.members["clearing"].person("officer-1")
        late = [asyncio.create_task(bank.submit(each)) for each in payments[PAYMENTS // 2 :]]
        turned = await clearing.ask_signed(NETWORK, cut_off, officer)
        outcomes = [*await asyncio.gather(*early), *await asyncio.gather(*late)]
        outcomes.append(await bank.submit(a_fresh_payment("1.00", when_unfunded=WhenUnfunded.REJECT)))
        await house.caught_up()
        settled = [each.block for each in outcomes if each.result == pb.RESULT_SETTLED]
        rejected = [each.block for each in outcomes if each.code == "TM01"]
        assert len(settled) + len(rejected) == PAYMENTS + 1
        assert settled
        assert max(settled) <= turned.block <= min(rejected)
        assert held_minor(house, "bankist") - before_minor == 100 * len(settled)
