"""Both shipments, one after the other, told as they are played."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from gateway.cli.demo.telling import CROSS, TICK
from gateway.cli.say import Marked, Say, marked
from gateway.development.cast import Cast
from gateway.development.shipments import customs_morning, hazelnuts, textiles
from gateway.development.shipments.firms import CUSTOMS
from gateway.development.shipments.papers import Papers
from gateway.development.shipments.story import Step, Story

_PARTS: Final[tuple[tuple[str, Callable[[Story, Papers], Awaitable[None]]], ...]] = (
    ("Customs opens", customs_morning.begin),
    ("Silk for Istanbul: declared, shipped, paid for as the bill passes", textiles.play),
    ("Hazelnuts for Shanghai: inspected, taxed, paid for on release", hazelnuts.play),
)


async def play(
    say: Say, cast: Cast, papers: Papers, *, pause: Callable[[], Awaitable[None]] | None = None
) -> list[Story]:
    """Play them: at once, each told at its end; or, with a `pause` before each command, step by step."""
    stories = []
    for title, part in _PARTS:
        if pause is None:
            story = Story(title, cast)
        else:
            say.marked("\n[bold]{}[/]", title)
            story = Story(title, cast, pause=pause, told=lambda step: say.marked("{}", _line(step)))
        started_s = time.perf_counter()
        try:
            await part(story, papers)
        except TimeoutError:
            story.finds(CUSTOMS, "waits in vain for what must have happened", holds=False)
        story.took_s = time.perf_counter() - started_s
        if pause is None:
            _tell(say, story)
        stories.append(story)
    return stories


def _tell(say: Say, story: Story) -> None:
    if not story.steps:
        return
    say.marked("\n[bold]{}[/]", story.title)
    rows = [(step.who, _does(step), TICK if step.holds else CROSS) for step in story.steps]
    say.table(("who", "does", ""), rows, cut="does")
    say.line(f"{len(rows)} steps in {story.took_s:.1f} s.")


def _line(step: Step) -> Marked:
    return marked("{} {} {}", TICK if step.holds else CROSS, f"{step.who:12}", _does(step))


def _does(step: Step) -> str:
    return marked("{}: [red]{}[/]", step.does, step.code) if step.code else step.does
