"""The charts: what they draw and say is what happened."""

import re

import pytest
from lxml import etree

from gateway.projection.activity import Span, Spans
from gateway.projection.balances import Point
from gateway.traders.web import activity, liquidity
from gateway.traders.web.liquidity import Course
from gateway.traders.web.words import Words

HOUR_MS = 3_600_000


def a_course(*points: Point, currency: str = "CNY", opening: int = 1_000_000) -> Course:
    return Course(currency, opening, points, 0, 10 * HOUR_MS)


def drawn(course: Course) -> etree._Element:
    return etree.fromstring(liquidity.draw(course, Words("en"), name="x", title="CNY"))


def ys(svg: etree._Element) -> list[float]:
    (line,) = svg.findall("path[@class='balance']")
    return [float(found) for found in re.findall(r"(?:M0 |V)([0-9.]+)", line.get("d") or "")]


def test_the_line_goes_down_where_the_balance_does_and_the_lowest_point_is_marked() -> None:
    """A smaller balance stands lower, and so has a greater y."""
    svg = drawn(a_course(Point(HOUR_MS, 400_000, 400_000, 400_000), Point(5 * HOUR_MS, 700_000, 700_000, 700_000)))
    opening, *_, after_first = ys(svg)[:4]
    last = ys(svg)[-1]
    assert opening < last < after_first
    (mark,) = svg.findall("circle[@class='lowest']")
    assert float(mark.get("cy") or 0) == after_first
    assert float(mark.get("cx") or 0) == pytest.approx(liquidity.WIDTH / 10)


def test_what_dipped_within_a_span_is_drawn_and_told() -> None:
    svg = drawn(a_course(Point(HOUR_MS, 900_000, 100_000, 1_200_000)))
    assert "lowest at 01:00:00 with 1,000.00" in (svg.findtext("desc") or "")
    assert "12,000.00" in "".join(map(str, svg.itertext()))
    assert max(ys(svg)) - min(ys(svg)) > 50


@pytest.mark.parametrize(("currency", "said"), [("JPY", "1,000,000"), ("CNY", "10,000.00"), ("BHD", "1,000.000")])
def test_a_day_on_which_nothing_moved_is_a_level_line_in_the_currencys_own_units(currency: str, said: str) -> None:
    svg = drawn(a_course(currency=currency))
    assert len(set(ys(svg))) == 1
    assert f"began at {said} and is {said} now" in (svg.findtext("desc") or "")


def test_bars_are_as_high_as_their_numbers() -> None:
    day = Spans((Span(0, 4, 0), Span(HOUR_MS, 1, 1), Span(2 * HOUR_MS, 0, 0)), 3 * HOUR_MS)
    svg = etree.fromstring(activity.draw(day, Words("en")))
    settled = [float(bar.get("height") or 0) for bar in svg.findall("rect[@class='bar-settled']")]
    rejected = [float(bar.get("height") or 0) for bar in svg.findall("rect[@class='bar-rejected']")]
    assert settled[0] == pytest.approx(4 * settled[1], abs=0.1)
    assert rejected == [settled[1]]
    assert svg.findtext("desc") == "5 payments settled and 1 rejected; at most 4 in one span of time."
