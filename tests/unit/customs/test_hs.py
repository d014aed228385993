"""Codes of goods."""

import pytest

from settlement.customs import hs
from settlement.errors import Code
from tests.expectations import refused


@pytest.mark.parametrize("code", ["080222", "08022200", "0802220010", "010121", "970110"])
def test_goods_have_six_to_ten_digits(code: str) -> None:
    assert hs.goods(code) == code


@pytest.mark.parametrize(
    "code",
    ["", "0802", "08022", "0802220", "080222001", "080222001000", "0802.22", "000000", "770000", "980000", "٠٨٠٢٢٢"],
)
def test_other_codes_are_wrong(code: str) -> None:
    with refused(Code.HS_CODE_WRONG, "hs"):
        hs.goods(code)


@pytest.mark.parametrize("code", ["08", "0802", "080222", "08022200", "0802220010"])
def test_a_rate_may_be_for_a_chapter_or_a_heading(code: str) -> None:
    assert hs.rated(code) == code


@pytest.mark.parametrize("code", ["", "0", "080", "77", "99", "080222001000"])
def test_a_rate_is_for_goods_that_there_are(code: str) -> None:
    with refused(Code.HS_CODE_WRONG, "hs"):
        hs.rated(code)


def test_the_closest_rate_comes_first() -> None:
    assert list(hs.broader("08022200")) == ["08022200", "080222", "0802", "08"]
