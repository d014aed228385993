"""A channel: endorsed transactions become blocks, validated as peers do, with the private data of every collection.

It is Fabric's behaviour written down once more, apart from the client's: a header is hashed with another DER encoder.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from cryptography.hazmat import asn1
from fabric_protos.common import common_pb2
from fabric_protos.ledger.rwset import rwset_pb2
from fabric_protos.ledger.rwset.kvrwset import kv_rwset_pb2
from fabric_protos.peer import chaincode_pb2, proposal_pb2, proposal_response_pb2, transaction_pb2
from google.protobuf.message import DecodeError

from tests.fakes.fabric_msp import AccessDeniedError, Msps

VALID = transaction_pb2.TxValidationCode.VALID


class Invocation(NamedTuple):
    """What a chaincode is called with, on the peer of one organisation."""

    function: str
    arguments: tuple[bytes, ...]
    transient: Mapping[str, bytes]
    transaction_id: str
    endorser: str
    timestamp_ms: int


class Simulation(NamedTuple):
    """What a call came to: its result, writes of public state, and writes by collection; None deletes.

    Reads of private state, by collection, count for the validation of versions alone.
    """

    result: bytes = b""
    writes: Mapping[str, bytes | None] = {}
    private: Mapping[str, Mapping[str, bytes | None]] = {}
    reads: Mapping[str, tuple[int, int] | None] = {}
    event: tuple[str, bytes] | None = None
    private_reads: Mapping[str, Mapping[str, tuple[int, int] | None]] = {}


class ChaincodeError(Exception):
    """The chaincode's refusal: a status of 400 or more, and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


Chaincode = Callable[[Invocation], Simulation]


@asn1.sequence
class _Header:
    number: int
    previous_hash: bytes
    data_hash: bytes


def hash_of(header: Any) -> bytes:
    """The hash of a block header (protoutil/blockutils.go)."""
    fields = _Header(number=header.number, previous_hash=header.previous_hash, data_hash=header.data_hash)
    return hashlib.sha256(asn1.encode_der(fields)).digest()


def _sha256(value: bytes | None) -> bytes:
    return b"" if value is None else hashlib.sha256(value).digest()


def _write(key: str, value: bytes | None) -> kv_rwset_pb2.KVWrite:
    return kv_rwset_pb2.KVWrite(key=key, is_delete=value is None, value=value)


def _hashed_write(key: str, value: bytes | None) -> kv_rwset_pb2.KVWriteHash:
    return kv_rwset_pb2.KVWriteHash(key_hash=_sha256(key.encode()), is_delete=value is None, value_hash=_sha256(value))


def _version(version: tuple[int, int] | None) -> kv_rwset_pb2.Version | None:
    return None if version is None else kv_rwset_pb2.Version(block_num=version[0], tx_num=version[1])


def _read(key: str, version: tuple[int, int] | None) -> kv_rwset_pb2.KVRead:
    return kv_rwset_pb2.KVRead(key=key, version=_version(version))


def simulation_results(chaincode: str, simulation: Simulation, endorser: str) -> tuple[bytes, Any]:
    """Give a `TxReadWriteSet`, serialised, and the `TxPvtReadWriteSet` that goes with it, as an endorser makes them.

    Fabric's own writes ride along, as they do on a real channel after a chaincode is approved or committed.
    """
    private = dict(simulation.private) | {f"_implicit_org_{endorser}": {"approval": b"1"}}
    collections = []
    hashed = []
    for collection in sorted(private.keys() | simulation.private_reads.keys()):
        writes = private.get(collection, {})
        reads = simulation.private_reads.get(collection, {})
        part = kv_rwset_pb2.KVRWSet(writes=[_write(key, value) for key, value in sorted(writes.items())])
        part_bytes = part.SerializeToString()
        hashes = kv_rwset_pb2.HashedRWSet(
            hashed_reads=[
                kv_rwset_pb2.KVReadHash(key_hash=_sha256(key.encode()), version=_version(version))
                for key, version in sorted(reads.items())
            ],
            hashed_writes=[_hashed_write(key, value) for key, value in sorted(writes.items())],
        )
        if writes:
            collections.append(rwset_pb2.CollectionPvtReadWriteSet(collection_name=collection, rwset=part_bytes))
        hashed.append(
            rwset_pb2.CollectionHashedReadWriteSet(
                collection_name=collection,
                hashed_rwset=hashes.SerializeToString(),
                pvt_rwset_hash=_sha256(part_bytes) if writes else b"",
            )
        )
    public = kv_rwset_pb2.KVRWSet(
        reads=[_read(key, version) for key, version in sorted(simulation.reads.items())],
        writes=[_write(key, value) for key, value in sorted(simulation.writes.items())],
    )
    lifecycle = kv_rwset_pb2.KVRWSet(reads=[_read(f"namespaces/fields/{chaincode}/Sequence", (1, 0))])
    results = rwset_pb2.TxReadWriteSet(
        ns_rwset=[
            rwset_pb2.NsReadWriteSet(namespace="_lifecycle", rwset=lifecycle.SerializeToString()),
            rwset_pb2.NsReadWriteSet(
                namespace=chaincode, rwset=public.SerializeToString(), collection_hashed_rwset=hashed
            ),
        ]
    )
    parts = rwset_pb2.NsPvtReadWriteSet(namespace=chaincode, collection_pvt_rwset=collections)
    return results.SerializeToString(), rwset_pb2.TxPvtReadWriteSet(ns_pvt_rwset=[parts])


