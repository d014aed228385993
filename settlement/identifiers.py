"""Identifiers: who, which account, which payment, which goods, each checked and in its one normal form (M5).

Each function takes the text and, where the caller knows it, the path of the field at fault; it returns the normal
form or refuses with the code of that kind of identifier. What arrives must already be in normal form: no spaces,
hyphens or lower case (the libraries below would strip and fold them, and then one thing had two names). The one
exception is a BIC of eight characters, which ISO 9362 makes the same as its head office's eleven.

The libraries take up to 10 us a check, so answers are remembered, wrong ones as well. They are imported when first
needed: reading their registries takes a tenth of a second.
"""

import re
from functools import lru_cache
from typing import Final

from settlement.errors import Code, Refusal

_REMEMBERED: Final = 65_536

UETR_FORM: Final = r"[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}"
_UETR: Final = re.compile(UETR_FORM).fullmatch
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?").fullmatch
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}").fullmatch
_LEI: Final = re.compile(r"[A-Z0-9]{18}[0-9]{2}").fullmatch
_USCC: Final = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}").fullmatch
_CONTAINER: Final = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}").fullmatch
_IMO: Final = re.compile(r"[0-9]{7}").fullmatch
_CREDITOR_REFERENCE: Final = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}").fullmatch

_BIC_LENGTH: Final = 11
_HEAD_OFFICE: Final = "XXX"
_KOSOVO: Final = "XK"
"""User-assigned in ISO 3166, and so in no list of it, but BICs and IBANs are issued with it."""


def uetr(text: str, where: str = "uetr") -> str:
    """Check a unique end-to-end transaction reference: a UUID version 4 in lower case (CBPR+); else CH16."""
    if _UETR(text) is None:
        raise Refusal(Code.CH16, where)
    return text


def bic(text: str, where: str = "bic") -> str:
    """Give a business identifier code as its eleven characters (ISO 9362, country of ISO 3166); else RC01."""
    if _BIC(text) is None or not (normal := _bic(text)):
        raise Refusal(Code.RC01, where)
    return normal


def iban(text: str, where: str = "iban") -> str:
    """Check an international bank account number (ISO 13616: check digits, country's length and form); else AC01."""
    if _IBAN(text) is None or not _iban(text):
        raise Refusal(Code.AC01, where)
    return text


def lei(text: str, where: str = "lei", code: Code = Code.BE15) -> str:
    """Check a legal entity identifier (ISO 17442); else BE15 (or BE16 for the debtor's, BE17 the creditor's)."""
    if _LEI(text) is None or not _lei(text):
        raise Refusal(code, where)
    return text


def uscc(text: str, where: str = "uscc", code: Code = Code.BE15) -> str:
    """Check a Chinese unified social credit code (GB 32100-2015); else BE15, BE16 or BE17 as for `lei`."""
    if _USCC(text) is None or not _uscc(text):
        raise Refusal(code, where)
    return text


def container(text: str, where: str = "container") -> str:
    """Check a freight container's number (ISO 6346, categories U, J and Z); else CH16."""
    if _CONTAINER(text) is None or not _container(text):
        raise Refusal(Code.CH16, where)
    return text


def imo(text: str, where: str = "imo") -> str:
    """Check a ship's IMO number: seven digits, without the letters IMO (resolution A.1117(30)); else CH16."""
    if _IMO(text) is None or not _imo(text):
        raise Refusal(Code.CH16, where)
    return text


def creditor_reference(text: str, where: str = "creditor_reference") -> str:
    """Check a structured creditor reference (ISO 11649, RF...); else RR09."""
    if _CREDITOR_REFERENCE(text) is None or not _creditor_reference(text):
        raise Refusal(Code.RR09, where)
    return text


# Below: the checks that need a library, on text whose form has been seen to be right (so the memory is bounded too).


@lru_cache(_REMEMBERED)
def _bic(text: str) -> str:
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    if text[4:6] != _KOSOVO:
        try:
            BIC(text)
        except SchwiftyException:
            return ""
    return text if len(text) == _BIC_LENGTH else text + _HEAD_OFFICE


@lru_cache(_REMEMBERED)
def _iban(text: str) -> bool:
    from schwifty import IBAN
    from schwifty.exceptions import SchwiftyException

    try:
        return str(IBAN(text)) == text
    except SchwiftyException:
        return False


@lru_cache(_REMEMBERED)
def _lei(text: str) -> bool:
    from stdnum.iso7064 import mod_97_10

    # Made anew and compared: a plain "remainder is 1" also takes check digits 00, 01 and 99, which nobody issues.
    return mod_97_10.calc_check_digits(text[:-2]) == text[-2:]


@lru_cache(_REMEMBERED)
def _uscc(text: str) -> bool:
    from stdnum.cn import uscc as number

    return number.calc_check_digit(text) == text[-1]


@lru_cache(_REMEMBERED)
def _container(text: str) -> bool:
    from stdnum import iso6346

    return iso6346.is_valid(text)


@lru_cache(_REMEMBERED)
def _imo(text: str) -> bool:
    from stdnum import imo as number

    return number.is_valid(text)


@lru_cache(_REMEMBERED)
def _creditor_reference(text: str) -> bool:
    from stdnum.iso7064 import mod_97_10

    return mod_97_10.calc_check_digits(text[4:] + text[:2]) == text[2:4]
