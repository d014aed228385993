"""What a network stands on: processes of this machine, or containers. Deploying and joining are written over this."""

from pathlib import Path
from typing import Protocol

from network.nodes import Build, Node, Site
from network.topology import Topology


class Ground(Protocol):
    """Something on which nodes run."""

    @property
    def build(self) -> Build:
        """The build directory, as this program sees it."""

    @property
    def site(self) -> Site:
        """Where nodes run, as they see one another."""

    async def start(self, topology: Topology, nodes: list[Node]) -> None:
        """Start those nodes that do not run, and wait until they take calls; raises `NetworkFault`."""

    async def peer(self, peer: Node, *arguments: str) -> str:
        """Run Fabric's `peer` program against a peer, as its organisation's administrator; give what it prints.

        Raises `ToolFault`.
        """

    def seen(self, path: Path) -> str:
        """Where that program sees a file of the build directory."""