class Opened(NamedTuple):
    """A proposal, unpacked."""

    header: Any
    channel_header: Any
    signature_header: Any
    chaincode: str
    arguments: tuple[bytes, ...]
    transient: Mapping[str, bytes]
    public_payload: bytes

    @property
    def hash(self) -> bytes:
        """The proposal hash that endorsers sign (core/endorser/msgvalidation.go)."""
        joined = self.header.channel_header + self.header.signature_header + self.public_payload
        return hashlib.sha256(joined).digest()


def opened(proposal_bytes: bytes) -> Opened:
    """Unpack a proposal; raises `DecodeError`."""
    proposal = proposal_pb2.Proposal.FromString(proposal_bytes)
    header = common_pb2.Header.FromString(proposal.header)
    payload = proposal_pb2.ChaincodeProposalPayload.FromString(proposal.payload)
    spec = chaincode_pb2.ChaincodeInvocationSpec.FromString(payload.input).chaincode_spec
    return Opened(
        header,
        common_pb2.ChannelHeader.FromString(header.channel_header),
        common_pb2.SignatureHeader.FromString(header.signature_header),
        spec.chaincode_id.name,
        tuple(spec.input.args),
        dict(payload.TransientMap),
        proposal_pb2.ChaincodeProposalPayload(input=payload.input).SerializeToString(),
    )


class State(Protocol):
    """What a channel's transactions have written."""

    def has_changed(self, results: bytes) -> bool:
        """Whether anything has been written since a transaction read it (`TxReadWriteSet`, serialised)."""

    def apply(self, version: tuple[int, int], results: bytes, private: Any) -> None:
        """Take the writes of a valid transaction: what is public, and its `TxPvtReadWriteSet`."""


