"""The envelope of a batch: what its courier calls, and puts into the transient map, whichever ledger it is."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from settlement.forms.compression import NotCompressedError, compressed, decompressed
from settlement.forms.consent import SignedList

FUNCTION: Final = "execute"
"""The chaincode's function that runs a batch; it takes no arguments, for those stand on the block for all to read."""

LISTS: Final = "lists"
PACKED_LISTS: Final = "lists.zst"
ANSWER_KEY: Final = "answer_key"
"""The names of the entries of the transient map: lists stand there as they are, or compressed."""

MAX_BYTES: Final = 1 << 26
"""How large compressed lists may be when they are unpacked."""

_DECODER: Final = msgspec.msgpack.Decoder(tuple[SignedList, ...])


class UnreadableListsError(Exception):
    """The transient map holds no lists that can be read."""


def transient(lists: Sequence[SignedList], answer_key: bytes, *, is_packed: bool = False) -> dict[str, bytes]:
    """Give the transient map of a batch, whose answers will be sealed under a key (settlement.forms.answers).

    Compressed lists are worth it where the batch goes from process to process: on Fabric five times, encrypted and
    hashed each time, and to a tenth of the size.
    """
    encoded = msgspec.msgpack.encode(tuple(lists))
    said = {PACKED_LISTS: compressed(encoded)} if is_packed else {LISTS: encoded}
    return {**said, ANSWER_KEY: answer_key}


def lists_of(said: Mapping[str, bytes]) -> tuple[SignedList, ...]:
    """Read the lists of a transient map; raises `UnreadableListsError`."""
    try:
        packed = said.get(PACKED_LISTS)
        return _DECODER.decode(said[LISTS] if packed is None else decompressed(packed, max_bytes=MAX_BYTES))
    except (KeyError, msgspec.DecodeError, NotCompressedError):
        raise UnreadableListsError from None
