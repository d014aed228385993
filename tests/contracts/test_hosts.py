"""The two hosts of the contracts: the same bytes from both, and queries that tell nobody what is another's."""

import os
from collections.abc import Iterator

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chaincode import dispatch, keys, queries
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Simulation
from settlement.payments.commands import WhenUnfunded
from tests.builders import a_payment, an_issuance_request
from tests.fakes.chaincode_host import ChaincodeHost
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, Outcome, ready
from tests.world import World

PEERS = {"3.1": FABRIC_3, "3.1 with small batches": ready(write=3, read=2), "2.5": FABRIC_2_5}
ASKED = {
    "account": (b"account", b"CNY"),
    "journal": (b"journal", b"a-transaction-of-banksh"),
    "sequence": (b"sequence",),
}


@pytest.fixture
def contract() -> object:
    """Hosts are compared here, so each test calls them itself."""
    return dispatch.execute


@pytest.fixture(params=PEERS.values(), ids=list(PEERS), scope="module")
def peer(request: pytest.FixtureRequest) -> Iterator[ChaincodeHost]:
    host = ChaincodeHost(request.param)
    yield host
    host.close()


def simulation(world: World, transient: dict[str, bytes], nonce: bytes, participant: str = "clearing") -> Simulation:
    certificate = world.service(participant).certificate
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


def ask(world: World, peer: ChaincodeHost, participant: str, *arguments: bytes, msp: str = "") -> Outcome:
    """Aim a query at an authority's peer with a certificate of a participant's."""
    pem = x509.load_der_x509_certificate(world.service(participant).certificate).public_bytes(Encoding.PEM)
    stub = simulation(world, {}, os.urandom(24), participant)
    return peer.run(stub, *arguments, certificate=pem, msp_id=msp or f"{participant}MSP")


def test_everybody_may_ask_what_the_network_is(world: World, peer: ChaincodeHost) -> None:
    outcome = ask(world, peer, "customs", b"about")
    told = msgspec.json.decode(outcome.response.payload)
    assert (told["network"], told["rules"]) == ("waitan", queries.RULES)


def test_a_bank_is_told_its_own_account_and_last_list(world: World, peer: ChaincodeHost) -> None:
    account = msgspec.json.decode(ask(world, peer, "banksh", b"account", b"CNY").response.payload)
    assert (account["participant"], account["posted_minor"]) == ("banksh", 100_000_000)
    last = msgspec.json.decode(ask(world, peer, "banksh", b"sequence").response.payload)
    assert last["number"] == world.last_sequence("banksh")


def test_what_a_transaction_did_is_told_to_its_parties_alone(world: World, peer: ChaincodeHost) -> None:
    batch = world.must("banksh", a_payment("7.00", payee="bankist"))
    for party in ("banksh", "bankist"):
        assert b'"7.00"' in ask(world, peer, party, b"journal", batch.tx_id.encode()).response.payload
    outsider, absent = (
        ask(world, peer, "bankfra", b"journal", tx_id) for tx_id in (batch.tx_id.encode(), b"no-such-transaction")
    )
    assert outsider.response == absent.response
    assert (outsider.response.status, outsider.response.message) == (400, "NOT_FOUND")


@pytest.mark.parametrize("arguments", ASKED.values(), ids=list(ASKED))
@pytest.mark.parametrize("participant", ["clearing", "regulator", "customs", "banksh", "bankist", "bankfra"])
def test_no_answer_is_about_anybody_else(
    world: World, peer: ChaincodeHost, participant: str, arguments: tuple[bytes, ...]
) -> None:
    payload = ask(world, peer, participant, *arguments).response.payload
    told = msgspec.json.decode(payload) if payload else {}
    assert told.get("participant", participant) == participant


@pytest.mark.parametrize("arguments", ASKED.values(), ids=list(ASKED))
def test_a_certificate_counts_only_under_its_own_msp_and_ca(
    world: World, peer: ChaincodeHost, arguments: tuple[bytes, ...]
) -> None:
    for msp in ("bankistMSP", "clearingMSP", "nobodyMSP"):
        outcome = ask(world, peer, "banksh", *arguments, msp=msp)
        assert (outcome.response.status, outcome.response.message) == (400, "AG08")


@pytest.mark.parametrize(
    "arguments",
    [(), (b"",), (b"get", b"secret"), (b"execute", b"x"), (b"account",), (b"account", b"x" * 129), (b"\xff",)],
    ids=["none", "empty", "unknown", "execute with an argument", "too few", "too long", "not ASCII"],
)
def test_what_is_no_query_gets_fixed_words(world: World, peer: ChaincodeHost, arguments: tuple[bytes, ...]) -> None:
    outcome = ask(world, peer, "banksh", *arguments)
    assert (outcome.type, outcome.response.status, outcome.response.message) == ("COMPLETED", 400, "CH16")
    assert not outcome.writes


def test_a_private_value_that_the_peer_lacks_is_missing_and_not_absent(world: World, peer: ChaincodeHost) -> None:
    batch = world.must("banksh", a_payment("7.00", payee="bankist"))
    world.ledger.purge(keys.journal("banksh", batch.tx_id))
    outcome = ask(world, peer, "banksh", b"journal", batch.tx_id.encode())
    assert outcome.response.message == "DATA_MISSING"


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


def test_a_time_far_off_the_clock_is_refused_before_anything_is_read(world: World) -> None:
    host = ChaincodeHost(clock=lambda: world.clock() + 300_001)
    try:
        outcome = ask(world, host, "banksh", b"about")
        assert outcome.response.status == 400
        assert outcome.requests == ()
    finally:
        host.close()
