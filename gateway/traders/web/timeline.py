"""The picture of a payment's life: a line downwards with a mark for each step, drawn as SVG on the server.

The table beside the picture says the same in words, for those who do not see it.
"""

from collections.abc import Iterator
from typing import Final

from gateway.traders.web.drawing import fitted, picture, written
from gateway.traders.web.frame import clock, moment
from gateway.traders.web.life import Life, Mood, Step
from gateway.traders.web.words import Words, span

WIDTH: Final = 340
STEP: Final = 82
"""The height of a step, in the picture's own units."""
_LINE: Final = 20
_TEXT: Final = 46
_TOP: Final = 22
_RADIUS: Final = 9
_DATE: Final = 72
"""The room that a date takes."""
_MARKS: Final = {
    Mood.DONE: '<circle cx="{x}" cy="{y}" r="9" class="mark done"/>',
    Mood.FINAL: '<circle cx="{x}" cy="{y}" r="9" class="mark final"/><path d="M{a} {y} l3 4 l6 -8" class="tick"/>',
    Mood.STOPPED: '<rect x="{b}" y="{c}" width="17" height="17" rx="3" class="mark stopped"/>',
    Mood.AWAITED: '<circle cx="{x}" cy="{y}" r="9" class="mark awaited"/>',
}
"""Shapes differ as colours do: a circle, a circle with a tick, a square, a circle that is only an outline."""


def draw(life: Life, text: Words, *, title: str) -> str:
    """Draw a life as an SVG element."""
    height = _TOP + STEP * (len(life.steps) - 1) + 50
    body = "".join((*_lines(life, text), *(_step(life, place, text) for place in range(len(life.steps)))))
    told = ". ".join(_said(step, text) for step in life.steps)
    return picture(WIDTH, height, body, name="timeline", title=title, description=told, kind="timeline")


def _lines(life: Life, text: Words) -> Iterator[str]:
    """Join the steps: a full line to what has happened, a broken one to what is awaited, the time between beside it."""
    for place, following in enumerate(life.steps[1:]):
        top, bottom = _y(place) + _RADIUS + 4, _y(place + 1) - _RADIUS - 4
        kind = "way awaited" if following.is_open else "way"
        yield f'<line x1="{_LINE}" y1="{top}" x2="{_LINE}" y2="{bottom}" class="{kind}"/>'
        spent_ms = life.spent_ms(place)
        if spent_ms is not None:
            yield written(_TEXT, (top + bottom) / 2 + 14, text("took", spent=span(text, spent_ms)), "quiet")


def _step(life: Life, place: int, text: Words) -> str:
    step, y = life.steps[place], _y(place)
    mark = _MARKS[step.mood].format(x=_LINE, y=y, a=_LINE - 5, b=_LINE - 8.5, c=y - 8.5)
    halo = f'<circle cx="{_LINE}" cy="{y}" r="14" class="halo {step.mood.value}"/>' if place == _current(life) else ""
    date = _new_day(life, place)
    room = WIDTH - _TEXT - (_DATE if date else 0)
    return (
        f'<g class="{step.mood.value}">{halo}{mark}'
        f"{written(_TEXT, y + 4, fitted(text(step.key), WIDTH - _TEXT - 64), 'strong')}"
        f"{written(WIDTH, y + 4, clock(step.at_ms), 'quiet end')}"
        f"{written(_TEXT, y + 22, fitted(_detail(step), room, 11.5), 'quiet')}"
        f"{written(WIDTH, y + 22, date, 'quiet end') if date else ''}</g>"
    )


def _new_day(life: Life, place: int) -> str:
    """Give the date of the first step, and of each on another day than the one before."""
    days = [moment(step.at_ms).partition(" ")[0] for step in life.steps]
    return days[place] if place == 0 or days[place] != days[place - 1] else ""


def _current(life: Life) -> int:
    """Give the step at which the payment is: what is awaited, or else the last."""
    return len(life.steps) - 1


def _detail(step: Step) -> str:
    return " · ".join(part for part in (step.by, step.code, step.amount) if part)


def _said(step: Step, text: Words) -> str:
    return ", ".join(part for part in (text(step.key), _detail(step), moment(step.at_ms)) if part)


def _y(place: int) -> int:
    return _TOP + STEP * place
