"""Who may ask for what: every command, role and kind of organisation, with real certificates and signatures."""

from typing import get_args

import pytest

from chaincode.access import ACCESS
from gateway.auth.signing import sign_command
from settlement.commands import AnyCommand
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.parties import CERTIFIABLE, Kind, Role
from settlement.records import Command
from tests.certificates import a_credential
from tests.contracts.samples import ONE_OF_EACH
from tests.world import NETWORK, World

ORGANISATIONS = {
    "clearing": Kind.CLEARING,
    "regulator": Kind.REGULATOR,
    "customs": Kind.CUSTOMS,
    "banksh": Kind.BANK,
    "bankist": Kind.BANK,
    "bankfra": Kind.BANK,
}
COMMANDS: tuple[type[Command], ...] = get_args(AnyCommand)


def is_let_in(answer: Answer) -> bool:
    """Whether a command was let in at the door, whatever its rules then said."""
    return answer.code != Code.AG08 or answer.where not in {"", "certificate", "list.certificate"}


def test_there_is_one_of_each_command() -> None:
    """A command that is added comes into the matrix."""
    assert set(ONE_OF_EACH) == set(COMMANDS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ORGANISATIONS)
def test_a_person_asks_for_what_the_table_lists(world: World, name: str, role: Role) -> None:
    """A command that a person signed is let in where role and kind stand in its row; elsewhere it writes nothing."""
    kind = ORGANISATIONS[name]
    claims = {"waitan.participant": name, "waitan.role": role.value}
    person = a_credential(world.members[name].ca, common_name="somebody", attributes=claims)
    asked = [sign_command(NETWORK, ONE_OF_EACH[each](world, name), person) for each in COMMANDS]
    answers = world.endorse(world.sign(name, asked)).answers[0]
    allowed = [role in CERTIFIABLE[kind] and (role, kind) in ACCESS[each] for each in COMMANDS]
    for each, answer, is_allowed in zip(COMMANDS, answers, allowed, strict=True):
        assert is_let_in(answer) is is_allowed, (each.__name__, answer)
    refused = [command for command, is_allowed in zip(asked, allowed, strict=True) if not is_allowed]
    written = world.endorse(world.sign(name, refused)).writes
    assert {place.key.partition("/")[0] for place in written} == {"sequence"}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ORGANISATIONS)
def test_a_list_is_signed_by_a_service_alone(world: World, name: str, role: Role) -> None:
    """A list that anyone but the organisation's own gateway signed is refused whole, and leaves its number free."""
    kind = ORGANISATIONS[name]
    claims = {"waitan.participant": name, "waitan.role": role.value}
    service = a_credential(world.members[name].ca, common_name="somebody", attributes=claims)
    asked = [ONE_OF_EACH[each](world, name) for each in COMMANDS]
    endorsed = world.endorse(world.sign(name, asked, credential=service))
    for each, answer in zip(COMMANDS, endorsed.answers[0], strict=True):
        allowed = role is Role.GATEWAY and (role, kind) in ACCESS[each]
        assert is_let_in(answer) is allowed, (each.__name__, answer)
    assert bool(endorsed.writes) is (role is Role.GATEWAY)
