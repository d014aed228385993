"""The process that watches over a network (`network.keeper`): how it is started, seen and ended."""

import os
import sys
from typing import Final

from network import processes
from network.ground import State
from network.nodes import Build

KEEPER: Final = "keeper"
"""Its name among a network's processes."""


def start_keeper(build: Build) -> None:
    """Start it, unless it runs."""
    if KEEPER not in processes.leaders(build.path):
        processes.start(
            build.path,
            KEEPER,
            (sys.executable, "-m", "network.keeper", str(build.path)),
            environment=inherited(),
            cwd=build.logs,
            log=build.logs / f"{KEEPER}.log",
        )


def keeper_state(build: Build) -> State:
    """Say how it is."""
    return State.of(processes.leaders(build.path).get(KEEPER))


async def stop_keeper(build: Build) -> None:
    """End it, where it can be found again: who is not found was never started."""
    if processes.is_linux():
        await processes.stop(build.path, only=KEEPER)


def keeper_log(build: Build, lines: int) -> list[str]:
    """Give the last lines of what it tells; none where there is no log."""
    try:
        return (build.logs / f"{KEEPER}.log").read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return []


def inherited() -> dict[str, str]:
    """Give what a program needs of this one's environment; settings for Fabric that lie about are not passed on."""
    strange = ("CORE_", "ORDERER_", "FABRIC_", "CHAINCODE_", "WAITAN_")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}
