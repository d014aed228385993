"""What a payment may carry besides money: the form of its terms and of its evidence."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from settlement.errors import Code
from settlement.payments import checks
from settlement.payments.documents import Kind, NamedDocument
from settlement.payments.evidence import parts_minor
from settlement.payments.terms import SHARES_MAX, Evidence, Share, Terms
from settlement.payments.undertaking import waits_for
from tests.builders import LATER, TODAY, TOMORROW, YESTERDAY, a_payment
from tests.expectations import refused

ONE, OTHER = "1" * 32, "2" * 32
NAMED = Evidence(declarations=(Share(record_id=ONE),))

WRONG_TERMS: list[tuple[dict[str, Any], Code, str]] = [
    ({"expires_on": ""}, Code.CH21, "terms.expires_on"),
    ({"expires_on": "2026-02-30"}, Code.CH16, "terms.expires_on"),
    ({"not_before": "soon"}, Code.CH16, "terms.not_before"),
    ({"not_before": "2026-12-24"}, Code.CH16, "terms.not_before"),
    ({"not_before": ""}, Code.CH21, "terms"),
    ({"released": ("x",)}, Code.CH16, "terms.released.0"),
    ({"released": (ONE, ONE)}, Code.CH17, "terms.released"),
    ({"title": ONE}, Code.CH21, "terms.title_to"),
    ({"title_to": "529900T8BM49AURSDO55"}, Code.CH21, "terms.title"),
    ({"title": "x", "title_to": "529900T8BM49AURSDO55"}, Code.CH16, "terms.title"),
    ({"title": ONE, "title_to": "somebody"}, Code.CH16, "terms.title_to"),
]


@pytest.mark.parametrize(("wrong", "code", "where"), WRONG_TERMS)
def test_terms_are_in_order(wrong: dict[str, Any], code: Code, where: str) -> None:
    given: dict[str, Any] = {"expires_on": LATER, "not_before": TOMORROW}
    with refused(code, where):
        checks.require_payment(a_payment(terms=Terms(**(given | wrong))))


WRONG_EVIDENCE: list[tuple[Evidence, Code, str]] = [
    (Evidence(), Code.CH21, "evidence"),
    (Evidence(credit_waits=True), Code.CH21, "evidence"),
    (Evidence(contract="x"), Code.CH16, "evidence.contract"),
    (Evidence(bill_of_lading=ONE[:31]), Code.CH16, "evidence.bill_of_lading"),
    (Evidence(invoices=(Share(record_id="x"),)), Code.CH16, "evidence.invoices.0"),
    (Evidence(invoices=(Share(record_id=ONE, amount="50.00"),) * 2), Code.CH17, "evidence.invoices"),
    (
        Evidence(declarations=tuple(Share(record_id=f"{n:032x}", amount="1.00") for n in range(SHARES_MAX + 1))),
        Code.CH17,
        "evidence.declarations",
    ),
    (Evidence(invoices=(Share(record_id=ONE, amount="99.99"),)), Code.AM09, "evidence.invoices"),
    (
        Evidence(invoices=(Share(record_id=ONE, amount="50.00"), Share(record_id=OTHER, amount="50"))),
        Code.CH20,
        "evidence.invoices.1.amount",
    ),
    (
        Evidence(invoices=(Share(record_id=ONE), Share(record_id=OTHER, amount="50.00"))),
        Code.CH16,
        "evidence.invoices.0.amount",
    ),
]


@pytest.mark.parametrize(("evidence", "code", "where"), WRONG_EVIDENCE)
def test_evidence_is_in_order(evidence: Evidence, code: Code, where: str) -> None:
    with refused(code, where):
        checks.require_payment(a_payment("100.00", evidence=evidence))


def test_a_tax_payment_waits_for_nothing() -> None:
    """Tax is owed whatever else comes about."""
    with refused(Code.CH17, "terms"):
        checks.require_payment(a_payment(terms=Terms(expires_on=LATER, not_before=TOMORROW), assessment_id="0" * 32))


waiting = partial(waits_for, payer="bankist")


def test_it_waits_for_all_that_its_terms_name_and_for_its_evidence() -> None:
    bill = NamedDocument(
        kind=Kind.BILL_OF_LADING, record_id=OTHER, number="B", firms=frozenset(), is_there=True, holder="SELLER"
    )
    goods = NamedDocument(kind=Kind.DECLARATION, record_id=ONE, number="D", firms=frozenset())
    terms = Terms(expires_on=LATER, not_before=TOMORROW, released=(ONE,), title=OTHER, title_to="BUYER")
    known = {ONE: goods, OTHER: bill}
    everything = ("terms.not_before", "terms.released.0", "terms.title", "evidence.declarations.0")
    assert waiting(terms, NAMED, {}, TODAY) == waiting(terms, NAMED, known, TODAY) == everything
    titled = replace(bill, holder="BUYER", holder_bank="bankist")
    met = {ONE: replace(goods, is_there=True, is_released=True), OTHER: titled}
    assert waiting(terms, NAMED, met, TODAY) == ("terms.not_before",)
    assert waiting(terms, NAMED, met, TOMORROW) == ()
    elsewhere = {**met, OTHER: replace(titled, holder_bank="banksh")}
    assert waiting(terms, NAMED, elsewhere, TOMORROW) == ("terms.title",)
    assert YESTERDAY < TODAY
    lax = Evidence(declarations=NAMED.declarations, credit_waits=True)
    assert waiting(Terms(expires_on=LATER, not_before=TODAY), lax, {}, TODAY) == ()


def test_several_returns_come_to_what_one_of_all_would() -> None:
    """What is left for a document is rounded down, so that nothing is left of nothing."""
    shares = (Share(record_id=ONE, amount="0.01"), Share(record_id=OTHER, amount="0.02"))
    evidence = Evidence(invoices=shares)
    left = [[minor for *_, minor in parts_minor(evidence, 3, "CNY", each)] for each in (3, 2, 1, 0)]
    assert left == [[1, 2], [0, 1], [0, 0], [0, 0]]
