"""Blocks of a Fabric channel as the read model takes them: the writes of one chaincode, as one organisation sees them.

What Fabric writes for itself is left out: configuration, chaincode definitions, other chaincodes. So a block may hold
no transaction at all; its number and its hashes count all the same.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from gateway.fabric_client import Block, BlockTransaction, PrivateCollection, PrivateSet
from gateway.ledger.port import FeedBlock, FeedTransaction, FeedWrite

BEFORE_THE_FIRST: Final = bytes(32)
"""What a read model takes for the hash before block 0, where Fabric's header has none."""

_NS_PER_MS: Final = 1_000_000


def as_feed_block(block: Block, chaincode: str) -> FeedBlock:
    """Read a block for the writes of a chaincode; every private one has been proven by the hashes on the block."""
    return FeedBlock(
        block.number,
        block.hash,
        block.previous_hash or BEFORE_THE_FIRST,
        tuple(_transaction(each, chaincode) for each in block.transactions if _concerns(each, chaincode)),
    )


def _concerns(transaction: BlockTransaction, chaincode: str) -> bool:
    """Whether it called the chaincode, or called another one which did: its sets then stand beside that one's."""
    sets = transaction.sets
    written = {each.namespace for each in sets.public} | {each.namespace for each in sets.hashed}
    return transaction.chaincode == chaincode or chaincode in written


def _transaction(transaction: BlockTransaction, chaincode: str) -> FeedTransaction:
    """Give a transaction; one that is not valid wrote nothing."""
    return FeedTransaction(
        tx_id=transaction.transaction_id,
        timestamp_ms=transaction.timestamp_ns // _NS_PER_MS,
        valid=transaction.valid,
        writes=tuple(_writes(transaction, chaincode)) if transaction.valid else (),
        missing=tuple(place.collection for place in transaction.sets.missing if place.namespace == chaincode),
    )


def _writes(transaction: BlockTransaction, chaincode: str) -> Iterator[FeedWrite]:
    """Give public writes, then private ones by collection: the order that the embedded ledger has too."""
    sets = transaction.sets
    for public in sets.public:
        if public.namespace == chaincode:
            yield from (FeedWrite("", write.key, write.value, None) for write in public.writes)
    shown = {PrivateCollection(each.namespace, each.collection): each.writes for each in sets.hashed}
    for private in sets.private:
        if private.namespace == chaincode:
            hashes = {
                write.key_hash: write.value_hash for write in shown[PrivateCollection(chaincode, private.collection)]
            }
            yield from _private_writes(private, hashes)


def _private_writes(private: PrivateSet, hashes: dict[bytes, bytes | None]) -> Iterator[FeedWrite]:
    for write in private.writes:
        digest = hashes[hashlib.sha256(write.key.encode()).digest()]
        yield FeedWrite(private.collection, write.key, write.value, digest)
    for key_hash in private.purged:
        if (digest := hashes[key_hash]) is not None:
            yield FeedWrite(private.collection, key_hash.hex(), None, digest)
