"""One currency in another, by one rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement.conversion import converted
from settlement.currencies import exponent
from settlement.errors import Code
from tests.expectations import refused

RATES = {"CNY": "1", "EUR": "8.0512", "JPY": "0.0478", "BHD": "18.9", "TRY": "0.17"}


@pytest.mark.parametrize(
    ("minor", "currency", "into", "expected"),
    [
        (10_000, "CNY", "CNY", 10_000),
        (10_000, "EUR", "CNY", 80_512),
        (80_512, "CNY", "EUR", 10_000),
        (1_000, "JPY", "CNY", 4_780),
        (1_000, "BHD", "CNY", 1_890),
        (1, "CNY", "JPY", 0),
        (0, "EUR", "CNY", 0),
    ],
)
def test_an_amount_counts_at_its_rate(minor: int, currency: str, into: str, expected: int) -> None:
    assert converted(minor, currency, into, RATES) == expected


def test_a_half_goes_to_the_even_neighbour() -> None:
    """M3: 0.5 is 0, 1.5 is 2, 2.5 is 2."""
    halves = {"CNY": "1", "EUR": "0.5"}
    assert [converted(minor, "EUR", "CNY", halves) for minor in (1, 3, 5, 7)] == [0, 2, 2, 4]


@given(minor=st.integers(0, 10**17), pair=st.permutations(sorted(RATES)))
def test_it_is_the_nearest_whole_amount(minor: int, pair: list[str]) -> None:
    """Never further off than half a minor unit, in whole numbers throughout."""
    currency, into = pair[:2]
    exact = Fraction(minor, 10 ** exponent(currency)) * Fraction(RATES[currency]) / Fraction(RATES[into])
    found = converted(minor, currency, into, RATES)
    assert abs(Fraction(found, 10 ** exponent(into)) - exact) <= Fraction(1, 2 * 10 ** exponent(into))


@pytest.mark.parametrize("rate", ["", "0", "0.00", "x", "1e3", "-1"])
def test_without_a_rate_nothing_is_reckoned(rate: str) -> None:
    for rates in ({"CNY": "1", "EUR": rate}, {"CNY": "1"}):
        with refused(Code.RR05, "currency"):
            converted(1, "EUR", "CNY", rates)
        with refused(Code.RR05, "currency"):
            converted(1, "CNY", "EUR", rates)
