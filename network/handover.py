"""Files that pass between this program, which may be root, and containers, which are not and might be taken over.

In its data a container may put a link where a file is looked for, and change it at any moment: so no link is followed
there. Outside of its data it writes nothing.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = 0


def hand_over(directory: Path, uid: int, gid: int, *, made_by: int = ROOT) -> None:
    """Give what this program made as root to whom containers run as; what they made is theirs already, and is left.

    What is gone meanwhile, such as a file of a database, is none of it.
    """
    # Every directory is held open while its entries are given, so none can be swapped for a link to another.
    for _, _, files, place in os.fwalk(directory):
        if os.fstat(place).st_uid == made_by:
            os.chown(place, uid, gid)
        for name in files:
            with suppress(FileNotFoundError):
                if os.stat(name, dir_fd=place, follow_symlinks=False).st_uid == made_by:
                    os.chown(name, uid, gid, dir_fd=place, follow_symlinks=False)


def write_new(file: Path, content: bytes) -> None:
    """Write a file for the owner of its directory alone; whatever had its name goes. Raises `OSError`."""
    file.unlink(missing_ok=True)
    owner = file.parent.stat()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        if os.getuid() == ROOT:
            os.fchown(opened.fileno(), owner.st_uid, owner.st_gid)
        opened.write(content)


def links(directory: Path) -> Iterator[Path]:
    """Find the links in a directory."""
    for place, folders, files in os.walk(directory):
        yield from (path for name in (*folders, *files) if (path := Path(place, name)).is_symlink())
