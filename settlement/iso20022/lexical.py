"""Simple types of ISO 20022 schemas, on the raw text: each becomes a function that gives the value or raises.

The text is taken as it stands in the document. Where XML Schema is lenient we are not: white space around a number,
a date or a code, a sign before an amount, and a date with a time zone are refused, for two readers could take them
for different things. Digits are ASCII digits.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from xsdata.models.datatype import XmlDate, XmlDateTime, XmlTime

Converter = Callable[[str], Any]
"""Gives the value that a text stands for; raises ValueError when a facet is broken."""

_DECIMAL: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?").fullmatch
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_TIME: Final = re.compile(
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
).fullmatch
_OFFSET_MAX_MINUTES: Final = 14 * 60
_MINUTES_MAX: Final = 59
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


def converter(kind: type, facets: Mapping[str, Any]) -> Converter:
    """Give the function for a Python type of the models and the facets that stand in its metadata."""
    if kind is str:
        return _text(facets)
    if kind is Decimal:
        return _decimal(facets)
    if issubclass(kind, Enum):
        return _enumeration(kind)
    return _OTHERS[kind]


def _text(facets: Mapping[str, Any]) -> Converter:
    shortest: int = facets.get("min_length", 0)
    longest: int = facets.get("max_length", 1 << 20)
    pattern = re.compile(facets["pattern"], re.ASCII).fullmatch if "pattern" in facets else None

    def text(raw: str) -> str:
        if not shortest <= len(raw) <= longest or (pattern is not None and pattern(raw) is None):
            raise ValueError
        return raw

    return text


def _decimal(facets: Mapping[str, Any]) -> Converter:
    total: int = facets["total_digits"]
    after_point: int = facets["fraction_digits"]

    def decimal(raw: str) -> Decimal:
        found = _DECIMAL(raw)
        if found is None:
            raise ValueError
        whole, fraction = found.groups("")
        if len(whole) + len(fraction) > total or len(fraction) > after_point:
            raise ValueError
        return Decimal(raw)

    return decimal


def _enumeration(kind: type[Enum]) -> Converter:
    members = {member.value: member for member in kind}

    def code(raw: str) -> Enum:
        try:
            return members[raw]
        except KeyError:
            raise ValueError from None

    return code


def _boolean(raw: str) -> bool:
    try:
        return _BOOLEANS[raw]
    except KeyError:
        raise ValueError from None


def _date(raw: str) -> XmlDate:
    found = _DATE(raw)
    if found is None:
        raise ValueError
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return XmlDate(day.year, day.month, day.day)


def _clock(raw: str) -> tuple[int, int, int, int, int | None]:
    found = _TIME(raw)
    if found is None:
        raise ValueError
    hour, minute, second, fraction, zone = found.groups()
    offset: int | None = None
    if zone == "Z":
        offset = 0
    elif zone:
        minutes = int(zone[4:6])
        offset = int(zone[1:3]) * 60 + minutes
        if minutes > _MINUTES_MAX or offset > _OFFSET_MAX_MINUTES:
            raise ValueError
        offset = -offset if zone[0] == "-" else offset
    return int(hour), int(minute), int(second), int((fraction or "").ljust(9, "0")), offset


def _moment(raw: str) -> XmlDateTime:
    day = _date(raw[:10])
    if raw[10:11] != "T":
        raise ValueError
    return XmlDateTime(day.year, day.month, day.day, *_clock(raw[11:]))


def _time(raw: str) -> XmlTime:
    return XmlTime(*_clock(raw))


_OTHERS: Final[dict[type, Converter]] = {bool: _boolean, XmlDate: _date, XmlDateTime: _moment, XmlTime: _time}
