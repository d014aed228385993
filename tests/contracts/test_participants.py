"""Organisations on the ledger: founded once, onboarded once, stopped, let go; and their customers."""

from typing import Any

import pytest
from msgspec.structs import replace

from chaincode import keys
from settlement.errors import Code
from settlement.forms import records
from settlement.forms.answers import Answer
from settlement.participants import Customer, Participant, ParticipantState
from settlement.parties import Kind
from tests import invariants
from tests.builders import a_payment, a_redemption_request, an_issuance_request
from tests.contracts.samples import (
    LEI,
    decline_issuance,
    decline_redemption,
    fail_payout,
    leave,
    register,
    reinstate,
    revoke,
    suspend,
)
from tests.contracts.test_accounts import burn
from tests.rulings import ruled
from tests.world import World

EVERYBODY = ("clearing", "regulator", "customs", "banksh", "bankist", "bankfra")


def state_of(world: World, name: str) -> ParticipantState:
    found = world.record(keys.participant(name), Participant)
    assert found is not None
    return found.state


def test_a_ledger_is_founded_once(world: World) -> None:
    """By its clearing institution; a second founding is refused, and a bank may not even ask."""
    assert world.say("clearing", world.founding()) == [Answer(Code.ALREADY_EXISTS, "network")]
    assert world.say("banksh", world.founding()) == [Answer(Code.AG08)]


def test_nothing_happens_before_the_founding(bare_world: World) -> None:
    """No list counts and nothing is written."""
    for name in EVERYBODY:
        endorsed = bare_world.endorse(bare_world.sign(name, [a_payment(payer=name), revoke()]))
        assert endorsed.answers == ((Answer(Code.AG08, "list.participant"),) * 2,)
        assert not endorsed.writes


@pytest.mark.parametrize(
    "changes",
    [
        {"secrets": {}},
        {"secrets": {"authority": "00" * 32, "clearing": "00" * 32}},
        {"secrets": {"authority": "00" * 32, "clearing": "00" * 32, "regulator": "00" * 31}},
        {"secrets": {"authority": "00" * 32, "clearing": "00" * 32, "regulator": "AA" * 32}},
    ],
)
def test_a_founding_that_is_refused_leaves_nothing(bare_world: World, changes: dict[str, Any]) -> None:
    """The true one can then follow under the same number."""
    founding = bare_world.founding()
    signed = bare_world.sign("clearing", [replace(founding, **changes)])
    endorsed = bare_world.endorse(signed)
    assert endorsed.answers[0][0].code == Code.CH16
    assert not endorsed.writes
    assert bare_world.must("clearing", founding).codes == [[""]]


def test_a_ledger_is_founded_by_its_clearing_institution(bare_world: World) -> None:
    """Not by a bank, not in another's name, not in company, and not with a bank for an authority."""
    founding = bare_world.founding()
    bank = bare_world.members["banksh"].organisation
    assert bare_world.say("banksh", founding)[0].code == Code.AG08
    stolen = bare_world.sign("clearing", [founding], credential=bare_world.service("banksh"))
    assert bare_world.endorse(stolen).answers == ((Answer(Code.AG08, "list.certificate"),),)
    assert bare_world.say("clearing", founding, revoke())[0].code == Code.AG08
    assert bare_world.say("banksh", replace(founding, clearing=bank))[0].code == Code.AG08
    for wrong in (
        replace(founding, regulator=bank, secrets=dict.fromkeys(("authority", "clearing", "banksh"), "00" * 32)),
        replace(founding, clearing=replace(founding.clearing, root="")),
    ):
        answer = bare_world.say("clearing", wrong)[0]
        assert answer.code in {Code.CH16, Code.AG08}
    assert bare_world.ledger.height == 0


def test_the_lists_after_a_founding_count_in_the_same_batch(bare_world: World) -> None:
    founding = bare_world.sign("clearing", [bare_world.founding()])
    other = bare_world.sign("regulator", [revoke()])
    assert bare_world.carry(founding, other).codes == [[""], [""]]


def test_an_organisation_joins_once(world: World) -> None:
    """Neither its name nor its BIC nor its CA is given twice: one CA could certify people of the other."""
    name_taken = world.onboarding("banksh")
    organisation = world.members["banksh"].organisation
    bic_taken = replace(name_taken, organisation=replace(organisation, participant="bankxyz"))
    root_taken = replace(name_taken, organisation=replace(organisation, participant="bankxyz", bic="BANKDEFFXXX"))
    answers = world.say("clearing", name_taken, bic_taken, root_taken, by="officer-1")
    assert answers == [
        Answer(Code.ALREADY_EXISTS, "organisation.participant"),
        Answer(Code.ALREADY_EXISTS, "organisation.bic"),
        Answer(Code.ALREADY_EXISTS, "organisation.root"),
    ]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"root": ""}, Code.CH16, "organisation.root"),
        ({"root": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, Code.CH16, "organisation.root"),
        ({"participant": "authority"}, Code.ALREADY_EXISTS, "organisation.participant"),
        ({"participant": "Bank/../X"}, Code.CH16, "organisation.participant"),
        ({"kind": Kind.CLEARING}, Code.ALREADY_EXISTS, "organisation.kind"),
        ({"kind": Kind.REGULATOR}, Code.ALREADY_EXISTS, "organisation.kind"),
        ({"bic": "nonsense"}, Code.RC01, "organisation.bic"),
    ],
)
def test_an_organisation_that_is_not_in_order_does_not_join(
    world: World, changes: dict[str, Any], code: Code, where: str
) -> None:
    organisation = replace(world.members["bankfra"].organisation, **{"participant": "bankxyz", **changes})
    command = replace(world.onboarding("bankfra"), organisation=organisation)
    assert world.say("clearing", command, by="officer-1") == [Answer(code, where)]


