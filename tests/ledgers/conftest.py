"""Where the ledgers of these tests lie, the keys of those who work them, and the ledgers that clients see."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.development.members import Member
from tests.ledgers.seen import LEDGERS, Ledger, opened


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of the `world` fixture's ledger."""
    return tmp_path / "ledger"


@pytest.fixture(scope="session")
def keys_directory(members: Mapping[str, Member], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody's keys on disk, so that a program of its own can act with them."""
    directory = tmp_path_factory.mktemp("keys")
    for name, member in members.items():
        member.keys.write(directory / name)
    return directory


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=LEDGERS)
async def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ledger]:
    """Each ledger in turn, as its clients see it."""
    async with opened(request.param, tmp_path_factory.mktemp("ledger")) as found:
        yield found
