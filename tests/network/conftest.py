"""Build directories, rendered once for each consensus: they hold keys, and keys take time to make."""

from pathlib import Path

import pytest

from network.nodes import Build, Site
from network.render import render
from network.topology import Consensus, Topology

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
