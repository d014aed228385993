"""Proposals as a client signs them and a peer hands them on (peer/proposal.proto)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fabric_protos.common.common_pb2 import ChannelHeader, Header, HeaderType, SignatureHeader
from fabric_protos.msp.identities_pb2 import SerializedIdentity
from fabric_protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeInvocationSpec, ChaincodeSpec
from fabric_protos.peer.proposal_pb2 import ChaincodeProposalPayload, Proposal, SignedProposal

NOON_MS = 1_750_000_000_123
"""The timestamp that a proposal claims where the test says nothing."""


def a_proposal(
    *,
    tx_id: str,
    args: Sequence[bytes] = (),
    channel_id: str = "trade",
    transient: Mapping[str, bytes] | None = None,
    msp_id: str = "ClearingMSP",
    certificate: bytes = b"no certificate",
    timestamp_ms: int = NOON_MS,
) -> Any:
    """A signed proposal; a peer has checked its signature, so here it has none that could be checked."""
    header = ChannelHeader(type=HeaderType.ENDORSER_TRANSACTION, channel_id=channel_id, tx_id=tx_id)
    header.timestamp.seconds, header.timestamp.nanos = timestamp_ms // 1000, timestamp_ms % 1000 * 1_000_000
    identity = SerializedIdentity(mspid=msp_id, id_bytes=certificate)
    signature = SignatureHeader(creator=identity.SerializeToString(), nonce=b"n" * 24)
    called = ChaincodeSpec(chaincode_id=ChaincodeID(name="waitan"), input=ChaincodeInput(args=args))
    payload = ChaincodeProposalPayload(
        input=ChaincodeInvocationSpec(chaincode_spec=called).SerializeToString(), TransientMap=dict(transient or {})
    )
    proposal = Proposal(
        header=Header(
            channel_header=header.SerializeToString(), signature_header=signature.SerializeToString()
        ).SerializeToString(),
        payload=payload.SerializeToString(),
    )
    return SignedProposal(proposal_bytes=proposal.SerializeToString(), signature=b"signature")


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
    proposal = Proposal.FromString(proposal_bytes)
    header = Header.FromString(proposal.header)
    payload = ChaincodeProposalPayload.FromString(proposal.payload)
    spec = ChaincodeInvocationSpec.FromString(payload.input).chaincode_spec
    return Opened(
        header,
        ChannelHeader.FromString(header.channel_header),
        SignatureHeader.FromString(header.signature_header),
        spec.chaincode_id.name,
        tuple(spec.input.args),
        dict(payload.TransientMap),
        ChaincodeProposalPayload(input=payload.input).SerializeToString(),
    )
