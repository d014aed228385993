"""Blocks are read into small types, and what contradicts itself is found out."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from fabric_protos.common import common_pb2
from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2
from fabric_protos.peer import transaction_pb2

from gateway.fabric_client import (
    Block,
    Checkpoint,
    HashedRead,
    HashedWrite,
    PrivateCollection,
    PrivateSet,
    Read,
    Scope,
    UntrueBlockError,
    ValidationCode,
    Version,
    Write,
)
from gateway.fabric_client.blocks import _Reader, header_hash, read_block
from gateway.fabric_client.rwsets import HashedSet, proven, read_sets
from tests.fabric_client.conftest import AUTHORITIES, CHAINCODE, CHANNEL, Network
from tests.fakes.fabric_chain import hash_of
from tests.fakes.fabric_rwsets import private_part

HEADERS: Final = [
    (0, "b82a088f476a869b8df73ff7533d67394a9ab71b30c1368cfb42c7a0676aef77"),
    (1, "9e22a9e795ef76a52cca4c08657a814f77660f9a9572a9a1b5d2a2b6c2d1674e"),
    (127, "f910a58a11d651ea2957b57fafb51ad8649fd29eae87e69f3687d5a15409f83b"),
    (128, "8dd91edc5cdfe1adc03a42381b5bc8690d451d734f3d405187bbce766bc88bd9"),
    (255, "66caa3ed751201f3a4d6ded9d3b9aa493076f9f64d077823f28e6e3f03ffde2b"),
    (256, "510a3c7d133fec3fcc65c915e16a649a8d254e722c5a753bd8b81409c9c08457"),
    (65535, "f498fa80db5fee76c653dbf02288df7a0328d5660ce2ca25f9d7fa6e1f6afd49"),
    (2**63, "96fe018c855cf57f8ccfeda25bd9293c55588a0e43c63e2bc4ff5c40ab36e121"),
    (2**64 - 1, "95097baaa8dc92f6f510a6b3935ac04cf7bfcf8c22e9249ed316484d333edd3b"),
]
"""Hashes by Go's encoding/asn1 and crypto/sha256, as Fabric has them: previous hash 32 x AA (none in block 0), data
hash 32 x BB."""


@pytest.mark.parametrize(("number", "expected"), HEADERS)
def test_a_header_is_hashed_as_fabric_does(number: int, expected: str) -> None:
    previous = b"\xaa" * 32 if number else b""
    assert header_hash(number, previous, b"\xbb" * 32).hex() == expected


@pytest.mark.parametrize(("previous", "data"), [(200, 300), (127, 128), (0, 127), (0, 122)])
def test_a_long_hash_is_encoded_too(previous: int, data: int) -> None:
    """DER's long form of lengths, which begins with 128: no hash of today needs it."""
    header = common_pb2.BlockHeader(number=5, previous_hash=b"\xcc" * previous, data_hash=b"\xdd" * data)
    assert header_hash(5, header.previous_hash, header.data_hash) == hash_of(header)


def test_validation_codes_are_fabric_s() -> None:
    assert {code.name: code.value for code in ValidationCode} == dict(transaction_pb2.TxValidationCode.items())


def test_a_validation_code_of_a_later_fabric_is_not_valid() -> None:
    assert ValidationCode(77) is ValidationCode.INVALID_OTHER_REASON


async def settle(network: Network, lists: Mapping[str, Mapping[str, str | None]]) -> str:
    """Write private data, and give the transaction's id."""
    contract = network.contract()
    transient = {"lists": json.dumps(lists).encode()}
    _, status = await contract.submit("settle", transient=transient, organisations=AUTHORITIES)
    return status.transaction_id


async def read(network: Network, number: int = 1, **scope: Any) -> Block:
    """Read one block through the bank's peer."""
    request = network.gateway().blocks(Scope(CHANNEL, Checkpoint(number), number, **scope))
    (block,) = [block async for block in request.blocks()]
    return block


@pytest.mark.asyncio
async def test_a_block_is_read_with_its_header(network: Network) -> None:
    await network.contract().submit("put", "key", "value")
    block = await read(network)
    genesis, first = network.channel.blocks
    assert block.number == 1
    assert block.previous_hash == hash_of(genesis.header)
    assert block.hash == hash_of(first.header)
    assert block.data_hash == first.header.data_hash


