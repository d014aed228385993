"""The ground on which a network's nodes stand as containers: Compose starts them, the Docker client looks and asks."""

import asyncio
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final

import msgspec

from network import durable, handover
from network.compose import ROOT, compose, kept, published
from network.faults import DaemonAbsent, NetworkFault, ToolFault
from network.ground import DOCKER, Standing, State
from network.keeping import keeper_state, start_keeper
from network.material import ADMIN_MSP, TLS_CA
from network.nodes import LOOPBACK, Build, Node, Part, Site
from network.processes import is_linux, taken
from network.render import read_topology
from network.settings import CCAAS_IN_IMAGE
from network.topology import Consensus, Topology

READY_S: Final = 120.0
"""How long containers may take until they are well."""
UP_S: Final = 1800.0
"""How long Compose may take: it builds images at the first start."""
TOOL_S: Final = 90.0
ASK_S: Final = 20.0
"""How long Compose may take to say which it is."""
UNPRIVILEGED: Final = 10001
"""Who containers run as where the build directory's owner is root."""
_COMPOSES: Final = (("docker", "compose"), ("docker-compose",))
_PROJECT, _SERVICE = "com.docker.compose.project", "com.docker.compose.service"
_PAUSE_S: Final = 0.5
_LOOKS: Final = int(READY_S / _PAUSE_S)
_INSTALL: Final = "Install Docker with its Compose plugin, or docker-compose 1.29 or later."


class Docker:
    """The ground of a network of containers."""

    def __init__(self, build: Build) -> None:
        self.build: Final = Build(build.path.resolve())
        self.site: Final = Site(ROOT, in_containers=True)
        self.builder: Final[PurePath] = CCAAS_IN_IMAGE
        self.standing: Final = Standing(ground=DOCKER)
        self._project: Final = f"waitan-{hashlib.sha256(str(self.build.path).encode()).hexdigest()[:8]}"
        self._compose: Final = _found()

    async def require_free_ports(self, topology: Topology, *, otherwise: str = "") -> None:
        """Raise `NetworkFault` where a port of a container that does not run is taken."""
        running = self._running()
        for node in self.site.nodes(topology):
            if node.name not in running and (used := taken(LOOPBACK, published(node))):
                raise NetworkFault(
                    f"Port {used[0]}, which {node.name} would use, is taken by another program.",
                    do=f"End that program{otherwise and ', or '}{otherwise}.",
                )

    async def start(self, topology: Topology, nodes: list[Node]) -> None:
        """Start those containers that do not run, and wait until they are well; raises `NetworkFault`."""
        self._write(topology)
        await self._composed("up", "-d", "--no-deps", *(node.name for node in nodes))
        for _ in range(_LOOKS):
            missing = [name for name, state in (await self.states(nodes)).items() if state is not State.UP]
            if not missing:
                return
            await asyncio.sleep(_PAUSE_S)
        raise NetworkFault(
            f"{', '.join(missing)} is not ready after {READY_S:.0f} s.",
            do=f"Read why: {self.build.command(f'logs {missing[0]}')}",
            details=self._last_words(missing[0]),
        )

    def keep(self) -> None:
        """Watch over SmartBFT's orderers: Docker itself starts again what ends, but not what no longer takes part.

        Where processes cannot be found again nobody could stop who watches: there nobody does.
        """
        if self._is_watched():
            start_keeper(self.build)

    def keeper(self) -> State | None:
        """How who watches over SmartBFT's orderers is; nothing where there are none."""
        return keeper_state(self.build) if self._is_watched() else None

    def _is_watched(self) -> bool:
        return read_topology(self.build).consensus is Consensus.BFT and is_linux()

    async def stop(self, node: Node | None = None) -> list[str]:
        """End a container, or all of them; give the names of what was ended."""
        running = sorted(self._running())
        if node is not None:
            await self._composed("stop", node.name)
            return [node.name] if node.name in running else []
        if self._is_composed():
            # Volumes are directories of the build directory, so what goes here is but their names.
            await self._composed("down", "--volumes", "--remove-orphans")
        elif left := _output("docker", "ps", "-aq", *self._filter()).split():
            await self._run("docker", "rm", "--force", "--volumes", *left, what="docker rm")
        return running

    def _is_composed(self) -> bool:
        """Whether Compose can read what it was told: without that it ends nothing."""
        try:
            return "services" in msgspec.yaml.decode(self.build.compose.read_bytes(), type=dict[str, object])
        except (OSError, msgspec.MsgspecError):
            return False

    async def restart(self, node: Node) -> None:
        """Let Docker start a container anew; raises `ToolFault`. One that it is told to stop it would leave down."""
        container = (await asyncio.to_thread(_output, "docker", "ps", "-aq", *self._filter(node.name))).strip()
        await self._run("docker", "restart", container or node.name, what=f"docker restart of {node.name}")

    async def states(self, nodes: list[Node]) -> dict[str, State]:
        """Say how nodes are, by name: hung is who is paused, or runs and does not answer its health check."""
        told = await asyncio.to_thread(self._running)
        return {node.name: told.get(node.name, State.DOWN) for node in nodes}

    async def peer(self, peer: Node, *arguments: str) -> str:
        """Run `peer` in a peer's container, as the administrator of its organisation; raises `ToolFault`."""
        fabric = ROOT / "organisations" / peer.organisation.name / "fabric"
        settings = {
            "CORE_PEER_ADDRESS": self.site.address(peer),
            "CORE_PEER_MSPCONFIGPATH": str(fabric / ADMIN_MSP),
            "CORE_PEER_TLS_ROOTCERT_FILE": str(fabric / f"{TLS_CA}.crt"),
        }
        environment = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
        what = f"peer {' '.join(arguments[:3])} at {peer.name}"
        container = (await asyncio.to_thread(_output, "docker", "ps", "-q", *self._filter(peer.name))).strip()
        if not container:
            raise ToolFault(what, f"{peer.name} does not run", see=self.build.command("status"))
        return await self._run("docker", "exec", *environment, container, "peer", *arguments, what=what)

    def seen(self, path: Path) -> str:
        """Say where a container sees a file of the build directory."""
        return str(ROOT / path.resolve().relative_to(self.build.path))

    def log(self, name: str, lines: int) -> Iterator[str]:
        """Give the last lines of a container's log; raises `ToolFault`."""
        told = _output("docker", "ps", "-aq", *self._filter(name))
        if told.strip():
            yield from _output("docker", "logs", "--tail", str(lines), told.split()[0]).splitlines()

    def _last_words(self, name: str) -> tuple[str, ...]:
        try:
            return tuple(self.log(name, 3))
        except ToolFault as fault:
            return (fault.sentence, *fault.details)

    def _write(self, topology: Topology) -> None:
        """Write the Compose file, and give the build directory to whom containers run as."""
        owner = self.build.path.stat()
        uid, gid = (owner.st_uid or UNPRIVILEGED), (owner.st_gid or UNPRIVILEGED)
        for node in self.site.nodes(topology):
            if node.part is not Part.CHAINCODE:
                kept(self.build, node).mkdir(mode=0o700, parents=True, exist_ok=True)
        content = compose(self.build, self.site, topology, user=f"{uid}:{gid}")
        durable.replace(self.build.compose, content)
        for link in handover.links(self.build.read):
            raise NetworkFault(
                f"{link} is a link, and this program makes none: a gateway's container may have been taken over.",
                do="Delete it, and look into that gateway; then the same again.",
            )
        if os.getuid() == handover.ROOT:
            handover.hand_over(self.build.path, uid, gid)

    def _where(self) -> tuple[str, ...]:
        return ("-p", self._project, "-f", str(self.build.compose))

    def _filter(self, service: str = "") -> tuple[str, ...]:
        """Ask for this network's containers alone, or for one of them."""
        named = ("--filter", f"label={_SERVICE}={service}") if service else ()
        return ("--filter", f"label={_PROJECT}={self._project}", *named)

    def _running(self) -> dict[str, State]:
        told = _output(
            "docker", "ps", *self._filter(),
            "--format", f'{{{{.Label "{_SERVICE}"}}}}\t{{{{.Status}}}}',
        )  # fmt: skip
        pairs = (line.split("\t") for line in told.splitlines() if "\t" in line)
        return {name: _state(status) for name, status in pairs}

    async def _composed(self, *words: str) -> None:
        what = f"{' '.join(self._compose)} {words[0]}"
        await self._run(*self._compose, *self._where(), *words, what=what, limit_s=UP_S)

    async def _run(self, *words: str, what: str, limit_s: float = TOOL_S) -> str:
        see = self.build.command("logs")
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), limit_s)
        except TimeoutError:
            raise ToolFault(what, f"no answer within {limit_s:.0f} s", see=see) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise ToolFault(what, (out + err).decode(errors="replace"), see=see)
        return out.decode(errors="replace")


