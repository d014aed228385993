"""What happens to records of trade, as it comes by HTTP: to each what is its own, in order, each once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.cursors import Cursors
from gateway.traders import followers
from settlement.trade import contract
from settlement.trade.contract import WithdrawProposal
from settlement.trade.contract_terms import ContractTerms
from tests.builders import an_id
from tests.contracts.samples import register
from tests.gateway.doors import LEI, Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment, register_traders
from tests.gateway.test_trader_streams import following, some
from tests.trade import BUYER, SELLER, TRADER, a_proposal, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVENTS = "/v1/trade/events"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[Doors]:
    await register_traders(banksh=banksh, bankist=bankist)
    await banksh.ask(register(LEI))
    async with doors_of(house, "banksh", "bankist", "customs", "regulator") as opened:
        yield opened


async def proposed(house: House, banksh: WaitanClient, number: str) -> ContractTerms:
    terms = some_terms(number)
    await banksh.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    await house.caught_up()
    return terms


async def proposed_by_buyer(house: House, bankist: WaitanClient, number: str) -> None:
    """A contract between the buyer and another customer of the seller's bank."""
    terms = some_terms(number, seller=replace(SELLER, identifier=LEI))
    await bankist.ask_signed(NETWORK, a_proposal(terms), house.members["bankist"].person(TRADER))
    await house.caught_up()


async def test_each_is_told_of_its_own_records_alone(
    house: House, banksh: WaitanClient, bankist: WaitanClient, doors: Doors
) -> None:
    """Firms of what names them, desks of what their bank holds, the regulator of everything."""
    mine, others = f"S-{an_id()[:8]}", f"S-{an_id()[:8]}"
    expected = {
        ("banksh", Scope.TRADER, SELLER.identifier): [mine],
        ("banksh", Scope.TRADER, LEI): [others],
        ("bankist", Scope.TRADER, BUYER.identifier): [mine, others],
        ("bankist", Scope.DESK, "officer-1"): [mine, others],
        ("regulator", Scope.SUPERVISOR, "supervisor-1"): [mine, others],
    }
    async with AsyncExitStack() as stack:
        streams = [
            (
                await stack.enter_async_context(
                    following(doors.url(at, EVENTS), doors.token(at, scope, customer=holder))
                ),
                numbers,
            )
            for (at, scope, holder), numbers in expected.items()
        ]
        await proposed(house, banksh, mine)
        await proposed_by_buyer(house, bankist, others)
        for events, numbers in streams:
            said = await some(events, len(numbers))
            assert [(each.body["number"], each.body["event"]) for each in said] == [(n, "PROPOSED") for n in numbers]


async def test_who_was_cut_off_is_told_what_came_since_each_once(
    house: House, banksh: WaitanClient, doors: Doors
) -> None:
    url, token = doors.url("banksh", EVENTS), doors.token("banksh", customer=SELLER.identifier)
    async with following(url, token) as events:
        terms = await proposed(house, banksh, f"S-{an_id()[:8]}")
        (first,) = await some(events, 1)
    withdrawal = WithdrawProposal(command_id=an_id(), contract_id=contract.contract_id(terms), reason="Not now")
    await banksh.ask_signed(NETWORK, withdrawal, house.members["banksh"].person(TRADER))
    await house.caught_up()
    async with following(url, token, first.id) as events:
        (second,) = await some(events, 1)
        other = await proposed(house, banksh, f"S-{an_id()[:8]}")
        (third,) = await some(events, 1)
    assert (second.body["event"], second.body["reason"]) == ("WITHDRAWN", "Not now")
    assert third.body["number"] == other.number
    async with following(url, token, first.id) as events:
        assert await some(events, 2) == [second, third]


async def test_an_act_that_a_gateway_further_on_has_told_is_not_told_again(
    house: House, banksh: WaitanClient, doors: Doors
) -> None:
    url, token = doors.url("banksh", EVENTS), doors.token("banksh", customer=SELLER.identifier)
    gateway = house.gateways["banksh"]
    await house.caught_up()
    cursors = Cursors(gateway, f"trade events|{Scope.TRADER}|{SELLER.identifier}")
    async with following(url, token, cursors.seal((gateway.follower.height + 1 << 32) - 1)) as events:
        await proposed(house, banksh, f"S-{an_id()[:8]}")
        second = await proposed(house, banksh, f"S-{an_id()[:8]}")
        (told,) = await some(events, 1)
    assert told.body["number"] == second.number


async def test_an_id_of_a_payments_event_is_none_of_trades(house: House, banksh: WaitanClient, doors: Doors) -> None:
    desk = doors.token("banksh", Scope.DESK, "officer-1")
    async with following(doors.url("banksh", "/v1/events"), desk) as events:
        await banksh.submit(a_fresh_payment())
        (payment,) = await some(events, 1)
    for last in ("nonsense", payment.id):
        answer = await doors.ask("banksh", EVENTS, desk, headers={"Last-Event-ID": last})
        assert (answer.status, answer.body["where"]) == (422, "Last-Event-ID")


async def test_what_is_too_far_back_is_gone(
    house: House, banksh: WaitanClient, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = doors.url("banksh", EVENTS), doors.token("banksh", customer=SELLER.identifier)
    async with following(url, token) as events:
        await proposed(house, banksh, f"S-{an_id()[:8]}")
        (first,) = await some(events, 1)
    for _ in range(2):
        await proposed(house, banksh, f"S-{an_id()[:8]}")
    monkeypatch.setattr(followers, "BACK_MAX", 1)
    answer = await doors.ask("banksh", EVENTS, token, headers={"Last-Event-ID": first.id})
    assert answer.status == 410
