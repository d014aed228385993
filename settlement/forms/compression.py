"""Zstandard, level 1: the same bytes for the same data in every build of the pinned library (ADR 0004)."""

from typing import Final

import zstandard

LEVEL: Final = 1

# Shared by threads at the same moment, a compressor corrupts memory; made anew for each journal, it takes four times as
# long as the work. So whoever needs one takes it out of the idle ones: a list's `pop` and `append` are atomic.
_IDLE_COMPRESSORS: Final[list[zstandard.ZstdCompressor]] = []
_IDLE_DECOMPRESSORS: Final[list[zstandard.ZstdDecompressor]] = []


class NotCompressedError(Exception):
    """The data is not what `compressed` gives, or would be larger than is taken."""


def compressed(data: bytes) -> bytes:
    """Compress; the result says how large the data was."""
    try:
        compressor = _IDLE_COMPRESSORS.pop()
    except IndexError:
        compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=False, write_content_size=True)
    packed = compressor.compress(data)
    _IDLE_COMPRESSORS.append(compressor)
    return packed


def decompressed(data: bytes, *, max_bytes: int) -> bytes:
    """Give what `compressed` took, no more than so many bytes; raises `NotCompressedError`."""
    try:
        if not 0 <= zstandard.frame_content_size(data) <= max_bytes:
            raise NotCompressedError
        try:
            decompressor = _IDLE_DECOMPRESSORS.pop()
        except IndexError:
            decompressor = zstandard.ZstdDecompressor()
        plain = decompressor.decompress(data)
    except zstandard.ZstdError:
        raise NotCompressedError from None
    _IDLE_DECOMPRESSORS.append(decompressor)
    return plain
