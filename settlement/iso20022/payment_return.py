"""pacs.004.001.09, a payment return: the message, and what it says (ReturnMessage).

Source: ISO 20022 PaymentReturnV09. One return in a message, the settlement method CLRG.
"""

from typing import Any, Final

from pyiso20022.pacs import pacs_004_001_09 as models

from settlement.iso20022 import components
from settlement.iso20022.components import Writer, code, day, moment, value
from settlement.iso20022.fields import RETURN, carried
from settlement.iso20022.messages import ReturnMessage
from settlement.iso20022.usage import Usage
from settlement.parties import Agent
from settlement.payments.commands import ChargeBearer

_HEAD: Final = "/Document/PmtRtr/GrpHdr"
USAGE: Final = Usage(
    name="pacs.004.001.09",
    model=models.Document,
    fields=RETURN,
    carried=carried(RETURN, f"{_HEAD}/NbOfTxs", f"{_HEAD}/SttlmInf/SttlmMtd"),
    head=_HEAD,
    transaction="/Document/PmtRtr/TxInf",
)
_WRITER: Final = Writer(models)


def read(document: Any) -> ReturnMessage:
    """Read what a return says. Total: what is wrong with it, the checks say."""
    head, tx = document.pmt_rtr.grp_hdr, document.pmt_rtr.tx_inf[0]
    group, chain = tx.orgnl_grp_inf, tx.rtr_chain
    reasons = tx.rtr_rsn_inf
    amount, currency = components.amount(tx.rtrd_intr_bk_sttlm_amt)
    instructed_amount, instructed_currency = components.amount(tx.rtrd_instd_amt)
    original_amount, original_currency = components.amount(tx.orgnl_intr_bk_sttlm_amt)
    bearer = value(tx.chrg_br)
    return ReturnMessage(
        message_id=head.msg_id,
        created_at=moment(head.cre_dt_tm),
        return_id=tx.rtr_id or "",
        original_message_id=group.orgnl_msg_id if group is not None else "",
        original_message_name=group.orgnl_msg_nm_id if group is not None else "",
        original_created_at=moment(group.orgnl_cre_dt_tm) if group is not None else "",
        original_instruction_id=tx.orgnl_instr_id or "",
        original_end_to_end_id=tx.orgnl_end_to_end_id or "",
        original_transaction_id=tx.orgnl_tx_id or "",
        uetr=tx.orgnl_uetr or "",
        original_amount=original_amount,
        original_currency=original_currency,
        original_settlement_date=day(tx.orgnl_intr_bk_sttlm_dt),
        amount=amount,
        currency=currency,
        settlement_date=day(tx.intr_bk_sttlm_dt),
        instructed_amount=instructed_amount,
        instructed_currency=instructed_currency,
        charge_bearer=ChargeBearer(bearer) if bearer in ChargeBearer.__members__ else ChargeBearer.SHAR,
        charges=components.charges(tx.chrgs_inf),
        sender=components.agent_bic(tx.instg_agt),
        receiver=components.agent_bic(tx.instd_agt),
        debtor=components.party(chain.dbtr.pty) if chain is not None else None,
        debtor_agent=components.agent(chain.dbtr_agt) if chain is not None else None,
        creditor_agent=components.agent(chain.cdtr_agt) if chain is not None else None,
        creditor=components.party(chain.cdtr.pty) if chain is not None else None,
        reason=code(reasons[0].rsn) if reasons else "",
        additional=tuple(reasons[0].addtl_inf) if reasons else (),
    )


def write(message: ReturnMessage) -> Any:
    """Make the document of a return."""
    return models.Document(
        pmt_rtr=models.PaymentReturnV09(
            grp_hdr=models.GroupHeader90(
                msg_id=message.message_id,
                cre_dt_tm=message.created_at,
                nb_of_txs="1",
                sttlm_inf=models.SettlementInstruction7(sttlm_mtd="CLRG"),
            ),
            tx_inf=[_transaction(message)],
        )
    )


def _transaction(message: ReturnMessage) -> Any:
    return models.PaymentTransaction112(
        rtr_id=message.return_id,
        orgnl_grp_inf=_group(message),
        orgnl_instr_id=message.original_instruction_id or None,
        orgnl_end_to_end_id=message.original_end_to_end_id or None,
        orgnl_tx_id=message.original_transaction_id or None,
        orgnl_uetr=message.uetr,
        orgnl_intr_bk_sttlm_amt=_WRITER.amount(message.original_amount, message.original_currency),
        orgnl_intr_bk_sttlm_dt=message.original_settlement_date or None,
        rtrd_intr_bk_sttlm_amt=models.ActiveCurrencyAndAmount(value=message.amount, ccy=message.currency),
        intr_bk_sttlm_dt=message.settlement_date,
        rtrd_instd_amt=_WRITER.amount(message.instructed_amount, message.instructed_currency),
        chrg_br=message.charge_bearer,
        chrgs_inf=_WRITER.charges(message.charges),
        instg_agt=_WRITER.agent(Agent(bic=message.sender)),
        instd_agt=_WRITER.agent(Agent(bic=message.receiver)),
        rtr_chain=_chain(message),
        rtr_rsn_inf=[
            models.PaymentReturnReason6(
                rsn=models.ReturnReason5Choice(cd=message.reason), addtl_inf=list(message.additional)
            )
        ],
    )


def _group(message: ReturnMessage) -> Any:
    if not message.original_message_id:
        return None
    return models.OriginalGroupInformation29(
        orgnl_msg_id=message.original_message_id,
        orgnl_msg_nm_id=message.original_message_name,
        orgnl_cre_dt_tm=message.original_created_at or None,
    )


def _chain(message: ReturnMessage) -> Any:
    """The schema wants both ends of the chain or none of it."""
    if message.debtor is None or message.creditor is None:
        return None
    return models.TransactionParties7(
        dbtr=models.Party40Choice(pty=_WRITER.party(message.debtor)),
        dbtr_agt=_WRITER.agent(message.debtor_agent),
        cdtr_agt=_WRITER.agent(message.creditor_agent),
        cdtr=models.Party40Choice(pty=_WRITER.party(message.creditor)),
    )
