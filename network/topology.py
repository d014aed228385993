"""The network's description: read from YAML, checked, with the place of every fault."""

import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import msgspec
import yaml

from network.faults import DescriptionFault

PORTS_EACH: Final = 20
"""How many ports an organisation takes."""
PEERS_MAX: Final = 3
MEND: Final = "Mend the description."
_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,30}")
_CHANNEL: Final = re.compile(r"[a-z][a-z0-9.-]{0,248}")
"""Fabric, common/configtx/validator.go."""
_BIC: Final = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{3}")
_RESERVED: Final = frozenset({"authority"})
"""The authorities' own collection: Fabric has one of a name."""
_PORT_MIN, _PORT_MAX = 1024, 65535
_BFT_MIN: Final = 4
_RAFT3: Final = 3


class Kind(StrEnum):
    """What an organisation is."""

    CLEARING = "clearing"
    REGULATOR = "regulator"
    CUSTOMS = "customs"
    BANK = "bank"


AUTHORITIES: Final = (Kind.CLEARING, Kind.REGULATOR)
"""The kinds whose organisations endorse every transaction."""


class Consensus(StrEnum):
    """How orderers agree: by Raft (one, or another odd number), by Raft of three, or by SmartBFT."""

    RAFT = "raft"
    RAFT3 = "raft3"
    BFT = "bft"


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A record that refuses names it does not know."""


class Organisation(Strict, frozen=True):
    """One organisation: `peers` is how many it runs, `first_port` the first of its twenty ports."""

    name: str
    kind: Kind
    title: str = ""
    bic: str = ""
    peers: int = 1
    peers_docker: int = 1
    first_port: int = 0

    @property
    def msp(self) -> str:
        """The name of its membership service provider."""
        return f"{self.name}MSP"

    @property
    def ports(self) -> range:
        """Its ports, taken by a node or not."""
        return range(self.first_port, self.first_port + PORTS_EACH)

    @property
    def endorses(self) -> bool:
        """Whether its peers endorse, and so need the contracts."""
        return self.kind in AUTHORITIES


class Images(Strict, frozen=True):
    """The images that containers run."""

    peer: str
    orderer: str


class Topology(Strict, frozen=True):
    """Who takes part in a network, and where. `consensus` is chosen when it is started."""

    network: str
    organisations: tuple[Organisation, ...]
    orderers: dict[Consensus, tuple[str, ...]]
    images: Images
    first_port: int = 17100
    consensus: Consensus = Consensus.RAFT

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """Read a description, ours where none is named; raises `DescriptionFault`."""
        place = str(path or "network/topology.yaml")
        try:
            text = path.read_bytes() if path else resources.files("network").joinpath("topology.yaml").read_bytes()
        except OSError as error:
            raise DescriptionFault(
                f"{place} cannot be read: {error.strerror}.", do="Name another: --topology FILE"
            ) from None
        return cls.decode(text, place)

    @classmethod
    def decode(cls, text: bytes, place: str) -> Self:
        """Read a description from YAML; raises `DescriptionFault`, which names the `place`."""
        try:
            topology = msgspec.convert(yaml.safe_load(text), cls)
        except yaml.YAMLError as error:
            raise DescriptionFault(f"{place} is not YAML: {error}.", do=MEND) from None
        except msgspec.MsgspecError as error:
            known = ", ".join(sorted({*cls.__struct_fields__, *Organisation.__struct_fields__}))
            raise DescriptionFault(
                f"{place} is not valid: {error}.", do=f"The names that it may hold: {known}."
            ) from None
        return topology.checked(place)

    def encode(self) -> bytes:
        """Write the description as YAML."""
        text: bytes = yaml.safe_dump(msgspec.to_builtins(self), sort_keys=False, encoding="utf-8")
        return text

    def checked(self, place: str, *, do: str = MEND) -> Self:
        """Give every organisation its ports, and check that all fits; raises `DescriptionFault`, with what to `do`."""
        for number, each in enumerate(self.organisations):
            if fault := _fault(each):
                raise DescriptionFault(f"{place}: organisations[{number}] ({each.name}): {fault}.", do=do)
        topology = self.placed()
        for fault in (*_doubles(topology), *_parts(topology)):
            raise DescriptionFault(f"{place}: {fault}.", do=do)
        return topology

    def placed(self) -> Self:
        """Give every organisation that has no ports of its own those after its predecessor's."""
        following, placed = self.first_port, []
        for each in self.organisations:
            first = each.first_port or following
            placed.append(msgspec.structs.replace(each, first_port=first))
            following = first + PORTS_EACH
        return msgspec.structs.replace(self, organisations=tuple(placed))

    def started(self, consensus: Consensus, first_port: int = 0) -> Self:
        """Choose how orderers agree, and where the ports begin (0: where the description says)."""
        topology = msgspec.structs.replace(self, consensus=consensus)
        if first_port:
            unplaced = tuple(msgspec.structs.replace(each, first_port=0) for each in self.organisations)
            topology = msgspec.structs.replace(topology, first_port=first_port, organisations=unplaced)
        do = "Name another first port: --base-port PORT." if first_port else MEND
        return topology.checked("the network's description", do=do)

    def organisation(self, name: str) -> Organisation:
        """Find an organisation; raises `KeyError`."""
        return {each.name: each for each in self.organisations}[name]

    def of_kind(self, kind: Kind) -> tuple[Organisation, ...]:
        """Give the organisations of a kind."""
        return tuple(each for each in self.organisations if each.kind is kind)

    @property
    def ports(self) -> Iterator[int]:
        """Give every organisation's ports, taken by a node or not."""
        for each in self.organisations:
            yield from each.ports

    @property
    def authorities(self) -> tuple[Organisation, ...]:
        """Clearing and regulator: whose peers endorse, and who see every collection."""
        return tuple(each for each in self.organisations if each.endorses)

    @property
    def clearing(self) -> Organisation:
        """The clearing institution."""
        return self.of_kind(Kind.CLEARING)[0]

    @property
    def orderer_owners(self) -> tuple[Organisation, ...]:
        """Who runs an orderer."""
        return tuple(self.organisation(name) for name in self.orderers[self.consensus])


