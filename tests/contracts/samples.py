"""One of each command, in order as far as its form goes."""

from collections.abc import Callable
from typing import Any, Final

from settlement.accounts.account import BlockAccount, CloseAccount, OpenAccount, UnblockAccount
from settlement.accounts.issuance import (
    AdmitCurrency,
    ApproveIssuance,
    ConfirmIssuance,
    DeclineIssuance,
    RequestIssuance,
)
from settlement.accounts.redemption import (
    ApproveRedemption,
    ConfirmRedemption,
    DeclineRedemption,
    FailPayout,
    RecordPayout,
    RequestRedemption,
)
from settlement.customs.assessment import AssessTax, ClaimRefund, DeclineRefund, GrantRefund, GuaranteeTax
from settlement.customs.declaration import (
    AcceptDeclaration,
    AmendDeclaration,
    CancelDeclaration,
    ClearDeclaration,
    CompleteDeclaration,
    HoldGoods,
    LiftHold,
    LodgeDeclaration,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.rates import ApproveRates, EnterRates, WithdrawRates
from settlement.day import CloseDay, CutOffDay, OpenDay
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
    Customer,
    ExitParticipant,
    FoundLedger,
    OnboardParticipant,
    RegisterCustomer,
    ReinstateParticipant,
    RevokeCertificates,
    SuspendParticipant,
)
from settlement.payments.commands import ConfirmCredit, ReturnPayment, SubmitPayment
from settlement.payments.evidence import RequireReports
from settlement.payments.initiation import DeclineInitiation, InitiatePayments
from settlement.payments.release import ProposeChangeRelease, ProposeRelease, SetReleaseLimit
from settlement.payments.undertaking import (
    AcceptChange,
    Change,
    PassAgainstPayment,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
)
from settlement.records import Command
from settlement.rulings import WithdrawRuling
from settlement.supervision import NotedRead, Read, RecordReads
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
    DocumentHolder,
    IssueDocument,
    PresentDocument,
    RevokeDocument,
    TransferDocument,
    VerifyDocument,
)
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, IssueInvoice, IssueNote
from settlement.trade.lading.chain import BillParty
from tests.builders import (
    TODAY,
    TOMORROW,
    a_confirmation,
    a_decline,
    a_payment,
    a_redemption_approval,
    a_redemption_confirmation,
    a_redemption_request,
    a_return,
    about,
    an_application,
    an_id,
    an_initiation,
    an_issuance_approval,
    an_issuance_confirmation,
    an_issuance_request,
)
from tests.customs_samples import declared, lodging, rates_approval, rates_entry
from tests.lading import LADING_SAMPLES
from tests.trade import a_document, a_note, a_proposal, an_invoice, some_terms
from tests.world import World

LEI: Final = "5493001KJTIIGC8Y1R12"


def block(participant: str = "bankist", currency: str = "CNY") -> BlockAccount:
    return BlockAccount(command_id=an_id(), participant=participant, currency=currency, reason="court order")


def unblock(participant: str = "bankist", currency: str = "CNY") -> UnblockAccount:
    return UnblockAccount(command_id=an_id(), participant=participant, currency=currency, reason="order lifted")


def close(participant: str = "bankist", currency: str = "CNY") -> CloseAccount:
    return CloseAccount(command_id=an_id(), participant=participant, currency=currency)


def open_account(participant: str = "bankist", currency: str = "CNY") -> OpenAccount:
    return OpenAccount(command_id=an_id(), participant=participant, currency=currency)


def suspend(participant: str = "bankist", *, may_be_credited: bool = False) -> SuspendParticipant:
    return SuspendParticipant(
        command_id=an_id(), participant=participant, reason="audit", may_be_credited=may_be_credited
    )


def reinstate(participant: str = "bankist") -> ReinstateParticipant:
    return ReinstateParticipant(command_id=an_id(), participant=participant, reason="audit over")


def withdraw_ruling(ruling_id: str = "RequireReports") -> WithdrawRuling:
    return WithdrawRuling(command_id=an_id(), ruling_id=ruling_id, reason="asked by mistake")


def leave(participant: str = "bankist") -> ExitParticipant:
    return ExitParticipant(command_id=an_id(), participant=participant)


def admit(currency: str = "EUR") -> AdmitCurrency:
    return AdmitCurrency(
        command_id=an_id(), currency=currency, settlement_agent="CBNKCNSHXXX", settlement_account="S-1"
    )


def open_day(date: str = TOMORROW, currency: str = "CNY") -> OpenDay:
    return OpenDay(command_id=an_id(), currency=currency, date=date)


def cut_off(date: str = TODAY, currency: str = "CNY") -> CutOffDay:
    return CutOffDay(command_id=an_id(), currency=currency, date=date)


