"""What a person is told to do about a network that does not start fits what is wrong with it."""

from pathlib import Path

import pytest

from gateway.cli.failures import Exit, Failure
from gateway.cli.serving import told
from gateway.development.data_directory import DataDirectory
from gateway.ledger.embedded import LedgerCorruptError, LedgerUnusableError
from gateway.projection.faults import FeedBrokenError


def failure_of(error: Exception, directory: Path) -> Failure:
    """Give what is told of an error."""
    with pytest.raises(Failure) as raised, told(DataDirectory(directory)):
        raise error
    assert raised.value.exit_code is Exit.UNREACHABLE
    return raised.value


def stopped_by(cause: Exception) -> FeedBrokenError:
    """Make the error of one who waited for a read model that has stopped."""
    error = FeedBrokenError()
    error.__cause__ = cause
    return error


def test_a_damaged_ledger_is_to_be_restored(tmp_path: Path) -> None:
    damage = LedgerCorruptError("a page was changed")
    for error in (damage, stopped_by(damage)):
        told_of = failure_of(error, tmp_path)
        assert told_of.sentence == "a page was changed."
        assert told_of.do.startswith("Restore the whole directory from a backup")
        assert told_of.do.endswith(f"waitan ledger verify {tmp_path}")


def test_a_ledger_of_another_network_is_left_alone(tmp_path: Path) -> None:
    assert failure_of(LedgerUnusableError("it is another's"), tmp_path).do == "Another directory: --data DIR"


def test_a_read_model_that_stopped_is_made_again_by_a_start(tmp_path: Path) -> None:
    assert failure_of(stopped_by(OSError("disk I/O error")), tmp_path).do.startswith("Start again")
