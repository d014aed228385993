"""A data directory that cannot be served is refused, with a sentence that says what to do; a wrong balance never is."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from chaincode import dispatch
from chaincode.embedded import faults
from chaincode.embedded.faults import LedgerCorruptError, LedgerStoppedError, LedgerUnusableError
from chaincode.embedded.ledger import EmbeddedLedger
from chaincode.embedded.store import HEAD_FILE, LEDGER_FILE
from chaincode.embedded.verification import Verification
from tests.builders import a_payment
from tests.ledgers.tampering import flip, flip_within, rewrite
from tests.world import NOW_MS, World


def opened(directory: Path, network: str = "waitan") -> EmbeddedLedger:
    return EmbeddedLedger(directory, network=network, contract=dispatch.execute, clock=lambda: NOW_MS)


def refusal(directory: Path, network: str = "waitan") -> str:
    """Give the sentence with which a directory is refused; opening it again must give the same."""
    with pytest.raises(LedgerUnusableError) as first:
        opened(directory, network)
    with pytest.raises(LedgerUnusableError) as again:
        opened(directory, network)
    assert str(first.value) == str(again.value)
    return str(first.value)


@pytest.fixture
def stopped(world: World, directory: Path) -> Path:
    """A ledger's directory that nobody has open."""
    world.must("banksh", a_payment("100.00"))
    world.close()
    return directory


@pytest.fixture
def killed(world: World, directory: Path, tmp_path: Path) -> Path:
    """A ledger's directory as a killed process leaves it: the last payments are in the write-ahead log alone."""
    for _ in range(3):
        world.must("banksh", a_payment("100.00"))
    return Path(shutil.copytree(directory, tmp_path / "killed"))


def test_a_directory_in_use_is_refused(world: World, directory: Path) -> None:
    assert "is in use by another process: stop it first" in refusal(directory)


def test_a_directory_in_use_by_another_process_is_refused(stopped: Path) -> None:
    program = (
        "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.flock(f,fcntl.LOCK_EX); print('held',flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(stopped / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert "is in use by another process" in refusal(stopped)
        holder.communicate("\n")
    opened(stopped).close()


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    assert "cannot be written" in refusal(tmp_path / "file")
    assert "cannot be written" in refusal(tmp_path / "file" / "below")


def test_a_directory_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).mkdir()
    assert "cannot be read or written" in refusal(tmp_path)


@pytest.fixture
def read_only(stopped: Path) -> Iterator[Path]:
    """The directory mounted read-only, for root may write wherever permissions forbid it."""
    mounted = subprocess.run(["mount", "--bind", stopped, stopped], capture_output=True, check=False)
    if mounted.returncode:
        if os.geteuid() == 0:
            pytest.skip("this machine lets nobody mount")
        stopped.chmod(0o500)
        yield stopped
        stopped.chmod(0o700)
        return
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", stopped], check=True)
        yield stopped
    finally:
        subprocess.run(["umount", stopped], check=True)


def test_a_read_only_directory_is_refused(read_only: Path) -> None:
    assert "cannot be written" in refusal(read_only)


def test_another_networks_ledger_is_refused(stopped: Path) -> None:
    assert "is the ledger of network 'waitan', not of 'other'" in refusal(stopped, "other")


