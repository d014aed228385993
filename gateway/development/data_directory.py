"""Where things lie on a machine that runs a development network, and what a client needs to find its gateway.

DIRECTORY/network.json                    the network's name and its organisations
DIRECTORY/ledger/                         the ledger: the one thing that cannot be made again
DIRECTORY/read/                           the gateways' read models: deleted, they are made again from the ledger
DIRECTORY/organisations/NAME/             certificates and keys: ca, gateway, and people by name
DIRECTORY/organisations/NAME/endpoints.json   where its gateway was last started
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from gateway.development.members import CA, SHANGHAI, Keys, Member, Profile
from settlement.records import Record

R = TypeVar("R", bound=Record)

NETWORK: Final = "waitan"
ENVIRONMENT: Final = "WAITAN_DATA"
"""Names the data directory where the option `--data` is not given."""
_DEFAULT: Final = Path("~/.waitan")
_OWN: Final = frozenset({"organisations"})
"""What a start that was broken off may have left: `network.json` is there before anything else is."""


class Description(Record):
    """What `network.json` holds."""

    network: str
    organisations: tuple[Profile, ...]


class Endpoints(Record):
    """What `endpoints.json` holds: host and port of the gRPC door, and the URL of the HTTP door.

    Where it carries other organisations' lists, host and port of that too.
    """

    grpc: str
    http: str
    courier: str = ""


class NoNetworkError(Exception):
    """The directory holds no network; the text says what to do."""


class DataDirectory:
    """One directory of one network."""

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self.ledger: Final = path / "ledger"
        self.read: Final = path / "read"

    @classmethod
    def chosen(cls, named: Path | None = None) -> "DataDirectory":
        """Take the directory that was named, else the one of the environment, else the one in the home directory."""
        return cls((named or Path(os.environ.get(ENVIRONMENT) or _DEFAULT)).expanduser())

    @classmethod
    def usual(cls) -> "DataDirectory":
        """Take the directory that is used where none is named."""
        return cls(_DEFAULT.expanduser())

    @property
    def exists(self) -> bool:
        """Whether there is a network in it."""
        return (self.path / "network.json").is_file()

    def organisation(self, participant: str) -> Path:
        """Where an organisation's certificates and keys lie."""
        return self.path / "organisations" / participant

    def create(self, *, now: datetime | None = None) -> None:
        """Begin a network: make the organisations' certificates, as of `now`. `network.json` is written last.

        Raises `NoNetworkError` where other files are, for private keys are not to lie among them; and where there is a
        ledger, for it knows its organisations by the keys that they have, and these would be lost.
        """
        if self.ledger.exists() or self.read.exists():
            raise NoNetworkError(
                f"{self.path} holds a ledger, but its network.json is gone: restore that from a backup, or name another"
                " directory"
            )
        if self.path.is_dir() and not {entry.name for entry in self.path.iterdir()} <= _OWN:
            raise NoNetworkError(f"{self.path} holds other files, and no network: name a new or an empty directory")
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for profile in SHANGHAI:
            Keys.make(profile, now=now).write(self.organisation(profile.participant))
        self._write(self.path / "network.json", Description(network=NETWORK, organisations=SHANGHAI))

    def require_ledger(self) -> None:
        """Raise `NoNetworkError` where the network has run and its ledger is gone: a new one would know of nothing."""
        has_run = self.read.exists() or any(self.path.glob("organisations/*/endpoints.json"))
        if has_run and not (self.ledger.is_dir() and any(self.ledger.iterdir())):
            raise NoNetworkError(
                f"the network in {self.path} has run, but its ledger is gone: restore the whole directory from a"
                " backup, or name another directory"
            )

    def add(self, profile: Profile) -> None:
        """Give one more organisation its certificates, and a place in the network; raises `NoNetworkError`."""
        before = self.description()
        Keys.make(profile).write(self.organisation(profile.participant))
        organisations = (*before.organisations, profile)
        self._write(self.path / "network.json", Description(network=before.network, organisations=organisations))

    def description(self) -> Description:
        """Read what network it is; raises `NoNetworkError`."""
        return self._read(self.path / "network.json", Description)

    def members(self) -> dict[str, Member]:
        """Read all organisations with their keys; raises `NoNetworkError`."""
        return {
            profile.participant: Member(profile, keys=self._keys(profile))
            for profile in self.description().organisations
        }

    def people(self, participant: str) -> list[str]:
        """Name those who have a certificate of an organisation."""
        names = {path.stem for path in self.organisation(participant).glob("*.crt")}
        return sorted(names - {CA})

    def endpoints(self, participant: str) -> Endpoints:
        """Say where an organisation's gateway was last started; raises `NoNetworkError`."""
        return self._read(self.organisation(participant) / "endpoints.json", Endpoints)

    def write_endpoints(self, participant: str, endpoints: Endpoints) -> None:
        """Keep where an organisation's gateway listens."""
        self._write(self.organisation(participant) / "endpoints.json", endpoints)

    def _keys(self, profile: Profile) -> Keys:
        directory = self.organisation(profile.participant)
        try:
            return Keys.read(directory, profile)
        except (OSError, ValueError) as error:
            why = "it is damaged"
            if isinstance(error, OSError):
                why = f"{Path(error.filename or directory).name}: {error.strerror}"
            raise NoNetworkError(
                f"a certificate or key of {profile.participant} in {directory} cannot be read ({why}): restore it,"
                " or begin anew in another data directory"
            ) from error

    def _read(self, path: Path, kind: type[R]) -> R:
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            raise NoNetworkError(f"there is no network in {self.path}") from None
        except (OSError, msgspec.MsgspecError) as error:
            raise NoNetworkError(f"{path} cannot be read ({error}): restore it, or use another directory") from error

    @staticmethod
    def _write(path: Path, record: Record) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(".new")
        written.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
        written.replace(path)
