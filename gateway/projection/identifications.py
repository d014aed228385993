"""The identifications that an organisation gave its messages and instructions, for the question whether one is used.

Of each, 64 bits of a hash are kept, and the business date. With a million kept, that a new one is taken for one of
them by chance has a probability of 1 in 18 million million.
"""

import hashlib
from functools import lru_cache
from typing import Final

WINDOW_DAYS: Final = 10
"""The business days within which a sender does not use an identification twice (DU01, DU05)."""

MESSAGE: Final = "message"
INSTRUCTION: Final = "instruction"


def digest(kind: str, identification: str) -> int:
    """Give the 64-bit key of an identification, signed as SQLite wants it."""
    data = hashlib.blake2b(f"{kind}|{identification}".encode(), digest_size=8).digest()
    return int.from_bytes(data, "big", signed=True)


@lru_cache(1024)
def date_number(date: str) -> int:
    """Give a date (YYYY-MM-DD) as the number 20261123."""
    return int(date.replace("-", ""))


def given(message_id: str, instruction_id: str) -> list[tuple[str, str]]:
    """Give the identifications, with their kinds, that a command carries."""
    return [(kind, text) for kind, text in ((MESSAGE, message_id), (INSTRUCTION, instruction_id)) if text]
