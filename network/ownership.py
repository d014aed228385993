"""Whose a build directory is: what `up` may write into, and what `down` may delete.

Others' directories hold a compose.yaml, logs and nodes as well, so names alone say nothing. A directory is a network's
where what `up` writes first, and `down` deletes last, lies in it.
"""

import contextlib
import shutil
from typing import Final, NamedTuple

from network.faults import NetworkFault
from network.lock import LOCK
from network.material import TLS_CA
from network.nodes import Build

_FIRST: Final = ("standing.json", "standing.new")
"""What stands before all else, and goes after all else."""
_OWN: Final = frozenset(
    {
        "topology.yaml",
        "topology.new",
        "network.json",
        "network.new",
        "organisations",
        "nodes",
        "channel",
        "read",
        "logs",
        "compose.yaml",
        "compose.new",
    }
)
"""What else a network's directory holds; nothing of another name is ever deleted."""
_LEDGER: Final = "ledger"
"""Where an embedded network, which has organisations/, network.json and read/ too, keeps what cannot be made again."""


class Left(NamedTuple):
    """What was not a network's to delete: other files, and where links led that lay in place of its own files."""

    others: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def is_begun(build: Build) -> bool:
    """Whether a network was made here, half or whole; also one that has lost what was written first."""
    if any((build.path / name).is_file() for name in _FIRST):
        return True
    return any(build.path.glob(f"organisations/*/fabric/{TLS_CA}.crt"))


def is_a_networks(build: Build) -> bool:
    """Whether `down` may remove what a network left here: a start that was killed at once left its lock alone."""
    return is_begun(build) or (build.path.is_dir() and {each.name for each in build.path.iterdir()} == {LOCK})


def is_whole(build: Build) -> bool:
    """Whether the directory was made to its end."""
    return build.network.is_file() and build.topology.is_file()


def has_run(build: Build) -> bool:
    """Whether a node has begun to keep anything: such a directory was whole, whatever it has lost since."""
    return is_begun(build) and any(build.path.glob("nodes/*/data"))


def require_usable(build: Build) -> None:
    """Raise `NetworkFault` where no network may be made: among another's files."""
    if is_begun(build) or not build.path.is_dir():
        return
    strange = sorted({each.name for each in build.path.iterdir()} - {LOCK})
    if strange:
        raise NetworkFault(
            f"{build.path} holds other files ({', '.join(strange[:3])}), and no network.",
            do="Name a new or an empty directory: --dir BUILD",
        )


def remove(build: Build) -> Left:
    """Delete what a network left, half made or whole, and nothing else; what is gone meanwhile is none of it.

    Raises `NetworkFault` where an embedded network's ledger lies there, for its keys may be the same files.
    """
    if not build.path.is_dir():
        return Left()
    if (build.path / _LEDGER).exists():
        raise NetworkFault(
            f"{build.path} holds the ledger of another network as well ({_LEDGER}).",
            do=f"Keep {_LEDGER}, organisations and network.json elsewhere first; then the same again.",
        )
    there = {each.name for each in build.path.iterdir()}
    names = [*sorted(there & _OWN), *(name for name in (*_FIRST, LOCK) if name in there)]
    links = [(name, str(place.readlink())) for name in names if (place := build.path / name).is_symlink()]
    for name in names:
        place = build.path / name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, onerror=_unless_gone)
        else:
            place.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if not any(build.path.iterdir()):
            build.path.rmdir()
    return Left(tuple(sorted(there.difference(names))), tuple(links))


def _unless_gone(_function: object, _path: str, raised: tuple[type[BaseException], BaseException, object]) -> None:
    if not isinstance(raised[1], FileNotFoundError):
        raise raised[1]
