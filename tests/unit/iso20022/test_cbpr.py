"""The usage rules are run as their package runs them, only faster, and each is told with a code of ISO 20022."""

from datetime import date
from typing import Any

import cbpr_rules
import pytest
from cbpr_rules import loader
from cbpr_rules.message import ParsedMessage
from cbpr_rules.registry import load_rules
from lxml import etree

from settlement.iso20022 import cbpr, reading
from settlement.iso20022.refusal import MessageRefusal
from tests.unit.iso20022 import samples

KINDS = ("pacs.008", "pacs.008_stp", "pacs.004", "pacs.002")
LEFT_OUT = {"Valid_Currency", "Valid_Country"}


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2024, 1, 1), 2025),
        (date(2026, 11, 13), 2025),
        (date(2026, 11, 14), 2026),
        (date(2030, 1, 1), 2026),
    ],
)
def test_the_business_date_chooses_the_release(on: date, year: int) -> None:
    """SR2026 is in force from 14 November 2026; before it SR2025."""
    assert cbpr.release_year(on) == year


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_that_is_run_has_a_code(kind: str, year: int) -> None:
    """The table of meanings is total, and no rule module failed to load."""
    names = {cbpr.rule_name(rule) for rule in load_rules(year, kind) if rule.enforced}
    assert len(names) > 15
    assert names - LEFT_OUT <= set(cbpr.MEANINGS)


def test_the_table_of_meanings_names_no_rule_that_is_not_there() -> None:
    """A rule that a release renames would otherwise be lost without a word."""
    there = {
        cbpr.rule_name(rule)
        for year in (2025, 2026)
        for kind in KINDS
        for rule in load_rules(year, kind)
        if rule.enforced
    }
    assert set(cbpr.MEANINGS) <= there


def _spoilt(data: bytes) -> list[bytes]:
    """The message, and the message without each element in turn (where the schema allows that)."""
    variants = [
        data,
        data.replace(b">GB<", b">QQ<"),
        data.replace(b"</InstrId>", b"/</InstrId>"),
    ]
    count = sum(1 for _ in etree.fromstring(data).iter())
    for number in range(2, count, max(1, count // 40)):
        tree = etree.fromstring(data)
        element = list(tree.iter())[number]
        element.getparent().remove(element)  # type: ignore[union-attr]
        variants.append(etree.tostring(tree))
    return variants


def _by_the_package(data: bytes, kind: str, year: int) -> set[tuple[str, str]]:
    tree: Any = loader.parse_string(data.decode())
    header, document = loader.locate(tree)
    parsed = ParsedMessage(tree, header, document, message_type=kind, year=year)
    found = [
        broken
        for rule in load_rules(year, kind)
        if rule.enforced and cbpr.rule_name(rule) not in LEFT_OUT
        for broken in rule.run(parsed)
    ]
    return {(broken.rule_number, broken.xpath.removeprefix("/Envelope")) for broken in found}


@pytest.mark.parametrize("variant", ["min", "max"])
@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("kind", ["pacs.008", "pacs.004", "pacs.002"])
def test_the_index_answers_as_the_tree_would(kind: str, year: int, variant: str) -> None:
    """On the examples, and on each with an element missing, the same rules are broken at the same elements."""
    compared = 0
    for data in _spoilt(cbpr_rules.example_message(year, kind, variant).encode()):
        try:
            opened = reading.open_message(data)
        except MessageRefusal:
            continue
        told = cbpr.violations(opened.envelope, opened.found, message=kind, on=date(year, 12, 1), clearing=False)
        assert {(each.rule, each.path) for each in told} == _by_the_package(data, kind, year)
        compared += 1
    assert compared >= (1 if variant == "min" else 5)


def test_repeated_elements_are_each_asked_for_what_is_theirs() -> None:
    """Of two charges with an agent's name, the one without the address is told, by its number."""
    data = samples.payment_xml(samples.a_full_payment())
    second = data.rindex("<ChrgsInf>")
    address = data.index("<PstlAdr>", second), data.index("</PstlAdr>", second) + len("</PstlAdr>")
    refused = samples.refusal(data[: address[0]] + data[address[1] :])
    paths = [violation.path for violation in refused.violations if violation.rule == "pacs.008:R12"]
    assert paths == ["/Document/FIToFICstmrCdtTrf/CdtTrfTxInf/ChrgsInf[2]/Agt/FinInstnId"]
