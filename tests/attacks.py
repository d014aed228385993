"""What a member aims at an authority's peer by a proposal of its own making, and the fixed words it may be answered."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from settlement.errors import Code
from settlement.forms import batches

NOTHING: Final[Mapping[str, bytes]] = {}


class Attack(NamedTuple):
    """A call of the contracts: its arguments, the first of which is the function, and its transient map."""

    arguments: tuple[bytes, ...]
    transient: Mapping[str, bytes] = NOTHING


def aimed_at(journal: str, others: tuple[str, ...]) -> dict[str, Attack]:
    """Ask for what others have: by what it is called, by their transaction, and by naming them."""
    usual = {"account": (b"CNY",), "journal": (journal.encode(),), "sequence": (), "about": (b"CNY",)}
    attacks = {name: Attack((name.encode(), *arguments)) for name, arguments in usual.items()}
    for other in others:
        for name, arguments in usual.items():
            attacks[f"{name} of {other}"] = Attack((name.encode(), *arguments, other.encode()))
        attacks[f"{other}'s secret as a journal"] = Attack((b"journal", f"../{other}/secret".encode()))
        attacks[f"a read of {other}'s"] = Attack((b"get", other.encode(), b"secret"))
        for function in (b"GetPrivateData", b"GetPrivateDataHash", b"GetPrivateDataByRange", b"GetState"):
            attacks[f"{function.decode()} of {other}"] = Attack((function, other.encode(), b"secret"))
    return attacks


MALFORMED: Final[dict[str, Attack]] = {
    "nothing": Attack(()),
    "an empty function": Attack((b"",)),
    "not ASCII": Attack((b"journal", b"\xff\xfe")),
    "a zero byte": Attack((b"journal", b"a\x00b")),
    "a long argument": Attack((b"journal", b"x" * 100_000)),
    "many arguments": Attack((b"account", *(b"CNY",) * 1_000)),
    "a name of Python's": Attack((b"__class__",)),
    "a batch without lists": Attack((b"execute",)),
    "lists that are none": Attack((b"execute",), {batches.LISTS: b"\xc1\xff", batches.ANSWER_KEY: bytes(32)}),
    "lists of another shape": Attack((b"execute",), {batches.LISTS: b"\x91\x01", batches.ANSWER_KEY: bytes(32)}),
    "no lists at all": Attack((b"execute",), {batches.LISTS: b"\x90"}),
    "a packed bomb": Attack((b"execute",), {batches.PACKED_LISTS: b"\x28\xb5\x2f\xfd" + b"\xff" * 40}),
    "a short answer key": Attack((b"execute",), {batches.LISTS: b"\x90", batches.ANSWER_KEY: b"k"}),
    "a batch with arguments": Attack((b"execute", b"banksh")),
}

_FIXED: Final = re.compile(
    "|".join(
        (
            *Code.__members__,
            "the batch cannot be read",
            r"[a-z ]{1,80} \(reference [0-9a-f]{12}\)",
        )
    )
)


def is_fixed(said: str) -> bool:
    """Whether a message is a code, or fixed words with a reference; an exception's text, or a value, is neither."""
    return not said or _FIXED.fullmatch(said) is not None
