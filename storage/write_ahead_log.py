"""The write-ahead log of an SQLite file, copied into the file beside the writer and not by it.

By itself SQLite copies the log at the end of the commit that made it long: whoever waits for that commit waits for
thousands of pages and a sync of the file as well. Here a thread with a connection of its own copies (a passive
checkpoint keeps nobody out). A log begins anew only with a write that finds all of it copied and nobody reading it;
beside a writer that never rests that would not come, and the log would grow for ever. So once little is left to copy,
the writer waits for that little.

Nothing is less durable for it: what a commit has synced stays in the log until the file has it, synced too.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

import apsw
import structlog

LOOK_EVERY: Final = 16
"""After how many blocks written the length of the log is looked at: it costs a change of threads."""
AHEAD_MAX: Final = 128
"""How many blocks may be written while a copy is under way; then the writer waits for it: the disk is slower than what
is written."""
PASSES_MAX: Final = 3
FEW_PAGES: Final = 128
"""How much may be left to copy while the writer waits, unless that many passes beside it did not bring it so far."""
PATIENCE_MS: Final = 50
"""How long readers are waited for once a log is twice as long as it should be; no new ones join them meanwhile."""

log = structlog.get_logger()


class Length(NamedTuple):
    """How many pages a log has, and how many of them have been copied."""

    pages: int
    copied: int


class WriteAheadLog:
    """The log of a file that `writer` writes, in transactions within `writing`. `copier` is another connection to it.

    It is kept to about `pages`; `copier` is closed with it, and where it cannot be made. `synchronous` is SQLite's word
    for what a copy waits for.
    """

    def __init__(
        self, writer: apsw.Connection, copier: apsw.Connection, *, pages: int, synchronous: str = "full"
    ) -> None:
        try:
            writer.wal_autocheckpoint(0)
            copier.wal_autocheckpoint(0)
            copier.set_busy_timeout(PATIENCE_MS)
            copier.pragma("synchronous", synchronous)
            copier.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # only then does it know of the log
            self._thread: Final = ThreadPoolExecutor(1, f"log-{Path(writer.filename).stem}")
        except BaseException:
            copier.close()
            raise
        self._writer: Final = writer
        self._copier: Final = copier
        self._pages: Final = pages
        self._due = pages
        """How long the log is when it is next copied."""
        self._written = 0
        self._copying: Final = Lock()
        self._writing: Final = Lock()
        """Who needs both takes them in this order."""
        self._look: Future[None] | None = None
        self._is_closed = False

    @contextmanager
    def writing(self, blocks: int = 1) -> Iterator[None]:
        """Write some blocks meanwhile, in transactions that end in it."""
        with self._writing:
            yield
        self._written += blocks
        if self._written < LOOK_EVERY or self._is_closed:
            return
        if self._look is not None and not self._look.done():
            if self._written < AHEAD_MAX:
                return
            self._look.result()
        self._written = 0
        self._look = self._thread.submit(self.copy)

    def length(self) -> Length:
        """Say how long the log is, once no copy is under way."""
        with self._copying:
            return self._length()

    def copy(self) -> None:
        """Copy the log if it is long enough. What goes wrong is for the next time: the log has all until then."""
        try:
            with self._copying:
                if self._length().pages >= self._due:
                    self._copy()
        except apsw.Error as error:
            log.warning(
                "a write-ahead log could not be copied", file=Path(self._writer.filename).name, error=str(error)
            )

    def empty(self) -> None:
        """Copy all of it and cut it to nothing, with the writer's connection; raises `apsw.Error`."""
        with self._copying, self._writing:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Copy no more."""
        self._is_closed = True
        self._thread.shutdown()
        self._copier.close()

    def _copy(self) -> None:
        for _ in range(PASSES_MAX):
            found = self._passed(apsw.SQLITE_CHECKPOINT_PASSIVE)
            if found.pages - found.copied <= FEW_PAGES:
                break
        is_long = found.pages >= 2 * self._pages
        with self._writing:
            found = self._passed(apsw.SQLITE_CHECKPOINT_RESTART if is_long else apsw.SQLITE_CHECKPOINT_PASSIVE)
        is_held = found.copied < found.pages
        if is_held and is_long:
            log.warning(
                "a write-ahead log grows: somebody reads what the file was before",
                file=Path(self._writer.filename).name,
                pages=found.pages,
            )
        self._due = found.pages + self._pages // 4 if is_held else self._pages

    def _passed(self, mode: int) -> Length:
        """Copy what can be; where somebody is in the way, say how far it came."""
        try:
            return Length(*self._copier.wal_checkpoint(mode=mode))
        except apsw.BusyError:
            return self._length()

    def _length(self) -> Length:
        return Length(*self._copier.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP))
