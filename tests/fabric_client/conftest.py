"""A channel of three organisations, a peer each, and a bank that is a client of them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import pytest
import pytest_asyncio

from gateway.fabric_client import Contract, Deadlines, Gateway, Identity, Peer, Signer, TlsMaterial, key_signer
from tests.fakes.fabric_chain import ChaincodeError, FakeChannel, Invocation, Simulation
from tests.fakes.fabric_endorser import Endorsers
from tests.fakes.fabric_gateway import FakePeer
from tests.fakes.fabric_msp import Authority, Issued, Msps

CHANNEL: Final = "waitan"
CHAINCODE: Final = "settlement"
AUTHORITIES: Final = ("ClearingMSP", "RegulatorMSP")
PATIENCE: Final = Deadlines(evaluate_s=30, endorse_s=30, submit_s=30, commit_status_s=30)
"""Long enough for a machine that is busy: what must not pass is asked for by the test."""


def chaincode(invocation: Invocation) -> Simulation:
    """A few functions, one for each thing that a transaction can do."""
    match invocation.function:
        case "put":
            key, value = invocation.arguments
            return Simulation(result=b"put", writes={key.decode(): value}, reads={key.decode(): None})
        case "delete":
            (key,) = invocation.arguments
            return Simulation(writes={key.decode(): None}, reads={key.decode(): (1, 0)})
        case "settle":
            return Simulation(private=_private(invocation.transient["lists"]))
        case "tell":
            name, payload = invocation.arguments
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
    channel = FakeChannel(CHANNEL, Msps(*(authorities[each] for each in members)), policy=AUTHORITIES)
    credentials = {each: authorities[each].issue(f"peer0.{each}") for each in members}
    endorsers = Endorsers(channel, credentials, {CHAINCODE: chaincode})
    readable = {"BankMSP": frozenset({"bank"})} | {each: frozenset({"bank", "authority"}) for each in AUTHORITIES}
    peers = {
        each: FakePeer(
            authorities[each], channel, endorsers=endorsers, members=readable, server_name=f"peer0.{each.lower()}"
        )
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
