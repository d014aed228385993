"""The page about the law names, for each thing that the law asks, a test that there is."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
PAGE: Final = (TESTS.parent / "docs" / "reference" / "mletr.md").read_text(encoding="utf-8")
ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith(("| article |", "| subject |"))
]
NAMED: Final = sorted(set(re.findall(r"`([a-z]+/test_[a-z_]+\.py::test_[a-z0-9_]+)`", PAGE)))


@cache
def defined_in(file: str) -> frozenset[str]:
    """Give the tests that a file defines."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_is_named_exists(named: str) -> None:
    file, _, name = named.partition("::")
    assert name in defined_in(file)


def test_every_row_names_a_test() -> None:
    """Whatever the law asks is shown by something, and nothing that looks like a test's name goes unchecked."""
    assert len(ROWS) > 30
    for row in ROWS:
        assert len(row) == 4, row
        cited = re.findall(r"`([^`]*::[^`]*)`", row[3])
        assert cited, row
        assert set(cited) <= set(NAMED), row


def test_every_article_of_the_model_law_from_10_to_18_has_a_row() -> None:
    articles = {int(number) for row in ROWS for number in re.findall(r"^(\d+)", row[0])}
    assert set(range(10, 19)) <= articles


def test_the_three_laws_are_there() -> None:
    for law in ("Model Law on Electronic Transferable Records", "in force since 1 May 2026", "since 1 September 2026"):
        assert law in PAGE
