"""What pages say of each kind of record of trade: briefly in a list, and in full on its own page.

A kind that has no row here is shown with what all records have: kind, number, state, and its timeline.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from gateway.traders.web import bill_particulars
from gateway.traders.web.frame import moment
from gateway.traders.web.life import Mood
from gateway.traders.web.names import NOBODY, Names
from gateway.traders.web.told import Told
from gateway.traders.web.words import TEXTS
from settlement import dates, money
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.customs.declared import GoodsLine
from settlement.customs.duty import CNY
from settlement.financing import Financing, FinancingState
from settlement.payments.undertaking import Undertaking
from settlement.trade.contract import SalesContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import TradeDocument
from settlement.trade.goods import Line
from settlement.trade.invoice import Invoice
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import TradeRecord

Facts = list[tuple[str, str | Told]]
"""What a page says of a record: keys of words, and values; those without a value are left out."""

MOODS: Final = {
    "DRAFT": Mood.AWAITED,
    "PARTLY_SIGNED": Mood.AWAITED,
    "AMENDING": Mood.AWAITED,
    "EFFECTIVE": Mood.DONE,
    "ACCEPTED": Mood.DONE,
    "RELEASED": Mood.DONE,
    "DRAWN": Mood.DONE,
    "PARTLY_REPAID": Mood.DONE,
    "REPAID": Mood.FINAL,
    "PERFORMED": Mood.FINAL,
    "SETTLED": Mood.FINAL,
    "CLEARED": Mood.FINAL,
    "DELIVERED": Mood.FINAL,
    "CONVERTED": Mood.FINAL,
    "PAID": Mood.FINAL,
    "DISPUTED": Mood.STOPPED,
    "TERMINATED": Mood.STOPPED,
    "EXPIRED": Mood.STOPPED,
    "REVOKED": Mood.STOPPED,
    "DEFAULTED": Mood.STOPPED,
    "LAPSED": Mood.STOPPED,
    "INSPECTED_FAIL": Mood.STOPPED,
    "OVERDUE": Mood.STOPPED,
    "REJECTED": Mood.STOPPED,
    "HELD": Mood.STOPPED,
    "VOIDED": Mood.STOPPED,
    "APPROVED": Mood.AWAITED,
    "APPLIED": Mood.AWAITED,
    "LODGED": Mood.AWAITED,
    "INSPECTION_ORDERED": Mood.AWAITED,
    "ASSESSED": Mood.AWAITED,
    "RESERVED": Mood.AWAITED,
    "PENDING_SURRENDER_FOR_DELIVERY": Mood.AWAITED,
    "PENDING_SURRENDER_FOR_AMENDMENT": Mood.AWAITED,
}
"""How a state is coloured, of whatever kind; others have the accent's colour."""


class Particulars(NamedTuple):
    """What is known of a kind: what a record is about, its amount, its facts, and its currency."""

    about: Callable[[Any, Names], str]
    amount: Callable[[Any], str]
    facts: Callable[[Any, Names], Facts]
    currency: Callable[[Any], str] = lambda _: ""


def about(record: TradeRecord[Any], names: Names = NOBODY) -> str:
    """Say in a few words what a record is about."""
    return KINDS[type(record)].about(record, names) if type(record) in KINDS else ""


def amount(record: TradeRecord[Any]) -> str:
    """Give its amount, where it has one."""
    return KINDS[type(record)].amount(record) if type(record) in KINDS else ""


def facts(record: TradeRecord[Any], names: Names = NOBODY) -> Facts:
    """Say all that a page tells of it."""
    told = KINDS[type(record)].facts(record, names) if type(record) in KINDS else []
    return [(key, value) for key, value in told if value]


def currency(record: TradeRecord[Any]) -> str:
    """Give the currency of its amounts, where it has one."""
    return KINDS[type(record)].currency(record) if type(record) in KINDS else ""


