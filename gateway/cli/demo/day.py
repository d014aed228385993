"""`waitan demo`: a network of its own, a business day on it, and the proof that nothing was lost or made."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from gateway.cli import logs
from gateway.cli.demo import acts, programme, proofs, tampering, telling
from gateway.cli.demo.acts import Played
from gateway.cli.demo.cast import Cast
from gateway.cli.demo.programme import Fate, ProgrammeError, Scene
from gateway.cli.demo.proofs import Book
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.cli.serving import told
from gateway.cli.verification import NOT_SOUND, facts, proved
from gateway.development.data_directory import DataDirectory
from gateway.development.morning import Funds, prepare
from gateway.development.process import consecutive, doors, running
from gateway.ledger.embedded import Report

FUNDS: Final[Funds] = {
    "banksh": {
        "CNY": "12000000.00",
        "JPY": "40000000",
        "TRY": "15000000.00",
        "BHD": "300000.000",
        "EUR": "4000000.00",
    },
    "bankist": {
        "CNY": "15000000.00",
        "JPY": "300000000",
        "TRY": "10000000.00",
        "BHD": "600000.000",
        "EUR": "1200000.00",
    },
}
"""What the banks begin the day with."""


class Evening(NamedTuple):
    """What is known when the day is closed."""

    date: str
    played: list[Played]
    books: list[Book]
    banks_agree: bool

    @property
    def settled(self) -> int:
        """How many payments settled."""
        return sum(each.fate not in (Fate.REJECTED, Fate.REFUSED) for each in self.played)

    def count(self, fate: Fate) -> int:
        """How many messages ended so."""
        return sum(each.fate is fate for each in self.played)


async def run(say: Say, *, files: Path | None, keep: Path | None, tamper: bool) -> None:
    """Play a day and prove it; raises `Failure` where anything is not as it must be."""
    logs.quiet()
    try:
        scenes = programme.read(files or programme.EXAMPLES)
    except ProgrammeError as error:
        raise usage(f"{error}.", do="Name a directory of messages: waitan demo --files DIR") from None
    with _directory(keep) as directory:
        with told(directory):
            evening = await _play(say, scenes, directory)
        if tamper:
            _tamper(say, directory)
        report = proved(say, directory.ledger)
        _conclude(say, evening, report, directory if keep else None)


@contextmanager
def _directory(keep: Path | None) -> Iterator[DataDirectory]:
    """Give a directory for the network: a new one that stays, or one that goes."""
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise usage(f"{keep} is not empty.", do="Name a new directory; the demo begins a network of its own.")
        yield DataDirectory(keep)
        return
    path = Path(tempfile.mkdtemp(prefix="waitan-demo-"))
    try:
        yield DataDirectory(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


async def _play(say: Say, scenes: Sequence[Scene], directory: DataDirectory) -> Evening:
    date = programme.business_date(scenes)
    say.marked(f"[bold]A business day: {date}[/], on a network of its own.")
    directory.create()
    async with running(directory) as network:
        await prepare(network.gateways, network.members, funds=FUNDS, date=date)
        say.line(
            f"{len(network.members)} organisations are on board; {len(FUNDS)} banks are funded in"
            f" {len(FUNDS['banksh'])} currencies: officer-1 confirmed, officer-2 approved. The day is open."
        )
        free = consecutive(network.members, 0, 0)
        async with doors(network, directory, free) as opened, Cast(network, opened) as cast:
            with _bar(say, "messages go in at their banks", len(scenes)) as advance:
                played = await acts.submit(cast, scenes, advance)
            settled = [each for each in played if each.fate is Fate.SETTLED]
            with _bar(say, "creditors' banks report", len(settled)) as advance:
                await acts.confirm(cast, played, date, advance)
            await acts.redeem(cast)
            played = await acts.look_up(cast, played)
            telling.payments(say, cast, played)
            telling.finality(say, played)
            await acts.close(cast)
            books = await proofs.books(cast)
            telling.closing_balances(say, cast, books)
            return Evening(date, played, books, await proofs.banks_agree(cast))


def _tamper(say: Say, directory: DataDirectory) -> None:
    changed = tampering.change_one_byte(directory.ledger)
    say.line()
    say.line(
        f"Now one byte on disk is changed, at {changed.offset} of ledger.sqlite:"
        f" {changed.before:#04x} becomes {changed.after:#04x}."
    )


def _conclude(say: Say, evening: Evening, report: Report, kept: DataDirectory | None) -> None:
    untrue = [each for each in evening.played if not each.is_as_named]
    balanced = [book for book in evening.books if book.balances_out]
    proofs_told = {
        "each currency's accounts sum to zero": all(book.sums_to_zero for book in evening.books),
        "the banks hold what was issued less redeemed": all(book.is_backed for book in evening.books),
        "each bank's own gateway shows the same balances as clearing's": evening.banks_agree,
        "every file's name told the truth": not untrue,
        "the ledger is proved from its files alone": report.is_sound,
    }
    say.line()
    for sentence, holds in proofs_told.items():
        telling.proof(say, sentence, holds=holds)
    if report.is_sound:
        say.facts(facts(report))
    line = _last_line(evening, report, len(balanced))
    counted = _as_json(evening, report, line)
    if not report.is_sound:
        raise Failure(
            Exit.REFUSED,
            "The ledger is not what was written.",
            code=NOT_SOUND,
            details=report.problems,
            do="Restore it from a backup; serve nothing from it.",
            also=counted,
        )
    if untrue or len(balanced) != len(evening.books) or not evening.banks_agree:
        names = [f"{each.scene.path.name}: {each.fate} {each.reason}".strip() for each in untrue]
        raise Failure(Exit.REFUSED, "The day did not end as it must.", details=names, also=counted)
    say.result(counted)
    if kept:
        say.line(f"The network is kept: waitan ledger verify {kept.path}")
    say.line()
    say.line(line, style="bold green", wrap=False)


def _last_line(evening: Evening, report: Report, balanced: int) -> str:
    chain = "chain verified" if report.is_sound else "chain broken"
    return (
        f"books balance in {balanced} currencies, {evening.settled} settled,"
        f" {evening.count(Fate.REJECTED)} rejected, {evening.count(Fate.REFUSED)} refused, {chain}"
    )


def _as_json(evening: Evening, report: Report, line: str) -> dict[str, Any]:
    return {
        "date": evening.date,
        "settled": evening.settled,
        "rejected": evening.count(Fate.REJECTED),
        "refused": evening.count(Fate.REFUSED),
        "fates": dict(Counter(each.fate.value for each in evening.played)),
        "currencies": [book.currency for book in evening.books if book.balances_out],
        "sound": report.is_sound,
        "blocks": report.blocks,
        "messages": [
            {
                "file": each.scene.path.name,
                "uetr": each.uetr,
                "fate": each.fate.value,
                "reason": each.reason,
                "where": each.where,
                "status": each.status,
                "answered_ms": round(each.answered_ms, 1),
            }
            for each in evening.played
        ],
        "conclusion": line,
    }


@contextmanager
def _bar(say: Say, text: str, total: int) -> Iterator[Callable[[Scene], None]]:
    """Show how far the day is; on a terminal only, and gone when done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(text), BarColumn(), MofNCompleteColumn(), TextColumn("[dim]{task.description}[/]"))
    with Progress(*columns, console=say.console, transient=True, disable=not say.console.is_terminal) as progress:
        task = progress.add_task("", total=total)

        def advance(scene: Scene) -> None:
            progress.update(task, advance=1, description=scene.about)

        yield advance
