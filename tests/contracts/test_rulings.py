"""What takes two people of an authority: one proposes, another confirms the very same, and only then it has effect."""

from typing import Any

import pytest
from msgspec.structs import replace

from chaincode import keys
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.records import Ledger
from settlement.participants import Participant
from settlement.payments.evidence import RequireReports
from settlement.records import RulingCommand
from settlement.rulings import Ruling, RulingState, ruling_id
from settlement.trade.advance import AdvanceRates, SetAdvanceRate
from tests import invariants
from tests.builders import TODAY, TOMORROW, a_payment, an_id
from tests.contracts.samples import block, reinstate, suspend, unblock, withdraw_ruling
from tests.rulings import PEOPLE, confirming, ruled
from tests.world import World

RATE = SetAdvanceRate(command_id="a", effective_from=TODAY, percent=80)
REPORTS = RequireReports(command_id="c", since=TODAY)
RULINGS: dict[str, tuple[str, RulingCommand, RulingCommand, tuple[RulingCommand, ...]]] = {
    "advance rate": ("regulator", RATE, replace(RATE, percent=90), ()),
    "reports": ("regulator", REPORTS, replace(REPORTS, since=TOMORROW), ()),
    "freeze": ("regulator", block(), replace(block(), reason="another order"), ()),
    "unfreeze": ("regulator", unblock(), replace(unblock(), reason="another order"), (block(),)),
    "suspension": ("regulator", suspend(), suspend(may_be_credited=True), ()),
    "suspension by clearing": ("clearing", suspend(), replace(suspend(), reason="another"), ()),
    "reinstatement": ("regulator", reinstate(), replace(reinstate(), reason="another"), (suspend(),)),
    "reinstatement by clearing": ("clearing", reinstate(), replace(reinstate(), reason="another"), (suspend(),)),
}
"""By name: whose it is, a ruling, another on the same subject, and what must have been ruled before."""
rulings = pytest.mark.parametrize(("at", "ruling", "other", "before"), RULINGS.values(), ids=RULINGS)
NOTHING = [Answer(Code.NOT_FOUND, "confirms")]


def again(ruling: RulingCommand) -> RulingCommand:
    """The same once more, proposed."""
    return replace(ruling, command_id=an_id())


def effects(world: World) -> dict[Any, Any]:
    """Give all that rulings change."""
    ledger = world.record(keys.LEDGER, Ledger)
    assert ledger is not None
    return {
        "rate": (world.record(keys.advance_rates(), AdvanceRates) or AdvanceRates()).on(TODAY),
        "reports": ledger.reports_since,
        "participants": {each.organisation.participant: each for _, each in world.records(Participant)},
        "account": world.account("bankist").state,
    }


def standing(world: World, ruling: RulingCommand) -> Ruling:
    (found,) = [each for _, each in world.records(Ruling) if each.ruling_id == ruling_id(ruling)]
    return found


@rulings
def test_what_one_person_proposes_changes_nothing(
    world: World, at: str, ruling: RulingCommand, other: RulingCommand, before: tuple[RulingCommand, ...]
) -> None:
    """Proposed as often as anybody likes, by both even: only a confirmation puts it into force."""
    ruled(world, *before)
    one, two = PEOPLE[at]
    as_it_was = effects(world)
    for by in (one, one, two):
        world.must(at, again(ruling), by=by)
        assert standing(world, ruling).state is RulingState.PROPOSED
    assert effects(world) == as_it_was
    world.must(at, confirming(ruling), by=one)
    assert effects(world) != as_it_was
    invariants.check(world)


@rulings
def test_another_confirms_the_very_same_once(
    world: World, at: str, ruling: RulingCommand, other: RulingCommand, before: tuple[RulingCommand, ...]
) -> None:
    """Not other words, not the same person; and what is in force is not confirmed again."""
    ruled(world, *before)
    one, two = PEOPLE[at]
    assert world.say(at, confirming(ruling), by=two) == NOTHING
    world.must(at, ruling, by=one)
    assert world.say(at, confirming(other), by=two) == NOTHING
    assert world.say(at, confirming(ruling), by=one) == [Answer(Code.SAME_SIGNER, "confirms")]
    world.must(at, again(other), by=two)
    assert world.say(at, confirming(ruling), by=one) == NOTHING
    world.must(at, confirming(other), by=one)
    found = standing(world, other)
    assert found.decided_by is not None
    assert (found.state, found.authority, found.proposed_by.name, found.decided_by.name) == (
        RulingState.CONFIRMED,
        at,
        two,
        one,
    )
    assert world.say(at, confirming(other), by=one) != [Answer("")]


