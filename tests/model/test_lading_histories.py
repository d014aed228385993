"""Random histories of bills of lading, against a model of a bill on paper: a sheet in one hand, a name on its back.

Whatever anybody tries, in whatever order, the rules let happen what a sheet of paper would let happen, and no more;
and the chain verifies after every step (REQUIREMENTS I7 to I10).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.trade.lading import bill as bills
from settlement.trade.lading import control
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import LINKED, Action, BillParty, BillState
from settlement.trade.lading.commands import Manner, Purpose
from tests.expectations import refused
from tests.lading import (
    BANKIST,
    BANKSH,
    CARRIER,
    OTHER,
    SILK,
    TEKSTIL,
    a_bill,
    a_named_bill,
    a_straight_bill,
    an_actor,
    answer,
    endorse,
    holder_of,
    reject,
    surrender,
    title_of,
    transfer,
)

HISTORIES: Final = 120
STEPS: Final = 40

PEOPLE: Final = {
    "carrier": CARRIER,
    "silk": SILK,
    "tekstil": TEKSTIL,
    "other": OTHER,
    "banksh": BANKSH,
    "bankist": BANKIST,
}
KINDS: Final[dict[str, Callable[[], BillOfLading]]] = {
    "blank": a_bill,
    "named": a_named_bill,
    "straight": a_straight_bill,
}
HAND: Final = "whoever has it in hand"
WHO = st.sampled_from([*sorted(PEOPLE), *[HAND] * 6])
TO = st.sampled_from(sorted(PEOPLE))
NOW_AND_THEN = st.sampled_from([False] * 9 + [True])
"""A history in which every bill ended at once would tell little."""


@dataclass
class Sheet:
    """A bill on paper. `back` is the last name endorsed on it, "" for blank; `gone`: with the carrier for good."""

    kind: str
    hand: str = "silk"
    back: str = ""
    may_endorse: bool = True
    asked_by: str = ""
    gone: bool = False
    given: tuple[str, str, bool] | None = None
    """What the last action gave to who holds it now: by whom, and the name on the back before."""
    written: list[tuple[str, str, bool]] = field(default_factory=list)
    """The endorsement just written, while nothing has been done since: to whom, and the back before."""

    def who_may_collect(self) -> set[str]:
        if self.kind == "straight":
            return {"silk", "tekstil"}
        return {self.back or self.hand}


class LadingHistories(RuleBasedStateMachine):
    @initialize(kind=st.sampled_from(sorted([*KINDS, "named", "named"])))
    def issue(self, kind: str) -> None:
        self.bill = KINDS[kind]()
        self.sheet = Sheet(kind, back="silk" if kind == "named" else "")

    def attempt(self, may: bool, act: Callable[[], BillOfLading]) -> bool:
        """Do it, and say whether it was done; it must be done where the model says that it may be."""
        if may:
            self.bill = act()
        else:
            with pytest.raises(Refusal):
                act()
        return may

    @rule(who=WHO, to=TO)
    def transfers(self, who: str, to: str) -> None:
        who = self.name(who)
        sheet = self.sheet
        may = self.in_hand(who) and to not in (who, "carrier")
        may = may and (sheet.kind != "straight" or to != "other")
        if self.attempt(may, lambda: transfer(self.bill, PEOPLE[to], who)):
            back = next(((name, on) for for_, name, on in sheet.written if for_ == to), (sheet.back, sheet.may_endorse))
            sheet.given = (who, *back)
            sheet.hand, sheet.written = to, []

    @rule(who=WHO, to=TO, manner=st.sampled_from(list(Manner)))
    def endorses(self, who: str, to: str, manner: Manner) -> None:
        who = self.name(who)
        sheet = self.sheet
        blank = manner is Manner.BLANK_ENDORSE
        may = self.in_hand(who) and sheet.kind != "straight" and (blank or to not in (who, "carrier"))
        may = may and (not sheet.back or (sheet.back == who and sheet.may_endorse))
        if self.attempt(may, lambda: endorse(self.bill, None if blank else PEOPLE[to], who, manner)):
            sheet.written = [] if blank else [(to, sheet.back, sheet.may_endorse)]
            sheet.back, sheet.may_endorse = "" if blank else to, manner is not Manner.ENDORSE
            sheet.given = None

    @rule(who=WHO)
    def signs(self, who: str) -> None:
        who = self.name(who)
        if self.attempt(self.in_hand(who), lambda: control.signed(self.bill, an_actor(who))):
            self.used()

    @rule(who=WHO)
    def rejects(self, who: str) -> None:
        who = self.name(who)
        sheet = self.sheet
        may = self.in_hand(who) and sheet.given is not None
        if self.attempt(may, lambda: reject(self.bill, who)):
            assert sheet.given is not None
            sheet.hand, sheet.back, sheet.may_endorse = sheet.given
            self.used()

    @rule(who=TO, purpose=st.sampled_from(list(Purpose)))
    def surrenders(self, who: str, purpose: Purpose) -> None:
        sheet = self.sheet
        may = self.in_hand(who) and who in sheet.who_may_collect()
        if self.attempt(may, lambda: surrender(self.bill, who, purpose, "COD")):
            sheet.asked_by, sheet.hand = who, "carrier"
            self.used()

    @rule(who=WHO, accepted=NOW_AND_THEN)
    def answers(self, who: str, *, accepted: bool) -> None:
        who = self.name(who)
        sheet = self.sheet
        may = who == "carrier" and bool(sheet.asked_by)
        if self.attempt(may, lambda: answer(self.bill, accepted=accepted, by=who, reason="as agreed")):
            if not accepted:
                sheet.hand = sheet.asked_by
            sheet.gone, sheet.asked_by = accepted, ""

    @rule(who=WHO, to=TO)
    def passes_all(self, who: str, to: str) -> None:
        """Title and bill in one go are an endorsement and a transfer, or nothing."""
        who = self.name(who)
        sheet = self.sheet
        may = self.in_hand(who) and to not in (who, "carrier") and (sheet.kind != "straight" or to != "other")
        may = may and (not sheet.back or (sheet.back == who and sheet.may_endorse))
        if self.attempt(may, lambda: control.passed(self.bill, PEOPLE[to], an_actor(who))):
            before = (sheet.back, sheet.may_endorse)
            written = next(((name, on) for for_, name, on in sheet.written if for_ == to and not sheet.back), before)
            sheet.given = (who, *written)
            sheet.back, sheet.may_endorse = (to, True) if sheet.back else before
            sheet.hand, sheet.written = to, []

    @invariant()
    def the_record_says_what_the_sheet_says(self) -> None:
        sheet, made = self.sheet, self.bill
        assert holder_of(made) == PEOPLE[sheet.hand]
        assert title_of(made) == (PEOPLE[sheet.back] if sheet.back else None)
        assert isinstance(holder_of(made), BillParty)
        actions = [link.action for link in made.links]
        assert actions[0] is Action.ISSUE
        assert actions.count(Action.ISSUE) == 1
        assert Action.SACC not in actions[:-1]
        assert set(actions) <= LINKED
        assert (made.state in {BillState.SURRENDERED_FOR_DELIVERY, BillState.SURRENDERED_FOR_AMENDMENT}) is sheet.gone
        bills.verify(made)

    @rule(data=st.data())
    def nobody_alters_a_link(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.bill.links) - 1))
        links = list(self.bill.links)
        links[number] = replace(links[number], at_ms=links[number].at_ms + 1)
        with refused(Code.CHAIN_BROKEN):
            bills.verify(replace(self.bill, links=tuple(links)))

    def name(self, who: str) -> str:
        return self.sheet.hand if who == HAND else who

    def in_hand(self, who: str) -> bool:
        return self.sheet.hand == who and not self.sheet.asked_by and not self.sheet.gone

    def used(self) -> None:
        self.sheet.given, self.sheet.written = None, []


def test_every_history_is_that_of_a_sheet_of_paper() -> None:
    run_state_machine_as_test(
        LadingHistories,
        settings=settings(max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, print_blob=True),
    )
