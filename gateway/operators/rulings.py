"""RulingService: what two people of an organisation rule, and what waits for the second."""

from typing import Final

from gateway import rulings as known
from gateway.app import Gateway
from gateway.operators import codec
from gateway.operators.asking import Asking, signed
from gateway.operators.edge import Context
from settlement import canonical, dates, rulings
from settlement.commands import PERSONAL_DECODER
from settlement.forms.records import Ledger
from settlement.payments.release import ProposeRelease
from settlement.rulings import Ruling, RulingState
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
        """List what this organisation is told of, the oldest proposal first."""
        self._gateway.require_serving()
        state = codec.chosen(RulingState, pb.RulingState, request.state, "state") if request.state else None
        told = [_ruling(each) for each in known.told(self._gateway) if state in (None, each.state)]
        return pb.ListRulingsResponse(rulings=[each for each in told if request.participant in ("", each.participant)])

    async def GetRules(self, request: pb.GetRulesRequest, context: Context) -> pb.GetRulesResponse:
        """Give the rules for all."""
        self._gateway.require_serving()
        queries = self._gateway.queries
        periods = [period for rates in queries.records(AdvanceRates) for period in rates.periods]
        return pb.GetRulesResponse(
            reports_since="".join(ledger.reports_since for ledger in queries.records(Ledger)),
            advance_rates=[codec.write(period, pb.AdvanceRatePeriod) for period in periods],
        )


def _ruling(record: Ruling) -> pb.Ruling:
    command = canonical.decode(record.command.encode(), PERSONAL_DECODER)
    decided_by = record.decided_by
    return pb.Ruling(
        ruling_id=record.ruling_id,
        authority=record.authority,
        state=codec.choice(RulingState, pb.RulingState, record.state),
        command=type(command).__name__,
        participant=record.authority if isinstance(command, ProposeRelease) else getattr(command, "participant", ""),
        currency=command.payment.currency if isinstance(command, ProposeRelease) else getattr(command, "currency", ""),
        reason=getattr(command, "reason", ""),
        content=record.command,
        proposed_by=record.proposed_by.name,
        proposed_serial=record.proposed_by.serial,
        proposed_at=dates.render(record.proposed_at_ms),
        decided_by=decided_by.name if decided_by else "",
        decided_serial=decided_by.serial if decided_by else "",
        decided_at=dates.render(record.decided_at_ms) if decided_by else "",
        withdrawn_because=record.reason,
    )
