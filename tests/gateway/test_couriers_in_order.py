"""Couriers in their order, one's own last: which is asked when, and what a delivery that failed leaves behind."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.app import Gateway
from gateway.cli.up import FUNDS
from gateway.development.data_directory import DataDirectory
from gateway.development.morning import prepare, today
from gateway.development.process import running
from gateway.ledger import lists
from gateway.ledger.courier import LocalCourier
from gateway.ledger.couriers import UNREACHABLE_REST_S, Couriers
from gateway.ledger.embedded import EmbeddedClient
from gateway.ledger.port import (
    Carried,
    Courier,
    CourierSilentError,
    CourierUnreachableError,
    Delivered,
    LedgerUnreachableError,
)
from gateway.ledger.remote_courier import RemoteCourier
from settlement.forms.consent import SignedList
from tests.builders import an_issuance_request
from tests.fakes import couriers
from tests.fakes.couriers import FaultyCourier, Way
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send again at once."""
    monkeypatch.setattr(lists, "PAUSES_S", (0.0, 0.0, 0.0))


class Bank:
    """The paying bank's gateway between two couriers, and who made the transactions that hold its payments."""

    def __init__(self, house: House, gateway: Gateway, own: FaultyCourier) -> None:
        self._house = house
        self._gateway = gateway
        self.own = own

    async def pays(self) -> str:
        """Settle a payment; give the organisation that created its transaction."""
        [answer] = await self._gateway.payments.submit([a_fresh_payment("1.00")])
        assert answer.outcome.code == ""
        found = self._house.ledger.ledger.feed(answer.outcome.block, lambda _: False, lambda _, __: False)
        assert found is not None
        (creator,) = (
            each.proposal.creator for each in found.block.transactions if each.proposal.tx_id == answer.outcome.tx_id
        )
        (name,) = (name for name, each in self._house.members.items() if each.service.credential.certificate == creator)
        return name

    async def settled(self) -> int:
        """Count the payments that have settled on the ledger."""
        await self._house.caught_up()
        return len(self._house.gateways["clearing"].queries.events_after(0, limit=100_000))


@asynccontextmanager
async def a_bank(house: House, primary: Courier, directory: Path) -> AsyncIterator[Bank]:
    own = FaultyCourier(LocalCourier(house.access("banksh")))
    gateway = house.gateway("banksh", Couriers(primary, own), directory)
    await gateway.start()
    try:
        await gateway.follower.reached(house.ledger.ledger.height - 1)
        yield Bank(house, gateway, own)
    finally:
        await gateway.close()


async def test_a_bank_whose_courier_is_not_there_carries_its_own_lists(
    house: House, tmp_path: Path, nobodys_port: int
) -> None:
    nobody = RemoteCourier(f"127.0.0.1:{nobodys_port}", house.identity("banksh", roots="clearing"), connect_s=0.1)
    async with a_bank(house, nobody, tmp_path) as bank:
        assert [await bank.pays(), await bank.pays()] == ["banksh", "banksh"]
    await nobody.close()


async def test_the_next_list_goes_by_the_first_courier_again_and_each_change_is_logged_once(
    house: House, tmp_path: Path
) -> None:
    primary = FaultyCourier(house.courier, couriers.well, couriers.not_reached, couriers.not_reached)
    async with a_bank(house, primary, tmp_path) as bank:
        with capture_logs() as logged:
            creators = [await bank.pays() for _ in range(5)]
    assert creators == ["clearing", "banksh", "banksh", "clearing", "clearing"]
    assert [each["log_level"] for each in logged if "courier" in each["event"]] == ["warning", "info"]


@pytest.mark.parametrize("way", [couriers.list_lost, couriers.answer_lost])
async def test_a_list_of_unknown_outcome_is_sent_again_by_the_same_courier(
    house: House, tmp_path: Path, way: Way
) -> None:
    primary = FaultyCourier(house.courier, way)
    async with a_bank(house, primary, tmp_path) as bank:
        before = await bank.settled()
        assert await bank.pays() == "clearing"
        assert await bank.settled() == before + 1
    assert (len(primary.sent), bank.own.sent) == (2, [])


@pytest.mark.parametrize(("way", "creator"), [(couriers.list_lost, "banksh"), (couriers.answer_lost, "clearing")])
async def test_the_same_list_may_find_the_courier_gone_and_settles_once_all_the_same(
    house: House, tmp_path: Path, way: Way, creator: str
) -> None:
    """What the first courier did with it was not known; the number tells, whoever carries it."""
    primary = FaultyCourier(house.courier, way, couriers.not_reached)
    async with a_bank(house, primary, tmp_path) as bank:
        before = await bank.settled()
        assert await bank.pays() == creator
        assert await bank.settled() == before + 1
    assert bank.own.sent == primary.sent[:1]


