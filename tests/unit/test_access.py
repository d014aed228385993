"""The access table lists every command, and nobody in a role that its kind of organisation cannot certify."""

from itertools import product
from typing import get_args

import pytest

from chaincode import access
from chaincode.access import ACCESS
from chaincode.port import Caller
from chaincode.transactions import FUNCTIONS
from settlement.commands import AnyCommand, Signed
from settlement.errors import Code
from settlement.identity import Signer
from settlement.parties import CERTIFIABLE, Kind, Role
from settlement.payments.commands import SubmitPayment
from settlement.records import Command
from tests.builders import a_payment
from tests.expectations import refused

BANK = {"gateway/bank", "bank_officer/bank"}
OFFICER = {"clearing_officer/clearing"}
SUPERVISION = {"clearing_officer/clearing", "supervisor/regulator"}
TRADER = {"trader/bank"}
CARRIER = {"carrier/customs"}
HOLDER = {"trader/bank", "bank_officer/bank"}
REGULATOR = {"supervisor/regulator"}
CUSTOMS = {"customs_officer/customs"}
TAX = {"tax_officer/customs"}
ISSUERS = {"trader/bank", "carrier/customs", "customs_officer/customs"}
SHOWN = {*ISSUERS, "tax_officer/customs", "bank_officer/bank"}
EVERY_SERVICE = {"gateway/clearing", "gateway/regulator", "gateway/customs", "gateway/bank"}
EXPECTED = {
    "FoundLedger": {"gateway/clearing"},
    "OnboardParticipant": OFFICER,
    "ActivateParticipant": OFFICER,
    "SuspendParticipant": SUPERVISION,
    "ReinstateParticipant": SUPERVISION,
    "ExitParticipant": OFFICER,
    "RevokeCertificates": EVERY_SERVICE,
    "RegisterCustomer": BANK,
    "SettleUndertaking": BANK,
    "ReleaseUndertaking": BANK,
    "PassAgainstPayment": HOLDER,
    "ProposeChange": BANK,
    "AcceptChange": {"trader/bank"},
    "SetAdvanceRate": {"supervisor/regulator"},
    "RequireReports": {"supervisor/regulator"},
    "SetReleaseLimit": {"bank_officer/bank"},
    "ProposeRelease": {"bank_officer/bank"},
    "ProposeChangeRelease": {"bank_officer/bank"},
    "WithdrawRuling": SUPERVISION | {"bank_officer/bank"},
    "RecordReads": {"gateway/regulator"},
    "ApplyForFinancing": {"trader/bank"},
    "VerifyFinancing": BANK,
    "DrawFinancing": BANK,
    "RepayFinancing": BANK,
    "DefaultFinancing": BANK,
    "RejectFinancing": BANK,
    "AdmitCurrency": OFFICER,
    "OpenAccount": OFFICER,
    "BlockAccount": REGULATOR,
    "UnblockAccount": REGULATOR,
    "CloseAccount": OFFICER,
    "RequestIssuance": BANK,
    "ConfirmIssuance": OFFICER,
    "ApproveIssuance": OFFICER,
    "DeclineIssuance": OFFICER,
    "RequestRedemption": BANK,
    "ConfirmRedemption": OFFICER,
    "ApproveRedemption": OFFICER,
    "DeclineRedemption": OFFICER,
    "RecordPayout": OFFICER,
    "FailPayout": OFFICER,
    "OpenDay": OFFICER,
    "CutOffDay": OFFICER,
    "CloseDay": OFFICER,
    "SubmitPayment": BANK,
    "ConfirmCredit": BANK,
    "ReturnPayment": BANK | OFFICER | {"gateway/clearing"},
    "InitiatePayments": {"gateway/bank"},
    "DeclineInitiation": BANK,
    "ProposeContract": TRADER,
    "SignContract": TRADER,
    "AmendContract": TRADER,
    "WithdrawProposal": TRADER,
    "ConfirmPerformance": TRADER,
    "TerminateContract": TRADER,
    "DraftBillOfLading": CARRIER,
    "ApproveBillOfLading": TRADER,
    "IssueBillOfLading": CARRIER,
    "TransferBillOfLading": HOLDER,
    "EndorseBillOfLading": HOLDER,
    "SignBillOfLading": HOLDER,
    "RejectBillOfLading": HOLDER,
    "SurrenderBillOfLading": HOLDER,
    "AnswerSurrender": CARRIER,
    "RecordDelivery": CARRIER,
    "ConvertBillOfLading": CARRIER,
    "VoidBillOfLading": CARRIER,
    "DisputeBillOfLading": HOLDER | CARRIER,
    "ProposeBillRuling": REGULATOR,
    "ConfirmBillRuling": REGULATOR,
    "LodgeDeclaration": TRADER,
    "CompleteDeclaration": TRADER,
    "AmendDeclaration": TRADER | CUSTOMS,
    "CancelDeclaration": TRADER | CUSTOMS,
    "AcceptDeclaration": CUSTOMS,
    "RejectDeclaration": CUSTOMS,
    "HoldGoods": CUSTOMS | {"supervisor/regulator"},
    "LiftHold": CUSTOMS | {"supervisor/regulator"},
    "OrderInspection": CUSTOMS,
    "RecordInspection": CUSTOMS,
    "ReleaseGoods": CUSTOMS,
    "ClearDeclaration": CUSTOMS,
    "AssessTax": CUSTOMS | TAX,
    "GuaranteeTax": BANK,
    "ClaimRefund": TRADER,
    "DeclineRefund": TAX,
    "GrantRefund": TAX,
    "EnterRates": CUSTOMS | TAX,
    "ApproveRates": CUSTOMS | TAX,
    "WithdrawRates": CUSTOMS | TAX,
    "IssueInvoice": TRADER,
    "AcceptInvoice": TRADER,
    "DisputeInvoice": TRADER,
    "IssueNote": TRADER,
    "IssueDocument": ISSUERS,
    "PresentDocument": SHOWN,
    "TransferDocument": SHOWN,
    "VerifyDocument": SHOWN,
    "RevokeDocument": ISSUERS,
}
"""The table said a second time: a row that grows is seen here."""
COMMANDS: tuple[type[Command], ...] = get_args(AnyCommand)
SOMEBODY = Signer(name="somebody", serial="1", key="k")


def test_every_command_has_a_row_and_a_function() -> None:
    """The catalogue, the access table and the transaction functions list the same commands."""
    assert set(ACCESS) == set(FUNCTIONS) == set(COMMANDS)


def test_the_rows_are_these() -> None:
    rows = {command.__name__: {f"{role}/{kind}" for role, kind in row} for command, row in ACCESS.items()}
    assert rows == EXPECTED


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_row_lists_only_what_a_kind_may_certify(command: type[Command]) -> None:
    assert ACCESS[command]
    assert all(role in CERTIFIABLE[kind] for role, kind in ACCESS[command])


def test_what_is_not_listed_is_refused() -> None:
    allowed = ACCESS[SubmitPayment]
    for role, kind in product(Role, Kind):
        caller = Caller("banksh", kind, role, SOMEBODY)
        if (role, kind) in allowed:
            access.require(caller, a_payment())
        else:
            with refused(Code.AG08):
                access.require(caller, a_payment())


def test_a_command_that_is_in_no_row_is_refused() -> None:
    """Deny by default: a person's envelope is no command of its own."""
    nested = Signed(command="{}", certificate=b"", signature=b"")
    with refused(Code.AG08):
        access.require(Caller("banksh", Kind.BANK, Role.GATEWAY, SOMEBODY), nested)
