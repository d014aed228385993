"""Why a ledger's directory cannot be served, or a block not be written: each fault says what to do."""

from pathlib import Path

import apsw

from storage.checked_files import is_damage


class LedgerUnusableError(Exception):
    """The data directory cannot be served: the text says what is wrong and what to do."""


class LedgerCorruptError(LedgerUnusableError):
    """Something on disk is not what was written."""


class LedgerFullError(LedgerUnusableError):
    """The disk is full. Nothing of the block was written, and the ledger goes on once there is space."""


class LedgerStoppedError(LedgerUnusableError):
    """An earlier fault stopped the ledger: nothing was tried. It has to be closed and opened again."""


def of(error: apsw.Error, path: Path) -> LedgerUnusableError:
    """Turn SQLite's error into a sentence that says what to do; of several the first, which the others followed."""
    while isinstance(error.__context__, apsw.Error):
        error = error.__context__  # such as the damage on which SQLite rolled back, before "cannot rollback"
    if is_damage(error):
        return LedgerCorruptError(f"{path} is damaged ({error}): stop, and restore the directory from a backup")
    if isinstance(error, apsw.FullError):
        return LedgerFullError(f"the disk that holds {path} is full: free space and ask again; nothing was written")
    if isinstance(error, apsw.ReadOnlyError | apsw.CantOpenError | apsw.PermissionsError | apsw.IOError):
        return LedgerUnusableError(f"{path} cannot be read or written ({error}): check the disk and its permissions")
    return LedgerUnusableError(f"{path}: {error}")
