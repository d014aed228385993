"""What the host of real peers sees: each fault planted here must be found, or a suite that passes there says nothing.

Needs a network of Fabric's own programs: `WAITAN_NETWORK` names one, or `WAITAN_FABRIC_BIN` what to raise one from.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from chaincode import dispatch, keys
from chaincode.contracts.places import account_place
from chaincode.embedded.blocks import Proposal
from chaincode.embedded.simulation import Contract
from chaincode.shim import Chaincode, Response, Stub, Write
from gateway.fabric_client import CommitError
from settlement.errors import Code, Refusal
from tests.builders import a_payment, a_return
from tests.contracts.conftest import RAISED_S
from tests.peers import network
from tests.peers.host import LOST, PeersDifferError, PeersHost, Standing
from tests.peers.served import Presented
from tests.world import NETWORK, World

if not network.is_named():
    pytest.skip(network.NONE_NAMED, allow_module_level=True)

pytestmark = pytest.mark.timeout(RAISED_S)
ALONE, BOTH = ("regulator",), ("clearing", "regulator")


@pytest.fixture
def contract(peers_host: PeersHost) -> Contract:
    return peers_host.execute


class Forgetful(Presented):
    """Does not look for a bank's account."""

    async def get_many(self, keys: Iterable[str], collection: str = "") -> dict[str, bytes]:
        return await super().get_many(
            (key for key in keys if collection != "bankist" or not key.startswith("account/")), collection
        )


class Misplacing(Presented):
    """Writes into one bank's collection what is another's."""

    async def write_batch(self, writes: Iterable[Write]) -> None:
        await super().write_batch(
            each._replace(collection="bankfra") if each.collection == "bankist" else each for each in writes
        )


class Miswriting(Presented):
    """Writes one bit otherwise."""

    async def write_batch(self, writes: Iterable[Write]) -> None:
        first, *others = writes
        assert first.value is not None
        await super().write_batch([first._replace(value=bytes([first.value[0] ^ 1]) + first.value[1:]), *others])


@contextmanager
def planted(host: PeersHost, presented: type[Presented], at: tuple[str, ...]) -> Iterator[None]:
    """Let the chaincode of some authorities work on another kind of stub."""
    for name in at:
        host.peers.chaincodes[name].presented = presented
    try:
        yield
    finally:
        for name in at:
            host.peers.chaincodes[name].presented = Presented


@contextmanager
def answering(host: PeersHost, answer: Response) -> Iterator[None]:
    """Let Regulator's chaincode run every batch, and then answer what it always does."""
    served = host.peers.chaincodes["regulator"]
    contracts: Chaincode = served.contracts

    async def invoke(stub: Stub) -> Response:
        await contracts(stub)
        return answer

    served.contracts = invoke
    try:
        yield
    finally:
        served.contracts = contracts


@pytest.mark.parametrize(
    ("presented", "at", "words"),
    [
        (Forgetful, BOTH, "the reads differ: 0 only there, 1 only here"),
        (Forgetful, ALONE, "the reads differ: 0 only there, 1 only here"),
        (Misplacing, BOTH, "the writes differ"),
        (Misplacing, ALONE, "the writes differ"),
        (Miswriting, BOTH, "the writes differ: 0 only there, 0 only here [(][)], 1 in value"),
        (Miswriting, ALONE, "the writes differ: 0 only there, 0 only here [(][)], 1 in value"),
    ],
)
def test_a_fault_of_the_chaincode_is_found(
    world: World, peers_host: PeersHost, presented: type[Presented], at: tuple[str, ...], words: str
) -> None:
    """On the peers of both authorities, which then agree, and on one's alone."""
    with planted(peers_host, presented, at), pytest.raises(PeersDifferError, match=words):
        world.say("banksh", a_payment("1.00"))
    world.must("banksh", a_payment("1.00"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response(payload=bytes(64)), "the responses differ"),
        (Response(400, message="the batch cannot be read"), "a batch that runs here is refused"),
    ],
)
def test_an_authority_that_answers_otherwise_is_found(
    world: World, peers_host: PeersHost, answer: Response, words: str
) -> None:
    with answering(peers_host, answer), pytest.raises(PeersDifferError, match=words):
        world.say("banksh", a_payment("1.00"))


