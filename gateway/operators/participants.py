"""ParticipantService: the organisations, and a bank's customers."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import codec
from gateway.operators.asking import Asking
from gateway.operators.edge import Context, caller
from settlement import participants
from settlement.errors import Code, Refusal
from settlement.participants import ParticipantState
from settlement.parties import Kind
from settlement.payments.evidence import RequireReports
from waitan.v1 import common_pb2 as common
from waitan.v1 import participants_pb2 as pb
from waitan.v1.participants_pb2_grpc import ParticipantServiceServicer


class Participants(ParticipantServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._asking: Final = Asking(gateway)

    async def OnboardParticipant(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Enter an organisation."""
        return await self._asking.signed(request, participants.OnboardParticipant)

    async def ActivateParticipant(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Let it take part."""
        return await self._asking.signed(request, participants.ActivateParticipant)

    async def SuspendParticipant(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Stop it."""
        return await self._asking.signed(request, participants.SuspendParticipant)

    async def ReinstateParticipant(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """End its suspension."""
        return await self._asking.signed(request, participants.ReinstateParticipant)

    async def ExitParticipant(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Let it leave."""
        return await self._asking.signed(request, participants.ExitParticipant)

    async def RevokeCertificates(self, request: pb.RevokeCertificatesRequest, context: Context) -> common.CommandDone:
        """Withdraw certificates of the organisation's own CA."""
        command = codec.read(request, participants.RevokeCertificates, requested_by=caller().fingerprint)
        return await self._asking.own(command)

    async def RequireReports(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Say from when on payments across the border report."""
        return await self._asking.signed(request, RequireReports)

    async def RegisterCustomer(self, request: pb.RegisterCustomerRequest, context: Context) -> common.CommandDone:
        """Enter a customer."""
        return await self._asking.either(request, participants.RegisterCustomer)

    async def ListParticipants(
        self, request: pb.ListParticipantsRequest, context: Context
    ) -> pb.ListParticipantsResponse:
        """List all organisations."""
        found = self._gateway.participants().values()
        return pb.ListParticipantsResponse(participants=map(_message, found))

    async def GetParticipant(self, request: pb.GetParticipantRequest, context: Context) -> pb.GetParticipantResponse:
        """Find one by name or BIC."""
        bic = codec.normal_bic(request.bic)
        for each in self._gateway.participants().values():
            if each.organisation.participant == request.participant or (bic and each.organisation.bic == bic):
                return pb.GetParticipantResponse(participant=_message(each))
        raise Refusal(Code.NOT_FOUND, "participant")


def _message(record: participants.Participant) -> pb.Participant:
    organisation = record.organisation
    return pb.Participant(
        participant=organisation.participant,
        kind=codec.choice(Kind, pb.OrganisationKind, organisation.kind),
        name=organisation.name,
        bic=organisation.bic,
        lei=organisation.lei,
        msp=organisation.msp,
        root=organisation.root,
        state=codec.choice(ParticipantState, pb.ParticipantState, record.state),
        currencies=record.accounts,
        revoked=record.revoked,
    )
