"""What a network runs: peers, orderers, chaincode servers and gateways, by name, with their ports."""

import shlex
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from network.topology import Organisation, Topology

LOOPBACK: Final = "127.0.0.1"
_PEER_PORTS, _CHAINCODE, _ORDERER, _GATEWAY = 3, 9, 10, 15
"""How many ports each peer takes from an organisation's first one on, and where each other kind's begin."""


class Part(StrEnum):
    """What a node is."""

    PEER = "peer"
    ORDERER = "orderer"
    CHAINCODE = "chaincode"
    GATEWAY = "gateway"


class Node(NamedTuple):
    """One process of an organisation; `port` is the first of its ports."""

    name: str
    part: Part
    organisation: Organisation
    port: int

    @property
    def operations_port(self) -> int:
        """Where a peer or an orderer says how it is; and in its container a chaincode server."""
        return self.port + 1

    @property
    def chaincode_port(self) -> int:
        """Where a peer would take calls of chaincode that it had started itself."""
        return self.port + 2

    @property
    def admin_port(self) -> int:
        """Where an orderer is told to join a channel."""
        return self.port + 2

    @property
    def http_port(self) -> int:
        """A gateway's HTTP door; its gRPC door is `port`."""
        return self.port + 1

    @property
    def operation_port(self) -> int:
        """Where a gateway tells metrics and health."""
        return self.port + 3

    @property
    def courier_port(self) -> int:
        """Where a gateway takes other organisations' lists."""
        return self.port + 2

    @property
    def ports(self) -> list[int]:
        """All on which it listens as a process; its own word of its health a chaincode server gives in a container."""
        match self.part:
            case Part.PEER:
                return [self.port, self.operations_port, self.chaincode_port]
            case Part.ORDERER:
                return [self.port, self.operations_port, self.admin_port]
            case Part.CHAINCODE:
                return [self.port]
            case Part.GATEWAY:
                carries = [self.courier_port] if self.organisation.endorses else []
                return [self.port, self.http_port, self.operation_port, *carries]


class Site(NamedTuple):
    """Where nodes run: on this machine, or each in a container of its own name.

    `root` is the build directory as whoever looks sees it: the nodes, or this machine (`from_outside`).
    """

    root: PurePath
    in_containers: bool = False
    from_outside: bool = False

    def outside(self, root: PurePath) -> "Site":
        """Give the same nodes as this machine sees them: those in containers are published on loopback."""
        return self._replace(root=root, from_outside=True)

    def host(self, node: Node) -> str:
        """Under which name a node is reached."""
        return node.name if self.in_containers and not self.from_outside else LOOPBACK

    def address(self, node: Node) -> str:
        """Where a node is reached: host:port."""
        return f"{self.host(node)}:{node.port}"

    def directory(self, node: Node) -> PurePath:
        """Where a node sees its own settings, keys and data."""
        return self.root / "nodes" / node.name

    @property
    def listen(self) -> str:
        """The interface on which nodes listen."""
        return "0.0.0.0" if self.in_containers else LOOPBACK  # noqa: S104 - a container's own network

    def peers(self, organisation: Organisation) -> list[Node]:
        """Give an organisation's peers."""
        count = organisation.peers_docker if self.in_containers else organisation.peers
        return [
            Node(
                f"peer{number}.{organisation.name}",
                Part.PEER,
                organisation,
                organisation.first_port + _PEER_PORTS * number,
            )
            for number in range(count)
        ]

    def all_peers(self, topology: Topology) -> list[Node]:
        """Give everybody's peers."""
        return [peer for each in topology.organisations for peer in self.peers(each)]

    def nodes(self, topology: Topology) -> list[Node]:
        """Give all nodes, in the order in which they are started."""
        return [
            *orderers(topology),
            *self.all_peers(topology),
            *(chaincode(each) for each in topology.authorities),
            *(gateway(each) for each in topology.organisations),
        ]


def orderers(topology: Topology) -> list[Node]:
    """Give all orderers."""
    return [
        Node(f"orderer.{each.name}", Part.ORDERER, each, each.first_port + _ORDERER) for each in topology.orderer_owners
    ]


def chaincode(organisation: Organisation) -> Node:
    """Give an authority's chaincode server."""
    return Node(f"chaincode.{organisation.name}", Part.CHAINCODE, organisation, organisation.first_port + _CHAINCODE)


def gateway(organisation: Organisation) -> Node:
    """Give an organisation's gateway."""
    return Node(f"gateway.{organisation.name}", Part.GATEWAY, organisation, organisation.first_port + _GATEWAY)


class Build(NamedTuple):
    """The build directory: everything that a network is made of, in one place.

    standing.json                on what it was started: processes or containers
    topology.yaml                the description, with the choices made when it was started
    network.json                 what clients read of it; written last, so a directory without it is half made
    organisations/NAME/          certificates and keys of people and of the gateway, its settings, where it listens
    organisations/NAME/fabric/   its CAs for TLS, its administrator, its MSP
    nodes/NODE/                  settings, keys and data of a peer, an orderer or a chaincode server
    channel/                     the first block, collections, roots for TLS: what all peers may see
    read/                        the gateways' read models
    logs/NODE.log
    """

    path: Path

    def command(self, words: str) -> str:
        """Write one of `waitan network`'s commands for copying, that reaches this network and no other."""
        return f"waitan network {words} --dir {shlex.quote(str(self.path))}"

    @property
    def topology(self) -> Path:
        """The description."""
        return self.path / "topology.yaml"

    @property
    def network(self) -> Path:
        """What clients read; stands when the directory is whole."""
        return self.path / "network.json"

    @property
    def standing(self) -> Path:
        """On what the network was started."""
        return self.path / "standing.json"

    @property
    def compose(self) -> Path:
        """What Compose is told; there is none where nodes are processes."""
        return self.path / "compose.yaml"

    @property
    def channel(self) -> Path:
        """The first block, the collections, every organisation's root for TLS: all peers see it, no key is in it."""
        return self.path / "channel"

    @property
    def logs(self) -> Path:
        """One log for each node."""
        return self.path / "logs"

    @property
    def read(self) -> Path:
        """The gateways' read models."""
        return self.path / "read"

    def organisation(self, name: str) -> Path:
        """An organisation's certificates, keys and settings."""
        return self.path / "organisations" / name

    def fabric(self, name: str) -> Path:
        """What of an organisation concerns Fabric alone."""
        return self.organisation(name) / "fabric"

    def tls_root(self, organisation: Organisation) -> Path:
        """An organisation's root for TLS where all peers' containers see it, also of a bank that joined after them."""
        return self.channel / f"{organisation.name}-tls-ca.crt"

    def node(self, node: Node) -> Path:
        """A node's settings, keys and data."""
        return self.path / "nodes" / node.name
