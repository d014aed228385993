"""What a network stands on: processes of this machine, or containers. Deploying and joining are written over this."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final, Protocol, Self

import msgspec

from network import durable
from network.faults import NetworkFault
from network.nodes import Build, Node, Site
from network.ownership import is_begun
from network.processes import Running
from network.topology import Strict, Topology


class State(StrEnum):
    """How a node is, as far as its ground can tell."""

    UP = "up"
    STARTING = "starting"
    HUNG = "hung"
    DOWN = "down"

    @classmethod
    def of(cls, process: Running | None) -> Self:
        """Say how a process is; none is one that does not run."""
        return cls("down" if process is None else "hung" if process.hangs else "up")


class Ground(Protocol):
    """Something on which nodes run."""

    @property
    def build(self) -> Build:
        """The build directory, as this program sees it."""

    @property
    def builder(self) -> PurePath:
        """Where peers find the builder for chaincode as a service: the directory above its bin."""

    @property
    def site(self) -> Site:
        """Where nodes run, as they see one another."""

    @property
    def standing(self) -> "Standing":
        """What is kept of this ground."""

    async def require_free_ports(self, topology: Topology, *, otherwise: str = "") -> None:
        """Raise `NetworkFault` where a port of a node that does not run is taken.

        `otherwise` is what can be done beside ending who has it: the ports of a network that is there do not change.
        """

    async def start(self, topology: Topology, nodes: list[Node]) -> None:
        """Start those nodes that do not run, and wait until they take calls; raises `NetworkFault`."""

    def keep(self) -> None:
        """Watch over the network from now on until it is stopped: what ends by itself is started again."""

    def keeper(self) -> State | None:
        """How who watches over the network is; nothing where nobody is to."""

    async def stop(self, node: Node | None = None) -> list[str]:
        """End a node, or all that runs; give the names of what was ended."""

    async def restart(self, node: Node) -> None:
        """End a node and start it again; it may not take calls yet. Raises `NetworkFault`."""

    async def states(self, nodes: list[Node]) -> dict[str, State]:
        """Say how nodes are, by name."""

    async def peer(self, peer: Node, *arguments: str) -> str:
        """Run Fabric's `peer` program against a peer, as its organisation's administrator; give what it prints.

        Raises `ToolFault`.
        """

    def seen(self, path: Path) -> str:
        """Where that program sees a file of the build directory."""

    def log(self, name: str, lines: int) -> Iterator[str]:
        """Give the last lines of a node's log."""


class Standing(Strict, frozen=True):
    """On what a network was started, kept with it: `docker`, or `native` with its binaries' directory."""

    ground: str
    binaries: str = ""

    def write(self, build: Build) -> None:
        """Keep it."""
        durable.replace(build.standing, msgspec.json.encode(self) + b"\n")

    @classmethod
    def read(cls, build: Build) -> "Standing":
        """Read what `write` kept; raises `NetworkFault`."""
        try:
            return msgspec.json.decode(build.standing.read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError):
            if not is_begun(build):
                raise NetworkFault(
                    f"There is no network in {build.path}.", do=f"Start one: {build.command(START)}"
                ) from None
            raise NetworkFault(
                f"{build.standing.name} of the network in {build.path} is gone or damaged.",
                do="Start the network as it was, on processes or containers, which writes it anew:"
                f" {build.command(START)}, or {build.command('up --docker')}",
            ) from None

    @classmethod
    def found(cls, build: Build) -> str:
        """Say on what a network was started; where that cannot be read, a Compose file tells; else empty."""
        try:
            return cls.read(build).ground
        except NetworkFault:
            return DOCKER if is_begun(build) and build.compose.is_file() else ""


DOCKER: Final = "docker"
"""What is kept of a network that stands on containers."""
START: Final = "up --native --bin DIR"
