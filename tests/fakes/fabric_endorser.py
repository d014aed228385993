"""The endorsers of a channel: they check a proposal, run the chaincode and sign what came of it (core/endorser)."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import grpc
from fabric_protos.common import common_pb2
from fabric_protos.peer import (
    chaincode_event_pb2,
    proposal_pb2,
    proposal_response_pb2,
    transaction_pb2,
)

from tests.fakes.fabric_chain import ChaincodeError, FakeChannel, Invocation
from tests.fakes.fabric_msp import AccessDeniedError, Issued, serialized
from tests.fakes.fabric_rwsets import results_of
from tests.fakes.proposals import opened


class Endorsers:
    """One endorser for each organisation that has a key here."""

    def __init__(self, channel: FakeChannel, credentials: Mapping[str, Issued]) -> None:
        self.organisations: Final = frozenset(credentials)
        self.refusals: dict[str, tuple[grpc.StatusCode, str]] = {}
        """What an organisation's endorser answers in place of an endorsement."""
        self.answers_otherwise: Final[set[str]] = set()
        """Organisations whose chaincode comes to another result, once each."""
        self._channel: Final = channel
        self._credentials: Final = credentials

    async def process_proposal(self, organisation: str, signed: Any) -> tuple[Any, Any]:
        """One endorser's answer: `ProposalResponse`, and the `ChaincodeAction` in it (core/endorser)."""
        proposal = opened(signed.proposal_bytes)
        header = proposal.channel_header
        creator = proposal.signature_header.creator
        assert header.type == common_pb2.HeaderType.ENDORSER_TRANSACTION
        expected = hashlib.sha256(proposal.signature_header.nonce + creator).hexdigest()
        if header.tx_id != expected:
            raise AccessDeniedError(f"incorrectly computed txid '{header.tx_id}' -- expected '{expected}'")
        try:
            self._channel.msps.verify(creator, signed.proposal_bytes, signed.signature)
        except AccessDeniedError as error:
            raise AccessDeniedError(f"access denied: channel [{header.channel_id}] {error}") from error
        if header.tx_id in self._channel.positions:
            raise AccessDeniedError(f"duplicate transaction found [{header.tx_id}]")
        simulation = await self._channel.ledger.simulate(Invocation(signed, proposal, organisation))
        results = results_of(proposal.chaincode, simulation, self._channel.riding_along)
        if organisation in self.answers_otherwise:
            self.answers_otherwise.remove(organisation)
            simulation = simulation._replace(result=bytes(len(simulation.result)))
        event = b""
        if simulation.event is not None:
            name, payload = simulation.event
            event = chaincode_event_pb2.ChaincodeEvent(
                chaincode_id=proposal.chaincode, tx_id=header.tx_id, event_name=name, payload=payload
            ).SerializeToString()
        action = proposal_pb2.ChaincodeAction(
            results=results,
            events=event,
            response=proposal_response_pb2.Response(status=200, payload=simulation.result),
            chaincode_id={"name": proposal.chaincode, "version": "1"},
        )
        payload = proposal_response_pb2.ProposalResponsePayload(
            proposal_hash=proposal.hash, extension=action.SerializeToString()
        ).SerializeToString()
        endorser = serialized(organisation, self._credentials[organisation])
        endorsement = proposal_response_pb2.Endorsement(
            endorser=endorser, signature=self._credentials[organisation].sign(payload + endorser)
        )
        return proposal_response_pb2.ProposalResponse(payload=payload, endorsement=endorsement), action

    async def ask(self, organisation: str, signed: Any) -> Any:
        """Ask one endorser: its answer, or (gRPC status, detail) in the gateway's words (gateway/apiutils.go)."""
        if organisation in self.refusals:
            return self.refusals[organisation]
        try:
            return await self.process_proposal(organisation, signed)
        except AccessDeniedError as error:
            return grpc.StatusCode.FAILED_PRECONDITION, str(error)
        except ChaincodeError as error:
            return grpc.StatusCode.UNKNOWN, f"chaincode response {error.status}, {error.message}"


def prepared(proposal_bytes: bytes, responses: list[Any]) -> Any:
    """Assemble the transaction that the client is to sign (gateway/submit.go)."""
    proposal = opened(proposal_bytes)
    action = transaction_pb2.ChaincodeEndorsedAction(
        proposal_response_payload=responses[0].payload,
        endorsements=[response.endorsement for response in responses],
    )
    contents = transaction_pb2.ChaincodeActionPayload(chaincode_proposal_payload=proposal.public_payload, action=action)
    transaction = transaction_pb2.Transaction(
        actions=[
            transaction_pb2.TransactionAction(
                header=proposal.header.signature_header, payload=contents.SerializeToString()
            )
        ]
    )
    payload = common_pb2.Payload(header=proposal.header, data=transaction.SerializeToString())
    return common_pb2.Envelope(payload=payload.SerializeToString())
