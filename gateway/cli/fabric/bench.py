"""`waitan bench fabric`: a network that runs, and beside its contracts the chaincode that they are compared with."""

import shutil
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from gateway.bench import Figures, fabric
from gateway.cli.fabric.network import build_of, ground_of, told
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from network import processes, render
from network.chaincode_environment import chaincode_environment
from network.deploy import deploy_beside
from network.lock import held
from network.native import Native
from network.nodes import LOOPBACK, Build
from network.nodes import chaincode as chaincode_of
from network.topology import Kind, Topology

SINGLE: Final = "single"
NODE: Final = "single-node"
BANKS_MIN: Final = 2
_START_S: Final = 20.0


class Compared(NamedTuple):
    """A chaincode of the comparison: its name, the command of its server, its place among an authority's ports."""

    name: str
    command: tuple[str, ...]
    port: int
    environment: Mapping[str, str]


def require_program(program: Path) -> Path:
    """Give the whole path of the chaincode that is compared with."""
    if not program.is_file():
        raise usage(
            f"There is no {program}.", do="Run it from the project's root, or name the chaincode: --compare-with FILE"
        )
    return program.resolve()


def compared(program: Path, node_shim: Path | None) -> list[Compared]:
    """Say what is compared: the chaincode, and beside it the same on the official Node shim, if that is at hand."""
    found = [Compared(SINGLE, (sys.executable, str(program)), 13, {})]
    if node_shim is None:
        return found
    modules, twin = node_shim.expanduser().resolve() / "node_modules", program.with_suffix(".js")
    node = shutil.which("node")
    if node is None or not (modules / "fabric-shim").is_dir() or not twin.is_file():
        raise usage(
            f"The official Node shim cannot be run: it takes node, {modules / 'fabric-shim'} and {twin}.",
            do="Install it: npm install fabric-shim; or leave --node-shim out.",
        )
    return [*found, Compared(NODE, (node, str(twin)), 14, {"NODE_PATH": str(modules)})]


async def run_fabric(say: Say, named: Path | None, beside: list[Compared], grow_to: int) -> None:
    """Measure a running native network, and print the figures."""
    build = build_of(named)
    with told():
        ground, topology = _native(build), render.read_topology(build)
        if len(topology.of_kind(Kind.BANK)) < BANKS_MIN:
            raise usage("What is measured are payments between banks.", do=f"Add one: {build.command('add-bank NAME')}")
        async with AsyncExitStack() as stack:
            for each in beside:
                await stack.enter_async_context(_served(ground, topology, each))
            names = [each.name for each in beside]
            network = fabric.MeasuredNetwork(
                build.path, lambda: _processes(build), SINGLE, NODE if NODE in names else ""
            )
            figures = await fabric.measure(network, lambda text: say.line(f"{text} ...", style="dim"), grow_to=grow_to)
    _show(say, figures)


async def run_networks(say: Say, named: Path, beside: Path) -> None:
    """Measure two running native networks in turn, and print the figures."""
    with told():
        here, there = (build_of(each) for each in (named, beside))
        for build in (here, there):
            _native(build)
        figures = await fabric.measure_beside(
            fabric.MeasuredNetwork(here.path, lambda: _processes(here)),
            fabric.MeasuredNetwork(there.path, lambda: _processes(there)),
            lambda text: say.line(f"{text} ...", style="dim"),
        )
    _show(say, figures)


def _native(build: Build) -> Native:
    ground = ground_of(build)
    if not isinstance(ground, Native):
        raise usage("What is measured is a native network.", do="waitan network up --native --bin DIR")
    return ground


def _show(say: Say, figures: Figures) -> None:
    say.result(dict(figures))
    say.table(("figure", "value"), [(name, f"{value:,}") for name, value in figures.items()], right=("value",))
    say.line()
    say.line("What each figure means: docs/reference/performance.md")


def _processes(build: Build) -> dict[str, list[int]]:
    """Give the process ids of each node: its own, and its children's."""
    found: dict[str, list[int]] = defaultdict(list)
    for each in processes.running(build.path):
        found[each.node].append(each.pid)
    return found


@asynccontextmanager
async def _served(ground: Native, topology: Topology, chaincode: Compared) -> AsyncIterator[None]:
    """Serve a chaincode of the comparison to both authorities' peers meanwhile."""
    ports = {each.name: each.first_port + chaincode.port for each in topology.authorities}
    addresses = {name: f"{LOOPBACK}:{port}" for name, port in ports.items()}
    with held(ground.build, "waitan bench fabric"):
        ids = await deploy_beside(ground, topology, chaincode.name, addresses)
    try:
        for each in topology.authorities:
            name = f"{chaincode.name}.{each.name}"
            tls = ground.build.node(chaincode_of(each)) / "tls"
            own = chaincode_environment(addresses[each.name], ids[each.name], tls)
            pid = processes.start(
                ground.build.path,
                name,
                chaincode.command,
                environment={**own, **chaincode.environment},
                cwd=ground.build.path,
                log=ground.log_file(name),
            )
            if not await processes.listening(ports[each.name], alive=pid, wait_s=_START_S):
                raise Failure(
                    Exit.UNREACHABLE,
                    "A chaincode of the comparison did not start.",
                    do=f"Read {ground.log_file(name)}",
                )
        yield
    finally:
        for each in topology.authorities:
            await processes.stop(ground.build.path, only=f"{chaincode.name}.{each.name}")
