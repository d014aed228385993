"""A channel of three organisations, a peer each, and a bank that is a client of them."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest
import pytest_asyncio

from gateway.fabric_client import Contract, Deadlines, Gateway, Identity, Peer, Signer, TlsMaterial, key_signer
from tests.fakes.fabric_chain import VALID, ChaincodeError, FakeChannel, Invocation, Ordered
from tests.fakes.fabric_endorser import Endorsers
from tests.fakes.fabric_gateway import FakePeer
from tests.fakes.fabric_msp import Authority, Issued, Msps
from tests.fakes.fabric_rwsets import Simulation, Writes

CHANNEL: Final = "waitan"
CHAINCODE: Final = "settlement"
AUTHORITIES: Final = ("ClearingMSP", "RegulatorMSP")
PATIENCE: Final = Deadlines(evaluate_s=30, endorse_s=30, submit_s=30, commit_status_s=30)
"""Long enough for a machine that is busy: what must not pass is asked for by the test."""


class FewFunctions:
    """A chaincode with a function for each thing that a transaction can do, and a ledger that takes what it writes.

    All is well with this ledger (tests.fakes.fabric_chain.Ledger): what a client is told of others, a test asks for.
    """

    chaincode: str = CHAINCODE
    MEMBERS: Final = {"BankMSP": {"bank"}} | {each: {"bank", "authority"} for each in AUTHORITIES}

    def __init__(self) -> None:
        self._simulated: Final[dict[str, Simulation]] = {}
        self._written: Final[list[dict[int, Writes]]] = [{}]

    async def simulate(self, invocation: Invocation) -> Simulation:
        """Call a function."""
        simulation = _called(invocation)
        self._simulated[invocation.transaction_id] = simulation
        return simulation

    async def commit(self, transactions: Sequence[Ordered]) -> Sequence[int]:
        """Take what was written."""
        self._written.append({each.position: self._simulated[each.transaction_id].writes for each in transactions})
        return [VALID] * len(transactions)

    def holds(self, organisation: str, collection: str) -> bool:
        """Say whether an organisation is a member of a collection."""
        return collection in self.MEMBERS[organisation]

    def private(self, number: int, member_of: Callable[[str], bool]) -> Mapping[int, Writes]:
        """Give what a block's transactions wrote in some collections."""
        return {
            position: {collection: its for collection, its in writes.items() if collection and member_of(collection)}
            for position, writes in self._written[number].items()
        }


def _called(invocation: Invocation) -> Simulation:
    function, *arguments = invocation.proposal.arguments
    match function.decode():
        case "put":
            key, value = arguments
            return Simulation(result=b"put", writes={"": {key.decode(): value}}, reads={"": {key.decode(): None}})
        case "delete":
            (key,) = arguments
            return Simulation(writes={"": {key.decode(): None}}, reads={"": {key.decode(): (1, 0)}})
        case "settle":
            return Simulation(writes=_private(invocation.proposal.transient["lists"]))
        case "tell":
            name, payload = arguments
            return Simulation(event=(name.decode(), payload))
        case "disagree":
            return Simulation(result=invocation.endorser.encode())
        case _:
            raise ChaincodeError(404, "NOT_FOUND")


def _private(lists: bytes) -> dict[str, dict[str, bytes | None]]:
    written: dict[str, dict[str, str | None]] = json.loads(lists)
    return {
        collection: {key: None if value is None else value.encode() for key, value in writes.items()}
        for collection, writes in written.items()
    }


@dataclass
class Network:
    """The channel, its peers by organisation, and what a client needs to reach them."""

    authorities: dict[str, Authority]
    channel: FakeChannel
    endorsers: Endorsers
    peers: dict[str, FakePeer]
    user: Issued
    open_peers: list[Peer] = field(default_factory=list)

    @property
    def bank(self) -> FakePeer:
        """The client's own peer."""
        return self.peers["BankMSP"]

    def tls(self, organisation: str, shown: Issued | None = None) -> TlsMaterial:
        """What to connect to an organisation's peer with."""
        own = shown or self.authorities["BankMSP"].issue("client")
        return TlsMaterial(self.authorities[organisation].root.certificate_pem, own.certificate_pem, own.key_pem)

    def peer(self, organisation: str = "BankMSP", deadlines: Deadlines = PATIENCE) -> Peer:
        """Connect to an organisation's peer."""
        fake = self.peers[organisation]
        peer = Peer.at(
            fake.address,
            self.tls(organisation),
            name=organisation,
            server_name=fake.server_name,
            deadlines=deadlines,
        )
        self.open_peers.append(peer)
        return peer

    def gateway(
        self,
        user: Issued | None = None,
        *,
        organisation: str = "BankMSP",
        peer: Peer | None = None,
        signer: Signer | None = None,
    ) -> Gateway:
        """Act as a user of an organisation, the bank's by default, through the bank's peer."""
        own = user or self.user
        identity = Identity(organisation, own.certificate_pem)
        return Gateway(peer or self.peer(), identity, signer or key_signer(own.key_pem))

    def contract(self, gateway: Gateway | None = None) -> Contract:
        """The chaincode that is installed."""
        return (gateway or self.gateway()).contract(CHANNEL, CHAINCODE)


@pytest.fixture(scope="session")
def authorities() -> dict[str, Authority]:
    """The certificate authorities of all organisations, and of one that is no member."""
    return {msp_id: Authority(msp_id) for msp_id in (*AUTHORITIES, "BankMSP", "StrangerMSP")}


@pytest_asyncio.fixture
async def network(authorities: dict[str, Authority]) -> AsyncIterator[Network]:
    """A channel with its configuration block, whose peers all listen."""
    members = [*AUTHORITIES, "BankMSP"]
    msps = Msps(*(authorities[each] for each in members))
    channel = FakeChannel(CHANNEL, msps, FewFunctions(), policy=AUTHORITIES)
    credentials = {each: authorities[each].issue(f"peer0.{each}") for each in members}
    endorsers = Endorsers(channel, credentials)
    peers = {
        each: FakePeer(authorities[each], channel, endorsers=endorsers, server_name=f"peer0.{each.lower()}")
        for each in members
    }
    roots = b"".join(authorities[each].root.certificate_pem for each in members)
    for peer in peers.values():
        await peer.start(roots)
    network = Network(authorities, channel, endorsers, peers, authorities["BankMSP"].issue("gateway"))
    yield network
    for client in network.open_peers:
        await client.close()
    for peer in peers.values():
        await peer.stop()


@pytest.fixture
def contract(network: Network) -> Contract:
    """The chaincode, as the bank's gateway calls it through its own peer."""
    return network.contract()
