"""The organisations on the ledger, from onboarding to exit, and the customers that a bank registers."""

import re
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.parties import Kind
from settlement.records import Command, IdentifiedCommand, Record, RulingCommand
from settlement.texts import require_text


class ParticipantState(StrEnum):
    """Where an organisation stands."""

    ONBOARDED = "ONBOARDED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    EXITED = "EXITED"


class ParticipantEvent(StrEnum):
    """What happens to an organisation."""

    ACTIVATED = "ACTIVATED"
    SUSPENDED = "SUSPENDED"
    REINSTATED = "REINSTATED"
    EXITED = "EXITED"


LIFECYCLE: Final = Lifecycle(
    "participant",
    initial=ParticipantState.ONBOARDED,
    moves={
        (ParticipantState.ONBOARDED, ParticipantEvent.ACTIVATED): ParticipantState.ACTIVE,
        (ParticipantState.ACTIVE, ParticipantEvent.SUSPENDED): ParticipantState.SUSPENDED,
        (ParticipantState.SUSPENDED, ParticipantEvent.REINSTATED): ParticipantState.ACTIVE,
        (ParticipantState.ACTIVE, ParticipantEvent.EXITED): ParticipantState.EXITED,
    },
)


class Organisation(Record):
    """What is said of an organisation when it joins: its names, and the root that certifies its people.

    `participant` is its short name on the ledger and the name of its collection; `root` is its CA's certificate in
    PEM; `msp` is its Fabric membership service provider.
    """

    participant: str
    kind: Kind
    name: str
    msp: str
    root: str
    bic: str = ""
    lei: str = ""


class Participant(Record, tag="participant/1"):
    """An organisation on the ledger. Public to all members of the network.

    `revoked` holds the serial numbers (hex) of certificates that its CA has withdrawn; `accounts` the currencies in
    which it has an account; `may_be_credited` what the regulator says of a suspended one.
    """

    organisation: Organisation
    state: ParticipantState = ParticipantState.ONBOARDED
    revoked: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    may_be_credited: bool = False

    @property
    def is_creditable(self) -> bool:
        """Whether money may reach it: it is active, or suspended and the regulator lets it be credited."""
        if self.state is ParticipantState.SUSPENDED:
            return self.may_be_credited
        return self.state is ParticipantState.ACTIVE


class FoundLedger(Command):
    """The first command of all: names the network and its two authorities, and gives each collection its secret."""

    network: str
    clearing: Organisation
    regulator: Organisation
    secrets: dict[str, str]


class OnboardParticipant(IdentifiedCommand):
    """Enter an organisation. `secret` is the 32 random bytes (hex) of its collection."""

    organisation: Organisation
    secret: str


class ActivateParticipant(IdentifiedCommand):
    """Let an onboarded organisation take part."""

    participant: str


class SuspendParticipant(RulingCommand):
    """Stop an organisation from originating, and from being credited unless the regulator says that it may be."""

    participant: str
    reason: str
    may_be_credited: bool = False

    @property
    def subject(self) -> str:
        """The organisation."""
        return self.participant


class ReinstateParticipant(RulingCommand):
    """End a suspension."""

    participant: str
    reason: str

    @property
    def subject(self) -> str:
        """The organisation."""
        return self.participant


class ExitParticipant(IdentifiedCommand):
    """Let an organisation leave; all its balances must be zero."""

    participant: str


class RevokeCertificates(IdentifiedCommand):
    """An organisation withdraws certificates of its own CA, by serial number (lower-case hex)."""

    serials: tuple[str, ...]


class Customer(Record, tag="customer/1"):
    """A trader at its bank: LEI or USCC, and the account numbers that it may ask about."""

    identifier: str
    name: str
    accounts: tuple[str, ...] = ()


class RegisterCustomer(IdentifiedCommand):
    """A bank enters a customer, or replaces what it entered before."""

    customer: Customer


NAME: Final = re.compile(r"[a-z][a-z0-9]{1,30}")
"""The form of a participant's short name: it names a collection too."""

LEI_CHARACTERS: Final = 20

AUTHORITIES: Final = frozenset({Kind.CLEARING, Kind.REGULATOR})
"""Of each of these kinds a network has one organisation, a founder: it neither joins, nor is stopped, nor leaves."""


def entered(existing: Participant | None, organisation: Organisation) -> Participant:
    """Enter an organisation once."""
    require_text(organisation.name, "organisation.name")
    require_text(organisation.msp, "organisation.msp")
    if organisation.kind is Kind.BANK and not organisation.bic:
        raise Refusal(Code.CH21, "organisation.bic")
    if not NAME.fullmatch(organisation.participant):
        raise Refusal(Code.CH16, "organisation.participant")
    if organisation.bic and identifiers.bic(organisation.bic, "organisation.bic") != organisation.bic:
        raise Refusal(Code.RC01, "organisation.bic")
    if organisation.lei:
        identifiers.lei(organisation.lei, "organisation.lei")
    if existing is not None:
        raise Refusal(Code.ALREADY_EXISTS, "organisation.participant")
    return Participant(organisation=organisation)


def onboarded(existing: Participant | None, organisation: Organisation) -> Participant:
    """Enter an organisation that joins; there is no second authority of a kind."""
    participant = entered(existing, organisation)
    if organisation.kind in AUTHORITIES:
        raise Refusal(Code.ALREADY_EXISTS, "organisation.kind")
    return participant


EVENTS: Final = {
    ActivateParticipant: ParticipantEvent.ACTIVATED,
    SuspendParticipant: ParticipantEvent.SUSPENDED,
    ReinstateParticipant: ParticipantEvent.REINSTATED,
    ExitParticipant: ParticipantEvent.EXITED,
}


def moved(
    participant: Participant | None,
    command: ActivateParticipant | SuspendParticipant | ReinstateParticipant | ExitParticipant,
    *,
    by: Kind,
) -> Participant:
    """Activate, suspend, reinstate or let go; only the regulator lets a suspended one be credited (AG08)."""
    credited = isinstance(command, SuspendParticipant) and command.may_be_credited
    if credited and by is not Kind.REGULATOR:
        raise Refusal(Code.AG08, "may_be_credited")
    if isinstance(command, SuspendParticipant | ReinstateParticipant):
        require_text(command.reason, "reason")
    if participant is None:
        raise Refusal(Code.NOT_FOUND, "participant")
    if participant.organisation.kind in AUTHORITIES:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "participant")
    state = LIFECYCLE.after(participant.state, EVENTS[type(command)])
    return replace(participant, state=state, may_be_credited=credited)


def revoked(participant: Participant, command: RevokeCertificates) -> Participant:
    """Add serial numbers to those withdrawn; what is withdrawn stays so."""
    return replace(participant, revoked=tuple(sorted({*participant.revoked, *command.serials})))


def require_customer(customer: Customer) -> None:
    """A customer is named by its LEI (20 characters) or its USCC (18)."""
    if not customer.name:
        raise Refusal(Code.CH21, "customer.name")
    require_identifier(customer.identifier, "customer.identifier")


def require_identifier(identifier: str, where: str) -> None:
    """Refuse BE15 what is neither a LEI nor a USCC."""
    if len(identifier) == LEI_CHARACTERS:
        identifiers.lei(identifier, where)
    else:
        identifiers.uscc(identifier, where)
