"""The picture of a payment's life: a line downwards with a mark for each step, drawn as SVG on the server.

Colours and fonts come from the page's style sheet by class, so that light, dark and forced colours all work; the list
beside the picture says the same in words, for those who do not see it.
"""

from collections.abc import Iterator
from html import escape
from typing import Final

from gateway.traders.web.life import Life, Mood, Step
from gateway.traders.web.words import Words, span
from settlement import dates

WIDTH: Final = 360
STEP: Final = 84
"""The height of a step, in the picture's own units."""
_LINE: Final = 28
_TEXT: Final = 56
_TOP: Final = 24
_MARKS: Final = {
    Mood.DONE: '<circle cx="{x}" cy="{y}" r="9" class="mark done"/>',
    Mood.FINAL: '<circle cx="{x}" cy="{y}" r="11" class="mark final"/><path d="M{a} {y} l4 5 l8 -9" class="tick"/>',
    Mood.STOPPED: '<rect x="{b}" y="{c}" width="20" height="20" rx="3" class="mark stopped"/>',
    Mood.AWAITED: '<circle cx="{x}" cy="{y}" r="9" class="mark awaited"/>',
}
"""Shapes differ as colours do: a circle, a circle with a tick, a square, a circle that is only an outline."""


def draw(life: Life, text: Words, *, title: str) -> str:
    """Draw a life as an SVG element."""
    height = _TOP * 2 + STEP * (len(life.steps) - 1) + 40
    body = "".join((*_lines(life, text), *(_step(step, place, text) for place, step in enumerate(life.steps))))
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def _lines(life: Life, text: Words) -> Iterator[str]:
    """Join the steps: a full line to what has happened, a broken one to what is awaited, the time between beside it."""
    for place, following in enumerate(life.steps[1:]):
        top, bottom = _y(place) + 12, _y(place + 1) - 12
        kind = "way awaited" if following.is_open else "way"
        yield f'<line x1="{_LINE}" y1="{top}" x2="{_LINE}" y2="{bottom}" class="{kind}"/>'
        spent_ms = life.spent_ms(place)
        if spent_ms is not None:
            took = escape(text("took", spent=span(text, spent_ms)))
            yield f'<text x="{_TEXT}" y="{bottom - 9}" class="took">{took}</text>'


def _step(step: Step, place: int, text: Words) -> str:
    y = _y(place)
    mark = _MARKS[step.mood].format(x=_LINE, y=y, a=_LINE - 6, b=_LINE - 10, c=y - 10)
    said = " ".join(part for part in (text(step.key), step.code) if part)
    when = "" if step.at_ms is None else dates.render(step.at_ms)
    detail = " · ".join(part for part in (step.by, step.amount) if part)
    return (
        f'<g class="{step.mood.value}">{mark}'
        f'<text x="{_TEXT}" y="{y}" class="what">{escape(said)}</text>'
        f'<text x="{_TEXT}" y="{y + 17}" class="detail">{escape(detail)}</text>'
        f'<text x="{_TEXT}" y="{y + 33}" class="when">{escape(when)}</text></g>'
    )


def _y(place: int) -> int:
    return _TOP + STEP * place
