"""Commands that are told for copying reach the network that is meant."""

from pathlib import Path

import pytest

from gateway.cli.copying import waitan
from gateway.development.data_directory import DataDirectory


def test_the_usual_network_is_reached_without_being_named() -> None:
    assert waitan("account list", DataDirectory.usual()) == "waitan account list"


def test_another_network_is_named_so_that_a_shell_reads_it_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert waitan("up", DataDirectory(Path("my net"))) == f"waitan up --data '{tmp_path}/my net'"
