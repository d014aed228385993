"""A command as it is to be copied into a terminal: with `--data` where another network than the usual one is meant."""

import shlex
from pathlib import Path

from gateway.development.data_directory import DataDirectory


def waitan(words: str, directory: DataDirectory, *, program: str = "waitan") -> str:
    """Write a command of Waitan that reaches the network of a data directory, from whatever directory it is typed."""
    if directory.path.absolute() == DataDirectory.usual().path.absolute():
        return f"{program} {words}"
    return f"{program} {words} --data {shlex.quote(str(directory.path.absolute()))}"


def is_on_fabric(path: Path) -> bool:
    """Say whether a directory is the build directory of a Fabric network."""
    from network.nodes import Build

    return Build(path).standing.is_file()


def seeing(directory: DataDirectory) -> str:
    """Write the command that starts the network of a data directory; of one on Fabric, that says how its nodes are."""
    from network.nodes import Build

    if is_on_fabric(directory.path):
        return Build(directory.path.absolute()).command("status")
    return waitan("up", directory)
