"""The command line before it does anything: words, help, and how soon it is there."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from gateway.cli.commands import app
from tests.e2e.running import WAITAN, Terminal, work_s

HELP_S = 0.3


def _leaves() -> Iterator[tuple[str, object]]:
    def walk(words: str, command: object) -> Iterator[tuple[str, object]]:
        below = getattr(command, "commands", None)
        if below is None:
            yield words, command
            return
        for name, each in below.items():
            yield from walk(f"{words} {name}".strip(), each)

    yield from walk("", get_command(app))


LEAVES = dict(_leaves())


def test_help_is_there_at_once() -> None:
    """The quickest of some tries counts."""
    assert min(work_s(WAITAN, "--help") for _ in range(5)) < HELP_S


@pytest.mark.parametrize("words", LEAVES)
def test_every_command_has_an_example_of_itself_and_speaks_json(words: str) -> None:
    command = LEAVES[words]
    text = getattr(command, "help", "")
    assert f"Example: waitan {words}" in text
    options = {option for parameter in getattr(command, "params", []) for option in parameter.opts}
    assert "--json" in options


@pytest.mark.parametrize("words", LEAVES)
def test_every_example_is_understood(words: str) -> None:
    """The words after `waitan` are words that the command takes; it is parsed and not run."""
    command = LEAVES[words]
    example = getattr(command, "help", "").partition("Example: waitan ")[2].splitlines()[0]
    context = command.make_context(words, shlex.split(example)[len(words.split()) :])  # type: ignore[attr-defined]
    assert context.params is not None


def test_the_version_is_told() -> None:
    assert Terminal(Path("/nowhere")).run("--version").out.startswith("waitan ")


def test_a_word_that_is_none_is_met_with_the_one_that_was_meant() -> None:
    ran = Terminal(Path("/nowhere")).run("paymnt", exit_code=2)
    assert "payment" in ran.errors
