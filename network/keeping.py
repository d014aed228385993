"""The process that watches over a network (`network.keeper`): how it is started."""

import os
import sys
from typing import Final

from network import processes
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
            cwd=build.path,
            log=build.logs / f"{KEEPER}.log",
        )


def inherited() -> dict[str, str]:
    """Give what a program needs of this one's environment; settings for Fabric that lie about are not passed on."""
    strange = ("CORE_", "ORDERER_", "FABRIC_", "CHAINCODE_", "WAITAN_")
    return {name: value for name, value in os.environ.items() if not name.startswith(strange)}
