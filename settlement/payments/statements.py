"""What a payment tells besides moving money: remittance, and reports to an authority."""

from collections.abc import Iterator
from typing import Final

from settlement import identifiers
from settlement.countries import COUNTRIES
from settlement.errors import Code, Refusal
from settlement.payments.commands import RegulatoryReporting, StructuredRemittance
from settlement.payments.parts import Fault, Fits, amount_faults, code10, identification, is_day, text

_INDICATORS: Final = frozenset({"CRED", "DEBT", "BOTH"})
_DOCUMENT_CODES: Final = "MSIN CNFA DNFA CINV CREN DEBN HIRI SBIN CMCN SOAC DISP BOLD VCHR AROI TSUT PUOR"
_DOCUMENTS: Final = frozenset(_DOCUMENT_CODES.split())
_REFERENCES: Final = frozenset({"RADM", "RPIN", "FXDR", "DISP", "PUOR", "SCOR"})
_COUNTRY: Final[Fits] = COUNTRIES.__contains__
_ADDITIONAL_MAX: Final = 3


def reporting_faults(report: RegulatoryReporting) -> Iterator[Fault]:
    """Check one report to an authority; each of its statements says something."""
    if report == RegulatoryReporting():
        yield Fault(Code.CH21, "", "form")
    if report.indicator and report.indicator not in _INDICATORS:
        yield Fault(Code.CH16, "indicator", "form")
    if report.authority_name and not text(140)(report.authority_name):
        yield Fault(Code.CH16, "authority_name", "form")
    if report.authority_country and report.authority_country not in COUNTRIES:
        yield Fault(Code.CH16, "authority_country", "country")
    for place, detail in enumerate(report.details):
        where = f"details.{place}"
        texts: tuple[tuple[str, str, Fits], ...] = (
            ("type", detail.type, text(35)),
            ("date", detail.date, is_day),
            ("country", detail.country, _COUNTRY),
            ("code", detail.code, code10),
            *((f"information.{line}", information, text(35)) for line, information in enumerate(detail.information)),
        )
        for name, value, fits in texts:
            if value and not fits(value):
                yield Fault(Code.CH16, f"{where}.{name}", "form")
        if not all(detail.information) or not (detail.type or detail.code or detail.amount or detail.information):
            yield Fault(Code.CH21, where, "form")
        if detail.amount or detail.currency:
            yield from amount_faults(detail.amount, detail.currency, f"{where}.", zero=True)


def remittance_faults(remittance: StructuredRemittance) -> Iterator[Fault]:
    """Check one structured part of the remittance information; a document has a type and a number."""
    if remittance == StructuredRemittance():
        yield Fault(Code.CH21, "", "form")
    for place, document in enumerate(remittance.documents):
        where = f"documents.{place}"
        if document.type_code not in _DOCUMENTS:
            yield Fault(Code.CH16 if document.type_code else Code.CH21, f"{where}.type_code", "form")
        if not identification(35)(document.number):
            yield Fault(Code.CH16 if document.number else Code.CH21, f"{where}.number", "form")
        if document.related_date and not is_day(document.related_date):
            yield Fault(Code.CH16, f"{where}.related_date", "date")
    if remittance.remitted_amount or remittance.remitted_currency:
        yield from amount_faults(remittance.remitted_amount, remittance.remitted_currency, "remitted_")
    yield from _creditor_reference(remittance)
    if len(remittance.additional) > _ADDITIONAL_MAX:
        yield Fault(Code.CH17, "additional", "form")
    for place, line in enumerate(remittance.additional):
        if not text(140)(line):
            yield Fault(Code.CH16, f"additional.{place}", "form")


def _creditor_reference(remittance: StructuredRemittance) -> Iterator[Fault]:
    reference, kind, issuer = (
        remittance.creditor_reference,
        remittance.creditor_reference_type,
        remittance.creditor_reference_issuer,
    )
    if reference and not identification(35)(reference):
        yield Fault(Code.CH16, "creditor_reference", "form")
    elif kind == "SCOR" and reference.startswith("RF"):
        try:
            identifiers.creditor_reference(reference)
        except Refusal as refusal:
            yield Fault(refusal.code, "creditor_reference", "M5")
    if kind and kind not in _REFERENCES:
        yield Fault(Code.CH16, "creditor_reference_type", "form")
    if issuer and not text(35)(issuer):
        yield Fault(Code.CH16, "creditor_reference_issuer", "form")
    if (kind and not reference) or (issuer and not kind):
        yield Fault(Code.CH21, "creditor_reference" if not reference else "creditor_reference_type", "form")


def length(remittance: StructuredRemittance) -> int:
    """Count the characters that a structured part holds (for R63)."""
    documents = sum(len(each.type_code) + len(each.number) + len(each.related_date) for each in remittance.documents)
    reference = len(remittance.creditor_reference) + len(remittance.creditor_reference_type)
    reference += len(remittance.creditor_reference_issuer)
    return documents + len(remittance.remitted_amount) + reference + sum(map(len, remittance.additional))