@rulings
def test_what_was_withdrawn_is_not_confirmed(
    world: World, at: str, ruling: RulingCommand, other: RulingCommand, before: tuple[RulingCommand, ...]
) -> None:
    """Either of the two may take it back, its own authority's alone, and once."""
    ruled(world, *before)
    one, two = PEOPLE[at]
    name = ruling_id(ruling)
    assert world.say(at, withdraw_ruling(name), by=one) == [Answer(Code.NOT_FOUND, "ruling_id")]
    world.must(at, ruling, by=one)
    for authority in PEOPLE.keys() - {at}:
        answers = world.say(authority, withdraw_ruling(name), by=PEOPLE[authority][0])
        assert answers == [Answer(Code.NOT_FOUND, "ruling_id")]
    assert world.say(at, replace(withdraw_ruling(name), reason=""), by=two) == [Answer(Code.CH21, "reason")]
    world.must(at, withdraw_ruling(name), by=two)
    assert world.say(at, confirming(ruling), by=two) == NOTHING
    assert world.say(at, withdraw_ruling(name), by=two) == [Answer(Code.MOVE_NOT_ALLOWED, "ruling.WITHDRAWN")]
    ruled(world, again(ruling), at=at)
    assert world.say(at, withdraw_ruling(name), by=two) == [Answer(Code.MOVE_NOT_ALLOWED, "ruling.CONFIRMED")]


def test_each_authority_confirms_its_own(world: World) -> None:
    """What a supervisor has proposed no clearing officer confirms, replaces or takes back; nor the reverse."""
    world.must("regulator", suspend("bankist", may_be_credited=True), by="supervisor-1")
    assert world.say("clearing", confirming(suspend("bankist")), by="officer-2") == NOTHING
    world.must("clearing", suspend("bankist"), by="officer-1")
    assert world.say("regulator", confirming(suspend("bankist")), by="supervisor-2") == NOTHING
    world.must("regulator", confirming(suspend("bankist", may_be_credited=True)), by="supervisor-2")
    late = [Answer(Code.MOVE_NOT_ALLOWED, "participant.SUSPENDED")]
    assert world.say("clearing", confirming(suspend("bankist")), by="officer-2") == late


def test_whose_account_is_blocked_is_told_why(world: World) -> None:
    """Once it is, as the two have signed it, and no longer; in its account, which no other bank reads."""
    world.must("regulator", block("bankist"), by="supervisor-1")
    assert world.account("bankist").blocked_because == ""
    world.must("regulator", confirming(block("bankist")), by="supervisor-2")
    assert world.account("bankist").blocked_because == block("bankist").reason
    ruled(world, unblock("bankist"))
    assert world.account("bankist").blocked_because == ""


def test_rulings_do_not_stand_for_each_other(world: World) -> None:
    """Neither another kind, nor the same for another bank or account."""
    world.must("regulator", suspend("banksh"), block("banksh", "CNY"), REPORTS, by="supervisor-1")
    for command in (suspend("bankist"), block("bankist", "CNY"), block("banksh", "JPY"), RATE):
        assert world.say("regulator", confirming(command), by="supervisor-2") == NOTHING
    world.must("regulator", confirming(suspend("banksh")), by="supervisor-2")
    assert standing(world, block("banksh", "CNY")).state is RulingState.PROPOSED


def test_both_may_be_in_one_list(world: World) -> None:
    """A freeze that cannot wait: two supervisors sign at once, and one transaction has both."""
    asked = block("bankist")
    one, two = PEOPLE["regulator"]
    signed = [*world.signed("regulator", one, asked), *world.signed("regulator", two, confirming(asked))]
    assert world.carry(world.sign("regulator", signed)).codes == [["", ""]]
    assert world.say("banksh", a_payment("1.00"))[0].code == Code.AC06


def test_a_bank_does_not_learn_beforehand_that_it_may_be_stopped(world: World) -> None:
    """A proposal about it stands with the authorities, under a key that nobody else can recompute."""
    before = {place for place in world.state() if place.collection not in ("clearing", "regulator", keys.AUTHORITY)}
    world.must("regulator", block("bankist"), suspend("bankist"), by="supervisor-1")
    ruled(world, REPORTS)
    found = dict(world.records(Ruling))
    assert {place.collection for place, record in found.items() if "bankist" in record.ruling_id} == {keys.AUTHORITY}
    assert not any("bankist" in place.key for place in found)
    rule = keys.rule("regulator", "RequireReports")
    after = {place for place in world.state() if place.collection not in ("clearing", "regulator", keys.AUTHORITY)}
    assert after - before == {rule}
