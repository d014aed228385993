"""How large a request may be, in bytes and in parts; it is held against both before it is read.

A part that holds nothing takes two bytes on the wire, and some hundred once it is read.
"""

from types import MappingProxyType
from typing import Final

REQUEST_MAX_BYTES: Final = 2 << 20
"""Room for an ISO 20022 document of 1 MiB, and for any signed command."""
BATCH_MAX_BYTES: Final = 16 << 20
"""A batch of 500 full payments has 5 MB; nor does gRPC take more of anything."""
BATCHES: Final = MappingProxyType(
    dict.fromkeys(
        (
            "/waitan.v1.PaymentService/SubmitPayments",
            "/waitan.v1.CustomsService/LodgeDeclarations",
            "/waitan.v1.CourierService/Carry",
        ),
        BATCH_MAX_BYTES,
    )
)
"""Methods of which one request holds many of what others ask one by one, and how large it may be."""
SMALL_BYTES: Final = 64 << 10
"""What is no longer is not counted: whatever it holds, it is small."""
PARTS_MAX: Final = 10_000

_KIND, _MORE, _BITS = 0b111, 0b1000_0000, 7
_LENGTHS: Final = {1: 8, 5: 4}
"""Of kinds of fields that are always as long (Protocol Buffers, Encoding)."""
_NUMBER, _BYTES = 0, 2
"""Of a number, and of what begins with its length. Groups are of no message here."""


def is_too_large(data: bytes, most_bytes: int) -> bool:
    """Say whether a request is too large to be read."""
    return len(data) > most_bytes or (len(data) > SMALL_BYTES and not has_at_most(PARTS_MAX, data))


def has_at_most(most: int, data: bytes) -> bool:
    """Say whether a message has at most so many fields, not counting those within; False for what is no message."""
    position, end = 0, len(data)
    try:
        for _ in range(most):
            if position == end:
                return True
            key, position = _number(data, position)
            kind = key & _KIND
            if kind == _BYTES:
                length, position = _number(data, position)
                position += length
            elif kind == _NUMBER:
                _, position = _number(data, position)
            else:
                position += _LENGTHS[kind]
    except LookupError:  # the bytes end before a number does, or a kind is none of these
        return False
    return position == end


def _number(data: bytes, position: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; raises `IndexError` where the bytes end before it does."""
    found, shift = data[position] & ~_MORE, _BITS
    while data[position] & _MORE:
        position += 1
        found |= (data[position] & ~_MORE) << shift
        shift += _BITS
    return found, position + 1
