"""The envelope of a batch: what its courier calls, and puts into the transient map, whichever ledger it is."""

from collections.abc import Sequence
from typing import Final

import msgspec

from settlement.forms.consent import SignedList

FUNCTION: Final = "execute"
"""The chaincode's function that runs a batch; it takes no arguments, for those stand on the block for all to read."""

LISTS: Final = "lists"
ANSWER_KEY: Final = "answer_key"
"""The names of the two entries of the transient map."""


def transient(lists: Sequence[SignedList], answer_key: bytes) -> dict[str, bytes]:
    """Give the transient map of a batch, whose answers will be sealed under a key (settlement.forms.answers)."""
    return {LISTS: msgspec.msgpack.encode(tuple(lists)), ANSWER_KEY: answer_key}
