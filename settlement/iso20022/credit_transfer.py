"""pacs.008.001.08, a customer credit transfer: the message, and the command SubmitPayment.

Sources: ISO 20022 FIToFICustomerCreditTransferV08; CBPR+ for which of its elements are in use. One transfer in a
message, the settlement method CLRG, agents at the level of the transfer.
"""

from typing import Any, Final

from pyiso20022.pacs import pacs_008_001_08 as models

from settlement.iso20022 import components
from settlement.iso20022.components import Writer, bic11, code, day, moment, value
from settlement.iso20022.fields import PAYMENT, carried
from settlement.iso20022.usage import Usage
from settlement.parties import Agent, Party
from settlement.payments.commands import (
    AgentInstruction,
    ChargeBearer,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
    WhenUnfunded,
)

_HEAD: Final = "/Document/FIToFICstmrCdtTrf/GrpHdr"
USAGE: Final = Usage(
    name="pacs.008.001.08",
    model=models.Document,
    fields=PAYMENT,
    carried=carried(PAYMENT, f"{_HEAD}/NbOfTxs", f"{_HEAD}/SttlmInf/SttlmMtd"),
    head=_HEAD,
    transaction="/Document/FIToFICstmrCdtTrf/CdtTrfTxInf",
)
_WRITER: Final = Writer(models)


def read(
    document: Any, *, payer: str, payee: str, requested_by: str = "", when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE
) -> SubmitPayment:
    """Make the command that a document asks for. Total: what is wrong with it, the checks say."""
    transfer = document.fito_ficstmr_cdt_trf
    head, tx = transfer.grp_hdr, transfer.cdt_trf_tx_inf[0]
    identification, kind = tx.pmt_id, tx.pmt_tp_inf
    amount, currency = components.amount(tx.intr_bk_sttlm_amt)
    instructed_amount, instructed_currency = components.amount(tx.instd_amt)
    return SubmitPayment(
        requested_by=requested_by,
        when_unfunded=when_unfunded,
        payer=payer,
        payee=payee,
        uetr=identification.uetr or "",
        message_id=head.msg_id,
        created_at=moment(head.cre_dt_tm),
        instruction_id=identification.instr_id or "",
        end_to_end_id=identification.end_to_end_id,
        transaction_id=identification.tx_id or "",
        clearing_system_reference=identification.clr_sys_ref or "",
        instruction_priority=value(kind.instr_prty) if kind is not None else "",
        service_level=tuple(code(level) for level in kind.svc_lvl) if kind is not None else (),
        local_instrument=code(kind.lcl_instrm) if kind is not None else "",
        category_purpose=code(kind.ctgy_purp) if kind is not None else "",
        amount=amount,
        currency=currency,
        settlement_date=day(tx.intr_bk_sttlm_dt),
        instructed_amount=instructed_amount,
        instructed_currency=instructed_currency,
        exchange_rate="" if tx.xchg_rate is None else format(tx.xchg_rate, "f"),
        charge_bearer=charge_bearer_of(tx.chrg_br),
        charges=components.charges(tx.chrgs_inf),
        previous_instructing_agents=_agents(tx.prvs_instg_agt1, tx.prvs_instg_agt2, tx.prvs_instg_agt3),
        instructing_agent=components.agent_bic(tx.instg_agt),
        instructed_agent=instructed_bic(tx),
        intermediary_agents=_agents(tx.intrmy_agt1, tx.intrmy_agt2, tx.intrmy_agt3),
        ultimate_debtor=components.party(tx.ultmt_dbtr),
        initiating_party=components.party(tx.initg_pty),
        debtor=components.party(tx.dbtr) or Party(),
        debtor_account=components.account(tx.dbtr_acct),
        debtor_agent=components.agent(tx.dbtr_agt) or Agent(bic=""),
        debtor_agent_account=components.account(tx.dbtr_agt_acct),
        creditor_agent=components.agent(tx.cdtr_agt) or Agent(bic=""),
        creditor_agent_account=components.account(tx.cdtr_agt_acct),
        creditor=components.party(tx.cdtr) or Party(),
        creditor_account=components.account(tx.cdtr_acct),
        ultimate_creditor=components.party(tx.ultmt_cdtr),
        instructions_for_creditor_agent=agent_instructions(tx.instr_for_cdtr_agt),
        instructions_for_next_agent=agent_instructions(tx.instr_for_nxt_agt),
        purpose=code(tx.purp),
        regulatory_reporting=tuple(reporting(each) for each in tx.rgltry_rptg),
        remittance="".join(tx.rmt_inf.ustrd[:1]) if tx.rmt_inf is not None else "",
        structured_remittance=tuple(remittance(each) for each in tx.rmt_inf.strd) if tx.rmt_inf is not None else (),
    )


