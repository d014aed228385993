"""A conversation with one gateway, as one person. What goes wrong in it becomes a `Failure` here."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from gateway.auth.signing import Credential
from gateway.cli.copying import seeing, waitan
from gateway.cli.failures import Exit, Failure, naming, refused
from gateway.cli.whereabouts import Whereabouts
from gateway.client import WaitanClient, WaitanError
from gateway.outcomes import INTERNAL, RATE_LIMITED
from gateway.tls import TlsIdentity
from settlement.errors import Code
from settlement.records import Command
from waitan.v1.common_pb2 import CommandDone

REASON: Final = "WAITAN_REASON"
"""The environment variable in which a supervisor says why it reads."""


class Session:
    """One person's calls to one organisation's gateway."""

    def __init__(self, places: Whereabouts, at: str, person: str | None = None) -> None:
        self.places: Final = places
        self.participant: Final = at
        self._door: Final = places.door(at, person)
        issued = self._door.identity
        identity = TlsIdentity(issued.certificate, issued.key, self._door.root)
        self.client: Final = WaitanClient(self._door.endpoints.grpc, identity, reason=os.environ.get(REASON, ""))

    @property
    def credential(self) -> Credential:
        """What the person signs with."""
        return self._door.identity.credential

    async def ask(self, command: Command) -> CommandDone:
        """Let the person sign a command, and ask for it."""
        return await self.client.ask_signed(self.places.network, command, self.credential)

    @contextmanager
    def naming(self, do: str, **names: str) -> Iterator[None]:
        """Ask for one thing; where its outcome is not known, the failure names it and says how to look it up."""
        try:
            yield
        except WaitanError as error:
            raise naming(self.failure(error), do, **names) from None

    @contextmanager
    def proposing(self, words: str) -> Iterator[None]:
        """Ask for what may take two officers; where it does, the failure has the words by which one proposes it."""
        try:
            yield
        except WaitanError as error:
            if error.code != Code.RELEASE_NEEDED:
                raise
            raise refused(error.code, error.where, do=self.proposed_by(words)) from None

    def proposed_by(self, words: str) -> str:
        """Say how one officer proposes what takes two."""
        return f"Let one officer propose it: {self.command(words)}"

    def command(self, words: str) -> str:
        """Write a command for copying, that reaches the same network."""
        return waitan(words, self.places.directory)

    def failure(self, error: WaitanError) -> Failure:
        """Say what an error of the client is to the person."""
        return failure_of(error, self.participant, self._door.endpoints.grpc, start=seeing(self.places.directory))


def failure_of(error: WaitanError, participant: str, address: str, *, start: str = "waitan up") -> Failure:
    """Say what an error of a gateway's is to the person; `start` is how its network is started, or seen."""
    if error.code == INTERNAL:
        return Failure(
            Exit.UNKNOWN,
            f"The gateway of {participant} failed, and may have done what it was asked;"
            f" its operator finds reference {error.reference} in the log.",
            code=INTERNAL,
            do="Look it up before you ask again.",
        )
    if error.is_refusal:
        details = [f"{each.description} at {each.path}" for each in error.violations[1:]]
        return refused(error.code, error.where, details=details)
    if error.code == Code.ED06:
        return Failure(
            Exit.UNREACHABLE,
            f"The gateway of {participant} answers, but the ledger behind it does not; nothing was sent.",
            code=error.code,
            do=f"See what the network that runs has logged ({start}), mend that, and send the same again.",
        )
    if error.code == RATE_LIMITED:
        return Failure(
            Exit.UNREACHABLE,
            f"The gateway of {participant} has too much to do for this caller; nothing was done.",
            code=error.code,
            do="Ask again in a moment.",
        )
    if error.is_unreachable:
        return Failure(
            Exit.UNREACHABLE,
            f"The gateway of {participant} at {address} does not answer.",
            code=error.code,
            do=f"See that the network runs: {start}",
        )
    return Failure(
        Exit.UNKNOWN,
        "What was asked may have taken effect: there is no answer.",
        code=error.code or error.status.name,
        do="Look it up, or send exactly the same again: it takes effect once.",
    )


@asynccontextmanager
async def calling(places: Whereabouts, at: str, person: str | None = None) -> AsyncIterator[Session]:
    """Converse with an organisation's gateway; raises `Failure`."""
    session = Session(places, at, person)
    async with session.client:
        try:
            yield session
        except WaitanError as error:
            raise session.failure(error) from None