class FakeChannel:
    """The ordering service and the ledger that all peers agree on."""

    def __init__(self, name: str, msps: Msps, *, policy: Iterable[str]) -> None:
        self.name = name
        self.msps = msps
        self.policy = frozenset(policy)
        """The organisations that must all endorse."""
        self.blocks: list[Any] = []
        self.private: list[dict[int, Any]] = []
        self.positions: dict[str, tuple[int, int]] = {}
        """Transaction id to block number and validation code, of the first transaction with that id."""
        self.verdicts: deque[int] = deque()
        """Codes for the next transactions, as MVCC checks would give."""
        self.ordering = asyncio.Event()
        """Cleared, the orderers take transactions and cut no block."""
        self.ordering.set()
        self.grown = asyncio.Condition()
        self.endorsed: dict[str, Any] = {}
        """Private parts that endorsers keep until the transaction is committed, by its id."""
        self.state: State | None = None
        """Where it is kept what transactions write, to be read by chaincode and checked at commit; not all need it."""
        self._waiting: list[bytes] = []
        self._append([self._configuration()], {})

    def _configuration(self) -> bytes:
        header = common_pb2.ChannelHeader(type=common_pb2.HeaderType.CONFIG, channel_id=self.name)
        payload = common_pb2.Payload(header=common_pb2.Header(channel_header=header.SerializeToString()))
        return bytes(common_pb2.Envelope(payload=payload.SerializeToString()).SerializeToString())

    async def order(self, *envelopes: bytes) -> None:
        """Put envelopes into one block, together with those that have been waiting."""
        self._waiting += envelopes
        if self.ordering.is_set():
            waiting, self._waiting = self._waiting, []
            async with self.grown:
                self._append(waiting, self.endorsed)
                self.grown.notify_all()

    async def resume(self) -> None:
        """Order what has been waiting."""
        self.ordering.set()
        await self.order()

    def _append(self, envelopes: list[bytes], endorsed: Mapping[str, Any]) -> None:
        number = len(self.blocks)
        ids = [_transaction_id(envelope) for envelope in envelopes]
        codes = []
        for transaction_id, envelope in zip(ids, envelopes, strict=True):
            codes.append(VALID if number == 0 else self._code(transaction_id, envelope))
            self.positions.setdefault(transaction_id, (number, codes[-1]))
            if self.state is not None and codes[-1] == VALID:
                self.state.apply((number, len(codes) - 1), results_of(envelope), endorsed[transaction_id])
        block = common_pb2.Block(
            header=common_pb2.BlockHeader(
                number=number,
                previous_hash=hash_of(self.blocks[-1].header) if self.blocks else b"",
                data_hash=hashlib.sha256(b"".join(envelopes)).digest(),
            ),
            data=common_pb2.BlockData(data=envelopes),
            metadata=common_pb2.BlockMetadata(metadata=[b"", b"", bytes(codes), b"", b""]),
        )
        self.blocks.append(block)
        self.private.append(
            {
                position: endorsed[transaction_id]
                for position, transaction_id in enumerate(ids)
                if transaction_id in endorsed and codes[position] == VALID
            }
        )

    def _code(self, transaction_id: str, envelope: bytes) -> int:
        """Validate as committers do: id, signatures, policy; then what `verdicts` says."""
        codes = transaction_pb2.TxValidationCode
        if transaction_id in self.positions:
            return int(codes.DUPLICATE_TXID)
        try:
            endorsers = self._endorsers(envelope)
        except DecodeError:
            return int(codes.BAD_PAYLOAD)
        except AccessDeniedError:
            return int(codes.BAD_CREATOR_SIGNATURE)
        if not self.policy <= endorsers:
            return int(codes.ENDORSEMENT_POLICY_FAILURE)
        if self.state is not None and self.state.has_changed(results_of(envelope)):
            return int(codes.MVCC_READ_CONFLICT)
        return self.verdicts.popleft() if self.verdicts else int(VALID)

    def _endorsers(self, envelope_bytes: bytes) -> set[str]:
        envelope = common_pb2.Envelope.FromString(envelope_bytes)
        payload = common_pb2.Payload.FromString(envelope.payload)
        creator = common_pb2.SignatureHeader.FromString(payload.header.signature_header).creator
        self.msps.verify(creator, envelope.payload, envelope.signature)
        endorsers = set()
        for action in transaction_pb2.Transaction.FromString(payload.data).actions:
            endorsed = transaction_pb2.ChaincodeActionPayload.FromString(action.payload).action
            proposal_response_pb2.ProposalResponsePayload.FromString(endorsed.proposal_response_payload)
            for endorsement in endorsed.endorsements:
                signed = endorsed.proposal_response_payload + endorsement.endorser
                endorsers.add(self.msps.verify(endorsement.endorser, signed, endorsement.signature))
        return endorsers


def _transaction_id(envelope: bytes) -> str:
    try:
        payload = common_pb2.Payload.FromString(common_pb2.Envelope.FromString(envelope).payload)
        return str(common_pb2.ChannelHeader.FromString(payload.header.channel_header).tx_id)
    except DecodeError:
        return ""


def results_of(envelope: bytes) -> bytes:
    """Give the `TxReadWriteSet`, serialised, of a transaction of one action."""
    payload = common_pb2.Payload.FromString(common_pb2.Envelope.FromString(envelope).payload)
    (action,) = transaction_pb2.Transaction.FromString(payload.data).actions
    endorsed = transaction_pb2.ChaincodeActionPayload.FromString(action.payload).action
    response = proposal_response_pb2.ProposalResponsePayload.FromString(endorsed.proposal_response_payload)
    return bytes(proposal_pb2.ChaincodeAction.FromString(response.extension).results)
