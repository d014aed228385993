"""What a message about an earlier payment says. The gateway makes the command of it, for it knows the payment.

`sender` and `receiver` are BICs, the instructing and the instructed agent of the message.
"""

from typing import Final

from settlement.errors import Code, Refusal
from settlement.iso20022.fields import STATUS, element_path
from settlement.parties import Agent, Party
from settlement.payments.commands import Charge, ChargeBearer, ConfirmCredit, CreditStatus, PaymentName, ReturnPayment
from settlement.payments.payment import WAITING_REASONS
from settlement.records import Record


class Original(Record, kw_only=True):
    """What is told of the payment that a message refers to. Its UETR names it; the rest, if told, must agree."""

    uetr: str
    original_message_id: str = ""
    original_message_name: str = ""
    original_created_at: str = ""
    original_instruction_id: str = ""
    original_end_to_end_id: str = ""
    original_transaction_id: str = ""


class ReturnMessage(Original, kw_only=True):
    """A payment return (pacs.004.001.09). Its `sender` is the payee of the original payment, its `receiver` the payer.

    `debtor` and `creditor`, with their agents, are those of the return: the other way round than in the original.
    """

    message_id: str
    created_at: str
    return_id: str
    currency: str
    amount: str
    settlement_date: str
    reason: str
    sender: str
    receiver: str
    charge_bearer: ChargeBearer = ChargeBearer.SHAR
    original_amount: str = ""
    original_currency: str = ""
    original_settlement_date: str = ""
    instructed_amount: str = ""
    instructed_currency: str = ""
    charges: tuple[Charge, ...] = ()
    additional: tuple[str, ...] = ()
    debtor: Party | None = None
    debtor_agent: Agent | None = None
    creditor_agent: Agent | None = None
    creditor: Party | None = None

    def command(self, payment: PaymentName, *, payer: str, payee: str, requested_by: str = "") -> ReturnPayment:
        """Ask for the return, of the payment that the read model found under the UETR."""
        return ReturnPayment(
            requested_by=requested_by,
            return_id=self.return_id,
            payment=payment,
            payer=payer,
            payee=payee,
            currency=self.currency,
            amount=self.amount,
            settlement_date=self.settlement_date,
            reason=self.reason,
            message_id=self.message_id,
            created_at=self.created_at,
            charge_bearer=self.charge_bearer,
            instructed_amount=self.instructed_amount,
            instructed_currency=self.instructed_currency,
            additional=self.additional,
            charges=self.charges,
        )


class StatusMessage(Original, kw_only=True):
    """A payment status report (pacs.002.001.10) about one payment: `status` is its TxSts, `reason` a code.

    A reason of more than four characters is one of our own (`Rsn/Prtry`), else one of ISO 20022 (`Rsn/Cd`).
    """

    message_id: str
    created_at: str
    status: str
    sender: str
    receiver: str
    reason: str = ""
    additional: tuple[str, ...] = ()
    effective_date: str = ""
    clearing_system_reference: str = ""

    def credit_status(self) -> CreditStatus:
        """Give the creditor bank's status that this reports; refuse (CH16) one that is not for that bank to tell."""
        status = CREDIT_STATUS.get(self.status)
        if status is None:
            raise Refusal(Code.CH16, element_path(STATUS, "status"))
        if status is CreditStatus.WAITING and self.reason not in WAITING_REASONS:
            raise Refusal(Code.CH16 if self.reason else Code.CH21, element_path(STATUS, "reason"))
        return status

    def command(self, payment: PaymentName, *, payer: str, payee: str, requested_by: str = "") -> ConfirmCredit:
        """Make the creditor bank's statement, about the payment that the read model found under the UETR."""
        return ConfirmCredit(
            requested_by=requested_by,
            payment=payment,
            payer=payer,
            payee=payee,
            status=self.credit_status(),
            reason=self.reason,
            effective_date=self.effective_date,
            message_id=self.message_id,
            created_at=self.created_at,
            additional=self.additional,
        )


CREDIT_STATUS: Final = {
    "ACSP": CreditStatus.WAITING,
    "ACWP": CreditStatus.NOT_POSTED,
    "ACCC": CreditStatus.CREDITED,
    "BLCK": CreditStatus.BLOCKED,
}
"""What the creditor's bank may report, and what it means on the credit axis."""

KNOWN_STATUS: Final = frozenset({"RCVD", "ACTC", "ACCP", "PDNG", "ACSP", "ACSC", "ACWP", "ACCC", "BLCK", "RJCT"})
"""The members of ExternalPaymentTransactionStatus1Code that mean something here."""
