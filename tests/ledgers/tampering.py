"""Changing a ledger's file behind its back."""

from pathlib import Path

import apsw

from chaincode.embedded.store import LEDGER_FILE
from storage.checked_files import open_to_read


def rewrite(directory: Path, statement: str, *values: bytes | int | str | None) -> int:
    """Change rows as one would who knows SQLite: every page keeps a true checksum. Give how many were changed."""
    open_to_read(directory / LEDGER_FILE).close()
    connection = apsw.Connection(str(directory / LEDGER_FILE), vfs="cksmvfs")
    connection.execute(statement, values)
    changed = connection.changes()
    connection.close()
    return changed


def flip(path: Path, at: int, mask: int = 1) -> None:
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= mask
    path.write_bytes(data)


def flip_within(path: Path, value: bytes) -> None:
    """Change one byte in the middle of a value, wherever the file holds it."""
    found = path.read_bytes().find(value)
    assert found >= 0, "the value lies in one piece on no page"
    flip(path, found + len(value) // 2)