@pytest.mark.asyncio
async def test_the_configuration_block_is_read(network: Network) -> None:
    block = await read(network, 0)
    (transaction,) = block.transactions
    assert transaction.kind == "CONFIG"
    assert transaction.valid
    assert transaction.sets.public == ()


@pytest.mark.asyncio
async def test_what_is_no_call_of_a_chaincode_is_read_by_its_kind(network: Network) -> None:
    """Whatever it may be that a channel's orderers let through."""
    header = common_pb2.ChannelHeader(type=common_pb2.HeaderType.CONFIG_UPDATE, channel_id=CHANNEL)
    payload = common_pb2.Payload(header=common_pb2.Header(channel_header=header.SerializeToString()))
    await network.channel.order(common_pb2.Envelope(payload=payload.SerializeToString()).SerializeToString())
    network.bank.faults.alter_block = said_to_be_valid
    (transaction,) = (await read(network)).transactions
    assert (transaction.kind, transaction.chaincode, transaction.valid) == ("CONFIG_UPDATE", "", True)


@pytest.mark.asyncio
async def test_a_transaction_is_read_with_its_creator_and_public_sets(network: Network) -> None:
    result, status = await network.contract().submit("put", "key", "value")
    (transaction,) = (await read(network)).transactions
    assert transaction.transaction_id == status.transaction_id
    assert transaction.kind == "ENDORSER_TRANSACTION"
    assert transaction.creator == ("BankMSP", network.user.certificate_pem)
    assert transaction.chaincode == CHAINCODE
    assert transaction.result == result
    assert transaction.timestamp_ns > 0
    (public,) = transaction.sets.public
    assert public == (CHAINCODE, (Read("key", None),), (Write("key", b"value"),))


@pytest.mark.asyncio
async def test_a_deletion_and_a_read_version_are_read(network: Network) -> None:
    await network.contract().submit("delete", "key")
    (transaction,) = (await read(network)).transactions
    assert transaction.sets.public[0].reads == (Read("key", Version(1, 0)),)
    assert transaction.sets.public[0].writes == (Write("key", None),)


@pytest.mark.asyncio
async def test_a_timestamp_is_the_one_that_the_client_claimed(network: Network) -> None:
    gateway = network.gateway()
    moment_ns = 1_234_567_890_123_456_789
    gateway._clock = lambda: moment_ns  # type: ignore[misc]
    await network.contract(gateway).submit("put", "key", "value")
    (transaction,) = (await read(network)).transactions
    assert transaction.timestamp_ns == moment_ns


@pytest.mark.asyncio
async def test_private_writes_come_beside_their_hashes(network: Network) -> None:
    await settle(network, {"bank": {"journal/1": "a payment", "journal/0": None}})
    (transaction,) = (await read(network)).transactions
    sets = transaction.sets
    (hashed,) = sets.hashed
    assert sets.private == (
        PrivateSet(CHAINCODE, "bank", (Write("journal/0", None), Write("journal/1", b"a payment"))),
    )
    assert hashed.writes == (
        HashedWrite(hashlib.sha256(b"journal/0").digest(), None),
        HashedWrite(hashlib.sha256(b"journal/1").digest(), hashlib.sha256(b"a payment").digest()),
    )
    assert sets.missing == ()


@pytest.mark.asyncio
async def test_what_fabric_writes_for_itself_is_left_out(network: Network) -> None:
    await settle(network, {"bank": {"journal/1": "a payment"}})
    (transaction,) = (await read(network)).transactions
    sets = transaction.sets
    assert sets.public == ()
    assert {part.collection for part in sets.hashed} == {"bank"}
    assert {part.collection for part in sets.private} == {"bank"}


@pytest.mark.asyncio
async def test_others_collections_are_seen_by_hash_and_not_missed(network: Network) -> None:
    """The bank is no member of `authority`: it need not have its part."""
    await settle(network, {"bank": {"journal/1": "a payment"}, "authority": {"limit": "5"}})
    (transaction,) = (await read(network, collections={"bank"})).transactions
    assert [part.collection for part in transaction.sets.hashed] == ["authority", "bank"]
    assert [part.collection for part in transaction.sets.private] == ["bank"]
    assert transaction.sets.missing == ()