def _fault(each: Organisation) -> str:
    """Say what is wrong with an organisation alone."""
    if _NAME.fullmatch(each.name) is None:
        return "a name is 2 to 31 lower-case letters and digits, a letter first"
    if each.name in _RESERVED:
        return f"no organisation is called {each.name}: that is a collection of the ledger's own"
    if each.bic and _BIC.fullmatch(each.bic) is None:
        return f"bic {each.bic} is none: eleven capitals and digits, such as MNHBDEFFXXX"
    if each.kind is Kind.BANK and not each.bic:
        return "a bank has a bic"
    if not (1 <= each.peers <= PEERS_MAX and 1 <= each.peers_docker <= PEERS_MAX):
        return f"peers and peers_docker are from 1 to {PEERS_MAX}"
    if each.first_port and not _PORT_MIN <= each.first_port <= _PORT_MAX - PORTS_EACH:
        return f"first_port {each.first_port} leaves no room: from {_PORT_MIN} to {_PORT_MAX - PORTS_EACH}"
    return ""


def _doubles(topology: Topology) -> list[str]:
    faults = []
    for what in ("name", "bic"):
        values = [getattr(each, what) for each in topology.organisations if getattr(each, what)]
        faults += [f"organisations: {what} {value} stands twice" for value in set(values) if values.count(value) > 1]
    ports = sorted((each.first_port, each.name) for each in topology.organisations)
    for (first, one), (second, other) in pairwise(ports):
        if second - first < PORTS_EACH:
            faults.append(f"organisations: the {PORTS_EACH} ports of {one} and of {other} overlap")
    if ports and ports[0][0] < _PORT_MIN:
        faults.append(f"first_port {ports[0][0]} is the system's: ports from {_PORT_MIN} on are free to take")
    if ports and ports[-1][0] + PORTS_EACH > _PORT_MAX:
        faults.append(f"first_port {topology.first_port}: the last organisation's ports would lie above {_PORT_MAX}")
    return faults


def _parts(topology: Topology) -> list[str]:
    faults = [
        f"organisations: there must be one {kind}, and there are {len(topology.of_kind(kind))}"
        for kind in AUTHORITIES
        if len(topology.of_kind(kind)) != 1
    ]
    if not topology.of_kind(Kind.BANK):
        faults.append("organisations: there must be a bank")
    if _CHANNEL.fullmatch(topology.network) is None:
        faults.append(f"network: {topology.network} cannot be a channel's name: lower-case letters, digits, - and .")
    names = {each.name for each in topology.organisations}
    for consensus, owners in topology.orderers.items():
        faults += [f"orderers.{consensus}: {name} is no organisation here" for name in owners if name not in names]
        if len(set(owners)) != len(owners):
            faults.append(f"orderers.{consensus}: an organisation runs one orderer at most")
        if consensus is Consensus.BFT and len(owners) < _BFT_MIN:
            faults.append(f"orderers.{consensus}: SmartBFT needs {_BFT_MIN} orderers or more")
        if consensus is Consensus.RAFT and len(owners) % 2 == 0:
            faults.append(f"orderers.{consensus}: Raft needs an odd number of orderers")
        if consensus is Consensus.RAFT3 and len(owners) != _RAFT3:
            faults.append(f"orderers.{consensus}: this is Raft with {_RAFT3} orderers; another number stands in raft")
    if topology.consensus not in topology.orderers:
        faults.append(f"orderers: nobody is named for {topology.consensus}")
    return faults
