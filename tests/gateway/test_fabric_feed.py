"""The feed over Fabric: read from one's own peers alone, from the next one where one fails or is not true."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import grpc
import pytest
import pytest_asyncio

from gateway.fabric_client import UntrueBlockError
from gateway.ledger import fabric
from tests.fakes.fabric_gateway import FakePeer, Refusal
from tests.gateway.fabric_house import FabricHouse, a_fabric_house, a_ledger
from tests.gateway.house import a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNAVAILABLE = Refusal(grpc.StatusCode.UNAVAILABLE, "starting")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FabricHouse]:
    async with a_fabric_house(tmp_path_factory.mktemp("fabric"), banksh=2) as house:
        yield house


@pytest.fixture
def house(opened: FabricHouse) -> Iterator[FabricHouse]:
    """A network whose peers are all well."""
    yield opened
    opened.mend()


async def test_a_private_part_that_the_peer_lacks_is_named(house: FabricHouse) -> None:
    async with house.client("banksh") as client:
        await client.submit(a_fresh_payment("1.00"))
    house.peer("banksh").faults.lacks = {"banksh"}
    async with a_ledger(house, participant="banksh") as ledger:
        blocks = ledger.blocks(len(house.channel.blocks) - 1)
        found = await anext(blocks)
        await blocks.aclose()
    assert [each.missing for each in found.transactions] == [("banksh",)]


async def test_the_feed_goes_on_at_another_peer_of_the_organisation(house: FabricHouse) -> None:
    async with a_ledger(house, participant="banksh") as ledger:
        blocks = ledger.blocks(0)
        assert (await anext(blocks)).number == 0
        peer = house.peer("banksh")
        peer.faults.refuse["Deliver"] = UNAVAILABLE
        assert peer.wire is not None
        peer.wire.cut()
        numbers = [(await anext(blocks)).number for _ in range(len(house.channel.blocks) - 1)]
        await blocks.aclose()
    assert numbers == list(range(1, len(house.channel.blocks)))


async def test_a_feed_is_read_from_no_other_organisations_peer(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fabric, "FEED_PAUSES_S", (0.01,))
    for peer in house.peers["banksh"]:
        peer.faults.refuse["Deliver"] = UNAVAILABLE
    before, others = house.called("banksh", "Deliver"), house.called("clearing", "Deliver")
    async with a_ledger(house, participant="banksh") as ledger, aclosing(ledger.blocks(1)) as blocks:
        reading = asyncio.ensure_future(anext(blocks))
        while house.called("banksh", "Deliver") < before + 3:  # noqa: ASYNC110 - another task's progress
            await asyncio.sleep(0.01)
        for peer in house.peers["banksh"]:
            peer.faults.refuse.clear()
        assert (await reading).number == 1
    assert house.called("clearing", "Deliver") == others


def lies_about(peer: FakePeer, number: int) -> None:
    """Let a peer deliver a block that is true by itself, and does not continue the one before it."""

    def of_another_past(block: Any) -> Any:
        if block.header.number == number:
            block.header.previous_hash = bytes(32)
        return block

    peer.faults.alter_block = of_another_past


async def test_a_block_of_another_past_is_read_from_another_peer(house: FabricHouse) -> None:
    lies_about(house.peer("banksh"), 2)
    async with a_ledger(house, participant="banksh") as ledger, aclosing(ledger.blocks(1)) as blocks:
        first, second = [await anext(blocks) for _ in range(2)]
    assert (second.number, second.previous_hash) == (2, first.hash)


async def test_peers_that_were_not_true_one_after_the_other_are_both_read_on(house: FabricHouse) -> None:
    """Only where all are untrue of one block is nobody left; and whoever has just failed is not asked next."""
    before = [house.called("banksh", "Deliver", number) for number in (0, 1)]
    lies_about(house.peer("banksh", 0), 2)
    lies_about(house.peer("banksh", 1), 4)
    async with a_ledger(house, participant="banksh") as ledger, aclosing(ledger.blocks(1)) as blocks:
        assert [(await anext(blocks)).number for _ in range(5)] == [1, 2, 3, 4, 5]
    assert [house.called("banksh", "Deliver", number) for number in (0, 1)] == [before[0] + 2, before[1] + 1]


async def test_a_block_that_is_not_true_is_read_from_another_peer(house: FabricHouse) -> None:
    def forged(block: object) -> object:
        block.data.data[0] += b"x"  # type: ignore[attr-defined]
        return block

    house.peer("banksh").faults.alter_block = forged
    async with a_ledger(house, participant="banksh") as ledger:
        blocks = ledger.blocks(0)
        assert (await anext(blocks)).number == 0
        await blocks.aclose()
        house.peer("banksh", 1).faults.alter_block = forged
        blocks = ledger.blocks(0)
        with pytest.raises(UntrueBlockError):
            await anext(blocks)
