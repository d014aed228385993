"""Where a Fabric network of this machine lies."""

from pathlib import Path
from typing import Final

_DEFAULT: Final = Path("~/.waitan-fabric")


def build_path(named: Path | None) -> Path:
    """Give the build directory that was named, else the usual one."""
    return (named or _DEFAULT).expanduser().absolute()
