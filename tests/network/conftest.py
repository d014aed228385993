"""What is made once: build directories, for they hold keys, and a network of Fabric's programs that has lived a day."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from network.nodes import Build, Site
from network.render import render
from network.topology import Consensus, Topology
from tests.network.test_real_network import FIRST_PORT, Network, raised

BUILDER = Path("/release/builders/ccaas")


class Rendered:
    """A build directory and what it was made from."""

    def __init__(self, path: Path, consensus: Consensus, *, in_containers: bool = False) -> None:
        self.topology = Topology.read().started(consensus)
        self.site = Site(Path("/waitan") if in_containers else path, in_containers=in_containers)
        self.build = Build(path)
        render(self.build, self.site, self.topology, builder=BUILDER)


@pytest.fixture(scope="session", params=list(Consensus), ids=str)
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return Rendered(tmp_path_factory.mktemp("build") / "net", request.param)


@pytest.fixture(scope="session")
def raft(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return Rendered(tmp_path_factory.mktemp("raft") / "net", Consensus.RAFT)


@pytest.fixture(scope="session")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return Rendered(tmp_path_factory.mktemp("containers") / "net", Consensus.BFT, in_containers=True)


class Lived(NamedTuple):
    """A network that has seen a payment, none of customs' business, and after it the demo's day."""

    network: Network
    uetr: str
    transaction_id: str
    block: int


CANARY = "CANARY-7f3a91"
AMOUNT = "31337.42"


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with raised(tmp_path_factory.mktemp("lived") / "net", FIRST_PORT + 300) as network:
        uetr = json.loads(network.terminal.start("pay", AMOUNT, "CNY", "--for", CANARY, "--json").out)["uetr"]
        shown = json.loads(network.terminal.start("payment", "show", uetr, "--json").out)
        # At its end the next day is open, and nothing is paid on it.
        network.terminal.start("demo", "--network", "--dir", network.path, "--json", wait_s=240.0)
        yield Lived(network, uetr, shown["transaction_id"], int(shown["block"]))
