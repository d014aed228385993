"""What went wrong, told so that one can go on: the sentence, the code, where, what to do; and the exit code."""

import difflib
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Final

from settlement.errors import Code, Family


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3
    UNKNOWN = 4


_HEADINGS: Final = {
    Exit.DONE: "Done",
    Exit.REFUSED: "Refused",
    Exit.USAGE: "Not understood",
    Exit.UNREACHABLE: "Unreachable",
    Exit.UNKNOWN: "Outcome unknown",
}


class Failure(Exception):  # noqa: N818 - as in settlement.errors: the word says what it is
    """A command that cannot be done, with all that a person needs to know.

    `also` is for programs alone; `heading` for people, where the exit code's own word would not fit.
    """

    def __init__(
        self,
        exit_code: Exit,
        sentence: str,
        *,
        code: str = "",
        where: str = "",
        do: str = "",
        details: Iterable[str] = (),
        also: Mapping[str, Any] | None = None,
        heading: str = "",
    ) -> None:
        super().__init__(sentence)
        self.exit_code: Final = exit_code
        self.sentence: Final = sentence
        self.code: Final = code
        self.where: Final = where
        self.do: Final = do
        self.details: Final = tuple(details)
        self.also: Final = also or {}
        self.heading: Final = heading

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        told = {"message": self.sentence, "code": self.code, "where": self.where, "do": self.do}
        error: dict[str, Any] = {name: value for name, value in told.items() if value}
        if self.details:
            error["details"] = list(self.details)
        return {**self.also, "error": error, "exit_code": int(self.exit_code)}


def usage(sentence: str, *, do: str = "") -> Failure:
    """The command was not understood, and nothing was sent."""
    return Failure(Exit.USAGE, sentence, do=do)


def refused(
    code: str, where: str = "", *, sentence: str = "", do: str = "", details: Iterable[str] = (), heading: str = ""
) -> Failure:
    """The ledger or the gateway said no; meaning and remedy come from the catalogue."""
    meaning, remedy = _catalogue(code)
    return Failure(
        Exit.REFUSED,
        sentence or meaning or "Refused.",
        code=code,
        where=where,
        do=do or remedy,
        details=details,
        heading=heading,
    )


def naming(failure: Failure, do: str, **names: str) -> Failure:
    """Name what was asked where its outcome is not known: who asks anew asks for another, of another name."""
    if failure.exit_code is not Exit.UNKNOWN:
        return failure
    also = {**failure.also, **names}
    return Failure(failure.exit_code, failure.sentence, code=failure.code, do=do, details=failure.details, also=also)


def _catalogue(code: str) -> tuple[str, str]:
    from settlement.catalogue import CATALOGUE

    known = CATALOGUE.get(Code(code)) if code in Code.__members__ else None
    return (known.meaning, known.remedy) if known else ("", "")


def nearest(word: str, words: Iterable[str]) -> str:
    """Say which of some words may have been meant: `Did you mean banksh?`, or nothing."""
    found = difflib.get_close_matches(word.lower(), [each.lower() for each in words], n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else ""


def tell(failure: Failure) -> None:
    """Print a failure for people, on standard error."""
    from rich.table import Table
    from rich.text import Text

    from gateway.cli.say import error_console

    console = error_console()
    title = Text(_heading(failure), style="bold red" if failure.exit_code is Exit.REFUSED else "bold yellow")
    if failure.code:
        title.append(f"  {failure.code}", style="bold")
    console.print(title)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    grid.add_row("what", Text(failure.sentence))
    if failure.where:
        grid.add_row("where", Text(failure.where))
    for detail in failure.details:
        grid.add_row("", Text(detail))
    if failure.do:
        grid.add_row("do", Text(failure.do))
    console.print(grid)


def _heading(failure: Failure) -> str:
    from settlement.catalogue import family

    if failure.heading:
        return failure.heading
    if failure.code in Code.__members__ and family(Code(failure.code)) is Family.REJECTION:
        return "Rejected"
    return _HEADINGS[failure.exit_code]
