"""A disk that fills up: the batch is answered with an error, nothing of it is written, and space heals it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chaincode.embedded.faults import LedgerFullError, LedgerStoppedError, LedgerUnusableError
from chaincode.embedded.verification import verify
from tests.builders import a_payment
from tests.world import World


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Take all the space there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 512):
            try:
                while True:
                    if file.write(bytes(size)) < size:
                        break
            except OSError:
                pass
    return ballast


def until_full(world: World) -> tuple[int, int]:
    """Settle until the ledger says that the disk is full; give height and balance as last answered."""
    known = world.ledger.height, world.balance("bankist")
    with suppress(LedgerFullError):
        for _ in range(100):
            world.must("banksh", *(a_payment("1.00") for _ in range(20)))
            known = world.ledger.height, world.balance("bankist")
        pytest.fail("the disk was never full")
    return known


def test_a_full_disk_is_answered_and_with_space_the_ledger_goes_on(
    world: World, prepared: Path, small_disk: Path
) -> None:
    directory = shutil.copytree(prepared, small_disk / "ledger")
    full = World(directory, world.members)
    ballast = fill(small_disk)
    for _ in range(3):
        known = until_full(full)
        with pytest.raises(LedgerFullError, match="is full: free space and ask again; nothing was written"):
            full.must("banksh", *(a_payment("1.00") for _ in range(20)))
        assert (full.ledger.height, full.balance("bankist")) == known
    ballast.unlink()
    full.must("banksh", a_payment("1.00"))
    assert (full.ledger.height, full.balance("bankist")) == (known[0] + 1, known[1] + 1_00)
    assert verify(directory).problems == ()
    full.close()


def test_a_process_that_dies_on_a_full_disk_leaves_a_sound_ledger(
    world: World, prepared: Path, small_disk: Path, tmp_path: Path
) -> None:
    directory = shutil.copytree(prepared, small_disk / "ledger")
    full = World(directory, world.members)
    fill(small_disk)
    known = until_full(full)
    left = shutil.copytree(directory, tmp_path / "left")
    again = World(left, world.members)
    assert (again.ledger.height, again.balance("bankist")) == known
    assert verify(left).problems == ()
    again.close()
    full.close()


def test_a_ledger_is_not_begun_on_a_full_disk(world: World, small_disk: Path) -> None:
    (small_disk / "ledger").mkdir()
    fill(small_disk)
    with pytest.raises(LedgerUnusableError):
        World(small_disk / "ledger", world.members)


def test_a_file_that_may_have_no_more_pages_is_a_full_disk(world: World, directory: Path) -> None:
    """The same without a file system of its own."""
    connection = world.ledger._store._connection
    connection.pragma("max_page_count", connection.pragma("page_count"))
    known = until_full(world)
    assert (world.ledger.height, world.balance("bankist")) == known
    connection.pragma("max_page_count", 1_000_000)
    world.must("banksh", a_payment("1.00"))
    assert verify(directory).problems == ()


def leads_to(handle: Path, file: Path) -> bool:
    """Say whether an open file is this one; another thread may have closed it meanwhile."""
    try:
        return handle.readlink() == file
    except FileNotFoundError:
        return False


def test_a_disk_that_fails_while_a_block_is_written_stops_the_ledger_until_it_is_opened_again(
    world: World, directory: Path
) -> None:
    """The file is taken away below the ledger: what a commit says is then not known, so nothing more is said."""
    world.must("banksh", a_payment("1.00"))
    endorsed = world.endorse(world.sign("banksh", [a_payment("2.00")]))
    log = directory / "ledger.sqlite-wal"
    handles = [int(each.name) for each in Path("/proc/self/fd").iterdir() if leads_to(each, log)]
    assert handles
    kept = {handle: os.dup(handle) for handle in handles}
    with (directory / "lock").open("rb") as unwritable:
        for handle in handles:
            os.dup2(unwritable.fileno(), handle)
    with pytest.raises(LedgerUnusableError, match="cannot be read or written") as fault:
        world.commit(endorsed)
    assert not isinstance(fault.value, LedgerFullError)
    for handle, original in kept.items():
        os.dup2(original, handle)
        os.close(original)
    with pytest.raises(LedgerStoppedError, match="start again once this is mended"):
        world.commit(endorsed)
    with pytest.raises(LedgerStoppedError):
        world.endorse(world.sign("banksh", [a_payment("2.00")], sequence=9))
    world.close()
    again = World(directory, world.members)
    again.must("banksh", a_payment("2.00"))
    assert again.balance("bankist") == 3_00
    assert verify(directory).problems == ()
    again.close()
