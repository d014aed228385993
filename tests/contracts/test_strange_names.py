"""A name in a command may be anything at all: the command is refused, and no other list of the batch suffers.

A peer takes the name of a collection that it does not know for a fault of the chaincode, and ends the transaction.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from chaincode.access import ACCESS
from gateway.auth.signing import sign_command
from settlement.commands import AnyCommand
from settlement.forms.consent import MAX_COMMANDS
from settlement.parties import CERTIFIABLE, Role
from settlement.records import Command
from tests.builders import a_payment, an_id
from tests.certificates import a_credential
from tests.contracts.samples import ONE_OF_EACH
from tests.contracts.test_matrix import COMMANDS, ORGANISATIONS
from tests.world import NETWORK, World

NAMES: Final = ("nobody", "authority", "\x00")
_TAG: Final = "type"


def renamed(value: Any) -> Iterator[Any]:
    """Give what a command says, with one text at a time in it replaced."""
    match value:
        case str():
            yield from NAMES
        case dict():
            for name, part in value.items():
                if name != _TAG:
                    yield from ({**value, name: other} for other in renamed(part))
        case list() | tuple():
            for place, part in enumerate(value):
                yield from ([*value[:place], other, *value[place + 1 :]] for other in renamed(part))


def variants(command: Command) -> Iterator[Command]:
    """Give the command as often as it has texts that may be others."""
    for each in renamed(msgspec.to_builtins(command)):
        fresh = {**each, "command_id": an_id()} if "command_id" in each else each
        try:
            yield msgspec.convert(fresh, AnyCommand)
        except msgspec.ValidationError:  # one of a few words, or text of a form
            continue


def asked_by(world: World, name: str, role: Role) -> list[Command]:
    """Give all that an organisation's people of a role may ask for, with strange names in it."""
    kind = ORGANISATIONS[name]
    commands = [
        variant
        for each in COMMANDS
        if (role, kind) in ACCESS[each]
        for variant in variants(ONE_OF_EACH[each](world, name))
    ]
    if role is Role.GATEWAY:
        return commands
    claims = {"waitan.participant": name, "waitan.role": role.value}
    person = a_credential(world.members[name].ca, common_name="somebody", attributes=claims)
    return [sign_command(NETWORK, command, person) for command in commands]


@pytest.mark.parametrize("name", ["clearing", "regulator", "customs", "banksh"])
def test_no_name_in_a_command_ends_anybody_elses_list(world: World, name: str) -> None:
    others = world.sign("bankist", [a_payment("0.00", payer="bankist")])
    asked = [command for role in CERTIFIABLE[ORGANISATIONS[name]] for command in asked_by(world, name, role)]
    assert len(asked) > 100
    for start in range(0, len(asked), MAX_COMMANDS - 1):
        own = world.sign(name, asked[start : start + MAX_COMMANDS - 1])
        answers = world.endorse(others, own).answers
        assert answers[0] == world.endorse(others).answers[0]
