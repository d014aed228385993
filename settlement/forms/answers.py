"""The answer of a batch: a code for each command, sealed under a key made for this attempt alone.

A transaction's response is public on the block, even of one that turns out invalid. So it is sealed with
ChaCha20-Poly1305 under the courier's answer key (fresh random bytes in the transient map, used once, hence the
constant nonce), and padded to a length that depends on the numbers of lists and commands alone.

It travels with the block to every peer and every gateway, so it is short: each different answer stands once, and a
byte for each command says which is its own. Where a large batch has more different answers than there is room for,
the codes stand and the paths of the fields at fault are left out.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)
_WHERE_CHARACTERS: Final = 64
_ANSWER_BYTES: Final = 112
_ANSWERS_BYTES_MAX: Final = 4096
"""The room for different answers: each finds it in a small batch, and every code there is in a large one."""
_DIFFERENT_MAX: Final = 256
_FRAME_BYTES: Final = 24
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

    def without_path(self) -> "Answer":
        """Give what has to be told in any case: the code, and that the whole list is refused."""
        return self if self.refuses_list else Answer(self.code)


Answers = tuple[tuple[Answer, ...], ...]
"""For each list of a batch, for each of its commands."""


class _Said(msgspec.Struct, array_like=True):
    """The different answers in their order, and for each list the place of each command's among them."""

    different: tuple[Answer, ...]
    places: tuple[bytes, ...]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(_Said)
_SIZE_BYTES: Final = 4


def seal(answers: Sequence[Sequence[Answer]], key: bytes, tx_id: str) -> bytes:
    """Encode, pad and encrypt."""
    commands = sum(map(len, answers))
    room = min(_ANSWER_BYTES * commands, _ANSWERS_BYTES_MAX)
    shown = {each: Answer(each.code, each.where[:_WHERE_CHARACTERS]) for each in set(chain.from_iterable(answers))}
    encoded = _encoded(answers, shown, room)
    if encoded is None:
        encoded = _encoded(answers, {each: cut.without_path() for each, cut in shown.items()}, room)
    assert encoded is not None
    size = _FRAME_BYTES + room + commands + _LIST_BYTES * len(answers)
    plain = len(encoded).to_bytes(_SIZE_BYTES, "big") + encoded
    assert len(plain) <= size
    return ChaCha20Poly1305(key).encrypt(_NONCE, plain.ljust(size, b"\x00"), tx_id.encode())


def _encoded(answers: Sequence[Sequence[Answer]], shown: Mapping[Answer, Answer], room: int) -> bytes | None:
    """Encode answers as they are shown; None where the different ones are too many, or too long for their room."""
    different = sorted(set(shown.values()))
    if len(different) > _DIFFERENT_MAX or len(_ENCODER.encode(different)) > room:
        return None
    order = {each: place for place, each in enumerate(different)}
    places = {each: order[cut] for each, cut in shown.items()}
    return _ENCODER.encode(_Said(tuple(different), tuple(bytes(places[each] for each in one) for one in answers)))


def unseal(sealed: bytes, key: bytes, tx_id: str) -> Answers:
    """Open what `seal` made; raises `cryptography.exceptions.InvalidTag` where the bytes were changed."""
    plain = ChaCha20Poly1305(key).decrypt(_NONCE, sealed, tx_id.encode())
    size = int.from_bytes(plain[:_SIZE_BYTES], "big")
    said = _DECODER.decode(plain[_SIZE_BYTES : _SIZE_BYTES + size])
    return tuple(tuple(said.different[place] for place in one) for one in said.places)
