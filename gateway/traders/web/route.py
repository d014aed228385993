"""The picture of the way that the money takes: who had it, where it is now, who took a charge. Drawn as SVG."""

from typing import Final

from gateway.traders.web.drawing import fitted, picture, written
from gateway.traders.web.life import Life, Mood
from gateway.traders.web.way import Passage, Station
from gateway.traders.web.words import Words

WIDTH: Final = 880
_HEIGHT: Final = 104
_HEIGHT_WITH_CHARGES: Final = 124
_Y: Final = 34
_RADIUS: Final = 10


def draw(life: Life, text: Words, *, title: str) -> str:
    """Draw the way as an SVG element."""
    between = WIDTH / len(life.stations)
    xs = [between * (place + 0.5) for place in range(len(life.stations))]
    ways = "".join(
        f'<line x1="{x + 16:g}" y1="{_Y}" x2="{following - 16:g}" y2="{_Y}" class="way{_broken(station)}"/>'
        for x, following, station in zip(xs, xs[1:], life.stations[1:], strict=False)
    )
    marks = "".join(
        _station(station, x, between - 16, life, text) for x, station in zip(xs, life.stations, strict=True)
    )
    told = ". ".join(_said(station, text) for station in life.stations)
    height = _HEIGHT_WITH_CHARGES if life.charges else _HEIGHT
    return picture(WIDTH, height, ways + marks, name="route", title=title, description=told, kind="route")


def _broken(station: Station) -> str:
    return " awaited" if station.place is Passage.AHEAD else ""


def _station(station: Station, x: float, width: float, life: Life, text: Words) -> str:
    mood = life.steps[-1].mood if life.steps[-1].mood in (Mood.STOPPED, Mood.AWAITED) else Mood.FINAL
    kind = {Passage.PASSED: "done", Passage.HERE: mood.value, Passage.AHEAD: "ahead"}[station.place]
    drawn = f'<circle cx="{x:g}" cy="{_Y}" r="{_RADIUS}" class="mark {kind}"/>'
    if station.place is Passage.HERE:
        drawn += f'<circle cx="{x:g}" cy="{_Y}" r="15" class="halo {kind}"/>'
        drawn += written(x, 12, text("it_is_here"), "quiet middle")
    drawn += written(x, _Y + 34, fitted(station.name, width - 8, 15), "strong middle")
    drawn += written(x, _Y + 52, text(station.role), "quiet middle")
    if station.charges:
        drawn += written(x, _Y + 72, text("took_charge", amount=" + ".join(station.charges)), "fee middle")
    return drawn


def _said(station: Station, text: Words) -> str:
    said = f"{text(station.role)}: {station.name}"
    if station.place is Passage.HERE:
        said += f", {text('it_is_here')}"
    return said + "".join(f", {text('took_charge', amount=amount)}" for amount in station.charges)
