"""`waitan demo`: a network of its own, a business day on it, and the proof that nothing was lost or made."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from gateway.cli.copying import waitan
from gateway.cli.demo import acts, on_fabric, playing, programme, proofs, rehearsal, tampering, telling
from gateway.cli.demo.acts import Played
from gateway.cli.demo.programme import Fate, ProgrammeError, Scene
from gateway.cli.demo.proofs import Book, Proof, feeds
from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.cli.serving import told
from gateway.cli.verification import NOT_SOUND, facts, proved
from gateway.development.cast import Cast
from gateway.development.data_directory import DataDirectory
from gateway.development.shipments.papers import papers_of
from gateway.development.shipments.story import Story
from gateway.development.stage import FUNDS, of_its_own
from gateway.operation import logs

TAMPERED_WITH: Final = (
    "Nothing: the demo changed the byte itself, to show that it is found. Any other ledger in this state is restored"
    " from a backup."
)


class Evening(NamedTuple):
    """What is known when the day is closed."""

    date: str
    played: list[Played]
    shipments: list[Story]
    books: list[Book]
    banks_agree: bool

    @property
    def settled(self) -> int:
        """How many payments settled."""
        messages = sum(each.fate not in (Fate.REJECTED, Fate.REFUSED) for each in self.played)
        return messages + sum(len(story.payments) for story in self.shipments)

    def count(self, fate: Fate) -> int:
        """How many messages ended so."""
        return sum(each.fate is fate for each in self.played)


class Choices(NamedTuple):
    """What `waitan demo` was told: other files, where to keep its network, or the directory of one that runs."""

    files: Path | None = None
    keep: Path | None = None
    running: Path | None = None
    tamper: bool = False


async def run(say: Say, choices: Choices) -> None:
    """Play a day and prove it; raises `Failure` where anything is not as it must be."""
    logs.configure()
    try:
        scenes = programme.read(choices.files or programme.EXAMPLES)
    except ProgrammeError as error:
        raise usage(f"{error}.", do="Name a directory of messages: waitan demo --files DIR") from None
    if choices.running is not None:
        await _run_on(say, scenes, choices.running, choices)
        return
    with _directory(choices.keep) as directory:
        with told(directory):
            evening = await _play_alone(say, scenes, directory)
        if choices.tamper:
            _tamper(say, directory)
        report = proved(say, directory.ledger)
        proof = Proof(
            "the ledger is proved from its files alone", report.is_sound, facts(report), report.problems, report.blocks
        )
        kept = f"The network is kept: waitan ledger verify {directory.path}" if choices.keep else ""
        _conclude(say, evening, proof, kept, tampered=choices.tamper)


async def _run_on(say: Say, scenes: Sequence[Scene], running: Path, choices: Choices) -> None:
    """Play the day on a network that runs, through its gateways, and let them prove it."""
    if choices.keep is not None or choices.tamper:
        raise usage("--data and --tamper are for a network of the demo's own.", do="Leave them out, or --network.")
    with on_fabric.stage(running) as stage:
        async with Cast(stage) as cast:
            date = await rehearsal.ready(cast, FUNDS)
            say.marked("[bold]A business day: {}[/], on the network in {}.", date, str(running))
            evening = await _play(say, cast, programme.moved(scenes, date), date, anew=True)
            proof = await feeds(cast, date, max(each.block for each in evening.played))
            following = await rehearsal.open_next(cast)
    pay = waitan("pay --from banksh --to bankist 1000.00 CNY", DataDirectory(running))
    _conclude(say, evening, proof, f"The next day, {following}, is open. Pay on it: {pay}")


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


async def _play_alone(say: Say, scenes: Sequence[Scene], directory: DataDirectory) -> Evening:
    date = programme.business_date(scenes)
    say.marked("[bold]A business day: {}[/], on a network of its own.", date)
    async with of_its_own(directory, FUNDS, date) as stage, Cast(stage) as cast:
        return await _play(say, cast, scenes, date, anew=False)


async def _play(say: Say, cast: Cast, scenes: Sequence[Scene], date: str, *, anew: bool) -> Evening:
    say.line(
        f"{len(cast.people)} organisations are on board; {len(FUNDS)} banks are funded in"
        f" {len(FUNDS['banksh'])} currencies: officer-1 confirmed, officer-2 approved. The day is open."
    )
    with _bar(say, "messages go in at their banks", len(scenes)) as advance:
        played = await acts.submit(cast, scenes, advance)
    settled = [each for each in played if each.fate is Fate.SETTLED]
    with _bar(say, "creditors' banks report", len(settled)) as advance:
        await acts.confirm(cast, played, date, advance)
    await acts.redeem(cast, date)
    played = await acts.look_up(cast, played)
    telling.payments(say, cast, played)
    telling.finality(say, played)
    shipments = await playing.play(say, cast, papers_of(date, anew=anew))
    await acts.close(cast)
    books = await proofs.books(cast)
    telling.closing_balances(say, cast, books)
    return Evening(date, played, shipments, books, await proofs.banks_agree(cast))


def _tamper(say: Say, directory: DataDirectory) -> None:
    changed = tampering.change_one_byte(directory.ledger)
    say.line()
    say.line(
        f"Now one byte on disk is changed, at {changed.offset} of ledger.sqlite:"
        f" {changed.before:#04x} becomes {changed.after:#04x}."
    )


def _conclude(say: Say, evening: Evening, proof: Proof, onward: str, *, tampered: bool = False) -> None:
    """Tell what is proved and, where all is as it must be, how to go on; raises `Failure` where anything is not."""
    untrue = [each for each in evening.played if not each.is_as_named]
    balanced = [book for book in evening.books if book.balances_out]
    proofs_told = {
        "each currency's accounts sum to zero": all(book.sums_to_zero for book in evening.books),
        "the banks and the treasury hold what was issued less redeemed": all(book.is_backed for book in evening.books),
        "each bank's own gateway shows the same balances as clearing's": evening.banks_agree,
        "every file's name told the truth": not untrue,
        "every step of both shipments went as it must": all(story.holds for story in evening.shipments),
        proof.sentence: proof.holds,
    }
    say.line()
    for sentence, holds in proofs_told.items():
        telling.proof(say, sentence, holds=holds)
    if proof.holds:
        say.facts(proof.facts)
    line = _last_line(evening, proof, len(balanced))
    counted = _as_json(evening, proof, line)
    if not proof.holds:
        raise Failure(
            Exit.REFUSED,
            "The ledger is not what was written.",
            code=NOT_SOUND,
            details=proof.problems,
            do=TAMPERED_WITH if tampered else "Restore it from a backup; serve nothing from it.",
            heading="Found" if tampered else "",
            also=counted,
        )
    wrong = [step for story in evening.shipments for step in story.steps if not step.holds]
    if untrue or wrong or len(balanced) != len(evening.books) or not evening.banks_agree:
        names = [f"{each.scene.path.name}: {each.fate} {each.reason}".strip() for each in untrue]
        names += [f"{step.who} {step.does}: {step.code}".strip() for step in wrong]
        raise Failure(Exit.REFUSED, "The day did not end as it must.", details=names, also=counted)
    say.result(counted)
    if onward:
        say.line(onward, wrap=False)
    say.line()
    say.line(line, style="bold green", wrap=False)


def _last_line(evening: Evening, proof: Proof, balanced: int) -> str:
    chain = "chain verified" if proof.holds else "chain broken"
    return (
        f"books balance in {balanced} currencies, {evening.settled} settled,"
        f" {evening.count(Fate.REJECTED)} rejected, {evening.count(Fate.REFUSED)} refused, {chain}"
    )


def _as_json(evening: Evening, proof: Proof, line: str) -> dict[str, Any]:
    return {
        "date": evening.date,
        "settled": evening.settled,
        "rejected": evening.count(Fate.REJECTED),
        "refused": evening.count(Fate.REFUSED),
        "fates": dict(Counter(each.fate.value for each in evening.played)),
        "currencies": [book.currency for book in evening.books if book.balances_out],
        "sound": proof.holds,
        "blocks": proof.blocks,
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
        "shipments": [
            {
                "title": story.title,
                "took_s": round(story.took_s, 2),
                "payments": story.payments,
                "steps": [step._asdict() for step in story.steps],
            }
            for story in evening.shipments
        ],
        "conclusion": line,
    }


@contextmanager
def _bar(say: Say, text: str, total: int) -> Iterator[Callable[[Scene], None]]:
    """Show how far the day is; on a terminal only, and gone when done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    description = TextColumn("{task.description}", style="dim", markup=False)
    columns = (TextColumn(text), BarColumn(), MofNCompleteColumn(), description)
    with Progress(*columns, console=say.console, transient=True, disable=not say.console.is_terminal) as progress:
        task = progress.add_task("", total=total)

        def advance(scene: Scene) -> None:
            progress.update(task, advance=1, description=scene.about)

        yield advance
