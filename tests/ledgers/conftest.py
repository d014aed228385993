"""Where the ledgers of these tests lie, and the keys of those who work them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from gateway.development.members import Member


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of the `world` fixture's ledger."""
    return tmp_path / "ledger"


@pytest.fixture(scope="session")
def keys_directory(members: Mapping[str, Member], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody's keys on disk, so that a program of its own can act with them."""
    directory = tmp_path_factory.mktemp("keys")
    for name, member in members.items():
        member.keys.write(directory / name)
    return directory
