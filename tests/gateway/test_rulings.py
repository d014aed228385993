"""What takes two people of an authority, through the operators' door: proposed, listed, confirmed, read."""

import pytest
from msgspec.structs import replace

from gateway.client import WaitanClient, WaitanError
from settlement.accounts.account import Account, BlockAccount, UnblockAccount
from settlement.payments.evidence import RequireReports
from settlement.records import RulingCommand
from settlement.rulings import Ruling, WithdrawRuling, ruling_id
from settlement.trade.advance import SetAdvanceRate
from tests.builders import an_id
from tests.gateway.house import NETWORK, House
from tests.rulings import PEOPLE, confirming
from waitan.v1 import accounts_pb2, common_pb2, rulings_pb2

READERS = {"regulator": "supervisor-2", "customs": "customs-1"}
"""Who reads at those who have no officer-1."""

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def ask(
    house: House, command: RulingCommand | WithdrawRuling, by: str, at: str = "regulator"
) -> common_pb2.CommandDone:
    async with house.client(at, by) as client:
        return await client.ask_signed(NETWORK, command, house.members[at].person(by))


async def listed(house: House, at: str, name: str) -> list[rulings_pb2.Ruling]:
    """Give what an organisation is told of a ruling."""
    await house.caught_up()
    async with house.client(at, READERS.get(at, "officer-1")) as client:
        return [each async for each in client.rulings() if each.ruling_id == name]


async def state_of(client: WaitanClient, bank: str, currency: str) -> int:
    [account] = await client.accounts(bank, currency)
    return account.state


async def test_a_freeze_is_proposed_seen_by_the_authorities_and_confirmed(
    house: House, banksh: WaitanClient, clearing: WaitanClient
) -> None:
    """What waits for whom is listed with who asked; who confirmed stands there after, and in the account's timeline."""
    one, two = PEOPLE["regulator"]
    block = BlockAccount(command_id=an_id(), participant="banksh", currency="EUR", reason="Order 2026-17")
    name = ruling_id(block)
    await ask(house, block, one)
    for at in ("regulator", "clearing"):
        [waits] = await listed(house, at, name)
        assert (waits.state, waits.authority, waits.proposed_by) == (
            rulings_pb2.RULING_STATE_PROPOSED,
            "regulator",
            one,
        )
        assert (waits.command, waits.participant, waits.currency, waits.reason) == (
            "BlockAccount",
            "banksh",
            "EUR",
            "Order 2026-17",
        )
        assert waits.proposed_at
        assert not waits.decided_by
    assert not await listed(house, "banksh", name)
    assert await state_of(banksh, "banksh", "EUR") == accounts_pb2.ACCOUNT_STATE_OPEN
    with pytest.raises(WaitanError) as raised:
        await ask(house, confirming(block), one)
    assert (raised.value.code, raised.value.where) == ("SAME_SIGNER", "confirms")
    await ask(house, confirming(block), two)
    [done] = await listed(house, "regulator", name)
    assert (done.state, done.proposed_by, done.decided_by) == (rulings_pb2.RULING_STATE_CONFIRMED, one, two)
    assert done.proposed_serial != done.decided_serial
    assert await state_of(banksh, "banksh", "EUR") == accounts_pb2.ACCOUNT_STATE_BLOCKED
    timeline = house.gateways["regulator"].timeline
    assert timeline.of(Account, "banksh/EUR")[-1].person == two
    acts = timeline.of(Ruling, f"regulator/{name}")
    assert [(act.state, act.command, act.person) for act in acts] == [
        ("PROPOSED", "BlockAccount", one),
        ("CONFIRMED", "BlockAccount", two),
    ]
    thaw = UnblockAccount(command_id=an_id(), participant="banksh", currency="EUR", reason="Order 2026-18")
    await ask(house, thaw, two)
    await ask(house, confirming(thaw), one)
    await house.caught_up()
    assert await state_of(banksh, "banksh", "EUR") == accounts_pb2.ACCOUNT_STATE_OPEN


async def test_a_rule_for_all_is_read_by_all_in_force_and_proposed(house: House, banksh: WaitanClient) -> None:
    one, two = PEOPLE["regulator"]
    rate = SetAdvanceRate(command_id=an_id(), effective_from="2026-12-30", percent=100)
    reports = RequireReports(command_id=an_id(), since="2099-01-01")
    period = rulings_pb2.AdvanceRatePeriod(effective_from="2026-12-30", percent=100)
    for rule in (rate, reports):
        await ask(house, rule, one)
    for at in ("banksh", "customs", "clearing"):
        assert [each.state for each in await listed(house, at, "RequireReports")] == [rulings_pb2.RULING_STATE_PROPOSED]
    rules = await banksh.rules()
    assert period not in rules.advance_rates
    assert rules.reports_since != "2099-01-01"
    for rule in (rate, reports):
        await ask(house, confirming(rule), two)
    [confirmed] = await listed(house, "banksh", "SetAdvanceRate")
    assert (confirmed.state, confirmed.decided_by) == (rulings_pb2.RULING_STATE_CONFIRMED, two)
    rules = await banksh.rules()
    assert period in rules.advance_rates
    assert rules.reports_since == "2099-01-01"


async def test_the_list_is_narrowed_to_what_waits_and_to_one_organisation(house: House, clearing: WaitanClient) -> None:
    one, two = PEOPLE["regulator"]
    asked = [
        BlockAccount(command_id=an_id(), participant=bank, currency="JPY", reason="Order 9")
        for bank in ("bankist", "bankfra")
    ]
    for each in asked:
        await ask(house, each, one)
    await house.caught_up()
    waiting = [each async for each in clearing.rulings(rulings_pb2.RULING_STATE_PROPOSED, participant="bankist")]
    assert "BlockAccount/bankist/JPY" in {each.ruling_id for each in waiting}
    assert {each.participant for each in waiting} == {"bankist"}
    for each in asked:
        await ask(house, WithdrawRuling(command_id=an_id(), ruling_id=ruling_id(each), reason="mistaken"), two)
    await house.caught_up()
    waiting = [each async for each in clearing.rulings(rulings_pb2.RULING_STATE_PROPOSED)]
    assert not {ruling_id(each) for each in asked} & {each.ruling_id for each in waiting}
    [taken_back] = [each async for each in clearing.rulings(participant="bankfra") if each.currency == "JPY"]
    assert (taken_back.state, taken_back.withdrawn_because) == (rulings_pb2.RULING_STATE_WITHDRAWN, "mistaken")
    with pytest.raises(WaitanError) as raised:
        await ask(house, replace(confirming(asked[0])), two)
    assert raised.value.code == "NOT_FOUND"
