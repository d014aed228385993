"""A network over Fabric's protocols: a peer or more for each organisation, and gateways as their settings files say.

Peers, ordering and the chaincode's streams are fakes; the contracts run in their chaincode server, and behind the
channel stands an embedded ledger.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chaincode.fabric.contract import contract
from chaincode.shim import Chaincode
from gateway import serving
from gateway.app import Gateway
from gateway.auth.development import Issued as Written
from gateway.client import WaitanClient
from gateway.config import load
from gateway.credentials import read
from gateway.development.members import Member, found, fund, open_accounts
from gateway.fabric_client import Deadlines
from gateway.ledger.fabric import FabricLedger
from gateway.serving import Opened, Running, doors, fabric_ledger, running
from gateway.settings import Config
from gateway.tls import TlsIdentity
from settlement.canonical import digest, encode
from settlement.forms.consent import SignedList, list_to_sign
from settlement.records import Command
from tests.builders import PROFILES, TODAY
from tests.closing import closing
from tests.fakes.fabric_chain import FakeChannel
from tests.fakes.fabric_endorser import Endorsers
from tests.fakes.fabric_gateway import FakePeer, Faults
from tests.fakes.fabric_ledger import ChannelLedger
from tests.fakes.fabric_msp import Authority, Issued, Msps
from tests.fakes.served_chaincode import ServedChaincode
from tests.gateway.house import NETWORK

CHAINCODE: Final = "waitan"
AUTHORITIES: Final = ("clearing", "regulator")
BANKS: Final = ("banksh", "bankist")
CURRENCIES: Final = ("CNY", "EUR")
PATIENT: Final = Deadlines(endorse_s=30.0, submit_s=30.0)
"""For what must not pass: long enough for a machine that is busy."""


def msp(participant: str) -> str:
    """Give an organisation's MSP id."""
    return f"{participant}MSP"


class FabricHouse:
    """The organisations, the channel, its peers by organisation, and the gateways that run."""

    def __init__(self, directory: Path, members: Mapping[str, Member], peers: Mapping[str, int]) -> None:
        self.directory: Final = directory
        self.members: Final = members
        self.authorities: Final = {name: Authority(msp(name), _root(each)) for name, each in members.items()}
        msps = Msps(*self.authorities.values())
        self.ledger: Final = ChannelLedger(
            directory / "ledger",
            channel=NETWORK,
            chaincode=CHAINCODE,
            participants={msp(name): name for name in members},
        )
        self.channel: Final = FakeChannel(NETWORK, msps, self.ledger, policy=map(msp, AUTHORITIES))
        issued = {msp(name): each.issue(f"peer0.{name}") for name, each in self.authorities.items()}
        self.endorsers: Final = Endorsers(self.channel, issued)
        self.peers: Final = {
            name: [
                FakePeer(
                    self.authorities[name],
                    self.channel,
                    endorsers=self.endorsers,
                    server_name=f"peer{number}.{name}",
                )
                for number in range(peers.get(name, 1))
            ]
            for name in members
        }
        self.gateways: Final[dict[str, Gateway]] = {}
        self.running: Final[dict[str, Running]] = {}
        self.doors: Final[dict[str, Opened]] = {}
        self._stack: Final = AsyncExitStack()
        self._stack.push_async_callback(self.ledger.close)

    def peer(self, participant: str, number: int = 0) -> FakePeer:
        """Give a peer."""
        return self.peers[participant][number]

    def called(self, participant: str, method: str, number: int = 0) -> int:
        """Say how often a method of a peer has been called."""
        return sum(name == method for name, _ in self.peer(participant, number).calls)

    def mend(self) -> None:
        """Let peers, orderers and the chaincode's streams all be well."""
        for peer in (peer for its in self.peers.values() for peer in its):
            for held in peer.faults.hold.values():
                held.set()
            peer.faults = Faults()
        self.channel.verdicts.clear()
        self.channel.ordering.set()
        for server in self.ledger.servers.values():
            server.faults.pace = None
            server.faults.refusals.clear()

    async def install(self, participant: str, chaincode: Chaincode) -> None:
        """Serve a chaincode to an organisation's peers."""
        self.ledger.servers[msp(participant)] = await self._stack.enter_async_context(ServedChaincode(chaincode))

    async def start_peers(self) -> None:
        """Let all peers listen."""
        roots = b"".join(each.root.certificate_pem for each in self.authorities.values())
        for peer in (peer for its in self.peers.values() for peer in its):
            await peer.start(roots)
            self._stack.push_async_callback(peer.stop)

    def settings(
        self, participant: str, *, courier: Mapping[str, Any] | None = None, name: str = "", **fabric: Any
    ) -> Path:
        """Write an organisation's certificates and its settings, and give the file."""
        place = self.directory / "organisations" / participant
        self.members[participant].keys.write(place)
        own = {"certificate": "gateway.crt", "key": "gateway.key"}
        lines = [f'participant = "{participant}"', f'network = "{NETWORK}"', f'data = "read{name}"']
        lines += _table("service", own | {"root": "ca.crt"})
        lines += _table("grpc", {"listen": "localhost:0"}) + _table("http", {"listen": "localhost:0"})
        endorsers = [msp(each) for each in AUTHORITIES]
        lines += _table(
            "fabric", {"msp": msp(participant), "chaincode": CHAINCODE, "endorsers": endorsers} | own | fabric
        )
        for owner in dict.fromkeys((participant, *AUTHORITIES)):
            for peer in self.peers[owner]:
                lines += _table("[fabric.peers]", self._peer(owner, peer))
        lines += courier_lines(courier or {})
        file = place / f"gateway{name}.toml"
        file.write_text("\n".join(lines))
        return file

    def _peer(self, owner: str, peer: FakePeer) -> dict[str, str]:
        root = self.directory / "organisations" / owner / "ca.crt"
        root.parent.mkdir(parents=True, exist_ok=True)
        root.write_bytes(self.members[owner].ca.root.certificate)
        return {"msp": msp(owner), "address": peer.address, "tls_root": str(root), "name": peer.server_name}

    async def open(self, participant: str, *, courier: Mapping[str, Any] | None = None, name: str = "") -> Running:
        """Start a gateway and its doors, as its settings say."""
        config: Config = load(self.settings(participant, courier=courier, name=name), {})
        credentials = read(config)
        opened = await self._stack.enter_async_context(running(config, credentials))
        key = participant + name
        self.running[key], self.gateways[key] = opened, opened.gateway
        self.doors[key] = await self._stack.enter_async_context(doors(config, credentials, opened))
        return opened

    def courier_at(self, *ports: int) -> dict[str, Any]:
        """Say where clearing's couriers are."""
        root = str(self.directory / "organisations" / "clearing" / "ca.crt")
        return {"at": [{"address": f"localhost:{port}", "root": root} for port in ports]}

    async def sign(self, participant: str, *commands: Command | bytes) -> SignedList:
        """Sign an organisation's next list, past its own gateway."""
        await self.caught_up()
        number = self.gateways[participant].queries.last_sequence(participant) + 1
        raw = tuple(each if isinstance(each, bytes) else encode(each) for each in commands)
        credential = self.members[participant].service.credential
        to_sign = list_to_sign(NETWORK, participant, number, tuple(map(digest, raw)))
        return SignedList(participant, number, raw, credential.sign(to_sign), credential.certificate)

    def client(self, participant: str, person: str = "officer-1", shown: Written | None = None) -> WaitanClient:
        """Give a client of an organisation's gateway; whoever takes it closes it."""
        member = self.members[participant]
        issued = shown or member.people[person]
        identity = TlsIdentity(issued.certificate, issued.key, member.ca.root.certificate)
        return WaitanClient(f"localhost:{self.doors[participant].grpc}", identity)

    async def begin(self) -> None:
        """Found the ledger, open accounts and the day, and fund the first bank."""
        clearing = self.gateways["clearing"]
        await found(clearing, dict(self.members))
        await open_accounts(clearing, dict(self.members), CURRENCIES, BANKS, TODAY)
        await self.caught_up()
        await fund(self.gateways["banksh"], clearing, self.members, "CNY", "1000000.00")
        await self.caught_up()

    async def caught_up(self, names: Iterable[str] = ()) -> None:
        """Wait until gateways have read what is on the channel."""
        last = len(self.channel.blocks) - 1
        for name in names or self.gateways:
            await self.gateways[name].follower.reached(last)

    async def close(self) -> None:
        """Close gateways and peers, in turn."""
        await self._stack.aclose()


