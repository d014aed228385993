"""Currencies: the ISO 4217 codes in use and their minor units, pinned here because they decide.

Two endorsers must reach the same answer whatever library version or environment they run on, so the table is part of
the code and changes with a new version of the rules. Source: ISO 4217 list one as of 2026-01-01 (the Bulgarian lev is
gone, the Caribbean guilder and the Zimbabwe Gold are in); a test compares it with the `iso4217` package.
"""

from types import MappingProxyType
from typing import Final

from settlement.errors import Code, Refusal

_BY_EXPONENT: Final = {
    0: """
        BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """,
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
        CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
        HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
        MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
        RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
        USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: """
        BHD IQD JOD KWD LYD OMR TND
    """,
    4: """
        CLF UYW
    """,
}

EXPONENTS: Final = MappingProxyType(
    {code: digits for digits, codes in sorted(_BY_EXPONENT.items()) for code in codes.split()}
)
"""Every currency that has minor units: its code and the number of decimals."""

WITHOUT_EXPONENT: Final = frozenset(
    ("XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX")
)
"""Codes in use that have no minor unit: metals, bond-market units, special drawing rights, testing, no currency."""


def exponent(code: str, where: str = "currency") -> int:
    """Give the number of decimals of a currency (0 to 4).

    Refuses AM11 what is not a code in use (also another spelling, or a withdrawn one), and AM03 a code in use that
    nothing can be settled in because it has no minor unit (XAU, XDR, XTS, ...).
    """
    digits = EXPONENTS.get(code)
    if digits is None:
        raise Refusal(Code.AM03 if code in WITHOUT_EXPONENT else Code.AM11, where)
    return digits
