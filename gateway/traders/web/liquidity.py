"""The picture of an account through the day: what stood on it from one movement to the next. Drawn as SVG."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.projection.balances import Point
from gateway.traders.web.drawing import picture, written
from gateway.traders.web.frame import clock
from gateway.traders.web.life import grouped
from gateway.traders.web.words import Words
from settlement import money

WIDTH: Final = 320
_TOP: Final = 20
_BOTTOM: Final = 104
_HEIGHT: Final = 140


class Course(NamedTuple):
    """An account's day. Amounts in minor units; the points are in their order, none before `since_ms`.

    It is drawn until `until_ms`, or the last point where that is later.
    """

    currency: str
    opening_minor: int
    points: Sequence[Point]
    since_ms: int
    until_ms: int

    @property
    def end_ms(self) -> int:
        """Where the picture ends."""
        return max(self.until_ms, self.points[-1].at_ms if self.points else self.until_ms)

    @property
    def now_minor(self) -> int:
        """What stands there now."""
        return self.points[-1].posted_minor if self.points else self.opening_minor

    @property
    def lowest(self) -> Point:
        """The lowest point of the day; its opening where nothing went below."""
        opening = Point(self.since_ms, self.opening_minor, self.opening_minor, self.opening_minor)
        return min((opening, *self.points), key=lambda point: point.least_minor)

    @property
    def highest_minor(self) -> int:
        """The most that stood there during the day."""
        return max((self.opening_minor, *(point.most_minor for point in self.points)))

    def amount(self, minor: int) -> str:
        """Write an amount for people, without its currency."""
        return grouped(money.render(minor, self.currency), self.currency).rsplit(" ", 1)[0]


def draw(course: Course, text: Words, *, name: str, title: str) -> str:
    """Draw a day as an SVG element; `name` makes its ids the page's only ones."""
    lowest = course.lowest
    line = _path(course)
    opening_y, low_y = _y(course, course.opening_minor), _y(course, lowest.least_minor)
    said = text(
        "liquidity_said",
        currency=course.currency,
        opening=course.amount(course.opening_minor),
        now=course.amount(course.now_minor),
        lowest=course.amount(lowest.least_minor),
        at=clock(lowest.at_ms),
    )
    body = (
        f'<line x1="0" y1="{_TOP}" x2="{WIDTH}" y2="{_TOP}" class="grid"/>'
        f'<path d="{line} V{_BOTTOM} H0 Z" class="under"/>'
        f'<line x1="0" y1="{_BOTTOM}" x2="{WIDTH}" y2="{_BOTTOM}" class="axis"/>'
        f'<line x1="0" y1="{opening_y:.1f}" x2="{WIDTH}" y2="{opening_y:.1f}" class="opening"/>'
        f'<path d="{line}" class="balance"/>'
        f'<circle cx="{_x(course, lowest.at_ms):.1f}" cy="{low_y:.1f}" r="4" class="lowest"/>'
        f"{written(0, _TOP - 6, course.amount(course.highest_minor), 'quiet')}"
        f"{written(0, _BOTTOM + 15, clock(course.since_ms), 'quiet')}"
        f"{written(WIDTH, _BOTTOM + 15, clock(course.end_ms), 'quiet end')}"
        f"{written(0, _BOTTOM + 33, text('lowest_was', amount=course.amount(lowest.least_minor)), 'quiet')}"
    )
    return picture(WIDTH, _HEIGHT, body, name=name, title=title, description=said, kind="liquidity")


def _path(course: Course) -> str:
    """Draw what stood there as steps, from the opening on; within a span of time its least and most show too."""
    path = f"M0 {_y(course, course.opening_minor):.1f}"
    for point in course.points:
        x = _x(course, point.at_ms)
        path += f" H{x:.1f}"
        for minor in (point.most_minor, point.least_minor, point.posted_minor):
            path += f" V{_y(course, minor):.1f}"
    return f"{path} H{WIDTH}"


def _x(course: Course, at_ms: int) -> float:
    span = max(1, course.end_ms - course.since_ms)
    return WIDTH * min(1.0, max(0.0, (at_ms - course.since_ms) / span))


def _y(course: Course, minor: int) -> float:
    low, high = course.lowest.least_minor, course.highest_minor
    share = (minor - low) / (high - low) if high > low else 0.5
    return _BOTTOM - 8 - share * (_BOTTOM - 8 - _TOP)
