"""What a command prints: sentences and tables for people, or one JSON object for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_MAX: Final = 100
"""Longer lines are hard to read, however wide the terminal."""


class Marked(str):
    """Text with rich's mark-up; it is the only text in which square brackets mark anything up."""

    __slots__ = ()


def marked(template: str, *values: str) -> Marked:
    """Put texts into one with mark-up, as `str.format` does; what others have written is shown as it stands."""
    from rich.markup import escape

    return Marked(template.format(*(each if isinstance(each, Marked) else escape(each) for each in values)))


class Say:
    """The voice of one command. In JSON, sentences and tables are silent, and the result speaks; else the reverse."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json: Final = as_json

    @cached_property
    def console(self) -> "Console":
        """Where people read; silent in JSON."""
        return _console(sys.stdout, quiet=self.as_json)

    def line(self, text: str = "", *, style: str | None = None, wrap: bool = True) -> None:
        """Print a sentence; square brackets mark nothing up. What is to be copied is not wrapped."""
        self.console.print(text, style=style, markup=False, highlight=False, soft_wrap=not wrap)

    def marked(self, template: str, *values: str) -> None:
        """Print a sentence with rich's mark-up, and texts in it that have none (see `marked`)."""
        self.console.print(marked(template, *values), highlight=False)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Iterable[str] = (),
        whole: Iterable[str] = (),
        cut: str = "",
    ) -> None:
        """Print a table. Columns in `right` are numbers; the one called `cut` takes what room is left, on one line.

        Columns in `whole` are never broken, however narrow the terminal: the others make room.
        A cell is shown as it stands, but for one that is `Marked`.
        """
        from rich import box
        from rich.table import Table
        from rich.text import Text

        numbers, unbroken = frozenset(right), frozenset((*right, *whole))
        table = Table(
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="dim",
            border_style="dim",
            show_edge=False,
            expand=bool(cut),
        )
        for column in columns:
            table.add_column(
                column,
                justify="right" if column in numbers else "left",
                no_wrap=bool(cut) or column in unbroken,
                overflow="ellipsis" if column == cut else "fold",
                ratio=1 if column == cut else None,
            )
        for row in rows:
            table.add_row(
                *(Text.from_markup(cell, emoji=False) if isinstance(cell, Marked) else Text(cell) for cell in row)
            )
        self.console.print(table)

    def list(self, sentences: Iterable[str]) -> None:
        """Print sentences one below the other, each a little indented."""
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column()
        for sentence in sentences:
            grid.add_row(" -", Text(sentence))
        self.console.print(grid)

    def facts(self, facts: dict[str, str]) -> None:
        """Print facts under their names; those without a value are left out."""
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column()
        for name, value in facts.items():
            if value:
                grid.add_row(f"  {name}", Text(value))
        self.console.print(grid)

    def event(self, value: dict[str, Any]) -> None:
        """Print a JSON object on one line, at once; nothing for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    def result(self, value: dict[str, Any]) -> None:
        """Print the JSON object; nothing for people."""
        if self.as_json:
            json.dump(value, sys.stdout, indent=2, ensure_ascii=False)
            sys.stdout.write("\n")


def error_console() -> "Console":
    """Where people read what went wrong."""
    return _console(sys.stderr)


def _console(stream: Any, *, quiet: bool = False) -> "Console":
    from rich.console import Console

    console = Console(file=stream, quiet=quiet, soft_wrap=False, highlight=False, emoji=False)
    console.width = min(console.width, WIDTH_MAX)
    return console