def _state(status: str) -> State:
    """Read what the Docker client says of a container that runs: its health stands in brackets."""
    if "(healthy)" in status:
        return State.UP
    return State.STARTING if "(health: starting)" in status else State.HUNG


def _found() -> tuple[str, ...]:
    """Find Compose, and see that the daemon runs; raises `NetworkFault`."""
    if shutil.which("docker") is None:
        raise DaemonAbsent("There is no docker on the PATH.", do=_INSTALL)
    try:
        asked = subprocess.run(("docker", "info"), capture_output=True, check=False, text=True, timeout=TOOL_S)  # noqa: S607 - the user's
        is_absent = "cannot connect" in asked.stderr.lower()
    except subprocess.TimeoutExpired:
        asked, is_absent = None, False
    if asked is None or asked.returncode:
        fault = DaemonAbsent if is_absent else NetworkFault
        raise fault(
            "The Docker daemon does not answer.",
            do="Start it (systemctl start docker), and see that you may use it (docker info).",
        )
    for words in _COMPOSES:
        if shutil.which(words[0]) and _succeeds((*words, "version")):
            return words
    raise NetworkFault("Docker is here, and Compose is not.", do=_INSTALL)


def _succeeds(words: Sequence[str]) -> bool:
    try:
        return subprocess.run(words, capture_output=True, check=False, timeout=ASK_S).returncode == 0  # noqa: S603 - words of our own
    except subprocess.TimeoutExpired:
        return False


def _output(*words: str) -> str:
    """Ask the Docker client a short question; raises `ToolFault`: where it fails, nobody knows what runs."""
    what = " ".join(words[:2])
    try:
        done = subprocess.run(words, capture_output=True, check=False, text=True, timeout=TOOL_S)  # noqa: S603 - words of our own
    except subprocess.TimeoutExpired:
        raise ToolFault(what, f"no answer within {TOOL_S:g} s") from None
    if done.returncode:
        raise ToolFault(what, done.stdout + done.stderr)
    return done.stdout + (done.stderr if words[1] == "logs" else "")
