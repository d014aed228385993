"""The README's commands, as they stand there: every `$ ` line of its console blocks that a network can answer."""

import re
import subprocess

import pytest

from tests.e2e.running import COMMAND_S, ROOT, Terminal

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_NOT_HERE = ("make ", ". .venv/", "waitan up", "waitan demo", "waitan network", "git ")
"""Setting up is what `make test` does itself; a network is up already; the demo and Fabric have tests of their own."""


def _commands() -> list[str]:
    blocks = _BLOCK.findall((ROOT / "README.md").read_text())
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s+#.*", "", line) for line in lines if not line.startswith(_NOT_HERE)]


@pytest.mark.parametrize("command", _commands())
def test_a_command_of_the_readme_works_as_it_stands(terminal: Terminal, command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=terminal.environment(), timeout=COMMAND_S,
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
