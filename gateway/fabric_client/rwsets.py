"""Read and write sets of a transaction: public ones, hashes of private ones, and private ones themselves.

Formats: ledger/rwset/rwset.proto and ledger/rwset/kvrwset/kv_rwset.proto. What Fabric writes for itself (chaincode
definitions and organisations' implicit collections) is left out, and so are range queries and key-level policies.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2

LIFECYCLE: Final = "_lifecycle"
IMPLICIT: Final = "_implicit_org_"
"""A namespace, and how collections begin, that hold Fabric's own affairs."""


class Version(NamedTuple):
    """The transaction that wrote what was read."""

    block_number: int
    transaction_index: int


class Read(NamedTuple):
    """A key that was read, and the version found; None where there was nothing."""

    key: str
    version: Version | None


class Write(NamedTuple):
    """A key that was written; a value of None deletes it."""

    key: str
    value: bytes | None


class HashedRead(NamedTuple):
    """A private key that was read, by its SHA-256."""

    key_hash: bytes
    version: Version | None


class HashedWrite(NamedTuple):
    """A private key that was written, by the SHA-256 of key and value; a value hash of None deletes it."""

    key_hash: bytes
    value_hash: bytes | None
    purges: bool = False


class PublicSet(NamedTuple):
    """What a transaction did in a namespace (a chaincode's name)."""

    namespace: str
    reads: tuple[Read, ...]
    writes: tuple[Write, ...]


class HashedSet(NamedTuple):
    """What a transaction did in a collection, as everyone may see it.

    `digest` is the SHA-256 of the private part, empty where the transaction wrote nothing there.
    """

    namespace: str
    collection: str
    reads: tuple[HashedRead, ...]
    writes: tuple[HashedWrite, ...]
    digest: bytes


class PrivateSet(NamedTuple):
    """What a transaction wrote in a collection, as its members may see it. `purged` holds hashes of keys gone since."""

    namespace: str
    collection: str
    writes: tuple[Write, ...]
    purged: tuple[bytes, ...] = ()


class PrivateCollection(NamedTuple):
    """A collection of a namespace."""

    namespace: str
    collection: str


def read_sets(results: bytes) -> tuple[tuple[PublicSet, ...], tuple[HashedSet, ...]]:
    """Read a `TxReadWriteSet`; raises `DecodeError`."""
    public = []
    hashed = []
    for part in rwset_pb2.TxReadWriteSet.FromString(results).ns_rwset:
        if part.namespace == LIFECYCLE:
            continue
        if part.rwset:
            public.append(_public(part.namespace, kv_rwset_pb2.KVRWSet.FromString(part.rwset)))
        hashed += [
            _hashed(part.namespace, collection)
            for collection in part.collection_hashed_rwset
            if not collection.collection_name.startswith(IMPLICIT)
        ]
    return tuple(public), tuple(hashed)


def _version(read: Any) -> Version | None:
    return Version(read.version.block_num, read.version.tx_num) if read.HasField("version") else None


def _writes(rwset: Any) -> tuple[Write, ...]:
    return tuple(Write(write.key, None if write.is_delete else write.value) for write in rwset.writes)


def _public(namespace: str, rwset: Any) -> PublicSet:
    return PublicSet(namespace, tuple(Read(read.key, _version(read)) for read in rwset.reads), _writes(rwset))


def _hashed(namespace: str, collection: Any) -> HashedSet:
    rwset = kv_rwset_pb2.HashedRWSet.FromString(collection.hashed_rwset)
    return HashedSet(
        namespace,
        collection.collection_name,
        tuple(HashedRead(read.key_hash, _version(read)) for read in rwset.hashed_reads),
        tuple(
            HashedWrite(write.key_hash, None if write.is_delete else write.value_hash, write.is_purge)
            for write in rwset.hashed_writes
        ),
        collection.pvt_rwset_hash,
    )


def private_parts(delivered: Any) -> Iterator[tuple[PrivateCollection, bytes]]:
    """Walk a `TxPvtReadWriteSet`: each collection with its `KVRWSet`, serialised."""
    for part in delivered.ns_pvt_rwset:
        if part.namespace != LIFECYCLE:
            for collection in part.collection_pvt_rwset:
                if not collection.collection_name.startswith(IMPLICIT):
                    yield PrivateCollection(part.namespace, collection.collection_name), collection.rwset


def proven(public: HashedSet, part: bytes) -> PrivateSet:
    """Read a private part and prove each of its writes by the hashes on the block.

    Raises `ValueError` when a write is not the one on the block, or fewer are there although none was purged, and
    `DecodeError` when it cannot be read. A purged write is missing from the part, whose digest then differs.
    """
    writes = _writes(kv_rwset_pb2.KVRWSet.FromString(part))
    expected = {write.key_hash: write.value_hash for write in public.writes}
    for write in writes:
        key_hash = hashlib.sha256(write.key.encode()).digest()
        value_hash = None if write.value is None else hashlib.sha256(write.value).digest()
        if key_hash not in expected or expected.pop(key_hash) != value_hash:
            raise ValueError("a private write is not the one on the block")
    if expected and hashlib.sha256(part).digest() == public.digest:
        raise ValueError("the private part is whole, and yet lacks a write of the block")
    return PrivateSet(public.namespace, public.collection, writes, tuple(expected))
