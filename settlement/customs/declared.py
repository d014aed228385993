"""What a trader declares to customs, and what is wrong with it: form alone, without looking anything up.

The elements are those of the customs declaration form of China (GAC announcement 2019 no. 18), of which this keeps what
decides: who declares which goods, from where to where, on which transport document, for what price.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from settlement import canonical, currencies, dates, money
from settlement.countries import COUNTRIES
from settlement.customs import hs
from settlement.customs.duty import Direction
from settlement.errors import Code, Refusal
from settlement.payments.parts import Fault, identification, text
from settlement.payments.terms import is_record_id
from settlement.records import Record
from settlement.trade.goods import UNITS
from settlement.trade.traders import Trader, trader_faults

LINES_MAX: Final = 50
"""As many as one declaration form has."""
REFERENCES_MAX: Final = 50
PACKAGES_MAX: Final = 999_999_999

_NUMBER: Final = re.compile(r"([0-9]{4})(20[0-9]{2})([01])[0-9]{9}").fullmatch
_DIRECTIONS: Final = {"0": Direction.EXPORT, "1": Direction.IMPORT}
_QUANTITY: Final = re.compile(r"(?=[0-9.]{1,16}\Z)(?:0|[1-9][0-9]*)(?:\.[0-9]{1,5})?").fullmatch
_QUANTITY_DECIMALS: Final = 5
_MASSES: Final = {"GRM": ("KGM", 1), "KGM": ("KGM", 1000), "TNE": ("KGM", 1_000_000)}
"""Units of mass, told as kilograms, and how many grams there are in each."""
_SUBHEADING_DIGITS: Final = 6
_LOCATION: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}").fullmatch
_PROCEDURE: Final = re.compile(r"[0-9]{4}").fullmatch
_TRANSPORT: Final = re.compile(r"[1-9]").fullmatch
_INCOTERM: Final = re.compile(r"[A-Z]{3}").fullmatch


class GoodsLine(Record):
    """Goods of one kind: HS code, quantity in a unit of UN/ECE Recommendation 20, origin, and the price of all of it.

    `value` is the price as invoiced, in the declaration's currency, from which duty is reckoned: imports are stated CIF
    (Tariff Law, on the taxable price); of exports, of which few bear duty, freight and insurance are not taken out.
    """

    hs_code: str
    description: str
    quantity: str
    unit: str
    origin: str
    value: str


class Declared(Record):
    """What is declared. A summary declaration may leave out what is marked so, and bring it when it is completed.

    `number` has 18 digits: the customs office's four, the year, 1 for imports or 0 for exports, and a serial number.
    `procedure` is the supervision mode (0110: general trade), `transport_mode` a digit of UN/ECE Recommendation 19,
    `transport_document` the number of the bill of lading or waybill, `port` (UN/LOCODE) where goods enter or leave,
    `country` where they come from or go to. `arrived_on` is when the vessel or vehicle reported its arrival (imports).
    `trade` is the record_id of the sales contract, if it is on the ledger. Summary: `invoices`, `certificates`,
    `incoterm`, `packages`, weights.
    """

    number: str
    direction: Direction
    declarant: Trader
    counterparty: str
    procedure: str
    transport_mode: str
    transport_document: str
    port: str
    country: str
    currency: str
    lines: tuple[GoodsLine, ...]
    arrived_on: str = ""
    trade: str = ""
    incoterm: str = ""
    packages: int = 0
    gross_weight_kg: str = ""
    net_weight_kg: str = ""
    invoices: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()

    @property
    def value_minor(self) -> int:
        """The price of all goods, in minor units of the declaration's currency."""
        return goods_minor(self.lines, self.currency)


class Priced(Protocol):
    """Goods with their price, a decimal amount."""

    @property
    def value(self) -> str:
        """The amount."""


def goods_minor(lines: Iterable[Priced], currency: str) -> int:
    """Give the price of some goods together, in minor units of its currency."""
    return sum([money.parse_exact(line.value, currency) for line in lines])


def goods_fingerprint(declared: Declared) -> str:
    """Name a set of goods: two declarations of one declarant that give the same are suspected duplicates (I6).

    What counts is declarant, transport document and, for each HS subheading (six digits), the quantity in all and the
    value in all. How they are written does not: the order of lines, a line divided in two, zeros at an end, capitals,
    tonnes for kilograms. Of what cannot be read, and will be refused for that, the text counts.
    """
    declarant, document = declared.declarant.identifier, declared.transport_document.upper()
    try:
        goods = _summed(declared)
    except Refusal:
        goods = [[line.hs_code, line.quantity, line.unit, line.value] for line in declared.lines]
    return hashlib.sha256(canonical.encode([declarant, document, declared.currency, goods])).hexdigest()


