"""The courier as a service for the gateways of other organisations (waitan.v1.CourierService).

An authority attests payments for them at the same address (waitan.v1.AttestationService).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import grpc

from gateway.attestation.authority import Authority
from gateway.attestation.service import AttestationService
from gateway.auth.callers import Participants, PeerGateways
from gateway.ledger.port import Courier, LedgerUnreachableError
from gateway.operators import server
from gateway.operators.edge import Context, Edge, caller
from gateway.operators.permissions import BETWEEN_GATEWAYS
from gateway.operators.server import Server
from gateway.projection.faults import FeedBrokenError
from gateway.tls import TlsIdentity
from settlement.errors import Code, Refusal
from settlement.forms.consent import MAX_COMMANDS, SignedList
from waitan.v1 import attestations_pb2_grpc, courier_pb2_grpc
from waitan.v1 import courier_pb2 as pb


class CourierService(courier_pb2_grpc.CourierServiceServicer):
    """The service, before a courier."""

    def __init__(self, courier: Courier) -> None:
        self._courier: Final = courier

    async def Carry(self, request: pb.CarryRequest, context: Context) -> pb.CarryResponse:  # noqa: N802 - as in .proto
        """Carry a list of the caller's own organisation."""
        if request.participant != caller().participant:
            raise Refusal(Code.AG08, "participant")
        if not 0 < len(request.commands) <= MAX_COMMANDS:
            raise Refusal(Code.CH17 if request.commands else Code.CH21, "commands")
        delivered = await self._courier.carry(
            SignedList(
                request.participant,
                request.sequence,
                tuple(request.commands),
                request.signature,
                request.certificate,
            )
        )
        return pb.CarryResponse(
            transaction_id=delivered.tx_id,
            block=delivered.block,
            answers=[pb.Answer(code=code, where=where) for code, where in delivered.answers],
        )


class _Roots:
    """The CAs of all organisations on the ledger: also of one that joins while the service runs."""

    def __init__(self, participants: Participants) -> None:
        self._participants: Final = participants
        self._known = self._read()

    def credentials(self, identity: TlsIdentity) -> grpc.ServerCredentials:
        """Give a server's credentials, whose roots are known anew at every handshake, in gRPC's own thread."""

        def configuration() -> Any:
            pair = (identity.key, identity.certificate)
            return grpc.ssl_server_certificate_configuration([pair], identity.roots + self._known)

        return grpc.dynamic_ssl_server_credentials(configuration(), configuration, require_client_authentication=True)

    async def follow(self, grown: Callable[[], Awaitable[None]]) -> None:
        """Read them again whenever the ledger has grown, until the read model stops."""
        with suppress(FeedBrokenError, LedgerUnreachableError):
            while True:
                await grown()
                self._known = self._read()

    def _read(self) -> bytes:
        return "".join(each.organisation.root for each in self._participants().values()).encode()


async def serve(
    courier: Courier,
    participants: Participants,
    clock: Callable[[], int],
    address: str,
    identity: TlsIdentity,
    *,
    grown: Callable[[], Awaitable[None]] | None = None,
    participant: str = "",
    authority: Authority | None = None,
) -> Server:
    """Start the service on `host:port` (port 0: any) for the gateways of the participants; raises `OSError`.

    The roots are `identity`'s; with `grown`, which waits until the ledger has grown, those on the ledger as well.
    Whoever passes is then read as the participant's that the ledger knows by that very root. With `authority`, that
    one attests here as well.
    """
    edge = Edge(PeerGateways(participants, clock), BETWEEN_GATEWAYS, participant=participant)
    made = server.empty(edge)
    courier_pb2_grpc.add_CourierServiceServicer_to_server(CourierService(courier), made)
    services: tuple[str, ...] = ("waitan.v1.CourierService",)
    if authority is not None:
        attestations_pb2_grpc.add_AttestationServiceServicer_to_server(AttestationService(authority), made)
        services = (*services, "waitan.v1.AttestationService")
    if grown is None:
        return await server.start(made, services, address, identity.server_credentials())
    roots = _Roots(participants)
    following = asyncio.create_task(roots.follow(grown))

    async def close() -> None:
        following.cancel()
        await asyncio.wait((following,))

    try:
        return await server.start(made, services, address, roots.credentials(identity), close=close)
    except OSError:
        await close()
        raise
