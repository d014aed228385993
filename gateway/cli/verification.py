"""`waitan ledger verify`: a ledger proved from its files alone, with no network running."""

from pathlib import Path
from typing import Final

from gateway.cli.failures import Exit, Failure, usage
from gateway.cli.say import Say
from gateway.development.data_directory import DataDirectory
from gateway.ledger.embedded import LedgerCorruptError, LedgerUnusableError, Report, Verification

NOT_SOUND: Final = "LEDGER_NOT_SOUND"


def verify(say: Say, named: Path | None) -> None:
    """Prove a ledger, and tell what was proved; fails where anything is not as it must be."""
    directory = _ledger(named)
    report = proved(say, directory)
    if not report.is_sound:
        raise Failure(
            Exit.REFUSED,
            f"The ledger in {directory} is not what was written.",
            code=NOT_SOUND,
            details=report.problems,
            also={**_as_json(report), "directory": str(directory), "sound": False},
            do="Do not serve from it. Restore it from a backup; what it still proves is told above.",
        )
    say.result({**_as_json(report), "directory": str(directory), "sound": True})
    say.marked("[green]Sound.[/] Proved from the files alone:")
    say.facts(facts(report))


def facts(report: Report) -> dict[str, str]:
    """Say what was proved."""
    return {
        "chain": f"{report.blocks} blocks, each following the one before by its hash",
        "consent": f"{report.lists} signed lists in {report.transactions} transactions, in sequence",
        "payments": f"{report.settled} settled, {report.rejected} rejected, {report.returned} returned",
        "books": f"balance in {', '.join(report.currencies) or 'no currency yet'}",
    }


def proved(say: Say, directory: Path) -> Report:
    """Prove a ledger, showing how far it is."""
    from rich.progress import BarColumn, Progress, TextColumn

    verification = Verification(directory)
    with Progress(
        TextColumn("verifying {task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        console=say.console,
        transient=True,
        disable=not say.console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=None)
        try:
            for progress in verification:
                bar.update(
                    task, description=progress.stage.value, completed=progress.done, total=max(progress.total, 1)
                )
        except LedgerCorruptError as error:
            raise Failure(Exit.REFUSED, f"{error}.", code=NOT_SOUND, do="Restore it from a backup.") from None
        except LedgerUnusableError as error:
            raise Failure(Exit.UNREACHABLE, f"{error}.", do="Name a directory that `waitan up` has used.") from None
    return verification.report


def _ledger(named: Path | None) -> Path:
    """Find the ledger's own directory: within a data directory, or as it was named."""
    chosen = DataDirectory.chosen(named)
    for directory in (chosen.ledger, chosen.path):
        if any((directory / name).is_file() for name in ("ledger.sqlite", "head")):
            return directory
    raise usage(
        f"There is no ledger in {chosen.path}.",
        do="Name a data directory: waitan ledger verify DIR. One is made by waitan up, or waitan demo --data DIR.",
    )


def _as_json(report: Report) -> dict[str, object]:
    import msgspec

    told: dict[str, object] = msgspec.to_builtins(report)
    return told
