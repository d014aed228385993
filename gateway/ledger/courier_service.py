"""The courier as a service for the gateways of other organisations (waitan.v1.CourierService)."""

from collections.abc import Callable
from typing import Final

from grpc import aio

from gateway.auth.callers import Participants, PeerGateways
from gateway.ledger.port import Courier
from gateway.operators import server
from gateway.operators.edge import Context, Edge, caller
from gateway.operators.permissions import CARRIERS_OF_LISTS
from gateway.operators.server import Server
from gateway.tls import TlsIdentity
from settlement.errors import Code, Refusal
from settlement.forms.consent import MAX_COMMANDS, SignedList
from waitan.v1 import courier_pb2 as pb
from waitan.v1 import courier_pb2_grpc


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


async def serve(
    courier: Courier, participants: Participants, clock: Callable[[], int], address: str, identity: TlsIdentity
) -> Server:
    """Start the service on `host:port` (port 0: any) for the gateways of the participants, whose CAs are the roots."""
    edge = Edge(PeerGateways(participants, clock), CARRIERS_OF_LISTS)
    made = aio.server(interceptors=[edge], options=server.OPTIONS)
    courier_pb2_grpc.add_CourierServiceServicer_to_server(CourierService(courier), made)
    return await server.start(made, ("waitan.v1.CourierService",), address, identity)
