"""The second stage: an endorsed transaction, to be signed and sent to the orderers."""

from typing import Final

import grpc
from fabric_protos.common import common_pb2
from fabric_protos.gateway import gateway_pb2
from fabric_protos.msp import identities_pb2
from fabric_protos.peer import proposal_pb2, proposal_response_pb2, transaction_pb2
from google.protobuf.message import DecodeError

from gateway.fabric_client.commit import Commit
from gateway.fabric_client.errors import Fault, OutcomeUnknownError, PreparedTransactionError, SubmitError
from gateway.fabric_client.identity import Signable, Signatory, digest
from gateway.fabric_client.peer import Peer

REFUSED: Final = frozenset(
    {
        grpc.StatusCode.ABORTED,  # an orderer answered 4xx: it will never take this envelope
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,  # no such channel
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,  # the gateway's limit of concurrent calls, or of a message's size
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)
"""With these the transaction surely was not ordered (internal/pkg/gateway/submit.go). With anything else it may have
been: "no orderers could successfully process transaction" is also said when the answer of one was lost."""


class Transaction(Signable):
    """An endorsed transaction. To send it again is safe: the ledger takes a transaction id once."""

    def __init__(self, peer: Peer, signatory: Signatory, prepared: gateway_pb2.PreparedTransaction) -> None:
        """Take a prepared transaction; raises `PreparedTransactionError` if it cannot be read or names another id."""
        envelope = prepared.envelope
        super().__init__(signatory, envelope.payload, envelope.signature)
        self._peer: Final = peer
        self.transaction_id: Final[str] = prepared.transaction_id
        try:
            self._contents: Final = PreparedContents(envelope.payload)
        except (DecodeError, ValueError) as error:
            raise PreparedTransactionError(self.transaction_id, "cannot be read") from error
        if self._contents.channel_header.tx_id != self.transaction_id:
            raise PreparedTransactionError(self.transaction_id, "has another id in its header")

    @property
    def channel(self) -> str:
        """The channel's name."""
        return str(self._contents.channel_header.channel_id)

    @property
    def result(self) -> bytes:
        """What the function gave back."""
        return bytes(self._contents.action.response.payload)

    @property
    def endorsers(self) -> tuple[str, ...]:
        """The MSP ids of those who endorsed, by the gateway's word: their signatures are checked at commit."""
        return tuple(
            identities_pb2.SerializedIdentity.FromString(endorsement.endorser).mspid
            for endorsement in self._contents.endorsements
        )

    def require_from(self, proposal_bytes: bytes) -> None:
        """Check that this is what was proposed, before anyone signs it; raises `PreparedTransactionError`.

        Header and input must be the proposal's, and what was endorsed must be bound to them by the proposal hash
        (core/endorser/msgvalidation.go), so a gateway cannot have another transaction signed.
        """
        proposal = proposal_pb2.Proposal.FromString(proposal_bytes)
        header = common_pb2.Header.FromString(proposal.header)
        proposed = proposal_pb2.ChaincodeProposalPayload.FromString(proposal.payload)
        given = self._contents
        public_input = proposal_pb2.ChaincodeProposalPayload(input=proposed.input).SerializeToString()
        for same, difference in (
            (given.header == header, "has another header"),
            (given.action_header == header.signature_header, "has another creator"),
            (given.proposal_payload == public_input, "has another input, or gives transient data away"),
            (
                given.proposal_hash == digest(header.channel_header + header.signature_header + public_input),
                "was endorsed for another proposal",
            ),
        ):
            if not same:
                raise PreparedTransactionError(self.transaction_id, difference)

    def __bytes__(self) -> bytes:
        """The `PreparedTransaction`, serialised, to be signed and submitted elsewhere."""
        prepared = gateway_pb2.PreparedTransaction(transaction_id=self.transaction_id, envelope=self._envelope())
        return bytes(prepared.SerializeToString())

    def _envelope(self) -> common_pb2.Envelope:
        return common_pb2.Envelope(payload=self._content, signature=self._signature)

    async def submit(self, *, peer: Peer | None = None, timeout_s: float | None = None) -> Commit:
        """Hand the transaction to the orderers, by another peer if need be; what follows is a `Commit`.

        Raises `SubmitError` when it was refused and `OutcomeUnknownError` when it may have been ordered. Called
        again it sends the same envelope.
        """
        await self._sign()
        sender = peer or self._peer
        request = gateway_pb2.SubmitRequest(
            transaction_id=self.transaction_id, channel_id=self.channel, prepared_transaction=self._envelope()
        )
        await sender.submit(request, timeout_s, self._failed)
        return self.commit(peer=sender)

    def commit(self, *, peer: Peer | None = None) -> Commit:
        """Ask what became of it, submitted here or elsewhere."""
        return commit_of(peer or self._peer, self._signatory, self.channel, self.transaction_id)

    def _failed(self, fault: Fault) -> SubmitError | OutcomeUnknownError:
        return (SubmitError if fault.status in REFUSED else OutcomeUnknownError)(self.transaction_id, fault)


class PreparedContents:
    """What a transaction's payload holds, layer by layer (common/common.proto, peer/transaction.proto).

    Raises `DecodeError` or, where there is not exactly one action, `ValueError`.
    """

    def __init__(self, payload_bytes: bytes) -> None:
        payload = common_pb2.Payload.FromString(payload_bytes)
        self.header: Final = payload.header
        self.channel_header: Final = common_pb2.ChannelHeader.FromString(payload.header.channel_header)
        (action,) = transaction_pb2.Transaction.FromString(payload.data).actions
        self.action_header: Final[bytes] = action.header
        contents = transaction_pb2.ChaincodeActionPayload.FromString(action.payload)
        self.proposal_payload: Final[bytes] = contents.chaincode_proposal_payload
        self.endorsements: Final = contents.action.endorsements
        response = proposal_response_pb2.ProposalResponsePayload.FromString(contents.action.proposal_response_payload)
        self.proposal_hash: Final[bytes] = response.proposal_hash
        self.action: Final = proposal_pb2.ChaincodeAction.FromString(response.extension)


def commit_of(peer: Peer, signatory: Signatory, channel: str, transaction_id: str) -> Commit:
    """Ask what became of any transaction, by its id."""
    request = gateway_pb2.CommitStatusRequest(
        channel_id=channel, transaction_id=transaction_id, identity=signatory.identity.creator
    )
    return Commit(peer, signatory, request.SerializeToString())