def instructed_bic(tx: Any) -> str:
    """Give the BIC to be credited: the instructed agent's, or if it is absent the creditor agent's."""
    return components.agent_bic(tx.instd_agt if tx.instd_agt is not None else tx.cdtr_agt)


def charge_bearer_of(model: Any) -> ChargeBearer:
    """SLEV is refused before (BE19), and a command has no word for it."""
    text = value(model)
    return ChargeBearer(text) if text in ChargeBearer.__members__ else ChargeBearer.SHAR


def _agents(*agents: Any) -> tuple[Agent, ...]:
    return tuple(read for read in map(components.agent, agents) if read is not None)


def agent_instructions(models: list[Any]) -> tuple[AgentInstruction, ...]:
    """Read a list of InstructionForCreditorAgent1 or InstructionForNextAgent1."""
    return tuple(AgentInstruction(code=value(each.cd), information=each.instr_inf or "") for each in models)


def reporting(model: Any) -> RegulatoryReporting:
    """Read a RegulatoryReporting3."""
    authority = model.authrty
    return RegulatoryReporting(
        indicator=value(model.dbt_cdt_rptg_ind),
        authority_name=(authority.nm or "") if authority is not None else "",
        authority_country=(authority.ctry or "") if authority is not None else "",
        details=tuple(_reporting_detail(each) for each in model.dtls),
    )


def _reporting_detail(model: Any) -> ReportingDetail:
    amount, currency = components.amount(model.amt)
    return ReportingDetail(
        type=model.tp or "",
        date=day(model.dt),
        country=model.ctry or "",
        code=model.cd or "",
        amount=amount,
        currency=currency,
        information=tuple(model.inf),
    )


def remittance(model: Any) -> StructuredRemittance:
    """Read a StructuredRemittanceInformation16."""
    amount, currency = components.amount(model.rfrd_doc_amt.rmtd_amt if model.rfrd_doc_amt is not None else None)
    reference = model.cdtr_ref_inf
    kind = reference.tp if reference is not None else None
    return StructuredRemittance(
        documents=tuple(
            ReferredDocument(
                type_code=value(each.tp.cd_or_prtry.cd) if each.tp is not None else "",
                number=each.nb or "",
                related_date=day(each.rltd_dt),
            )
            for each in model.rfrd_doc_inf
        ),
        remitted_amount=amount,
        remitted_currency=currency,
        creditor_reference=(reference.ref or "") if reference is not None else "",
        creditor_reference_type=value(kind.cd_or_prtry.cd) if kind is not None else "",
        creditor_reference_issuer=(kind.issr or "") if kind is not None else "",
        additional=tuple(model.addtl_rmt_inf),
    )


def write(payment: SubmitPayment) -> Any:
    """Make the document of a payment."""
    return models.Document(
        fito_ficstmr_cdt_trf=models.FitoFicustomerCreditTransferV08(
            grp_hdr=models.GroupHeader93(
                msg_id=payment.message_id,
                cre_dt_tm=payment.created_at,
                nb_of_txs="1",
                sttlm_inf=models.SettlementInstruction7(sttlm_mtd="CLRG"),
            ),
            cdt_trf_tx_inf=[_transfer(payment)],
        )
    )


