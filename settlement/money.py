"""Money: amounts are integers in minor units; text is read and written here, and nowhere is there a float.

Where an amount is wrong in several ways, the first of these is told:

1. CH16: not ASCII digits with, at most, one point between digits; more than 18 digits or 5 decimals
   (ISO 20022 `ActiveCurrencyAndAmount`: totalDigits 18, fractionDigits 5);
2. AM11, AM03: the currency (`settlement.currencies`);
3. CH20: more decimals than the currency has;
4. CH16: more than 18 digits once all the currency's decimals are written out, so that every amount has a form in
   which it can stand in a command (and is below 10**18 minor units);
5. AM01: zero.
"""

import re
from typing import Final

from settlement.currencies import EXPONENTS, exponent
from settlement.errors import Code, Refusal

DIGITS_MAX: Final = 18
_LIMIT_MINOR: Final = 10**DIGITS_MAX

# [0-9] and not \d, which matches the digits of every script; \Z and fullmatch and not $, which allows a last newline.
_AMOUNT: Final = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,5}))?")

_TYPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?").fullmatch

_EXACT: Final = {
    digits: re.compile(r"(?:0|[1-9][0-9]*)" + (rf"\.[0-9]{{{digits}}}" if digits else "")).fullmatch
    for digits in sorted(set(EXPONENTS.values()))
}


def parse(text: str, currency: str, where: str = "amount") -> int:
    """Read an amount as it stands in a message; give minor units (1 to 10**18 - 1).

    Decimals may be fewer than the currency has, never more, and leading zeros are allowed: `7`, `7.5` and `07.50`
    are all 750 in CNY. A point needs a digit on either side. For what is refused, and in which order, see the module.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Refusal(Code.CH16, where)
    whole, fraction = found.groups("")
    if len(whole) + len(fraction) > DIGITS_MAX:
        raise Refusal(Code.CH16, where)
    missing = exponent(currency) - len(fraction)
    if missing < 0:
        raise Refusal(Code.CH20, where)
    minor: int = int(whole + fraction) * 10**missing
    if minor >= _LIMIT_MINOR:
        raise Refusal(Code.CH16, where)
    if minor == 0:
        raise Refusal(Code.AM01, where)
    return minor


def parse_exact(text: str, currency: str, where: str = "amount") -> int:
    """Read an amount as it stands in a command; give minor units (1 to 10**18 - 1).

    An amount has one spelling there, the one that `render` gives, so that one payment has one canonical form. Refuses
    what `parse` refuses, CH20 if decimals are missing, and CH16 for leading zeros.
    """
    if minor := _minor_or_zero(text, currency):
        return minor
    parse(text, currency, where)
    decimals = len(text.partition(".")[2])
    raise Refusal(Code.CH20 if decimals != EXPONENTS.get(currency) else Code.CH16, where)


def is_exact(text: str, currency: str) -> bool:
    """Whether `parse_exact` reads it."""
    return _minor_or_zero(text, currency) > 0


def _minor_or_zero(text: str, currency: str) -> int:
    digits = EXPONENTS.get(currency)
    return _exact_minor(text, digits) if digits is not None and len(text) <= DIGITS_MAX + (digits > 0) else 0


def _exact_minor(text: str, digits: int) -> int:
    """Read the one spelling of an amount with so many decimals; 0 for any other, and for nothing."""
    return int(text.replace(".", "")) if _EXACT[digits](text) else 0


def render(minor: int, currency: str) -> str:
    """Write minor units with exactly the currency's decimals: 750 in CNY is `7.50`, in JPY `750`.

    A balance can be negative (the issuer's account is): -5 in CNY is `-0.05`. Refuses AM11 or AM03 for the currency.
    """
    digits = exponent(currency)
    if digits == 0:
        return str(minor)
    if minor < 0:
        return "-" + render(-minor, currency)
    text = str(minor).zfill(digits + 1)
    return f"{text[:-digits]}.{text[-digits:]}"


def for_people(amount: str, currency: str) -> str:
    """Write an amount for people: `1,284,600.00 CNY`."""
    sign, digits = ("-", amount[1:]) if amount.startswith("-") else ("", amount)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{int(whole or 0):,}{point}{decimals} {currency}".strip()


def from_people(text: str, where: str = "amount") -> str:
    """Take the commas out with which people group digits: `1,284,600.00` is `1284600.00`.

    CH16 for what is no number, and for a comma that groups no thousands: `1234,56` is a thousand in Istanbul, and must
    not become a hundred times as much.
    """
    if _TYPED(text) is None:
        raise Refusal(Code.CH16, where)
    return text.replace(",", "")
