"""Every test of the contracts runs on each of their hosts.

The embedded ledger calls them; a fake peer has them run behind the chaincode protocol; and where the environment names
a network of Fabric's own programs, or the binaries to raise one from, so do real peers of both authorities.
"""

from collections.abc import Iterator

import pytest

from chaincode import dispatch
from chaincode.embedded.simulation import Contract
from tests.fakes.chaincode_host import ChaincodeHost
from tests.peers import network
from tests.peers.host import PeersHost

RAISED_S = 900
"""How long a test may take before which a network is raised."""


@pytest.fixture(scope="session")
def chaincode_host() -> Iterator[ChaincodeHost]:
    """One chaincode server and its peer for all tests of a process."""
    host = ChaincodeHost()
    yield host
    host.close()


@pytest.fixture(scope="session")
def peers_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeersHost]:
    """One network for all tests of a process."""
    with network.found(tmp_path_factory.mktemp("peers")) as build:
        host = PeersHost(network.deployed(build))
        yield host
        host.close()


ON_PEERS = [pytest.param("peers", marks=pytest.mark.timeout(RAISED_S))] if network.is_named() else []
"""Without a network a test of its own says so, rather than a thousand."""


@pytest.fixture(params=["embedded", "fabric", *ON_PEERS])
def contract(request: pytest.FixtureRequest) -> Contract:
    """The contracts on a host."""
    match request.param:
        case "fabric":
            behind_protocol: ChaincodeHost = request.getfixturevalue("chaincode_host")
            return behind_protocol.execute
        case "peers":
            on_peers: PeersHost = request.getfixturevalue("peers_host")
            return on_peers.execute
    return dispatch.execute
