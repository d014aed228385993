"""The arithmetic of customs: dutiable value, duty, consumption tax, VAT, a fee for lateness and interest.

All in integers. An amount is in fen (0.01 CNY), a rate in millionths, and each result is rounded half up to one fen,
as the customs of China round (Measures of the Customs for levying duties on goods). What is late is counted in calendar
days. Nothing here is a rate: those are dated records on the ledger (`settlement.customs.rates`).
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from settlement.currencies import exponent
from settlement.errors import Code, Refusal

CNY: Final = "CNY"
MILLION: Final = 1_000_000
_RATE: Final = re.compile(r"(?=[0-9.]{1,12}\Z)(0|[1-9][0-9]*)(?:\.([0-9]+))?").fullmatch
_RATE_DIGITS_MAX: Final = 11
"""As many as ISO 20022 `BaseOneRate` has."""


class Direction(StrEnum):
    """Which way goods go."""

    IMPORT = "import"
    EXPORT = "export"


class Rates(NamedTuple):
    """What goods bear, in millionths: duty and consumption tax of their value, VAT of all of it together."""

    duty_ppm: int
    consumption_ppm: int = 0
    vat_ppm: int = 0


class LineTax(NamedTuple):
    """What one line of goods bears, in fen."""

    value_minor: int
    duty_minor: int
    consumption_minor: int
    vat_minor: int

    @property
    def total_minor(self) -> int:
        """Duty and both taxes."""
        return self.duty_minor + self.consumption_minor + self.vat_minor


class Lateness(NamedTuple):
    """What is asked for each day after a term: `ppm` of the base, in whole `unit_minor`, nothing below the minimum."""

    days: int
    ppm: int
    unit_minor: int = 1
    minimum_minor: int = 0


def rounded(numerator: int, denominator: int) -> int:
    """Divide, half up (neither is negative)."""
    return (2 * numerator + denominator) // (2 * denominator)


def exchange_rate(text: str, where: str = "rate") -> tuple[int, int]:
    """Read a rate of at most 11 digits as an integer and its decimals: `8.0512` is (80512, 4); else CH16."""
    found = _RATE(text)
    if found is None:
        raise Refusal(Code.CH16, where)
    whole, fraction = found.groups("")
    if len(whole) + len(fraction) > _RATE_DIGITS_MAX or not int(whole + fraction):
        raise Refusal(Code.CH16, where)
    return int(whole + fraction), len(fraction)


def in_fen(amount_minor: int, currency: str, rate: str) -> int:
    """Turn an amount into fen at CNY `rate` for one unit of its currency."""
    units, decimals = exchange_rate(rate)
    return rounded(amount_minor * units * 100, 10 ** (decimals + exponent(currency)))


def line_tax(price_minor: int, rates: Rates, direction: Direction) -> LineTax:
    """Tax a line by its price in fen: CIF of imports, FOB of exports.

    Import: duty = value x rate; consumption tax = (value + duty) / (1 - rate) x rate, for its base includes itself
    (Interim Regulations on Consumption Tax, art. 9); VAT = (value + duty + consumption tax) x rate.
    Export: the price includes its duty, so value = price / (1 + rate) (Tariff Law, on the taxable price of exports);
    there is no other tax.
    """
    if direction is Direction.EXPORT:
        value = rounded(price_minor * MILLION, MILLION + rates.duty_ppm)
        return LineTax(value, rounded(value * rates.duty_ppm, MILLION), 0, 0)
    duty = rounded(price_minor * rates.duty_ppm, MILLION)
    consumption = rounded((price_minor + duty) * rates.consumption_ppm, MILLION - rates.consumption_ppm)
    vat = rounded((price_minor + duty + consumption) * rates.vat_ppm, MILLION)
    return LineTax(price_minor, duty, consumption, vat)


def summed(lines: Iterable[LineTax]) -> LineTax:
    """Add lines up; each was rounded by itself."""
    return LineTax(*(sum(column) for column in zip(LineTax(0, 0, 0, 0), *lines, strict=True)))


def days_between(first: str, last: str) -> int:
    """Count the calendar days from one date to another (negative where the other comes before)."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def late_amount(base_minor: int, lateness: Lateness, *, since: str, on: str) -> int:
    """Give what lateness costs in fen: nothing up to the last day of the term, which begins after `since`."""
    late_days = days_between(since, on) - lateness.days
    if late_days <= 0:
        return 0
    unit = lateness.unit_minor
    exact = base_minor * lateness.ppm * late_days
    # A fee in whole yuan leaves what is below one yuan out; one in fen is rounded as any tax.
    amount = rounded(exact, MILLION) if unit == 1 else exact // (MILLION * unit) * unit
    return amount if amount >= lateness.minimum_minor else 0