def test_a_peer_that_runs_what_is_refused_here_is_found(world: World, peers_host: PeersHost) -> None:
    proposal = Proposal(NETWORK, world.service("clearing").certificate, b"nonce", world.clock())
    with answering(peers_host, Response()), pytest.raises(PeersDifferError, match="a batch that is refused here"):
        world.ledger.endorse(proposal, {dispatch.LISTS: b"", dispatch.ANSWER_KEY: bytes(32)})
    with pytest.raises(dispatch.MalformedBatchError):
        world.ledger.endorse(proposal, {dispatch.LISTS: b"", dispatch.ANSWER_KEY: bytes(32)})


def test_what_somebody_else_has_written_to_the_peers_is_found(world: World, peers_host: PeersHost) -> None:
    """Even the same value: blocks show which transaction wrote what was read."""
    world.must("banksh", a_payment("1.00"))
    world.say("banksh", a_payment("1.00"))
    place = account_place("banksh", world.secret("banksh"), "CNY")
    value = world.state()[place]
    block = peers_host._wait(peers_host.peers.put({place: value}))
    try:
        with pytest.raises(PeersDifferError, match=r"the reads differ: 0 only there, 0 only here [(][)], 1 in value"):
            world.say("banksh", a_payment("1.00"))
    finally:
        peers_host._standing[place] = Standing(value, block)
    assert world.say("banksh", a_payment("1.00"))[0].code == ""


def test_what_the_ledger_commits_the_peers_commit(world: World, peers_host: PeersHost) -> None:
    """The very transactions that they have endorsed, where the next batch reads what they wrote."""
    world.must("banksh", a_payment("1.00"))
    before = peers_host.counts.copy()
    for _ in range(3):
        world.must("banksh", a_payment("1.00"))
    grown = peers_host.counts - before
    assert (grown["run"], grown["committed"], grown["put"]) == (3, 3, 0)


def test_what_both_peers_lack_stops_the_command_that_needs_it_and_no_other(world: World, peers_host: PeersHost) -> None:
    payment = a_payment("7.00", payee="bankist")
    batch = world.must("banksh", payment)
    asked = [a_return(payment, batch.tx_id), a_payment("1.00", payer="bankist")]
    world.ledger.purge(keys.journal("bankist", batch.tx_id))
    before = peers_host.counts["lost"]
    codes = [answer.code for answer in world.say("bankist", *asked)]
    assert peers_host.counts["lost"] == before + 1
    assert codes[0] == Code.DATA_MISSING
    assert codes[1] != Code.DATA_MISSING


def test_nothing_that_rests_on_an_older_value_is_committed(world: World, peers_host: PeersHost) -> None:
    """Asked for many values at once, a peer gives what it has, though the ledger has another by now (Fabric 3.1)."""
    world.must("banksh", a_payment("1.00"))
    world.say("banksh", a_payment("1.00"))
    place = account_place("banksh", world.secret("banksh"), "CNY")
    block = peers_host._wait(peers_host.peers.lose([place]))
    try:
        world.say("banksh", a_payment("1.00"))
        endorsed = peers_host._endorsed
        assert endorsed is not None
        with pytest.raises(CommitError, match="MVCC_READ_CONFLICT"):
            peers_host._wait(peers_host.peers.endorsers.commit(endorsed.proposed))
    finally:
        peers_host._endorsed = None
        peers_host._standing[place] = Standing(LOST, block)
    world.must("banksh", a_payment("1.00"))


def test_a_batch_on_peers_that_lack_a_collections_secret_may_be_tried_again(
    world: World, peers_host: PeersHost
) -> None:
    world.ledger.purge(keys.secret("banksh"))
    with pytest.raises(Refusal, match=Code.DATA_MISSING):
        world.say("banksh", a_payment("7.00"))
