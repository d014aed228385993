"""Who may call what at the operators' door: the one table, method x role. What it does not list nobody may call.

It says who may knock. Whether the organisation, or the person who signed, may do what is asked is decided on the
ledger (chaincode.access), whoever brought it. Who stands there in a command's row comes in with it, and so does who
carries what others have signed: the organisation's own services, a bank's officers for its traders, customs' for its
carriers. A test holds the two tables together.
"""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from settlement.parties import Role

_SERVICE: Final = frozenset({Role.GATEWAY})
_OPERATORS: Final = _SERVICE | {
    Role.BANK_OFFICER,
    Role.CLEARING_OFFICER,
    Role.SUPERVISOR,
    Role.CUSTOMS_OFFICER,
    Role.TAX_OFFICER,
}
_TRADERS: Final = frozenset({Role.TRADER})
_CONCERNED: Final = _OPERATORS | _TRADERS | {Role.CARRIER}
"""Those whom a trade may concern; a trader and a carrier see what is their own firm's (gateway.operators.trade)."""
_ISSUERS: Final = _TRADERS | {Role.CARRIER, Role.CUSTOMS_OFFICER}
_BANK: Final = _SERVICE | {Role.BANK_OFFICER}
_SINGLE_WINDOW: Final = _SERVICE | {Role.CUSTOMS_OFFICER, Role.CARRIER}
_CLEARING: Final = _SERVICE | {Role.CLEARING_OFFICER}
_CUSTOMS: Final = _SERVICE | {Role.CUSTOMS_OFFICER}
_TAX: Final = _SERVICE | {Role.TAX_OFFICER}
_SHOWN_DOCUMENTS: Final = _ISSUERS | _TAX | _BANK
_HOLDERS_OF_GOODS: Final = _SERVICE | {Role.CUSTOMS_OFFICER, Role.SUPERVISOR}
_SUPERVISORS: Final = _CLEARING | {Role.SUPERVISOR}


def _methods(service: str, names: str, roles: Iterable[Role]) -> dict[str, frozenset[Role]]:
    return {f"/waitan.v1.{service}/{name}": frozenset(roles) for name in names.split()}


