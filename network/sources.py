"""What the images are built from: the sources that the Dockerfile copies, and the tag that names their state."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PROJECT_FILES: Final = Path(__file__).parents[1]
"""Where this project's source is."""
DOCKERFILE: Final = "network/images/Dockerfile"
_DIGITS: Final = 12
_COPY: Final = "COPY "
_CACHE: Final = "__pycache__"


def tag(root: Path = PROJECT_FILES) -> str:
    """Name the state of the sources by a digest: Compose builds an image that is not there, and none that is."""
    digest = hashlib.sha256()
    for file in _files(root):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:_DIGITS]


def copied(root: Path = PROJECT_FILES) -> list[str]:
    """Give what the Dockerfile copies of the sources: files and directories."""
    lines = (root / DOCKERFILE).read_text().splitlines()
    words = [line.split()[1:-1] for line in lines if line.startswith(_COPY)]
    return [name for line in words if not line[0].startswith("--from") for name in line]


def _files(root: Path) -> Iterator[Path]:
    for name in sorted({DOCKERFILE, *copied(root)}):
        place = root / name
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            if file.is_file() and _CACHE not in file.parts:
                yield file
