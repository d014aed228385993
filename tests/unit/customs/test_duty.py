"""The arithmetic of customs: against figures reckoned by hand, and against exact fractions."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement.customs import duty
from settlement.customs.duty import MILLION, Direction, Lateness, LineTax, Rates
from settlement.errors import Code
from tests.expectations import refused

FEN = st.integers(min_value=0, max_value=10**15)
SHARE = st.integers(min_value=0, max_value=MILLION - 1)
RATES = st.builds(Rates, st.integers(min_value=0, max_value=3 * MILLION), SHARE, SHARE)
HALF = Fraction(1, 2)


def test_hazelnuts_reckoned_by_hand() -> None:
    """150,000.00 EUR at 8.0512: 1,207,680.00 CNY; duty 10 % of it, VAT 9 % of both."""
    value = duty.in_fen(15_000_000, "EUR", "8.0512")
    assert value == 120_768_000
    assert duty.line_tax(value, Rates(100_000, 0, 90_000), Direction.IMPORT) == LineTax(
        120_768_000, 12_076_800, 0, 11_956_032
    )


def test_a_consumption_tax_is_part_of_its_own_base() -> None:
    """100.00 CNY at duty 20 %, consumption tax 10 %, VAT 13 %: (100 + 20) / 0.9 x 0.1 = 13.33; VAT of 133.33."""
    assert duty.line_tax(10_000, Rates(200_000, 100_000, 130_000), Direction.IMPORT) == LineTax(
        10_000, 2_000, 1_333, 1_733
    )


def test_a_price_of_exports_includes_their_duty() -> None:
    """120.00 CNY at 20 %: 100.00 is the value, 20.00 the duty."""
    assert duty.line_tax(12_000, Rates(200_000), Direction.EXPORT) == LineTax(10_000, 2_000, 0, 0)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "rate", "fen"),
    [
        (1, "EUR", "8.005", 8),
        (100, "JPY", "0.0462", 462),
        (1_000, "BHD", "18.8", 1_880),
        (12_345, "CNY", "1", 12_345),
        (1, "JPY", "0.00005", 0),
        (1, "JPY", "0.005", 1),
    ],
)
def test_an_amount_becomes_fen_at_the_rate_of_its_unit(amount_minor: int, currency: str, rate: str, fen: int) -> None:
    """Whatever its decimals, half a fen goes up."""
    assert duty.in_fen(amount_minor, currency, rate) == fen


@pytest.mark.parametrize("text", ["", "0", "0.0", "8,05", "08.05", "8.", ".5", "-1", "1e3", "123456789012", "٨.٠٥"])
def test_a_rate_is_a_plain_number_above_zero(text: str) -> None:
    with refused(Code.CH16, "rate"):
        duty.exchange_rate(text)


@given(numerator=FEN, denominator=st.integers(min_value=1, max_value=10**12))
def test_rounding_is_half_up(numerator: int, denominator: int) -> None:
    result = duty.rounded(numerator, denominator)
    assert -HALF < result - Fraction(numerator, denominator) <= HALF


@given(price=FEN, rates=RATES)
def test_each_import_tax_is_within_half_a_fen_of_the_exact_one(price: int, rates: Rates) -> None:
    """Each from the amounts before it, as they were rounded, in the formula of the law."""
    tax = duty.line_tax(price, rates, Direction.IMPORT)
    share = Fraction(rates.consumption_ppm, MILLION)
    exact = (
        Fraction(price * rates.duty_ppm, MILLION),
        (price + tax.duty_minor) / (1 - share) * share,
        Fraction((price + tax.duty_minor + tax.consumption_minor) * rates.vat_ppm, MILLION),
    )
    for told, precise in zip((tax.duty_minor, tax.consumption_minor, tax.vat_minor), exact, strict=True):
        assert abs(told - precise) <= HALF
    assert tax.value_minor == price


@given(price=FEN, rate=st.integers(min_value=0, max_value=3 * MILLION))
def test_value_and_duty_of_exports_are_the_price(price: int, rate: int) -> None:
    """To the fen that rounding twice can cost."""
    tax = duty.line_tax(price, Rates(rate), Direction.EXPORT)
    assert abs(tax.value_minor + tax.duty_minor - price) <= 1 + Fraction(rate, 2 * MILLION)
    assert (tax.consumption_minor, tax.vat_minor) == (0, 0)


@given(lower=FEN, more=FEN, rates=RATES)
def test_who_declares_more_never_pays_less(lower: int, more: int, rates: Rates) -> None:
    for direction in Direction:
        little = duty.line_tax(lower, rates, direction)
        much = duty.line_tax(lower + more, rates, direction)
        assert all(a <= b for a, b in zip(little, much, strict=True))


@given(lines=st.lists(st.builds(LineTax, FEN, FEN, FEN, FEN), max_size=8))
def test_lines_add_up(lines: list[LineTax]) -> None:
    summed = duty.summed(lines)
    assert summed.total_minor == sum(line.total_minor for line in lines)
    assert summed.value_minor == sum(line.value_minor for line in lines)


FEE = Lateness(days=14, ppm=500, unit_minor=100, minimum_minor=5000)


@pytest.mark.parametrize(
    ("on", "fen"),
    [
        ("2026-11-01", 0),
        ("2026-11-15", 0),
        ("2026-11-16", 60_300),
        ("2026-11-17", 120_700),
        ("2026-12-15", 1_811_500),
    ],
)
def test_a_late_declaration_costs_from_the_fifteenth_day(on: str, fen: int) -> None:
    """0.5 permille of 1,207,680.00 CNY is 603.84 a day, in whole yuan, after 14 days from 1 November."""
    assert duty.late_amount(120_768_000, FEE, since="2026-11-01", on=on) == fen


def test_a_fee_below_the_minimum_is_none() -> None:
    """0.5 permille of 99,999.99 CNY is 49.99, less than 50 yuan."""
    assert duty.late_amount(9_999_999, FEE, since="2026-11-01", on="2026-11-16") == 0
    assert duty.late_amount(10_000_000, FEE, since="2026-11-01", on="2026-11-16") == 5_000


def test_interest_is_rounded_to_the_fen() -> None:
    """0.5 permille of 100,000.01 CNY over 3 days: 150.000015."""
    assert duty.late_amount(10_000_001, Lateness(15, 500), since="2026-11-01", on="2026-11-19") == 15_000


@given(base=FEN, days=st.integers(min_value=0, max_value=400), term=st.integers(min_value=0, max_value=60))
def test_lateness_costs_nothing_within_its_term_and_grows_with_each_day(base: int, days: int, term: int) -> None:
    def cost(after: int) -> int:
        on = (date.fromisoformat("2026-01-01") + timedelta(days=after)).isoformat()
        return duty.late_amount(base, Lateness(term, 500), since="2026-01-01", on=on)

    assert cost(min(days, term)) == 0
    assert cost(days) <= cost(days + 1)
