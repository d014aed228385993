"""Files that are read again when they change: keys, lists and certificates that are renewed while the gateway runs."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

import structlog

T = TypeVar("T")

CHECK_S: Final = 1.0
"""How often, at most, files are looked at."""

log = structlog.get_logger()


class Watched(Generic[T]):
    """What some files say, read together. `parse` takes their bytes in order and raises `ValueError` if they are wrong.

    A change that cannot be read leaves what was read before, is logged once, and shows in `is_current`; it is for who
    uses it whether that will do.
    """

    def __init__(
        self,
        paths: tuple[Path, ...],
        parse: Callable[..., T],
        *,
        check_s: float = CHECK_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the files; raises `OSError` and `ValueError`."""
        self._paths: Final = paths
        self._parse: Final = parse
        self._check_s: Final = check_s
        self._clock: Final = clock
        self._seen = self._look()
        self._value = parse(*(path.read_bytes() for path in paths))
        self._looked_at = clock()
        self._version = 1
        self._is_current = True

    @property
    def value(self) -> T:
        """What the files say now, or said when they could last be read."""
        self._look_again()
        return self._value

    @property
    def version(self) -> int:
        """A number that grows with every change that was read."""
        self._look_again()
        return self._version

    @property
    def is_current(self) -> bool:
        """Whether the files, as they are now, could be read."""
        self._look_again()
        return self._is_current

    def _look_again(self) -> None:
        now = self._clock()
        if now - self._looked_at >= self._check_s:
            self._looked_at = now
            self._refresh()

    def _refresh(self) -> None:
        seen = self._look()
        if seen == self._seen:
            return
        self._seen = seen
        name = self._paths[0].name
        try:
            self._value = self._parse(*(path.read_bytes() for path in self._paths))
        except (OSError, ValueError, TypeError) as error:
            self._is_current = False
            log.error("a file has changed and cannot be read", file=name, reason=str(error))  # noqa: TRY400 - no bug
            return
        self._version += 1
        self._is_current = True
        log.warning("a file has changed and was read again", file=name)

    def _look(self) -> tuple[tuple[int, ...], ...]:
        """Give what changes with a file: where it is not there, nothing."""
        found: list[tuple[int, ...]] = []
        for path in self._paths:
            try:
                status = path.stat()
            except OSError:
                found.append(())
                continue
            found.append((status.st_ino, status.st_mtime_ns, status.st_size))
        return tuple(found)
