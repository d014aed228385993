"""The answer of a batch: a code for each command, sealed under a key made for this attempt alone.

A transaction's response is public on the block, even of one that turns out invalid. So it is sealed with
ChaCha20-Poly1305 under the courier's answer key (fresh random bytes in the transient map, used once, hence the
constant nonce), and padded to a length that depends on the numbers of lists and commands alone.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)
_WHERE_CHARACTERS: Final = 64
_COMMAND_BYTES: Final = 112
_LIST_BYTES: Final = 4

DONE: Final = ""
"""The code of a command that took effect."""


WHOLE_LIST: Final = "list"
"""Where the path of an answer begins that refuses a whole list; its sequence number is then still free."""


class Answer(NamedTuple):
    """What became of a command: DONE or a code of `settlement.errors.Code`, and the path of the field at fault."""

    code: str
    where: str = ""

    @property
    def refuses_list(self) -> bool:
        """Say whether the whole list was refused."""
        return self.where.startswith(f"{WHOLE_LIST}.")


Answers = tuple[tuple[Answer, ...], ...]
"""For each list of a batch, for each of its commands."""

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(tuple[tuple[tuple[str, str], ...], ...])


def seal(answers: Sequence[Sequence[Answer]], key: bytes, tx_id: str) -> bytes:
    """Encode, pad and encrypt."""
    cut = [[(answer.code, answer.where[:_WHERE_CHARACTERS]) for answer in one] for one in answers]
    size = 2 + _LIST_BYTES * len(answers) + _COMMAND_BYTES * sum(len(one) for one in answers)
    plain = _ENCODER.encode(cut)
    assert len(plain) <= size
    return ChaCha20Poly1305(key).encrypt(_NONCE, plain.ljust(size), tx_id.encode())


def unseal(sealed: bytes, key: bytes, tx_id: str) -> Answers:
    """Open what `seal` made; raises `cryptography.exceptions.InvalidTag` where the bytes were changed."""
    plain = ChaCha20Poly1305(key).decrypt(_NONCE, sealed, tx_id.encode())
    return tuple(tuple(Answer(*answer) for answer in one) for one in _DECODER.decode(plain))
