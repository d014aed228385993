"""What a batch reads: the same whether its process remembers secrets or not, and at once where it does."""

from collections.abc import Collection, Mapping
from typing import Final

import pytest

from chaincode import dispatch
from chaincode.embedded.blocks import Proposal
from chaincode.port import Place, Stub
from settlement.forms import batches
from tests.builders import a_payment
from tests.world import NETWORK, World


class Counted:
    """A transaction whose round trips are counted."""

    def __init__(self, stub: Stub) -> None:
        self.tx_id: Final = stub.tx_id
        self.timestamp_ms: Final = stub.timestamp_ms
        self.transient: Final = stub.transient
        self.write: Final = stub.write
        self.fetches = 0
        self._stub: Final = stub

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read, and count."""
        self.fetches += 1
        return await self._stub.fetch(places)


class Process:
    """A chaincode process, which remembers from batch to batch."""

    def __init__(self) -> None:
        self.remembered: Final[dispatch.Secrets] = {}
        self.fetches = 0

    async def execute(self, stub: Stub) -> bytes:
        """Run a batch."""
        counted = Counted(stub)
        answer = await dispatch.execute(counted, self.remembered)
        self.fetches = counted.fetches
        return answer


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.fixture
def contract(process: Process) -> object:
    return process.execute


def test_a_process_that_remembers_reads_at_once_and_the_same(world: World, process: Process) -> None:
    world.ask("banksh", a_payment("1.00"))
    lists = world.sign("banksh", [a_payment("1.00"), a_payment("0.00")]), world.sign("bankist", [])
    proposal = Proposal(NETWORK, world.service("clearing").certificate, b"nonce", world.clock())
    transient = batches.transient(lists, bytes(32))
    warm = world.ledger.endorse(proposal, transient)
    assert process.fetches == 1
    process.remembered.clear()
    cold = world.ledger.endorse(proposal, transient)
    assert process.fetches == 3
    assert warm == cold


def test_what_a_process_remembers_wrongly_decides_nothing(world: World, process: Process) -> None:
    """Another ledger's secrets, say: the right ones are read all the same."""
    world.ask("banksh", a_payment("1.00"))
    right = dict(process.remembered)
    process.remembered.update(dict.fromkeys(right, bytes(32)))
    assert world.ask("banksh", a_payment("2.00")).codes == [[""]]
    assert world.balance("bankist") == 300
    assert process.remembered == right


def test_a_payment_to_nobody_is_read_as_before(world: World, process: Process) -> None:
    world.ask("banksh", a_payment("1.00"))
    assert world.ask("banksh", a_payment("1.00", payee="nobody")).codes == [["CNOR"]]
    assert process.fetches == 3
