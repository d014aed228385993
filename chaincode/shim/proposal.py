"""What a client proposed: the signed proposal that comes with a transaction (peer/proposal.proto)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from fabric_protos.common.common_pb2 import ChannelHeader, Header, SignatureHeader
from fabric_protos.peer import proposal_pb2
from google.protobuf.message import DecodeError

from chaincode.shim.creator import Creator, parse_creator
from chaincode.shim.errors import ProposalError


class Proposal:
    """A proposal, of which each part is parsed when it is asked for; ProposalError where that cannot be done.

    The peer has checked the signature and the creator's certificate before it hands a proposal on.
    """

    def __init__(self, signed: Any) -> None:
        self._signed: Final = signed

    @cached_property
    def creator(self) -> Creator:
        """Who signed the proposal."""
        signature = _parse(SignatureHeader, self._header.signature_header)
        return parse_creator(signature.creator)

    @cached_property
    def timestamp_ms(self) -> int:
        """When, as the client claims: milliseconds since 1970-01-01T00:00:00Z."""
        timestamp = _parse(ChannelHeader, self._header.channel_header).timestamp
        return int(timestamp.seconds) * 1000 + int(timestamp.nanos) // 1_000_000

    @cached_property
    def transient(self) -> Mapping[str, bytes]:
        """What the client sent beside the arguments; it is on no block."""
        return dict(_parse(proposal_pb2.ChaincodeProposalPayload, self._proposal.payload).TransientMap)

    @cached_property
    def _proposal(self) -> Any:
        return _parse(proposal_pb2.Proposal, self._signed.proposal_bytes)

    @cached_property
    def _header(self) -> Any:
        return _parse(Header, self._proposal.header)


def _parse(kind: Any, data: bytes) -> Any:
    # No part of a proposal that is asked for may be empty, and an empty one would parse.
    if not data:
        raise ProposalError
    try:
        return kind.FromString(data)
    except DecodeError:
        raise ProposalError from None
