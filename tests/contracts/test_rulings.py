"""What binds every bank takes two supervisors: one proposes, another confirms the very same."""

import pytest
from msgspec.structs import replace

from chaincode import keys
from gateway.auth.signing import sign_command
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.records import Ledger
from settlement.payments.evidence import RequireReports
from settlement.rulings import RuleCommand
from settlement.trade.advance import AdvanceRates, SetAdvanceRate
from tests.builders import TODAY, TOMORROW, an_id
from tests.certificates import a_credential
from tests.rulings import ruled
from tests.world import NETWORK, World

RULES: list[tuple[RuleCommand, RuleCommand]] = [
    (
        SetAdvanceRate(command_id="a", effective_from=TODAY, percent=80),
        SetAdvanceRate(command_id="b", effective_from=TODAY, percent=90),
    ),
    (RequireReports(command_id="c", since=TODAY), RequireReports(command_id="d", since=TOMORROW)),
]
rules = pytest.mark.parametrize(("rule", "other"), RULES, ids=["advance rate", "reports"])


def in_force(world: World) -> tuple[int, str]:
    """Give what may be lent today, and from when on payments report."""
    ledger = world.record(keys.LEDGER, Ledger)
    assert ledger is not None
    return (world.record(keys.advance_rates(), AdvanceRates) or AdvanceRates()).on(TODAY), ledger.reports_since


def again(rule: RuleCommand, *, confirms: bool = True) -> RuleCommand:
    return replace(rule, command_id=an_id(), confirms=confirms)


@rules
def test_what_one_supervisor_proposes_binds_nobody(world: World, rule: RuleCommand, other: RuleCommand) -> None:
    """Proposed as often as anybody likes, by both even: only a confirmation puts it into force."""
    before = in_force(world)
    for by in ("supervisor-1", "supervisor-1", "supervisor-2"):
        world.must("regulator", again(rule, confirms=False), by=by)
    assert in_force(world) == before
    world.must("regulator", again(rule), by="supervisor-1")
    assert in_force(world) != before


@rules
def test_another_confirms_the_very_same(world: World, rule: RuleCommand, other: RuleCommand) -> None:
    world.must("regulator", rule, by="supervisor-1")
    nothing = [Answer(Code.NOT_FOUND, "confirms")]
    assert world.say("regulator", again(other), by="supervisor-2") == nothing
    assert world.say("regulator", again(rule), by="supervisor-1") == [Answer(Code.SAME_SIGNER, "confirms")]
    claims = {"waitan.participant": "regulator", "waitan.role": "supervisor"}
    twin = a_credential(world.members["regulator"].ca, common_name="supervisor-1", attributes=claims)
    assert world.say("regulator", sign_command(NETWORK, again(rule), twin)) == [Answer(Code.SAME_SIGNER, "confirms")]
    world.must("regulator", other, by="supervisor-2")
    assert world.say("regulator", again(rule), by="supervisor-1") == nothing
    world.must("regulator", again(other), by="supervisor-1")
    assert world.say("regulator", again(other), by="supervisor-2") != [Answer("")]


def test_the_rules_do_not_stand_for_each_other(world: World) -> None:
    ruled(world, RULES[0][0])
    assert in_force(world) == (80, "")
    ruled(world, RULES[1][0])
    assert in_force(world) == (80, TODAY)
