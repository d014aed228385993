"""The program as a person runs it, and a network that `waitan up` serves in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from typer.testing import CliRunner

from gateway.cli.commands import app

ROOT: Final = Path(__file__).resolve().parents[2]
WAITAN: Final = Path(sys.executable).with_name("waitan")
COMMAND_S: Final = 180
"""How long a command may take, on a machine that does much else."""
END_S: Final = 60


class Ran(NamedTuple):
    """What a command printed, and how it ended."""

    exit_code: int
    out: str
    errors: str


class Terminal:
    """A place to run commands against one data directory."""

    def __init__(self, data: Path) -> None:
        self.data: Final = data

    def environment(self) -> dict[str, str]:
        """What every command finds: its data directory, and a terminal of eighty columns."""
        path = f"{WAITAN.parent}{os.pathsep}{os.environ['PATH']}"
        return os.environ | {"WAITAN_DATA": str(self.data), "COLUMNS": "80", "PATH": path}

    def run(self, *words: str | Path, exit_code: int = 0) -> Ran:
        """Run `waitan` with some words, in this process; fails unless it ends with the exit code expected."""
        done = CliRunner().invoke(app, [str(word) for word in words], env=self.environment())
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return _expected(Ran(done.exit_code, done.stdout, done.stderr), words, exit_code)

    def json(self, *words: str | Path, exit_code: int = 0) -> Any:
        """Run a command with `--json`; give its object."""
        return json.loads(self.run(*words, "--json", exit_code=exit_code).out)

    def start(self, *words: str | Path, exit_code: int | None = 0, wait_s: float = COMMAND_S) -> Ran:
        """Run a command in a process of its own, as a shell does; fails unless it ends with the exit code expected.

        None expects none: what it ended with is for the caller to judge.
        """
        done = subprocess.run(
            [WAITAN, *words],
            capture_output=True,
            text=True,
            env=self.environment(),
            timeout=wait_s,
            cwd=ROOT,
            check=False,
        )
        return _expected(Ran(done.returncode, done.stdout, done.stderr), words, exit_code)

    @contextmanager
    def up(self, *words: str) -> Iterator[dict[str, Any]]:
        """Serve the directory's network on free ports; give what the program said when it was ready.

        `words` are more options. At the end it is told to stop, and must do so quietly.
        """
        process = subprocess.Popen(
            [WAITAN, "up", "--grpc-port", "0", "--http-port", "0", "--json", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
            cwd=ROOT,
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            if not line.startswith('{"ready"'):
                raise AssertionError(f"{line}{process.communicate(timeout=END_S)}")
            yield json.loads(line)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                _, errors = process.communicate(timeout=END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert (process.returncode, errors) == (0, "")


def _expected(ran: Ran, words: Sequence[str | Path], exit_code: int | None) -> Ran:
    assert exit_code in (None, ran.exit_code), f"{words}: {ran.exit_code}\n{ran.out}\n{ran.errors}"
    return ran


def after_all_rates(terminal: Terminal) -> str:
    """Give a date after the last from which a rate of advance is in force: tests share a network, in any order."""
    periods = terminal.json("ruling", "rules").get("advance_rates", [])
    last = max((each["effective_from"] for each in periods), default="2098-01-01")
    return str(date.fromisoformat(last) + timedelta(1))
