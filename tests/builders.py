"""Valid things by default; a test names only what matters to it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

from msgspec.structs import replace

from gateway.development.members import SHANGHAI, Profile
from settlement.accounts.issuance import ApproveIssuance, ConfirmIssuance, RequestIssuance
from settlement.accounts.redemption import ApproveRedemption, ConfirmRedemption, RequestRedemption
from settlement.financing import ApplyForFinancing, Subject
from settlement.parties import Agent, CashAccount, Kind, Party, PostalAddress
from settlement.payments.commands import (
    ChargeBearer,
    ConfirmCredit,
    CreditStatus,
    PaymentName,
    ReturnPayment,
    SubmitPayment,
)
from settlement.payments.documents import Kind as DocumentKind
from settlement.payments.initiation import DeclineInitiation, InitiatePayments, Instruction
from settlement.payments.terms import Terms
from settlement.payments.undertaking import (
    AcceptChange,
    PassAgainstPayment,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
)

U = TypeVar("U", SettleUndertaking, ReleaseUndertaking, PassAgainstPayment, ProposeChange, AcceptChange)

TODAY: Final = "2026-11-23"
TOMORROW: Final = "2026-11-24"
YESTERDAY: Final = "2026-11-22"
LATER: Final = "2026-11-27"

OUTSIDER: Final = Profile("bankfra", Kind.BANK, "Main Kontor Bank", "MAINDEFFXXX")
"""A third bank, party to nothing that the other two do."""
PROFILES: Final = (*SHANGHAI, OUTSIDER)
BICS: Final = {profile.participant: profile.bic for profile in PROFILES}

SILK: Final = Party(
    name="Huangpu Silk Co",
    address=PostalAddress(country="CN", town_name="Shanghai", street_name="Zhongshan East 1st Road"),
)
SILK_LEI: Final = "5493001KJTIIGC8Y1R12"
SILK_ACCOUNT: Final = "6222020200998877"
"""What its bank has registered of SILK, where a test lets it."""
TEKSTIL_LEI: Final = "529900T8BM49AURSDO55"
TEKSTIL: Final = Party(
    name="Bosphorus Tekstil AS",
    address=PostalAddress(country="TR", town_name="Istanbul", street_name="Istiklal", building_number="5"),
)


def a_uetr() -> str:
    """Give a fresh UETR."""
    return str(uuid4())


def an_id() -> str:
    """Give a fresh command id."""
    return str(uuid4())


def a_payment(
    amount: str = "100.00",
    *,
    payer: str = "banksh",
    payee: str = "bankist",
    currency: str = "CNY",
    uetr: str = "",
    **others: Any,
) -> SubmitPayment:
    """Ask for a payment of today from one bank to another."""
    payment = SubmitPayment(
        uetr=uetr or a_uetr(),
        payer=payer,
        payee=payee,
        currency=currency,
        amount=amount,
        settlement_date=TODAY,
        message_id=uuid4().hex,
        end_to_end_id="E2E-1",
        charge_bearer=ChargeBearer.SHAR,
        instructing_agent=BICS.get(payer, "BUNDCNSHXXX"),
        instructed_agent=BICS.get(payee, "BOSPTRISXXX"),
        debtor=SILK,
        debtor_agent=Agent(bic=BICS.get(payer, "BUNDCNSHXXX")),
        debtor_account=CashAccount(other="6222020200112233"),
        creditor=TEKSTIL,
        creditor_agent=Agent(bic=BICS.get(payee, "BOSPTRISXXX")),
        creditor_account=CashAccount(iban="TR330006100519786457841326"),
        remittance="Invoice 2026-118",
        instruction_id="INSTR-1",
        created_at=f"{TODAY}T01:00:00Z",
    )
    return replace(payment, **others) if others else payment


def a_conditional_payment(amount: str = "100.00", *, terms: Terms | None = None, **others: Any) -> SubmitPayment:
    """Ask for a payment that waits: until tomorrow, and no longer than LATER, unless other terms are given."""
    others = {"creditor": replace(TEKSTIL, lei=TEKSTIL_LEI)} | others
    return a_payment(amount, terms=terms or Terms(not_before=TOMORROW, expires_on=LATER), **others)


def about(kind: type[U], payment: SubmitPayment, journal: str, **others: Any) -> U:
    """Ask for something about a conditional payment."""
    name = PaymentName(journal=journal, uetr=payment.uetr)
    return kind(command_id=an_id(), payment=name, payer=payment.payer, payee=payment.payee, **others)


def an_application(amount: str = "100.00", *subjects: Subject, **others: Any) -> ApplyForFinancing:
    """Apply for a loan on some documents, consenting until tomorrow."""
    command = ApplyForFinancing(
        command_id=an_id(),
        lender="banksh",
        number="LOAN-1",
        currency="CNY",
        amount=amount,
        subjects=subjects or (Subject(kind=DocumentKind.DECLARATION, record_id="0" * 32),),
        consents_until=f"{TOMORROW}T01:00:00Z",
    )
    return replace(command, **others) if others else command


def in_two_weeks() -> str:
    """Give a moment that a trader may consent to where the ledger goes by the wall clock (RFC 3339)."""
    return (datetime.now(UTC) + timedelta(days=14)).strftime("%Y-%m-%dT%H:%M:%SZ")


def an_instruction(amount: str = "100.00", **others: Any) -> Instruction:
    """Ask one's bank for a payment of today to a creditor at the other bank."""
    instruction = Instruction(
        payment_information_id="PMT-1",
        instruction_id="I-1",
        end_to_end_id="E2E-1",
        execution_date=TODAY,
        currency="CNY",
        amount=amount,
        debtor=SILK,
        debtor_account=CashAccount(other=SILK_ACCOUNT),
        creditor=TEKSTIL,
        creditor_agent=Agent(bic=BICS["bankist"]),
        creditor_account=CashAccount(iban="TR330006100519786457841326"),
        remittance="Invoice 2026-118",
    )
    return replace(instruction, **others) if others else instruction