PERMITTED: Final = MappingProxyType(
    _methods("PaymentService", "SubmitPayment SubmitPayments SubmitMessage ConfirmCredit", _BANK)
    | _methods("PaymentService", "ReturnPayment", _BANK | _CLEARING)
    | _methods("PaymentService", "SettleUndertaking ReleaseUndertaking ProposeChange", _BANK)
    | _methods("PaymentService", "AcceptChange PassAgainstPayment", _BANK | {Role.TRADER})
    | _methods("FinancingService", "ApplyForFinancing", _BANK | {Role.TRADER})
    | _methods("FinancingService", "VerifyFinancing DrawFinancing RepayFinancing", _BANK)
    | _methods("FinancingService", "DefaultFinancing RejectFinancing", _BANK)
    | _methods("FinancingService", "SetAdvanceRate", _SERVICE | {Role.SUPERVISOR})
    | _methods("PaymentService", "GetPayment GetMessage WatchPayments", _OPERATORS)
    | _methods("ParticipantService", "OnboardParticipant ActivateParticipant ExitParticipant", _CLEARING)
    | _methods("ParticipantService", "SuspendParticipant ReinstateParticipant", _SUPERVISORS)
    | _methods("ParticipantService", "RevokeCertificates ListParticipants GetParticipant", _OPERATORS)
    | _methods("ParticipantService", "RegisterCustomer", _BANK)
    | _methods("ParticipantService", "RequireReports", _SERVICE | {Role.SUPERVISOR})
    | _methods("RulingService", "ListRulings", _OPERATORS)
    | _methods("RulingService", "GetRules", _CONCERNED)
    | _methods("RulingService", "WithdrawRuling", _SUPERVISORS | _BANK)
    | _methods("SupervisionService", "ListReads", _OPERATORS)
    | _methods("AccountService", "AdmitCurrency OpenAccount CloseAccount", _CLEARING)
    | _methods("AccountService", "BlockAccount UnblockAccount", _SERVICE | {Role.SUPERVISOR})
    | _methods("AccountService", "SetReleaseLimit", _BANK)
    | _methods("PaymentService", "PrepareRelease ProposeRelease ReleasePayment", _BANK)
    | _methods("PaymentService", "ProposeChangeRelease", _BANK)
    | _methods("AccountService", "RequestIssuance RequestRedemption", _BANK)
    | _methods("AccountService", "ConfirmIssuance ApproveIssuance DeclineIssuance", _CLEARING)
    | _methods("AccountService", "ConfirmRedemption ApproveRedemption DeclineRedemption", _CLEARING)
    | _methods("AccountService", "RecordPayout FailPayout", _CLEARING)
    | _methods("AccountService", "ListAccounts ListIssuances ListRedemptions ListCurrencies", _OPERATORS)
    | _methods("InitiationService", "ReleaseInitiation DeclineInitiation", _BANK)
    | _methods("InitiationService", "ListInitiations GetInitiation", _OPERATORS)
    | _methods("DayService", "OpenDay CutOffDay CloseDay", _CLEARING)
    | _methods("DayService", "ListDays", _OPERATORS)
    # A trader comes itself, or its bank's officer carries what it has signed.
    | _methods("TradeService", "ProposeContract SignContract AmendContract WithdrawProposal", _TRADERS | _BANK)
    | _methods("TradeService", "ConfirmPerformance TerminateContract", _TRADERS | _BANK)
    | _methods("TradeService", "IssueInvoice AcceptInvoice DisputeInvoice IssueNote", _TRADERS | _BANK)
    | _methods("DocumentService", "IssueDocument RevokeDocument", _ISSUERS | _BANK)
    | _methods("DocumentService", "PresentDocument TransferDocument VerifyDocument", _SHOWN_DOCUMENTS)
    | _methods("TradeService", "ListTradeRecords GetTradeRecord GetTimeline", _CONCERNED)
    | _methods("CustomsService", "LodgeDeclarations CompleteDeclaration ClaimRefund", _TRADERS | _BANK)
    | _methods("CustomsService", "AmendDeclaration CancelDeclaration", _TRADERS | _BANK | _CUSTOMS)
    | _methods("CustomsService", "AcceptDeclaration RejectDeclaration ReleaseGoods ClearDeclaration", _CUSTOMS)
    | _methods("CustomsService", "OrderInspection RecordInspection", _CUSTOMS)
    | _methods("CustomsService", "AssessTax EnterRates ApproveRates WithdrawRates", _CUSTOMS | _TAX)
    | _methods("CustomsService", "DeclineRefund GrantRefund", _TAX)
    | _methods("CustomsService", "HoldGoods LiftHold", _HOLDERS_OF_GOODS)
    | _methods("CustomsService", "PayTax GuaranteeTax", _BANK)
    | _methods("CustomsService", "GetTaxOwed ListNotices", _CONCERNED)
    | _methods("BillOfLadingService", "DraftBillOfLading IssueBillOfLading VoidBillOfLading", _SINGLE_WINDOW)
    | _methods("BillOfLadingService", "AnswerSurrender RecordDelivery ConvertBillOfLading", _SINGLE_WINDOW)
    | _methods("BillOfLadingService", "ApproveBillOfLading TransferBillOfLading EndorseBillOfLading", _TRADERS | _BANK)
    | _methods("BillOfLadingService", "SignBillOfLading RejectBillOfLading SurrenderBillOfLading", _TRADERS | _BANK)
    | _methods("BillOfLadingService", "DisputeBillOfLading", _TRADERS | _BANK | _SINGLE_WINDOW)
    | _methods("BillOfLadingService", "ProposeBillRuling ConfirmBillRuling", _SERVICE | {Role.SUPERVISOR})
    | _methods("BillOfLadingService", "GetBillOfLading ExportBillOfLading VerifyEnvelope", _CONCERNED)
)
"""Which roles may call each method of the operators' services."""

READS: Final = frozenset(
    _methods("PaymentService", "GetPayment GetMessage WatchPayments", ())
    | _methods("AccountService", "ListAccounts ListIssuances ListRedemptions", ())
    | _methods("InitiationService", "ListInitiations GetInitiation", ())
    | _methods("TradeService", "ListTradeRecords GetTradeRecord GetTimeline", ())
    | _methods("CustomsService", "GetTaxOwed", ())
    | _methods("BillOfLadingService", "GetBillOfLading ExportBillOfLading VerifyEnvelope", ())
)
"""Methods that tell what is somebody's business: the regulator's gateway records them first (gateway.supervision).

ListRulings is not among them: what a supervisor has proposed is the regulator's own business, and a record of the read
would tell an organisation that it may be stopped."""

BETWEEN_GATEWAYS: Final = MappingProxyType(
    _methods("CourierService", "Carry", _SERVICE) | _methods("AttestationService", "Attest", _SERVICE)
)
"""Which roles of any organisation may call what gateways ask of one another."""
