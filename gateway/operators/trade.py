"""TradeService: what traders sign, and the records of trade, to each as far as they concern it."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import paging
from gateway.operators.asking import Asking, signed
from gateway.operators.edge import Context, caller
from gateway.projection.trade import ActView, TradeView
from settlement import canonical, dates
from settlement.errors import Code, Refusal
from settlement.parties import OF_A_FIRM
from settlement.trade import contract, invoice
from waitan.v1 import trade_pb2 as pb
from waitan.v1.trade_pb2_grpc import TradeServiceServicer


class Trade(TradeServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self.asking: Final = Asking(gateway)

    ProposeContract = signed(contract.ProposeContract)
    SignContract = signed(contract.SignContract)
    AmendContract = signed(contract.AmendContract)
    WithdrawProposal = signed(contract.WithdrawProposal)
    ConfirmPerformance = signed(contract.ConfirmPerformance)
    TerminateContract = signed(contract.TerminateContract)
    IssueInvoice = signed(invoice.IssueInvoice)
    AcceptInvoice = signed(invoice.AcceptInvoice)
    DisputeInvoice = signed(invoice.DisputeInvoice)
    IssueNote = signed(invoice.IssueNote)

    async def ListTradeRecords(
        self, request: pb.ListTradeRecordsRequest, context: Context
    ) -> pb.ListTradeRecordsResponse:
        """List records of trade."""
        self._gateway.require_serving()
        party = own_party()
        page = paging.page(self._gateway, request, "trade_records", party=party)
        found = self._gateway.trade.page(
            on=self._today(),
            after=page.after,
            limit=page.limit,
            kind=request.kind,
            state=request.state,
            trade=request.trade,
            number=request.number,
            party=party or request.party,
        )
        return pb.ListTradeRecordsResponse(records=map(shown, found), next=page.following([each.id for each in found]))

    async def GetTradeRecord(self, request: pb.GetTradeRecordRequest, context: Context) -> pb.GetTradeRecordResponse:
        """Show one, with its history."""
        self._gateway.require_serving()
        party = own_party()
        found = self._gateway.trade.find(request.record_id, on=self._today(), party=party)
        if found is None:
            raise Refusal(Code.NOT_FOUND, "record_id")
        acts = self._gateway.trade.history(request.record_id, party=party)
        return pb.GetTradeRecordResponse(record=shown(found), acts=map(told, acts))

    async def GetTimeline(self, request: pb.GetTimelineRequest, context: Context) -> pb.GetTimelineResponse:
        """Tell what happened in a trade."""
        self._gateway.require_serving()
        party = own_party()
        page = paging.page(self._gateway, request, "timeline", party=party)
        acts = self._gateway.trade.timeline(request.trade, party=party, after=page.after, limit=page.limit)
        if not acts and not request.cursor:
            raise Refusal(Code.NOT_FOUND, "trade")
        return pb.GetTimelineResponse(acts=map(told, acts), next=page.following([each.position for each in acts]))

    def _today(self) -> str:
        return dates.day_of(self._gateway.clock())


def own_party() -> str:
    """Give the firm to whose records the caller is held; empty: to none. AG08 where its certificate names no firm."""
    who = caller()
    if who.role in OF_A_FIRM and not who.party:
        raise Refusal(Code.AG08, "party")
    return who.party


def shown(view: TradeView) -> pb.TradeRecord:
    """Say a record as a message."""
    record = view.record
    return pb.TradeRecord(
        kind=view.kind,
        record_id=record.record_id,
        number=record.number,
        state=view.state,
        trade=record.trade,
        parties=record.parties,
        held_by=record.held_by,
        revision=record.revision,
        content=canonical.encode(record).decode(),
        block=view.block,
        transaction_id=record.tx_id,
    )


def told(view: ActView) -> pb.TradeAct:
    """Say an act as a message."""
    act = view.act
    return pb.TradeAct(
        kind=view.kind,
        record_id=view.record_id,
        number=view.number,
        event=act.event,
        participant=act.participant,
        role=act.role.value,
        signer=act.signer,
        serial=act.serial,
        party=act.party,
        at=dates.render(act.at_ms),
        reason=act.reason,
        to=act.to,
        block=view.block,
        transaction_id=view.tx_id,
    )
