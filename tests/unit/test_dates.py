"""Moments compare whatever offset they were written with, and nothing of the machine shows (M7)."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from settlement.dates import day, day_of, moment, render
from settlement.errors import Code, Refusal

FIRST_MS = -62_135_596_800_000
LAST_MS = 253_402_300_799_999


@pytest.mark.parametrize("text", ["2026-11-23", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
def test_a_date_is_its_text(text: str) -> None:
    """A date of the calendar passes unchanged."""
    assert day(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-31", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "20261123",
        "2026-W48-1", "2026-327", "2026-11-23Z", "2026-11-23+08:00", "26-11-23", "2026-1-23", " 2026-11-23",
        "2026-11-23\n", "２０２６-11-23", "-2026-11-23", "2026-11-23T00:00:00", "",
    ],
)  # fmt: skip
def test_what_is_no_date_is_ch16(text: str) -> None:
    """Other forms of ISO 8601, offsets and days that no calendar has are refused."""
    with pytest.raises(Refusal) as refused:
        day(text, "settlement_date")
    assert (refused.value.code, refused.value.where) == (Code.CH16, "settlement_date")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2026-11-23T02:44:04Z", "2026-11-23T02:44:04.000Z"),
        ("2026-11-23T03:44:04+01:00", "2026-11-23T02:44:04.000Z"),
        ("2026-11-23T10:44:04+08:00", "2026-11-23T02:44:04.000Z"),
        ("2026-11-22T21:14:04-05:30", "2026-11-23T02:44:04.000Z"),
        ("2026-11-23T02:44:04-00:00", "2026-11-23T02:44:04.000Z"),
        ("2026-11-23T16:44:04+14:00", "2026-11-23T02:44:04.000Z"),
        ("2026-11-23T02:44:04.1Z", "2026-11-23T02:44:04.100Z"),
        ("2026-11-23T02:44:04.123999999Z", "2026-11-23T02:44:04.123Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_offsets_are_normalised(text: str, normal: str) -> None:
    """One moment has one text in UTC, whatever offset it came with."""
    assert render(moment(text)) == normal


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T02:44:04", "2026-11-23 02:44:04Z", "2026-11-23t02:44:04Z", "2026-11-23T02:44:04z",
        "2016-12-31T23:59:60Z", "2026-11-23T24:00:00Z", "2026-11-23T02:60:00Z", "2026-11-23T02:44Z",
        "2026-11-23T02:44:04+0800", "2026-11-23T02:44:04+08", "2026-11-23T02:44:04+14:01", "2026-11-23T02:44:04+08:60",
        "2026-11-23T02:44:04.Z", "2026-11-23T02:44:04,5Z", "2026-11-23T02:44:04.1234567890Z", "2026-02-30T02:44:04Z",
        "2026-11-23T02:44:04Z\n", "2026-11-23T02:44:04 Z", "2026-11-23", "20261123T024404Z", "２026-11-23T02:44:04Z",
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_ch16(text: str) -> None:
    """A missing offset, a leap second, hour 24 and other forms of ISO 8601 are refused."""
    with pytest.raises(Refusal) as refused:
        moment(text, "created_at")
    assert (refused.value.code, refused.value.where) == (Code.CH16, "created_at")


@given(st.integers(FIRST_MS, LAST_MS))
def test_what_is_written_reads_back(moment_ms: int) -> None:
    """Rendering and reading are each other's inverse, and the date is the text's first ten characters."""
    text = render(moment_ms)
    assert moment(text) == moment_ms
    assert day_of(moment_ms) == text[:10]


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_reading_agrees_with_the_standard_library(then: datetime) -> None:
    """Any moment in any zone is read as what it is in UTC."""
    offset = then.utcoffset()
    assume(offset is not None and offset.seconds % 60 == 0 and abs(offset) <= timedelta(hours=14))
    expected = then.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    assert render(moment(then.isoformat(timespec="microseconds"))) == expected


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/St_Johns", "UTC"])
def test_the_machine_has_no_say(zone: str) -> None:
    """Time zone and locale of the process change nothing."""
    program = (
        "from settlement.dates import moment, render; print(render(1795401844123), moment('2026-11-23T03:44:04+01:00'))"
    )
    environment = {**os.environ, "TZ": zone, "LC_ALL": "tr_TR.UTF-8"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.split() == ["2026-11-23T02:44:04.123Z", "1795401844000"]
