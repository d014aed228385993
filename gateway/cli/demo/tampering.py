"""What an intruder with the disk in hand would do: change one byte of one value that the ledger keeps."""

from pathlib import Path
from typing import Final, NamedTuple

import apsw

from gateway.cli.failures import Exit, Failure

_NEEDLE_BYTES: Final = 48
_JOURNAL: Final = """
SELECT value FROM writes WHERE collection <> '' AND key LIKE 'journal/%' AND length(value) > ? ORDER BY id DESC LIMIT 1
"""


class Changed(NamedTuple):
    """What was changed, and where in the file."""

    offset: int
    before: int
    after: int


def change_one_byte(ledger: Path) -> Changed:
    """Flip one bit in the last journal of a ledger that nobody has open; raises `Failure` where there is none."""
    path = ledger / "ledger.sqlite"
    connection = apsw.Connection(str(path))
    row = connection.execute(_JOURNAL, (_NEEDLE_BYTES,)).fetchone()
    connection.pragma("wal_checkpoint(TRUNCATE)")
    connection.close()
    content = path.read_bytes()
    start = content.find(row[0][:_NEEDLE_BYTES]) if row else -1
    if start < 0:
        raise Failure(Exit.REFUSED, "The ledger has no journal to change.")
    offset = start + _NEEDLE_BYTES // 2
    after = content[offset] ^ 0x01
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(bytes((after,)))
    return Changed(offset, content[offset], after)