def test_a_newer_schema_is_refused(stopped: Path) -> None:
    rewrite(stopped, "PRAGMA user_version = 99")
    assert "has schema 99, this program reads 1: use the release that wrote it" in refusal(stopped)


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / LEDGER_FILE) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    assert "is not a Waitan ledger: choose another data directory" in refusal(tmp_path)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "half the file": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a page short": lambda path: os.truncate(path, path.stat().st_size - 4096),
    "an empty file": lambda path: os.truncate(path, 0),
    "no file": lambda path: path.unlink(),
    "not a database": lambda path: path.write_bytes(b"PK\x03\x04" * 5000),
    "a header that is zeros": lambda path: path.write_bytes(bytes(4096) + path.read_bytes()[4096:]),
    "the last block's page": lambda path: flip_within(path, b"waitan\xc5"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_refused(stopped: Path, case: str) -> None:
    DAMAGE[case](stopped / LEDGER_FILE)
    assert "restore" in refusal(stopped)


def test_a_damaged_log_is_left_for_whoever_looks_into_it(killed: Path) -> None:
    flip(killed / f"{LEDGER_FILE}-wal", 5000)
    before = (killed / f"{LEDGER_FILE}-wal").read_bytes()
    refusal(killed)
    assert (killed / f"{LEDGER_FILE}-wal").read_bytes() == before


def test_a_lost_write_ahead_log_is_refused(killed: Path) -> None:
    (killed / f"{LEDGER_FILE}-wal").unlink()
    assert "its write-ahead log was lost or damaged" in refusal(killed)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_torn_write_ahead_log_that_held_answered_payments_is_refused(killed: Path, share: float) -> None:
    log = killed / f"{LEDGER_FILE}-wal"
    os.truncate(log, int(log.stat().st_size * share))
    assert "its write-ahead log was lost or damaged" in refusal(killed)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_a_flipped_byte_in_the_write_ahead_log_is_refused(killed: Path, share: float) -> None:
    log = killed / f"{LEDGER_FILE}-wal"
    flip(log, 40 + int(log.stat().st_size * share))
    assert "its write-ahead log was lost or damaged" in refusal(killed)


def test_an_older_copy_of_the_file_is_refused(world: World, directory: Path, prepared: Path) -> None:
    world.must("banksh", a_payment())
    world.close()
    shutil.copy(prepared / LEDGER_FILE, directory / LEDGER_FILE)
    assert "restore the whole directory from a backup" in refusal(directory)


def test_an_older_copy_of_the_whole_directory_serves(prepared: Path, tmp_path: Path) -> None:
    restored = shutil.copytree(prepared, tmp_path / "restored")
    opened(restored).close()


def test_to_accept_a_loss_the_note_of_the_head_is_removed(killed: Path) -> None:
    (killed / f"{LEDGER_FILE}-wal").unlink()
    (killed / HEAD_FILE).unlink()
    opened(killed).close()


def test_a_damaged_note_of_the_head_is_refused(stopped: Path) -> None:
    flip(stopped / HEAD_FILE, 3)
    assert "is damaged, so nobody can say how many blocks were committed: restore the whole" in refusal(stopped)


def test_whoever_proves_a_ledger_with_a_damaged_note_is_not_told_to_prove_it(stopped: Path) -> None:
    """Nor to take the note away: what to do is said once, by who opens it."""
    flip(stopped / HEAD_FILE, 3)
    verification = Verification(stopped)
    for _ in verification:
        pass
    assert verification.report.problems == (
        f"{stopped / HEAD_FILE} is damaged, so nobody can say how many blocks were committed",
    )


def test_what_a_killed_process_left_is_all_there(killed: Path, world: World) -> None:
    ledger = opened(killed)
    assert ledger.height == world.ledger.height
    ledger.close()


@pytest.mark.parametrize("seed", range(16))
def test_a_flipped_byte_anywhere_never_gives_a_wrong_value(world: World, directory: Path, seed: int) -> None:
    """Each value that stands is read as it was, or not at all; and then the ledger stops."""
    world.must("banksh", a_payment("100.00"))
    before = world.state()
    world.close()
    size = (directory / LEDGER_FILE).stat().st_size
    flip(directory / LEDGER_FILE, 100 + (size - 100) * seed // 16, 1 << seed % 8)
    try:
        ledger = opened(directory)
    except LedgerUnusableError:
        return
    for place, value in before.items():
        with suppress(LedgerCorruptError, LedgerStoppedError), ledger._serving():
            assert ledger.reader.value(place)[0] == value
    ledger.close()


def _roll_back_after_damage() -> None:
    try:
        raise apsw.CorruptError("database disk image is malformed")
    except apsw.Error:
        apsw.Connection(":memory:").execute("ROLLBACK")


def test_damage_is_told_and_not_what_followed_from_it() -> None:
    """On damage SQLite rolls back by itself, so ending the transaction fails too: that is not the cause."""
    with pytest.raises(apsw.SQLError, match="cannot rollback") as followed:
        _roll_back_after_damage()
    told = faults.of(followed.value, Path(LEDGER_FILE))
    assert isinstance(told, LedgerCorruptError)
    assert "is damaged (database disk image is malformed): stop, and restore" in str(told)


def test_damage_found_while_running_stops_the_ledger(world: World, directory: Path) -> None:
    """A value changed by one who knows SQLite is told when it is read, and nothing is answered after that."""
    world.must("banksh", a_payment("100.00"))
    world.close()
    rewrite(directory, "UPDATE writes SET value = zeroblob(length(value)) WHERE key LIKE 'account/%'")
    again = World(directory, world.members)
    asked = again.sign("banksh", [a_payment()], sequence=3)
    with pytest.raises(LedgerCorruptError, match="was changed on disk: stop, restore the directory from a backup"):
        again.endorse(asked)
    with pytest.raises(LedgerStoppedError, match="the ledger has stopped"):
        again.endorse(asked)
    with pytest.raises(LedgerStoppedError):
        again.ledger.feed(0, lambda _: True)
    again.close()
