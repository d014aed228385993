"""Amounts are exact, have one form in commands, and a wrong one is refused with the code that stands first (M1)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement.currencies import EXPONENTS
from settlement.errors import Code, Refusal
from settlement.money import for_people, from_people, parse, parse_exact, render

CURRENCIES = st.sampled_from(sorted(EXPONENTS))
MINOR = st.integers(min_value=1, max_value=10**18 - 1)


def refusal(text: str, currency: str = "CNY") -> Code:
    """The code with which an amount is refused on its way in."""
    with pytest.raises(Refusal) as refused:
        parse(text, currency)
    return refused.value.code


@given(MINOR, CURRENCIES)
def test_what_is_written_reads_back(minor: int, currency: str) -> None:
    """Rendering and reading are each other's inverse for every amount of every currency."""
    text = render(minor, currency)
    assert parse(text, currency) == parse_exact(text, currency) == minor


@given(MINOR, CURRENCIES)
def test_rendering_is_the_decimal_number(minor: int, currency: str) -> None:
    """The text is the amount in major units, with exactly the currency's decimals, and a balance may be negative."""
    digits = EXPONENTS[currency]
    expected = f"{Decimal(minor).scaleb(-digits):.{digits}f}"
    assert render(minor, currency) == expected
    assert render(-minor, currency) == "-" + expected


@given(st.from_regex(r"[0-9]{0,20}(\.[0-9]{0,7})?", fullmatch=True), CURRENCIES)
def test_reading_agrees_with_decimal_arithmetic(text: str, currency: str) -> None:
    """An amount that is accepted means what Decimal says it means; what is refused is out of range or form."""
    digits = EXPONENTS[currency]
    whole, point, fraction = text.partition(".")
    well_formed = bool(whole) and bool(fraction) == bool(point)
    fits = len(whole + fraction) <= 18 and len(fraction) <= digits
    value = Decimal(text).scaleb(digits) if well_formed else Decimal(0)
    if well_formed and fits and 0 < value < 10**18:
        assert parse(text, currency) == value
    else:
        refusal(text, currency)


@given(st.text(max_size=24), CURRENCIES)
def test_text_is_read_or_refused(text: str, currency: str) -> None:
    """Whatever the text, the answer is an amount or a refusal, never another error, and only ASCII is read."""
    try:
        minor = parse(text, currency)
    except Refusal:
        return
    assert text.isascii()
    assert 0 < minor < 10**18


@given(st.text(alphabet="0123456789.", max_size=22), CURRENCIES)
def test_a_command_has_one_form_of_an_amount(text: str, currency: str) -> None:
    """What a command may carry is exactly what rendering gives, so no two texts mean one amount."""
    try:
        minor = parse_exact(text, currency)
    except Refusal:
        return
    assert render(minor, currency) == text


@pytest.mark.parametrize(
    "text",
    [
        "", ".", ".5", "5.", "+1", "-1", "-1.00", "1e3", "1E3", "1_000", "1,000.00", "1,5", " 1", "1 ", "1\n", "1.0.0",
        "１００", "٣", "1.٣", "NaN", "Infinity", "inf", "0x10", "1.000000", "1234567890123456789",
        "12345678901234567.89", "0000000000000000001", "100000000000000000.0", "¥1", "10000000000000000",
    ],
)  # fmt: skip
def test_a_malformed_amount_is_ch16(text: str) -> None:
    """Signs, exponents, separators, other scripts' digits and too many digits are formally incorrect."""
    assert refusal(text) is Code.CH16


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("7", "CNY", 700),
        ("7.5", "CNY", 750),
        ("07.50", "CNY", 750),
        ("0.01", "CNY", 1),
        ("1000", "JPY", 1000),
        ("1.234", "BHD", 1234),
        ("1.2345", "CLF", 12345),
        ("9999999999999999.99", "CNY", 999_999_999_999_999_999),
        ("999999999999999999", "JPY", 999_999_999_999_999_999),
    ],
)
def test_an_amount_is_read_in_minor_units(text: str, currency: str, minor: int) -> None:
    """Fewer decimals than the currency has, and leading zeros, are allowed in a message."""
    assert parse(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("1e3", "BGN", Code.CH16),
        ("1.000", "BGN", Code.AM11),
        ("0.000", "XAU", Code.AM03),
        ("0.000", "CNY", Code.CH20),
        ("1.0", "JPY", Code.CH20),
        ("1.2345", "BHD", Code.CH20),
        ("0.00", "CNY", Code.AM01),
        ("0", "JPY", Code.AM01),
    ],
)
def test_of_two_faults_the_first_is_told(text: str, currency: str, code: Code) -> None:
    """Form stands before currency, currency before decimals, decimals before zero."""
    assert refusal(text, currency) is code


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("7", "CNY", Code.CH20),
        ("7.5", "CNY", Code.CH20),
        ("7.500", "CNY", Code.CH20),
        ("07.50", "CNY", Code.CH16),
        ("00.50", "CNY", Code.CH16),
        ("007", "JPY", Code.CH16),
        ("7.0", "JPY", Code.CH20),
        ("-7.50", "CNY", Code.CH16),
        ("７.50", "CNY", Code.CH16),
        ("7.50\n", "CNY", Code.CH16),
        ("10000000000000000.00", "CNY", Code.CH16),
        ("0.00", "CNY", Code.AM01),
        ("7.50", "XXQ", Code.AM11),
        ("7.50", "XPD", Code.AM03),
    ],
)
def test_another_form_of_an_amount_is_refused_in_a_command(text: str, currency: str, code: Code) -> None:
    """Missing decimals are CH20 in a command, leading zeros CH16, and the rest is as in a message."""
    with pytest.raises(Refusal) as refused:
        parse_exact(text, currency)
    assert refused.value.code is code


def test_a_refusal_names_the_field() -> None:
    """The caller says where the amount stands, and the refusal repeats it, not the value."""
    with pytest.raises(Refusal) as refused:
        parse("x", "CNY", "charges.0.amount")
    assert refused.value.where == "charges.0.amount"
    assert "x" not in str(refused.value.where).split(".")


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1), CURRENCIES)
def test_what_people_read_is_the_amount(minor: int, currency: str) -> None:
    """Its sign too, where it is less than one whole unit."""
    amount = render(minor, currency)
    shown, code = for_people(amount, currency).split(" ")
    assert code == currency
    assert Decimal(shown.replace(",", "")) == Decimal(amount)
    if minor > 0:
        assert from_people(shown) == from_people(amount) == amount


@pytest.mark.parametrize(
    "text", ["1234,56", "1,23", "1,2345", "12,34,567", "1,234,56", ",123", "1.234,56", "1,234.", "", "١"]
)
def test_a_comma_that_groups_no_thousands_is_refused(text: str) -> None:
    """It may be a decimal comma: without it the amount would be a hundred times as much."""
    with pytest.raises(Refusal) as refused:
        from_people(text, "least")
    assert (refused.value.code, refused.value.where) == (Code.CH16, "least")
