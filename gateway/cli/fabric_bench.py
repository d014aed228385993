"""`waitan bench fabric`: a network that runs, and beside its contracts the chaincode that they are compared with."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from gateway.bench import fabric
from gateway.cli.fabric import build_of, ground_of, told
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from network import processes, render
from network.deploy import deploy_beside
from network.native import Native
from network.nodes import LOOPBACK, Build, chaincode
from network.topology import Organisation, Topology

SINGLE: Final = "single"
PORT: Final = 18
"""Where, from an authority's first port on, its server of the comparison listens."""
_START_S: Final = 20.0


def require_program(program: Path) -> Path:
    """Give the whole path of the chaincode that is compared with."""
    if not program.is_file():
        raise usage(
            f"There is no {program}.", do="Run it from the project's root, or name the chaincode: --compare-with FILE"
        )
    return program.resolve()


async def run_fabric(say: Say, named: Path | None, program: Path) -> None:
    """Measure a running native network, and print the figures."""
    build = build_of(named)
    with told():
        ground, topology = ground_of(build), render.read_topology(build)
        if not isinstance(ground, Native):
            raise usage("What is measured is a native network.", do="waitan network up --native --bin DIR")
        async with _compared(ground, topology, program):
            pids = {name: each.pid for name, each in processes.leaders(build.path).items()}
            place = fabric.Place(build.path, pids, SINGLE)
            figures = await fabric.measure(place, lambda text: say.line(f"{text} ...", style="dim"))
    say.result(dict(figures))
    say.table(("figure", "value"), [(name, f"{value:,}") for name, value in figures.items()], right=("value",))
    say.line()
    say.line("What each figure means: docs/reference/performance.md")


@asynccontextmanager
async def _compared(ground: Native, topology: Topology, program: Path) -> AsyncIterator[None]:
    """Serve the comparison's chaincode to both authorities' peers meanwhile."""
    ports = {each.name: each.first_port + PORT for each in topology.authorities}
    addresses = {name: f"{LOOPBACK}:{port}" for name, port in ports.items()}
    ids = await deploy_beside(ground, topology, SINGLE, addresses)
    try:
        for each in topology.authorities:
            pid = processes.start(
                ground.build.path,
                f"{SINGLE}.{each.name}",
                (sys.executable, str(program)),
                environment=_environment(ground.build, each, addresses[each.name], ids[each.name]),
                cwd=ground.build.path,
                log=ground.log_file(f"{SINGLE}.{each.name}"),
            )
            if not await processes.listening(ports[each.name], alive=pid, wait_s=_START_S):
                log = ground.log_file(f"{SINGLE}.{each.name}")
                raise Failure(Exit.UNREACHABLE, "The chaincode of the comparison did not start.", do=f"Read {log}")
        yield
    finally:
        for each in topology.authorities:
            await processes.stop(ground.build.path, only=f"{SINGLE}.{each.name}")


def _environment(build: Build, authority: Organisation, address: str, package_id: str) -> dict[str, str]:
    tls = build.node(chaincode(authority)) / "tls"
    return {
        "CHAINCODE_SERVER_ADDRESS": address,
        "CHAINCODE_ID": package_id,
        "CHAINCODE_TLS_KEY": str(tls / "server.key"),
        "CHAINCODE_TLS_CERT": str(tls / "server.crt"),
        "CHAINCODE_TLS_CLIENT_CA": str(tls / "ca.crt"),
    }
