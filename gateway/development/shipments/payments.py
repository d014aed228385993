"""The payments of the shipments: for goods, with the documents that they are for and the terms on which they settle."""

from typing import Final

from gateway.development.cast import Cast
from gateway.development.example_payment import now
from gateway.development.shipments.firms import account, party
from settlement.parties import Agent
from settlement.payments.commands import (
    ChargeBearer,
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
)
from settlement.payments.terms import Evidence, Terms
from settlement.trade.contract_terms import ContractTerms

GOODS: Final = "121010"
"""Balance-of-payments code of the State Administration of Foreign Exchange: general trade in goods."""


def of_goods(
    cast: Cast,
    terms: ContractTerms,
    *,
    date: str,
    uetr: str,
    payer: str,
    payee: str,
    reports: tuple[str, ...],
    invoice: str,
    evidence: Evidence,
    terms_of_payment: Terms | None,
) -> SubmitPayment:
    """Pay a contract's amount from buyer to seller; `reports` are the customs declarations, by number."""
    bics = {each.participant: each.bic for each in cast.banks}
    detail = ReportingDetail(country="CN", code=GOODS, information=reports)
    return SubmitPayment(
        uetr=uetr,
        payer=payer,
        payee=payee,
        currency=terms.currency,
        amount=terms.amount,
        settlement_date=date,
        message_id=uetr[:8] + uetr[-12:],
        instruction_id=uetr[:8] + uetr[-12:],
        end_to_end_id=terms.number,
        charge_bearer=ChargeBearer.SHAR,
        instructing_agent=bics[payer],
        instructed_agent=bics[payee],
        debtor=party(terms.buyer),
        debtor_account=account(terms.buyer.identifier),
        debtor_agent=Agent(bic=bics[payer]),
        creditor=party(terms.seller),
        creditor_account=account(terms.seller.identifier),
        creditor_agent=Agent(bic=bics[payee]),
        purpose="GDDS",
        category_purpose="TRAD",
        regulatory_reporting=(
            RegulatoryReporting(
                indicator="DEBT" if terms.buyer.address.country == "CN" else "CRED",
                authority_name="State Administration of Foreign Exchange",
                authority_country="CN",
                details=(detail,),
            ),
        ),
        structured_remittance=(StructuredRemittance(documents=(ReferredDocument(type_code="CINV", number=invoice),)),),
        created_at=now(),
        evidence=evidence,
        terms=terms_of_payment,
    )
