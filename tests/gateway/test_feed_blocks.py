"""What a gateway takes from a block of the channel: the writes of its chaincode, and nothing of any other."""

import hashlib

import pytest

from gateway.fabric_client import (
    Block,
    BlockTransaction,
    Creator,
    HashedSet,
    HashedWrite,
    PrivateCollection,
    PrivateSet,
    PublicSet,
    Sets,
    ValidationCode,
    Write,
)
from gateway.ledger.fabric_feed import BEFORE_THE_FIRST, as_feed_block
from gateway.ledger.port import FeedTransaction, FeedWrite


def digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def public(namespace: str, key: str, value: bytes | None) -> PublicSet:
    return PublicSet(namespace, (), (Write(key, value),))


def hashed(namespace: str, key: str, value: bytes | None) -> HashedSet:
    """What all see of a private write to the collection "banksh"."""
    write = HashedWrite(digest(key.encode()), None if value is None else digest(value))
    return HashedSet(namespace, "banksh", (), (write,), b"digest")


def private(namespace: str, key: str, value: bytes | None) -> PrivateSet:
    return PrivateSet(namespace, "banksh", (Write(key, value),))


def read(*transactions: BlockTransaction) -> tuple[FeedTransaction, ...]:
    return as_feed_block(Block(7, b"hash", b"previous", b"data", transactions), "waitan").transactions


def a_transaction(
    sets: Sets, chaincode: str = "waitan", code: ValidationCode = ValidationCode.VALID
) -> BlockTransaction:
    return BlockTransaction(
        0, "tx", "ENDORSER_TRANSACTION", code, 5_999_999, Creator("clearingMSP", b""), chaincode, sets=sets
    )


BOTH = Sets(
    public=(public("other", "a", b"1"), public("waitan", "b", b"2")),
    hashed=(hashed("other", "c", b"3"), hashed("waitan", "d", b"4")),
    private=(private("other", "c", b"3"), private("waitan", "d", b"4")),
    missing=(PrivateCollection("other", "bankist"), PrivateCollection("waitan", "regulator")),
)
"""What a transaction did in two chaincodes."""
OURS = (FeedWrite("", "b", b"2", None), FeedWrite("banksh", "d", b"4", digest(b"4")))


def test_of_a_transaction_in_two_chaincodes_the_writes_of_one_are_taken() -> None:
    assert read(a_transaction(BOTH)) == (FeedTransaction("tx", 5, valid=True, writes=OURS, missing=("regulator",)),)


@pytest.mark.parametrize(
    ("sets", "writes"),
    [(BOTH, OURS), (BOTH._replace(hashed=(), private=()), OURS[:1]), (BOTH._replace(public=()), OURS[1:])],
)
def test_what_another_chaincode_had_this_one_write_is_taken_too(sets: Sets, writes: tuple[FeedWrite, ...]) -> None:
    """Both authorities would have had to agree to such a call; what was written, was written."""
    assert [each.writes for each in read(a_transaction(sets, "other"))] == [writes]


def test_a_call_that_wrote_nothing_is_a_transaction_all_the_same() -> None:
    assert [each.writes for each in read(a_transaction(Sets()))] == [()]


def test_a_transaction_of_another_chaincode_is_not_taken() -> None:
    theirs = Sets(
        public=(public("other", "a", b"1"),),
        hashed=(hashed("other", "c", b"3"),),
        private=(private("other", "c", b"3"),),
        missing=(PrivateCollection("other", "bankist"),),
    )
    assert read(a_transaction(theirs, "other"), a_transaction(Sets(), "")) == ()


def test_a_transaction_that_is_not_valid_wrote_nothing_and_lacks_what_it_lacks() -> None:
    refused = a_transaction(BOTH, code=ValidationCode.MVCC_READ_CONFLICT)
    assert read(refused) == (FeedTransaction("tx", 5, valid=False, writes=(), missing=("regulator",)),)


def test_a_purged_key_is_told_by_its_hash_and_a_deleted_one_not_at_all() -> None:
    """Of a key that is deleted in the block itself nothing is left to tell."""
    sets = Sets(
        hashed=(hashed("waitan", "gone", b"4"), hashed("waitan", "deleted", None)._replace(collection="bankist")),
        private=(
            PrivateSet("waitan", "banksh", (), (digest(b"gone"),)),
            PrivateSet("waitan", "bankist", (), (digest(b"deleted"),)),
        ),
    )
    [transaction] = read(a_transaction(sets))
    [write] = transaction.writes
    assert write == FeedWrite("banksh", digest(b"gone").hex(), None, digest(b"4"))
    assert write.is_purged


def test_a_deleted_private_key_has_neither_value_nor_digest() -> None:
    sets = Sets(hashed=(hashed("waitan", "d", None),), private=(private("waitan", "d", None),))
    assert [each.writes for each in read(a_transaction(sets))] == [(FeedWrite("banksh", "d", None, None),)]


def test_the_block_before_the_first_has_a_hash_of_zeros() -> None:
    block = as_feed_block(Block(0, b"hash", b"", b"data", ()), "waitan")
    assert (block.number, block.hash, block.previous_hash) == (0, b"hash", BEFORE_THE_FIRST)
