"""An authority in another process, over gRPC (gateway.attestation.port.Attestor)."""

from typing import Any, Final

from grpc.aio import AioRpcError

from gateway import wire_errors
from gateway.attestation.port import Question
from gateway.ledger.port import LedgerUnreachableError
from gateway.operation import tracing
from gateway.tls import TlsIdentity
from settlement.errors import Code, Refusal
from settlement.forms.payment_certificate import PaymentAttestation
from waitan.v1 import attestations_pb2 as pb
from waitan.v1.attestations_pb2_grpc import AttestationServiceStub

ATTEST_S: Final = 5.0
"""How long the answer may take: somebody waits for the certificate."""


class RemoteAttestor:
    """A connection to an authority at `host:port`, where its courier is served."""

    def __init__(self, address: str, identity: TlsIdentity, *, attest_s: float = ATTEST_S) -> None:
        self._channel: Final = identity.channel(address, ("grpc.max_reconnect_backoff_ms", 1_000))
        self._stub: Final[Any] = AttestationServiceStub(self._channel)
        self._attest_s: Final = attest_s

    async def attest(self, question: Question) -> PaymentAttestation:
        """Ask it; whatever goes wrong on the way, nothing has been changed, and it may be asked again."""
        request = pb.AttestRequest(uetr=question.uetr, statement=question.statement, height=question.height)
        try:
            given: pb.AttestResponse = await self._stub.Attest(
                request, timeout=self._attest_s, metadata=tracing.outgoing()
            )
        except AioRpcError as error:
            raise _meaning(wire_errors.read(error)) from error
        return PaymentAttestation(
            participant=given.participant, at=given.at, certificate=given.certificate, signature=given.signature
        )

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close(None)


def _meaning(error: wire_errors.WaitanError) -> Exception:
    if error.is_refusal:
        return Refusal(Code(error.code), error.where)
    return LedgerUnreachableError(str(error))
