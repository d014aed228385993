"""A declaration: what is refused when it is lodged, every event in every state, and what is not released."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from settlement.customs import handling
from settlement.customs.declaration import (
    DUPLICATE,
    HELD,
    LIFECYCLE,
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    CompleteDeclaration,
    Declaration,
    DeclarationEvent,
    DeclarationState,
    DeclaredGoods,
    HoldGoods,
    LiftHold,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
)
from settlement.customs.declared import Declared, goods_fingerprint
from settlement.customs.duty import Direction
from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.parties import Kind, Role
from settlement.trade.record import Actor
from tests.builders import TODAY, an_id
from tests.customs_samples import (
    CUSTOMS,
    EXPORT_NUMBER,
    HAZELNUTS,
    OFFICER,
    SECOND_OFFICER,
    SILK,
    SUPERVISOR,
    TRADER,
    a_declaration,
    an_actor,
    declared,
    exported,
    lodging,
)
from tests.expectations import refused

REASON = "Sample drawn"
NAMED: dict[str, Any] = {"declaration_id": "00"}


def a(command: Callable[..., Any], **others: Any) -> Any:
    return command(command_id=an_id(), **NAMED, **others)


ACCEPT = a(AcceptDeclaration)
REJECT, ORDER = a(RejectDeclaration, reason=REASON), a(OrderInspection, reason=REASON)
HOLD, LIFT = a(HoldGoods, reason=REASON), a(LiftHold, reason=REASON)
PASS, FAIL = (a(RecordInspection, is_as_declared=passed, findings=REASON) for passed in (True, False))
CANCEL = a(CancelDeclaration, reason=REASON)


def amend(content: Declared | None = None) -> AmendDeclaration:
    command: AmendDeclaration = a(AmendDeclaration, declared=content or declared(), reason=REASON)
    return command


def complete(content: Declared | None = None) -> CompleteDeclaration:
    command: CompleteDeclaration = a(CompleteDeclaration, declared=content or declared())
    return command


def release(found: Declaration, by: Actor = OFFICER, *, until: str = "", on: str = TODAY) -> Declaration:
    return handling.released(found, by, guaranteed_until=until, on=on)


DECISIONS: dict[DeclarationEvent, Callable[[Declaration], Declaration]] = {
    DeclarationEvent.ACCEPTED: lambda found: handling.moved(found, ACCEPT, OFFICER),
    DeclarationEvent.REJECTED: lambda found: handling.moved(found, REJECT, OFFICER),
    DeclarationEvent.INSPECTION_ORDERED: lambda found: handling.moved(found, ORDER, OFFICER),
    DeclarationEvent.CLEARED: lambda found: handling.cleared(found, OFFICER, owes_tax=False),
    DeclarationEvent.INSPECTION_PASSED: lambda found: handling.inspected(found, PASS, OFFICER),
    DeclarationEvent.INSPECTION_FAILED: lambda found: handling.inspected(found, FAIL, OFFICER),
    DeclarationEvent.HELD: lambda found: handling.held(found, HOLD, OFFICER),
    DeclarationEvent.RELEASED: lambda found: release(found, until=TODAY),
}
"""The decisions that are one event each, whoever is told apart elsewhere."""
INSTEAD = {Code.INSPECTION_OPEN, Code.TAX_NOT_COVERED, Code.MOVE_NOT_ALLOWED}


@pytest.mark.parametrize(("state", "event"), list(product(DeclarationState, DECISIONS)))
def test_each_event_leads_where_its_row_says_or_is_refused(state: DeclarationState, event: DeclarationEvent) -> None:
    """The product of states and decisions, against the table; what is refused changes nothing."""
    found = a_declaration(state=state)
    decide = DECISIONS[event]
    if (state, event) in LIFECYCLE.moves:
        after = decide(found)
        assert after.state is LIFECYCLE.moves[state, event]
        assert (after.act.event, after.revision) == (event.value, found.revision + 1)
    else:
        with pytest.raises(Refusal) as told:
            decide(found)
        assert told.value.code in (INSTEAD if event is DeclarationEvent.RELEASED else {Code.MOVE_NOT_ALLOWED})


def test_a_trader_lodges_its_own() -> None:
    found = a_declaration()
    assert (found.state, found.status) == (DeclarationState.LODGED, "LODGED")
    assert (found.parties, found.held_by, found.lodged_on) == ((SILK.identifier,), ("banksh", "customs"), TODAY)
    assert re.fullmatch("[0-9a-f]{32}", found.record_id)
    assert (found.act.event, found.act.party, found.revision) == ("LODGED", SILK.identifier, 1)


@pytest.mark.parametrize(
    "by",
    [
        an_actor("banksh", Role.TRADER, "t", "5493001KJTIIGC8Y1R12"),
        an_actor("banksh", Role.TRADER, "t"),
        an_actor("bankist", Role.TRADER, "t", SILK.identifier),
    ],
)
def test_nobody_lodges_for_another(by: Actor) -> None:
    """Nor in another's name, nor through a bank that is not the declarant's."""
    with refused(Code.AG08):
        handling.lodged(
            lodging(), by, customs=CUSTOMS, is_number_used=False, is_duplicate=False, completion_days=14, on=TODAY
        )


def test_a_number_is_registered_once() -> None:
    with refused(Code.DECLARATION_NUMBER_USED, "declared.number"):
        a_declaration(is_number_used=True)


def test_goods_that_were_declared_before_are_held() -> None:
    """By the ledger in the name of customs, whose officers lift it."""
    found = a_declaration(is_duplicate=True)
    assert (found.state, found.status) == (DeclarationState.LODGED, HELD)
    assert [(hold.participant, hold.reason, hold.placed_by) for hold in found.holds] == [("customs", DUPLICATE, None)]
    assert [act.event for act in found.acts] == ["LODGED", "HELD"]
    assert handling.hold_lifted(found, LIFT, OFFICER).status == "LODGED"


def test_what_makes_goods_the_same() -> None:
    """Declarant, transport document, codes, quantities and values; not the number, nor how the same is written."""
    other = replace(HAZELNUTS, hs_code="08023200")
    one = declared(lines=(HAZELNUTS, other))
    assert goods_fingerprint(one) == goods_fingerprint(replace(one, number=EXPORT_NUMBER, lines=(other, HAZELNUTS)))
    half = replace(HAZELNUTS, quantity="10000.0", value="75000.00")
    same = [
        replace(one, transport_document=one.transport_document.lower()),
        replace(one, lines=(half, other, half)),
        replace(one, lines=(other, replace(HAZELNUTS, hs_code="0802220000"))),
        replace(one, lines=(other, replace(HAZELNUTS, quantity="20.00", unit="TNE"))),
        replace(one, lines=(replace(other, quantity="20000000", unit="GRM"), HAZELNUTS)),
    ]
    assert {goods_fingerprint(each) for each in same} == {goods_fingerprint(one)}
    changed = [
        replace(one, transport_document="X"),
        replace(one, currency="USD"),
        replace(one, lines=(HAZELNUTS,)),
        replace(one, lines=(other, replace(HAZELNUTS, quantity="19999"))),
        replace(one, lines=(other, replace(HAZELNUTS, value="1.00"))),
        replace(one, declarant=replace(SILK, identifier="5493001KJTIIGC8Y1R12")),
    ]
    changed += [replace(one, lines=(replace(HAZELNUTS, quantity=text),)) for text in ("", "x", "1_0", "9" * 5000)]
    changed += [replace(one, lines=(replace(HAZELNUTS, value="x"),)), replace(one, currency="")]
    assert len({goods_fingerprint(each) for each in (one, *changed)}) == 1 + len(changed)


@pytest.mark.parametrize(
    ("others", "code", "where"),
    [
        ({"number": ""}, Code.CH21, "number"),
        ({"number": "22012026100000001"}, Code.CH16, "number"),
        ({"number": EXPORT_NUMBER}, Code.CH16, "direction"),
        ({"declarant": replace(SILK, name="")}, Code.CH21, "declarant.name"),
        ({"counterparty": ""}, Code.CH21, "counterparty"),
        ({"procedure": "110"}, Code.CH16, "procedure"),
        ({"transport_mode": "0"}, Code.CH16, "transport_mode"),
        ({"transport_document": ""}, Code.CH21, "transport_document"),
        ({"port": "SHA"}, Code.CH16, "port"),
        ({"country": "XX"}, Code.CH16, "country"),
        ({"trade": "1"}, Code.CH16, "trade"),
        ({"arrived_on": ""}, Code.CH21, "arrived_on"),
        ({"arrived_on": "2026-02-30"}, Code.CH16, "arrived_on"),
        ({"currency": "DEM"}, Code.AM11, "currency"),
        ({"incoterm": "cif"}, Code.CH16, "incoterm"),
        ({"packages": 0}, Code.CH21, "packages"),
        ({"packages": -1}, Code.CH16, "packages"),
        ({"packages": 1_000_000_000}, Code.CH16, "packages"),
        ({"net_weight_kg": ""}, Code.CH21, "net_weight_kg"),
        ({"invoices": ()}, Code.CH21, "invoices"),
        ({"invoices": ("A", "A")}, Code.CH17, "invoices"),
        ({"certificates": ("é",)}, Code.CH16, "certificates.0"),
        ({"lines": ()}, Code.CH21, "lines"),
        ({"lines": (HAZELNUTS,) * 51}, Code.CH17, "lines"),
        ({"lines": (HAZELNUTS, replace(HAZELNUTS, hs_code="9999"))}, Code.HS_CODE_WRONG, "lines.1.hs_code"),
        ({"lines": (replace(HAZELNUTS, description=""),)}, Code.CH21, "lines.0.description"),
        ({"lines": (replace(HAZELNUTS, quantity="0.00"),)}, Code.CH16, "lines.0.quantity"),
        ({"lines": (replace(HAZELNUTS, unit="kg"),)}, Code.CH16, "lines.0.unit"),
        ({"lines": (replace(HAZELNUTS, origin=""),)}, Code.CH21, "lines.0.origin"),
        ({"lines": (replace(HAZELNUTS, value="150000"),)}, Code.CH20, "lines.0.value"),
        ({"lines": (replace(HAZELNUTS, value="0.00"),)}, Code.AM01, "lines.0.value"),
    ],
)
def test_a_declaration_that_is_not_in_order_is_refused(others: dict[str, Any], code: Code, where: str) -> None:
    with refused(code, f"declared.{where}"):
        a_declaration(lodging(declared(**others)))


def test_an_export_has_not_arrived() -> None:
    assert a_declaration(lodging(exported())).declared.direction is Direction.EXPORT
    with refused(Code.CH17, "declared.arrived_on"):
        a_declaration(lodging(exported(arrived_on=TODAY)))


def test_the_form_is_told_before_what_the_number_is() -> None:
    with refused(Code.CH21, "declared.port"):
        a_declaration(lodging(declared(port="")), is_number_used=True)


SHORT = {"invoices": (), "certificates": (), "incoterm": "", "packages": 0, "gross_weight_kg": "", "net_weight_kg": ""}


def a_summary() -> Declaration:
    return a_declaration(lodging(declared(**SHORT), is_summary=True))


def test_a_summary_says_less_and_is_completed_within_its_term() -> None:
    found = a_summary()
    assert (found.is_summary, found.complete_by) == (True, "2026-12-07")
    after = handling.completed(found, complete(), TRADER, is_duplicate=False, on="2026-12-07")
    assert (after.is_summary, after.complete_by, after.version) == (False, "", 2)
    assert (after.lodged_on, after.declared) == ("2026-12-07", declared())
    with refused(Code.SUMMARY_LAPSED):
        handling.completed(found, complete(), TRADER, is_duplicate=False, on="2026-12-08")
    with refused(Code.CH21, "declared.invoices"):
        handling.completed(found, complete(declared(invoices=())), TRADER, is_duplicate=False, on=TODAY)


def test_a_full_declaration_is_not_completed() -> None:
    with refused(Code.MOVE_NOT_ALLOWED, "declaration.LODGED"):
        handling.completed(a_declaration(), complete(), TRADER, is_duplicate=False, on=TODAY)


@pytest.mark.parametrize("state", DeclarationState)
def test_a_trader_changes_what_is_not_accepted_and_customs_what_is(state: DeclarationState) -> None:
    """Amendment and cancellation, in every state, by both."""
    found = a_declaration(state=state)
    decisions: dict[DeclarationEvent, Callable[[Actor], Declaration]] = {
        DeclarationEvent.AMENDED: lambda who: handling.amended(found, amend(), who, is_duplicate=False),
        DeclarationEvent.CANCELLED: lambda who: handling.cancelled(found, CANCEL, who),
    }
    for by, (event, decide) in product((TRADER, OFFICER), decisions.items()):
        has_turn = (state is DeclarationState.LODGED) is (by is TRADER)
        if has_turn and (state, event) in LIFECYCLE.moves:
            assert decide(by).state is LIFECYCLE.moves[state, event]
        else:
            with refused(Code.MOVE_NOT_ALLOWED, f"declaration.{state.value}"):
                decide(by)


def test_an_amendment_is_another_version_with_its_reason() -> None:
    content = declared(lines=(replace(HAZELNUTS, quantity="19980"),))
    after = handling.amended(a_declaration(), amend(content), TRADER, is_duplicate=False)
    assert (after.version, after.declared, after.act.reason) == (2, content, REASON)


@pytest.mark.parametrize(
    "others",
    [
        {"number": "220120261000000099"},
        {"transport_document": "OTHER"},
        {"declarant": replace(SILK, name="Another Co.")},
        {"trade": "0" * 32},
    ],
)
def test_another_number_or_trader_is_another_declaration(others: dict[str, Any]) -> None:
    (name,) = others
    with refused(Code.CH16, f"declared.{name}"):
        handling.amended(a_declaration(), amend(declared(**others)), TRADER, is_duplicate=False)


def test_anothers_declaration_is_not_there() -> None:
    found, stranger = a_declaration(), an_actor("banksh", Role.TRADER, "t", "5493001KJTIIGC8Y1R12")
    other_customs = an_actor("qingdao", Role.CUSTOMS_OFFICER, "o")
    with refused(Code.NOT_FOUND, "declaration_id"):
        handling.cancelled(found, CANCEL, stranger)
    with refused(Code.NOT_FOUND, "declaration_id"):
        handling.moved(found, ACCEPT, other_customs)
    with refused(Code.NOT_FOUND, "declaration_id"):
        handling.held(found, HOLD, other_customs)


def test_customs_and_the_regulator_hold_each_for_itself() -> None:
    found = handling.held(a_declaration(), HOLD, OFFICER)
    with refused(Code.MOVE_NOT_ALLOWED, "declaration.LODGED"):
        handling.held(found, HOLD, SECOND_OFFICER)
    with refused(Code.MOVE_NOT_ALLOWED, "declaration.LODGED"):
        handling.hold_lifted(found, LIFT, SUPERVISOR)
    both = handling.held(found, HOLD, SUPERVISOR)
    assert handling.hold_lifted(both, LIFT, OFFICER).status == HELD
    assert handling.hold_lifted(handling.hold_lifted(both, LIFT, OFFICER), LIFT, SUPERVISOR).status == "LODGED"


@pytest.mark.parametrize("state", [DeclarationState.DUTY_PAID, DeclarationState.DUTY_NIL])
def test_held_goods_are_released_by_another_officer_than_lifted_the_hold(state: DeclarationState) -> None:
    found = handling.held(a_declaration(state=state), HOLD, OFFICER)
    with refused(Code.GOODS_HELD):
        release(found, SECOND_OFFICER)
    lifted = handling.hold_lifted(found, LIFT, OFFICER)
    with refused(Code.SAME_SIGNER):
        release(lifted, OFFICER)
    after = release(lifted, SECOND_OFFICER)
    assert (after.state, after.released_on) == (DeclarationState.RELEASED, TODAY)


def test_who_lifted_an_earlier_hold_does_not_release_either() -> None:
    """Four eyes are on every hold, not on the last alone."""
    found = handling.held(a_declaration(state=DeclarationState.DUTY_PAID), HOLD, OFFICER)
    again = handling.held(handling.hold_lifted(found, LIFT, OFFICER), HOLD, SUPERVISOR)
    lifted = handling.hold_lifted(again, LIFT, SUPERVISOR)
    with refused(Code.SAME_SIGNER):
        release(lifted, OFFICER)
    assert release(lifted, SECOND_OFFICER).state is DeclarationState.RELEASED


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (DeclarationState.INSPECTION_ORDERED, Code.INSPECTION_OPEN),
        (DeclarationState.INSPECTED_FAIL, Code.INSPECTION_OPEN),
        (DeclarationState.ACCEPTED, Code.TAX_NOT_COVERED),
        (DeclarationState.INSPECTED_OK, Code.TAX_NOT_COVERED),
        (DeclarationState.ASSESSED, Code.TAX_NOT_COVERED),
        (DeclarationState.LODGED, Code.MOVE_NOT_ALLOWED),
        (DeclarationState.RELEASED, Code.MOVE_NOT_ALLOWED),
    ],
)
def test_nothing_is_released_unexamined_or_untaxed(state: DeclarationState, code: Code) -> None:
    with refused(code):
        release(a_declaration(state=state))


def test_a_guarantee_that_is_over_covers_nothing() -> None:
    found = a_declaration(state=DeclarationState.DUTY_GUARANTEED)
    assert release(found, until=TODAY).state is DeclarationState.RELEASED
    for until in ("2026-11-22", ""):
        with refused(Code.TAX_NOT_COVERED):
            release(found, until=until)


def test_the_file_is_not_closed_while_tax_is_owed() -> None:
    """A guarantee lets the goods go; the tax is still to be paid."""
    found = a_declaration(state=DeclarationState.RELEASED)
    with refused(Code.TAX_NOT_COVERED):
        handling.cleared(found, OFFICER, owes_tax=True)


@pytest.mark.parametrize(
    ("command", "field"),
    [(REJECT, "reason"), (ORDER, "reason"), (HOLD, "reason"), (LIFT, "reason"), (CANCEL, "reason"), (PASS, "findings")],
)
def test_what_decides_over_goods_says_why(command: Any, field: str) -> None:
    found = a_declaration()
    silent = replace(command, **{field: ""})
    decide: dict[type, Callable[[], Any]] = {
        RejectDeclaration: lambda: handling.moved(found, silent, OFFICER),
        OrderInspection: lambda: handling.moved(found, silent, OFFICER),
        HoldGoods: lambda: handling.held(found, silent, OFFICER),
        LiftHold: lambda: handling.hold_lifted(found, silent, OFFICER),
        CancelDeclaration: lambda: handling.cancelled(found, silent, OFFICER),
        RecordInspection: lambda: handling.inspected(found, silent, OFFICER),
    }
    with refused(Code.CH21, field):
        decide[type(command)]()


@pytest.mark.parametrize("named", [None, replace(CUSTOMS, organisation=replace(CUSTOMS.organisation, kind=Kind.BANK))])
def test_a_lodging_names_a_customs(named: Participant | None) -> None:
    """A bank is none."""
    assert a_declaration().customs == "customs"
    with refused(Code.NOT_FOUND, "customs"):
        a_declaration(customs=named, is_number_used=True)


def test_the_index_of_goods_knows_each_declaration_once() -> None:
    goods = DeclaredGoods().with_one("b").with_one("a").with_one("b")
    assert goods.declarations == ("a", "b")
    assert goods.others("a")
    assert not goods.without("b").others("a")
