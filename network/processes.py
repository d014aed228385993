"""A network's processes on this machine: started in sessions of their own, found again by what marks them.

Each process carries the build directory and its node's name in its environment, and so do its children. What runs is
read from /proc: nothing that was written down can be out of date, whatever ended this program or theirs.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from network.faults import NetworkFault

DIRECTORY: Final = "WAITAN_NETWORK_DIRECTORY"
NODE: Final = "WAITAN_NODE"
STOP_S: Final = 10.0
"""How long a process may take to end before it is killed."""
_POLL_S: Final = 0.05
_LISTEN: Final = "0A"
"""The state in which a socket listens (Linux, include/net/tcp_states.h)."""


class Running(NamedTuple):
    """A process of a network. `leads` is whether it is the node itself, not a child of it."""

    pid: int
    node: str
    leads: bool
    state: str

    @property
    def hangs(self) -> bool:
        """Whether it is stopped (SIGSTOP) or being traced."""
        return self.state in "Tt"


def is_linux() -> bool:
    """Whether processes can be found again."""
    return sys.platform == "linux"


def require_linux() -> None:
    """Raise `NetworkFault` where processes cannot be found."""
    if not is_linux():
        raise NetworkFault("A native network needs Linux.", do="Run it in Docker: waitan network up --docker")


def start(
    directory: Path, node: str, command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path
) -> int:
    """Start a node, which lives on when this program ends; give its process id."""
    marks = {DIRECTORY: str(directory), NODE: node}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the program was named by who runs this
            command,
            env={**environment, **marks},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # It is not ours to wait for: say so, or the interpreter would complain when this object goes.
    process.returncode = 0
    return process.pid


def running(directory: Path) -> list[Running]:
    """Find a network's processes that are alive."""
    mark = f"{DIRECTORY}={directory}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # another user's, or it has just ended
                continue
            state, session = fields[0], int(fields[3])
            if mark in environment and state != "Z":
                node = next((line.split(b"=", 1)[1] for line in environment if line.startswith(NODE.encode())), b"")
                found.append(Running(int(entry.name), node.decode(), session == int(entry.name), state))
    return found


def leaders(directory: Path) -> dict[str, Running]:
    """Find the nodes that run, by name."""
    return {each.node: each for each in running(directory) if each.leads}


async def stop(directory: Path, *, only: str = "", first: Collection[str] = (), wait_s: float = STOP_S) -> list[str]:
    """End a network's processes, or one node's; give the names of those that there were.

    Those named in `first` are killed before the others are asked: they would start them again.
    The nodes themselves are asked first; what does not end in time, hangs, or is left of their children, is killed.
    """

    def those() -> list[Running]:
        return [each for each in running(directory) if not only or each.node == only]

    found = those()
    for each in found:
        if each.node in first:
            _signal(each.pid, signal.SIGKILL)
    for each in found:
        if each.hangs:
            _signal(each.pid, signal.SIGKILL)
        elif each.leads:
            _signal(each.pid, signal.SIGTERM)
    deadline = time.monotonic() + wait_s
    while those() and time.monotonic() < deadline:
        _reap(found)
        await asyncio.sleep(_POLL_S)
    while left := those():
        for each in left:
            _signal(each.pid, signal.SIGKILL)
        _reap(found)
        await asyncio.sleep(_POLL_S)
    return sorted({each.node for each in found})


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _reap(ended: Sequence[Running]) -> None:
    """Take leave of children of ours that have ended: until then they keep their process ids."""
    for each in ended:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(each.pid, os.WNOHANG)


def taken(host: str, ports: Sequence[int]) -> list[int]:
    """Say which ports somebody listens on."""
    return [port for port in ports if _is_taken(host, port)]


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


async def listening(port: int, *, alive: int, wait_s: float) -> bool:
    """Wait until a port is listened on; false if a process ended before, or the time is up."""
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline and is_alive(alive):
        if port in listened():
            return True
        await asyncio.sleep(_POLL_S)
    return False


async def released(ports: Collection[int], *, wait_s: float = STOP_S) -> bool:
    """Wait until nobody listens on some ports: a process keeps them until the last of its threads has ended."""
    deadline = time.monotonic() + wait_s
    while taken_still := listened().intersection(ports):
        if time.monotonic() >= deadline:
            break
        await asyncio.sleep(_POLL_S)
    return not taken_still


def listened() -> set[int]:
    """Give the TCP ports on which anybody listens. A connection to find out would be logged as a broken handshake."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN:
                    found.add(int(fields[1].rpartition(":")[2], 16))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits to be taken leave of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