def close_day(date: str = TODAY, currency: str = "CNY") -> CloseDay:
    return CloseDay(command_id=an_id(), currency=currency, date=date)


def register(identifier: str = LEI, name: str = "Huangpu Silk Co", accounts: tuple[str, ...] = ()) -> RegisterCustomer:
    return RegisterCustomer(command_id=an_id(), customer=Customer(identifier=identifier, name=name, accounts=accounts))


def a_reading(*participants: str, **others: Any) -> RecordReads:
    read = Read(**{"by": "ab" * 32, "question": "/waitan.v1.PaymentService/GetPayment", **others})
    return RecordReads(command_id=an_id(), reads=(NotedRead(read=read, participants=participants or ("banksh",)),))


def revoke(*serials: str) -> RevokeCertificates:
    return RevokeCertificates(command_id=an_id(), serials=serials or ("a1b2",))


def decline_issuance(issuance_id: str = "I-1", participant: str = "banksh") -> DeclineIssuance:
    return DeclineIssuance(command_id=an_id(), participant=participant, issuance_id=issuance_id, reason="no funding")


def decline_redemption(redemption_id: str = "R-1", participant: str = "banksh") -> DeclineRedemption:
    return DeclineRedemption(
        command_id=an_id(), participant=participant, redemption_id=redemption_id, reason="wrong account"
    )


def pay_out(redemption_id: str = "R-1", participant: str = "banksh") -> RecordPayout:
    return RecordPayout(
        command_id=an_id(), participant=participant, redemption_id=redemption_id, payout_reference="CAMT054-9"
    )


def fail_payout(redemption_id: str = "R-1", participant: str = "banksh") -> FailPayout:
    return FailPayout(command_id=an_id(), participant=participant, redemption_id=redemption_id, reason="came back")


