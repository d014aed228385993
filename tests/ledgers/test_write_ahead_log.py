"""A file's write-ahead log stays short beside a writer that never rests, and a commit does not wait for its copy."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import apsw
import pytest
from structlog.testing import capture_logs

from chaincode.embedded import store
from chaincode.embedded.verification import verify
from gateway.projection import store as read_model
from storage import write_ahead_log
from storage.write_ahead_log import AHEAD_MAX, WriteAheadLog
from tests.builders import a_payment
from tests.world import World

PAGES = 64
ROW_BYTES = 2000
FRAMES_OF_A_WRITE = 4
"""The most pages that one of the test's writes changes: a row, the pages above it, the file's first."""
LIMIT_BYTES = 1 << 20
FRAME_BYTES = 4096 + 24
BOUND_PAGES = PAGES + FRAMES_OF_A_WRITE * 2 * AHEAD_MAX
"""What a log comes to at the most where nobody holds it: a copy may lag behind the writer that far."""


class File:
    """A file with a table of rows of random bytes, and its log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = self.opened()
        self.writer.pragma("journal_mode", "wal")
        self.writer.pragma("journal_size_limit", LIMIT_BYTES)
        self.writer.pragma("synchronous", "off")  # nothing here is lost with the power
        self.writer.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")
        self.copier = self.opened()
        self.log = WriteAheadLog(self.writer, self.copier, pages=PAGES)

    def opened(self) -> apsw.Connection:
        return apsw.Connection(str(self.path))

    @property
    def log_bytes(self) -> int:
        return self.path.with_name(f"{self.path.name}-wal").stat().st_size

    def write(self) -> None:
        with self.log.writing():
            self.writer.execute("INSERT INTO rows (content) VALUES (randomblob(?))", (ROW_BYTES,))

    def close(self) -> None:
        self.log.close()
        self.writer.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    made = File(tmp_path / "file.sqlite")
    yield made
    made.close()


def test_a_log_stays_short_beside_a_writer_that_never_rests(file: File) -> None:
    most = 0
    for _ in range(4_000):
        file.write()
        most = max(most, file.log.length().pages)
    assert most <= BOUND_PAGES
    assert file.log_bytes <= (most + 1) * FRAME_BYTES
    assert file.writer.execute("SELECT count(*) FROM rows").get == 4_000


def test_a_log_that_a_reader_held_is_cut_when_the_reader_has_gone(file: File) -> None:
    reader = file.opened()
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM rows").get
    with capture_logs() as lines:
        while file.log_bytes <= 2 * BOUND_PAGES * FRAME_BYTES:
            file.write()
        file.log.copy()
    assert reader.execute("SELECT count(*) FROM rows").get == before, "the reader's state was changed below it"
    assert "a write-ahead log grows: somebody reads what the file was before" in {line["event"] for line in lines}
    reader.execute("COMMIT")
    reader.close()
    for _ in range(2 * AHEAD_MAX):
        file.write()
    assert file.log.length().pages <= BOUND_PAGES
    assert file.log_bytes <= BOUND_PAGES * FRAME_BYTES


def test_who_reads_is_waited_for_when_a_log_is_twice_as_long_as_it_should_be(file: File) -> None:
    reader = file.opened()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM rows").fetchall()
    asked = threading.Event()

    def is_worth_waiting(_: int) -> bool:
        if not asked.is_set():
            reader.execute("COMMIT")
            asked.set()
        return True

    file.copier.set_busy_handler(is_worth_waiting)
    for _ in range(10 * AHEAD_MAX):
        file.write()
    assert asked.is_set()
    file.log.copy()
    file.write()
    assert file.log.length().pages <= PAGES + FRAMES_OF_A_WRITE
    reader.close()


class SlowCopier:
    """A connection whose copies come to an end only when they may."""

    def __init__(self, copier: apsw.Connection) -> None:
        self._copier = copier
        self.copies = threading.Event()
        self.may_end = threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._copier, name)

    def wal_checkpoint(self, *, mode: int) -> tuple[int, int]:
        if mode != apsw.SQLITE_CHECKPOINT_NOOP:
            self.copies.set()
            self.may_end.wait()
        return self._copier.wal_checkpoint(mode=mode)


class Asked:
    """Stands for a copy under way; a writer that waits for it lets it end."""

    def __init__(self, copy: "Future[None]", slow: SlowCopier) -> None:
        self._copy = copy
        self._slow = slow
        self.has_been = False

    def done(self) -> bool:
        return self._copy.done()

    def result(self) -> None:
        self.has_been = True
        self._slow.may_end.set()
        self._copy.result()


def test_a_commit_does_not_wait_for_a_copy_unless_it_falls_far_behind(tmp_path: Path) -> None:
    made = File(tmp_path / "file.sqlite")
    made.log.close()
    slow = SlowCopier(made.opened())
    made.log = WriteAheadLog(made.writer, slow, pages=PAGES)  # type: ignore[arg-type]  # as a connection, but slow
    for _ in range(PAGES):
        made.writer.execute("INSERT INTO rows (content) VALUES (randomblob(?))", (ROW_BYTES,))
    asked = Asked(made.log._thread.submit(made.log.copy), slow)
    made.log._look = asked  # type: ignore[assignment]  # as a future
    slow.copies.wait()
    for _ in range(AHEAD_MAX - 1):
        made.write()
    before = asked.has_been
    made.write()
    assert (before, asked.has_been) == (False, True), "not when it had fallen behind, or before"
    made.close()


def test_a_copy_that_fails_is_tried_again(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, capture_logs() as lines:
        patched.setattr(file.log, "_passed", _full)
        for _ in range(2 * AHEAD_MAX):
            file.write()
        file.log.copy()
    assert {line["event"] for line in lines} == {"a write-ahead log could not be copied"}
    file.log.copy()
    assert file.log.length().copied == file.log.length().pages


def _full(_: int) -> None:
    raise apsw.FullError("database or disk is full")


def test_a_busy_ledger_is_copied_while_it_is_written_and_is_whole(
    world: World, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.close()
    monkeypatch.setattr(store, "LOG_PAGES", PAGES)
    again = World(directory, world.members)
    before = (directory / store.LEDGER_FILE).stat().st_size
    for _ in range(PAGES):
        again.must("banksh", *(a_payment("1.00") for _ in range(20)))
    log = again.ledger._store._log
    assert log is not None
    log.copy()
    assert log.length().copied
    assert (directory / store.LEDGER_FILE).stat().st_size > before
    assert again.balance("bankist") == PAGES * 20 * 1_00
    again.close()
    assert verify(directory).problems == ()


def test_both_files_of_ours_are_copied_beside_their_writers(world: World, tmp_path: Path) -> None:
    """SQLite's own copying, at the end of a commit, is off."""
    model = read_model.ProjectionStore(tmp_path / "model.sqlite")
    for connection in (world.ledger._store._connection, model.connection):
        assert connection.pragma("wal_autocheckpoint") == 0
    model.close()


def test_what_cannot_be_opened_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a ledger's file nor a read model's, whose log is the last of them to be opened."""

    def none_left(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(write_ahead_log, "ThreadPoolExecutor", none_left)
    before = set(apsw.connections())
    with pytest.raises(RuntimeError) as of_ledger:
        store.Store(tmp_path, "waitan-test")
    with pytest.raises(RuntimeError) as of_read_model:
        read_model.ProjectionStore(tmp_path / "read-model.sqlite")
    assert set(apsw.connections()) <= before
    assert str(of_ledger.value) == str(of_read_model.value)  # whose traces keep from collection what was opened
