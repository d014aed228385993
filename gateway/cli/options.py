"""Options that many commands share, with the same words everywhere; and groups of commands."""

import re
import sys
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from inspect import Parameter, signature
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from gateway.cli.perform import perform, perform_now
from gateway.cli.say import Say

Work = Coroutine[Any, Any, None]
"""What a command does, once it is awaited."""

_NEGATIVE: Final = re.compile(r"-[0-9][0-9.,_']*")

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
Confirm = Annotated[bool, typer.Option("--confirm", help="Confirm what another has proposed, in the same words.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
At = Annotated[str | None, typer.Option("--at", metavar="NAME", help="Whose gateway to ask, such as banksh.")]
Person = Annotated[
    str | None, typer.Option("--as", metavar="PERSON", help="Whose certificate to use, such as officer-1.")
]
Reject = Annotated[
    bool, typer.Option("--reject", help="If the payer cannot fund it now, record that (AM04), and end it so.")
]
Propose = Annotated[bool, typer.Option("--propose", help="Only propose it, for a second officer to release.")]
InstructedAgent = Annotated[
    str,
    typer.Option("--instructed-agent", metavar="BIC", help="The bank here that is paid, if not the creditor's own."),
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="COUNTRY:CODE",
        help="What an authority is told in place of what the customer says, such as CN:121010, or CN:121010:LINE.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Sign without being asked; what is signed is shown all the same.")]


class Who(NamedTuple):
    """Where a command goes, and in whose name: `--data`, `--at` and `--as` as they were given."""

    data: Path | None
    at: str | None = None
    person: str | None = None


def asking(*, at: bool = True, person: str | None = None) -> Callable[[Callable[..., Work]], Callable[..., None]]:
    """Let a command ask somebody: give it `--at` (if it may ask anybody), `--as`, `--data` and `--json`.

    They stand behind the command's own words. The command is given its voice and who is asked before these, and gives
    its work. `person` is in whose name it asks where nobody is named.
    """
    shared = {"at": (At, None), "person": (Person, person), "data": (Data, None), "json": (Json, False)}
    if not at:
        del shared["at"]
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)
        for name, (annotation, default) in shared.items()
    ]

    def with_options(command: Callable[..., Work]) -> Callable[..., None]:
        @wraps(command)
        def run(*, person: str | None, data: Path | None, json: bool, at: str | None = None, **own: Any) -> None:
            say = Say(as_json=json)
            perform(say, lambda: command(say, Who(data, at, person), **own))

        words = signature(command)
        _, _, *own = words.parameters.values()
        setattr(run, "__signature__", words.replace(parameters=[*own, *options], return_annotation=None))  # noqa: B010 - mypy
        return run

    return with_options


class Root(TyperGroup):
    """All commands. Words that are none of theirs are told to a program as an object, as every other failure is."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - typer's own signature
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002 - typer's own signature
        **extra: Any,
    ) -> Any:
        """Run the command that some words name, and end the program as it ends."""
        words = sys.argv[1:] if args is None else list(args)
        if not standalone_mode or "--json" not in words:
            return super().main(args, prog_name, complete_var, standalone_mode, windows_expand_args, **extra)
        try:
            ended = super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
        except TyperException as error:
            context = getattr(error, "ctx", None)
            told = {"message": error.format_message()}
            if context is not None:
                told["do"] = f"See {context.command_path} --help"
            Say(as_json=True).result({"error": told, "exit_code": error.exit_code})
            ended = error.exit_code
        sys.exit(ended)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words; a number with a sign is an amount that is wrong, and no option."""
        negative = [
            word
            for before, word in pairwise(["", *args])
            if _NEGATIVE.fullmatch(word) and (before == "--json" or not before.startswith("--"))
        ]
        if negative:
            perform_now(Say(as_json="--json" in args), lambda: _no_amount(negative[0]))
        return super().parse_args(ctx, args)


def _no_amount(word: str) -> None:
    from gateway.cli.failures import usage

    raise usage(f"{word} is no amount: what is paid has no sign.", do=f"Write {word[1:]}.")


def group(text: str, kind: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """Make a group of commands."""
    # Help in plain text: rich would take longer to import than all the rest of `waitan --help`.
    return typer.Typer(
        cls=kind,
        help=text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
