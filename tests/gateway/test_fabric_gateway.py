"""The whole gateway over Fabric: from a payment at the door to the answer that its own peer's feed shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.gateway.fabric_house import FabricHouse, a_fabric_house
from tests.gateway.house import a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FabricHouse]:
    async with a_fabric_house(tmp_path_factory.mktemp("fabric")) as opened:
        yield opened


async def test_a_payment_at_a_banks_door_settles_on_the_channel(house: FabricHouse) -> None:
    async with house.client("banksh") as client:
        answer = await client.submit(a_fresh_payment("12.00"))
    assert answer.result == 1
    await house.caught_up()


async def test_lists(house: FabricHouse, tmp_path: Path) -> None:
    async with house.client("banksh") as client:
        answer = await client.submit(a_fresh_payment("12.00"))
    assert answer.result == 1
