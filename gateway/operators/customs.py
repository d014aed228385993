"""CustomsService: what traders declare, what officers decide, and what is paid for it."""

from typing import Final

from gateway.app import Gateway
from gateway.ledger.lists import Outcome
from gateway.operators import views
from gateway.operators.asking import Asking, signed, signed_command
from gateway.operators.edge import Context, caller
from gateway.operators.trade import own_party
from gateway.tax_payments import TaxPayments
from settlement import canonical, dates
from settlement.commands import Signed
from settlement.customs import assessment, declaration, handling, rates
from settlement.customs.declaration import Declaration, LodgeDeclaration
from settlement.errors import Code, Refusal
from waitan.v1 import common_pb2 as common
from waitan.v1 import customs_pb2 as pb
from waitan.v1.customs_pb2_grpc import CustomsServiceServicer

LODGED_AT_ONCE_MAX: Final = 100
"""The most declarations in one call."""


class Customs(CustomsServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self.asking: Final = Asking(gateway)
        self._taxes: Final = TaxPayments(gateway)

    async def LodgeDeclarations(
        self, request: pb.LodgeDeclarationsRequest, context: Context
    ) -> pb.LodgeDeclarationsResponse:
        """Lodge many in one list; each is taken in or refused by itself."""
        if not 0 < len(request.declarations) <= LODGED_AT_ONCE_MAX:
            raise Refusal(Code.CH17 if request.declarations else Code.CH21, "declarations")
        outcomes = [pb.LodgingOutcome() for _ in request.declarations]
        asked: list[tuple[int, Signed]] = []
        for place, each in enumerate(request.declarations):
            try:
                consent, command = signed_command(each, LodgeDeclaration)
            except Refusal as refusal:
                outcomes[place] = pb.LodgingOutcome(code=refusal.code, where=refusal.where)
                continue
            assert isinstance(command, LodgeDeclaration)
            outcomes[place].declaration_id = handling.declaration_id(command.declared.number)
            asked.append((place, consent))
        if asked:
            said = await self._gateway.ask([consent for _, consent in asked])
            for (place, _), outcome in zip(asked, said, strict=True):
                self._tell(outcomes[place], outcome)
        return pb.LodgeDeclarationsResponse(outcomes=outcomes)

    CompleteDeclaration = signed(declaration.CompleteDeclaration)
    AmendDeclaration = signed(declaration.AmendDeclaration)
    CancelDeclaration = signed(declaration.CancelDeclaration)
    AcceptDeclaration = signed(declaration.AcceptDeclaration)
    RejectDeclaration = signed(declaration.RejectDeclaration)
    OrderInspection = signed(declaration.OrderInspection)
    RecordInspection = signed(declaration.RecordInspection)
    ReleaseGoods = signed(declaration.ReleaseGoods)
    ClearDeclaration = signed(declaration.ClearDeclaration)
    HoldGoods = signed(declaration.HoldGoods)
    LiftHold = signed(declaration.LiftHold)
    AssessTax = signed(assessment.AssessTax)

    async def GetTaxOwed(self, request: pb.GetTaxOwedRequest, context: Context) -> pb.GetTaxOwedResponse:
        """Say what is owed on the present business day."""
        found = self._taxes.find(request.assessment_id, party=own_party())
        on = self._taxes.today().date
        is_open = assessment.state_on(found, on) in assessment.OPEN
        owed = assessment.owed(found, on) if is_open else assessment.NOTHING
        return pb.GetTaxOwedResponse(
            number=found.number,
            state=assessment.state_on(found, on).value,
            due_on=found.due_on,
            on=on,
            principal=assessment.yuan(owed.principal_minor),
            interest=assessment.yuan(owed.interest_minor),
            total=assessment.yuan(owed.total_minor),
        )

    async def PayTax(self, request: pb.PayTaxRequest, context: Context) -> pb.PayTaxResponse:
        """Pay what is owed."""
        payment, answer = await self._taxes.pay(
            request.assessment_id, debtor_account=request.debtor_account, requested_by=caller().fingerprint
        )
        return pb.PayTaxResponse(outcome=views.settled_or_rejected(payment.uetr, answer))

    async def GuaranteeTax(self, request: pb.GuaranteeTaxRequest, context: Context) -> common.CommandDone:
        """Answer for what is owed."""
        return await self.asking.either(request, assessment.GuaranteeTax)

    ClaimRefund = signed(assessment.ClaimRefund)
    DeclineRefund = signed(assessment.DeclineRefund)
    GrantRefund = signed(assessment.GrantRefund)
    EnterRates = signed(rates.EnterRates)
    ApproveRates = signed(rates.ApproveRates)
    WithdrawRates = signed(rates.WithdrawRates)

    async def ListNotices(self, request: pb.ListNoticesRequest, context: Context) -> pb.ListNoticesResponse:
        """List the notices of rates."""
        self._gateway.require_serving()
        found = self._gateway.queries.records(rates.Notice)
        notices = [
            pb.RatesNotice(notice_id=each.notice_id, state=each.state.value, content=canonical.encode(each).decode())
            for each in found
        ]
        return pb.ListNoticesResponse(notices=notices)

    def _tell(self, told: pb.LodgingOutcome, outcome: Outcome) -> None:
        """Complete what is told of a declaration: refused, or how it stands."""
        if outcome.code:
            told.code, told.where = outcome.code, outcome.where
            return
        told.block, told.transaction_id = outcome.block, outcome.tx_id
        on = dates.day_of(self._gateway.clock())
        view = self._gateway.trade.find(told.declaration_id, on=on, kind="declaration")
        told.status = view.record.status if view and isinstance(view.record, Declaration) else ""
