"""One currency in another, at the dated rates on the ledger, by one rule: half to even (REQUIREMENTS M3, I4).

A rate says how many units of a common currency one unit is worth, as a decimal number. The arithmetic is that of
whole numbers, so every endorser finds the same.
"""

import re
from collections.abc import Mapping
from typing import Final

from settlement import currencies
from settlement.errors import Code, Refusal

_RATE: Final = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,10}))?").fullmatch

Rates = Mapping[str, str]
"""What one unit of each currency is worth in the common one, which is worth "1" of itself."""


def converted(amount_minor: int, currency: str, into: str, rates: Rates) -> int:
    """Give an amount in another currency, minor units; RR05 where there is no rate for one of the two."""
    if currency == into:
        return amount_minor
    given, given_scale = _ratio(rates, currency)
    wanted, wanted_scale = _ratio(rates, into)
    numerator = amount_minor * given * wanted_scale * 10 ** currencies.exponent(into)
    denominator = wanted * given_scale * 10 ** currencies.exponent(currency)
    return _half_even(numerator, denominator)


def _ratio(rates: Rates, currency: str) -> tuple[int, int]:
    """Read a rate as a fraction."""
    found = _RATE(rates.get(currency, ""))
    if found is None or not int(found[1] + (found[2] or "")):
        raise Refusal(Code.RR05, "currency")
    decimals = found[2] or ""
    return int(found[1] + decimals), 10 ** len(decimals)


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
