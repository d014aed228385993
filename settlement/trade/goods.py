"""Goods in a line of a contract, an invoice or a declaration: what, how many of which unit, at which price."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from settlement import currencies, money
from settlement.customs import hs
from settlement.errors import Code, Refusal
from settlement.payments import parts
from settlement.payments.parts import Fault
from settlement.records import Record

LINES_MAX: Final = 200
_DECIMALS: Final = 6
_SCALE: Final = 10 ** (2 * _DECIMALS)
_NUMBER: Final = re.compile(rf"(0|[1-9][0-9]{{0,11}})(?:\.([0-9]{{1,{_DECIMALS}}}))?").fullmatch

_COUNTED: Final = "C62 CEN DPC DPR DZN EA GGR GRO H87 KT MIL NAR NMP NPR PR SET ST"
_MEASURED: Final = """
    APZ BLL CCT CLT CMK CMQ CMT CTM CWA DLT DMK DMQ DMT DTN FOT FTK FTQ GLI GLL GRM GV GWH HAR HGM HLT INH INK INQ
    JOU KGM KHY KMA KMT KNI KNS KPH KPO KPP KSD KSH KTN KUR KVA KWH KWT LBR LPA LTN LTR MAW MGM MLT MMT MTK MTQ MTR MWH
    ONZ STN TNE YDK YDQ YRD DAY HUR MIN MON WEE ANN
"""

COUNTED: Final = frozenset(_COUNTED.split())
"""Units by which individual items or packing units are counted (UCP 600 art. 30b makes the difference)."""
UNITS: Final = COUNTED | frozenset(_MEASURED.split())
"""The units of UN/ECE Recommendation 20 that goods and services of trade are stated in; pinned, because they decide."""


class Line(Record):
    """Goods of one kind. `hs_code` has 6 to 10 digits (Harmonized System, and a country's own below it).

    `quantity` and `unit_price` are decimal strings with at most six decimals; `unit` is a code of UN/ECE Recommendation
    20; `amount` is their product in the document's currency.
    """

    hs_code: str
    description: str
    quantity: str
    unit: str
    unit_price: str
    amount: str


def line_faults(lines: tuple[Line, ...], currency: str) -> Iterator[Fault]:
    """Find what is wrong with each line: its form, and that quantity times price is its amount (SUM_WRONG)."""
    if not 0 < len(lines) <= LINES_MAX:
        yield Fault(Code.CH17 if lines else Code.CH21, "lines", "form")
    for place, line in enumerate(lines):
        yield from parts.under(f"lines.{place}", _line(line, currency))


def sum_faults(lines: tuple[Line, ...], amount: str, currency: str) -> Iterator[Fault]:
    """Find what is wrong with a document's amount and its lines, and whether they add up (SUM_WRONG)."""
    faults = [*parts.amount_faults(amount, currency, ""), *line_faults(lines, currency)]
    yield from faults
    if not faults and total_minor(lines, currency) != money.parse_exact(amount, currency):
        yield Fault(Code.SUM_WRONG, "amount", "sum of lines")


def total_minor(lines: Iterable[Line], currency: str) -> int:
    """Add up lines that are in order; minor units."""
    return sum(money.parse_exact(line.amount, currency) for line in lines)


def product_minor(quantity: str, unit_price: str, currency: str) -> int | None:
    """Multiply quantity and price; minor units, rounded half to even (M3). None where one of them is no number."""
    many, each = _millionths(quantity), _millionths(unit_price)
    if many is None or each is None:
        return None
    exact: int = many * each * 10 ** currencies.exponent(currency)
    minor, rest = divmod(exact, _SCALE)
    return minor + (2 * rest > _SCALE or (2 * rest == _SCALE and minor % 2 == 1))


def _millionths(number: str) -> int | None:
    found = _NUMBER(number)
    return None if found is None else int(found[1] + (found[2] or "").ljust(_DECIMALS, "0"))


def _line(line: Line, currency: str) -> Iterator[Fault]:
    if not hs.is_goods(line.hs_code):
        yield Fault(Code.CH16 if line.hs_code else Code.CH21, "hs_code", "HS")
    if not parts.text(350)(line.description):
        yield Fault(Code.CH16 if line.description else Code.CH21, "description", "form")
    if line.unit not in UNITS:
        yield Fault(Code.CH16 if line.unit else Code.CH21, "unit", "Rec 20")
    for name in ("quantity", "unit_price"):
        value = getattr(line, name)
        if not _NUMBER(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "form")
    try:
        amount_minor = money.parse_exact(line.amount, currency)
        product = product_minor(line.quantity, line.unit_price, currency)
    except Refusal as refusal:
        if refusal.where == "amount":
            yield Fault(refusal.code, "amount", "amount")
        return
    if product is not None and product != amount_minor:
        yield Fault(Code.SUM_WRONG, "amount", "quantity times price")
