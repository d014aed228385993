"""The documents that a payment names on the command line, and what it then says of them to authorities and payee."""

from typing import NamedTuple

from msgspec.structs import replace

from gateway.cli.session import Session
from gateway.development.shipments.payments import GOODS
from settlement.customs.handling import declaration_id
from settlement.payments.commands import (
    ReferredDocument,
    RegulatoryReporting,
    ReportingDetail,
    StructuredRemittance,
    SubmitPayment,
)
from settlement.payments.terms import Evidence, Share


class Named(NamedTuple):
    """Records by `record_id`, declarations by the number on their form; empty: none of that kind."""

    contract: str = ""
    invoices: tuple[str, ...] = ()
    declarations: tuple[str, ...] = ()
    bill: str = ""
    credit_waits: bool = False


async def with_evidence(session: Session, payment: SubmitPayment, named: Named) -> SubmitPayment:
    """Name documents in a payment, report the declarations, and tell the payee the numbers of its invoices.

    The bank that pays holds the invoices, or they are not found; a declaration may be the other side's.
    """
    if named == Named():
        return payment
    numbers = [(await session.client.trade_record(each)).record.number for each in named.invoices]
    documents = tuple(ReferredDocument(type_code="CINV", number=number) for number in numbers)
    detail = ReportingDetail(country="CN", code=GOODS, information=named.declarations)
    return replace(
        payment,
        evidence=Evidence(
            contract=named.contract,
            invoices=_shares(named.invoices),
            declarations=_shares(tuple(map(declaration_id, named.declarations))),
            bill_of_lading=named.bill,
            credit_waits=named.credit_waits,
        ),
        purpose="GDDS",
        regulatory_reporting=(RegulatoryReporting(details=(detail,)),),
        remittance="" if documents else payment.remittance,
        structured_remittance=(StructuredRemittance(documents=documents),) if documents else (),
    )


def _shares(names: tuple[str, ...]) -> tuple[Share, ...]:
    return tuple(Share(record_id=name) for name in names)
