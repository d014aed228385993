"""The guides' commands, as they stand there: a guide's `$ ` lines one after another, each on a network of its own."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.running import COMMAND_S, ROOT, Terminal

GUIDES: Final = ("tester", "operator", "trader", "customs", "clearing", "regulator", "trade")
"""A page for each kind of user, and one that follows a trade through all of them."""
PROGRAMS: Final = ("initiations", "programs")
"""Pages for customers' programs."""
ENGINEERS: Final = ("gateway", "network")
"""Pages for whoever keeps one running, whose commands need a network on Fabric."""
GUIDE_S: Final = 5 * COMMAND_S
"""How long a guide's commands, sixty at most, may take one after another on a machine that does much else."""
_BLOCK: Final = re.compile(r"```console\n(.*?)```", re.DOTALL)
_PICTURE: Final = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def _page(guide: str) -> str:
    return (ROOT / "docs" / "guide" / f"{guide}.md").read_text()


def _script(guide: str) -> str:
    lines = [line for block in _BLOCK.findall(_page(guide)) for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(line.removeprefix("$ ") for line in lines)


@pytest.mark.timeout(GUIDE_S)
@pytest.mark.parametrize("guide", [*GUIDES, *PROGRAMS])
def test_a_guides_commands_work_one_after_another(tmp_path: Path, guide: str) -> None:
    script = _script(guide)
    missing = [tool for tool in ("curl", "jq") if tool in script and shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    # In a copy: what a command leaves beside its file must not stand in the project.
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    terminal = Terminal(tmp_path / "data")
    with terminal.up():
        done = subprocess.run(
            ["bash", "-euxo", "pipefail", "-c", script], capture_output=True, text=True,
            env=terminal.environment(), timeout=GUIDE_S, cwd=tmp_path, check=False,
        )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("guide", [*GUIDES, *ENGINEERS])
def test_a_guide_has_pictures_and_they_are_there(guide: str) -> None:
    pictures = _PICTURE.findall(_page(guide))
    assert pictures
    for picture in pictures:
        path = ROOT / "docs" / "guide" / picture
        assert path.read_bytes().startswith(b"\x89PNG"), picture
        assert path.stat().st_size < 150_000, picture
