"""Currencies are those of ISO 4217, and what cannot settle is refused with the right code (M1, M2)."""

import pytest
from iso4217 import Currency

from settlement.currencies import EXPONENTS, WITHOUT_EXPONENT, exponent
from settlement.errors import Code, Refusal


def test_the_table_is_that_of_iso_4217() -> None:
    """The pinned table agrees with the iso4217 package, without exception, about codes and minor units."""
    published = {currency.code: currency.exponent for currency in Currency}
    pinned: dict[str, int | None] = {**EXPONENTS, **dict.fromkeys(WITHOUT_EXPONENT)}
    assert pinned == published


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_unusual_exponents_are_those_of_the_requirement(digits: int, codes: str) -> None:
    """Exactly these currencies have 0, 3 or 4 decimals; the other currencies have 2 (M2)."""
    assert {code for code in EXPONENTS if exponent(code) == digits} == set(codes.split())
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}


@pytest.mark.parametrize("code", ["XXQ", "BGN", "HRK", "DEM", "ZWL", "ANG", "SLL", "cny", "CNY ", "", "ＣＮＹ", "156"])
def test_an_unknown_or_withdrawn_currency_is_am11(code: str) -> None:
    """What is not a code in use today is no currency, and neither is another spelling of one."""
    with pytest.raises(Refusal) as refused:
        exponent(code)
    assert (refused.value.code, refused.value.where) == (Code.AM11, "currency")


@pytest.mark.parametrize("code", sorted(WITHOUT_EXPONENT))
def test_a_code_without_minor_unit_is_am03(code: str) -> None:
    """Metals and other codes without minor units exist, but nothing is settled in them."""
    with pytest.raises(Refusal) as refused:
        exponent(code, "instructed_currency")
    assert (refused.value.code, refused.value.where) == (Code.AM03, "instructed_currency")
