"""Dates and moments as text and as integers, with no clock, no locale and no time zone of the machine (M7).

A date is its text, YYYY-MM-DD, which also sorts. A moment is an integer: milliseconds since 1970-01-01T00:00:00Z,
so that two moments compare whatever offset they were written with. Years are 0001 to 9999.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from settlement.errors import Code, Refusal

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST_MS: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_MS: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_OFFSET_MINUTES_MAX: Final = 14 * 60
_MINUTES_IN_HOUR: Final = 60


def day(text: str, where: str = "date") -> str:
    """Check a date (ISO 8601 YYYY-MM-DD, ISO 20022 `ISODate` without offset); give it unchanged, or refuse CH16."""
    if _DATE.fullmatch(text) is None:
        raise Refusal(Code.CH16, where)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Refusal(Code.CH16, where) from None
    return text


def moment(text: str, where: str = "moment") -> int:
    """Read an RFC 3339 date-time; give milliseconds since 1970 UTC (negative before), or refuse CH16.

    An offset is required (ISO 20022 `ISODateTime` in CBPR+) and at most 14 hours; T and Z are capitals. Digits after
    the third decimal of a second are cut off. A leap second (:60) is refused: milliseconds since 1970 have no place
    for it, and XML Schema has none either.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Refusal(Code.CH16, where)
    clock, fraction, sign, hours, minutes = found.groups("0")
    ahead = int(hours) * _MINUTES_IN_HOUR + int(minutes)
    if int(minutes) >= _MINUTES_IN_HOUR or ahead > _OFFSET_MINUTES_MAX:
        raise Refusal(Code.CH16, where)
    offset = timezone(timedelta(minutes=-ahead if sign == "-" else ahead))
    try:
        whole = datetime.fromisoformat(clock).replace(tzinfo=offset)
    except ValueError:
        raise Refusal(Code.CH16, where) from None
    moment_ms = (whole - _EPOCH) // _MILLISECOND + int(fraction[:3].ljust(3, "0"))
    if not _FIRST_MS <= moment_ms <= _LAST_MS:
        raise Refusal(Code.CH16, where)
    return moment_ms


def days_after(day: str, days: int) -> str:
    """Give the date so many days after another that is known to be one."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def render(moment_ms: int) -> str:
    """Write milliseconds since 1970 as RFC 3339 in UTC with three decimals: `2026-11-23T02:44:04.123Z`."""
    return (_EPOCH + moment_ms * _MILLISECOND).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def day_of(moment_ms: int) -> str:
    """Give the UTC date, YYYY-MM-DD, on which a moment lies."""
    return (_EPOCH + moment_ms * _MILLISECOND).date().isoformat()
