"""Who may ask for what: the one table, command x role x kind of organisation. What it does not list is refused AG08.

A role of `GATEWAY` means that the organisation's signature on the list is enough; any other role means that a person
of that role has signed the command. (REQUIREMENTS section 6) Queries have their table below: there the role is that
of the certificate that signed the proposal.
"""

from typing import Final

from chaincode.port import Caller
from settlement.accounts import account, issuance, redemption
from settlement.customs import assessment, declaration, rates
from settlement.day import CloseDay, CutOffDay, OpenDay
from settlement.errors import Code, Refusal
from settlement.financing import (
    ApplyForFinancing,
    DefaultFinancing,
    DrawFinancing,
    RejectFinancing,
    RepayFinancing,
    VerifyFinancing,
)
from settlement.participants import (
    ActivateParticipant,
    ExitParticipant,
    FoundLedger,
    OnboardParticipant,
    Participant,
    ParticipantState,
    RegisterCustomer,
    ReinstateParticipant,
    RevokeCertificates,
    SuspendParticipant,
)
from settlement.parties import Kind, Role
from settlement.payments.commands import ConfirmCredit, ReturnPayment, SubmitPayment
from settlement.payments.evidence import RequireReports
from settlement.payments.initiation import DeclineInitiation, InitiatePayments
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.payments.undertaking import (
    AcceptChange,
    PassAgainstPayment,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
)
from settlement.records import Command
from settlement.rulings import WithdrawRuling
from settlement.supervision import RecordReads
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.contract import (
    AmendContract,
    ConfirmPerformance,
    ProposeContract,
    SignContract,
    TerminateContract,
    WithdrawProposal,
)
from settlement.trade.document import (
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TransferDocument,
    VerifyDocument,
)
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, IssueInvoice, IssueNote
from settlement.trade.lading import commands as lading

_EVERY_KIND: Final = frozenset((Role.GATEWAY, kind) for kind in Kind)
_BANK: Final = frozenset({(Role.GATEWAY, Kind.BANK)})
_BANK_OFFICER: Final = frozenset({(Role.BANK_OFFICER, Kind.BANK)})
_BANK_OR_OFFICER: Final = _BANK | _BANK_OFFICER
_TRADER: Final = frozenset({(Role.TRADER, Kind.BANK)})
_CLEARING_OFFICER: Final = frozenset({(Role.CLEARING_OFFICER, Kind.CLEARING)})
_CUSTOMS_OFFICER: Final = frozenset({(Role.CUSTOMS_OFFICER, Kind.CUSTOMS)})
_TAX_OFFICER: Final = frozenset({(Role.TAX_OFFICER, Kind.CUSTOMS)})
_CUSTOMS: Final = _CUSTOMS_OFFICER | _TAX_OFFICER
_HOLDERS_OF_GOODS: Final = _CUSTOMS_OFFICER | {(Role.SUPERVISOR, Kind.REGULATOR)}
_SUPERVISORS: Final = _CLEARING_OFFICER | {(Role.SUPERVISOR, Kind.REGULATOR)}
_CARRIER: Final = frozenset({(Role.CARRIER, Kind.CUSTOMS)})
_HOLDERS: Final = _TRADER | {(Role.BANK_OFFICER, Kind.BANK)}
_OF_DOCUMENTS: Final = _TRADER | _CARRIER | {(Role.CUSTOMS_OFFICER, Kind.CUSTOMS)}
_SHOWN_DOCUMENTS: Final = _OF_DOCUMENTS | {(Role.TAX_OFFICER, Kind.CUSTOMS), (Role.BANK_OFFICER, Kind.BANK)}
_REGULATOR: Final = frozenset({(Role.SUPERVISOR, Kind.REGULATOR)})

