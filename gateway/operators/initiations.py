"""InitiationService: what customers ask for, and the bank's yes or no."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import codec, paging, views
from gateway.operators.asking import Asking
from gateway.operators.edge import Context, caller
from gateway.projection.initiations import InitiationView
from gateway.releases import Releases
from settlement import dates
from settlement.payments import initiation
from settlement.payments.commands import RegulatoryReporting, WhenUnfunded
from settlement.payments.initiation import InitiationState
from waitan.v1 import common_pb2 as common
from waitan.v1 import initiations_pb2 as pb
from waitan.v1 import payments_pb2
from waitan.v1.initiations_pb2_grpc import InitiationServiceServicer


class Initiations(InitiationServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._asking: Final = Asking(gateway)
        self._releases: Final = Releases(gateway)

    async def ListInitiations(self, request: pb.ListInitiationsRequest, context: Context) -> pb.ListInitiationsResponse:
        """List what customers asked for."""
        self._gateway.require_serving()
        page = paging.page(self._gateway, request, "initiations")
        found = self._gateway.initiations.page(
            after=page.after,
            limit=page.limit,
            state=codec.chosen(InitiationState, pb.InitiationState, request.state, "state"),
            customer=request.customer,
        )
        return pb.ListInitiationsResponse(
            initiations=map(self._shown, found), next=page.following([each.id for each in found])
        )

    async def GetInitiation(self, request: pb.GetInitiationRequest, context: Context) -> pb.GetInitiationResponse:
        """Show one."""
        return pb.GetInitiationResponse(initiation=self._shown(self._releases.find(request.initiation_id)))

    async def ReleaseInitiation(
        self, request: pb.ReleaseInitiationRequest, context: Context
    ) -> pb.ReleaseInitiationResponse:
        """Pay what was asked for."""
        unfunded = codec.chosen(WhenUnfunded, payments_pb2.WhenUnfunded, request.when_unfunded, "when_unfunded")
        payment, answer = await self._releases.release(
            request.initiation_id,
            requested_by=caller().fingerprint,
            when_unfunded=unfunded or WhenUnfunded.REFUSE,
            instructed_agent=request.instructed_agent,
            regulatory_reporting=tuple(codec.read(each, RegulatoryReporting) for each in request.regulatory_reporting),
        )
        return pb.ReleaseInitiationResponse(outcome=views.settled_or_rejected(payment.uetr, answer))

    async def DeclineInitiation(self, request: pb.DeclineInitiationRequest, context: Context) -> common.CommandDone:
        """Say no."""
        return await self._asking.either(request, initiation.DeclineInitiation)

    def _shown(self, view: InitiationView) -> pb.Initiation:
        record = view.record
        status, reason = self._releases.status(view)
        name = record.payment
        return pb.Initiation(
            initiation_id=record.initiation_id,
            bank=view.bank,
            customer=record.customer,
            message_id=record.message_id,
            created_at=record.created_at,
            position=record.position,
            instruction=codec.write(record.instruction, pb.Instruction),
            state=codec.choice(InitiationState, pb.InitiationState, record.state),
            expires_on=record.expires_on,
            status=status,
            status_reason=reason or "",
            initiated_at=dates.render(record.initiated_at_ms),
            requested_by=record.requested_by,
            decided_at=dates.render(record.decided_at_ms) if record.decided_at_ms else "",
            decided_by=record.decided_by,
            reason=record.reason,
            text=record.text,
            uetr=name.uetr if name else "",
            transaction_id=name.journal if name else "",
            code=record.payment_code,
            block=view.block,
        )