def _transfer(payment: SubmitPayment) -> Any:
    agent, party, account = _WRITER.agent, _WRITER.party, _WRITER.account
    previous, between = iter(payment.previous_instructing_agents), iter(payment.intermediary_agents)
    return models.CreditTransferTransaction39(
        pmt_id=models.PaymentIdentification7(
            instr_id=payment.instruction_id or None,
            end_to_end_id=payment.end_to_end_id,
            tx_id=payment.transaction_id or None,
            uetr=payment.uetr,
            clr_sys_ref=payment.clearing_system_reference or None,
        ),
        pmt_tp_inf=_payment_type(payment),
        intr_bk_sttlm_amt=models.ActiveCurrencyAndAmount(value=payment.amount, ccy=payment.currency),
        intr_bk_sttlm_dt=payment.settlement_date,
        instd_amt=_WRITER.amount(payment.instructed_amount, payment.instructed_currency),
        xchg_rate=payment.exchange_rate or None,
        chrg_br=payment.charge_bearer,
        chrgs_inf=_WRITER.charges(payment.charges),
        prvs_instg_agt1=agent(next(previous, None)),
        prvs_instg_agt2=agent(next(previous, None)),
        prvs_instg_agt3=agent(next(previous, None)),
        instg_agt=agent(Agent(bic=bic11(payment.instructing_agent))),
        instd_agt=agent(Agent(bic=bic11(payment.instructed_agent))),
        intrmy_agt1=agent(next(between, None)),
        intrmy_agt2=agent(next(between, None)),
        intrmy_agt3=agent(next(between, None)),
        ultmt_dbtr=party(payment.ultimate_debtor),
        initg_pty=party(payment.initiating_party),
        dbtr=party(payment.debtor),
        dbtr_acct=account(payment.debtor_account),
        dbtr_agt=agent(payment.debtor_agent),
        dbtr_agt_acct=account(payment.debtor_agent_account),
        cdtr_agt=agent(payment.creditor_agent),
        cdtr_agt_acct=account(payment.creditor_agent_account),
        cdtr=party(payment.creditor),
        cdtr_acct=account(payment.creditor_account),
        ultmt_cdtr=party(payment.ultimate_creditor),
        instr_for_cdtr_agt=[
            models.InstructionForCreditorAgent1(cd=each.code or None, instr_inf=each.information or None)
            for each in payment.instructions_for_creditor_agent
        ],
        instr_for_nxt_agt=[
            models.InstructionForNextAgent1(cd=each.code or None, instr_inf=each.information or None)
            for each in payment.instructions_for_next_agent
        ],
        purp=models.Purpose2Choice(cd=payment.purpose) if payment.purpose else None,
        rgltry_rptg=[_write_reporting(each) for each in payment.regulatory_reporting],
        rmt_inf=_remittance_information(payment),
    )


def _payment_type(payment: SubmitPayment) -> Any:
    if not (
        payment.instruction_priority or payment.service_level or payment.local_instrument or payment.category_purpose
    ):
        return None
    local, category = payment.local_instrument, payment.category_purpose
    return models.PaymentTypeInformation28(
        instr_prty=payment.instruction_priority or None,
        svc_lvl=[models.ServiceLevel8Choice(cd=level) for level in payment.service_level],
        lcl_instrm=models.LocalInstrument2Choice(cd=local) if local else None,
        ctgy_purp=models.CategoryPurpose1Choice(cd=category) if category else None,
    )


def _write_reporting(report: RegulatoryReporting) -> Any:
    authority = None
    if report.authority_name or report.authority_country:
        authority = models.RegulatoryAuthority2(nm=report.authority_name or None, ctry=report.authority_country or None)
    return models.RegulatoryReporting3(
        dbt_cdt_rptg_ind=report.indicator or None,
        authrty=authority,
        dtls=[
            models.StructuredRegulatoryReporting3(
                tp=each.type or None,
                dt=each.date or None,
                ctry=each.country or None,
                cd=each.code or None,
                amt=_WRITER.amount(each.amount, each.currency),
                inf=list(each.information),
            )
            for each in report.details
        ],
    )


def _remittance_information(payment: SubmitPayment) -> Any:
    if not payment.remittance and not payment.structured_remittance:
        return None
    return models.RemittanceInformation16(
        ustrd=[payment.remittance] if payment.remittance else [],
        strd=[_write_remittance(each) for each in payment.structured_remittance],
    )


def _write_remittance(remittance: StructuredRemittance) -> Any:
    amount = _WRITER.amount(remittance.remitted_amount, remittance.remitted_currency)
    reference = None
    if remittance.creditor_reference:
        kind = None
        if remittance.creditor_reference_type:
            kind = models.CreditorReferenceType2(
                cd_or_prtry=models.CreditorReferenceType1Choice(cd=remittance.creditor_reference_type),
                issr=remittance.creditor_reference_issuer or None,
            )
        reference = models.CreditorReferenceInformation2(tp=kind, ref=remittance.creditor_reference)
    return models.StructuredRemittanceInformation16(
        rfrd_doc_inf=[_write_document(each) for each in remittance.documents],
        rfrd_doc_amt=models.RemittanceAmount2(rmtd_amt=amount) if amount is not None else None,
        cdtr_ref_inf=reference,
        addtl_rmt_inf=list(remittance.additional),
    )


def _write_document(document: ReferredDocument) -> Any:
    return models.ReferredDocumentInformation7(
        tp=models.ReferredDocumentType4(cd_or_prtry=models.ReferredDocumentType3Choice(cd=document.type_code)),
        nb=document.number,
        rltd_dt=document.related_date or None,
    )