ACCESS: Final[dict[type[Command], frozenset[tuple[Role, Kind]]]] = {
    FoundLedger: frozenset({(Role.GATEWAY, Kind.CLEARING)}),
    OnboardParticipant: _CLEARING_OFFICER,
    ActivateParticipant: _CLEARING_OFFICER,
    SuspendParticipant: _SUPERVISORS,
    ReinstateParticipant: _SUPERVISORS,
    ExitParticipant: _CLEARING_OFFICER,
    RevokeCertificates: _EVERY_KIND,
    RegisterCustomer: _BANK_OR_OFFICER,
    issuance.AdmitCurrency: _CLEARING_OFFICER,
    account.OpenAccount: _CLEARING_OFFICER,
    account.BlockAccount: _REGULATOR,
    account.UnblockAccount: _REGULATOR,
    account.CloseAccount: _CLEARING_OFFICER,
    issuance.RequestIssuance: _BANK_OR_OFFICER,
    issuance.ConfirmIssuance: _CLEARING_OFFICER,
    issuance.ApproveIssuance: _CLEARING_OFFICER,
    issuance.DeclineIssuance: _CLEARING_OFFICER,
    redemption.RequestRedemption: _BANK_OR_OFFICER,
    redemption.ConfirmRedemption: _CLEARING_OFFICER,
    redemption.ApproveRedemption: _CLEARING_OFFICER,
    redemption.DeclineRedemption: _CLEARING_OFFICER,
    redemption.RecordPayout: _CLEARING_OFFICER,
    redemption.FailPayout: _CLEARING_OFFICER,
    OpenDay: _CLEARING_OFFICER,
    CutOffDay: _CLEARING_OFFICER,
    CloseDay: _CLEARING_OFFICER,
    SubmitPayment: _BANK_OR_OFFICER,
    ConfirmCredit: _BANK_OR_OFFICER,
    # The clearing institution sends tax back from the treasury's account, which it keeps.
    ReturnPayment: _BANK_OR_OFFICER | _CLEARING_OFFICER | {(Role.GATEWAY, Kind.CLEARING)},
    SettleUndertaking: _BANK_OR_OFFICER,
    ReleaseUndertaking: _BANK_OR_OFFICER,
    PassAgainstPayment: _HOLDERS,
    ProposeChange: _BANK_OR_OFFICER,
    AcceptChange: _TRADER,
    SetAdvanceRate: _REGULATOR,
    RequireReports: _REGULATOR,
    # A bank for its own account and its own payments: people alone, for it takes two of them.
    SetReleaseLimit: _BANK_OFFICER,
    ProposeRelease: _BANK_OFFICER,
    ProposeChangeRelease: _BANK_OFFICER,
    # Each organisation what it has proposed itself (contracts.rulings).
    WithdrawRuling: _SUPERVISORS | _BANK_OFFICER,
    # By its own gateway, before it answers: its people do not record what they read themselves.
    RecordReads: frozenset({(Role.GATEWAY, Kind.REGULATOR)}),
    ApplyForFinancing: _TRADER,
    VerifyFinancing: _BANK_OR_OFFICER,
    DrawFinancing: _BANK_OR_OFFICER,
    RepayFinancing: _BANK_OR_OFFICER,
    DefaultFinancing: _BANK_OR_OFFICER,
    RejectFinancing: _BANK_OR_OFFICER,
    # A trader's own signature would be a row of role and kind here (ADR 0012); an officer does not ask in its place.
    InitiatePayments: _BANK,
    DeclineInitiation: _BANK_OR_OFFICER,
    ProposeContract: _TRADER,
    SignContract: _TRADER,
    AmendContract: _TRADER,
    WithdrawProposal: _TRADER,
    ConfirmPerformance: _TRADER,
    TerminateContract: _TRADER,
    lading.DraftBillOfLading: _CARRIER,
    lading.ApproveBillOfLading: _TRADER,
    lading.IssueBillOfLading: _CARRIER,
    # Who may hold a bill may pass it on: a trader for its firm, an officer for a bank that holds it as pledgee.
    lading.TransferBillOfLading: _HOLDERS,
    lading.EndorseBillOfLading: _HOLDERS,
    lading.SignBillOfLading: _HOLDERS,
    lading.RejectBillOfLading: _HOLDERS,
    lading.SurrenderBillOfLading: _HOLDERS,
    lading.AnswerSurrender: _CARRIER,
    lading.RecordDelivery: _CARRIER,
    lading.ConvertBillOfLading: _CARRIER,
    lading.VoidBillOfLading: _CARRIER,
    lading.DisputeBillOfLading: _HOLDERS | _CARRIER,
    lading.ProposeBillRuling: _REGULATOR,
    lading.ConfirmBillRuling: _REGULATOR,
    declaration.LodgeDeclaration: _TRADER,
    declaration.CompleteDeclaration: _TRADER,
    # Whose turn it is follows from the state: the trader's until it is accepted, then customs' (customs.handling).
    declaration.AmendDeclaration: _TRADER | _CUSTOMS_OFFICER,
    declaration.CancelDeclaration: _TRADER | _CUSTOMS_OFFICER,
    declaration.AcceptDeclaration: _CUSTOMS_OFFICER,
    declaration.RejectDeclaration: _CUSTOMS_OFFICER,
    declaration.HoldGoods: _HOLDERS_OF_GOODS,
    declaration.LiftHold: _HOLDERS_OF_GOODS,
    declaration.OrderInspection: _CUSTOMS_OFFICER,
    declaration.RecordInspection: _CUSTOMS_OFFICER,
    declaration.ReleaseGoods: _CUSTOMS_OFFICER,
    declaration.ClearDeclaration: _CUSTOMS_OFFICER,
    assessment.AssessTax: _CUSTOMS,
    assessment.GuaranteeTax: _BANK_OR_OFFICER,
    assessment.ClaimRefund: _TRADER,
    assessment.DeclineRefund: _TAX_OFFICER,
    assessment.GrantRefund: _TAX_OFFICER,
    rates.EnterRates: _CUSTOMS,
    rates.ApproveRates: _CUSTOMS,
    rates.WithdrawRates: _CUSTOMS,
    IssueInvoice: _TRADER,
    AcceptInvoice: _TRADER,
    DisputeInvoice: _TRADER,
    IssueNote: _TRADER,
    IssueDocument: _OF_DOCUMENTS,
    PresentDocument: _SHOWN_DOCUMENTS,
    TransferDocument: _SHOWN_DOCUMENTS,
    VerifyDocument: _SHOWN_DOCUMENTS,
    RevokeDocument: _OF_DOCUMENTS,
}


WHILE_SUSPENDED: Final[frozenset[type[Command]]] = frozenset({RevokeCertificates, ConfirmCredit, ReleaseUndertaking})
"""What a suspended organisation may still ask: it originates nothing, but it withdraws a stolen certificate, it tells
what became of money that it has received, and what was reserved for a payment that is over is free again."""


def require(caller: Caller, command: Command) -> None:
    """Let the caller ask for this, or refuse AG08."""
    if (caller.role, caller.kind) not in ACCESS.get(type(command), frozenset()):
        raise Refusal(Code.AG08)


def require_active(sender: Participant, command: Command) -> None:
    """Let an active organisation ask, and a suspended one for what it still may; or refuse AG10."""
    if sender.state is ParticipantState.ACTIVE:
        return
    if sender.state is not ParticipantState.SUSPENDED or type(command) not in WHILE_SUSPENDED:
        raise Refusal(Code.AG10, "participant")
