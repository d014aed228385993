"""A payment held against the documents that it names: whether they are there, agree with it, and are reported.

What is not there lets a payment wait, or refuses it (RR04). What is there and says something else than the payment
does refuses it (RR05), whatever its terms. How much may be paid for a document is kept in its budget
(`settlement.trade.budgets`). (REQUIREMENTS section 4, Trade link; I4)
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Final

from settlement import money
from settlement.errors import Code, Refusal
from settlement.parties import Party
from settlement.payments.commands import SubmitPayment
from settlement.payments.documents import OF_BOTH_PARTIES, Documents, Kind, NamedDocument
from settlement.payments.terms import Evidence, Terms
from settlement.records import RulingCommand

_REMEMBERED: Final = 4096
"""Of how many names the letters are kept: the same firms trade over and over."""
CHINA: Final = "CN"
_INVOICE: Final = "CINV"
"""DocumentType6Code of a commercial invoice, in RfrdDocInf/Tp."""


def party_id(party: Party) -> str:
    """Give the LEI or USCC of a party; empty where it has told neither."""
    return party.lei or party.uscc


def named(evidence: Evidence) -> list[tuple[str, Kind, str]]:
    """Give each document that some evidence names: the field's path, its kind and its record id."""
    found = []
    if evidence.contract:
        found.append(("evidence.contract", Kind.CONTRACT, evidence.contract))
    for place, share in enumerate(evidence.invoices):
        found.append((f"evidence.invoices.{place}", Kind.INVOICE, share.record_id))
    for place, share in enumerate(evidence.declarations):
        found.append((f"evidence.declarations.{place}", Kind.DECLARATION, share.record_id))
    if evidence.bill_of_lading:
        found.append(("evidence.bill_of_lading", Kind.BILL_OF_LADING, evidence.bill_of_lading))
    return found


def wanted(evidence: Evidence | None, terms: Terms | None) -> list[tuple[Kind, str]]:
    """Give kind and record id of each document that a payment names, or waits for."""
    found = [(kind, record_id) for _, kind, record_id in named(evidence)] if evidence else []
    if terms:
        found += [(Kind.DECLARATION, record_id) for record_id in terms.released]
        if terms.title:
            found.append((Kind.BILL_OF_LADING, terms.title))
    return found


def parts_minor(evidence: Evidence, amount: str, currency: str, left_minor: int) -> Iterator[tuple[str, str, int]]:
    """Give what of a payment is for each invoice and declaration: the field's path, the record id, and minor units.

    Of a payment of `amount` that was sent back in part, `left_minor` is left; what is left for a document is then in
    the same proportion, rounded down, so that several returns come to what one of all of it would.
    """
    whole_minor = money.parse_exact(amount, currency)
    for name, shares in (("invoices", evidence.invoices), ("declarations", evidence.declarations)):
        for place, share in enumerate(shares):
            part_minor = money.parse_exact(share.amount, currency) if share.amount else whole_minor
            yield f"evidence.{name}.{place}", share.record_id, part_minor * left_minor // whole_minor


def missing(evidence: Evidence, documents: Documents) -> tuple[str, ...]:
    """Give the paths of the documents that are not there."""
    return tuple(
        where
        for where, _, record_id in named(evidence)
        if record_id not in documents or not documents[record_id].is_there
    )


def require_agreement(payment: SubmitPayment, documents: Documents) -> None:
    """Refuse a payment that does not agree with the documents that it names, of those that are known.

    CH21 where debtor or creditor has no LEI or USCC; RR05 where a document is of other parties or another trade, or the
    remittance information names other invoices; RR04 where a payment into or out of China does not report what it must.
    """
    evidence = payment.evidence
    if evidence is None:
        return
    for name, party in (("debtor", payment.debtor), ("creditor", payment.creditor)):
        if not party_id(party):
            raise Refusal(Code.CH21, f"{name}.lei")
    both = {party_id(payment.debtor), party_id(payment.creditor)}
    known = [(where, documents[record_id]) for where, _, record_id in named(evidence) if record_id in documents]
    _require_reports(payment, [document for _, document in known])
    for where, document in known:
        shared = document.parties & both
        if not shared or (document.kind in OF_BOTH_PARTIES and shared != both):
            raise Refusal(Code.RR05, where)
        if not both.issuperset(document.made_out_to) or not _is_counterparty(document, payment):
            raise Refusal(Code.RR05, where)
    if len(evidence.record_ids) > 1:
        for where in strangers(evidence, documents):
            raise Refusal(Code.RR05, where)
    _require_remittance(payment, [document for _, document in known])


