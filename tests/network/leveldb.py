"""Reading what a stopped or running LevelDB has on disk: every key and value that any of its files still holds.

The formats are those of LevelDB's own documents, "log format" and "table format": a write-ahead log of batches, and
tables whose blocks may be compressed with Snappy ("Snappy compressed format description"). What was overwritten or
deleted and not yet compacted is read too: who has the disk can read it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

SUFFIXES: Final = frozenset({".log", ".ldb", ".sst"})
"""How the files' names end that hold entries."""
LOG_BLOCK_BYTES: Final = 32 * 1024
_HEADER_BYTES: Final = 7
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_BATCH_HEADER_BYTES: Final = 12
_DELETED, _SET = 0, 1
FOOTER_BYTES: Final = 48
MAGIC: Final = 0xDB4775248B80FB57.to_bytes(8, "little")
_SNAPPY: Final = 1
_TRAILER_BYTES: Final = 5
_SEQUENCE_BYTES: Final = 8


class Entry(NamedTuple):
    """A key, and what was written under it."""

    key: bytes
    value: bytes


class DamagedError(Exception):
    """A file is not what LevelDB writes."""


def entries(directory: Path) -> Iterator[Entry]:
    """Give everything that the files of a database hold; a batch that is being written just now is left out."""
    for suffix, read in ((".log", log_entries), (".ldb", table_entries), (".sst", table_entries)):
        for file in sorted(directory.glob(f"*{suffix}")):
            yield from read(file.read_bytes())


def log_entries(data: bytes) -> Iterator[Entry]:
    """Read a write-ahead log."""
    for batch in _records(data):
        at = _BATCH_HEADER_BYTES
        while at < len(batch):
            kind = batch[at]
            key, at = sized(batch, at + 1)
            value = b""
            if kind == _SET:
                value, at = sized(batch, at)
            elif kind != _DELETED:
                raise DamagedError(f"a batch with an entry of kind {kind}")
            yield Entry(key, value)


def _records(data: bytes) -> Iterator[bytes]:
    """Put a log's records together from their fragments, of which none crosses a block's end."""
    record = b""
    at = 0
    while at + _HEADER_BYTES <= len(data):
        left = LOG_BLOCK_BYTES - at % LOG_BLOCK_BYTES
        if left < _HEADER_BYTES:
            at += left
            continue
        length, kind = int.from_bytes(data[at + 4 : at + 6], "little"), data[at + 6]
        fragment = data[at + _HEADER_BYTES : at + _HEADER_BYTES + length]
        if len(fragment) < length or kind == 0:
            return
        at += _HEADER_BYTES + length
        record = fragment if kind in {_FULL, _FIRST} else record + fragment
        if kind in {_FULL, _LAST}:
            yield record
        elif kind not in {_FIRST, _MIDDLE}:
            raise DamagedError(f"a fragment of kind {kind}")


def table_entries(data: bytes) -> Iterator[Entry]:
    """Read a table, all blocks that its index names; the eight bytes of sequence and kind are cut off its keys."""
    footer = data[-FOOTER_BYTES:]
    if not footer.endswith(MAGIC):
        raise DamagedError("a table without its footer")
    _, at = _handle(footer, 0)
    index, _ = _handle(footer, at)
    for _, value in _block_entries(_block(data, *index)):
        handle, _ = _handle(value, 0)
        for key, stored in _block_entries(_block(data, *handle)):
            yield Entry(key[:-_SEQUENCE_BYTES], stored)


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = varint(data, at)
    size, at = varint(data, at)
    return (offset, size), at


def _block(data: bytes, offset: int, size: int) -> bytes:
    stored, kind = data[offset : offset + size], data[offset + size]
    if len(data) < offset + size + _TRAILER_BYTES:
        raise DamagedError("a block beyond the table's end")
    return unsnapped(stored) if kind == _SNAPPY else stored


def _block_entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Read a block's entries, whose keys share what they begin with; the restart points at its end are not needed."""
    end = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little")
    key = b""
    at = 0
    while at < end:
        shared, at = varint(block, at)
        own, at = varint(block, at)
        size, at = varint(block, at)
        key = key[:shared] + block[at : at + own]
        at += own
        yield key, block[at : at + size]
        at += size


def unsnapped(data: bytes) -> bytes:
    """Decompress Snappy's block format: literals, and copies of what came before."""
    length, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        kind, rest = tag & 3, tag >> 2
        if kind == 0:
            extra = max(rest - 59, 0)
            size = (int.from_bytes(data[at : at + extra], "little") if extra else rest) + 1
            at += extra
            out += data[at : at + size]
            at += size
            continue
        if kind == 1:
            size, offset, at = 4 + (rest & 7), (rest >> 3) << 8 | data[at], at + 1
        else:
            width = 2 if kind == 2 else 4
            size, offset, at = rest + 1, int.from_bytes(data[at : at + width], "little"), at + width
        if not 0 < offset <= len(out):
            raise DamagedError("a copy from before the beginning")
        for _ in range(size):  # a copy may run into what it writes itself
            out.append(out[-offset])
    if len(out) != length:
        raise DamagedError("decompressed to another length")
    return bytes(out)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number in groups of seven bits, and say where it ends."""
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def sized(data: bytes, at: int) -> tuple[bytes, int]:
    """Read bytes with their length before them, and say where they end."""
    length, at = varint(data, at)
    return data[at : at + length], at + length
