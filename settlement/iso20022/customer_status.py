"""pain.002.001.10, a customer payment status report: what a bank tells a trader of what it asked for.

Source: ISO 20022 CustomerPaymentStatusReportV10. One report is about one pain.001, all of it; the bank's own name of
each initiation stands as AcctSvcrRef. It is written and not read: traders get it.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from pyiso20022.pain import pain_002_001_10 as models

from settlement.iso20022.components import Writer
from settlement.iso20022.customer_initiation import NAME as INITIATION
from settlement.iso20022.payment_status import CODE_LENGTH
from settlement.iso20022.serialising import message as serialise
from settlement.parties import Agent
from settlement.payments.initiation import Initiation
from settlement.payments.payment import TransactionStatus
from settlement.records import Record

NAME: Final = "pain.002.001.10"

PARTLY: Final = "PART"
"""GrpSts where the transfers of a message have come differently far (ExternalPaymentGroupStatus1Code)."""
_GROUP_STATUS: Final = frozenset({"ACTC", "ACSP", "ACSC", "ACCC", "RJCT"})
"""The statuses that a whole message may have too."""
_LINE_CHARACTERS: Final = 105

_WRITER: Final = Writer(models)


class TransferReport(Record):
    """What is told of one transfer. A reason of more than four characters is one of our own (`Rsn/Prtry`)."""

    payment_information_id: str
    end_to_end_id: str
    status: str
    instruction_id: str = ""
    uetr: str = ""
    reason: str = ""
    text: str = ""
    initiation_id: str = ""


class CustomerReport(Record):
    """A report: its own name, the bank (BIC) that makes it, the message that it is about, and each transfer of that."""

    message_id: str
    created_at: str
    bank_bic: str
    original_message_id: str
    original_created_at: str = ""
    transfers: tuple[TransferReport, ...] = ()

    @property
    def group_status(self) -> str:
        """The status of the message as a whole."""
        statuses = {each.status for each in self.transfers}
        (status, *others) = statuses
        return PARTLY if others or status not in _GROUP_STATUS else status


def report_of(
    told: Iterable[tuple[Initiation, TransactionStatus, str]], *, message_id: str, created_at: str, bank_bic: str
) -> CustomerReport:
    """Say how the initiations of one message stand: each with its status, and its payment's UETR or none."""
    found = list(told)
    first = found[0][0]
    return CustomerReport(
        message_id=message_id,
        created_at=created_at,
        bank_bic=bank_bic,
        original_message_id=first.message_id,
        original_created_at=first.created_at,
        transfers=tuple(
            TransferReport(
                payment_information_id=record.instruction.payment_information_id,
                instruction_id=record.instruction.instruction_id,
                end_to_end_id=record.instruction.end_to_end_id,
                uetr=uetr,
                status=status.status,
                reason=status.reason or "",
                text=record.text,
                initiation_id=record.initiation_id,
            )
            for record, status, uetr in found
        ),
    )


def write(report: CustomerReport) -> bytes:
    """Write a report as pain.002.001.10."""
    return serialise(NAME, _document(report))


def _document(report: CustomerReport) -> Any:
    groups = groupby(report.transfers, key=lambda each: each.payment_information_id)
    return models.Document(
        cstmr_pmt_sts_rpt=models.CustomerPaymentStatusReportV10(
            grp_hdr=models.GroupHeader86(
                msg_id=report.message_id,
                cre_dt_tm=report.created_at,
                dbtr_agt=_WRITER.agent(Agent(bic=report.bank_bic)),
            ),
            orgnl_grp_inf_and_sts=models.OriginalGroupHeader17(
                orgnl_msg_id=report.original_message_id,
                orgnl_msg_nm_id=INITIATION,
                orgnl_cre_dt_tm=report.original_created_at or None,
                orgnl_nb_of_txs=str(len(report.transfers)),
                grp_sts=report.group_status,
            ),
            orgnl_pmt_inf_and_sts=[
                models.OriginalPaymentInstruction32(orgnl_pmt_inf_id=name, tx_inf_and_sts=list(map(_transfer, each)))
                for name, each in groups
            ],
        )
    )


def _transfer(transfer: TransferReport) -> Any:
    return models.PaymentTransaction105(
        orgnl_instr_id=transfer.instruction_id or None,
        orgnl_end_to_end_id=transfer.end_to_end_id,
        orgnl_uetr=transfer.uetr or None,
        tx_sts=transfer.status,
        sts_rsn_inf=_reason(transfer),
        acct_svcr_ref=transfer.initiation_id or None,
    )


def _reason(transfer: TransferReport) -> list[Any]:
    if not transfer.reason:
        return []
    ours = len(transfer.reason) > CODE_LENGTH
    reason = models.StatusReason6Choice(**{"prtry" if ours else "cd": transfer.reason})
    text = transfer.text
    lines = [text[start : start + _LINE_CHARACTERS] for start in range(0, len(text), _LINE_CHARACTERS)]
    return [models.StatusReasonInformation12(rsn=reason, addtl_inf=lines)]