def _contract(record: SalesContract, _: Names) -> Facts:
    terms = record.proposal
    invoiced = _money(record.invoiced_minor, terms.currency) if record.invoiced_minor else ""
    return [
        ("seller", f"{terms.seller.name} · {terms.seller.identifier}"),
        ("buyer", f"{terms.buyer.name} · {terms.buyer.identifier}"),
        ("version", str(terms.version)),
        *(("goods", _goods(each, f"{each.description} (HS {each.hs_code})")) for each in terms.lines),
        ("delivery", f"{terms.delivery.rule} {terms.delivery.place}, Incoterms {terms.delivery.version}"),
        ("payment_terms", _payment(terms)),
        ("tolerance", f"{terms.tolerance_pct} %" if terms.tolerance_pct else ""),
        ("invoiced", invoiced),
        ("latest_shipment", terms.latest_shipment_on),
        ("valid_until", terms.expires_on),
        ("law", terms.law),
    ]


def _payment(terms: ContractTerms) -> Told:
    payment = terms.payment
    collection = f"_{payment.collection.name}" if payment.collection else ""
    return Told(str(payment.days), key=f"payment_{payment.method.value}{collection}")


def _goods(line: Line | GoodsLine, said: str) -> Told | str:
    """Say how much of which goods: in a unit's word where it has one, else by its code (UN/ECE Recommendation 20)."""
    quantity, key = money.for_people(line.quantity, ""), f"unit_{line.unit}"
    return Told(quantity, key=key, more=f" {said}") if key in TEXTS else f"{quantity} {line.unit} {said}"


def _invoice(record: Invoice, _: Names) -> Facts:
    currency = record.terms.currency
    notes = [
        (
            "note",
            Told(
                "",
                key=f"note_{each.terms.kind.value}",
                more=f" {each.terms.number}: {money.for_people(each.terms.amount, currency)}, {each.terms.reason}",
            ),
        )
        for each in record.notes
    ]
    return [
        ("invoice_total", _money(record.total_minor, currency)),
        ("invoice_open", _money(record.open_minor, currency)),
        ("due", record.terms.due_on),
        *(("goods", _goods(each, each.description)) for each in record.terms.lines),
        *notes,
    ]


def _document(record: TradeDocument, _: Names) -> Facts:
    terms = record.terms
    return [
        ("document_kind", Told("", key=f"document_kind_{terms.kind.value}")),
        ("issuer", terms.issuer),
        ("held_now_by", record.holder.name),
        ("valid_until", terms.valid_until),
        ("commitment", terms.commitment),
    ]


def _declaration(record: Declaration, _: Names) -> Facts:
    declared, currency = record.declared, record.declared.currency
    return [
        ("direction", Told("", key=f"direction_{declared.direction.value}")),
        ("declarant", f"{declared.declarant.name} · {declared.declarant.identifier}"),
        ("field_counterparty", declared.counterparty),
        ("field_procedure", declared.procedure),
        ("field_port", declared.port),
        ("field_country", declared.country),
        ("field_transport_mode", declared.transport_mode),
        ("transport_document", declared.transport_document),
        ("field_arrived_on", declared.arrived_on),
        ("field_incoterm", declared.incoterm),
        *(
            (
                "goods",
                _goods(
                    each,
                    f"{each.description} (HS {each.hs_code}, {each.origin}): {money.for_people(each.value, currency)}",
                ),
            )
            for each in declared.lines
        ),
        ("field_packages", f"{declared.packages:,}" if declared.packages else ""),
        ("field_gross_weight_kg", _number(declared.gross_weight_kg)),
        ("field_net_weight_kg", _number(declared.net_weight_kg)),
        ("field_invoices", ", ".join(declared.invoices)),
        ("field_certificates", ", ".join(declared.certificates)),
        ("held_goods", "; ".join(hold.reason for hold in record.holds if hold.is_open)),
        ("released_on", record.released_on),
    ]


def _number(text: str) -> str:
    return money.for_people(text, "") if text else ""


