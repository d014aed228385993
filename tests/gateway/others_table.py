"""How to name another's thing at the operators' door: one table, with a row for every gRPC method.

A test compares it with what the server really has, so that what is added there comes in here.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message
from msgspec.structs import replace

from gateway.operators import codec
from settlement.accounts import issuance, redemption
from settlement.customs import assessment, declaration
from settlement.financing import (
    DefaultFinancing,
    DrawFinancing,
    RejectFinancing,
    RepayFinancing,
    VerifyFinancing,
)
from settlement.payments import undertaking
from settlement.payments.initiation import DeclineInitiation
from settlement.payments.release import ProposeChangeRelease
from settlement.payments.terms import Evidence, Share, Terms
from settlement.records import Command
from settlement.trade import contract, document, invoice
from settlement.trade.lading import commands as lading
from tests.builders import LATER, TEKSTIL, TEKSTIL_LEI, TODAY, a_payment, an_id
from tests.customs_samples import declared
from tests.gateway.others_rows import MAKES, PUBLIC, SINGLE_WINDOW, AnyRow, Listed, Own, Row, command, conditional
from tests.gateway.two_firms import Names
from tests.trade import a_note, an_invoice, some_terms
from waitan.v1 import (
    accounts_pb2,
    bills_of_lading_pb2,
    customs_pb2,
    initiations_pb2,
    payments_pb2,
    supervision_pb2,
    trade_pb2,
)


def _return(names: Names) -> Message:
    return payments_pb2.ReturnPaymentRequest(
        uetr=names.uetr, return_id=an_id()[:30], currency="CNY", amount="1.00", settlement_date=TODAY,
        reason="AC04", message_id=an_id()[:30],
    )  # fmt: skip


def _message(names: Names) -> Message:
    return payments_pb2.GetMessageRequest(uetr=names.uetr, kind=payments_pb2.MESSAGE_KIND_PACS_008)


def _credited(names: Names) -> Message:
    return payments_pb2.ConfirmCreditRequest(uetr=names.uetr, status=payments_pb2.CREDIT_STATUS_CREDITED)


def _changed_terms(names: Names) -> Command:
    row = conditional(undertaking.ProposeChange)["ProposeChange"]
    assert isinstance(row, Row)
    change = row.build(names)
    assert isinstance(change, undertaking.ProposeChange)
    return ProposeChangeRelease(command_id=an_id(), change=change)


PAYMENTS: Final[dict[str, AnyRow]] = {
    "SubmitPayment": MAKES,
    "SubmitPayments": MAKES,
    "SubmitMessage": MAKES,
    "PrepareRelease": Row(
        "initiation_id", lambda names: payments_pb2.PrepareReleaseRequest(initiation_id=names.initiation)
    ),
    "ProposeRelease": MAKES,
    "ProposeChangeRelease": Row("payment", _changed_terms),
    "ReleasePayment": MAKES,
    "GetPayment": Row("uetr", lambda names: payments_pb2.GetPaymentRequest(uetr=names.uetr)),
    "GetMessage": Row("uetr", _message),
    "WatchPayments": Own("tells of the organisation's own payments alone; a test watches"),
    "ConfirmCredit": Row("uetr", _credited),
    "ReturnPayment": Row("uetr", _return),
    **conditional(undertaking.SettleUndertaking),
    **conditional(undertaking.ReleaseUndertaking),
    **conditional(undertaking.PassAgainstPayment),
    **conditional(undertaking.ProposeChange),
    **conditional(undertaking.AcceptChange),
}

INITIATIONS: Final[dict[str, AnyRow]] = {
    "ListInitiations": Listed(lambda _: initiations_pb2.ListInitiationsRequest()),
    "GetInitiation": Row(
        "initiation_id", lambda names: initiations_pb2.GetInitiationRequest(initiation_id=names.initiation)
    ),
    "ReleaseInitiation": Row(
        "initiation_id", lambda names: initiations_pb2.ReleaseInitiationRequest(initiation_id=names.initiation)
    ),
    **command(DeclineInitiation, "initiation_id", initiation_id="initiation"),
}

PARTICIPANTS: Final[dict[str, AnyRow]] = {
    "OnboardParticipant": PUBLIC,
    "ActivateParticipant": PUBLIC,
    "SuspendParticipant": PUBLIC,
    "ReinstateParticipant": PUBLIC,
    "ExitParticipant": PUBLIC,
    "RevokeCertificates": Own("takes back certificates of the asker's own CA"),
    "RegisterCustomer": MAKES,
    "RequireReports": PUBLIC,
    "ListParticipants": PUBLIC,
    "GetParticipant": PUBLIC,
}

ACCOUNTS: Final[dict[str, AnyRow]] = {
    "AdmitCurrency": PUBLIC,
    "OpenAccount": PUBLIC,
    "CloseAccount": PUBLIC,
    "BlockAccount": PUBLIC,
    "UnblockAccount": PUBLIC,
    "SetReleaseLimit": Own("limits an account of the asker's own"),
    "RequestIssuance": MAKES,
    "RequestRedemption": MAKES,
    **command(issuance.ConfirmIssuance, "issuance_id", issuance_id="issuance"),
    **command(issuance.ApproveIssuance, "issuance_id", issuance_id="issuance"),
    **command(issuance.DeclineIssuance, "issuance_id", issuance_id="issuance"),
    **command(redemption.ConfirmRedemption, "redemption_id", redemption_id="redemption"),
    **command(redemption.ApproveRedemption, "redemption_id", redemption_id="redemption"),
    **command(redemption.DeclineRedemption, "redemption_id", redemption_id="redemption"),
    **command(redemption.RecordPayout, "redemption_id", redemption_id="redemption"),
    **command(redemption.FailPayout, "redemption_id", redemption_id="redemption"),
    "ListAccounts": Listed(lambda _: accounts_pb2.ListAccountsRequest(participant="banksh")),
    "ListIssuances": Listed(lambda _: accounts_pb2.ListIssuancesRequest(participant="banksh")),
    "ListRedemptions": Listed(lambda _: accounts_pb2.ListRedemptionsRequest(participant="banksh")),
    "ListCurrencies": PUBLIC,
}

DAYS: Final[dict[str, AnyRow]] = dict.fromkeys(("OpenDay", "CutOffDay", "CloseDay", "ListDays"), PUBLIC)

TRADE: Final[dict[str, AnyRow]] = {
    "ProposeContract": MAKES,
    **command(contract.SignContract, "contract_id", contract_id="contract"),
    "AmendContract": Row(
        "contract_id",
        lambda names: contract.AmendContract(command_id=an_id(), terms=some_terms(names.contract_number, version=2)),
    ),
    **command(contract.WithdrawProposal, "contract_id", contract_id="contract"),
    **command(contract.ConfirmPerformance, "contract_id", contract_id="contract"),
    **command(contract.TerminateContract, "contract_id", contract_id="contract"),
    "IssueInvoice": Row(
        "terms.contract_id",
        lambda names: invoice.IssueInvoice(
            command_id=an_id(), terms=an_invoice(contract_id=names.contract), signature="x"
        ),
    ),
    **command(invoice.AcceptInvoice, "invoice_id", invoice_id="invoice"),
    **command(invoice.DisputeInvoice, "invoice_id", invoice_id="invoice"),
    "IssueNote": Row(
        "terms.invoice_id",
        lambda names: invoice.IssueNote(command_id=an_id(), terms=a_note(names.invoice), signature="x"),
    ),
    "ListTradeRecords": Listed(
        lambda names: trade_pb2.ListTradeRecordsRequest(trade=names.contract), concerns=SINGLE_WINDOW
    ),
    "GetTradeRecord": Row("record_id", lambda names: trade_pb2.GetTradeRecordRequest(record_id=names.contract)),
    "GetTimeline": Row("trade", lambda names: trade_pb2.GetTimelineRequest(trade=names.invoice)),
}

DOCUMENTS: Final[dict[str, AnyRow]] = {
    "IssueDocument": MAKES,
    **command(document.PresentDocument, "document_id", document_id="document"),
    **command(document.TransferDocument, "document_id", document_id="document"),
    **command(document.VerifyDocument, "document_id", document_id="document"),
    **command(document.RevokeDocument, "document_id", document_id="document"),
}


def _of_declaration(kind: type[Command]) -> dict[str, AnyRow]:
    return command(kind, "declaration_id", SINGLE_WINDOW, declaration_id="declaration")


def _of_assessment(kind: type[Command]) -> dict[str, AnyRow]:
    return command(kind, "assessment_id", SINGLE_WINDOW, assessment_id="assessment")


def _declared(kind: Any, **others: str) -> dict[str, AnyRow]:
    """Give the row of a command that declares anew, under the number that the declaration has."""
    return {
        kind.__name__: Row(
            "declaration_id",
            lambda names: kind(
                command_id=an_id(), declaration_id=names.declaration, declared=declared(number=names.number), **others
            ),
            SINGLE_WINDOW,
        )
    }


CUSTOMS: Final[dict[str, AnyRow]] = {
    "LodgeDeclarations": MAKES,
    **_declared(declaration.CompleteDeclaration),
    **_declared(declaration.AmendDeclaration, reason="typing error"),
    **_of_declaration(declaration.CancelDeclaration),
    **_of_declaration(declaration.AcceptDeclaration),
    **_of_declaration(declaration.RejectDeclaration),
    **_of_declaration(declaration.OrderInspection),
    **_of_declaration(declaration.RecordInspection),
    **_of_declaration(declaration.ReleaseGoods),
    **_of_declaration(declaration.ClearDeclaration),
    **_of_declaration(declaration.HoldGoods),
    **_of_declaration(declaration.LiftHold),
    **_of_declaration(assessment.AssessTax),
    "GetTaxOwed": Row(
        "assessment_id",
        lambda names: customs_pb2.GetTaxOwedRequest(assessment_id=names.assessment),
        SINGLE_WINDOW,
    ),
    "PayTax": Row("assessment_id", lambda names: customs_pb2.PayTaxRequest(assessment_id=names.assessment)),
    **_of_assessment(assessment.GuaranteeTax),
    **_of_assessment(assessment.ClaimRefund),
    **_of_assessment(assessment.DeclineRefund),
    **_of_assessment(assessment.GrantRefund),
    "EnterRates": PUBLIC,
    "ApproveRates": PUBLIC,
    "WithdrawRates": PUBLIC,
    "ListNotices": PUBLIC,
}


def _of_bill(kind: type[Command]) -> dict[str, AnyRow]:
    return command(kind, "record_id", SINGLE_WINDOW, record_id="bill")


BILLS: Final[dict[str, AnyRow]] = {
    "DraftBillOfLading": MAKES,
    **_of_bill(lading.ApproveBillOfLading),
    **_of_bill(lading.IssueBillOfLading),
    **_of_bill(lading.TransferBillOfLading),
    **_of_bill(lading.EndorseBillOfLading),
    **_of_bill(lading.SignBillOfLading),
    **_of_bill(lading.RejectBillOfLading),
    **_of_bill(lading.SurrenderBillOfLading),
    **_of_bill(lading.AnswerSurrender),
    **_of_bill(lading.RecordDelivery),
    **_of_bill(lading.ConvertBillOfLading),
    **_of_bill(lading.VoidBillOfLading),
    **_of_bill(lading.DisputeBillOfLading),
    **_of_bill(lading.ProposeBillRuling),
    **_of_bill(lading.ConfirmBillRuling),
    "GetBillOfLading": Row(
        "record_id", lambda names: bills_of_lading_pb2.GetBillOfLadingRequest(record_id=names.bill), SINGLE_WINDOW
    ),
    "ExportBillOfLading": Row(
        "record_id", lambda names: bills_of_lading_pb2.ExportBillOfLadingRequest(record_id=names.bill), SINGLE_WINDOW
    ),
    "VerifyEnvelope": Own("shows what stands in an envelope that the asker brings; of the ledger it says UNKNOWN"),
}


FINANCING: Final[dict[str, AnyRow]] = {
    "ApplyForFinancing": Own("names documents before they are there; verification tells of them"),
    **command(VerifyFinancing, "financing_id", financing_id="financing"),
    **command(DrawFinancing, "financing_id", financing_id="financing"),
    **command(RepayFinancing, "financing_id", financing_id="financing"),
    **command(DefaultFinancing, "financing_id", financing_id="financing"),
    **command(RejectFinancing, "financing_id", financing_id="financing"),
    "SetAdvanceRate": PUBLIC,
}

RULINGS: Final[dict[str, AnyRow]] = {
    "ListRulings": Own(
        "tells of rules for all; of what is about one organisation the authorities alone, of a bank's own that bank:"
        " test_rulings, test_releases"
    ),
    "GetRules": PUBLIC,
    "WithdrawRuling": Own("names what the asker's own organisation has proposed: test_rulings"),
}

SUPERVISION: Final[dict[str, AnyRow]] = {
    "ListReads": Listed(lambda _: supervision_pb2.ListReadsRequest(participant="banksh")),
}

METHODS: Final = MappingProxyType(
    {
        f"/waitan.v1.{service}/{method}": row
        for service, rows in {
            "PaymentService": PAYMENTS,
            "InitiationService": INITIATIONS,
            "ParticipantService": PARTICIPANTS,
            "AccountService": ACCOUNTS,
            "DayService": DAYS,
            "TradeService": TRADE,
            "DocumentService": DOCUMENTS,
            "CustomsService": CUSTOMS,
            "BillOfLadingService": BILLS,
            "FinancingService": FINANCING,
            "RulingService": RULINGS,
            "SupervisionService": SUPERVISION,
        }.items()
        for method, row in rows.items()
    }
)
"""Every method of the operators' door."""

