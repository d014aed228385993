"""One network for all tests of the command line, served as a person would; none of them needs it untouched."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.running import Terminal


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Terminal, dict[str, Any]]]:
    terminal = Terminal(tmp_path_factory.mktemp("waitan") / "data")
    with terminal.up() as ready:
        yield terminal, ready


@pytest.fixture
def terminal(served: tuple[Terminal, dict[str, Any]]) -> Terminal:
    return served[0]