def _assessment(record: TaxAssessment, _: Names) -> Facts:
    return [
        ("duty", _yuan(record.duty)),
        ("vat", _yuan(record.vat)),
        ("due", record.due_on),
        ("paid_on", record.paid_on),
        ("late_interest", _yuan(record.interest)),
    ]


def _undertaking(record: Undertaking, _: Names) -> Facts:
    return [
        ("valid_until", record.terms.expires_on),
        ("not_before", record.terms.not_before),
        ("settled_on", record.settled_on),
    ]


def outstanding(record: Financing) -> str:
    """Say what is not paid back of a loan, once it is drawn."""
    is_drawn = record.reference and record.state not in (FinancingState.REJECTED, FinancingState.LAPSED)
    return _money(record.outstanding_minor, record.currency) if is_drawn else ""


def left_of(record: Financing) -> Facts:
    """Say how much of each document was free, over all banks, when the bank last looked: all that it is told."""
    kinds = {subject.record_id: subject.kind.value for subject in record.subjects}
    told: Facts = []
    for each in record.remaining:
        if each.amount:
            key = "loan_fits" if each.fits else "loan_too_much"
            said = Told(money.for_people(each.amount, each.currency), f"/trade/records/{each.record_id}", key)
        else:
            said = Told("", f"/trade/records/{each.record_id}", "bill_free" if each.fits else "bill_taken")
        told.append((f"trade_kind_{kinds[each.record_id]}", said))
    return told


def _financing(record: Financing, names: Names) -> Facts:
    looked_at = {each.record_id for each in record.remaining}
    subjects = [subject for subject in record.subjects if subject.record_id not in looked_at]
    return [
        ("lender", names.organisation(record.lender)),
        ("applicant", names.firm(record.applicant)),
        ("consents_until", f"{moment(record.consents_until_ms)} UTC"),
        *(
            (f"trade_kind_{each.kind.value}", Told(each.record_id, f"/trade/records/{each.record_id}"))
            for each in subjects
        ),
        *left_of(record),
        ("drawn_as", record.reference),
        *(
            ("repaid_on", f"{dates.day_of(each.at_ms)}: {money.for_people(each.amount, record.currency)}")
            for each in record.repayments
        ),
        ("outstanding", outstanding(record)),
    ]


KINDS: Final[dict[type[TradeRecord[Any]], Particulars]] = {
    SalesContract: Particulars(
        lambda record, _: f"{record.proposal.seller.name} → {record.proposal.buyer.name}",
        lambda record: money.for_people(record.proposal.amount, record.proposal.currency),
        _contract,
        lambda record: record.proposal.currency,
    ),
    Invoice: Particulars(
        lambda record, _: record.terms.lines[0].description,
        lambda record: _money(record.total_minor, record.terms.currency),
        _invoice,
        lambda record: record.terms.currency,
    ),
    TradeDocument: Particulars(lambda record, names: names.firm(record.terms.issuer), lambda _: "", _document),
    BillOfLading: Particulars(bill_particulars.about, lambda _: "", bill_particulars.facts),
    Declaration: Particulars(
        lambda record, _: f"{record.declared.declarant.name}, {record.declared.port}",
        lambda record: _money(record.declared.value_minor, record.declared.currency),
        _declaration,
        lambda record: record.declared.currency,
    ),
    TaxAssessment: Particulars(lambda *_: "", lambda record: _yuan(record.total), _assessment, lambda _: CNY),
    Undertaking: Particulars(
        lambda record, names: f"{names.organisation(record.payer)} → {names.organisation(record.payee)}",
        lambda record: money.for_people(record.amount, record.currency),
        _undertaking,
    ),
    Financing: Particulars(
        lambda record, names: names.organisation(record.lender),
        lambda record: money.for_people(record.amount, record.currency),
        _financing,
    ),
}
"""A kind of record adds its row here."""


def _yuan(amount: str) -> str:
    return money.for_people(amount, CNY) if amount else ""


def _money(minor: int, currency: str) -> str:
    return money.for_people(money.render(minor, currency), currency)
