"""What a simulation read and wrote, as it stands in transactions, on blocks and in feeds (ledger/rwset/*.proto)."""

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2

PUBLIC = ""
"""The name of the public state in the place of a collection's."""

Version = tuple[int, int]
"""A block's number, and a transaction's position in it."""
Writes = Mapping[str, Mapping[str, bytes | None]]
"""What is written, by collection and key; None deletes."""
Reads = Mapping[str, Mapping[str, Version | None]]
"""The versions that were found, by collection and key; None where there was nothing."""

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Simulation(NamedTuple):
    """What a call of a chaincode came to."""

    result: bytes = b""
    writes: Writes = NOTHING
    reads: Reads = NOTHING
    event: tuple[str, bytes] | None = None


def results_of(chaincode: str, simulation: Simulation, riding_along: Writes) -> bytes:
    """Give the `TxReadWriteSet`, serialised, that an endorser signs.

    Fabric's own reads and writes ride along, as they do on a real channel after a chaincode is approved or committed.
    """
    writes = {**simulation.writes, **riding_along}
    private = (writes.keys() | simulation.reads.keys()) - {PUBLIC}
    public = kv_rwset_pb2.KVRWSet(
        reads=[_read(key, version) for key, version in sorted(simulation.reads.get(PUBLIC, {}).items())],
        writes=[_write(key, value) for key, value in sorted(writes.get(PUBLIC, {}).items())],
    )
    hashed = [_hashed(name, simulation.reads.get(name, {}), writes.get(name, {})) for name in sorted(private)]
    lifecycle = kv_rwset_pb2.KVRWSet(reads=[_read(f"namespaces/fields/{chaincode}/Sequence", (1, 0))])
    results = rwset_pb2.TxReadWriteSet(
        ns_rwset=[
            rwset_pb2.NsReadWriteSet(namespace="_lifecycle", rwset=lifecycle.SerializeToString()),
            rwset_pb2.NsReadWriteSet(
                namespace=chaincode, rwset=public.SerializeToString(), collection_hashed_rwset=hashed
            ),
        ]
    )
    return bytes(results.SerializeToString())


def private_part(chaincode: str, writes: Writes) -> rwset_pb2.TxPvtReadWriteSet:
    """Give the private part of a transaction, of some collections."""
    if not writes:
        return rwset_pb2.TxPvtReadWriteSet()
    parts = [
        rwset_pb2.CollectionPvtReadWriteSet(collection_name=name, rwset=_part(writes[name])) for name in sorted(writes)
    ]
    namespace = rwset_pb2.NsPvtReadWriteSet(namespace=chaincode, collection_pvt_rwset=parts)
    return rwset_pb2.TxPvtReadWriteSet(ns_pvt_rwset=[namespace])


def _part(writes: Mapping[str, bytes | None]) -> bytes:
    rwset = kv_rwset_pb2.KVRWSet(writes=[_write(key, value) for key, value in sorted(writes.items())])
    return bytes(rwset.SerializeToString())


def _hashed(
    collection: str, reads: Mapping[str, Version | None], writes: Mapping[str, bytes | None]
) -> rwset_pb2.CollectionHashedReadWriteSet:
    hashes = kv_rwset_pb2.HashedRWSet(
        hashed_reads=[
            kv_rwset_pb2.KVReadHash(key_hash=_sha256(key.encode()), version=_version(version))
            for key, version in sorted(reads.items())
        ],
        hashed_writes=[_hashed_write(key, value) for key, value in sorted(writes.items())],
    )
    return rwset_pb2.CollectionHashedReadWriteSet(
        collection_name=collection,
        hashed_rwset=hashes.SerializeToString(),
        pvt_rwset_hash=_sha256(_part(writes)) if writes else b"",
    )


def _sha256(value: bytes | None) -> bytes:
    return b"" if value is None else hashlib.sha256(value).digest()


def _write(key: str, value: bytes | None) -> kv_rwset_pb2.KVWrite:
    return kv_rwset_pb2.KVWrite(key=key, is_delete=value is None, value=value)


def _hashed_write(key: str, value: bytes | None) -> kv_rwset_pb2.KVWriteHash:
    return kv_rwset_pb2.KVWriteHash(key_hash=_sha256(key.encode()), is_delete=value is None, value_hash=_sha256(value))


def _version(version: Version | None) -> kv_rwset_pb2.Version | None:
    return None if version is None else kv_rwset_pb2.Version(block_num=version[0], tx_num=version[1])


def _read(key: str, version: Version | None) -> kv_rwset_pb2.KVRead:
    return kv_rwset_pb2.KVRead(key=key, version=_version(version))
