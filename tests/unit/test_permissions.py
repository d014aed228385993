"""The operators' door and the ledger say the same about who asks for what: one table follows from the other."""

from typing import Final

import pytest

from chaincode.access import ACCESS
from gateway.operators.permissions import PERMITTED
from settlement.parties import OF_A_FIRM, Role
from settlement.records import Command

COMMANDS: Final[dict[str, type[Command]]] = {command.__name__: command for command in ACCESS}
ASKS_FOR: Final = {
    "SubmitPayments": "SubmitPayment",
    "SubmitMessage": "SubmitPayment",
    "ReleaseInitiation": "SubmitPayment",
    "PayTax": "SubmitPayment",
    "PrepareRelease": "ProposeRelease",
    "ReleasePayment": "SubmitPayment",
    "LodgeDeclarations": "LodgeDeclaration",
}
"""The command behind a method of another name."""
OFFICERS: Final = frozenset(Role) - OF_A_FIRM - {Role.GATEWAY}
CARRIED_BY: Final = {Role.TRADER: Role.BANK_OFFICER, Role.CARRIER: Role.CUSTOMS_OFFICER}
"""Who of an organisation brings what somebody of a firm has signed."""
WIDER: Final = {
    # An organisation withdraws a certificate in its own name, and any of its officers may find one stolen.
    "RevokeCertificates": OFFICERS,
}
NOT_AT_THIS_DOOR: Final = {
    "FoundLedger": "signed where the network is made",
    "InitiatePayments": "asked for by traders, at their own door",
    "RecordReads": "the regulator's gateway asks for it by itself, before it reads",
}


def name_of(method: str) -> str:
    return method.rpartition("/")[2]


def command_of(method: str) -> type[Command] | None:
    """Give the command that a method asks for; None for one that reads."""
    return COMMANDS.get(ASKS_FOR.get(name_of(method), name_of(method)))


@pytest.mark.parametrize("method", PERMITTED)
def test_who_may_ask_on_the_ledger_or_carries_it_comes_in(method: str) -> None:
    """And nobody else: a difference stands in `WIDER`, with its reason."""
    command = command_of(method)
    if command is None:
        assert name_of(method).startswith(("Get", "List", "Watch", "Export", "Verify"))
        return
    asks = {role for role, _ in ACCESS[command]}
    carries = {CARRIED_BY[role] for role in asks & CARRIED_BY.keys()}
    assert PERMITTED[method] == asks | carries | {Role.GATEWAY} | WIDER.get(name_of(method), frozenset())


def test_every_command_has_a_method() -> None:
    asked = {command for method in PERMITTED if (command := command_of(method)) is not None}
    assert {command.__name__ for command in COMMANDS.values() if command not in asked} == NOT_AT_THIS_DOOR.keys()


def test_nobody_of_a_firm_asks_in_the_organisations_name() -> None:
    """Where the organisation's own signature is enough, no trader and no carrier gets its gateway to give it."""
    for method, roles in PERMITTED.items():
        command = command_of(method)
        by_itself = command is not None and any(role is Role.GATEWAY for role, _ in ACCESS[command])
        assert not (by_itself and roles & OF_A_FIRM), method
