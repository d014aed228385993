"""The two hosts of the contracts give the same bytes."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from chaincode import dispatch, keys
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Simulation, run
from chaincode.fabric.contract import wall_clock_ms
from chaincode.port import Place
from gateway.development.members import Member
from settlement.errors import Code
from settlement.forms import answers
from settlement.payments.commands import WhenUnfunded
from tests.builders import a_payment, a_return, an_issuance_request
from tests.fakes.chaincode_host import ChaincodeHost
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, ready
from tests.world import World

PEERS = {"3.1": FABRIC_3, "3.1 with small batches": ready(write=3, read=2), "2.5": FABRIC_2_5}


@pytest.fixture
def contract() -> object:
    """Hosts are compared here, so each test calls them itself."""
    return dispatch.execute


@pytest.fixture(params=PEERS.values(), ids=list(PEERS), scope="module")
def peer(request: pytest.FixtureRequest) -> Iterator[ChaincodeHost]:
    host = ChaincodeHost(request.param)
    yield host
    host.close()


def simulation(world: World, transient: dict[str, bytes], nonce: bytes) -> Simulation:
    certificate = world.service("clearing").certificate
    proposal = Proposal("waitan", certificate, nonce, world.clock())
    return Simulation(proposal, transient, world.ledger.reader, world.ledger._hot())


@pytest.mark.asyncio
async def test_both_hosts_give_the_same_bytes(world: World, peer: ChaincodeHost) -> None:
    payments = [a_payment("1.00", payee=payee) for payee in ("bankist", "bankfra") * 5]
    rejected = a_payment("9000000.00", when_unfunded=WhenUnfunded.REJECT)
    refused = a_payment("9000000.00")
    lists = (world.sign("banksh", [*payments, rejected, refused, an_issuance_request()]),)
    transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: os.urandom(32)}
    nonce = os.urandom(24)
    plain, over_peer = (simulation(world, transient, nonce) for _ in range(2))
    said = [await dispatch.execute(plain), await peer.execute(over_peer)]
    assert said[0] == said[1]
    assert plain.written
    assert plain.written == over_peer.written
    assert plain.write_set() == over_peer.write_set()
    assert plain.read_set() == over_peer.read_set()


def test_a_batch_on_a_peer_that_lacks_a_collections_secret_may_be_tried_again(
    world: World, peer: ChaincodeHost
) -> None:
    """Without it nothing of the collection can be found: that is no fault of the batch, and no bug."""
    lists = (world.sign("banksh", [a_payment("7.00")]),)
    transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: os.urandom(32)}
    world.ledger.purge(keys.secret("banksh"))
    outcome = peer.run(simulation(world, transient, os.urandom(24)), b"execute")
    assert (outcome.response.status, outcome.response.message) == (400, "DATA_MISSING")
    assert not outcome.writes


@pytest.mark.parametrize(
    ("off_ms", "is_taken"), [(-300_001, False), (-300_000, True), (300_000, True), (300_001, False)]
)
def test_a_time_far_off_the_clock_is_refused_before_anything_is_read(
    world: World, *, off_ms: int, is_taken: bool
) -> None:
    host = ChaincodeHost(clock=lambda: world.clock() + off_ms)
    try:
        outcome = host.run(simulation(world, {}, os.urandom(24)), b"about")
        assert outcome.response.status == (200 if is_taken else 400)
        assert bool(outcome.requests) is is_taken
    finally:
        host.close()


def test_what_a_peer_lacks_stops_the_command_that_needs_it_and_no_other(world: World, peer: ChaincodeHost) -> None:
    """A peer says of many values only that one is missing."""
    payment = a_payment("7.00", payee="bankist")
    batch = world.must("banksh", payment)
    world.ledger.purge(keys.journal("bankist", batch.tx_id))
    lists = (world.sign("bankist", [a_return(payment, batch.tx_id), a_payment("1.00", payer="bankist")]),)
    transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: os.urandom(32)}
    nonce = os.urandom(24)
    plain, over_peer = (simulation(world, transient, nonce) for _ in range(2))
    said = run(dispatch.execute(plain))
    outcome = peer.run(over_peer, b"execute")
    assert outcome.response.payload == said
    assert {Place(*place): value for place, value in outcome.writes.items()} == plain.written
    codes = [[each.code for each in one] for one in answers.unseal(said, transient[dispatch.ANSWER_KEY], plain.tx_id)]
    assert codes[0][0] == Code.DATA_MISSING
    assert codes[0][1] != Code.DATA_MISSING


def test_the_clock_is_this_machines_in_milliseconds() -> None:
    assert abs(wall_clock_ms() - time.time() * 1000) < 60_000


def test_what_is_remembered_of_one_channel_is_not_taken_for_anothers(
    world: World, members: Mapping[str, Member], peer: ChaincodeHost, tmp_path: Path
) -> None:
    """One process may serve two channels, whose collections have the same names and other secrets."""
    with closing(World(tmp_path / "other", members)) as other:
        other.found()
        other.open_accounts("CNY")
        other.fund("banksh", "10.00")
        for name, asked in (("one", world), ("two", other), ("one", world)):
            lists = (asked.sign("banksh", [a_payment("1.00", payee="bankist")]),)
            transient = {dispatch.LISTS: msgspec.msgpack.encode(lists), dispatch.ANSWER_KEY: os.urandom(32)}
            nonce = os.urandom(24)
            plain, over_peer = (simulation(asked, transient, nonce) for _ in range(2))
            said = run(dispatch.execute(plain))
            outcome = peer.run(over_peer, b"execute", channel_id=name)
            assert outcome.response.payload == said
            assert {Place(*place): value for place, value in outcome.writes.items()} == plain.written