def an_initiation(*instructions: Instruction, customer: str = SILK_LEI, **others: Any) -> InitiatePayments:
    """Record what a customer asks for: one payment unless some are given."""
    command = InitiatePayments(
        command_id=an_id(),
        customer=customer,
        message_id=uuid4().hex,
        created_at=f"{TODAY}T01:00:00.000Z",
        valid_days=5,
        instructions=instructions or (an_instruction(),),
    )
    return replace(command, **others) if others else command


def a_decline(initiation_id: str, reason: str = "MS03", **others: Any) -> DeclineInitiation:
    """Let the bank say no."""
    return DeclineInitiation(command_id=an_id(), initiation_id=initiation_id, reason=reason, **others)


def a_return(payment: SubmitPayment, journal: str, amount: str = "", **others: Any) -> ReturnPayment:
    """Ask for the return of a settled payment by its payee; of all of it unless an amount is named."""
    part = ("PART",) if amount and amount != payment.amount else ()
    command = ReturnPayment(
        return_id=uuid4().hex,
        payment=PaymentName(journal=journal, uetr=payment.uetr),
        payer=payment.payer,
        payee=payment.payee,
        currency=payment.currency,
        amount=amount or payment.amount,
        settlement_date=TODAY,
        reason="AC04",
        message_id=uuid4().hex,
        additional=part,
    )
    return replace(command, **others) if others else command


def a_confirmation(
    payment: SubmitPayment, journal: str, status: CreditStatus = CreditStatus.CREDITED, **others: Any
) -> ConfirmCredit:
    """Let the payee's bank tell what became of a settled payment."""
    command = ConfirmCredit(
        payment=PaymentName(journal=journal, uetr=payment.uetr), payer=payment.payer, payee=payment.payee, status=status
    )
    return replace(command, **others) if others else command


def an_issuance_request(amount: str = "500.00", *, issuance_id: str = "", currency: str = "CNY") -> RequestIssuance:
    """Ask for money on the ledger."""
    return RequestIssuance(
        command_id=an_id(),
        issuance_id=issuance_id or an_id(),
        currency=currency,
        amount=amount,
        funding_reference="FUND-1",
    )


def an_issuance_confirmation(issuance_id: str, participant: str = "banksh") -> ConfirmIssuance:
    """Let a clearing officer have seen the funding arrive."""
    return ConfirmIssuance(
        command_id=an_id(), participant=participant, issuance_id=issuance_id, credit_reference="CAMT054-1"
    )


def an_issuance_approval(issuance_id: str, participant: str = "banksh") -> ApproveIssuance:
    """Let a clearing officer approve an issuance."""
    return ApproveIssuance(command_id=an_id(), participant=participant, issuance_id=issuance_id)


def a_redemption_request(
    amount: str = "200.00", *, redemption_id: str = "", currency: str = "CNY"
) -> RequestRedemption:
    """Ask for money outside."""
    return RequestRedemption(
        command_id=an_id(),
        redemption_id=redemption_id or an_id(),
        currency=currency,
        amount=amount,
        payout_account="AGENT-ACCOUNT-1",
    )


def a_redemption_confirmation(redemption_id: str, participant: str = "banksh") -> ConfirmRedemption:
    """Let a clearing officer find a redemption in order."""
    return ConfirmRedemption(command_id=an_id(), participant=participant, redemption_id=redemption_id)


def a_redemption_approval(redemption_id: str, participant: str = "banksh") -> ApproveRedemption:
    """Let a clearing officer approve a redemption."""
    return ApproveRedemption(command_id=an_id(), participant=participant, redemption_id=redemption_id)
