"""One command at a time changes a network: a lock on a file of its build directory (flock(2)).

The system takes the lock away when its holder ends, however that ends: a file that was left behind keeps nobody out.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from network.faults import NetworkFault
from network.nodes import Build

LOCK: Final = "network.lock"


@contextmanager
def held(build: Build, command: str) -> Iterator[None]:
    """Keep other commands from a network meanwhile; raises `NetworkFault` where one holds it.

    Where there is no build directory one is made, and taken away again if it is as empty in the end.
    """
    is_made = not build.path.exists()
    build.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = _taken(build, command)
    try:
        yield
    finally:
        # While it is held: who opens the file from now on makes another, and who opened it before sees that it is gone.
        # Where it went with its directory, another of its name is another's.
        if _is(handle, build.path / LOCK):
            (build.path / LOCK).unlink(missing_ok=True)
        os.close(handle)
        if is_made:
            with suppress(OSError):  # it is there to stay, or gone
                build.path.rmdir()


def _taken(build: Build, command: str) -> int:
    file = build.path / LOCK
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 256, 0).decode(errors="replace").strip()
            os.close(handle)
            raise NetworkFault(
                f"{holder or 'Another command'} is at work on the network in {build.path}.",
                do="Wait until it is done, or end it; then the same again.",
            ) from None
        if _is(handle, file):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{command} (process {os.getpid()})\n".encode(), 0)
            return handle
        os.close(handle)


def _is(handle: int, file: Path) -> bool:
    """Whether an open file is the one of that name, still: its holder may have removed it since it was opened."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), file.stat())
    return False
