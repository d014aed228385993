"""The command line before it does anything: words, help, and how soon it is there."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from gateway.cli.commands import app
from tests.e2e.running import ROOT, Terminal

TOLD = """
import sys
from gateway.cli import main

sys.argv = ["waitan", "--help"]
try:
    main()
finally:
    sys.stderr.write(" ".join(sys.modules))
"""
OURS = ("chaincode", "certification", "network", "settlement", "storage", "waitan")
HEAVY = (
    "aiohttp",
    "apsw",
    "cryptography",
    "google",
    "grpc",
    "jinja2",
    "lxml",
    "msgspec",
    "schwifty",
    "structlog",
    "xsdata",
)


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
    """Of what takes long to load it needs nothing, and of this project's code its words alone."""
    told = subprocess.run([sys.executable, "-c", TOLD], check=True, capture_output=True, text=True, cwd=ROOT)
    assert told.stdout.startswith("Usage: waitan")
    loaded = told.stderr.split()
    assert {name.partition(".")[0] for name in loaded}.isdisjoint({*OURS, *HEAVY})
    own = {name for name in loaded if name.startswith("gateway.")}
    assert {name for name in own if not f"{name}.".startswith("gateway.cli.")} == set()


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
