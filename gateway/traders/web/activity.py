"""The picture of the day's payments: how many were decided in each span of time, settled and rejected. Drawn as SVG."""

from typing import Final

from gateway.projection.activity import Spans
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


def draw(day: Spans, text: Words) -> str:
    """Draw a day, on which something was decided, as an SVG element."""
    most = max(each.settled + each.rejected for each in day.spans)
    width = WIDTH / len(day.spans)
    body = (
        f'<line x1="0" y1="{_TOP}" x2="{WIDTH}" y2="{_TOP}" class="grid"/>{written(0, _TOP - 7, f"{most:,}", "quiet")}'
    )
    for place, each in enumerate(day.spans):
        settled, rejected = (number / most * (_BOTTOM - _TOP) for number in (each.settled, each.rejected))
        x = place * width + _GAP / 2
        body += _bar(x, _BOTTOM - settled, width - _GAP, settled, "bar-settled")
        body += _bar(x, _BOTTOM - settled - rejected, width - _GAP, rejected, "bar-rejected")
    body += f'<line x1="0" y1="{_BOTTOM}" x2="{WIDTH}" y2="{_BOTTOM}" class="axis"/>'
    body += written(0, _BOTTOM + 18, clock(day.spans[0].at_ms), "quiet")
    body += written(WIDTH, _BOTTOM + 18, f"{clock(day.last_ms)} UTC", "quiet end")
    said = text("activity_said", settled=day.settled, rejected=day.rejected, most=most)
    return picture(WIDTH, _HEIGHT, body, name="activity", title=text("activity"), description=said, kind="activity")


def _bar(x: float, y: float, width: float, height: float, kind: str) -> str:
    if not height:
        return ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}"/>'
