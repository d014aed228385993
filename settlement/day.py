"""The business day of a currency: a record moved by command, never by a clock.

A day is opened for a date, cut off, and closed; then a later date may be opened. Payments settle on the date of an
open day. After the cut-off a payment of today comes too late (TM01), one of tomorrow too early (DT04), one of the
past is out of date (DT01); returns and redemptions still pass until the day is closed. (REQUIREMENTS T1)
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import currencies, dates
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand, Record


class DayState(StrEnum):
    """Where a business day stands."""

    OPEN = "OPEN"
    CUT_OFF = "CUT_OFF"
    CLOSED = "CLOSED"


class DayEvent(StrEnum):
    """What happens to a business day."""

    OPENED = "OPENED"
    CUT_OFF = "CUT_OFF"
    CLOSED = "CLOSED"


LIFECYCLE: Final = Lifecycle(
    "business day",
    initial=DayState.CLOSED,
    moves={
        (DayState.CLOSED, DayEvent.OPENED): DayState.OPEN,
        (DayState.OPEN, DayEvent.CUT_OFF): DayState.CUT_OFF,
        (DayState.CUT_OFF, DayEvent.CLOSED): DayState.CLOSED,
    },
)


class BusinessDay(Record, tag="day/1"):
    """The day of one currency: its date (YYYY-MM-DD, empty before the first) and its state."""

    currency: str
    date: str = ""
    state: DayState = DayState.CLOSED


class OpenDay(IdentifiedCommand):
    """Open the business day of a currency for a date later than any before."""

    currency: str
    date: str


class CutOffDay(IdentifiedCommand):
    """End the submission of payments of the open day."""

    currency: str
    date: str


class CloseDay(IdentifiedCommand):
    """Close the day: nothing moves in this currency until the next is opened."""

    currency: str
    date: str


def opened(day: BusinessDay | None, command: OpenDay) -> BusinessDay:
    """Open a day; DAY_NOT_LATER unless its date is later than the last one's."""
    dates.day(command.date, "date")
    currencies.exponent(command.currency)
    before = day or BusinessDay(currency=command.currency)
    state = LIFECYCLE.after(before.state, DayEvent.OPENED)
    if before.date >= command.date:
        raise Refusal(Code.DAY_NOT_LATER, "date")
    return replace(before, date=command.date, state=state)


def moved(day: BusinessDay | None, command: CutOffDay | CloseDay) -> BusinessDay:
    """Cut off or close the day that the command names."""
    if day is None or day.date != command.date:
        raise Refusal(Code.NOT_FOUND, "date")
    event = DayEvent.CUT_OFF if isinstance(command, CutOffDay) else DayEvent.CLOSED
    return replace(day, state=LIFECYCLE.after(day.state, event))


def date_of(day: BusinessDay | None) -> str:
    """Give the date of a day; empty before the first."""
    return day.date if day is not None else ""


def timeliness(day: BusinessDay | None, date: str) -> Code | None:
    """Say why a payment of a date cannot settle now: DT01 and TM01 reject it, DT04 refuses it; None: it can."""
    if day is None or not day.date:
        return Code.TM01
    if date < day.date:
        return Code.DT01
    if date > day.date:
        return Code.DT04
    return None if day.state is DayState.OPEN else Code.TM01


def require_not_closed(day: BusinessDay | None, date: str) -> None:
    """Let a return or a redemption pass until the day is closed; DT01, DT04 or DAY_CLOSED otherwise."""
    if day is None or day.state is DayState.CLOSED:
        raise Refusal(Code.DAY_CLOSED, "settlement_date")
    if date != day.date:
        raise Refusal(Code.DT04 if date > day.date else Code.DATE_PAST, "settlement_date")
