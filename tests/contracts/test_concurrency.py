"""Many callers at once, through a gateway: no money is spent twice, none is lost, and nothing is told in the logs."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from settlement.errors import Code
from settlement.payments.commands import WhenUnfunded
from settlement.payments.payment import SettlementState
from tests import invariants
from tests.builders import a_payment
from tests.contracts.gateways import gateways
from tests.world import World

PAYMENTS = 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("when_unfunded", "code"), [(WhenUnfunded.REFUSE, Code.UNFUNDED), (WhenUnfunded.REJECT, Code.AM04)]
)
async def test_exactly_what_is_funded_settles(
    world: World, tmp_path: Path, when_unfunded: WhenUnfunded, code: Code
) -> None:
    """Of 200 payments at once from an account with funds for half of them, exactly half settle (I2)."""
    world.must("banksh", a_payment("999000.00", payee="bankfra"))
    async with gateways(world, tmp_path / "read", "banksh", "bankist") as opened:
        asked = [a_payment("10.00", when_unfunded=when_unfunded) for _ in range(PAYMENTS)]
        told = await asyncio.gather(*(opened["banksh"].ask([payment]) for payment in asked))
        outcomes = [outcome for (outcome,) in told]
        assert Counter(outcome.code for outcome in outcomes) == {"": PAYMENTS // 2, code: PAYMENTS // 2}
        assert (world.balance("banksh"), world.balance("bankist")) == (0, PAYMENTS // 2 * 1_000)
        invariants.check(world)
        await opened["bankist"].follower.reached(world.ledger.height - 1)
        for payment, outcome in zip(asked, outcomes, strict=True):
            own, theirs = (opened[name].queries.payment(payment.uetr) for name in ("banksh", "bankist"))
            assert (theirs is not None) is (outcome.code == "")
            if own is None:
                assert outcome.code == Code.UNFUNDED
            else:
                assert own.state is (SettlementState.REJECTED if outcome.code else SettlementState.SETTLED)


@pytest.mark.asyncio
async def test_banks_that_pay_each_other_at_once_lose_nothing(world: World, tmp_path: Path) -> None:
    """Into and out of one account, from all sides: every payment is told once and the books balance (T8)."""
    for bank in ("bankist", "bankfra"):
        world.fund(bank, "1000.00")
    banks = ("banksh", "bankist", "bankfra")
    async with gateways(world, tmp_path / "read", *banks) as opened:
        payments = [
            a_payment("1.00", payer=payer, payee=payee)
            for _ in range(34)
            for payer in banks
            for payee in banks
            if payer != payee
        ]
        told = await asyncio.gather(*(opened[payment.payer].ask([payment]) for payment in payments))
        assert {outcome.code for (outcome,) in told} == {""}
        assert [world.balance(bank) for bank in banks] == [100_000_000, 100_000, 100_000]
        invariants.check(world)


@pytest.mark.asyncio
async def test_logs_tell_of_batches_and_never_of_what_is_in_them(world: World, tmp_path: Path) -> None:
    """Not the parties, the amount, the reason or the UETR of any payment, whatever became of it."""
    good, refused = a_payment("31415.92"), a_payment("8888888.88")
    with capture_logs() as logs:
        async with gateways(world, tmp_path / "read", "banksh") as opened:
            await opened["banksh"].ask([good, refused])
    text = str(logs)
    for canary in (good.uetr, refused.uetr, good.amount, refused.amount, good.remittance, good.debtor.name):
        assert canary not in text