ONE_OF_EACH: Final[dict[type[Command], Callable[[World, str], Command]]] = {
    FoundLedger: lambda world, _: world.founding(),
    OnboardParticipant: lambda world, _: world.onboarding("bankfra"),
    ActivateParticipant: lambda world, _: world.activation("bankfra"),
    SuspendParticipant: lambda *_: suspend(),
    ReinstateParticipant: lambda *_: reinstate(),
    ExitParticipant: lambda *_: leave(),
    RevokeCertificates: lambda *_: revoke(),
    RegisterCustomer: lambda *_: register(),
    AdmitCurrency: lambda *_: admit(),
    OpenAccount: lambda *_: open_account(),
    BlockAccount: lambda *_: block(),
    UnblockAccount: lambda *_: unblock(),
    CloseAccount: lambda *_: close(),
    RequestIssuance: lambda *_: an_issuance_request(),
    ConfirmIssuance: lambda *_: an_issuance_confirmation("I-1"),
    ApproveIssuance: lambda *_: an_issuance_approval("I-1"),
    DeclineIssuance: lambda *_: decline_issuance(),
    RequestRedemption: lambda *_: a_redemption_request(),
    ConfirmRedemption: lambda *_: a_redemption_confirmation("R-1"),
    ApproveRedemption: lambda *_: a_redemption_approval("R-1"),
    DeclineRedemption: lambda *_: decline_redemption(),
    RecordPayout: lambda *_: pay_out(),
    FailPayout: lambda *_: fail_payout(),
    OpenDay: lambda *_: open_day(),
    CutOffDay: lambda *_: cut_off(),
    CloseDay: lambda *_: close_day(),
    SubmitPayment: lambda _, participant: a_payment(payer=participant),
    ConfirmCredit: lambda _, participant: a_confirmation(a_payment(payee=participant), "00"),
    ReturnPayment: lambda _, participant: a_return(a_payment(payee=participant), "00"),
    SettleUndertaking: lambda *_: about(SettleUndertaking, a_payment(), "00"),
    ReleaseUndertaking: lambda *_: about(ReleaseUndertaking, a_payment(), "00"),
    PassAgainstPayment: lambda *_: about(
        PassAgainstPayment, a_payment(), "00", recipient=BillParty(participant="bankist", identifier=LEI)
    ),
    ProposeChange: lambda *_: about(ProposeChange, a_payment(), "00", change=Change(ends=True)),
    AcceptChange: lambda *_: about(AcceptChange, a_payment(), "00", change=Change(ends=True)),
    RequireReports: lambda *_: RequireReports(command_id=an_id(), since=TODAY),
    SetReleaseLimit: lambda _, participant: SetReleaseLimit(
        command_id=an_id(), participant=participant, currency="CNY", amount="1000.00"
    ),
    ProposeRelease: lambda _, participant: ProposeRelease(command_id=an_id(), payment=a_payment(payer=participant)),
    ProposeChangeRelease: lambda *_: ProposeChangeRelease(
        command_id=an_id(), change=about(ProposeChange, a_payment(), "00", change=Change(ends=True))
    ),
    WithdrawRuling: lambda *_: withdraw_ruling(),
    SetAdvanceRate: lambda *_: SetAdvanceRate(command_id=an_id(), effective_from=TODAY, percent=80),
    ApplyForFinancing: lambda *_: an_application(),
    VerifyFinancing: lambda *_: VerifyFinancing(command_id=an_id(), financing_id="00"),
    DrawFinancing: lambda *_: DrawFinancing(command_id=an_id(), financing_id="00", reference="L-1"),
    RepayFinancing: lambda *_: RepayFinancing(command_id=an_id(), financing_id="00", amount="1.00", reference="L-1"),
    DefaultFinancing: lambda *_: DefaultFinancing(command_id=an_id(), financing_id="00", reason="overdue"),
    RejectFinancing: lambda *_: RejectFinancing(command_id=an_id(), financing_id="00", reason="no"),
    RecordReads: lambda *_: a_reading(),
    InitiatePayments: lambda *_: an_initiation(),
    DeclineInitiation: lambda *_: a_decline("00"),
    ProposeContract: lambda *_: a_proposal(),
    SignContract: lambda *_: SignContract(command_id=an_id(), contract_id="00", signature=""),
    AmendContract: lambda *_: AmendContract(command_id=an_id(), terms=some_terms(version=2)),
    WithdrawProposal: lambda *_: WithdrawProposal(command_id=an_id(), contract_id="00", reason="too dear"),
    ConfirmPerformance: lambda *_: ConfirmPerformance(command_id=an_id(), contract_id="00"),
    IssueInvoice: lambda *_: IssueInvoice(command_id=an_id(), terms=an_invoice(), signature=""),
    AcceptInvoice: lambda *_: AcceptInvoice(command_id=an_id(), invoice_id="00"),
    DisputeInvoice: lambda *_: DisputeInvoice(command_id=an_id(), invoice_id="00", reason="short by 3 bales"),
    IssueNote: lambda *_: IssueNote(command_id=an_id(), terms=a_note("00"), signature=""),
    IssueDocument: lambda *_: IssueDocument(command_id=an_id(), terms=a_document(), signature=""),
    PresentDocument: lambda *_: PresentDocument(command_id=an_id(), document_id="00", to="customs"),
    TransferDocument: lambda *_: TransferDocument(
        command_id=an_id(), document_id="00", holder=DocumentHolder(participant="customs")
    ),
    VerifyDocument: lambda *_: VerifyDocument(command_id=an_id(), document_id="00", commitment="ab"),
    RevokeDocument: lambda *_: RevokeDocument(command_id=an_id(), document_id="00", reason="typing error"),
    TerminateContract: lambda *_: TerminateContract(command_id=an_id(), contract_id="00", reason="no goods"),
    **LADING_SAMPLES,
    LodgeDeclaration: lambda *_: lodging(),
    CompleteDeclaration: lambda *_: CompleteDeclaration(command_id=an_id(), declaration_id="00", declared=declared()),
    AmendDeclaration: lambda *_: AmendDeclaration(
        command_id=an_id(), declaration_id="00", declared=declared(), reason="typing error"
    ),
    **{
        kind: lambda *_, kind=kind: kind(command_id=an_id(), declaration_id="00", reason="random check")
        for kind in (CancelDeclaration, RejectDeclaration, HoldGoods, LiftHold, OrderInspection)
    },
    **{
        kind: lambda *_, kind=kind: kind(command_id=an_id(), declaration_id="00")
        for kind in (AcceptDeclaration, ReleaseGoods, ClearDeclaration, AssessTax)
    },
    RecordInspection: lambda *_: RecordInspection(
        command_id=an_id(), declaration_id="00", is_as_declared=True, findings="as declared"
    ),
    GuaranteeTax: lambda *_: GuaranteeTax(
        command_id=an_id(), assessment_id="00", reference="LG-1", expires_on="2027-01-31"
    ),
    ClaimRefund: lambda *_: ClaimRefund(command_id=an_id(), assessment_id="00", amount="1.00", reason="short-landed"),
    DeclineRefund: lambda *_: DeclineRefund(command_id=an_id(), assessment_id="00", reason="landed in full"),
    GrantRefund: lambda *_: GrantRefund(command_id=an_id(), assessment_id="00"),
    EnterRates: lambda *_: rates_entry(),
    ApproveRates: lambda *_: rates_approval(),
    WithdrawRates: lambda *_: WithdrawRates(command_id=an_id(), notice_id="GAC-2026-11"),
}
"""For each command, what makes one that a participant may ask for."""
