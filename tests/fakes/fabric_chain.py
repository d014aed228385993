"""A channel: endorsed transactions become blocks, validated as peers do, over whatever ledger holds what they write.

It is Fabric's behaviour written down once more, apart from the client's: a header is hashed with another DER encoder.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from cryptography.hazmat import asn1
from fabric_protos.common import common_pb2
from fabric_protos.peer import proposal_response_pb2, transaction_pb2
from google.protobuf.message import DecodeError

from tests.fakes.fabric_msp import AccessDeniedError, Msps
from tests.fakes.fabric_rwsets import Simulation, Writes
from tests.fakes.proposals import Opened

VALID: Final = transaction_pb2.TxValidationCode.VALID


class Invocation(NamedTuple):
    """A proposal that has come to an endorser, as its client signed it and unpacked; and the endorser's MSP id."""

    signed: Any
    proposal: Opened
    endorser: str

    @property
    def transaction_id(self) -> str:
        """The transaction's id."""
        return str(self.proposal.channel_header.tx_id)


class ChaincodeError(Exception):
    """The chaincode's refusal: a status of 400 or more, and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Ordered(NamedTuple):
    """A transaction whose signatures a committer has found in order, and its position in its block."""

    position: int
    transaction_id: str
    signature: bytes


class Ledger(Protocol):
    """What stands behind a channel: it simulates, says what counts, and holds the collections of one chaincode."""

    @property
    def chaincode(self) -> str:
        """The chaincode's name."""

    async def simulate(self, invocation: Invocation) -> Simulation:
        """Run the chaincode on an endorser's peer; raises `ChaincodeError`."""

    async def commit(self, transactions: Sequence[Ordered]) -> Sequence[int]:
        """Make the next block of transactions that were simulated here; give their validation codes."""

    def holds(self, organisation: str, collection: str) -> bool:
        """Say whether an organisation (MSP id) is a member of a collection."""

    def private(self, number: int, member_of: Callable[[str], bool]) -> Mapping[int, Writes]:
        """Give a block's private writes by position, as one gets them who is a member of some collections."""


@asn1.sequence
class _Header:
    number: int
    previous_hash: bytes
    data_hash: bytes


def hash_of(header: Any) -> bytes:
    """The hash of a block header (protoutil/blockutils.go)."""
    fields = _Header(number=header.number, previous_hash=header.previous_hash, data_hash=header.data_hash)
    return hashlib.sha256(asn1.encode_der(fields)).digest()


class FakeChannel:
    """The ordering service, and the blocks that all peers agree on."""

    def __init__(self, name: str, msps: Msps, ledger: Ledger, *, policy: Iterable[str]) -> None:
        self.name = name
        self.msps = msps
        self.ledger = ledger
        self.policy = frozenset(policy)
        """The organisations that must all endorse."""
        self.blocks: list[Any] = []
        self.positions: dict[str, tuple[int, int]] = {}
        """Transaction id to block number and validation code, of the first transaction with that id."""
        self.verdicts: deque[int] = deque()
        """Codes for the next transactions, in place of the ledger's where they are not VALID."""
        self.ordering = asyncio.Event()
        """Cleared, the orderers take transactions and cut no block."""
        self.ordering.set()
        self.grown = asyncio.Condition()
        self._waiting: list[bytes] = []
        self._append([self._configuration()], [VALID])

    @property
    def riding_along(self) -> Writes:
        """What Fabric itself writes with each transaction, in a collection of one organisation's own."""
        return {f"_implicit_org_{min(self.policy)}": {"approval": b"1"}}

    def _configuration(self) -> bytes:
        header = common_pb2.ChannelHeader(type=common_pb2.HeaderType.CONFIG, channel_id=self.name)
        payload = common_pb2.Payload(header=common_pb2.Header(channel_header=header.SerializeToString()))
        return bytes(common_pb2.Envelope(payload=payload.SerializeToString()).SerializeToString())

    async def order(self, *envelopes: bytes) -> None:
        """Put envelopes into the next block, together with those that have been waiting."""
        self._waiting += envelopes
        async with self.grown:
            if self._waiting and self.ordering.is_set():
                waiting, self._waiting = self._waiting, []
                self._append(waiting, await self._codes(waiting))
                self.grown.notify_all()

    @property
    def waiting(self) -> int:
        """How many transactions the orderers have taken that are on no block yet."""
        return len(self._waiting)

    async def resume(self) -> None:
        """Order what has been waiting."""
        self.ordering.set()
        await self.order()

    def _append(self, envelopes: list[bytes], codes: list[int]) -> None:
        number = len(self.blocks)
        for envelope, code in zip(envelopes, codes, strict=True):
            self.positions.setdefault(_transaction_id(envelope), (number, code))
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

    async def _codes(self, envelopes: list[bytes]) -> list[int]:
        """Validate as committers do: id, signatures, policy; then what `verdicts` says, and the ledger."""
        ids = [_transaction_id(envelope) for envelope in envelopes]
        repeated = transaction_pb2.TxValidationCode.DUPLICATE_TXID
        codes = [
            int(repeated) if each in self.positions or each in ids[:position] else self._code(envelopes[position])
            for position, each in enumerate(ids)
        ]
        in_order = [
            Ordered(position, ids[position], common_pb2.Envelope.FromString(envelopes[position]).signature)
            for position, code in enumerate(codes)
            if code == VALID
        ]
        for transaction, code in zip(in_order, await self.ledger.commit(in_order), strict=True):
            codes[transaction.position] = code
        return codes

    def _code(self, envelope: bytes) -> int:
        codes = transaction_pb2.TxValidationCode
        try:
            endorsers = self._endorsers(envelope)
        except DecodeError:
            return int(codes.BAD_PAYLOAD)
        except AccessDeniedError:
            return int(codes.BAD_CREATOR_SIGNATURE)
        if not self.policy <= endorsers:
            return int(codes.ENDORSEMENT_POLICY_FAILURE)
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
