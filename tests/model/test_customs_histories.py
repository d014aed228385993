"""Random histories of declarations: whoever asks for whatever whenever, held against what must always be so."""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from msgspec.structs import replace

from gateway.development.members import Member
from settlement.customs import assessment
from settlement.customs.assessment import (
    OPEN,
    AssessmentState,
    AssessTax,
    GuaranteeTax,
    TaxAssessment,
)
from settlement.customs.declaration import (
    LIFECYCLE,
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    ClearDeclaration,
    Declaration,
    DeclarationEvent,
    DeclarationState,
    DeclaredGoods,
    HoldGoods,
    LiftHold,
    OrderInspection,
    RecordInspection,
    RegisteredNumber,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.declared import goods_fingerprint
from settlement.customs.handling import declaration_id
from settlement.forms import records
from settlement.records import Command
from tests import invariants
from tests.builders import TODAY, an_id
from tests.contracts.samples import close_day, cut_off, open_day
from tests.customs_samples import HAZELNUTS, declared, lodging, number
from tests.customs_world import FIRST, SECOND, TAX, a_tax_payment, working
from tests.model.playing import play
from tests.trade import TRADER, held
from tests.world import World

HISTORIES, STEPS = 20, 30
START: Final = date.fromisoformat(TODAY)
PEOPLE: Final = (("customs", FIRST), ("customs", SECOND), ("customs", TAX), ("regulator", "supervisor-1"))
REASON: Final = "Random check"
GONE: Final = {DeclarationState.REJECTED, DeclarationState.CANCELLED}
LET_GO: Final = {DeclarationState.RELEASED, DeclarationState.CLEARED}

NEXT: Final[Mapping[DeclarationState, tuple[str, Any]]] = {
    DeclarationState.LODGED: (FIRST, AcceptDeclaration),
    DeclarationState.ACCEPTED: (TAX, AssessTax),
    DeclarationState.INSPECTED_OK: (TAX, AssessTax),
    DeclarationState.DUTY_PAID: (SECOND, ReleaseGoods),
    DeclarationState.DUTY_GUARANTEED: (SECOND, ReleaseGoods),
    DeclarationState.RELEASED: (FIRST, ClearDeclaration),
}

serials = st.integers(1, 4)
"""Few numbers, so that they meet."""
quantities = st.sampled_from(["20000", "19980"])


def day(after: int) -> str:
    return (START + timedelta(days=after)).isoformat()


class CustomsHistories(RuleBasedStateMachine):
    """A world in which customs works, one trader declares, and everybody decides."""

    names: Bundle[str] = Bundle("names")

    def __init__(self, members: Mapping[str, Member], prepared: Path, directory: Path) -> None:
        super().__init__()
        self.directory = directory / an_id()
        shutil.copytree(prepared, self.directory)
        self.world = working(World(self.directory, members))
        self.today = 0

    def teardown(self) -> None:
        self.each_move_is_a_row_of_the_table_and_is_told_once()
        self.world.close()
        shutil.rmtree(self.directory)

    # What is asked

    @initialize(target=names)
    def begin(self) -> Any:
        return multiple(*(self.lodge(serial, "20000") for serial in (1, 2)))

    @rule(target=names, serial=serials, quantity=quantities)
    def lodge(self, serial: int, quantity: str) -> str:
        content = declared(number=number(serial), lines=(replace(HAZELNUTS, quantity=quantity, value="15000.00"),))
        name = declaration_id(content.number)
        is_used = name in {record.record_id for _, record in self.world.records(RegisteredNumber)}
        ((code,),) = self.world.ask("banksh", lodging(content), by=TRADER).codes
        assert code == ("DECLARATION_NUMBER_USED" if is_used else "")
        return name

    @rule(
        name=names,
        kind=st.sampled_from([AcceptDeclaration, ReleaseGoods, ClearDeclaration, AssessTax]),
        who=st.sampled_from(PEOPLE),
    )
    def decide(self, name: str, kind: Any, who: tuple[str, str]) -> None:
        self.ask(who, kind(command_id=an_id(), declaration_id=name))

    @rule(
        name=names,
        kind=st.sampled_from([RejectDeclaration, CancelDeclaration, HoldGoods, LiftHold, LiftHold, OrderInspection]),
        who=st.sampled_from(PEOPLE),
    )
    def decide_for_a_reason(self, name: str, kind: Any, who: tuple[str, str]) -> None:
        self.ask(who, kind(command_id=an_id(), declaration_id=name, reason=REASON))

    @rule(name=names, steps=st.integers(1, 5))
    def go_on(self, name: str, steps: int) -> None:
        """Do what is next, so that histories get somewhere."""
        for _ in range(steps):
            state = self.declaration(name).state
            if state in NEXT:
                person, kind = NEXT[state]
                self.ask(("customs", person), kind(command_id=an_id(), declaration_id=name))
            elif state is DeclarationState.ASSESSED:
                self.pay(name, 0)

    @rule(name=names, passed=st.booleans(), who=st.sampled_from(PEOPLE))
    def inspect(self, name: str, *, passed: bool, who: tuple[str, str]) -> None:
        self.ask(who, RecordInspection(command_id=an_id(), declaration_id=name, is_as_declared=passed, findings=REASON))

    @rule(name=names, quantity=quantities, by_trader=st.booleans())
    def amend(self, name: str, quantity: str, *, by_trader: bool) -> None:
        content = self.declaration(name).declared
        said = replace(content, lines=(replace(content.lines[0], quantity=quantity),))
        command = AmendDeclaration(command_id=an_id(), declaration_id=name, declared=said, reason=REASON)
        self.ask(("banksh", TRADER) if by_trader else ("customs", FIRST), command)

    @rule(name=names)
    def guarantee(self, name: str) -> None:
        found = self.declaration(name)
        if found.assessment:
            command = GuaranteeTax(
                command_id=an_id(), assessment_id=found.assessment, reference="LG-1", expires_on=day(self.today + 20)
            )
            self.world.ask("banksh", command)

    @rule(name=names, extra=st.sampled_from([0, 0, 0, 1]))
    def pay(self, name: str, extra: int) -> None:
        found = self.declaration(name)
        if found.assessment:
            tax = held(self.world, TaxAssessment, found.assessment, "customs")
            owed = assessment.owed(tax, day(self.today)).total_minor + extra
            before = self.world.balance("clearing")
            payment = a_tax_payment(tax, assessment.yuan(owed), settlement_date=day(self.today))
            ((code,),) = self.world.ask("banksh", payment).codes
            assert (code == "") is (tax.state in OPEN and not extra)
            assert self.world.balance("clearing") - before == (0 if code else owed)

    @rule(ahead=st.sampled_from([1, 14, 16]))
    def next_day(self, ahead: int) -> None:
        over, self.today = day(self.today), self.today + ahead
        self.world.must("clearing", cut_off(over), close_day(over), open_day(day(self.today)), by="officer-1")

    def ask(self, who: tuple[str, str], command: Command) -> None:
        self.world.ask(who[0], command, by=who[1])

    # What must be so

    def declaration(self, name: str) -> Declaration:
        return held(self.world, Declaration, name, "customs")

    def declarations(self) -> list[Declaration]:
        return [record for place, record in self.world.records(Declaration) if place.collection == "customs"]

    @invariant()
    def customs_and_bank_hold_the_same(self) -> None:
        copies: defaultdict[str, list[Declaration | TaxAssessment]] = defaultdict(list)
        for _, declaration in self.world.records(Declaration):
            copies[declaration.record_id].append(declaration)
        for _, tax in self.world.records(TaxAssessment):
            copies[tax.record_id].append(tax)
        assert all(len(each) == 2 and each[0] == each[1] for each in copies.values())

    def each_move_is_a_row_of_the_table_and_is_told_once(self) -> None:
        """Followed through every version that was ever written, as the ledger's feed has them."""
        seen: dict[str, tuple[int, DeclarationState]] = {}
        for found in self.versions():
            revision, state = seen.get(found.record_id, (0, DeclarationState.DRAFT))
            for act in found.acts:
                state = LIFECYCLE.moves[state, DeclarationEvent(act.event)]
            assert (found.revision, found.state) == (revision + len(found.acts), state)
            seen[found.record_id] = found.revision, found.state

    def versions(self) -> Iterator[Declaration]:
        for block in range(self.world.ledger.height):
            feed = self.world.ledger.feed(block, "customs".__eq__)
            assert feed is not None
            for write in feed.private:
                record = records.decode(write.value or b"", private=True)
                if isinstance(record, Declaration):
                    yield record

    @invariant()
    def nothing_is_let_go_held_or_untaxed(self) -> None:
        for found in self.declarations():
            if found.state not in LET_GO:
                continue
            assert not found.is_held
            release = [act for act in found.acts if act.event == DeclarationEvent.RELEASED]
            lifted = {hold.lifted_by.name for hold in found.holds if hold.lifted_by}
            assert all(act.signer not in lifted for act in release)
            tax = held(self.world, TaxAssessment, found.assessment, "customs")
            assert tax.state is AssessmentState.PAID or tax.guarantee is not None
            assert found.state is not DeclarationState.CLEARED or tax.state is AssessmentState.PAID

    @invariant()
    def the_index_of_goods_is_that_of_standing_declarations(self) -> None:
        standing: defaultdict[str, set[str]] = defaultdict(set)
        for found in self.declarations():
            if found.state not in GONE:
                standing[goods_fingerprint(found.declared)].add(found.record_id)
        indexed = {each.declarations for _, each in self.world.records(DeclaredGoods) if each.declarations}
        assert indexed == {tuple(sorted(each)) for each in standing.values()}
        assert {each.record_id for _, each in self.world.records(RegisteredNumber)} == {
            found.record_id for found in self.declarations()
        }

    @invariant()
    def the_treasury_has_what_was_paid(self) -> None:
        paid = [
            assessment.fen(tax.total) + assessment.fen(tax.interest)
            for place, tax in self.world.records(TaxAssessment)
            if place.collection == "customs" and tax.state is AssessmentState.PAID
        ]
        assert self.world.balance("clearing") == sum(paid)
        invariants.check(self.world)


def test_whoever_decides_whatever_the_rules_of_customs_hold(
    members: Mapping[str, Member], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two copies are one, moves are rows, goods are let go by the rules alone, indexes and treasury are exact."""
    directory = tmp_path_factory.mktemp("histories")
    play(lambda: CustomsHistories(members, prepared, directory), histories=HISTORIES, steps=STEPS)
