"""Canonical JSON: one value, one sequence of bytes, so that a signature or a hash has one meaning.

Names sorted, no white space, ASCII names, integers below 2**53, amounts as decimal strings, absent fields absent:
for the values used here this is RFC 8785. What is decoded is encoded again and must give the same bytes, which
rules out duplicate names, other spellings of a number and hidden content in one stroke.
"""

import hashlib
from typing import Any, Final, TypeVar

import msgspec

from settlement.errors import Code, Refusal

T = TypeVar("T")

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def encode(value: Any) -> bytes:
    """Give the canonical bytes of a Struct or of plain JSON data."""
    return _ENCODER.encode(value)


def decode(data: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """Read canonical bytes; refuse (FF01) what is not the type, or is not in canonical form."""
    try:
        value = decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(Code.FF01) from None
    if _ENCODER.encode(value) != bytes(data):
        raise Refusal(Code.FF01)
    return value


def digest(data: bytes) -> str:
    """SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()
