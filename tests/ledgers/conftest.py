"""Where the ledgers of these tests lie."""

from pathlib import Path

import pytest


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of the `world` fixture's ledger."""
    return tmp_path / "ledger"
