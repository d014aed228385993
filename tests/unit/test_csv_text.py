"""Cells of CSV: what a spreadsheet shows, and never runs."""

import pytest

from gateway.traders import csv_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-1.50", "-1.50"),
        ("-1+cmd", "'-1+cmd"),
        ("=1", "'=1"),
        ("  =1", "'  =1"),
        ("\t=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("@a", "'@a"),
        ("\u200b=1", "'=1"),
        ('Silk, "Co"', 'Silk, "Co"'),
        ("Shanghai\u202eSilk\r\nCo", "ShanghaiSilkCo"),
        ("", ""),
    ],
)
def test_a_cell_is_a_text_or_an_amount(text: str, shown: str) -> None:
    assert csv_text.cell(text) == shown
