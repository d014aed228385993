"""Whose gateway, whose certificate: what a command line says, found in the data directory or met with a hint."""

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from gateway.auth import validity
from gateway.auth.development import Issued
from gateway.cli.copying import is_on_fabric, seeing, waitan
from gateway.cli.failures import Exit, Failure, nearest, usage
from gateway.development.data_directory import DataDirectory, Description, Endpoints, NoNetworkError
from gateway.development.members import CA, SERVICE, Profile
from settlement.parties import Kind

_FIRST: Final = {
    Kind.BANK: "officer-1",
    Kind.CLEARING: "officer-1",
    Kind.REGULATOR: "supervisor-1",
    Kind.CUSTOMS: "customs-1",
}
"""Who acts for an organisation where nobody is named."""


class Door(NamedTuple):
    """What a client needs to call a gateway: its endpoints, the CA that certifies it, and the caller's certificate."""

    profile: Profile
    endpoints: Endpoints
    root: bytes
    person: str
    identity: Issued


class Whereabouts:
    """The network of a data directory, as a client sees it."""

    def __init__(self, data: Path | None) -> None:
        self.directory: Final = DataDirectory.chosen(data)
        self.description: Final = self._description()
        self.network: Final = self.description.network

    @property
    def banks(self) -> list[Profile]:
        """All banks, in their order."""
        return [profile for profile in self.description.organisations if profile.kind is Kind.BANK]

    def organisation(self, name: str) -> Profile:
        """Find an organisation; a usage failure with the names there are."""
        for profile in self.description.organisations:
            if profile.participant == name:
                return profile
        names = self._names()
        raise usage(
            f"{name} is not on this network.",
            do=f"{nearest(name, names)} There are: {_list(names)}.".strip(),
        )

    def first(self, kind: Kind) -> str:
        """Name the first organisation of a kind: who is asked where nobody is named; a usage failure without any."""
        for profile in self.description.organisations:
            if profile.kind is kind:
                return profile.participant
        raise usage(f"There is no {kind.value} on this network.", do=f"There are: {_list(self._names())}.")

    def bank(self, name: str) -> Profile:
        """Find a bank."""
        profile = self.organisation(name)
        if profile.kind is not Kind.BANK:
            raise usage(f"{name} is no bank.", do=f"The banks are: {_list(each.participant for each in self.banks)}.")
        return profile

    def door(self, name: str, person: str | None = None) -> Door:
        """Find the way into an organisation's gateway, as one of its people."""
        profile = self.organisation(name)
        person = person or _FIRST[profile.kind]
        directory = self.directory.organisation(name)
        try:
            endpoints = self.directory.endpoints(name)
            root = (directory / f"{CA}.crt").read_bytes()
        except (NoNetworkError, OSError):
            raise _not_started(self.directory) from None
        try:
            identity = Issued.read(directory, person)
        except OSError:
            people = [each for each in self.directory.people(name) if each != SERVICE]
            raise usage(
                f"{name} has certified nobody called {person}.",
                do=f"{nearest(person, people)} There are: {', '.join(people)}. Another:"
                f" {waitan(f'identity --at {name} NAME', self.directory)}".strip(),
            ) from None
        require_whole(identity, directory / person)
        self._require_taken(identity, root, directory / person)
        return Door(profile, endpoints, root, person, identity)

    def _require_taken(self, identity: Issued, root: bytes, place: Path) -> None:
        """Fail where a gateway would hang up on a certificate: that would be told as a gateway that does not answer."""
        shown, organisation = x509.load_pem_x509_certificate(identity.certificate), place.parent.name
        another = waitan(f"identity --at {organisation} NAME", self.directory)
        fault = validity.fault(shown, datetime.now(UTC))
        if not fault and not _is_issued_by(shown, root):
            fault = f"was not issued by {organisation}'s CA"
        if not fault:
            return
        raise Failure(
            Exit.UNREACHABLE,
            f"The certificate {place}.crt {fault}: no gateway of {organisation} takes it.",
            do=f"Certify another person, and name that one (--as NAME): {another}",
        )

    def _names(self) -> list[str]:
        return [profile.participant for profile in self.description.organisations]

    def _description(self) -> Description:
        try:
            return self.directory.description()
        except NoNetworkError as error:
            if not self.directory.exists:
                raise _not_started(self.directory) from None
            raise Failure(Exit.UNREACHABLE, str(error)) from None


def _is_issued_by(shown: x509.Certificate, root: bytes) -> bool:
    try:
        shown.verify_directly_issued_by(x509.load_pem_x509_certificate(root))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def require_whole(identity: Issued, place: Path) -> None:
    """Fail where a certificate or its key cannot be read: with them no gateway would answer, however well it is."""
    try:
        identity.credential  # noqa: B018 - it is read
    except ValueError:
        raise Failure(
            Exit.UNREACHABLE,
            f"{place}.crt or {place.name}.key cannot be read.",
            do="Restore them from a copy, or certify another person and name that one.",
        ) from None


def require_not_on_fabric(directory: DataDirectory, instead: str) -> None:
    """Fail where a directory is a Fabric network's, naming the command that is meant for those."""
    if is_on_fabric(directory.path):
        place = shlex.quote(str(directory.path.absolute()))
        raise usage(f"{directory.path} holds a network on Fabric.", do=f"That is: {instead} --dir {place}")


def _not_started(directory: DataDirectory) -> Failure:
    return Failure(
        Exit.UNREACHABLE,
        f"No network was started from {directory.path} yet.",
        do=f"Start one in another terminal: {seeing(directory)}",
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
