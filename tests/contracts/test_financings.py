"""Financings through signed lists: never twice on one document, whichever banks ask; nobody learns who else lends."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.auth.signing import sign_command
from settlement import dates, money
from settlement.errors import Code
from settlement.financing import (
    CONSENT_DAYS_MAX,
    DefaultFinancing,
    FinancingState,
    Subject,
)
from settlement.forms.answers import Answer
from settlement.payments.commands import PaymentName
from settlement.payments.documents import Kind
from settlement.trade import budgets, seen
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.budgets import Budget
from tests import invariants
from tests.builders import TODAY, a_payment, a_return, an_application, an_id
from tests.contracts.test_payments import changes
from tests.customs_samples import declared
from tests.evidence import accepted, assessed, for_declaration, for_invoice, released, trading
from tests.lading import SILK_USCC, a_text, named
from tests.lending import applied, applied_away, draw, drawn, lent, on_invoice, reject, repay, stored, verify
from tests.other_bank import at_another_bank
from tests.rulings import ruled
from tests.shipping import Shipping
from tests.trade import TRADER
from tests.world import NETWORK, World

DAY_MS = 86_400_000


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def test_a_loan_lives_from_application_to_repayment_by_the_collection(market: World) -> None:
    """It stands with the lender alone, and what the buyer pays brings it back."""
    found = accepted(market)
    before = market.state()
    name = applied(market, on_invoice(found))
    market.must("banksh", verify(name), draw(name))
    written = changes(before, market.state())
    assert {place for place in written if place[0] != "banksh"} == {("authority", "budget")}
    assert stored(market, name).state is FinancingState.DRAWN
    assert lent(market, found.record_id) == 6_000_000
    payment = for_invoice("100000.00", found)
    journal = market.must("bankist", payment).tx_id
    paid = {"payment": PaymentName(journal=journal, uetr=payment.uetr), "payer": "bankist"}
    market.must("banksh", repay(name, "20000.00", **paid))
    assert (stored(market, name).state, lent(market, found.record_id)) == (FinancingState.PARTLY_REPAID, 4_000_000)
    market.must("banksh", repay(name, "40000.00", **paid))
    assert (stored(market, name).state, lent(market, found.record_id)) == (FinancingState.REPAID, 0)
    assert [act.event for act in stored(market, name).acts] == ["REPAID"]
    invariants.check(market)


def test_nobody_lends_twice_on_the_same_document(market: World) -> None:
    """A second bank to which the seller goes learns no, and how much is left; not that another lends, nor who."""
    found = accepted(market)
    drawn(market, found)
    key = at_another_bank(market, "bankist")
    name = applied_away(market, on_invoice(found, "40000.01"), key)
    market.must("bankist", verify(name))
    told = stored(market, name, "bankist")
    assert told.state is FinancingState.APPLIED
    assert [(each.fits, each.amount, each.currency) for each in told.remaining] == [(False, "40000.00", "CNY")]
    assert "banksh" not in repr(replace(told, firms=()))
    less = applied_away(market, on_invoice(found, "40000.00", number="LOAN-2"), key)
    market.must("bankist", verify(less))
    assert stored(market, less, "bankist").state is FinancingState.VERIFIED


def test_a_consent_is_for_the_bank_that_it_names_alone(market: World) -> None:
    """Another bank that has certified the same key brings it, and learns nothing of the document."""
    found = accepted(market)
    key = at_another_bank(market, "bankist")
    asked = market.endorse(market.sign("bankist", [sign_command(NETWORK, on_invoice(found), key)]))
    assert asked.answers == ((Answer(Code.AG08, "lender"),),)
    applied_away(market, on_invoice(found), key)


def test_of_two_banks_that_race_for_the_last_amount_one_wins(market: World) -> None:
    """In one transaction the second is told no; of two at the same moment one is tried again, and told no then."""
    found = accepted(market)
    names = [
        applied(market, on_invoice(found)),
        applied_away(market, on_invoice(found), at_another_bank(market, "bankist")),
    ]
    lists = [market.sign(bank, [verify(name)]) for bank, name in zip(("banksh", "bankist"), names, strict=True)]
    batches = market.commit(*map(market.endorse, lists))
    assert [batch.validity.name for batch in batches].count("VALID") == 1
    loser = next(place for place, batch in enumerate(batches) if batch.validity.name != "VALID")
    market.carry(lists[loser])
    states = {stored(market, name, bank).state for name, bank in zip(names, ("banksh", "bankist"), strict=True)}
    assert states == {FinancingState.VERIFIED, FinancingState.APPLIED}
    assert lent(market, found.record_id) == 6_000_000


def test_money_for_goods_goes_to_who_has_lent_on_them(market: World) -> None:
    """I4 with I5: what another bank has lent counts as if it were paid, except to that bank itself."""
    found = accepted(market)
    drawn(market, found)
    elsewhere = for_invoice("40000.01", found, payee="bankfra", instructed_agent="MAINDEFFXXX")
    assert market.say("bankist", elsewhere) == [Answer(Code.AM09, "evidence.invoices.0")]
    market.must("bankist", for_invoice("100000.00", found))


def test_what_is_paid_is_not_lent(market: World) -> None:
    found = accepted(market)
    market.must("bankist", for_invoice("70000.00", found))
    name = applied(market, on_invoice(found, "30000.01"))
    market.must("banksh", verify(name))
    assert [(each.fits, each.amount) for each in stored(market, name).remaining] == [(False, "30000.00")]


def test_the_regulator_says_what_part_may_be_lent(market: World) -> None:
    """From a date on; what was in force on a date stays so."""
    found = accepted(market)
    rate = SetAdvanceRate(command_id=an_id(), effective_from=TODAY, percent=50)
    ruled(market, rate)
    name = applied(market, on_invoice(found))
    market.must("banksh", verify(name))
    assert [(each.fits, each.amount) for each in stored(market, name).remaining] == [(False, "50000.00")]
    again = SetAdvanceRate(command_id=an_id(), effective_from=TODAY, percent=90)
    none = SetAdvanceRate(command_id=an_id(), effective_from="2027-01-01", percent=0)
    assert market.say("regulator", again, none, by="supervisor-1") == [
        Answer(Code.RATE_NOT_LATER, "effective_from"),
        Answer(Code.CH16, "percent"),
    ]


def test_a_declaration_secures_a_loan_at_its_declared_value(market: World) -> None:
    found = released(market)
    value = money.render(found.declared.value_minor, found.declared.currency)
    subject = Subject(kind=Kind.DECLARATION, record_id=found.record_id)
    name = applied(market, an_application(value, subject))
    market.must("banksh", verify(name))
    assert stored(market, name).state is FinancingState.VERIFIED
    more = applied(market, an_application("0.01", subject, number="LOAN-2"))
    market.must("banksh", verify(more))
    assert not stored(market, more).remaining[0].fits
    market.must("bankist", for_declaration(value, found))


def test_a_bill_of_lading_secures_one_loan_at_a_time(market: World) -> None:
    shipped = Shipping(market, a_text(endorsee=named(SILK_USCC))).issued()
    subject = Subject(kind=Kind.BILL_OF_LADING, record_id=shipped.record_id)
    first, second = (applied(market, an_application("10.00", subject, number=each)) for each in ("L-1", "L-2"))
    market.must("banksh", verify(first), verify(second))
    assert [(each.fits, each.amount) for each in stored(market, second).remaining] == [(False, "")]
    market.must("banksh", reject(first), verify(second))
    assert stored(market, second).state is FinancingState.VERIFIED


def test_a_bank_looks_only_with_consent_that_has_not_expired(market: World) -> None:
    """And what was reserved counts no longer than the consent, whoever has noticed (T2)."""
    found = accepted(market)
    name = applied(market, on_invoice(found))
    market.must("banksh", verify(name))
    market.clock.now_ms += DAY_MS + 1
    wants = on_invoice(found, "100000.00", consents_until="2026-11-25T00:00:00Z")
    late = applied_away(market, wants, at_another_bank(market, "bankist"))
    market.must("bankist", verify(late))
    assert stored(market, late, "bankist").state is FinancingState.VERIFIED
    assert market.say("banksh", draw(name), verify(name)) == [Answer(Code.LAPSED, "financing_id")] * 2
    market.must("banksh", reject(name))
    assert stored(market, name).state is FinancingState.LAPSED
    past = on_invoice(found, number="LOAN-9")
    assert market.say("banksh", past, by=TRADER) == [Answer(Code.LAPSED, "consents_until")]


def test_nobody_consents_for_longer_than_a_month(market: World) -> None:
    """So nothing is reserved for longer without a loan: thirty days to the millisecond, and not one more."""
    found = accepted(market)
    longest = market.clock.now_ms + CONSENT_DAYS_MAX * DAY_MS
    answers = [
        market.say("banksh", on_invoice(found, consents_until=dates.render(at_ms)), by=TRADER)
        for at_ms in (longest, longest + 1)
    ]
    assert answers == [[Answer("")], [Answer(Code.CH16, "consents_until")]]


def test_a_loan_to_an_importer_pays_for_the_goods(market: World) -> None:
    """It keeps others from lending on the declaration, and nobody from paying for it; what is paid is not lent."""
    found = assessed(market, declared(counterparty="Bosphorus Tekstil A.S."))
    subject = Subject(kind=Kind.DECLARATION, record_id=found.record_id)
    value = money.render(found.declared.value_minor, "EUR")
    name = applied(market, an_application(value, subject, currency="EUR"))
    market.open_accounts("EUR")
    market.must("banksh", verify(name), draw(name))
    more = applied(market, an_application("1.00", subject, currency="EUR", number="LOAN-2"))
    market.must("banksh", verify(more))
    assert stored(market, more).state is FinancingState.APPLIED
    ((_, budget),) = [each for each in market.records(Budget) if each[1].record_id == found.record_id]
    document = seen.as_paid(Kind.DECLARATION, found, budget)
    assert budgets.payable_minor(budget, document, "bankist", market.clock.now_ms) == found.declared.value_minor


def test_what_was_paid_meanwhile_is_not_paid_out(market: World) -> None:
    """I5: verified in full, and asked for again as it is drawn, for a declaration and for an invoice."""
    found, bill = released(market), accepted(market)
    value = money.render(found.declared.value_minor, found.declared.currency)
    on_goods = an_application(value, Subject(kind=Kind.DECLARATION, record_id=found.record_id), number="GOODS")
    names = applied(market, on_goods), applied(market, on_invoice(bill, "100000.00"))
    market.must("banksh", *map(verify, names))
    whole = for_declaration(value, found)
    journal = market.must("bankist", whole, for_invoice("0.01", bill)).tx_id
    too_much = Answer(Code.AM09, "subjects.0")
    assert market.say("banksh", *map(draw, names)) == [too_much, too_much]
    market.must("banksh", a_return(whole, journal))
    assert market.say("banksh", *map(draw, names)) == [Answer(""), too_much]
    invariants.check(market)


def test_a_rate_that_was_lowered_meanwhile_is_the_one_that_counts(market: World) -> None:
    found = accepted(market)
    name = applied(market, on_invoice(found))
    market.must("banksh", verify(name))
    ruled(market, SetAdvanceRate(command_id=an_id(), effective_from=TODAY, percent=59))
    assert market.say("banksh", draw(name)) == [Answer(Code.AM09, "subjects.0")]


def test_what_repaid_a_loan_is_not_sent_back(market: World) -> None:
    """The rest of the payment is, to the last fen; and what is sent back repays nothing."""
    found = accepted(market)
    name = drawn(market, found)
    payment = for_invoice("100000.00", found)
    journal = market.must("bankist", payment).tx_id
    paid = {"payment": PaymentName(journal=journal, uetr=payment.uetr), "payer": "bankist"}
    market.must("banksh", repay(name, "50000.00", **paid))
    assert market.say("banksh", a_return(payment, journal, "50000.01")) == [Answer(Code.AM09, "amount")]
    market.must("banksh", a_return(payment, journal, "45000.00"))
    assert market.say("banksh", repay(name, "5000.01", **paid)) == [Answer(Code.AM09, "payment")]
    market.must("banksh", repay(name, "5000.00", **paid))
    assert market.say("banksh", a_return(payment, journal, "0.01")) == [Answer(Code.AM09, "amount")]
    invariants.check(market)


def test_a_collection_repays_in_its_own_currency(market: World) -> None:
    market.open_accounts("EUR")
    market.fund("bankist", "1000.00", "EUR")
    found = accepted(market)
    name = drawn(market, found)
    payment = for_invoice("100.00", found, currency="EUR")
    journal = market.must("bankist", payment).tx_id
    paid = {"payment": PaymentName(journal=journal, uetr=payment.uetr), "payer": "bankist"}
    assert market.say("banksh", repay(name, "100.00", **paid)) == [Answer(Code.AM03, "payment")]


def test_what_is_not_lent_is_free_again(market: World) -> None:
    found = accepted(market)
    name = applied(market, on_invoice(found, "100000.00"))
    market.must("banksh", verify(name))
    assert lent(market, found.record_id) == 10_000_000
    market.must("banksh", reject(name))
    assert (stored(market, name).state, lent(market, found.record_id)) == (FinancingState.REJECTED, 0)


def test_a_default_keeps_its_claim(market: World) -> None:
    found = accepted(market)
    name = drawn(market, found, "100000.00")
    market.must("banksh", repay(name, "30000.00"))
    market.must("banksh", DefaultFinancing(command_id=an_id(), financing_id=name, reason="insolvent"))
    assert (stored(market, name).state, lent(market, found.record_id)) == (FinancingState.DEFAULTED, 7_000_000)
    assert [each.code for each in market.say("banksh", repay(name, "1.00"), reject(name))] == [
        Code.MOVE_NOT_ALLOWED,
        Code.MOVE_NOT_ALLOWED,
    ]


def test_a_payment_repays_no_more_than_it_brought_and_only_what_it_was_for(market: World) -> None:
    found = accepted(market)
    name = drawn(market, found)
    payment = for_invoice("10000.00", found)
    other = a_payment("10000.00", payer="bankist", payee="banksh")
    journal = market.must("bankist", payment, other).tx_id
    paid = {"payment": PaymentName(journal=journal, uetr=payment.uetr), "payer": "bankist"}
    unrelated = {"payment": PaymentName(journal=journal, uetr=other.uetr), "payer": "bankist"}
    unknown = {"payment": PaymentName(journal="00", uetr=other.uetr), "payer": "bankist"}
    market.must("banksh", repay(name, "6000.00", **paid))
    wrong = [repay(name, "4000.01", **paid), repay(name, "1.00", **unrelated), repay(name, "1.00", **unknown)]
    assert market.say("banksh", *wrong) == [
        Answer(Code.AM09, "payment"),
        Answer(Code.RR05, "payment"),
        Answer(Code.NOT_FOUND, "payment"),
    ]
    assert market.say("banksh", repay(name, "54000.01")) == [Answer(Code.AM09, "amount")]


def test_to_another_bank_a_financing_does_not_exist(market: World) -> None:
    found = accepted(market)
    name = applied(market, on_invoice(found))
    asked = [verify(name), draw(name), reject(name), repay(name, "1.00")]
    assert market.say("bankist", *asked) == [Answer(Code.NOT_FOUND, "financing_id")] * 4


WRONG: list[tuple[dict[str, Any], Code, str]] = [
    ({"number": ""}, Code.CH21, "number"),
    ({"amount": "0.00"}, Code.AM01, "amount"),
    ({"subjects": ()}, Code.CH21, "subjects"),
    ({"subjects": (Subject(kind=Kind.CONTRACT, record_id="0" * 32),)}, Code.CH16, "subjects.0"),
    ({"subjects": (Subject(kind=Kind.INVOICE, record_id="x"),)}, Code.CH16, "subjects.0"),
    ({"subjects": (Subject(kind=Kind.INVOICE, record_id="0" * 32),) * 2}, Code.CH17, "subjects.1"),
    ({"consents_until": "tomorrow"}, Code.CH16, "consents_until"),
]


@pytest.mark.parametrize(("wrong", "code", "where"), WRONG)
def test_an_application_is_in_order(market: World, wrong: dict[str, Any], code: Code, where: str) -> None:
    assert market.say("banksh", replace(an_application(), **wrong), by=TRADER) == [Answer(code, where)]


def test_an_application_is_made_once(market: World) -> None:
    found = accepted(market)
    applied(market, on_invoice(found))
    assert market.say("banksh", on_invoice(found), by=TRADER) == [Answer(Code.ALREADY_EXISTS, "number")]
