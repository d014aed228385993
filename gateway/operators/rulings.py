"""RulingService: what two people of an organisation rule, and what waits for the second."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import codec, paging
from gateway.operators.asking import Asking, signed
from gateway.operators.edge import Context
from gateway.projection.rulings import RulingView
from settlement import dates, rulings
from settlement.forms.records import Ledger
from settlement.payments.release import PROPOSALS, ProposeRelease
from settlement.rulings import RulingState
from settlement.trade.advance import AdvanceRates
from waitan.v1 import rulings_pb2 as pb
from waitan.v1.rulings_pb2_grpc import RulingServiceServicer


class Rulings(RulingServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self.asking: Final = Asking(gateway)

    WithdrawRuling = signed(rulings.WithdrawRuling)

    async def ListRulings(self, request: pb.ListRulingsRequest, context: Context) -> pb.ListRulingsResponse:
        """List what this organisation is told of, that to which something happened last first."""
        self._gateway.require_serving()
        page = paging.page(self._gateway, request, "rulings")
        found = self._gateway.rulings.page(
            after=page.after,
            limit=page.limit,
            state=codec.chosen(RulingState, pb.RulingState, request.state, "state"),
            participant=request.participant,
        )
        return pb.ListRulingsResponse(rulings=map(_ruling, found), next=page.following([each.id for each in found]))

    async def GetRules(self, request: pb.GetRulesRequest, context: Context) -> pb.GetRulesResponse:
        """Give the rules for all."""
        self._gateway.require_serving()
        queries = self._gateway.queries
        periods = [period for rates in queries.records(AdvanceRates) for period in rates.periods]
        return pb.GetRulesResponse(
            reports_since="".join(ledger.reports_since for ledger in queries.records(Ledger)),
            advance_rates=[codec.write(period, pb.AdvanceRatePeriod) for period in periods],
        )


def _ruling(view: RulingView) -> pb.Ruling:
    record, command = view.record, view.command
    decided_by = record.decided_by
    payment = command.payment if isinstance(command, ProposeRelease) else None
    currency = payment.currency if payment else getattr(command, "currency", "")
    return pb.Ruling(
        ruling_id=record.ruling_id,
        authority=record.authority,
        state=codec.choice(RulingState, pb.RulingState, record.state),
        command=type(command).__name__,
        participant=view.participant,
        currency=currency or (record.deadline.currency if record.deadline else ""),
        reason=getattr(command, "reason", ""),
        content=record.command,
        proposed_by=record.proposed_by.name,
        proposed_serial=record.proposed_by.serial,
        proposed_at=dates.render(record.proposed_at_ms),
        decided_by=decided_by.name if decided_by else "",
        decided_serial=decided_by.serial if decided_by else "",
        decided_at=dates.render(record.decided_at_ms) if decided_by else "",
        withdrawn_because=record.reason,
        expires_on=record.deadline.date if record.deadline else "",
        uetr=command.subject if isinstance(command, PROPOSALS) else "",
        amount=payment.amount if payment else getattr(command, "amount", ""),
        creditor=(payment.creditor.name or payment.creditor.any_bic) if payment else "",
    )
