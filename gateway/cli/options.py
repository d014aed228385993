"""Options that many commands share, with the same words everywhere."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="WAITAN_DATA",
        show_envvar=True,
        help="The network's data directory [~/.waitan].",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
At = Annotated[str | None, typer.Option("--at", metavar="NAME", help="Whose gateway to ask, such as banksh.")]
Person = Annotated[
    str | None, typer.Option("--as", metavar="PERSON", help="Whose certificate to use, such as officer-1.")
]


class Who(NamedTuple):
    """Where a command goes, and in whose name: `--data`, `--at` and `--as` as they were given."""

    data: Path | None
    at: str | None = None
    person: str | None = None


def group(text: str) -> typer.Typer:
    """Make a group of commands."""
    # Help in plain text: rich would take longer to import than all the rest of `waitan --help`.
    return typer.Typer(
        help=text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