async def test_every_bank_of_a_running_network_has_its_own_courier_beside_clearings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = DataDirectory(tmp_path)
    directory.create()
    carry = EmbeddedClient.carry

    async def not_for_clearing(client: EmbeddedClient, carried: Sequence[SignedList]) -> Carried:
        if client._organisation == "clearing":
            raise LedgerUnreachableError
        return await carry(client, carried)

    async with running(directory) as network:
        await prepare(network.gateways, network.members, funds=FUNDS, date=today())
        monkeypatch.setattr(EmbeddedClient, "carry", not_for_clearing)
        for bank in ("banksh", "bankist"):
            [outcome] = await network.gateways[bank].ask([an_issuance_request("1.00")])
            assert outcome.code == ""
        with pytest.raises(LedgerUnreachableError):
            await network.gateways["clearing"].ask([an_issuance_request("1.00")])


class Answering:
    """A courier that answers as it is told, one word for each list, and keeps count."""

    def __init__(self, *errors: Exception | None) -> None:
        self._errors = list(errors)
        self.asked = 0

    async def carry(self, signed: SignedList) -> Delivered:
        """Answer."""
        self.asked += 1
        if (error := self._errors.pop(0)) is not None:
            raise error
        return Delivered("", 0, ())


A_LIST = SignedList("banksh", 1, (), b"", b"")


async def test_a_courier_that_rests_is_asked_all_the_same_where_the_other_is_not_reached_either() -> None:
    primary = Answering(CourierSilentError(""), None)
    fallback = Answering(CourierUnreachableError(""))
    courier = Couriers(primary, fallback, clock=lambda: 0.0)
    with pytest.raises(CourierSilentError):
        await courier.carry(A_LIST)
    assert await courier.carry(A_LIST)
    assert (primary.asked, fallback.asked) == (2, 1)


async def test_of_two_couriers_that_rest_the_one_that_failed_first_is_asked_first() -> None:
    times = iter(range(100))
    primary = Answering(CourierSilentError(""), None)
    fallback = Answering(CourierSilentError(""))
    courier = Couriers(primary, fallback, clock=lambda: float(next(times)))
    for _ in range(2):
        with pytest.raises(CourierSilentError):
            await courier.carry(A_LIST)
    assert await courier.carry(A_LIST)
    assert (primary.asked, fallback.asked) == (2, 1)


async def test_where_neither_courier_is_reached_each_is_asked_once() -> None:
    primary, fallback = Answering(LedgerUnreachableError()), Answering(CourierUnreachableError(""))
    with pytest.raises(CourierUnreachableError):
        await Couriers(primary, fallback).carry(A_LIST)
    assert (primary.asked, fallback.asked) == (1, 1)


async def test_a_courier_is_asked_first_again_when_it_has_rested() -> None:
    now = [0.0]
    primary, fallback = Answering(CourierUnreachableError(""), None), Answering(None, None)
    courier = Couriers(primary, fallback, clock=lambda: now[0])
    for at_s in (0.0, UNREACHABLE_REST_S - 0.1, UNREACHABLE_REST_S):
        now[0] = at_s
        await courier.carry(A_LIST)
    assert (primary.asked, fallback.asked) == (2, 2)


async def test_of_three_couriers_each_is_asked_in_turn_and_those_that_rest_last() -> None:
    """The second, silent, keeps its list, and rests longer than the first; whoever is back carries again."""
    now = [0.0]
    first = Answering(CourierUnreachableError(""), None)
    second, own = Answering(None, CourierSilentError("")), Answering(None)
    courier = Couriers(first, second, own, clock=lambda: now[0])
    asked: list[tuple[int, int, int]] = []

    async def carried(at_s: float) -> None:
        now[0] = at_s
        try:
            await courier.carry(A_LIST)
        finally:
            asked.append((first.asked, second.asked, own.asked))

    with capture_logs() as logged:
        await carried(0.0)
        with pytest.raises(CourierSilentError):
            await carried(1.0)
        await carried(1.5)
        await carried(UNREACHABLE_REST_S)
    assert asked == [(1, 1, 0), (1, 2, 0), (1, 2, 1), (2, 2, 1)]
    told = [("warning", 0), ("warning", 1), ("info", 0)]
    assert [(each["log_level"], each["place"]) for each in logged] == told


async def test_where_none_of_three_is_reached_each_is_asked_once_the_longest_rest_last() -> None:
    now = [0.0]
    first = Answering(CourierSilentError(""), CourierUnreachableError(""))
    second, own = (Answering(CourierUnreachableError("")) for _ in range(2))
    courier = Couriers(first, second, own, clock=lambda: now[0])
    with pytest.raises(CourierSilentError):
        await courier.carry(A_LIST)
    with pytest.raises(CourierUnreachableError):
        await courier.carry(A_LIST)
    assert (first.asked, second.asked, own.asked) == (2, 1, 1)
