"""The blocks of the embedded ledger: what every member sees, chained by hash.

As on Fabric, a block holds public writes whole, and of private ones the collection and the SHA-256 of key and value.
All encodings are MessagePack of arrays, so the same block has the same bytes.
"""

import hashlib
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple, dataclass_transform

import msgspec

from chaincode.port import PUBLIC, Place

GENESIS_HASH: Final = bytes(32)


class Validity(StrEnum):
    """Whether a transaction took effect (names as Fabric's TxValidationCode)."""

    VALID = "VALID"
    MVCC_READ_CONFLICT = "MVCC_READ_CONFLICT"
    DUPLICATE_TXID = "DUPLICATE_TXID"


class Version(NamedTuple):
    """Where a value was written: block number and position of the transaction in it."""

    block: int
    position: int


# What a subclass inherits here when it runs, type checkers have to be told.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class _Array(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    pass


class Read(_Array):
    """A key that was read and the version that was found, None where there was nothing."""

    collection: str
    key: bytes
    version: Version | None


class Write(_Array):
    """A key that was written: public as it is, private as SHA-256 of key and of value. None: deleted."""

    collection: str
    key: bytes
    value: bytes | None


class Proposal(_Array):
    """What the courier asks: its certificate (DER), a nonce, the time it claims. Transient data is not in it."""

    network: str
    creator: bytes
    nonce: bytes
    timestamp_ms: int

    @property
    def tx_id(self) -> str:
        """SHA-256 of nonce and creator, in hex, as on Fabric."""
        return hashlib.sha256(self.nonce + self.creator).hexdigest()


class Transaction(_Array):
    """A transaction as it stands on a block; `signature` is the creator's over proposal, reads, writes, response."""

    proposal: Proposal
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]
    response: bytes
    signature: bytes
    validity: Validity = Validity.VALID


class Block(_Array):
    """Some transactions in order, and the hash of the block before."""

    number: int
    previous_hash: bytes
    transactions: tuple[Transaction, ...]


class PrivateWrite(NamedTuple):
    """A private write as those see it who hold its collection.

    A value is None where it was deleted, and then the block shows no hash of it; or where it is purged, and it does.
    """

    position: int
    collection: str
    key: str
    value: bytes | None


class FeedBlock(NamedTuple):
    """A block as one organisation gets it: its bytes, read too, and the private writes of its own collections.

    `missing` lists (position, collection) of private parts that this organisation should hold and its peer lacks.
    """

    number: int
    body: bytes
    block: Block
    private: tuple[PrivateWrite, ...]
    missing: tuple[tuple[int, str], ...] = ()


_REMEMBERED: Final = 4096
"""Of how many private keys the hash is kept: each is shown where it was read and where it was written, and looked for
by everybody who follows the block and holds it."""
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Block)


def encode(block: Block) -> bytes:
    """Give a block's bytes."""
    return _ENCODER.encode(block)


def decode(body: bytes) -> Block:
    """Read a block; raises `msgspec.DecodeError`."""
    return _DECODER.decode(body)


def block_hash(body: bytes) -> bytes:
    """The hash that the next block carries."""
    return hashlib.sha256(body).digest()


def to_sign(proposal: Proposal, reads: tuple[Read, ...], writes: tuple[Write, ...], response: bytes) -> bytes:
    """Give the bytes that a transaction's creator signs."""
    return _ENCODER.encode((proposal, reads, writes, response))


@lru_cache(_REMEMBERED)
def private_key(key: str) -> bytes:
    """A private key as a block shows it."""
    return hashlib.sha256(key.encode()).digest()


def shown_key(place: Place) -> bytes:
    """A key as a block shows it."""
    return place.key.encode() if place.collection == PUBLIC else private_key(place.key)


def shown_value(place: Place, value: bytes | None) -> bytes | None:
    """A value as a block shows it."""
    if value is None or place.collection == PUBLIC:
        return value
    return hashlib.sha256(value).digest()
