"""SQLite files in which every page carries a checksum (SQLite's cksumvfs): what was damaged is told, never served."""

import ctypes
from functools import cache
from pathlib import Path
from typing import Final

import apsw
import apsw.sqlite_extra

CHECKSUM_BYTES: Final = 8
"""How much of each page is kept for its checksum."""
_CHECKED: Final = "cksmvfs"
_BUSY_MS: Final = 5000


class ChecksumsAbsentError(apsw.Error):
    """This installation of SQLite cannot check its pages: the text says what to do."""


def open_to_write(path: Path) -> apsw.Connection:
    """Open a file, with its write-ahead log, or make it. Raises `apsw.Error`."""
    _load()
    is_new = is_empty(path)
    connection = apsw.Connection(str(path), vfs=_CHECKED)
    connection.set_busy_timeout(_BUSY_MS)
    if is_new:
        reserved = ctypes.c_int(CHECKSUM_BYTES)
        connection.file_control("main", apsw.SQLITE_FCNTL_RESERVE_BYTES, ctypes.addressof(reserved))
    return connection


def open_to_read(path: Path, *, checked: bool = True) -> apsw.Connection:
    """Open a file that is there; unless `checked`, a page that was changed is read as it is. Raises as above."""
    _load()
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=_CHECKED if checked else "unix")
    connection.set_busy_timeout(_BUSY_MS)
    return connection


def open_to_copy(path: Path) -> apsw.Connection:
    """Open a file that is open, to copy its write-ahead log into it (`storage.write_ahead_log`). Raises as above."""
    return apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=_CHECKED)


def is_empty(path: Path) -> bool:
    """Whether a file is not there, or nothing is in it."""
    return not path.exists() or path.stat().st_size == 0


def is_damage(error: BaseException) -> bool:
    """Say whether an error tells of a page that is not what was written, or of a file that is none of SQLite's."""
    checksum = getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA
    return checksum or isinstance(error, apsw.CorruptError | apsw.NotADBError | apsw.FormatError)


@cache
def _load() -> None:
    """Load SQLite's checksum layer, which comes with apsw."""
    if _CHECKED in apsw.vfs_names():
        return
    try:
        apsw.sqlite_extra.load(apsw.Connection(":memory:"), "cksumvfs")
    except Exception as error:  # the library names a different one for each thing that can be absent
        raise ChecksumsAbsentError("this installation of apsw has no cksumvfs: install apsw from its wheel") from error
