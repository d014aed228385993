"""A network as processes of this machine, on loopback."""

import asyncio
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from network import doorbell, polling, processes
from network.binaries import Binaries
from network.chaincode_environment import chaincode_environment
from network.doors import SETTINGS
from network.faults import NetworkFault, ToolFault
from network.ground import Standing, State
from network.keeping import KEEPER, inherited, keeper_state, start_keeper
from network.material import ADMIN_MSP, TLS_CA
from network.nodes import LOOPBACK, Build, Node, Part, Site
from network.package import package, package_id
from network.settings import FABRIC_LOGGING
from network.topology import Topology

START_S: Final = 30.0
"""How long a node may take until it listens."""
TOOL_S: Final = 90.0
_GATEWAY: Final = "from gateway.cli import main; main()"
_LOG_LINES: Final = 3
_COMPLAINT: Final = re.compile(r"\b(PANI|FATA|ERRO)\b|^panic: |Error: |^\w+Error\b")


class Command(NamedTuple):
    """How a node is started."""

    words: tuple[str, ...]
    environment: Mapping[str, str]


class Native:
    """The ground on which a native network stands."""

    def __init__(self, build: Build, binaries: Binaries) -> None:
        self.build: Final = build
        self.site: Final = Site(build.path)
        self.binaries: Final = binaries
        self.builder: Final = binaries.builder

    @property
    def standing(self) -> Standing:
        """What is kept of this ground."""
        return Standing(ground="native", binaries=str(self.binaries.directory))

    async def require_free_ports(self, topology: Topology, *, otherwise: str = "") -> None:
        """Raise `NetworkFault` where a port of a node that does not run is taken."""
        alive = self.alive()
        for node in self.site.nodes(topology):
            if node.name not in alive and (used := processes.taken(LOOPBACK, node.ports)):
                raise NetworkFault(
                    f"Port {used[0]}, which {node.name} would use, is taken by another program.",
                    do=f"End that program{otherwise and ', or '}{otherwise}.",
                )

    async def start(self, topology: Topology, nodes: list[Node]) -> None:
        """Start those nodes that do not run, and wait until all listen; raises `NetworkFault`."""
        alive = self.alive()
        ids = {node: alive[node.name].pid if node.name in alive else self.begin(node) for node in nodes}
        await asyncio.gather(*(self._ready(node, pid) for node, pid in ids.items()))

    def alive(self) -> dict[str, processes.Running]:
        """Find the nodes that run, by name."""
        return processes.leaders(self.build.path)

    def keep(self) -> None:
        """Have somebody start again what ends by itself, from now until the network is stopped."""
        start_keeper(self.build)

    def keeper(self) -> State | None:
        """How who watches over the network is."""
        return keeper_state(self.build)

    def begin(self, node: Node) -> int:
        """Start a node, and give its process id; it may not take calls yet."""
        command = self._command(node)
        return processes.start(
            self.build.path,
            node.name,
            command.words,
            environment={**inherited(), **command.environment},
            cwd=self.build.logs,  # where a core dump, which holds keys, is deleted with the logs
            log=self.log_file(node.name),
        )

    async def _ready(self, node: Node, pid: int) -> None:
        for port in node.ports:
            if not await processes.listening(port, alive=pid, wait_s=START_S):
                ended = "is not ready" if processes.is_alive(pid) else "ended at once"
                raise NetworkFault(
                    f"{node.name} {ended}.",
                    do=f"Mend what its log tells, then the same again: {self.build.command(f'logs {node.name}')}",
                    details=tuple(complaints(self.log_file(node.name))),
                )

    def log_file(self, name: str) -> Path:
        """Where a node's log lies."""
        return self.build.logs / f"{name}.log"

    def _command(self, node: Node) -> Command:
        directory = self.build.node(node)
        if node.part is Part.PEER:
            return Command((str(self.binaries.peer), "node", "start"), _fabric(directory))
        if node.part is Part.ORDERER:
            return Command((str(self.binaries.orderer),), _fabric(directory))
        if node.part is Part.CHAINCODE:
            return Command((sys.executable, "-m", "chaincode.fabric"), self._chaincode(node))
        config = self.build.organisation(node.organisation.name) / SETTINGS
        return Command((sys.executable, "-c", _GATEWAY, "gateway", "--config", str(config)), polling.SERVER_AND_CLIENT)

    def _chaincode(self, node: Node) -> dict[str, str]:
        address, package_of = f"{LOOPBACK}:{node.port}", package(self.build, self.site, node.organisation)
        return chaincode_environment(address, package_id(package_of), self.build.node(node) / "tls")

    async def stop(self, node: Node | None = None) -> list[str]:
        """End a node, or all that runs; give the names of what was ended."""
        if node is None:
            return await processes.stop(self.build.path, first=(KEEPER,))
        ended = await processes.stop(self.build.path, only=node.name)
        await processes.released(node.ports)
        return ended

    async def restart(self, node: Node) -> None:
        """End a node and start it again; it may not take calls yet."""
        await self.stop(node)
        self.begin(node)

    async def states(self, nodes: list[Node]) -> dict[str, State]:
        """Say how nodes are, by name: hung is who is stopped, or runs and answers nobody."""
        alive = self.alive()
        found = await asyncio.gather(*(self._state(node, alive.get(node.name)) for node in nodes))
        return {node.name: state for node, state in zip(nodes, found, strict=True)}

    async def _state(self, node: Node, process: processes.Running | None) -> State:
        state = State.of(process)
        return await doorbell.rung(node) if state is State.UP else state

    async def peer(self, peer: Node, *arguments: str) -> str:
        """Run `peer` as the administrator of a peer's organisation; raises `ToolFault`."""
        fabric = self.build.fabric(peer.organisation.name)
        process = await asyncio.create_subprocess_exec(
            str(self.binaries.peer),
            *arguments,
            env={
                **inherited(),
                **_fabric(self.build.node(peer)),
                "CORE_PEER_ADDRESS": self.site.address(peer),
                "CORE_PEER_MSPCONFIGPATH": str(fabric / ADMIN_MSP),
                "CORE_PEER_TLS_ROOTCERT_FILE": str(fabric / f"{TLS_CA}.crt"),
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        what, see = f"peer {' '.join(arguments[:3])} at {peer.name}", self.build.command(f"logs {peer.name}")
        try:
            out, err = await asyncio.wait_for(process.communicate(), TOOL_S)
        except TimeoutError:
            raise ToolFault(what, f"no answer within {TOOL_S:.0f} s", see=see) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise ToolFault(what, err.decode(errors="replace"), see=see)
        return out.decode()

    def seen(self, path: Path) -> str:
        """Give the path as it is: the program runs here."""
        return str(path)

    def log(self, name: str, lines: int) -> Iterator[str]:
        """Give the last lines of a node's log; none where there is no log."""
        try:
            yield from self.log_file(name).read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            return


def complaints(log: Path) -> list[str]:
    """Give the lines of a log that say why a program ended, else its last ones; none where there is no log."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return []
    return ([line for line in lines if _COMPLAINT.search(line)] or lines)[-_LOG_LINES:]


def _fabric(directory: Path) -> dict[str, str]:
    return {"FABRIC_CFG_PATH": str(directory), **FABRIC_LOGGING}
