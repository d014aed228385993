"""A channel's chaincode lifecycle behind the words of Fabric's `peer` program (core/chaincode/lifecycle).

What is ordered is there at once. What Fabric refuses is refused in its words.
"""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from network.binaries import Binaries
from network.faults import ToolFault
from network.native import Native
from network.nodes import Build, Node
from network.package import package_id
from network.presence import majority
from network.topology import Topology

DOWN = "Error: failed to create new connection: context deadline exceeded"


class Approval(NamedTuple):
    """What an organisation has approved of a chaincode."""

    sequence: int
    version: str
    package: str = ""


class Lifecycle:
    """The state of a channel, and of each peer what it has installed."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.away = set[str]()
        """Peers that are down."""
        self.heights: dict[str, int] = {}
        """Peers that are behind: the others have seven blocks."""
        self.joined: list[str] = []
        self.installed: dict[str, set[str]] = {}
        self.approvals: dict[tuple[str, str], Approval] = {}
        """By chaincode and organisation."""
        self.committed: dict[str, Approval] = {}
        self.ordered: list[str] = []
        """What was sent to orderers: the word, and whose it was."""

    def ask(self, peer: Node, arguments: Sequence[str], read: Path | None = None) -> str:
        """Answer as the program does; `read` is where a file that the words name lies. Raises `ToolFault`."""
        if peer.name in self.away:
            raise ToolFault("peer", DOWN)
        match list(arguments):
            case ["channel", "getinfo", *_]:
                return f'Blockchain info: {{"height":{self.heights.get(peer.name, 7)}}}'
            case ["channel", "join", *_]:
                self.joined.append(peer.name)
                return ""
            case ["lifecycle", "chaincode", "install", file]:
                name = PurePath(file).stem
                self.installed.setdefault(peer.name, set()).add(package_id((read or Path(file)).read_bytes(), name))
                return ""
            case ["lifecycle", "chaincode", word, *options]:
                named = dict(itertools.pairwise(options))
                return str(getattr(self, f"_{word}")(peer.organisation.name, named, options))
        raise AssertionError(arguments)

    def _querycommitted(self, _organisation: str, named: dict[str, str], _options: list[str]) -> str:
        name = named["-n"]
        if name not in self.committed:
            raise ToolFault("peer", f"Error: query failed with status: 404 - namespace {name} is not defined")
        there = self.committed[name]
        approvals = {each.msp: self._has(name, each.name, there) for each in self.topology.organisations}
        return json.dumps({"sequence": there.sequence, "version": there.version, "approvals": approvals})

    def _queryapproved(self, organisation: str, named: dict[str, str], _options: list[str]) -> str:
        found = self.approvals.get((named["-n"], organisation))
        if found is None or found.sequence != int(named["--sequence"]):
            raise ToolFault("peer", "Error: 500 - could not fetch approved chaincode definition")
        source = {"LocalPackage": {"package_id": found.package}} if found.package else {"Unavailable": {}}
        return json.dumps({"sequence": found.sequence, "version": found.version, "source": {"Type": source}})

    def _approveformyorg(self, organisation: str, named: dict[str, str], _options: list[str]) -> str:
        name, wanted = named["-n"], Approval(int(named["--sequence"]), named["-v"], named.get("--package-id", ""))
        there = self.committed.get(name, Approval(0, ""))
        if wanted.sequence == there.sequence and wanted.version != there.version:
            raise ToolFault("peer", "Error: 500 - attempted to redefine the current committed sequence")
        if not there.sequence <= wanted.sequence <= there.sequence + 1:
            raise ToolFault("peer", f"Error: 500 - requested sequence is {wanted.sequence}")
        if wanted.sequence > there.sequence and self.approvals.get((name, organisation)) == wanted:
            raise ToolFault("peer", "Error: 500 - attempted to redefine uncommitted sequence with unchanged content")
        self.approvals[name, organisation] = wanted
        self.ordered.append(f"approve {organisation}")
        return ""

    def _commit(self, _organisation: str, named: dict[str, str], options: list[str]) -> str:
        name, wanted = named["-n"], Approval(int(named["--sequence"]), named["-v"])
        addresses = [after for before, after in itertools.pairwise(options) if before == "--peerAddresses"]
        endorsing = [
            each.name
            for each in self.topology.organisations
            if any(each.first_port <= int(address.rpartition(":")[2]) < each.first_port + 9 for address in addresses)
        ]
        if not all(self._has(name, each, wanted) for each in endorsing):
            raise ToolFault("peer", "Error: 500 - chaincode definition not agreed to by this org")
        if len(endorsing) < majority(len(self.topology.organisations)):
            raise ToolFault("peer", "Error: transaction invalidated with status (ENDORSEMENT_POLICY_FAILURE)")
        self.committed[name] = wanted
        self.ordered.append("commit")
        return ""

    def _has(self, name: str, organisation: str, definition: Approval) -> bool:
        return self.approvals.get((name, organisation), Approval(0, ""))[:2] == definition[:2]


class Grounded(Native):
    """A ground on which nothing runs, and whose peers are a `Lifecycle`'s."""

    def __init__(self, build: Build, topology: Topology) -> None:
        super().__init__(build, Binaries(build.path, build.path, "v3.1.5"))
        self.channel = Lifecycle(topology)
        self.is_watched = False

    async def start(self, topology: Topology, nodes: list[Node]) -> None:
        """Start nothing."""

    def keep(self) -> None:
        """Start nobody: there is nothing to watch."""
        self.is_watched = True

    async def peer(self, peer: Node, *arguments: str) -> str:
        """Ask the channel."""
        return self.channel.ask(peer, arguments)
