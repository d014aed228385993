"""A network for one machine: organisations, their people, and the commands that set it going.

`waitan up`, `waitan demo`, the benchmark and the tests all begin here. What it asks of the ledger is what officers
would ask: there is no back door.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from uuid import uuid4

from gateway.auth.development import DevelopmentCA, Issued
from gateway.auth.signing import Credential, sign_command
from gateway.development.customers import FIRMS
from settlement.accounts.account import OpenAccount
from settlement.accounts.issuance import (
    AdmitCurrency,
    ApproveIssuance,
    ConfirmIssuance,
    Issuance,
    IssuanceState,
    RequestIssuance,
)
from settlement.day import OpenDay
from settlement.participants import ActivateParticipant, FoundLedger, OnboardParticipant, Organisation
from settlement.parties import OF_A_FIRM, Kind, Role
from settlement.records import Command

if TYPE_CHECKING:
    # For annotations alone: the command line starts sooner without the ledger's part of a gateway.
    from gateway.ledger.lists import Outcome

CA: Final = "ca"
SERVICE: Final = "gateway"
"""The names under which an organisation's root and its service's certificate lie beside its people's."""

PEOPLE: Final[dict[Kind, tuple[tuple[str, Role], ...]]] = {
    Kind.CLEARING: (("officer-1", Role.CLEARING_OFFICER), ("officer-2", Role.CLEARING_OFFICER)),
    Kind.REGULATOR: (("supervisor-1", Role.SUPERVISOR), ("supervisor-2", Role.SUPERVISOR)),
    Kind.CUSTOMS: (
        ("customs-1", Role.CUSTOMS_OFFICER),
        ("customs-2", Role.CUSTOMS_OFFICER),
        ("tax-1", Role.TAX_OFFICER),
        ("carrier-1", Role.CARRIER),
    ),
    Kind.BANK: (("officer-1", Role.BANK_OFFICER), ("officer-2", Role.BANK_OFFICER), ("trader-1", Role.TRADER)),
}
"""Who is certified from the start, by kind of organisation; a trader or carrier where FIRMS has its firm."""


class Asking(Protocol):
    """What can ask the ledger in an organisation's name: a gateway, or a desk without a read model."""

    @property
    def participant(self) -> str:
        """The organisation's short name."""

    @property
    def network(self) -> str:
        """The network's name."""

    async def ask(self, commands: Sequence[Command]) -> "list[Outcome]":
        """Ask for some commands, and say what became of each."""


class Profile(NamedTuple):
    """What distinguishes a development organisation: its short name, kind, full name and BIC."""

    participant: str
    kind: Kind
    name: str
    bic: str = ""


SHANGHAI: Final = (
    Profile("clearing", Kind.CLEARING, "Waitan Clearing House", "WTCHCNSHXXX"),
    Profile("regulator", Kind.REGULATOR, "Shanghai Supervision Office"),
    Profile("customs", Kind.CUSTOMS, "Shanghai Single Window"),
    Profile("banksh", Kind.BANK, "Bank of the Bund", "BUNDCNSHXXX"),
    Profile("bankist", Kind.BANK, "Bosphorus Bankasi", "BOSPTRISXXX"),
)
"""The organisations of the development network, fictitious all."""


def _people(profile: Profile) -> Iterator[tuple[str, Role, str]]:
    """Name those whom an organisation certifies from the start, their roles, and the firm for which they act."""
    for name, role in PEOPLE[profile.kind]:
        firm = FIRMS.get(profile.participant, "") if role in OF_A_FIRM else ""
        if firm or role not in OF_A_FIRM:
            yield name, role, firm


class Keys(NamedTuple):
    """An organisation's CA, and the certificates and keys that it gave its service and its people."""

    ca: DevelopmentCA
    service: Issued
    people: dict[str, Issued]

    @classmethod
    def make(cls, profile: Profile, *, now: datetime | None = None) -> "Keys":
        """Make them anew."""
        ca = DevelopmentCA.create(profile.participant, now=now)
        return cls(
            ca,
            ca.issue(f"gateway.{profile.participant}", Role.GATEWAY, now=now),
            {name: ca.issue(name, role, party=firm, now=now) for name, role, firm in _people(profile)},
        )

    @classmethod
    def read(cls, directory: Path, profile: Profile) -> "Keys":
        """Read what `write` wrote, and certify whom an earlier release did not; raises `OSError` and `ValueError`."""
        ca = DevelopmentCA(profile.participant, Issued.read(directory, CA))
        for name, role, firm in _people(profile):
            if not (directory / f"{name}.crt").exists() and not (directory / f"{name}.key").exists():
                ca.issue(name, role, party=firm).write(directory, name)
        people = {name: Issued.read(directory, name) for name, _, _ in _people(profile)}
        return cls(ca, Issued.read(directory, SERVICE), people)

    def write(self, directory: Path) -> None:
        """Write them as `ca`, `gateway` and people's names, `.crt` and `.key` each."""
        self.ca.root.write(directory, CA)
        self.service.write(directory, SERVICE)
        for name, issued in self.people.items():
            issued.write(directory, name)


