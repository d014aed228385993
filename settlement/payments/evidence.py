"""A payment held against the documents that it names: whether they are there, agree with it, and are reported.

What is not there lets a payment wait, or refuses it (RR04). What is there and says something else than the payment
does refuses it (RR05), whatever its terms. How much may be paid for a document is kept in its budget
(`settlement.trade.budgets`). (REQUIREMENTS section 4, Trade link; I4)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def parts_minor(evidence: Evidence, whole_minor: int, currency: str, left_minor: int) -> Iterator[tuple[str, str, int]]:
    """Give what of a payment is for each invoice and declaration: the field's path, the record id, and minor units.

    Of a payment of `whole_minor` that was sent back in part, `left_minor` is left; what is left for a document is then
    in the same proportion, rounded down, so that several returns come to what one of all of it would.
    """
    for name, shares in (("invoices", evidence.invoices), ("declarations", evidence.declarations)):
        for place, share in enumerate(shares):
            part_minor = money.parse_exact(share.amount, currency) if share.amount else whole_minor
            yield f"evidence.{name}.{place}", share.record_id, part_minor * left_minor // whole_minor


def missing(evidence: Evidence, documents: Documents) -> tuple[str, ...]:
    """Give the paths of the documents that are not there."""
    return tuple(
        where
        for where, _, record_id in named(evidence)
        if (document := documents.get(record_id)) is None or not document.is_there
    )


def require_agreement(payment: SubmitPayment, documents: Documents) -> tuple[str, ...]:
    """Refuse a payment that does not agree with the documents that it names, of those that are known.

    CH21 where debtor or creditor has no LEI or USCC; RR05 where a document is of other parties or another trade, or the
    remittance information names other invoices; RR04 where a payment into or out of China does not report what it must.
    Gives the paths of the documents that are not there, as `missing` does.
    """
    evidence = payment.evidence
    if evidence is None:
        return ()
    debtor, creditor = party_id(payment.debtor), party_id(payment.creditor)
    if not debtor or not creditor:
        raise Refusal(Code.CH21, "creditor.lei" if debtor else "debtor.lei")
    both = {debtor, creditor}
    found = [(where, kind, documents.get(record_id)) for where, kind, record_id in named(evidence)]
    known = [document for _, _, document in found if document]
    _require_reports(payment, known)
    for where, _, document in found:
        if document is not None and not _is_theirs(document, payment, both):
            raise Refusal(Code.RR05, where)
    if len(found) > 1:
        for where in _strangers(evidence.contract, found):
            raise Refusal(Code.RR05, where)
    if payment.structured_remittance:
        _require_remittance(payment, known)
    return tuple(where for where, _, document in found if document is None or not document.is_there)


def _is_theirs(document: NamedDocument, payment: SubmitPayment, both: set[str]) -> bool:
    """Say whether a document is of debtor and creditor: of both, or of one, with the other beside it if it says who."""
    shared = document.parties & both
    if not shared or (document.kind in OF_BOTH_PARTIES and shared != both):
        return False
    if document.made_out_to and not both.issuperset(document.made_out_to):
        return False
    return not document.counterparty or _is_counterparty(document, payment)


def _strangers(contract: str, found: Sequence[tuple[str, Kind, NamedDocument | None]]) -> Iterator[str]:
    """Give the paths of the documents that do not belong with the others that a payment names, and with its contract.

    They belong together by record: each says of which contract it is, the same for all, and the one that is named. One
    that says of none belongs to them by what is written in it: a declaration names its invoices and its bill of lading
    by their numbers. Whether it does is asked when all that are named are known. Documents of one kind need nothing in
    common where no contract is named: one payment may pay several invoices.
    """
    if len({kind for _, kind, _ in found}) == 1:
        return
    known = {where: document for where, kind, document in found if document and kind is not Kind.CONTRACT}
    trade = contract or next((document.trade for document in known.values() if document.trade), "")
    untold = False
    for where, document in known.items():
        if not document.trade:
            untold = True
        elif document.trade != trade:
            yield where
    if untold and len(known) + bool(contract) == len(found):
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
    debtor, creditor = payment.debtor.address, payment.creditor.address
    return (debtor is not None and debtor.country == CHINA) is not (creditor is not None and creditor.country == CHINA)


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
    invoices = {
        document.number
        for remittance in payment.structured_remittance
        for document in remittance.documents
        if document.type_code == _INVOICE
    }
    if invoices and not {each.number for each in known if each.kind is Kind.INVOICE} <= invoices:
        raise Refusal(Code.RR05, "structured_remittance")
