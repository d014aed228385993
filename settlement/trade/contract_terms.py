"""The terms of a contract of sale: what both parties sign, word for word."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from settlement.errors import Code
from settlement.payments import checks, parts
from settlement.payments.parts import Fault
from settlement.records import Record
from settlement.trade import goods, traders
from settlement.trade.goods import Line
from settlement.trade.signing import SignableTerms
from settlement.trade.traders import Trader


class PaymentMethod(StrEnum):
    """How the buyer pays."""

    ADVANCE = "ADVANCE"
    OPEN_ACCOUNT = "OPEN_ACCOUNT"
    COLLECTION = "COLLECTION"
    UNDERTAKING = "UNDERTAKING"


class Collection(StrEnum):
    """Against what the documents of a collection are handed over (ICC URC 522, art. 7)."""

    DP = "D/P"
    DA = "D/A"


class PaymentTerms(Record):
    """How, and when, the buyer pays.

    `days`: after the bill of lading's date on open account, after sight for a collection against acceptance.
    """

    method: PaymentMethod
    days: int = 0
    collection: Collection | None = None


class Delivery(Record):
    """Where the goods pass: an Incoterms rule, the edition of the rules, and the named place or port."""

    rule: str
    version: str
    place: str


class ContractTerms(SignableTerms, tag="sales-contract/1"):
    """A contract of sale. `number` is the parties' own; `version` counts its amendments from 1.

    Amounts are in `currency`; `tolerance_pct` (0 to 10) is how far invoices may go above `amount`, by analogy with
    UCP 600 art. 30a. `latest_shipment_on` and `expires_on` are the last dates for shipping and of the contract itself;
    `law` is the law that governs it.
    """

    number: str
    version: int
    agreed_on: str
    seller: Trader
    buyer: Trader
    currency: str
    amount: str
    lines: tuple[Line, ...]
    delivery: Delivery
    payment: PaymentTerms
    latest_shipment_on: str
    expires_on: str
    law: str
    tolerance_pct: int = 0


VERSION_MAX: Final = 999
"""A contract that is amended more often than that is another contract."""
TOLERANCE_PCT_MAX: Final = 10
DAYS_MAX: Final = 365
_RULES: Final = {
    "2020": "EXW FCA CPT CIP DAP DPU DDP FAS FOB CFR CIF",
    "2010": "EXW FCA CPT CIP DAT DAP DDP FAS FOB CFR CIF",
}
EDITIONS: Final = {edition: frozenset(rules.split()) for edition, rules in _RULES.items()}
"""The rules of each edition of ICC Incoterms that contracts still name."""


def require_terms(terms: ContractTerms, *, version: int) -> None:
    """Refuse terms that are not in order, or are not of the version that is next."""
    checks.require_none(parts.under("terms", _faults(terms, version)))


def _faults(terms: ContractTerms, version: int) -> Iterator[Fault]:
    if not parts.identification(35)(terms.number):
        yield Fault(Code.CH16 if terms.number else Code.CH21, "number", "form")
    if terms.version != version or version > VERSION_MAX:
        yield Fault(Code.CH16, "version", "next")
    yield from traders.trader_faults(terms.seller, "seller")
    yield from traders.trader_faults(terms.buyer, "buyer")
    if terms.seller.identifier == terms.buyer.identifier:
        yield Fault(Code.CH16, "buyer.identifier", "two parties")
    yield from _amounts(terms)
    yield from _delivery(terms.delivery)
    yield from _payment(terms.payment)
    yield from _dates(terms)
    if not parts.text(140)(terms.law):
        yield Fault(Code.CH16 if terms.law else Code.CH21, "law", "form")


def _amounts(terms: ContractTerms) -> Iterator[Fault]:
    yield from goods.sum_faults(terms.lines, terms.amount, terms.currency)
    if not 0 <= terms.tolerance_pct <= TOLERANCE_PCT_MAX:
        yield Fault(Code.CH16, "tolerance_pct", "UCP 600 art. 30")


def _delivery(delivery: Delivery) -> Iterator[Fault]:
    rules = EDITIONS.get(delivery.version)
    if rules is None:
        yield Fault(Code.CH16, "delivery.version", "Incoterms")
    elif delivery.rule not in rules:
        yield Fault(Code.CH16, "delivery.rule", "Incoterms")
    if not parts.text(140)(delivery.place):
        yield Fault(Code.CH16 if delivery.place else Code.CH21, "delivery.place", "Incoterms")


def _payment(payment: PaymentTerms) -> Iterator[Fault]:
    if (payment.collection is not None) is not (payment.method is PaymentMethod.COLLECTION):
        yield Fault(Code.CH17 if payment.collection else Code.CH21, "payment.collection", "URC 522")
    if not 0 <= payment.days <= DAYS_MAX:
        yield Fault(Code.CH16, "payment.days", "form")
    on_credit = payment.method is PaymentMethod.OPEN_ACCOUNT or payment.collection is Collection.DA
    if bool(payment.days) is not on_credit and payment.method is not PaymentMethod.UNDERTAKING:
        yield Fault(Code.CH21 if on_credit else Code.CH17, "payment.days", "form")


def _dates(terms: ContractTerms) -> Iterator[Fault]:
    names = ("agreed_on", "latest_shipment_on", "expires_on")
    wrong = [name for name in names if not parts.is_day(getattr(terms, name))]
    for name in wrong:
        yield Fault(Code.CH16 if getattr(terms, name) else Code.CH21, name, "form")
    if not wrong and not terms.agreed_on <= terms.latest_shipment_on <= terms.expires_on:
        yield Fault(Code.CH16, "latest_shipment_on", "order of dates")