def _summed(declared: Declared) -> list[list[str | int]]:
    """Add quantities and values up by subheading and unit; refuses what is no number."""
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for line in declared.lines:
        if not _QUANTITY(line.quantity):
            raise Refusal(Code.CH16, "quantity")
        unit, factor = _MASSES.get(line.unit, (line.unit, 1))
        whole, _, part = line.quantity.partition(".")
        goods = sums[line.hs_code[:_SUBHEADING_DIGITS], unit]
        goods[0] += int(whole + part.ljust(_QUANTITY_DECIMALS, "0")) * factor
        goods[1] += money.parse_exact(line.value, declared.currency)
    return [[*kind, *goods] for kind, goods in sorted(sums.items())]


def faults(declared: Declared, *, is_summary: bool = False) -> Iterator[Fault]:
    """Find what is wrong with the content of a declaration."""
    yield from _number_faults(declared)
    yield from trader_faults(declared.declarant, "declarant")
    forms = (
        ("counterparty", text(140)),
        ("procedure", _PROCEDURE),
        ("transport_mode", _TRANSPORT),
        ("transport_document", identification(35)),
        ("port", _LOCATION),
    )
    for name, fits in forms:
        value = getattr(declared, name)
        if not fits(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "form")
    if declared.country not in COUNTRIES:
        yield Fault(Code.CH16 if declared.country else Code.CH21, "country", "ISO 3166")
    if declared.trade and not is_record_id(declared.trade):
        yield Fault(Code.CH16, "trade", "form")
    yield from _arrival_faults(declared)
    yield from _summary_faults(declared, is_summary=is_summary)
    yield from _line_faults(declared)


def _number_faults(declared: Declared) -> Iterator[Fault]:
    found = _NUMBER(declared.number)
    if found is None:
        yield Fault(Code.CH16 if declared.number else Code.CH21, "number", "form")
    elif _DIRECTIONS[found[3]] is not declared.direction:
        yield Fault(Code.CH16, "direction", "ninth digit of the number")


def _arrival_faults(declared: Declared) -> Iterator[Fault]:
    if declared.direction is Direction.EXPORT:
        if declared.arrived_on:
            yield Fault(Code.CH17, "arrived_on", "imports only")
    elif not declared.arrived_on:
        yield Fault(Code.CH21, "arrived_on", "imports")
    else:
        try:
            dates.day(declared.arrived_on)
        except Refusal as refusal:
            yield Fault(refusal.code, "arrived_on", "form")


def _summary_faults(declared: Declared, *, is_summary: bool) -> Iterator[Fault]:
    """What a summary may leave out must otherwise be there, and what is there must be in form."""
    forms = (("incoterm", _INCOTERM), ("gross_weight_kg", _QUANTITY), ("net_weight_kg", _QUANTITY))
    for name, fits in forms:
        value = getattr(declared, name)
        if (value or not is_summary) and not fits(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "form")
    if not (0 if is_summary else 1) <= declared.packages <= PACKAGES_MAX:
        yield Fault(Code.CH16 if declared.packages else Code.CH21, "packages", "form")
    for name in ("invoices", "certificates"):
        references = getattr(declared, name)
        if len(references) > REFERENCES_MAX or len(set(references)) != len(references):
            yield Fault(Code.CH17, name, "form")
        for place, reference in enumerate(references):
            if not identification(35)(reference):
                yield Fault(Code.CH16, f"{name}.{place}", "form")
    if not declared.invoices and not is_summary:
        yield Fault(Code.CH21, "invoices", "form")


def _line_faults(declared: Declared) -> Iterator[Fault]:
    if not 0 < len(declared.lines) <= LINES_MAX:
        yield Fault(Code.CH17 if declared.lines else Code.CH21, "lines", "form")
    try:
        currencies.exponent(declared.currency)
    except Refusal as refusal:
        yield Fault(refusal.code, "currency", "ISO 4217")
        return
    for place, line in enumerate(declared.lines):
        forms = (("description", text(140)), ("quantity", _QUANTITY), ("unit", UNITS.__contains__))
        for name, fits in forms:
            value = getattr(line, name)
            if not fits(value):
                yield Fault(Code.CH16 if value else Code.CH21, f"lines.{place}.{name}", "form")
        if not line.quantity.strip("0."):
            yield Fault(Code.CH16 if line.quantity else Code.CH21, f"lines.{place}.quantity", "more than none")
        if line.origin not in COUNTRIES:
            yield Fault(Code.CH16 if line.origin else Code.CH21, f"lines.{place}.origin", "ISO 3166")
        try:
            money.parse_exact(line.value, declared.currency)
        except Refusal as refusal:
            yield Fault(refusal.code, f"lines.{place}.value", "amount")
        try:
            hs.goods(line.hs_code)
        except Refusal as refusal:
            yield Fault(refusal.code, f"lines.{place}.hs_code", "HS")
