"""Declarations through signed lists: lodged by traders, handled by officers, registered once for all banks."""

import itertools
import time
from typing import Any

import pytest
from msgspec.structs import replace

from chaincode.embedded.blocks import Validity
from gateway.auth.signing import sign_command
from settlement.customs.assessment import AssessmentState, AssessTax
from settlement.customs.declaration import (
    HELD,
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    ClearDeclaration,
    CompleteDeclaration,
    DeclarationState,
    HoldGoods,
    LiftHold,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.duty import Direction
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.parties import PostalAddress, Role
from settlement.trade.traders import Trader
from tests.builders import an_id
from tests.contracts.test_payments import changes
from tests.customs_samples import HAZELNUTS, declared, exported, lodging, number
from tests.customs_world import (
    FIRST,
    SECOND,
    TAX,
    a_tax_payment,
    accepted,
    assessed,
    lodged,
    the_assessment,
    the_declaration,
    working,
)
from tests.trade import BUYER, TRADER, in_effect, of_others
from tests.world import NETWORK, NOW, World

ID = declaration_id(declared().number)
NAMED: dict[str, Any] = {"declaration_id": ID}


def a(command: Any, **others: Any) -> Any:
    return command(command_id=an_id(), **NAMED, **others)


@pytest.fixture
def harbour(world: World) -> World:
    return working(world)


def test_a_declaration_stands_with_customs_and_the_traders_bank(harbour: World) -> None:
    """Its number and its goods are registered with the authorities; nobody else has anything of it."""
    before = harbour.state()
    found = lodged(harbour)
    written = changes(before, harbour.state())
    assert {place for place in written if place[1] in ("declaration", "declaration_number", "declared_goods")} == {
        ("banksh", "declaration"),
        ("customs", "declaration"),
        ("authority", "declaration_number"),
        ("authority", "declared_goods"),
    }
    assert {collection for collection, _ in written} == {"banksh", "customs", "authority"}
    assert found == the_declaration(harbour, holder="banksh")
    assert (found.state, found.act.signer, found.act.participant) == (DeclarationState.LODGED, TRADER, "banksh")


def test_goods_come_in_from_lodging_to_clearing(harbour: World) -> None:
    """Every step by the one whose step it is; each tells who did it."""
    lodged(harbour)
    harbour.must("customs", a(AcceptDeclaration), a(OrderInspection, reason="Random check"), by=FIRST)
    harbour.must("customs", a(RecordInspection, is_as_declared=True, findings="800 bags, as declared"), by=SECOND)
    harbour.must("customs", a(AssessTax), by=TAX)
    harbour.must("banksh", a_tax_payment(the_assessment(harbour)))
    harbour.must("customs", a(ReleaseGoods), a(ClearDeclaration), by=FIRST)
    found = the_declaration(harbour)
    assert (found.state, found.revision) == (DeclarationState.CLEARED, 8)
    assert found == the_declaration(harbour, holder="banksh")


def test_a_number_is_registered_once_whoever_lodges_it(harbour: World) -> None:
    """Not by the same trader for other goods, nor by another one at another bank, in one batch or later."""
    lodged(harbour)
    other_goods = declared(transport_document="OTHER-1")
    theirs = declared(declarant=BUYER, transport_document="OTHER-2")
    used = Answer(Code.DECLARATION_NUMBER_USED, "declared.number")
    assert harbour.say("banksh", lodging(other_goods), by=TRADER) == [used]
    assert harbour.say("bankist", lodging(theirs), by=TRADER) == [used]


def test_of_two_that_race_for_a_number_one_wins(harbour: World) -> None:
    """In one transaction the first list; in two that run at once the first on the block."""
    theirs = declared(declarant=BUYER)
    ours, rival = (
        harbour.sign(bank, harbour.signed(bank, TRADER, lodging(content)))
        for bank, content in (("banksh", declared()), ("bankist", theirs))
    )
    together = harbour.endorse(ours, rival)
    assert [[answer.code for answer in one] for one in together.answers] == [[""], [Code.DECLARATION_NUMBER_USED]]
    first, second = harbour.commit(harbour.endorse(ours), harbour.endorse(rival))
    assert (first.validity, second.validity) == (Validity.VALID, Validity.MVCC_READ_CONFLICT)
    assert harbour.say("bankist", lodging(theirs), by=TRADER) == [
        Answer(Code.DECLARATION_NUMBER_USED, "declared.number")
    ]


def test_goods_declared_twice_are_held(harbour: World) -> None:
    """Another number for the same goods; but not once the first declaration is rejected or cancelled."""
    again = [declared(number=number(serial)) for serial in (101, 102, 103)]
    lodged(harbour)
    assert lodged(harbour, again[0]).status == HELD
    harbour.must("customs", a(RejectDeclaration, reason="Goods not described"), by=FIRST)
    assert lodged(harbour, again[1]).status == HELD
    for content in again[:2]:
        cancel = CancelDeclaration(
            command_id=an_id(), declaration_id=declaration_id(content.number), reason="Lodged by mistake"
        )
        harbour.must("banksh", cancel, by=TRADER)
    assert lodged(harbour, again[2]).status == "LODGED"


def test_an_amendment_takes_its_goods_along(harbour: World) -> None:
    """The goods of before may be declared again; those of now are suspected when they come a second time."""
    lodged(harbour)
    corrected = declared(lines=(replace(HAZELNUTS, quantity="19980"),))
    harbour.must("banksh", a(AmendDeclaration, declared=corrected, reason="Weighed again"), by=TRADER)
    assert the_declaration(harbour).version == 2
    assert lodged(harbour, declared(number=number(201))).status == "LODGED"
    assert lodged(harbour, replace(corrected, number=number(202))).status == HELD


def test_thirty_declarations_are_lodged_in_one_list(harbour: World) -> None:
    """Each is taken in or refused by itself."""
    contents = [declared(number=number(serial), transport_document=f"BL-{serial}") for serial in range(1, 31)]
    contents[7] = replace(contents[7], port="")
    contents[11] = replace(contents[11], number=contents[3].number)
    batch = harbour.ask("banksh", *map(lodging, contents), by=TRADER)
    refusals = {7: Code.CH21, 11: Code.DECLARATION_NUMBER_USED}
    assert batch.codes == [[refusals.get(place, "") for place in range(30)]]
    assert the_declaration(harbour, contents[29]).state is DeclarationState.LODGED


def test_thirty_declarations_in_one_list_take_far_less_than_thirty_lists(harbour: World) -> None:
    """Of the processor's time: what a list costs by itself is most of what a declaration costs alone."""
    serials = itertools.count(1)

    def spent_s(count: int) -> float:
        contents = [declared(number=number(serial)) for serial in itertools.islice(serials, count)]
        own = [replace(each, transport_document=f"BL-{each.number}") for each in contents]
        started_s = time.process_time()
        batch = harbour.ask("banksh", *map(lodging, own), by=TRADER)
        spent = time.process_time() - started_s
        assert batch.codes == [[""] * count]
        return spent

    one_s, thirty_s = (min(spent_s(count) for _ in range(3)) for count in (1, 30))
    assert thirty_s < 15 * one_s


def test_a_declaration_reads_few_keys(harbour: World) -> None:
    """Keys are what a ledger has least of: what thirty have in common is read once."""
    one, thirty = (
        harbour.endorse(
            harbour.sign(
                "banksh",
                harbour.signed(
                    "banksh",
                    TRADER,
                    *(
                        lodging(declared(number=number(serial), transport_document=f"BL-{serial}"))
                        for serial in range(count)
                    ),
                ),
            )
        )
        for count in (1, 30)
    )
    per_declaration = (len(thirty.endorsed.reads) - len(one.endorsed.reads)) / 29
    assert per_declaration <= 4  # two indexes, the command id, and no more than one other


def test_held_goods_are_released_by_two_officers(harbour: World) -> None:
    found = assessed(harbour)
    harbour.must("banksh", a_tax_payment(found))
    harbour.must("customs", a(HoldGoods, reason="Label does not match"), by=FIRST)
    assert harbour.say("customs", a(ReleaseGoods), by=SECOND) == [Answer(Code.GOODS_HELD, "declaration_id")]
    harbour.must("customs", a(LiftHold, reason="Labels replaced"), by=FIRST)
    assert harbour.say("customs", a(ReleaseGoods), by=FIRST) == [Answer(Code.SAME_SIGNER, "declaration_id")]
    harbour.must("customs", a(ReleaseGoods), by=SECOND)


def test_the_regulator_holds_what_it_does_not_have(harbour: World) -> None:
    """It finds a declaration by its registered number; customs cannot lift its hold."""
    lodged(harbour)
    hold, lift = a(HoldGoods, reason="Sanctions list"), a(LiftHold, reason="No match")
    harbour.must("regulator", hold, by="supervisor-1")
    assert the_declaration(harbour, holder="banksh").status == HELD
    assert harbour.say("customs", lift, by=FIRST) == [Answer(Code.MOVE_NOT_ALLOWED, "declaration.LODGED")]
    harbour.must("regulator", lift, by="supervisor-2")
    absent = HoldGoods(command_id=an_id(), declaration_id="0" * 32, reason="Sanctions list")
    assert harbour.say("regulator", absent, by="supervisor-1") == [Answer(Code.NOT_FOUND, "declaration_id")]


def test_a_trader_acts_on_its_own_declarations_alone(harbour: World) -> None:
    """To another customer of its bank, and to another bank's, a declaration is not there."""
    lodged(harbour)
    not_there = [Answer(Code.NOT_FOUND, "declaration_id")]
    cancel = a(CancelDeclaration, reason="Lodged by mistake")
    assert harbour.say("bankist", cancel, by=TRADER) == not_there
    ca = harbour.members["banksh"].ca
    colleague = ca.issue("trader-9", Role.TRADER, party=BUYER.identifier, now=NOW).credential
    signed = harbour.sign("banksh", [sign_command(NETWORK, cancel, colleague)])
    assert list(harbour.endorse(signed).answers[0]) == [Answer(Code.AG08, "party")]
    assert harbour.say("banksh", lodging(declared(declarant=BUYER)), by=TRADER) == [
        Answer(Code.AG08, "declared.declarant")
    ]


def test_customs_is_no_bank_and_a_bank_no_customs(harbour: World) -> None:
    """The one neither lodges, pays nor guarantees; the other neither accepts, assesses nor releases."""
    found = assessed(harbour)
    payment = replace(a_tax_payment(found), payer="customs")
    assert harbour.say("customs", payment, lodging()) == [Answer(Code.AG08)] * 2
    assert harbour.say("customs", lodging(), by=FIRST) == [Answer(Code.AG08)]
    for command in (a(AcceptDeclaration), a(AssessTax), a(ReleaseGoods), a(HoldGoods, reason="No")):
        assert harbour.say("banksh", command) == [Answer(Code.AG08)]
        assert harbour.say("banksh", command, by="officer-1") == [Answer(Code.AG08)]


def test_a_lodging_names_a_customs_and_a_contract_of_its_own(harbour: World) -> None:
    elsewhere = replace(lodging(), customs="bankist")
    assert harbour.say("banksh", elsewhere, by=TRADER) == [Answer(Code.NOT_FOUND, "customs")]
    for trade in ("0" * 32, of_others(harbour)):
        lodged_under = lodging(declared(trade=trade))
        assert harbour.say("banksh", lodged_under, by=TRADER) == [Answer(Code.NOT_FOUND, "declared.trade")]
    contract = in_effect(harbour)
    found = lodged(harbour, exported(trade=contract.record_id))
    assert found.trade == contract.record_id


def test_a_summary_is_completed(harbour: World) -> None:
    short = declared(invoices=(), incoterm="", packages=0, gross_weight_kg="", net_weight_kg="")
    found = accepted(harbour, short, is_summary=True)
    assert found.complete_by == "2026-12-07"
    incomplete = Answer(Code.DECLARATION_INCOMPLETE, "declaration_id")
    assert harbour.say("customs", a(AssessTax), by=TAX) == [incomplete]
    harbour.must("banksh", a(CompleteDeclaration, declared=declared()), by=TRADER)
    harbour.must("customs", a(AssessTax), by=TAX)
    assert the_declaration(harbour).state is DeclarationState.ASSESSED


def test_a_cancelled_declaration_takes_its_unpaid_tax_along(harbour: World) -> None:
    found = assessed(harbour)
    harbour.must("customs", a(CancelDeclaration, reason="Goods destroyed"), by=FIRST)
    assert the_assessment(harbour).state is AssessmentState.WITHDRAWN
    gone = Answer(Code.MOVE_NOT_ALLOWED, "tax_assessment.WITHDRAWN")
    assert harbour.say("banksh", a_tax_payment(found)) == [gone]


def test_exports_without_duty_are_free_at_once(harbour: World) -> None:
    content = exported()
    assessed(harbour, content)
    found = the_declaration(harbour, content)
    assert (found.state, found.declared.direction) == (DeclarationState.DUTY_NIL, Direction.EXPORT)
    release = ReleaseGoods(command_id=an_id(), declaration_id=found.record_id)
    harbour.must("customs", release, by=FIRST)


def test_what_is_refused_leaves_everything_as_it_was(harbour: World) -> None:
    lodged(harbour)
    before = harbour.state()
    wrong = (a(ReleaseGoods), a(AssessTax), a(ClearDeclaration), a(RecordInspection, is_as_declared=True, findings="x"))
    batch = harbour.ask("customs", *wrong, by=FIRST)
    assert batch.codes == [[Code.MOVE_NOT_ALLOWED] * 4]
    assert changes(before, harbour.state()) == {("customs", "sequence")}


def test_a_declarant_without_a_town_is_refused(harbour: World) -> None:
    homeless: Trader = replace(declared().declarant, address=PostalAddress(country="CN"))
    answer = Answer(Code.CH21, "declared.declarant.address.town_name")
    told = harbour.say("banksh", lodging(declared(declarant=homeless)), by=TRADER)
    assert [each.where for each in told] == [answer.where]