RECORDS: Final = ("contract", "invoice", "document", "bill", "declaration", "assessment", "financing")
"""Each kind of record of trade, by which of `Names` names one: every route that takes a record takes any of them."""


def paying(**named: Callable[[Names], Any]) -> Callable[[Names], Message]:
    """Pay, naming something besides."""

    def build(names: Names) -> Message:
        fields = {field: give(names) for field, give in named.items()}
        payment = a_payment(payer="bankfra", payee="bankist", **fields)
        return payments_pb2.SubmitPaymentRequest(payment=codec.write(payment, payments_pb2.Payment))

    return build


BESIDE: Final[dict[str, Callable[[Names], Message]]] = {
    "a UETR": paying(uetr=lambda names: names.uetr),
    "a contract": paying(evidence=lambda names: Evidence(contract=names.contract)),
    "an invoice": paying(evidence=lambda names: Evidence(invoices=(Share(record_id=names.invoice),))),
    "a declaration": paying(evidence=lambda names: Evidence(declarations=(Share(record_id=names.declaration),))),
    "a bill of lading": paying(evidence=lambda names: Evidence(bill_of_lading=names.bill)),
    "goods to be released": paying(
        terms=lambda names: Terms(expires_on=LATER, released=(names.declaration,)),
        creditor=lambda _: replace(TEKSTIL, lei=TEKSTIL_LEI),
    ),
    "a tax": paying(assessment_id=lambda names: names.assessment),
    "an initiation": paying(initiation_id=lambda names: names.initiation),
}
"""What a payment of another bank names besides what it pays."""