@pytest.mark.asyncio
async def test_a_part_that_the_peer_lacks_is_missed(network: Network) -> None:
    await settle(network, {"bank": {"journal/1": "a payment"}})
    network.bank.faults.lacks.add("bank")
    (transaction,) = (await read(network, collections={"bank"})).transactions
    assert transaction.sets.private == ()
    assert transaction.sets.missing == (PrivateCollection(CHAINCODE, "bank"),)


@pytest.mark.asyncio
async def test_without_a_list_of_collections_every_absent_part_is_missed(network: Network) -> None:
    await settle(network, {"authority": {"limit": "5"}})
    (transaction,) = (await read(network)).transactions
    assert transaction.sets.missing == (PrivateCollection(CHAINCODE, "authority"),)


@pytest.mark.asyncio
async def test_a_feed_without_private_data_misses_none(network: Network) -> None:
    await settle(network, {"bank": {"journal/1": "a payment"}})
    (transaction,) = (await read(network, private=False)).transactions
    assert transaction.sets.private == ()
    assert transaction.sets.missing == ()
    assert len(transaction.sets.hashed) == 1


@pytest.mark.asyncio
async def test_the_part_of_an_invalid_transaction_is_not_missed(network: Network) -> None:
    network.channel.verdicts.append(ValidationCode.MVCC_READ_CONFLICT)
    transient = {"lists": json.dumps({"bank": {"journal/1": "a payment"}}).encode()}
    transaction = await network.contract().propose("settle", transient=transient).endorse()
    await (await transaction.submit()).status()
    (read_back,) = (await read(network)).transactions
    assert read_back.code is ValidationCode.MVCC_READ_CONFLICT
    assert not read_back.valid
    assert read_back.sets.missing == ()


@pytest.mark.asyncio
async def test_a_purged_value_is_named_by_its_hash(network: Network) -> None:
    await settle(network, {"bank": {"journal/1": "a payment", "journal/2": "another"}})
    network.bank.faults.purged.add("journal/1")
    (transaction,) = (await read(network)).transactions
    (private,) = transaction.sets.private
    assert private.writes == (Write("journal/2", b"another"),)
    assert private.purged == (hashlib.sha256(b"journal/1").digest(),)


@pytest.mark.asyncio
async def test_an_event_is_read_from_its_block(network: Network) -> None:
    await network.contract().submit("tell", "Settled", b"payload")
    (transaction,) = (await read(network)).transactions
    assert transaction.event == (1, transaction.transaction_id, CHAINCODE, "Settled", b"payload")


@pytest.mark.asyncio
async def test_garbage_that_was_ordered_is_an_invalid_transaction(network: Network) -> None:
    """One faulty client must not stop everybody's feed."""
    await network.channel.order(b"\xff\xff")
    (transaction,) = (await read(network)).transactions
    assert not transaction.valid
    assert transaction.transaction_id == ""


def other_data(block: Any) -> Any:
    block.data.data[0] = b"".join((block.data.data[0], b"\x1a\x00"))
    return block


def said_to_be_valid(block: Any) -> Any:
    block.metadata.metadata[2] = b"\x00"
    return block


def without_codes(block: Any) -> Any:
    block.metadata.metadata[2] = b""
    return block


def with_short_metadata(block: Any) -> Any:
    del block.metadata.metadata[2:]
    return block


def without_metadata(block: Any) -> Any:
    block.ClearField("metadata")
    return block


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (other_data, "its data is not what its header says"),
        (without_codes, "lacks validation codes"),
        (with_short_metadata, "lacks validation codes"),
        (without_metadata, "lacks validation codes"),
    ],
)
async def test_an_altered_block_is_found_out(network: Network, alter: Any, message: str) -> None:
    await network.contract().submit("put", "key", "value")
    network.bank.faults.alter_block = alter
    with pytest.raises(UntrueBlockError, match=message):
        await read(network)


@pytest.mark.asyncio
async def test_garbage_that_is_said_to_be_valid_is_found_out(network: Network) -> None:
    await network.channel.order(b"\xff\xff")
    network.bank.faults.alter_block = said_to_be_valid
    with pytest.raises(UntrueBlockError, match="transaction 0"):
        await read(network)


def rewritten(part: Any, writes: list[Any], collection: str = "bank") -> Any:
    rwset = kv_rwset_pb2.KVRWSet(writes=writes).SerializeToString()
    one = rwset_pb2.CollectionPvtReadWriteSet(collection_name=collection, rwset=rwset)
    namespace = rwset_pb2.NsPvtReadWriteSet(namespace=CHAINCODE, collection_pvt_rwset=[one])
    return rwset_pb2.TxPvtReadWriteSet(ns_pvt_rwset=[namespace])


