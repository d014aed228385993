"""The demo's day at a human pace, on a network that runs: for those who watch it in a browser.

The same messages and the same answers as in `waitan demo`, one after another, and both shipments step by step. The day
is left open at its end.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from gateway.cli.demo import acts, playing, programme, rehearsal
from gateway.cli.demo.acts import Played
from gateway.cli.demo.programme import Fate, Scene
from gateway.cli.say import Marked, Say, marked
from gateway.client import WaitanError
from gateway.development.cast import Cast
from gateway.development.data_directory import DataDirectory
from gateway.development.shipments.papers import papers_of
from gateway.development.stage import FUNDS, that_runs
from settlement.money import for_people as money

ANSWERS_AFTER: Final = 3
"""How many messages come before a creditor's bank tells what became of one: so that there is something to wait for."""


Pause = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def played_meanwhile(say: Say, directory: DataDirectory, *, pace_s: float) -> AsyncIterator[None]:
    """Play the day on a directory's running network while something else goes on, and stop with it."""
    meanwhile = asyncio.create_task(_play_on(say, directory, pace_s))
    try:
        yield
    finally:
        meanwhile.cancel()
        with suppress(asyncio.CancelledError):
            await meanwhile


async def _play_on(say: Say, directory: DataDirectory, pace_s: float) -> None:
    async with Cast(that_runs(directory)) as cast:
        try:
            date = await rehearsal.ready(cast, FUNDS)
            scenes = programme.moved(programme.read(programme.EXAMPLES), date)
            await play(say, cast, scenes, date, pace_s=pace_s)
            await playing.play(say, cast, papers_of(date, anew=True), pause=lambda: asyncio.sleep(pace_s))
            said = "The day has been played; it stays open. Pay something yourself: waitan pay 1000.00 CNY"
            say.line(said, style="green")
        except WaitanError as error:
            say.line(f"The demo's day stops here: {error}", style="red")


async def play(
    say: Say, cast: Cast, scenes: Sequence[Scene], date: str, *, pace_s: float, pause: Pause = asyncio.sleep
) -> list[Played]:
    """Play a day that is open, a message or an answer every `pace_s` seconds, and give it; raises `WaitanError`."""
    day: list[Played] = []
    unanswered: deque[Played] = deque()
    for scene in scenes:
        await pause(pace_s)
        (played,) = await acts.submit(cast, [scene], _unseen)
        _tell(say, cast, played)
        day.append(played)
        if played.fate is Fate.SETTLED:
            unanswered.append(played)
        if len(unanswered) > ANSWERS_AFTER:
            await acts.confirm(cast, [unanswered.popleft()], date, _unseen)
    for played in unanswered:
        await pause(pace_s)
        await acts.confirm(cast, [played], date, _unseen)
    return day


def _unseen(_: Scene) -> None:
    """Follow no progress: each message is told by itself."""


def _tell(say: Say, cast: Cast, played: Played) -> None:
    scene = played.scene
    is_amount = played.fate is not Fate.REFUSED  # what was refused may name no amount at all
    amount = money(scene.amount, scene.currency) if is_amount else f"{scene.amount} {scene.currency}"
    said = f"{scene.number:02}  {amount:>20}  "
    payer, payee = _bank(cast, scene.payer), _bank(cast, scene.payee)
    say.marked("{} [dim]→[/] {}  {}  {}", f"{said}{payer}", payee, scene.about, _fate(played))


def _fate(played: Played) -> Marked:
    if played.fate is Fate.SETTLED:
        return Marked("[green]settled[/]")
    colour = "yellow" if played.fate is Fate.REJECTED else "red"
    return marked(f"[{colour}]{{}}[/]", f"{played.fate.value} {played.reason}")


def _bank(cast: Cast, bic: str) -> str:
    """Name a bank: its short name, or the BIC of one that is not on this ledger, as a message may name it."""
    try:
        return cast.bank(bic)
    except LookupError:
        return bic
