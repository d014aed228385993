"""Amounts and currencies as typed: what a new user gets wrong is met with what to write instead."""

import re
from typing import Final

from gateway.cli.failures import Failure, nearest, usage
from settlement import money
from settlement.currencies import EXPONENTS, WITHOUT_EXPONENT
from settlement.errors import Code, Refusal

_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def require_currency(currency: str) -> str:
    """Give a currency code in capitals."""
    code = currency.upper()
    if code in EXPONENTS:
        return code
    if code in WITHOUT_EXPONENT:
        raise usage(f"Nothing can be settled in {code}: it has no minor unit.", do="Use a currency such as CNY.")
    if currency.replace(".", "").isdigit():
        raise usage(f"{currency} is no currency.", do="Write the amount first, then its currency: 1000.00 CNY")
    raise usage(
        f"{currency} is no currency that ISO 4217 lists today.",
        do=nearest(currency, EXPONENTS).upper().replace("DID YOU MEAN", "Did you mean") or "Use a code such as CNY.",
    )


def require_amount(amount: str, currency: str) -> str:
    """Give an amount with exactly its currency's decimals, as it was typed."""
    try:
        money.parse_exact(amount, currency)
    except Refusal as refusal:
        raise _wrong(amount, currency, refusal) from None
    return amount


def such_as(currency: str) -> str:
    """Give an amount as it is written in a currency: 1000.00, or 1000 where that has no decimals."""
    return money.render(1000 * 10 ** EXPONENTS[currency], currency)


def _wrong(amount: str, currency: str, refusal: Refusal) -> Failure:
    digits = EXPONENTS[currency]
    has = {0: "no decimals", 1: "one decimal"}.get(digits, f"{digits} decimals")
    tidy = amount.replace(",", "").replace("_", "").replace("'", "").strip()
    if refusal.code is Code.AM01:
        return usage(f"{amount} {currency} is nothing to pay.", do="Write the amount that is to be paid.")
    if _PLAIN.fullmatch(tidy) is None:
        return usage(
            f"{amount} is no amount.",
            do=f"Write digits and a point, such as {such_as(currency)}.",
        )
    whole, _, decimals = tidy.partition(".")
    kept = decimals[:digits] if not decimals[digits:].strip("0") else decimals
    try:
        meant = money.render(money.parse(f"{whole}.{kept}" if kept else whole, currency), currency)
    except Refusal:
        if len(whole) + digits > money.DIGITS_MAX:
            return usage(f"{amount} is more than an amount can be: {money.DIGITS_MAX} digits in all.", do="Write less.")
        do = f"Write them as in {such_as(currency)}."
        return usage(f"{amount} has too many digits: {currency} has {has}.", do=do)
    if amount.count(",") == 1 and "." not in amount and len(amount.partition(",")[2]) == digits:
        point = amount.replace(",", ".")
        return usage(f"{amount} is no amount: decimals stand behind a point.", do=f"Write {point}, or {meant}.")
    if tidy != amount:
        return usage(f"{amount} is no amount: only digits and one point may stand in it.", do=f"Write {meant}.")
    return usage(f"{amount} is not how {currency} is written: it has {has}.", do=f"Write {meant}.")
