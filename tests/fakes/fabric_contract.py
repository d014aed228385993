"""The contracts as a chaincode of the fake channel: state in memory, versions checked at commit, as peers do."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2

from chaincode import dispatch
from chaincode.embedded.simulation import run
from chaincode.port import Place
from tests.fakes.fabric_chain import ChaincodeError, Invocation, Simulation

Version = tuple[int, int]


class ContractState:
    """What the transactions of one chaincode have written (tests.fakes.fabric_chain.State)."""

    def __init__(self, chaincode: str) -> None:
        self._chaincode: Final = chaincode
        self.values: Final[dict[Place, bytes]] = {}
        self._versions: Final[dict[tuple[str, bytes], Version]] = {}
        """By collection and SHA-256 of the key: all that a committer knows of a private one."""

    def version(self, place: Place) -> Version | None:
        """Say which transaction wrote what stands at a place."""
        return self._versions.get((place.collection, _hash(place.key)))

    def has_changed(self, results: bytes) -> bool:
        """Whether anything has been written since a transaction read it."""
        return any(self._versions.get(key) != version for key, version in self._reads(results))

    def _reads(self, results: bytes) -> list[tuple[tuple[str, bytes], Version | None]]:
        (part,) = self._parts(results)
        public = kv_rwset_pb2.KVRWSet.FromString(part.rwset)
        reads = [(("", _hash(read.key)), _read_version(read)) for read in public.reads]
        for collection in part.collection_hashed_rwset:
            hashed = kv_rwset_pb2.HashedRWSet.FromString(collection.hashed_rwset)
            name = collection.collection_name
            reads += [((name, read.key_hash), _read_version(read)) for read in hashed.hashed_reads]
        return reads

    def _parts(self, results: bytes) -> list[Any]:
        parts = rwset_pb2.TxReadWriteSet.FromString(results).ns_rwset
        return [part for part in parts if part.namespace == self._chaincode]

    def apply(self, version: Version, results: bytes, private: Any) -> None:
        """Take the writes of a valid transaction."""
        (part,) = self._parts(results)
        self._write("", kv_rwset_pb2.KVRWSet.FromString(part.rwset), version)
        for namespace in private.ns_pvt_rwset:
            for collection in namespace.collection_pvt_rwset:
                self._write(collection.collection_name, kv_rwset_pb2.KVRWSet.FromString(collection.rwset), version)

    def _write(self, collection: str, rwset: Any, version: Version) -> None:
        for write in rwset.writes:
            place, shown = Place(collection, write.key), (collection, _hash(write.key))
            if write.is_delete:
                self.values.pop(place, None)
                self._versions.pop(shown, None)
            else:
                self.values[place] = write.value
                self._versions[shown] = version


class _Stub:
    """One transaction on one peer (chaincode.port.Stub)."""

    def __init__(self, invocation: Invocation, state: ContractState) -> None:
        self.tx_id: Final = invocation.transaction_id
        self.timestamp_ms: Final = invocation.timestamp_ms
        self.transient: Final = invocation.transient
        self.reads: Final[dict[Place, Version | None]] = {}
        self.writes: dict[Place, bytes | None] = {}
        self._state: Final = state

    async def fetch(self, places: Collection[Place]) -> Mapping[Place, bytes | None]:
        """Read many places."""
        self.reads.update((place, self._state.version(place)) for place in places)
        return {place: self._state.values[place] for place in places if place in self._state.values}

    async def write(self, writes: Mapping[Place, bytes | None]) -> None:
        """Take the transaction's writes."""
        self.writes = dict(writes)


class Contracts:
    """The chaincode; `answers_otherwise` names organisations whose endorser comes to another result, once each."""

    def __init__(self, state: ContractState) -> None:
        self._state: Final = state
        self.answers_otherwise: Final[set[str]] = set()
        self.lacks_data: Final[list[str]] = []
        """Organisations whose endorser lacks private data, for one call each."""

    def __call__(self, invocation: Invocation) -> Simulation:
        """Run a batch, as the chaincode server would."""
        if invocation.function != "execute" or invocation.arguments:
            raise ChaincodeError(400, "there is no such function")
        if invocation.endorser in self.lacks_data:
            self.lacks_data.remove(invocation.endorser)
            raise ChaincodeError(500, "DATA_MISSING: the peer lacks private data (0123abcd)")
        stub = _Stub(invocation, self._state)
        response = run(dispatch.execute(stub))
        if invocation.endorser in self.answers_otherwise:
            self.answers_otherwise.remove(invocation.endorser)
            response = bytes(len(response))
        return Simulation(
            result=response,
            writes={place.key: value for place, value in stub.writes.items() if not place.collection},
            private=_by_collection(stub.writes),
            reads={place.key: version for place, version in stub.reads.items() if not place.collection},
            private_reads=_by_collection(stub.reads),
        )


def _by_collection(values: Mapping[Place, Any]) -> dict[str, dict[str, Any]]:
    grouped: dict[str, dict[str, Any]] = {}
    for place, value in values.items():
        if place.collection:
            grouped.setdefault(place.collection, {})[place.key] = value
    return grouped


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _read_version(read: Any) -> Version | None:
    return (read.version.block_num, read.version.tx_num) if read.HasField("version") else None
