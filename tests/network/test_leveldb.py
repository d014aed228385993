"""The reader of LevelDB's files, which a search of a peer's disk stands on: by files made here as the formats say."""

import pytest

from tests.network import leveldb
from tests.network.leveldb import Entry


def number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def batch(*entries: Entry) -> bytes:
    head = bytes(8) + len(entries).to_bytes(4, "little")
    return head + b"".join(
        b"\x01" + b"".join(number(len(part)) + part for part in (entry.key, entry.value)) for entry in entries
    )


def log(*batches: bytes) -> bytes:
    """Write records in fragments: none crosses a block's end, where fewer than seven bytes are filled up."""
    out = bytearray()
    for whole in batches:
        left, first = whole, True
        while first or left:
            room = leveldb.LOG_BLOCK_BYTES - len(out) % leveldb.LOG_BLOCK_BYTES
            if room < 7:
                out += bytes(room)
                continue
            part, left = left[: room - 7], left[room - 7 :]
            kind = (1 if not left else 2) if first else (4 if not left else 3)
            out += bytes(4) + len(part).to_bytes(2, "little") + bytes((kind,)) + part
            first = False
    return bytes(out)


def block(entries: list[tuple[bytes, bytes]], *, snapped: bool) -> bytes:
    """Write a table's block, in which a key shares with the one before all that they have in common."""
    out, before = bytearray(), b""
    for key, value in entries:
        shared = next((at for at, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), 0)
        out += number(shared) + number(len(key) - shared) + number(len(value)) + key[shared:] + value
        before = key
    plain = bytes(out) + bytes(4) + (1).to_bytes(4, "little")
    if not snapped:
        return plain + bytes(5)
    literals = [plain[at : at + 60] for at in range(0, len(plain), 60)]
    stored = number(len(plain)) + b"".join(bytes(((len(part) - 1) << 2,)) + part for part in literals)
    return stored + b"\x01" + bytes(4)


def table(entries: list[Entry], *, snapped: bool) -> bytes:
    data = block([(entry.key + bytes(8), entry.value) for entry in entries], snapped=snapped)
    at = number(0) + number(len(data) - 5)
    index = block([(b"z", at)], snapped=snapped)
    footer = number(0) + number(0) + number(len(data)) + number(len(index) - 5)
    return data + index + footer.ljust(leveldb.FOOTER_BYTES - 8, b"\0") + leveldb.MAGIC


ENTRIES = [Entry(b"journal/1", b"one"), Entry(b"journal/2", b"x" * 100_000), Entry(b"secret", b"")]


@pytest.mark.parametrize("filler", [0, 32_700, 32_740, 32_741, 32_742, 32_748])
def test_a_log_is_read_over_the_ends_of_its_blocks(filler: int) -> None:
    first = Entry(b"filler", b"f" * filler)
    assert list(leveldb.log_entries(log(batch(first), batch(*ENTRIES), batch(ENTRIES[0])))) == [
        first,
        *ENTRIES,
        ENTRIES[0],
    ]


def test_a_record_that_is_being_written_is_left_out() -> None:
    whole = log(batch(ENTRIES[0]), batch(ENTRIES[1]))
    assert list(leveldb.log_entries(whole[:-1])) == [ENTRIES[0]]


@pytest.mark.parametrize("snapped", [False, True])
def test_a_table_is_read_compressed_or_not(snapped: bool) -> None:
    assert list(leveldb.table_entries(table(ENTRIES, snapped=snapped))) == ENTRIES


def test_what_is_no_table_is_said() -> None:
    with pytest.raises(leveldb.DamagedError):
        list(leveldb.table_entries(b"nothing of the kind" * 9))


@pytest.mark.parametrize(
    ("stored", "plain"),
    [
        (b"\x06\x14abcdef", b"abcdef"),
        (b"\x0a\x04ab\x11\x02", b"ab" * 5),
        (b"\x08\x0cabcd\x0e\x04\x00", b"abcdabcd"),
        (b"\x08\x0cabcd\x0f\x04\x00\x00\x00", b"abcdabcd"),
        (b"\x46\xf0\x45" + b"q" * 70, b"q" * 70),
    ],
    ids=["a literal", "a copy into itself", "a copy of two bytes' offset", "of four", "a long literal"],
)
def test_snappy_is_decompressed(stored: bytes, plain: bytes) -> None:
    assert leveldb.unsnapped(stored) == plain


@pytest.mark.parametrize("stored", [b"\x08\x0cabcd\x0e\x05\x00", b"\x09\x0cabcd\x0e\x04\x00"])
def test_what_snappy_cannot_have_written_is_said(stored: bytes) -> None:
    with pytest.raises(leveldb.DamagedError):
        leveldb.unsnapped(stored)