def strangers(evidence: Evidence, documents: Documents) -> Iterator[str]:
    """Give the paths of the documents that do not belong with the others that some evidence names.

    They belong together by record: each says of which contract it is, the same for all, and the one that is named. One
    that says of none belongs to them by what is written in it: a declaration names its invoices and its bill of lading
    by their numbers. Whether it does is asked when all that are named are known. Documents of one kind need nothing in
    common where no contract is named: one payment may pay several invoices.
    """
    found = [(where, kind, documents.get(record_id)) for where, kind, record_id in named(evidence)]
    if len({kind for _, kind, _ in found}) == 1:
        return
    trades = [document.trade for _, _, document in found if document and document.trade]
    trade = evidence.contract or (trades[0] if trades else "")
    yield from (where for where, _, document in found if document and document.trade not in ("", trade))
    known = {where: document for where, kind, document in found if document and kind is not Kind.CONTRACT}
    if len(known) + bool(evidence.contract) == len(found):
        yield from _untied(known, trade)


def _untied(known: Mapping[str, NamedDocument], trade: str) -> Iterable[str]:
    """Give the paths of the documents that neither say that they are of the trade, nor name one of it, or are named."""
    of_it = [each for each in known.values() if each.trade == trade] if trade else list(known.values())[:1]
    left = {where: document for where, document in known.items() if document not in of_it}
    while tied := [where for where, each in left.items() if any(map(partial(_is_tied, each), of_it))]:
        of_it += [left.pop(where) for where in tied]
    return left


def _is_tied(one: NamedDocument, other: NamedDocument) -> bool:
    return one.number in other.refers_to or other.number in one.refers_to


def _is_counterparty(document: NamedDocument, payment: SubmitPayment) -> bool:
    """Say whether the firm on a declaration's other side is the payment's, by letters and digits of its name."""
    if not document.counterparty:
        return True
    others = (party.name for party in (payment.debtor, payment.creditor) if party_id(party) not in document.parties)
    return any(_letters(name) == _letters(document.counterparty) for name in others)


@lru_cache(_REMEMBERED)
def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


class RequireReports(RulingCommand):
    """The regulator says from which settlement date on payments into or out of China must report what they are for.

    Payments that name documents must in any case.
    """

    since: str


def require_reports(payment: SubmitPayment) -> None:
    """Refuse RR04 a payment into or out of China that reports no balance-of-payments code."""
    _require_reports(payment, [])


def crosses_border(payment: SubmitPayment) -> bool:
    """Say whether money goes into or out of China: exactly one of debtor and creditor is there, by its address."""
    countries = [party.address.country if party.address else "" for party in (payment.debtor, payment.creditor)]
    return countries.count(CHINA) == 1


def _require_reports(payment: SubmitPayment, known: list[NamedDocument]) -> None:
    """A payment into or out of China carries its balance-of-payments code and the numbers of its declarations."""
    if not crosses_border(payment):
        return
    details = [detail for report in payment.regulatory_reporting for detail in report.details]
    if not any(detail.code for detail in details if detail.country in ("", CHINA)):
        raise Refusal(Code.RR04, "regulatory_reporting")
    declared = [each.number for each in known if each.kind is Kind.DECLARATION]
    if declared and not {line for detail in details for line in detail.information}.issuperset(declared):
        raise Refusal(Code.RR04, "regulatory_reporting")


def _require_remittance(payment: SubmitPayment, known: list[NamedDocument]) -> None:
    """Where the remittance information names commercial invoices, those of the evidence are among them."""
    if not payment.structured_remittance:
        return
    invoices = {
        document.number
        for remittance in payment.structured_remittance
        for document in remittance.documents
        if document.type_code == _INVOICE
    }
    if invoices and not {each.number for each in known if each.kind is Kind.INVOICE} <= invoices:
        raise Refusal(Code.RR05, "structured_remittance")
