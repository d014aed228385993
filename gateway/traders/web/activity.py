"""The picture of the day's payments: how many were decided in each span of time, settled and rejected. Drawn as SVG."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.projection.activity import Decided
from gateway.traders.web.drawing import picture, written
from gateway.traders.web.frame import clock
from gateway.traders.web.words import Words

COUNTED: Final = 50_000
"""How many payments are counted at most, the newest."""
WIDTH: Final = 420
BARS: Final = 24
_TOP: Final = 22
_BOTTOM: Final = 120
_HEIGHT: Final = 146
_GAP: Final = 4


class Span(NamedTuple):
    """How many payments were decided from a moment on, until the next span begins."""

    at_ms: int
    settled: int
    rejected: int


def spans(decided: Sequence[Decided]) -> list[Span]:
    """Count payments in spans of the same length, from the first to the last of them."""
    if not decided:
        return []
    first, last = min(each.at_ms for each in decided), max(each.at_ms for each in decided)
    length_ms = max(1, -(-(last - first + 1) // BARS))
    counts = [[0, 0] for _ in range(BARS)]
    for each in decided:
        counts[(each.at_ms - first) // length_ms][each.is_rejected] += 1
    return [Span(first + place * length_ms, *count) for place, count in enumerate(counts)]


def draw(decided: Sequence[Decided], text: Words) -> str:
    """Draw the day as an SVG element."""
    counted = spans(decided)
    most = max(each.settled + each.rejected for each in counted)
    width = WIDTH / BARS
    body = f'<line x1="0" y1="{_TOP}" x2="{WIDTH}" y2="{_TOP}" class="grid"/>' + written(
        0, _TOP - 7, f"{most}", "quiet"
    )
    for place, each in enumerate(counted):
        settled, rejected = (_share(number, most) for number in (each.settled, each.rejected))
        x = place * width + _GAP / 2
        body += _bar(x, _BOTTOM - settled, width - _GAP, settled, "bar-settled")
        body += _bar(x, _BOTTOM - settled - rejected, width - _GAP, rejected, "bar-rejected")
    body += f'<line x1="0" y1="{_BOTTOM}" x2="{WIDTH}" y2="{_BOTTOM}" class="axis"/>'
    body += written(0, _BOTTOM + 18, clock(counted[0].at_ms), "quiet")
    body += written(WIDTH, _BOTTOM + 18, clock(max(each.at_ms for each in decided)), "quiet end")
    settled_in_all = sum(each.settled for each in counted)
    said = text("activity_said", settled=settled_in_all, rejected=len(decided) - settled_in_all, most=most)
    return picture(WIDTH, _HEIGHT, body, name="activity", title=text("activity"), description=said, kind="activity")


def _share(number: int, most: int) -> float:
    return number / most * (_BOTTOM - _TOP)


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    if not height:
        return ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}"/>'