TRUE_WRITE: Final = kv_rwset_pb2.KVWrite(key="journal/1", value=b"a payment")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (lambda part: rewritten(part, [kv_rwset_pb2.KVWrite(key="journal/1", value=b"more")]), "not the one"),
        (lambda part: rewritten(part, [kv_rwset_pb2.KVWrite(key="journal/9", value=b"a payment")]), "not the one"),
        (lambda part: rewritten(part, [kv_rwset_pb2.KVWrite(key="journal/1", is_delete=True)]), "not the one"),
        (lambda part: rewritten(part, [TRUE_WRITE, TRUE_WRITE]), "not the one"),
        (lambda part: rewritten(part, [TRUE_WRITE], "elsewhere"), "does not speak of"),
    ],
    ids=["another value", "another key", "a deletion", "twice", "another collection"],
)
async def test_private_data_that_is_not_the_block_s_is_found_out(network: Network, alter: Any, message: str) -> None:
    await settle(network, {"bank": {"journal/1": "a payment"}})
    network.bank.faults.alter_private = alter
    with pytest.raises(UntrueBlockError, match=message):
        await read(network)


@pytest.mark.asyncio
@pytest.mark.parametrize("position", [1, 7])
async def test_private_data_of_a_transaction_that_is_not_there_is_found_out(network: Network, position: int) -> None:
    await settle(network, {"bank": {"journal/1": "a payment"}})
    block = network.channel.blocks[1]
    part = private_part(CHAINCODE, network.channel.ledger.private(1, "bank".__eq__)[0])
    assert read_block(block, {0: part}).transactions[0].sets.private
    with pytest.raises(UntrueBlockError, match="private data of transactions that it has not"):
        read_block(block, {0: part, position: part})


def collection(reads: list[Any], writes: list[Any], digest: bytes) -> bytes:
    """A `TxReadWriteSet` of one collection."""
    hashed = kv_rwset_pb2.HashedRWSet(hashed_reads=reads, hashed_writes=writes)
    its = rwset_pb2.CollectionHashedReadWriteSet(
        collection_name="bank", hashed_rwset=hashed.SerializeToString(), pvt_rwset_hash=digest
    )
    one = rwset_pb2.NsReadWriteSet(namespace=CHAINCODE, collection_hashed_rwset=[its])
    return bytes(rwset_pb2.TxReadWriteSet(ns_rwset=[one]).SerializeToString())


def test_a_purge_is_told_from_a_deletion() -> None:
    writes = [kv_rwset_pb2.KVWriteHash(key_hash=b"k" * 32, is_delete=True, is_purge=purges) for purges in (True, False)]
    _, (hashed,) = read_sets(collection([], writes, b"d" * 32))
    assert hashed.writes == (HashedWrite(b"k" * 32, None, purges=True), HashedWrite(b"k" * 32, None, purges=False))


def test_a_collection_that_was_only_read_lacks_nothing() -> None:
    """There is no private part of what wrote nothing."""
    reads = [kv_rwset_pb2.KVReadHash(key_hash=b"k" * 32, version=kv_rwset_pb2.Version(block_num=7, tx_num=3))]
    sets = _Reader(1, {}, None)._sets(0, collection(reads, [], b""), valid=True)
    assert sets.missing == ()
    assert sets.hashed[0].reads == (HashedRead(b"k" * 32, Version(7, 3)),)
    assert _Reader(1, {}, None)._sets(0, collection(reads, [], b"d" * 32), valid=True).missing != ()


def test_a_whole_part_that_lacks_a_write_of_the_block_is_found_out() -> None:
    """Endorsers that hash one thing and hand over another: nothing was purged, for the part has the block's digest."""
    part = kv_rwset_pb2.KVRWSet(writes=[TRUE_WRITE]).SerializeToString()
    writes = tuple(
        HashedWrite(hashlib.sha256(key).digest(), hashlib.sha256(b"a payment").digest())
        for key in (b"journal/1", b"journal/2")
    )
    public = HashedSet(CHAINCODE, "bank", (), writes, hashlib.sha256(part).digest())
    with pytest.raises(ValueError, match="lacks a write"):
        proven(public, part)
