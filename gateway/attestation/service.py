"""An authority's word over gRPC, for the gateways of other organisations (waitan.v1.AttestationService)."""

from typing import Final

from gateway.attestation.authority import Authority
from gateway.attestation.port import Question
from gateway.operators.edge import Context, caller
from waitan.v1 import attestations_pb2 as pb
from waitan.v1 import attestations_pb2_grpc


class AttestationService(attestations_pb2_grpc.AttestationServiceServicer):
    """The service, before an authority."""

    def __init__(self, authority: Authority) -> None:
        self._authority: Final = authority

    async def Attest(self, request: pb.AttestRequest, context: Context) -> pb.AttestResponse:  # noqa: N802 - as in .proto
        """Attest for the organisation whose gateway calls."""
        question = Question(request.uetr, request.statement, request.height)
        given = await self._authority.attest(question, caller().participant)
        return pb.AttestResponse(
            participant=given.participant, at=given.at, certificate=given.certificate, signature=given.signature
        )