class Member:
    """An organisation with its CA, its service's credential and its people's."""

    def __init__(self, profile: Profile, *, now: datetime | None = None, keys: Keys | None = None) -> None:
        self.profile: Final = profile
        self.participant: Final = profile.participant
        self.keys: Final = keys or Keys.make(profile, now=now)
        self.ca: Final = self.keys.ca
        self.service: Final = self.keys.service
        self.people: Final = self.keys.people

    @property
    def organisation(self) -> Organisation:
        """What the ledger is told of it."""
        return Organisation(
            participant=self.profile.participant,
            kind=self.profile.kind,
            name=self.profile.name,
            msp=f"{self.profile.participant}MSP",
            root=self.ca.root.certificate.decode(),
            bic=self.profile.bic,
        )

    def person(self, name: str) -> Credential:
        """One of its people."""
        return self.people[name].credential


class RefusedError(Exception):
    """The ledger said no to a step of setting up."""


def first_of(members: Mapping[str, Member], kind: Kind) -> Member:
    """Find the first organisation of a kind, of an authority's the only one; raises `LookupError`."""
    for member in members.values():
        if member.profile.kind is kind:
            return member
    raise LookupError(kind)


async def found(clearing: Asking, members: Mapping[str, Member]) -> None:
    """Found the ledger, onboard and activate everybody."""
    institution, regulator = (first_of(members, kind) for kind in (Kind.CLEARING, Kind.REGULATOR))
    authorities = (institution.participant, regulator.participant)
    command = FoundLedger(
        network=clearing.network,
        clearing=institution.organisation,
        regulator=regulator.organisation,
        secrets={name: secrets.token_hex(32) for name in ("authority", *authorities)},
    )
    _require(await clearing.ask([command]))
    others = [member for name, member in members.items() if name not in authorities]
    commands = [command for member in others for command in onboarding(member)]
    await ask_signed(clearing, institution.person("officer-1"), commands)


def onboarding(member: Member) -> list[Command]:
    """What a clearing officer asks to let an organisation take part."""
    secret = secrets.token_hex(32)
    return [
        OnboardParticipant(command_id=new_id(), organisation=member.organisation, secret=secret),
        ActivateParticipant(command_id=new_id(), participant=member.participant),
    ]


async def open_accounts(
    clearing: Asking, members: Mapping[str, Member], currencies: Iterable[str], banks: Iterable[str], date: str
) -> None:
    """Admit currencies, open an account for each bank in each, and open the business day."""
    officer = first_of(members, Kind.CLEARING).person("officer-1")
    banks = list(banks)
    commands: list[Command] = []
    for currency in currencies:
        commands.append(
            AdmitCurrency(
                command_id=new_id(),
                currency=currency,
                settlement_agent="CBNKCNSHXXX",
                settlement_account=f"SETTLEMENT-{currency}",
            )
        )
        commands += [OpenAccount(command_id=new_id(), participant=bank, currency=currency) for bank in banks]
        commands.append(OpenDay(command_id=new_id(), currency=currency, date=date))
    await ask_signed(clearing, officer, commands)


async def fund(
    bank: Asking,
    clearing: Asking,
    members: Mapping[str, Member],
    currency: str,
    amount: str,
    *,
    before: Issuance | None = None,
) -> None:
    """Issue money to a bank: it asks, one officer confirms the funding, another approves.

    `before` is the issuance as far as it had come when an earlier attempt was broken off.
    """
    issuance_id = before.issuance_id if before else f"OPENING-{currency}"
    if before is None:
        request = RequestIssuance(
            command_id=new_id(),
            issuance_id=issuance_id,
            currency=currency,
            amount=amount,
            funding_reference=f"FUND-{currency}-{bank.participant}",
        )
        _require(await bank.ask([request]))
    maker, checker = (first_of(members, Kind.CLEARING).person(name) for name in ("officer-1", "officer-2"))
    if before is None or before.state is IssuanceState.REQUESTED:
        confirm = ConfirmIssuance(
            command_id=new_id(),
            participant=bank.participant,
            issuance_id=issuance_id,
            credit_reference=f"CAMT054-{currency}-{bank.participant}",
        )
        await ask_signed(clearing, maker, [confirm])
    approve = ApproveIssuance(command_id=new_id(), participant=bank.participant, issuance_id=issuance_id)
    await ask_signed(clearing, checker, [approve])


async def ask(gateway: Asking, commands: Sequence[Command]) -> None:
    """Ask in the organisation's name; raises `RefusedError`."""
    _require(await gateway.ask(commands))


async def ask_signed(gateway: Asking, person: Credential, commands: Iterable[Command]) -> None:
    """Let a person ask, if there is anything to ask; raises `RefusedError`."""
    signed = [sign_command(gateway.network, command, person) for command in commands]
    if signed:
        _require(await gateway.ask(signed))


def _require(outcomes: "list[Outcome]") -> None:
    for outcome in outcomes:
        if outcome.code:
            raise RefusedError(f"{outcome.code} {outcome.where}".strip())


def new_id() -> str:
    """Make a command id."""
    return str(uuid4())
