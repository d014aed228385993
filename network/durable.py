"""Files of a network that lives, replaced whole: a full disk or a loss of power leaves the old or the new."""

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write a file beside itself, and put it in its place once it is on the disk; raises `OSError`.

    One that holds this already is left: a container that is shown a file sees it, not what takes its name.
    """
    if path.is_file() and path.read_bytes() == content:
        return
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
