"""A command as it is to be copied into a terminal: with `--data` where another network than the usual one is meant."""

import shlex

from gateway.development.data_directory import DataDirectory


def waitan(words: str, directory: DataDirectory, *, program: str = "waitan") -> str:
    """Write a command of Waitan that reaches the network of a data directory, from whatever directory it is typed."""
    if directory.path.absolute() == DataDirectory.usual().path.absolute():
        return f"{program} {words}"
    return f"{program} {words} --data {shlex.quote(str(directory.path.absolute()))}"
