"""The first stage: a call of a function, proposed to endorsers or only evaluated."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from fabric_protos.common import common_pb2
from fabric_protos.gateway import gateway_pb2
from fabric_protos.peer import chaincode_pb2, proposal_pb2
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.fabric_client.errors import EndorseError, EvaluateError
from gateway.fabric_client.identity import Signable, Signatory
from gateway.fabric_client.peer import Peer
from gateway.fabric_client.transaction import Transaction

_NONCE_BYTES: Final = 24


class Call(NamedTuple):
    """A function of a chaincode on a channel, and what it is called with. `transient` never reaches the ledger."""

    channel: str
    chaincode: str
    function: str
    arguments: Sequence[str | bytes] = ()
    transient: Mapping[str, bytes] = {}
    endorsing_organisations: Sequence[str] = ()


class Proposal(Signable):
    """A proposed call. Its id is fixed from here on, so an endorsement can never turn into two transactions."""

    def __init__(self, peer: Peer, signatory: Signatory, proposed: gateway_pb2.ProposedTransaction) -> None:
        super().__init__(signatory, proposed.proposal.proposal_bytes, proposed.proposal.signature)
        self._peer: Final = peer
        self.transaction_id: Final[str] = proposed.transaction_id
        self.endorsing_organisations: Final[tuple[str, ...]] = tuple(proposed.endorsing_organizations)
        header = common_pb2.Header.FromString(proposal_pb2.Proposal.FromString(self._content).header)
        self.channel: Final[str] = common_pb2.ChannelHeader.FromString(header.channel_header).channel_id

    def __bytes__(self) -> bytes:
        """The `ProposedTransaction`, serialised, to be signed and sent elsewhere."""
        proposed = gateway_pb2.ProposedTransaction(
            transaction_id=self.transaction_id,
            proposal=self._signed_proposal(),
            endorsing_organizations=self.endorsing_organisations,
        )
        return bytes(proposed.SerializeToString())

    def _signed_proposal(self) -> proposal_pb2.SignedProposal:
        return proposal_pb2.SignedProposal(proposal_bytes=self._content, signature=self._signature)

    async def evaluate(self, *, timeout_s: float | None = None) -> bytes:
        """Run the function on one peer, of the named organisations if any, and give its result; nothing is written.

        Raises `EvaluateError`: status UNKNOWN is the contract's own refusal.
        """
        await self._sign()
        request = gateway_pb2.EvaluateRequest(
            transaction_id=self.transaction_id,
            channel_id=self.channel,
            proposed_transaction=self._signed_proposal(),
            target_organizations=self.endorsing_organisations,
        )
        response = await self._peer.evaluate(request, timeout_s, partial(EvaluateError, self.transaction_id))
        return bytes(response.result.payload)

    async def endorse(self, *, timeout_s: float | None = None) -> Transaction:
        """Have the function run by a peer of each named organisation, or of as many as the policy asks for.

        Raises `EndorseError`, or `PreparedTransactionError` when what came back is not what was proposed.
        """
        await self._sign()
        request = gateway_pb2.EndorseRequest(
            transaction_id=self.transaction_id,
            channel_id=self.channel,
            proposed_transaction=self._signed_proposal(),
            endorsing_organizations=self.endorsing_organisations,
        )
        response = await self._peer.endorse(request, timeout_s, partial(EndorseError, self.transaction_id))
        prepared = gateway_pb2.PreparedTransaction(
            transaction_id=self.transaction_id,
            envelope=common_pb2.Envelope(payload=response.prepared_transaction.payload),
        )
        transaction = Transaction(self._peer, self._signatory, prepared)
        transaction.require_from(self._content)
        return transaction


def propose(peer: Peer, signatory: Signatory, call: Call, *, now_ns: int) -> Proposal:
    """Make a proposal dated `now_ns` (since 1970, UTC), which endorsers compare with their own clocks."""
    nonce = os.urandom(_NONCE_BYTES)
    creator = signatory.identity.creator
    transaction_id = hashlib.sha256(nonce + creator).hexdigest()
    proposal = proposal_pb2.Proposal(
        header=common_pb2.Header(
            channel_header=_channel_header(call, transaction_id, now_ns),
            signature_header=common_pb2.SignatureHeader(creator=creator, nonce=nonce).SerializeToString(),
        ).SerializeToString(),
        payload=proposal_pb2.ChaincodeProposalPayload(
            input=_invocation(call), TransientMap=call.transient
        ).SerializeToString(),
    )
    proposed = gateway_pb2.ProposedTransaction(
        transaction_id=transaction_id,
        proposal=proposal_pb2.SignedProposal(proposal_bytes=proposal.SerializeToString()),
        endorsing_organizations=call.endorsing_organisations,
    )
    return Proposal(peer, signatory, proposed)


def _channel_header(call: Call, transaction_id: str, now_ns: int) -> bytes:
    extension = proposal_pb2.ChaincodeHeaderExtension(chaincode_id=chaincode_pb2.ChaincodeID(name=call.chaincode))
    header = common_pb2.ChannelHeader(
        type=common_pb2.HeaderType.ENDORSER_TRANSACTION,
        timestamp=timestamp(now_ns),
        channel_id=call.channel,
        tx_id=transaction_id,
        extension=extension.SerializeToString(),
    )
    return bytes(header.SerializeToString())


def _invocation(call: Call) -> bytes:
    arguments = (call.function, *call.arguments)
    spec = chaincode_pb2.ChaincodeSpec(
        chaincode_id=chaincode_pb2.ChaincodeID(name=call.chaincode),
        input=chaincode_pb2.ChaincodeInput(
            args=[argument.encode() if isinstance(argument, str) else argument for argument in arguments]
        ),
    )
    return bytes(chaincode_pb2.ChaincodeInvocationSpec(chaincode_spec=spec).SerializeToString())


def timestamp(now_ns: int) -> Timestamp:
    """A protobuf timestamp of nanoseconds since 1970."""
    seconds, nanos = divmod(now_ns, 1_000_000_000)
    return Timestamp(seconds=seconds, nanos=nanos)
