"""A network for each module alone, in place of the one that all tests of the doors share."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.client import WaitanClient
from tests.gateway.house import House, a_house


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A network whose doors are open."""
    async with a_house(tmp_path_factory.mktemp("network")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def banksh(house: House) -> AsyncIterator[WaitanClient]:
    """An officer of the paying bank there."""
    async with house.client("banksh") as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bankist(house: House) -> AsyncIterator[WaitanClient]:
    """An officer of the receiving bank there."""
    async with house.client("bankist") as client:
        yield client
