"""Conditional payments move with the business day, and nobody has to remember them."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from gateway.client import WaitanClient
from gateway.conditions import Conditions
from gateway.development.customers import TRADERS
from gateway.ledger.lists import Outcome
from gateway.ledger.port import LedgerUnreachableError
from gateway.openings import AGAIN_S, Openings
from settlement.day import CloseDay, CutOffDay, OpenDay
from settlement.payments.commands import SubmitPayment
from settlement.payments.terms import Terms
from settlement.payments.undertaking import ReleaseUndertaking, SettleUndertaking
from settlement.records import Command
from tests.builders import LATER, TODAY, TOMORROW, an_id
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE_S = 60.0
NEVER = "0" * 32
"""A declaration that nobody lodges."""


def waiting(terms: Terms) -> SubmitPayment:
    return a_fresh_payment("25.00", creditor=TRADERS["bankist"].party, terms=terms)


OVER = Terms(expires_on=TODAY, released=(NEVER,))
DUE = Terms(expires_on=LATER, not_before=TOMORROW)
OPEN = Terms(expires_on=LATER, released=(NEVER,), not_before=TOMORROW)


async def turn_the_day(house: House, clearing: WaitanClient) -> None:
    officer = house.members["clearing"].person("officer-1")
    for command in (
        CutOffDay(command_id=an_id(), currency="CNY", date=TODAY),
        CloseDay(command_id=an_id(), currency="CNY", date=TODAY),
        OpenDay(command_id=an_id(), currency="CNY", date=TOMORROW),
    ):
        await clearing.ask_signed(NETWORK, command, officer)


async def state_of(house: House, bank: str, payment: SubmitPayment) -> tuple[str, str | None]:
    """Wait until a payment is reserved no longer; give its status and reason."""
    gateway = house.gateways[bank]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            height = gateway.follower.height
            view = gateway.queries.payment(payment.uetr)
            assert view is not None
            if view.reservation is not None and not view.reservation.stands:
                return view.status.status, view.status.reason
            await gateway.follower.reached(height)


async def test_as_a_day_opens_what_is_due_settles_and_what_is_over_is_given_back(tmp_path: Path) -> None:
    """Expired: the money is the payer's again. Its date has come: it is settled. Neither bank was asked to ask."""
    async with a_house(tmp_path) as house, house.client("banksh") as bank, house.client("clearing") as clearing:
        over, due, still = map(waiting, (OVER, DUE, OPEN))
        before = (await bank.accounts("banksh", "CNY"))[0].available
        for payment in (over, due, still):
            assert (await bank.submit(payment)).result == pb.RESULT_RESERVED
        await turn_the_day(house, clearing)
        assert await state_of(house, "bankist", over) == ("RJCT", "AB03")
        assert await state_of(house, "bankist", due) == ("ACSC", "")
        await house.caught_up()
        told = await bank.payment(still.uetr)
        assert told.state == pb.SETTLEMENT_STATE_RESERVED
        after = (await bank.accounts("banksh", "CNY"))[0].available
        assert int(before.replace(".", "")) - int(after.replace(".", "")) == 5_000  # the one that settled, and still
        await asked_for_again(house, still)


async def asked_for_again(house: House, still: SubmitPayment) -> None:
    """What could not be asked is asked again; what may be met is asked for; never what is another's."""
    asked: list[SettleUndertaking | ReleaseUndertaking] = []
    paused: list[float] = []

    async def ask(commands: Sequence[Command]) -> list[Outcome]:
        asked.extend(each for each in commands if isinstance(each, SettleUndertaking | ReleaseUndertaking))
        if len(asked) == 1:
            raise LedgerUnreachableError
        return [Outcome("", "", "00", 1)] * len(commands)

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    versions = [0]

    async def changed(_: int) -> int:
        if versions:
            return versions.pop()
        raise asyncio.CancelledError

    for bank, on in (("banksh", TOMORROW), ("bankfra", TOMORROW), ("bankist", "2099-01-01"), ("banksh", "2099-01-01")):
        gateway = house.gateways[bank]
        versions.append(0)
        openings = Openings(
            participant=bank,
            trade=gateway.trade,
            conditions=Conditions(gateway.trade),
            dates=partial(dict[str, str], CNY=on),
            ask=ask,
            changed=changed,
            pause=pause,
        )
        with pytest.raises(asyncio.CancelledError):
            await openings.watch()
    assert [type(each) for each in asked] == [SettleUndertaking, SettleUndertaking, ReleaseUndertaking]
    assert paused == [AGAIN_S]
    assert {each.payment.uetr for each in asked} == {still.uetr}
