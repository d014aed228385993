"""Every test of the contracts runs on both hosts: called by the embedded ledger, and behind the chaincode protocol."""

from collections.abc import Iterator

import pytest

from chaincode import dispatch
from chaincode.embedded.simulation import Contract
from tests.fakes.chaincode_host import ChaincodeHost


@pytest.fixture(scope="session")
def chaincode_host() -> Iterator[ChaincodeHost]:
    """One chaincode server and its peer for all tests of a process."""
    host = ChaincodeHost()
    yield host
    host.close()


@pytest.fixture(params=["embedded", "fabric"])
def contract(request: pytest.FixtureRequest) -> Contract:
    """The contracts on a host."""
    if request.param == "embedded":
        return dispatch.execute
    host: ChaincodeHost = request.getfixturevalue("chaincode_host")
    return host.execute
