"""Where a network lies: it begins in a directory of its own."""

from pathlib import Path

import pytest

from gateway.development.data_directory import DataDirectory, NoNetworkError
from gateway.development.process import running


def test_a_network_does_not_begin_among_other_files(tmp_path: Path) -> None:
    """Its private keys would lie in a place that is meant for something else."""
    (tmp_path / "README.md").write_text("another project")
    with pytest.raises(NoNetworkError, match="holds other files"):
        DataDirectory(tmp_path).create()
    assert [entry.name for entry in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize("kept", ["ledger", "read"])
def test_a_network_whose_description_is_gone_keeps_its_keys(tmp_path: Path, kept: str) -> None:
    """The ledger knows its organisations by them, so whoever begins anew there would lose both."""
    directory = DataDirectory(tmp_path)
    directory.create()
    (tmp_path / kept).mkdir()
    (tmp_path / "network.json").unlink()
    key = directory.organisation("banksh") / "ca.key"
    before = key.read_bytes()
    with pytest.raises(NoNetworkError, match=r"holds a ledger, but its network\.json is gone"):
        directory.create()
    assert key.read_bytes() == before
    assert not directory.exists


@pytest.mark.parametrize("trace", ["read", "organisations/banksh/endpoints.json"])
def test_a_network_that_has_run_does_not_go_on_without_its_ledger(tmp_path: Path, trace: str) -> None:
    """A new one would be empty, and proved sound: nobody would be told that all is lost."""
    directory = DataDirectory(tmp_path)
    directory.create()
    directory.require_ledger()  # it has not run yet
    (tmp_path / trace).mkdir()
    with pytest.raises(NoNetworkError, match=r"has run, but its ledger is gone: restore the whole directory"):
        directory.require_ledger()
    directory.ledger.mkdir()
    (directory.ledger / "ledger.sqlite").touch()
    directory.require_ledger()


@pytest.mark.asyncio
async def test_it_is_not_begun_anew_either(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    directory.create()
    directory.read.mkdir()
    with pytest.raises(NoNetworkError, match="its ledger is gone"):
        async with running(directory):
            pass
    assert not directory.ledger.exists()


def test_a_key_that_cannot_be_read_is_told_in_words_of_ours(tmp_path: Path) -> None:
    """Not in those of a library, which send its users to its questions and answers."""
    directory = DataDirectory(tmp_path)
    directory.create()
    key = directory.organisation("banksh") / "ca.key"
    key.write_text("x")
    with pytest.raises(NoNetworkError, match=r"of banksh in .* cannot be read \(it is damaged\): restore it"):
        directory.members()
    key.unlink()
    with pytest.raises(NoNetworkError, match=r"cannot be read \(ca\.key: No such file or directory\): restore it"):
        directory.members()


def test_a_start_that_was_broken_off_begins_again(tmp_path: Path) -> None:
    """Certificates without the network's description are made anew."""
    (tmp_path / "organisations" / "clearing").mkdir(parents=True)
    directory = DataDirectory(tmp_path)
    directory.create()
    assert directory.exists
