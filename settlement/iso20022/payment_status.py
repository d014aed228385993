"""pacs.002.001.10, a payment status report: the message, and what it says (StatusMessage).

Source: ISO 20022 FIToFIPaymentStatusReportV10. One payment in a message. The clearing institution sends it about
settlement, the creditor's bank about the credit.
"""

from typing import Any, Final

from pyiso20022.pacs import pacs_002_001_10 as models

from settlement.iso20022 import components
from settlement.iso20022.components import Writer, day, moment
from settlement.iso20022.fields import STATUS, carried
from settlement.iso20022.messages import StatusMessage
from settlement.iso20022.usage import Usage
from settlement.parties import Agent

_HEAD: Final = "/Document/FIToFIPmtStsRpt/GrpHdr"
USAGE: Final = Usage(
    name="pacs.002.001.10",
    model=models.Document,
    fields=STATUS,
    carried=carried(STATUS),
    head=_HEAD,
    transaction="/Document/FIToFIPmtStsRpt/TxInfAndSts",
)
CODE_LENGTH: Final = 4
"""Codes of ISO 20022 have at most so many characters; our own reasons have more."""

_WRITER: Final = Writer(models)


def read(document: Any) -> StatusMessage:
    """Read what a report says. Total: what is wrong with it, the checks say."""
    report = document.fito_fipmt_sts_rpt
    head, tx = report.grp_hdr, report.tx_inf_and_sts[0]
    group, reasons, effective = tx.orgnl_grp_inf, tx.sts_rsn_inf, tx.fctv_intr_bk_sttlm_dt
    reason = reasons[0].rsn if reasons else None
    return StatusMessage(
        message_id=head.msg_id,
        created_at=moment(head.cre_dt_tm),
        original_message_id=group.orgnl_msg_id if group is not None else "",
        original_message_name=group.orgnl_msg_nm_id if group is not None else "",
        original_created_at=moment(group.orgnl_cre_dt_tm) if group is not None else "",
        original_instruction_id=tx.orgnl_instr_id or "",
        original_end_to_end_id=tx.orgnl_end_to_end_id or "",
        original_transaction_id=tx.orgnl_tx_id or "",
        uetr=tx.orgnl_uetr or "",
        status=tx.tx_sts or "",
        reason=(reason.cd or reason.prtry or "") if reason is not None else "",
        additional=tuple(reasons[0].addtl_inf) if reasons else (),
        effective_date=day(effective.dt) if effective is not None else "",
        clearing_system_reference=tx.clr_sys_ref or "",
        sender=components.agent_bic(tx.instg_agt),
        receiver=components.agent_bic(tx.instd_agt),
    )


def write(message: StatusMessage) -> Any:
    """Make the document of a report."""
    return models.Document(
        fito_fipmt_sts_rpt=models.FitoFipaymentStatusReportV10(
            grp_hdr=models.GroupHeader91(msg_id=message.message_id, cre_dt_tm=message.created_at),
            tx_inf_and_sts=[_transaction(message)],
        )
    )


def _transaction(message: StatusMessage) -> Any:
    group = None
    if message.original_message_id:
        group = models.OriginalGroupInformation29(
            orgnl_msg_id=message.original_message_id,
            orgnl_msg_nm_id=message.original_message_name,
            orgnl_cre_dt_tm=message.original_created_at or None,
        )
    effective = message.effective_date
    return models.PaymentTransaction110(
        orgnl_grp_inf=group,
        orgnl_instr_id=message.original_instruction_id or None,
        orgnl_end_to_end_id=message.original_end_to_end_id or None,
        orgnl_tx_id=message.original_transaction_id or None,
        orgnl_uetr=message.uetr,
        tx_sts=message.status,
        sts_rsn_inf=_reason(message),
        fctv_intr_bk_sttlm_dt=models.DateAndDateTime2Choice(dt=effective) if effective else None,
        clr_sys_ref=message.clearing_system_reference or None,
        instg_agt=_WRITER.agent(Agent(bic=message.sender)),
        instd_agt=_WRITER.agent(Agent(bic=message.receiver)),
    )


def _reason(message: StatusMessage) -> list[Any]:
    if not message.reason and not message.additional:
        return []
    reason = None
    if message.reason:
        ours = len(message.reason) > CODE_LENGTH
        reason = (
            models.StatusReason6Choice(prtry=message.reason) if ours else models.StatusReason6Choice(cd=message.reason)
        )
    return [models.StatusReasonInformation12(rsn=reason, addtl_inf=list(message.additional))]
