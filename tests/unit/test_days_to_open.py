"""What a command line says of a day that is over: the very commands that open the next."""

import pytest

from gateway.cli import business_days
from gateway.cli.business_days import commands
from waitan.v1.days_pb2 import DAY_STATE_CLOSED, DAY_STATE_CUT_OFF, DAY_STATE_OPEN, BusinessDay, DayState

CLOSED, CUT_OFF, OPEN = DAY_STATE_CLOSED, DAY_STATE_CUT_OFF, DAY_STATE_OPEN


def a_day(currency: str, date: str, state: DayState) -> BusinessDay:
    return BusinessDay(currency=currency, date=date, state=state)


@pytest.mark.parametrize(
    ("state", "date", "others", "expected"),
    [
        (CLOSED, "2026-11-27", [("EUR", "2026-11-27", CLOSED)], ["day open 2026-11-28"]),
        (CLOSED, "2026-11-24", [("EUR", "2026-11-24", CLOSED)], ["day open 2026-11-27"]),
        (CLOSED, "2026-11-27", [("EUR", "2026-11-30", CLOSED)], ["day open 2026-12-01"]),
        (CUT_OFF, "2026-11-27", [("EUR", "2026-11-27", CUT_OFF)], ["day close", "day open 2026-11-28"]),
        (
            *(CUT_OFF, "2026-11-27", [("EUR", "2026-11-27", OPEN)]),
            ["day close --currency CNY", "day open 2026-11-28 --currency CNY"],
        ),
        (CLOSED, "2026-11-27", [("EUR", "2026-11-30", OPEN)], ["day open 2026-11-30 --currency CNY"]),
        (CLOSED, "2026-11-27", [("EUR", "2026-11-27", CUT_OFF)], ["day open 2026-11-28 --currency CNY"]),
        (CLOSED, "2026-11-27", [], ["day open 2026-11-28"]),
    ],
)
def test_the_next_day_is_opened_in_these_words(
    monkeypatch: pytest.MonkeyPatch,
    state: DayState,
    date: str,
    others: list[tuple[str, str, DayState]],
    expected: list[str],
) -> None:
    """In every currency where all stand alike; no earlier than today, the 27th."""
    monkeypatch.setattr(business_days, "today", lambda: "2026-11-27")
    day = a_day("CNY", date, state)
    assert commands(day, [a_day(*other) for other in others] + [day]) == expected
