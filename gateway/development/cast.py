"""Who acts in the day: banks, clearing officers and supervisors, each through their own gateway with their own key."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Final, Self
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from gateway.auth.development import Issued
from gateway.auth.signing import Credential
from gateway.client import WaitanClient
from gateway.development.members import Profile
from gateway.development.stage import Stage
from gateway.tls import TlsIdentity
from settlement.parties import Kind, Role
from settlement.records import Command, RulingCommand


class Cast(AsyncExitStack):
    """Clients of every gateway, opened when first needed and closed together."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage: Final = stage
        self._clients: Final[dict[tuple[str, str], WaitanClient]] = {}

    async def __aenter__(self) -> Self:
        """Begin."""
        await super().__aenter__()
        return self

    @property
    def people(self) -> dict[str, str]:
        """One person of each organisation."""
        return {name: next(iter(member.people)) for name, member in self._stage.members.items()}

    @property
    def banks(self) -> list[Profile]:
        """The banks, in their order."""
        members = self._stage.members.values()
        return [member.profile for member in members if member.profile.kind is Kind.BANK]

    def bank(self, bic: str) -> str:
        """Name the bank of a BIC; raises `LookupError`."""
        for profile in self.banks:
            if profile.bic == bic:
                return profile.participant
        raise LookupError(bic)

    @property
    def network(self) -> str:
        """The network's name."""
        return self._stage.network

    def credential(self, organisation: str, person: str) -> Credential:
        """What somebody signs with."""
        return self._stage.members[organisation].person(person)

    def certify(self, organisation: str, person: str, firm: str) -> None:
        """Let a bank certify a trader of a firm (LEI or USCC), for as long as the day is played."""
        member = self._stage.members[organisation]
        now = datetime.fromtimestamp(self._stage.clock() / 1000, UTC)
        member.people[person] = member.ca.issue(person, Role.TRADER, party=firm, now=now)

    def certify_again(self, organisation: str, person: str, firm: str, *, home: str, known_as: str) -> None:
        """Let a second bank certify the key that somebody has already, as whom their first bank knows; once."""
        if person in self._stage.members[organisation].people:
            return
        member, has = self._stage.members[organisation], self._stage.members[home].people[known_as]
        now = datetime.fromtimestamp(self._stage.clock() / 1000, UTC)
        key = x509.load_pem_x509_certificate(has.certificate).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        certificate = member.ca.certify(key, person, Role.TRADER, party=firm, now=now)
        member.people[person] = Issued(certificate.public_bytes(Encoding.PEM), has.key)

    async def client(self, organisation: str, person: str = "officer-1") -> WaitanClient:
        """Give somebody's client."""
        if (organisation, person) not in self._clients:
            member = self._stage.members[organisation]
            issued = member.people[person]
            identity = TlsIdentity(issued.certificate, issued.key, member.ca.root.certificate)
            client = WaitanClient(self._stage.doors[organisation].grpc, identity)
            self._clients[organisation, person] = await self.enter_async_context(client)
        return self._clients[organisation, person]

    async def officer(self, command: Command, *, organisation: str = "clearing", person: str = "officer-1") -> None:
        """Let a person ask; raises `WaitanError`."""
        client = await self.client(organisation, person)
        await client.ask_signed(self._stage.network, command, self._stage.members[organisation].person(person))

    async def ruled(self, ruling: RulingCommand) -> None:
        """Let one supervisor propose what takes two, and another confirm it."""
        confirmed = replace(ruling, command_id=str(uuid4()), confirms=True)
        for command, person in ((ruling, "supervisor-1"), (confirmed, "supervisor-2")):
            await self.officer(command, organisation="regulator", person=person)
