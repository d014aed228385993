"""Organisations join once, are stopped and let go, and register their customers."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement import participants
from settlement.errors import Code
from settlement.participants import (
    ActivateParticipant,
    Customer,
    ExitParticipant,
    Organisation,
    Participant,
    ParticipantState,
    ReinstateParticipant,
    RevokeCertificates,
    SuspendParticipant,
)
from settlement.parties import Kind
from tests.builders import an_id
from tests.expectations import refused

BANK = Organisation(
    participant="banksh", kind=Kind.BANK, name="Bank of the Bund", msp="bankshMSP", root="", bic="BUNDCNSHXXX"
)
OTHER = replace(BANK, participant="bankist", bic="BOSPTRISXXX")
LEI = "5493001KJTIIGC8Y1R12"
USCC = "91350100M000100Y43"


def a_participant(state: ParticipantState = ParticipantState.ACTIVE, organisation: Organisation = BANK) -> Participant:
    return Participant(organisation=organisation, state=state)


def suspending(reason: str = "audit", *, may_be_credited: bool = False) -> SuspendParticipant:
    return SuspendParticipant(command_id=an_id(), participant="banksh", reason=reason, may_be_credited=may_be_credited)


REINSTATING = ReinstateParticipant(command_id="c", participant="banksh", reason="audit over")
MOVES: list[ActivateParticipant | SuspendParticipant | ReinstateParticipant | ExitParticipant] = [
    ActivateParticipant(command_id="c", participant="banksh"),
    suspending(),
    REINSTATING,
    ExitParticipant(command_id="c", participant="banksh"),
]


def test_an_organisation_begins_onboarded() -> None:
    assert participants.onboarded(None, BANK) == a_participant(ParticipantState.ONBOARDED)


@pytest.mark.parametrize(
    ("existing", "changes", "code"),
    [
        (a_participant(), {}, Code.ALREADY_EXISTS),
        (None, {"participant": "Bank SH"}, Code.CH16),
        (None, {"participant": "1bank"}, Code.CH16),
        (None, {"participant": ""}, Code.CH16),
        (None, {"participant": "b" * 32}, Code.CH16),
        (None, {"bic": "bundcnsh"}, Code.RC01),
        (None, {"bic": "BUNDCNSH"}, Code.RC01),
        (None, {"bic": ""}, Code.CH21),
        (None, {"name": ""}, Code.CH21),
        (None, {"msp": ""}, Code.CH21),
        (None, {"lei": LEI[:-1] + "9"}, Code.BE15),
        (None, {"kind": Kind.CLEARING}, Code.ALREADY_EXISTS),
        (None, {"kind": Kind.REGULATOR}, Code.ALREADY_EXISTS),
        # Wrong in two ways.
        (a_participant(), {"bic": "nonsense"}, Code.RC01),
        (None, {"participant": "", "bic": ""}, Code.CH21),
    ],
)
def test_an_organisation_that_is_not_in_order_does_not_join(
    existing: Participant | None, changes: dict[str, Any], code: Code
) -> None:
    with refused(code):
        participants.onboarded(existing, replace(BANK, **changes))


def test_a_bic_is_for_banks_to_have() -> None:
    customs = replace(BANK, kind=Kind.CUSTOMS, bic="")
    assert participants.onboarded(None, customs).organisation == customs


@pytest.mark.parametrize("kind", sorted(participants.AUTHORITIES))
def test_an_authority_is_neither_stopped_nor_let_go(kind: Kind) -> None:
    """Without it nobody could settle, and nobody could let it come back."""
    authority = a_participant(organisation=replace(BANK, kind=kind))
    for command in MOVES:
        with refused(Code.MOVE_NOT_ALLOWED):
            participants.moved(authority, command, by=Kind.REGULATOR)


@pytest.mark.parametrize("command", MOVES, ids=lambda command: type(command).__name__)
def test_an_unknown_organisation_is_not_moved(command: ActivateParticipant) -> None:
    with refused(Code.NOT_FOUND, "participant"):
        participants.moved(None, command, by=Kind.CLEARING)


def test_a_suspended_bank_is_credited_only_if_the_regulator_says_so() -> None:
    closed = participants.moved(a_participant(), suspending(), by=Kind.CLEARING)
    opened = participants.moved(a_participant(), suspending(may_be_credited=True), by=Kind.REGULATOR)
    assert (closed.is_creditable, opened.is_creditable) == (False, True)
    with refused(Code.AG08, "may_be_credited"):
        participants.moved(a_participant(), suspending(may_be_credited=True), by=Kind.CLEARING)


def test_a_reinstated_bank_is_as_it_was() -> None:
    stopped = participants.moved(a_participant(), suspending(may_be_credited=True), by=Kind.REGULATOR)
    assert participants.moved(stopped, REINSTATING, by=Kind.CLEARING) == a_participant()


@pytest.mark.parametrize(
    ("state", "creditable"),
    [
        (ParticipantState.ONBOARDED, False),
        (ParticipantState.ACTIVE, True),
        (ParticipantState.SUSPENDED, False),
        (ParticipantState.EXITED, False),
    ],
)
def test_money_reaches_active_organisations(state: ParticipantState, *, creditable: bool) -> None:
    assert a_participant(state).is_creditable is creditable


@pytest.mark.parametrize(("reason", "code"), [("", Code.CH21), (" ", Code.CH16), ("x" * 141, Code.CH16)])
def test_a_suspension_says_why(reason: str, code: Code) -> None:
    with refused(code, "reason"):
        participants.moved(a_participant(), suspending(reason), by=Kind.CLEARING)


def test_what_is_revoked_stays_revoked() -> None:
    once = participants.revoked(a_participant(), RevokeCertificates(command_id="c", serials=("b2", "a1")))
    twice = participants.revoked(once, RevokeCertificates(command_id="d", serials=("b2", "c3")))
    assert twice.revoked == ("a1", "b2", "c3")


@pytest.mark.parametrize("identifier", [LEI, USCC])
def test_a_customer_is_named_by_lei_or_uscc(identifier: str) -> None:
    participants.require_customer(Customer(identifier=identifier, name="Huangpu Silk Co"))


@pytest.mark.parametrize(
    ("customer", "code", "where"),
    [
        (Customer(identifier=LEI, name=""), Code.CH21, "customer.name"),
        (Customer(identifier=LEI[:-1] + "9", name="x"), Code.BE15, "customer.identifier"),
        (Customer(identifier=USCC[:-1] + "9", name="x"), Code.BE15, "customer.identifier"),
        (Customer(identifier="", name="x"), Code.BE15, "customer.identifier"),
        (Customer(identifier="", name=""), Code.CH21, "customer.name"),
    ],
)
def test_a_customer_that_cannot_be_is_refused(customer: Customer, code: Code, where: str) -> None:
    with refused(code, where):
        participants.require_customer(customer)