@asynccontextmanager
async def a_fabric_house(
    directory: Path, *, begins: bool = True, names: Collection[str] = (*AUTHORITIES, *BANKS), **peers: int
) -> AsyncIterator[FabricHouse]:
    """Bring a network up: clearing carries everybody's lists. `peers` says who has more than one peer."""
    members = {each.participant: Member(each) for each in PROFILES if each.participant in names}
    house = FabricHouse(directory, members, peers)
    try:
        for name in AUTHORITIES:
            await house.install(name, contract())
        await house.start_peers()
        clearing = await house.open("clearing", courier={"serve": True, "listen": "localhost:0"})
        assert clearing is house.running["clearing"]
        port = house.doors["clearing"].courier
        assert port is not None
        for name in (each for each in members if each != "clearing"):
            await house.open(name, courier=house.courier_at(port))
        if begins:
            await house.begin()
        yield house
    finally:
        await house.close()


@asynccontextmanager
async def a_ledger(
    house: FabricHouse, deadlines: Deadlines = PATIENT, participant: str = "clearing"
) -> AsyncIterator[FabricLedger]:
    """Give an organisation's access, fresh: no peer has failed it yet."""
    config = load(house.settings(participant), {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(serving, "DEADLINES", deadlines)
        ledger = fabric_ledger(config, read(config))
    async with closing(ledger):
        yield ledger


def courier_lines(courier: Mapping[str, Any]) -> list[str]:
    """Write the courier's settings."""
    plain = {name: value for name, value in courier.items() if name != "at"}
    lines = _table("courier", plain)
    for at in courier.get("at", ()):
        lines += _table("[courier.at]", at)
    return lines


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    # Texts, numbers, truth and lists of texts are written alike in TOML and JSON.
    return ["", f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]


def _root(member: Member) -> Issued:
    key = load_pem_private_key(member.ca.root.key, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Issued(x509.load_pem_x509_certificate(member.ca.root.certificate), key)
