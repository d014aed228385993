"""The official release binaries, in a directory that the user names."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

from network.faults import NetworkFault

PROGRAMS: Final = ("peer", "orderer")
"""What a native network runs; blocks, keys and joining need no program of Fabric's."""
_BUILDER: Final = Path("builders") / "ccaas"
_WHERE: Final = "Unpack the release archive of Fabric 3.1 or later, and name where: --bin DIR"
_VERSION: Final = re.compile(r"^\s*Version:\s*v?(\d+)\.(\d+)\S*", re.MULTILINE)
_MAJOR: Final = 3


class Binaries(NamedTuple):
    """Where Fabric's programs are, and the directory of its builder for chaincode as a service."""

    directory: Path
    builder: Path
    version: str

    @classmethod
    def find(cls, directory: Path) -> "Binaries":
        """Look whether all is there, of a version that serves; raises `NetworkFault`.

        `directory` is where the archive was unpacked, or the `bin` within it.
        """
        directory = directory.expanduser().resolve()
        if not (directory / PROGRAMS[0]).exists() and (directory / "bin" / PROGRAMS[0]).is_file():
            directory = directory / "bin"
        missing = [name for name in PROGRAMS if not os.access(directory / name, os.X_OK)]
        if missing:
            raise NetworkFault(f"{directory} holds no program {' and no '.join(missing)}.", do=_WHERE)
        builder = directory.parent / _BUILDER
        if not all(os.access(builder / "bin" / name, os.X_OK) for name in ("build", "detect", "release")):
            raise NetworkFault(
                f"There is no builder for chaincode as a service in {builder / 'bin'} (build, detect, release).",
                do="Keep the release archive together as it was unpacked: bin beside builders.",
            )
        version, *_ = [_version(directory / name) for name in PROGRAMS]
        return cls(directory, builder, version)

    @property
    def peer(self) -> Path:
        """The program of peers, and of those who administer them."""
        return self.directory / "peer"

    @property
    def orderer(self) -> Path:
        """The program of orderers."""
        return self.directory / "orderer"


def _version(program: Path) -> str:
    try:
        told = subprocess.run([program, "version"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        why = error.strerror if isinstance(error, OSError) else "it says nothing for 20 s"
        raise NetworkFault(f"{program} cannot be run: {why}.", do=_WHERE) from None
    found = _VERSION.search(told.stdout)
    if found is None or int(found[1]) < _MAJOR:
        what = f"is of version {found[0].split()[-1]}" if found else "does not say which version it is of"
        raise NetworkFault(f"{program} {what}; this network needs Fabric 3.", do=_WHERE)
    return found[0].split()[-1]
