"""Where a Fabric network of this machine lies."""

from pathlib import Path
from typing import Final

_DEFAULT: Final = Path("~/.waitan-fabric")


def build_path(named: Path | None) -> Path:
    """Give the build directory that was named, else the usual one, by one path: processes are known by it."""
    return (named or _DEFAULT).expanduser().resolve()
