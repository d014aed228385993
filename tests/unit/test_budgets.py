"""Budgets of documents: what is paid and lent never exceeds what there is, in whatever order it is asked."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from settlement.errors import Code, Refusal
from settlement.payments.documents import Kind, NamedDocument
from settlement.trade import budgets
from settlement.trade.budgets import Budget, Claim
from tests.expectations import refused

GOODS = NamedDocument(
    kind=Kind.DECLARATION,
    record_id="0" * 32,
    number="1",
    firms=frozenset({"A@banksh", "B@bankist"}),
    currency="CNY",
    value_minor=1_000,
    limit_minor=1_050,
)
NONE = Budget(record_id=GOODS.record_id)


def paid(budget: Budget, minor: int, payee: str = "banksh", at_ms: int = 0) -> Budget:
    return budgets.paid(budget, GOODS, minor, payee=payee, at_ms=at_ms, where="here")


def claim(minor: int, lender: str = "banksh", name: str = "F", until_ms: int = 0) -> Claim:
    return Claim(financing=name, lender=lender, amount_minor=minor, until_ms=until_ms)


def test_the_limit_is_paid_and_no_more() -> None:
    full = paid(paid(NONE, 1_000), 50)
    with refused(Code.AM09, "here"):
        paid(full, 1)
    assert paid(budgets.given_back(full, 10), 10) == full


def test_what_others_have_lent_counts_as_paid_and_what_the_payee_has_lent_does_not() -> None:
    lent = budgets.claimed(NONE, claim(800), 0)
    assert budgets.payable_minor(lent, GOODS, "banksh", 0) == 1_050
    assert budgets.payable_minor(lent, GOODS, "bankist", 0) == 250


def test_what_is_lent_is_a_part_of_the_value_less_what_is_paid_and_lent() -> None:
    used = budgets.claimed(paid(NONE, 100), claim(300), 0)
    assert budgets.financeable_minor(used, GOODS, 80, 0) == 400
    assert budgets.financeable_minor(paid(used, 600), GOODS, 80, 0) == 0


def test_a_reservation_counts_to_its_last_moment_and_not_beyond() -> None:
    reserved = budgets.claimed(NONE, claim(500, until_ms=100), 0)
    assert [budgets.financeable_minor(reserved, GOODS, 100, at_ms) for at_ms in (100, 101)] == [500, 1_000]
    later = budgets.claimed(reserved, claim(1, name="G"), 101)
    assert [each.financing for each in later.claims] == ["G"]


def test_a_claim_takes_the_place_of_its_earlier_one_and_nothing_takes_it_out() -> None:
    lent = budgets.claimed(budgets.claimed(NONE, claim(500), 0), claim(200), 0)
    assert [each.amount_minor for each in lent.claims] == [200]
    assert budgets.claimed(lent, claim(0), 0) == NONE


@dataclass
class Model:
    """The same, said as simply as it can be said."""

    paid: int = 0
    lent: dict[str, int] = field(default_factory=dict)


orders = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from("AB"), st.integers(1, 700)),
    st.tuples(st.just("lend"), st.sampled_from("AB"), st.integers(1, 700)),
    st.tuples(st.just("repay"), st.sampled_from("AB"), st.integers(1, 700)),
    st.tuples(st.just("give back"), st.just("A"), st.integers(1, 700)),
)


@given(st.lists(orders, max_size=30))
def test_whatever_is_asked_value_is_used_once(asked: list[tuple[str, str, int]]) -> None:
    """I4 and I5 after every step: paid within the limit; what is paid and others lent together within it too."""
    budget, model = NONE, Model()
    for what, bank, minor in asked:
        others = sum(lent for lender, lent in model.lent.items() if lender != bank)
        if what == "pay":
            try:
                budget = paid(budget, minor, bank)
            except Refusal:
                assert model.paid + others + minor > GOODS.limit_minor
            else:
                model.paid += minor
        elif what == "lend" and bank not in model.lent:
            if minor <= budgets.financeable_minor(budget, GOODS, 90, 0):
                assert model.paid + sum(model.lent.values()) + minor <= 900
                model.lent[bank] = minor
                budget = budgets.claimed(budget, claim(minor, bank, bank), 0)
        elif what == "repay" and bank in model.lent:
            model.lent[bank] = max(0, model.lent[bank] - minor)
            budget = budgets.claimed(budget, claim(model.lent[bank], bank, bank), 0)
            if not model.lent[bank]:
                del model.lent[bank]
        elif what == "give back" and minor <= model.paid:
            model.paid -= minor
            budget = budgets.given_back(budget, minor)
        assert budget.paid_minor == model.paid <= GOODS.limit_minor
        assert {each.lender: each.amount_minor for each in budget.claims} == model.lent
        assert sum(model.lent.values()) <= 900
