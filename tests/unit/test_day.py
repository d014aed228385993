"""The business day: opened for later dates only, and what it means for a payment's date."""

import pytest

from settlement import day
from settlement.day import BusinessDay, CloseDay, CutOffDay, DayState, OpenDay
from settlement.errors import Code
from tests.builders import TODAY, TOMORROW, YESTERDAY, an_id
from tests.expectations import refused


def a_day(state: DayState = DayState.OPEN, date: str = TODAY) -> BusinessDay:
    return BusinessDay(currency="CNY", date=date, state=state)


def opening(date: str, currency: str = "CNY") -> OpenDay:
    return OpenDay(command_id=an_id(), currency=currency, date=date)


@pytest.mark.parametrize(
    ("state", "date", "code"),
    [
        (DayState.OPEN, TODAY, None),
        (DayState.OPEN, TOMORROW, Code.DT04),
        (DayState.OPEN, YESTERDAY, Code.DT01),
        (DayState.CUT_OFF, TODAY, Code.TM01),
        (DayState.CUT_OFF, TOMORROW, Code.DT04),
        (DayState.CUT_OFF, YESTERDAY, Code.DT01),
        (DayState.CLOSED, TODAY, Code.TM01),
        (DayState.CLOSED, TOMORROW, Code.DT04),
        (DayState.CLOSED, YESTERDAY, Code.DT01),
    ],
)
def test_a_payment_is_timely_on_its_own_open_day_alone(state: DayState, date: str, code: Code | None) -> None:
    """Today is timely until the cut-off; tomorrow is too early; the past is out of date (T1)."""
    assert day.timeliness(a_day(state), date) is code


@pytest.mark.parametrize("before", [None, BusinessDay(currency="CNY")])
def test_before_the_first_day_every_payment_is_too_late(before: BusinessDay | None) -> None:
    assert day.timeliness(before, TODAY) is Code.TM01


@pytest.mark.parametrize("state", [DayState.OPEN, DayState.CUT_OFF])
def test_a_return_passes_until_the_day_is_closed(state: DayState) -> None:
    day.require_not_closed(a_day(state), TODAY)


@pytest.mark.parametrize(
    ("state", "date", "code"),
    [
        (DayState.CLOSED, TODAY, Code.DAY_CLOSED),
        (DayState.CLOSED, YESTERDAY, Code.DAY_CLOSED),
        (DayState.OPEN, TOMORROW, Code.DT04),
        (DayState.CUT_OFF, YESTERDAY, Code.DATE_PAST),
    ],
)
def test_a_return_of_another_day_does_not_pass(state: DayState, date: str, code: Code) -> None:
    with refused(code, "settlement_date"):
        day.require_not_closed(a_day(state), date)


def test_a_return_needs_a_day() -> None:
    with refused(Code.DAY_CLOSED):
        day.require_not_closed(None, TODAY)


def test_a_day_runs_from_opening_to_close() -> None:
    opened = day.opened(None, opening(TODAY))
    assert (opened.state, opened.date) == (DayState.OPEN, TODAY)
    cut = day.moved(opened, CutOffDay(command_id=an_id(), currency="CNY", date=TODAY))
    closed = day.moved(cut, CloseDay(command_id=an_id(), currency="CNY", date=TODAY))
    assert (cut.state, closed.state) == (DayState.CUT_OFF, DayState.CLOSED)
    assert day.opened(closed, opening(TOMORROW)).date == TOMORROW


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        (a_day(DayState.CLOSED), opening(TODAY), Code.DAY_NOT_LATER),
        (a_day(DayState.CLOSED), opening(YESTERDAY), Code.DAY_NOT_LATER),
        (a_day(), opening(TOMORROW), Code.MOVE_NOT_ALLOWED),
        (None, opening("2026-02-30"), Code.CH16),
        (None, opening("23.11.2026"), Code.CH16),
        (None, opening(TODAY, "XXQ"), Code.AM11),
        (None, opening(TODAY, "XAU"), Code.AM03),
        # Wrong in two ways: the code that stands first wins.
        (a_day(), opening(YESTERDAY), Code.MOVE_NOT_ALLOWED),
        (None, opening("2026-02-30", "XXQ"), Code.CH16),
    ],
)
def test_a_day_opens_only_after_the_last_one(before: BusinessDay | None, command: OpenDay, code: Code) -> None:
    with refused(code):
        day.opened(before, command)


@pytest.mark.parametrize("before", [None, a_day(date=YESTERDAY)])
def test_only_the_day_that_is_named_is_moved(before: BusinessDay | None) -> None:
    with refused(Code.NOT_FOUND, "date"):
        day.moved(before, CutOffDay(command_id=an_id(), currency="CNY", date=TODAY))


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (DayState.OPEN, CloseDay),
        (DayState.CUT_OFF, CutOffDay),
        (DayState.CLOSED, CutOffDay),
        (DayState.CLOSED, CloseDay),
    ],
)
def test_no_step_of_a_day_is_left_out_or_taken_twice(state: DayState, kind: type[CutOffDay | CloseDay]) -> None:
    with refused(Code.MOVE_NOT_ALLOWED):
        day.moved(a_day(state), kind(command_id=an_id(), currency="CNY", date=TODAY))
