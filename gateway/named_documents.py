"""The documents that a pacs.008 names by their numbers, as the evidence of a payment.

RfrdDocInf names the commercial invoice (CINV), the contract (CMCN) and the bill of lading (BOLD), and RgltryRptg the
customs declarations, in the lines of a statement to China's authority. Numbers are looked up among the records of trade
that this bank holds, of the payment's own parties; a declaration's name on the ledger follows from its number, so it is
found whoever holds it.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.projection.trade import Trade
from settlement.customs.handling import declaration_id
from settlement.errors import Code, Refusal
from settlement.payments.commands import SubmitPayment
from settlement.payments.documents import Kind
from settlement.payments.evidence import party_id
from settlement.payments.terms import Evidence, Share

_KINDS: Final = {"CINV": Kind.INVOICE, "CMCN": Kind.CONTRACT, "BOLD": Kind.BILL_OF_LADING}
"""ISO 20022 DocumentType6Code of those that the ledger holds."""
_DECLARATION: Final = re.compile(r"[0-9]{18}").fullmatch
"""A declaration's number, as Chinese customs gives it."""
_CANDIDATES: Final = 20


def evidence_of(payment: SubmitPayment, trade: Trade, *, on: str, credit_waits: bool = False) -> Evidence | None:
    """Give the documents that a payment names, None where it names none.

    RR04 where the ledger has none of a number between the two parties, as far as this bank can see; CH17 where one
    number is several documents', or two contracts or bills of lading are named.
    """
    found: dict[Kind, list[Share]] = {kind: [] for kind in Kind}
    for where, kind, number, amount in _named(payment):
        found[kind].append(Share(record_id=_record_id(payment, trade, kind, number, where=where, on=on), amount=amount))
    for report in payment.regulatory_reporting:
        for detail in report.details:
            amount = detail.amount if detail.currency == payment.currency else ""
            found[Kind.DECLARATION] += [
                Share(record_id=declaration_id(line), amount=amount)
                for line in detail.information
                if _DECLARATION(line)
            ]
    if not any(found.values()):
        return None
    return Evidence(
        contract=_only(found[Kind.CONTRACT]),
        invoices=tuple(found[Kind.INVOICE]),
        declarations=tuple(found[Kind.DECLARATION]),
        bill_of_lading=_only(found[Kind.BILL_OF_LADING]),
        credit_waits=credit_waits,
    )


def _named(payment: SubmitPayment) -> Iterator[tuple[str, Kind, str, str]]:
    """Give each document of the remittance information: where it stands, its kind, its number, what is for it."""
    for block, remittance in enumerate(payment.structured_remittance):
        own = remittance.remitted_amount if remittance.remitted_currency == payment.currency else ""
        for place, document in enumerate(remittance.documents):
            if document.type_code in _KINDS:
                where = f"structured_remittance.{block}.documents.{place}"
                yield where, _KINDS[document.type_code], document.number, own


def _record_id(payment: SubmitPayment, trade: Trade, kind: Kind, number: str, *, where: str, on: str) -> str:
    parties = {party_id(payment.debtor), party_id(payment.creditor)} - {""}
    found = [
        view.record.record_id
        for view in trade.page(on=on, limit=_CANDIDATES, kind=kind.value, number=number)
        if parties & set(view.record.parties)
    ]
    if len(found) != 1:
        raise Refusal(Code.CH17 if found else Code.RR04, where)
    return found[0]


def _only(shares: list[Share]) -> str:
    if len(shares) > 1:
        raise Refusal(Code.CH17, "structured_remittance")
    return shares[0].record_id if shares else ""
