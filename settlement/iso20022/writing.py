"""The way out: a payment, its status or its return as the message that says it.

Pure: the moment of writing is given, as text, and so is the identification of a new message. Each message has its
business application header, with our business service, unless it is asked for without.
"""

from typing import Any

from msgspec.structs import replace
from pyiso20022.head import head_001_001_02 as models

from settlement.iso20022 import credit_transfer, payment_return, payment_status
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.serialising import message as serialise
from settlement.iso20022.usage import BUSINESS_SERVICE
from settlement.payments.commands import ReturnPayment, SubmitPayment


def payment_message(payment: SubmitPayment, *, sent_at: str, header: bool = True) -> bytes:
    """Write a payment as pacs.008.001.08. `sent_at` also stands for the moment of creation where a payment has none."""
    if not payment.created_at:
        payment = replace(payment, created_at=sent_at)
    head = None
    if header:
        head = _header(
            credit_transfer.USAGE.name,
            payment.message_id,
            sent_at,
            sender=payment.instructing_agent,
            receiver=payment.instructed_agent,
            priority=payment.instruction_priority,
        )
    return serialise(credit_transfer.USAGE.name, credit_transfer.write(payment), head)


def return_message(message: ReturnMessage, *, sent_at: str, header: bool = True) -> bytes:
    """Write a return as pacs.004.001.09."""
    head = None
    if header:
        head = _header(
            payment_return.USAGE.name, message.message_id, sent_at, sender=message.sender, receiver=message.receiver
        )
    return serialise(payment_return.USAGE.name, payment_return.write(message), head)


def status_message(message: StatusMessage, *, sent_at: str, header: bool = True) -> bytes:
    """Write a status report as pacs.002.001.10."""
    head = None
    if header:
        head = _header(
            payment_status.USAGE.name, message.message_id, sent_at, sender=message.sender, receiver=message.receiver
        )
    return serialise(payment_status.USAGE.name, payment_status.write(message), head)


def return_of(payment: SubmitPayment, command: ReturnPayment) -> ReturnMessage:
    """Say a return as its message: the creditor's bank sends, and the parties have changed sides."""
    return ReturnMessage(
        message_id=command.message_id,
        created_at=command.created_at,
        return_id=command.return_id,
        uetr=payment.uetr,
        original_message_id=payment.message_id,
        original_message_name=credit_transfer.USAGE.name,
        original_created_at=payment.created_at,
        original_instruction_id=payment.instruction_id,
        original_end_to_end_id=payment.end_to_end_id,
        original_transaction_id=payment.transaction_id,
        original_amount=payment.amount,
        original_currency=payment.currency,
        original_settlement_date=payment.settlement_date,
        amount=command.amount,
        currency=command.currency,
        settlement_date=command.settlement_date,
        instructed_amount=command.instructed_amount,
        instructed_currency=command.instructed_currency,
        charge_bearer=command.charge_bearer,
        charges=command.charges,
        reason=command.reason,
        additional=command.additional,
        sender=payment.instructed_agent,
        receiver=payment.instructing_agent,
        debtor=payment.creditor,
        debtor_agent=payment.creditor_agent,
        creditor_agent=payment.debtor_agent,
        creditor=payment.debtor,
    )


def status_of(
    payment: SubmitPayment,
    *,
    message_id: str,
    created_at: str,
    status: str,
    sender: str,
    receiver: str = "",
    reason: str = "",
    additional: tuple[str, ...] = (),
    effective_date: str = "",
) -> StatusMessage:
    """Say a payment's status as its message, to the payer's bank unless another receiver is named.

    The clearing institution is the sender about settlement (PDNG, ACSC, RJCT), the creditor's bank about the credit
    (ACSP with G002 to G004, ACWP, ACCC, BLCK). A rejected payment has a reason and no effective date.
    """
    return StatusMessage(
        message_id=message_id,
        created_at=created_at,
        uetr=payment.uetr,
        original_message_id=payment.message_id,
        original_message_name=credit_transfer.USAGE.name,
        original_created_at=payment.created_at,
        original_instruction_id=payment.instruction_id,
        original_end_to_end_id=payment.end_to_end_id,
        original_transaction_id=payment.transaction_id,
        status=status,
        reason=reason,
        additional=additional,
        effective_date=effective_date,
        sender=sender,
        receiver=receiver or payment.instructing_agent,
    )


def _header(name: str, message_id: str, sent_at: str, *, sender: str, receiver: str, priority: str = "") -> Any:
    def party(bic: str) -> Any:
        institution = models.FinancialInstitutionIdentification18(bicfi=bic)
        return models.Party44Choice(fiid=models.BranchAndFinancialInstitutionIdentification6(fin_instn_id=institution))

    return models.AppHdr(
        fr=party(sender),
        to=party(receiver),
        biz_msg_idr=message_id,
        msg_def_idr=name,
        biz_svc=BUSINESS_SERVICE,
        cre_dt=sent_at,
        prty=priority or None,
    )