@pytest.mark.parametrize("secret", ["", "00" * 31, "zz" * 32, "00" * 33])
def test_a_collection_needs_its_secret(world: World, secret: str) -> None:
    organisation = replace(world.members["bankfra"].organisation, participant="bankxyz", bic="BANKDEFFXXX")
    command = replace(world.onboarding("bankfra"), organisation=organisation, secret=secret)
    assert world.say("clearing", command, by="officer-1") == [Answer(Code.CH16, "secret")]


def test_a_secret_never_changes(world: World) -> None:
    before = {name: world.secret(name) for name in (*EVERYBODY, keys.AUTHORITY)}
    world.ask("clearing", *(world.onboarding(name) for name in EVERYBODY), by="officer-1")
    world.ask("clearing", world.founding())
    assert {name: world.secret(name) for name in before} == before
    assert len(set(before.values())) == len(before)


def test_an_onboarded_organisation_waits_to_be_activated(bare_world: World) -> None:
    """It asks for nothing, and no payment finds it."""
    bare_world.must("clearing", bare_world.founding())
    bare_world.must("clearing", bare_world.onboarding("banksh"), by="officer-1")
    assert bare_world.say("banksh", revoke()) == [Answer(Code.AG10, "participant")]
    bare_world.must("clearing", bare_world.activation("banksh"), by="officer-1")
    assert bare_world.say("banksh", revoke()) == [Answer("")]


def test_the_authorities_stay(world: World) -> None:
    """Neither can be stopped or let go: nobody could settle, and nobody could bring it back."""
    for name in ("clearing", "regulator"):
        answers = world.say("clearing", suspend(name), leave(name), world.activation(name), by="officer-1")
        assert answers == [Answer(Code.MOVE_NOT_ALLOWED, "participant")] * 3
        assert world.say("regulator", suspend(name), by="supervisor-1")[0].code == Code.MOVE_NOT_ALLOWED


def test_a_suspension_is_lifted_by_either_authority(world: World) -> None:
    ruled(world, suspend("bankist"))
    assert state_of(world, "bankist") is ParticipantState.SUSPENDED
    ruled(world, reinstate("bankist"), at="clearing")
    assert state_of(world, "bankist") is ParticipantState.ACTIVE


def test_a_bank_leaves_with_nothing_left(world: World) -> None:
    """Not with money, not with a reservation, not with an issuance asked for or a payout under way."""
    has_something = [Answer(Code.BALANCE_NOT_ZERO, "participant")]
    assert world.say("clearing", leave("banksh"), by="officer-1") == has_something
    drawn, asked = a_redemption_request("1.00", redemption_id="R-1"), an_issuance_request(issuance_id="I-1")
    world.must("banksh", drawn, asked)
    world.must("clearing", decline_redemption("R-1"), by="officer-1")
    redemption_id = burn(world, "1000000.00")
    assert world.balance("banksh") == 0
    assert world.say("clearing", leave("banksh"), by="officer-1") == has_something
    world.must("clearing", decline_issuance("I-1"), by="officer-1")
    assert world.say("clearing", leave("banksh"), by="officer-1") == has_something
    world.must("clearing", fail_payout(redemption_id), by="officer-1")
    world.must("banksh", a_payment("1000000.00"))
    world.must("clearing", leave("banksh"), by="officer-1")
    assert state_of(world, "banksh") is ParticipantState.EXITED
    invariants.check(world)


def test_who_has_left_is_gone(world: World) -> None:
    """It asks for nothing, is paid nothing, and does not come back."""
    world.must("clearing", leave("bankist"), by="officer-1")
    assert world.say("bankist", revoke()) == [Answer(Code.AG10, "participant")]
    assert world.say("banksh", a_payment("1.00")) == [Answer(Code.CNOR, "payee")]
    for command in (world.activation("bankist"), suspend("bankist"), reinstate("bankist"), leave("bankist")):
        assert world.say("clearing", command, by="officer-1") == [Answer(Code.MOVE_NOT_ALLOWED, "participant.EXITED")]


@pytest.mark.parametrize("serials", [("A1",), ("0a1",), ("",), ("a1", "x"), ("a" * 41,)])
def test_a_serial_number_has_one_spelling(world: World, serials: tuple[str, ...]) -> None:
    assert world.say("banksh", revoke(*serials)) == [Answer(Code.CH16, "serials")]


def test_a_customer_is_its_banks_own(world: World) -> None:
    """It stands in its bank's collection alone, and registering it again replaces what was said before."""
    world.must("banksh", register(name="Huangpu Silk Co"))
    world.must("banksh", register(name="Huangpu Silk Company"))
    world.must("bankist", register(name="Huangpu Silk, as bankist knows it"))
    found = {place.collection: customer.name for place, customer in world.records(Customer)}
    assert found == {"banksh": "Huangpu Silk Company", "bankist": "Huangpu Silk, as bankist knows it"}


@pytest.mark.parametrize(
    ("identifier", "name", "code"),
    [(LEI[:-1] + "9", "x", Code.BE15), ("", "x", Code.BE15), (LEI, "", Code.CH21), (LEI.lower(), "x", Code.BE15)],
)
def test_a_customer_that_cannot_be_is_refused(world: World, identifier: str, name: str, code: Code) -> None:
    assert world.say("banksh", register(identifier, name))[0].code == code


def test_everybody_has_a_root_of_their_own(world: World) -> None:
    roots = {found.organisation.root for _, found in world.records(Participant)}
    assert len(roots) == len(EVERYBODY)
    assert world.record(keys.LEDGER, records.Ledger) == records.Ledger(
        network="waitan", clearing="clearing", regulator="regulator"
    )
