"""Runs one command's work; what went wrong is told, and becomes the exit code. The one `try` of this edge."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

import typer

from gateway.cli.say import Say

INTERRUPTED: Final = 130
"""How a shell expects a program to end that Ctrl-C stopped."""


def perform(say: Say, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a command that talks to others."""
    import asyncio

    perform_now(say, lambda: asyncio.run(work()))


def perform_now(say: Say, work: Callable[[], None]) -> None:
    """Run a command to its end; where it fails say why, and exit with the code for that."""
    from gateway.cli.failures import Failure, tell

    try:
        work()
    except Failure as failure:
        if say.as_json:
            say.result(failure.as_json())
        else:
            tell(failure)
        raise typer.Exit(int(failure.exit_code)) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
