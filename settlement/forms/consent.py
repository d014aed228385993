"""What a signature covers: the bytes that an organisation signs for a list, and a person for a command.

A list's signature covers the digests of its commands, not their text, so that whoever holds one command and the
digests of the others can prove the consent without seeing them. Both forms name the network, so that a consent
given on one is worth nothing on another.
"""

from typing import Final

import msgspec

from settlement import canonical
from settlement.records import Record

MAX_COMMANDS: Final = 1000
"""The most commands in one list, and in one batch of lists."""


class ListHeader(Record, tag="list/1"):
    """The signed form of a list: whose it is, the number after its last one, and what it asks, by digest."""

    network: str
    participant: str
    sequence: int
    commands: tuple[str, ...]


class SignedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """A list as it travels: canonical commands, the gateway's ES256 signature (r and s, 64 bytes), its certificate."""

    participant: str
    sequence: int
    commands: tuple[bytes, ...]
    signature: bytes
    certificate: bytes


def list_to_sign(network: str, participant: str, sequence: int, digests: tuple[str, ...]) -> bytes:
    """Give the bytes that an organisation signs for a list."""
    return canonical.encode(
        ListHeader(network=network, participant=participant, sequence=sequence, commands=digests),
    )


def command_to_sign(network: str, command: bytes) -> bytes:
    """Give the bytes that a person signs for a command (its canonical form)."""
    return b"waitan/command/1\n" + network.encode() + b"\n" + command
