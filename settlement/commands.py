"""The catalogue: every command there is. A command that does not stand here cannot be asked."""

from typing import Final

import msgspec

from settlement.accounts.account import (
    BlockAccount,
    CloseAccount,
    OpenAccount,
    UnblockAccount,
)
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
from settlement.trade.lading.commands import AnyBillCommand


class Signed(Command):
    """A command with a person's consent: its canonical bytes (as text), certificate (DER) and ES256 signature.

    The signature is over `consent.command_to_sign`; certificate and signature travel in standard base64.
    """

    command: str
    certificate: bytes
    signature: bytes


AnyCommand = (
    SubmitPayment
    | ConfirmCredit
    | ReturnPayment
    | SettleUndertaking
    | ReleaseUndertaking
    | PassAgainstPayment
    | ProposeChange
    | AcceptChange
    | RequireReports
    | SetReleaseLimit
    | ProposeRelease
    | ProposeChangeRelease
    | WithdrawRuling
    | RecordReads
    | SetAdvanceRate
    | ApplyForFinancing
    | VerifyFinancing
    | DrawFinancing
    | RepayFinancing
    | DefaultFinancing
    | RejectFinancing
    | InitiatePayments
    | DeclineInitiation
    | FoundLedger
    | OnboardParticipant
    | ActivateParticipant
    | SuspendParticipant
    | ReinstateParticipant
    | ExitParticipant
    | RevokeCertificates
    | RegisterCustomer
    | AdmitCurrency
    | OpenAccount
    | BlockAccount
    | UnblockAccount
    | CloseAccount
    | RequestIssuance
    | ConfirmIssuance
    | ApproveIssuance
    | DeclineIssuance
    | RequestRedemption
    | ConfirmRedemption
    | ApproveRedemption
    | DeclineRedemption
    | RecordPayout
    | FailPayout
    | OpenDay
    | CutOffDay
    | CloseDay
    | ProposeContract
    | SignContract
    | AmendContract
    | WithdrawProposal
    | ConfirmPerformance
    | TerminateContract
    | AnyBillCommand
    | LodgeDeclaration
    | CompleteDeclaration
    | AmendDeclaration
    | CancelDeclaration
    | AcceptDeclaration
    | RejectDeclaration
    | HoldGoods
    | LiftHold
    | OrderInspection
    | RecordInspection
    | ReleaseGoods
    | ClearDeclaration
    | AssessTax
    | GuaranteeTax
    | ClaimRefund
    | DeclineRefund
    | GrantRefund
    | EnterRates
    | ApproveRates
    | WithdrawRates
    | IssueInvoice
    | AcceptInvoice
    | DisputeInvoice
    | IssueNote
    | IssueDocument
    | PresentDocument
    | TransferDocument
    | VerifyDocument
    | RevokeDocument
)

DECODER: Final = msgspec.json.Decoder(AnyCommand | Signed)
"""Reads what a list may contain."""

PERSONAL_DECODER: Final = msgspec.json.Decoder(AnyCommand)
"""Reads what a person may sign: any command, but not a signed one."""
