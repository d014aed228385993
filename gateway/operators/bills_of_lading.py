"""BillOfLadingService: what people do with bills, and who holds them now."""

from collections.abc import Iterable
from typing import Final

from gateway.app import Gateway
from gateway.bills import Bills
from gateway.operators import codec
from gateway.operators.asking import Asking, signed
from gateway.operators.edge import Context
from gateway.operators.trade import own_party
from gateway.projection.trade import TradeView
from settlement import dates
from settlement.trade.lading import chain, commands, document
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty, BillState, Link
from settlement.trade.lading.pint import Received
from waitan.v1 import bills_of_lading_pb2 as pb
from waitan.v1.bills_of_lading_pb2_grpc import BillOfLadingServiceServicer


class BillsOfLading(BillOfLadingServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._bills: Final = Bills(gateway)
        self.asking: Final = Asking(gateway)

    DraftBillOfLading = signed(commands.DraftBillOfLading)
    ApproveBillOfLading = signed(commands.ApproveBillOfLading)
    IssueBillOfLading = signed(commands.IssueBillOfLading)
    TransferBillOfLading = signed(commands.TransferBillOfLading)
    EndorseBillOfLading = signed(commands.EndorseBillOfLading)
    SignBillOfLading = signed(commands.SignBillOfLading)
    RejectBillOfLading = signed(commands.RejectBillOfLading)
    SurrenderBillOfLading = signed(commands.SurrenderBillOfLading)
    AnswerSurrender = signed(commands.AnswerSurrender)
    RecordDelivery = signed(commands.RecordDelivery)
    ConvertBillOfLading = signed(commands.ConvertBillOfLading)
    VoidBillOfLading = signed(commands.VoidBillOfLading)
    DisputeBillOfLading = signed(commands.DisputeBillOfLading)
    ProposeBillRuling = signed(commands.ProposeBillRuling)
    ConfirmBillRuling = signed(commands.ConfirmBillRuling)

    async def GetBillOfLading(self, request: pb.GetBillOfLadingRequest, context: Context) -> pb.GetBillOfLadingResponse:
        """Show a bill whose chain verifies."""
        return pb.GetBillOfLadingResponse(bill=shown(*self._bills.find(request.record_id, own_party())))

    async def ExportBillOfLading(
        self, request: pb.ExportBillOfLadingRequest, context: Context
    ) -> pb.ExportBillOfLadingResponse:
        """Give a bill as an envelope."""
        return pb.ExportBillOfLadingResponse(envelope=await self._bills.export(request.record_id, own_party()))

    async def VerifyEnvelope(self, request: pb.VerifyEnvelopeRequest, context: Context) -> pb.VerifyEnvelopeResponse:
        """Check an envelope."""
        return proved(*await self._bills.received(request.envelope, own_party()))


def shown(view: TradeView, found: BillOfLading) -> pb.BillOfLading:
    """Say a bill as a message."""
    terms, standing, dispute = found.terms, found.standing, found.dispute
    title = standing.title if standing else None
    return pb.BillOfLading(
        record_id=found.record_id,
        number=found.number,
        version=found.version,
        state=codec.choice(BillState, pb.BillState, found.state),
        holder=_party(standing.holder if standing else None),
        title_holder=_party(title.holder if title else None),
        may_endorse=title is not None and title.to_order,
        to_order=terms.to_order,
        carrier=_party(terms.carrier),
        shipper=_party(terms.shipper),
        consignee=_party(terms.consignee),
        requested_by=_party(standing.requested_by if standing else None),
        trade=found.trade,
        document=found.document,
        document_checksum=terms.document,
        terms_checksum=chain.digest(terms),
        head=standing.head if standing else "",
        links=_links(found.links),
        dispute=pb.BillDispute(
            raised_by=_party(dispute.raised_by),
            reason=dispute.reason,
            proposed=dispute.proposal.ruling.value if dispute.proposal and dispute.is_open else "",
            ruling=dispute.ruling.value if dispute.ruling else "",
        )
        if dispute
        else None,
        replaces=terms.replaces,
        amended=terms.amended,
        replaced_by=found.replaced_by,
        from_paper=codec.write(terms.from_paper, pb.PaperOriginal) if terms.from_paper else None,
        paper=codec.write(found.paper, pb.PaperOriginal) if found.paper else None,
        held_by=found.held_by,
        block=view.block,
    )


def proved(got: Received, on_ledger: str) -> pb.VerifyEnvelopeResponse:
    """Say what an envelope proves."""
    written = document.read(got.document)
    title = got.standing.title
    return pb.VerifyEnvelopeResponse(
        exported_by=got.exported_by,
        number=written.transport_document_reference,
        version=written.transport_document_sub_reference,
        state=got.standing.state.value,
        holder=_party(got.standing.holder),
        title_holder=_party(title.holder if title else None),
        document=got.document,
        document_checksum=got.terms.document,
        links=_links(got.links),
        on_ledger=on_ledger,
    )


def _links(links: Iterable[Link]) -> list[pb.BillLink]:
    return [
        pb.BillLink(
            action=link.action.value,
            actor=_party(link.actor),
            recipient=_party(link.recipient),
            at=dates.render(link.at_ms),
            reason=link.reason,
            signer=link.signer,
            serial=link.serial,
            transaction_id=link.tx_id,
            document=link.document,
            previous=link.previous,
        )
        for link in links
    ]


def _party(party: BillParty | None) -> pb.BillParty | None:
    return pb.BillParty(participant=party.participant, identifier=party.identifier) if party else None
