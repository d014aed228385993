"""Blocks as a peer delivers them, proven as far as a block can be: its data, and its private parts.

A block's hash covers number, previous hash and data. The validation codes stand outside of it: they are the word of the
peer that delivers them.
"""

import hashlib
from collections.abc import Container, Mapping
from typing import Any, Final, NamedTuple

from fabric_protos.common import common_pb2
from fabric_protos.msp import identities_pb2
from fabric_protos.peer import chaincode_event_pb2
from google.protobuf.message import DecodeError

from gateway.fabric_client.errors import UntrueBlockError
from gateway.fabric_client.rwsets import (
    HashedSet,
    PrivateCollection,
    PrivateSet,
    PublicSet,
    private_parts,
    proven,
    read_sets,
)
from gateway.fabric_client.status import ValidationCode
from gateway.fabric_client.transaction import PreparedContents

_DER_SEQUENCE: Final = 0x30
_DER_INTEGER: Final = 0x02
_DER_OCTETS: Final = 0x04


class Creator(NamedTuple):
    """Who signed a transaction: MSP id and certificate (PEM)."""

    msp_id: str
    certificate_pem: bytes


class ChaincodeEvent(NamedTuple):
    """An event that a transaction set, for all to read."""

    block_number: int
    transaction_id: str
    chaincode: str
    name: str
    payload: bytes


class Sets(NamedTuple):
    """What a transaction read and wrote, as far as the reader may see it.

    `missing` names the collections of which the peer has not delivered the part that the block speaks of.
    """

    public: tuple[PublicSet, ...] = ()
    hashed: tuple[HashedSet, ...] = ()
    private: tuple[PrivateSet, ...] = ()
    missing: tuple[PrivateCollection, ...] = ()


class BlockTransaction(NamedTuple):
    """A transaction on a block. `timestamp_ns` (since 1970, UTC) is its creator's claim.

    What is no call of a chaincode, or is invalid and cannot be read, has empty fields from `creator` on.
    """

    position: int
    transaction_id: str
    kind: str
    code: ValidationCode
    timestamp_ns: int
    creator: Creator
    chaincode: str = ""
    result: bytes = b""
    event: ChaincodeEvent | None = None
    sets: Sets = Sets()

    @property
    def valid(self) -> bool:
        """Whether it took effect."""
        return self.code is ValidationCode.VALID


class Block(NamedTuple):
    """A block; `hash` is computed from the header that came, `data_hash` has been compared with the data."""

    number: int
    hash: bytes
    previous_hash: bytes
    data_hash: bytes
    transactions: tuple[BlockTransaction, ...]


def header_hash(number: int, previous_hash: bytes, data_hash: bytes) -> bytes:
    """Hash a block header as Fabric does: SHA-256 of its ASN.1 DER (protoutil/blockutils.go)."""
    # One bit more than the number needs, for DER's integers have a sign.
    integer = number.to_bytes(number.bit_length() // 8 + 1, "big")
    fields = _der(_DER_INTEGER, integer) + _der(_DER_OCTETS, previous_hash) + _der(_DER_OCTETS, data_hash)
    return hashlib.sha256(_der(_DER_SEQUENCE, fields)).digest()


def _der(tag: int, content: bytes) -> bytes:
    short_form_max = 0x7F
    if len(content) <= short_form_max:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def read_block(block: common_pb2.Block, private: Mapping[int, Any], collections: Container[str] | None = None) -> Block:
    """Read a `common.Block` with its private parts (`TxPvtReadWriteSet`) by position.

    `collections` names those that the reader is a member of, so that only their parts can be missing; None: all.
    Raises `UntrueBlockError` when the data is not what the header says, or a private part not what the data says.
    """
    header = block.header
    if hashlib.sha256(b"".join(block.data.data)).digest() != header.data_hash:
        raise UntrueBlockError(header.number, "its data is not what its header says")
    filters = common_pb2.BlockMetadataIndex.TRANSACTIONS_FILTER
    codes = block.metadata.metadata[filters] if len(block.metadata.metadata) > filters else b""
    if len(codes) != len(block.data.data):
        raise UntrueBlockError(header.number, "it lacks validation codes")
    if not private.keys() <= set(range(len(codes))):
        raise UntrueBlockError(header.number, "it has private data of transactions that it has not")
    reader = _Reader(header.number, private, collections)
    return Block(
        header.number,
        header_hash(header.number, header.previous_hash, header.data_hash),
        header.previous_hash,
        header.data_hash,
        tuple(
            reader.transaction(index, envelope, ValidationCode(code))
            for index, (envelope, code) in enumerate(zip(block.data.data, codes, strict=True))
        ),
    )


class _Reader:
    def __init__(self, number: int, private: Mapping[int, Any], collections: Container[str] | None) -> None:
        self._number: Final = number
        self._private: Final = private
        self._collections: Final = collections

    def transaction(self, index: int, envelope: bytes, code: ValidationCode) -> BlockTransaction:
        """Read a transaction; one that cannot be read is an error only if it is said to be valid."""
        try:
            return self._read(index, envelope, code)
        except (DecodeError, ValueError) as error:
            if code is ValidationCode.VALID:
                raise UntrueBlockError(self._number, f"transaction {index}: {error}") from error
            return BlockTransaction(index, "", "", code, 0, Creator("", b""))

    def _read(self, index: int, envelope: bytes, code: ValidationCode) -> BlockTransaction:
        payload_bytes = common_pb2.Envelope.FromString(envelope).payload
        payload = common_pb2.Payload.FromString(payload_bytes)
        header = common_pb2.ChannelHeader.FromString(payload.header.channel_header)
        signature_header = common_pb2.SignatureHeader.FromString(payload.header.signature_header)
        creator = identities_pb2.SerializedIdentity.FromString(signature_header.creator)
        transaction = BlockTransaction(
            index,
            header.tx_id,
            common_pb2.HeaderType.Name(header.type),
            code,
            header.timestamp.ToNanoseconds(),
            Creator(creator.mspid, creator.id_bytes),
        )
        if header.type != common_pb2.HeaderType.ENDORSER_TRANSACTION:
            return transaction
        action = PreparedContents(payload_bytes).action
        return transaction._replace(
            chaincode=action.chaincode_id.name,
            result=action.response.payload,
            event=self._event(action.events),
            sets=self._sets(index, action.results, valid=transaction.valid),
        )

    def _event(self, events: bytes) -> ChaincodeEvent | None:
        if not events:
            return None
        event = chaincode_event_pb2.ChaincodeEvent.FromString(events)
        return ChaincodeEvent(self._number, event.tx_id, event.chaincode_id, event.event_name, event.payload)

    def _sets(self, index: int, results: bytes, *, valid: bool) -> Sets:
        public, hashed = read_sets(results)
        expected = {PrivateCollection(part.namespace, part.collection): part for part in hashed if part.digest}
        private = []
        delivered = self._private.get(index)
        for place, part in private_parts(delivered) if delivered is not None else ():
            if place not in expected:
                raise ValueError(f"it has private data in {place.collection} that the block does not speak of")
            private.append(proven(expected.pop(place), part))
        # Nobody needs to keep the private part of a transaction that changed nothing.
        missing = [
            place
            for place in expected
            if valid and (self._collections is None or place.collection in self._collections)
        ]
        return Sets(public, hashed, tuple(private), tuple(missing))
