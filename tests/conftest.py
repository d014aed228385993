"""What holds for every test."""

import logging
import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from chaincode import dispatch
from chaincode.embedded.simulation import Contract
from gateway.development.members import Member
from gateway.operation import logs
from tests.world import World, make_members

# No deadline: the time an example takes says more about the machine than about the code. A failing example prints
# the line that replays it.
settings.register_profile("waitan", deadline=None, print_blob=True)
settings.load_profile("waitan")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Forget how a program that ran within the test, or within what was prepared for it, has set up its logs."""
    yield
    structlog.reset_defaults()
    logs._lowest = logging.INFO


@pytest.fixture
def nobodys_port() -> Iterator[int]:
    """A port of 127.0.0.1 at which nobody listens, nor can while the test runs: it is taken, and not listened on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture(scope="session")
def members() -> dict[str, Member]:
    """All organisations, their CAs and people: the keys are made once."""
    return make_members()


@pytest.fixture(scope="session")
def prepared(members: Mapping[str, Member], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a ledger that is founded and funded; to be copied, not opened."""
    directory = tmp_path_factory.mktemp("prepared") / "ledger"
    world = World(directory, members)
    world.found()
    world.open_accounts("CNY")
    world.open_accounts("JPY")
    world.fund("banksh", "1000000.00")
    world.close()
    return directory


@pytest.fixture
def contract() -> Contract:
    """The contracts, as the ledger of a test calls them; tests/contracts runs on other hosts too."""
    return dispatch.execute


@pytest.fixture
def world(members: Mapping[str, Member], prepared: Path, tmp_path: Path, contract: Contract) -> Iterator[World]:
    """A network that is going: three banks with accounts in CNY and JPY, the day open, banksh holds 1000000.00 CNY."""
    directory = tmp_path / "ledger"
    shutil.copytree(prepared, directory)
    world = World(directory, members, contract)
    yield world
    world.close()


@pytest.fixture
def bare_world(members: Mapping[str, Member], tmp_path: Path, contract: Contract) -> Iterator[World]:
    """A network on which nothing has happened yet."""
    world = World(tmp_path / "ledger", members, contract)
    yield world
    world.close()
