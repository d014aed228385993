"""The picture of an account through the day: what stood on it from one movement to the next. Drawn as SVG."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.projection.balances import Point
from gateway.traders.web.drawing import picture, written
from gateway.traders.web.frame import clock
from gateway.traders.web.words import Words
from settlement import money

WIDTH: Final = 320
_TOP: Final = 20
_BOTTOM: Final = 104
_LOW: Final = _BOTTOM - 8
"""Where the lowest amount stands: a little above the axis, which is not zero."""
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
        return money.for_people(money.render(minor, self.currency), self.currency).rsplit(" ", 1)[0]


class _Scale(NamedTuple):
    """Where moments and amounts stand in the picture: looked up once, for hundreds of points."""

    low: int
    high: int
    since_ms: int
    end_ms: int

    def x(self, at_ms: int) -> float:
        """Give a moment's place from the left."""
        span = max(1, self.end_ms - self.since_ms)
        return WIDTH * min(1.0, max(0.0, (at_ms - self.since_ms) / span))

    def y(self, minor: int) -> float:
        """Give an amount's place from the top; where nothing moved, the middle."""
        share = (minor - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return _LOW - share * (_LOW - _TOP)


def draw(course: Course, text: Words, *, name: str, title: str) -> str:
    """Draw a day as an SVG element; `name` makes its ids the page's only ones."""
    lowest = course.lowest
    scale = _Scale(lowest.least_minor, course.highest_minor, course.since_ms, course.end_ms)
    line = _path(course, scale)
    opening_y = scale.y(course.opening_minor)
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
        f'<circle cx="{scale.x(lowest.at_ms):.1f}" cy="{scale.y(lowest.least_minor):.1f}" r="4" class="lowest"/>'
        f"{written(0, _TOP - 6, course.amount(course.highest_minor), 'quiet')}"
        f"{written(0, _BOTTOM + 15, clock(course.since_ms), 'quiet')}"
        f"{written(WIDTH, _BOTTOM + 15, clock(course.end_ms) + ' UTC', 'quiet end')}"
        f"{written(0, _BOTTOM + 33, text('lowest_was', amount=course.amount(lowest.least_minor)), 'quiet')}"
    )
    return picture(WIDTH, _HEIGHT, body, name=name, title=title, description=said, kind="liquidity")


def _path(course: Course, scale: _Scale) -> str:
    """Draw what stood there as steps, from the opening on; within a span of time its least and most show too."""
    parts = [f"M0 {scale.y(course.opening_minor):.1f}"]
    for point in course.points:
        parts.append(f"H{scale.x(point.at_ms):.1f}")
        parts += [f"V{scale.y(minor):.1f}" for minor in (point.most_minor, point.least_minor, point.posted_minor)]
    return " ".join((*parts, f"H{WIDTH}"))
