"""Taxes through signed lists: assessed at the rates in force, paid to the treasury, guaranteed, sent back."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.customs.assessment import (
    AssessmentState,
    AssessTax,
    ClaimRefund,
    DeclineRefund,
    GrantRefund,
    GuaranteeTax,
    TaxAssessment,
)
from settlement.customs.declaration import ClearDeclaration, DeclarationState, ReleaseGoods
from settlement.customs.rates import ApproveRates, DutyHistory, DutyRate, ExchangeRate
from settlement.day import CloseDay, CutOffDay, OpenDay
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.payments.commands import WhenUnfunded
from tests import invariants
from tests.builders import TODAY, a_return, a_uetr, an_id
from tests.contracts.test_payments import changes
from tests.customs_samples import DUTIES, EUR, TERMS, declared, rates_approval, rates_entry
from tests.customs_world import (
    FIRST,
    SECOND,
    TAX,
    a_tax_payment,
    accepted,
    assessed,
    the_assessment,
    the_declaration,
    working,
)
from tests.trade import TRADER, registered
from tests.world import World

TOTAL = "240328.32"
LATE = "2026-12-09"


@pytest.fixture
def harbour(world: World) -> World:
    return working(world)


def named(found: TaxAssessment, command: Any, **others: Any) -> Any:
    return command(command_id=an_id(), assessment_id=found.record_id, **others)


def go_to(world: World, date: str) -> None:
    """End the day, and open a later one."""
    moves = (
        CutOffDay(command_id=an_id(), currency="CNY", date=TODAY),
        CloseDay(command_id=an_id(), currency="CNY", date=TODAY),
        OpenDay(command_id=an_id(), currency="CNY", date=date),
    )
    world.must("clearing", *moves, by="officer-1")


def test_tax_is_paid_by_a_payment_to_the_treasury(harbour: World) -> None:
    """Money, assessment and declaration move in one transaction; the treasury's account stands at clearing."""
    found = assessed(harbour)
    assert found.total == TOTAL
    batch = harbour.must("banksh", a_tax_payment(found))
    assert (harbour.balance("banksh"), harbour.balance("clearing")) == (100_000_000 - 24_032_832, 24_032_832)
    paid = the_assessment(harbour)
    assert (paid.state, paid.paid_on, paid.paid_by) == (AssessmentState.PAID, TODAY, "banksh")
    assert paid.payment is not None
    assert paid.payment.journal == batch.tx_id
    assert the_declaration(harbour).state is DeclarationState.DUTY_PAID
    assert paid == the_assessment(harbour, holder="banksh")
    invariants.check(harbour)


def test_tax_is_paid_once_and_exactly(harbour: World) -> None:
    """Not in part, not elsewhere, and not a second time, in one batch either."""
    found = assessed(harbour)
    assert harbour.say("banksh", a_tax_payment(found, "240328.31")) == [Answer(Code.AM09, "amount")]
    elsewhere = replace(a_tax_payment(found), payee="bankist", instructed_agent="BOSPTRISXXX")
    assert harbour.say("banksh", elsewhere) == [Answer(Code.NOT_THE_TREASURY, "payee")]
    batch = harbour.ask("banksh", a_tax_payment(found), a_tax_payment(found, uetr=a_uetr()))
    assert batch.codes == [["", Code.MOVE_NOT_ALLOWED]]
    assert harbour.balance("clearing") == 24_032_832


def test_a_rejected_payment_pays_no_tax(harbour: World) -> None:
    """An unfunded one leaves both records as they were."""
    found = assessed(harbour)
    before = the_declaration(harbour)
    spent = a_tax_payment(found, when_unfunded=WhenUnfunded.REJECT)
    harbour.must("banksh", replace(a_tax_payment(found), assessment_id="", amount="900000.00"))
    assert harbour.ask("banksh", spent).codes == [[Code.AM04]]
    assert (the_assessment(harbour), the_declaration(harbour)) == (found, before)


def test_another_bank_does_not_see_what_is_owed(harbour: World) -> None:
    found = assessed(harbour)
    harbour.fund("bankist", "500000.00")
    theirs = replace(a_tax_payment(found), payer="bankist", instructing_agent="BOSPTRISXXX")
    theirs = replace(theirs, debtor_agent=replace(theirs.debtor_agent, bic="BOSPTRISXXX"))
    absent = replace(theirs, assessment_id="0" * 32, uetr=a_uetr())
    assert harbour.say("bankist", theirs, absent) == [Answer(Code.NOT_FOUND, "assessment_id")] * 2
    guarantee = named(found, GuaranteeTax, reference="LG-1", expires_on="2027-01-31")
    assert harbour.say("bankist", guarantee) == [Answer(Code.NOT_FOUND, "assessment_id")]


def test_who_pays_late_pays_interest(harbour: World) -> None:
    """One day late, 0.5 permille: 120.16."""
    found = assessed(harbour)
    go_to(harbour, LATE)
    late = a_tax_payment(found, "240448.48", settlement_date=LATE)
    assert harbour.say("banksh", a_tax_payment(found, settlement_date=LATE)) == [Answer(Code.AM09, "amount")]
    harbour.must("banksh", late)
    paid = the_assessment(harbour)
    assert (paid.state, paid.interest, [act.event for act in paid.acts]) == (
        AssessmentState.PAID,
        "120.16",
        ["FELL_OVERDUE", "PAID"],
    )


def test_tax_and_fee_are_of_the_day_on_which_the_declaration_was_lodged(harbour: World) -> None:
    """Not of the day on which customs gets to it, when other rates are in force and the time for declaring is over."""
    found = accepted(harbour)
    dearer = tuple(replace(each, duty_ppm=2 * each.duty_ppm) for each in DUTIES)
    rate = replace(EUR, month="2026-12", rate="9")
    notice = rates_entry(notice_id="GAC-2026-12", effective_from="2026-12-01", duties=dearer, exchange=(rate,))
    harbour.must("customs", notice, by=FIRST)
    harbour.must("customs", rates_approval("GAC-2026-12"), by=SECOND)
    go_to(harbour, LATE)
    harbour.must("customs", AssessTax(command_id=an_id(), declaration_id=found.record_id), by=TAX)
    assessment = the_assessment(harbour)
    assert (assessment.assessed_on, assessment.total, assessment.late_declaration_fee) == (LATE, TOTAL, "0.00")


def test_a_guarantee_lets_the_goods_go_and_the_tax_stays_owed(harbour: World) -> None:
    found = assessed(harbour)
    harbour.must("banksh", named(found, GuaranteeTax, reference="LG-2026-77", expires_on="2027-01-31"))
    name = {"command_id": an_id(), "declaration_id": found.declaration}
    harbour.must("customs", ReleaseGoods(**name), by=FIRST)
    clear = ClearDeclaration(command_id=an_id(), declaration_id=found.declaration)
    assert harbour.say("customs", clear, by=FIRST) == [Answer(Code.TAX_NOT_COVERED, "declaration_id")]
    harbour.must("banksh", a_tax_payment(found))
    harbour.must("customs", clear, by=FIRST)
    assert the_declaration(harbour).state is DeclarationState.CLEARED


def test_tax_is_sent_back_by_the_treasury_where_it_is_granted(harbour: World) -> None:
    """Claimed by the trader, granted by a tax officer, returned by clearing (pacs.004): so much, and once.

    Not while it is what lets the goods go.
    """
    found = assessed(harbour)
    payment = a_tax_payment(found)
    journal = harbour.must("banksh", payment).tx_id
    not_granted = [Answer(Code.REFUND_NOT_GRANTED, "payment")]
    assert harbour.say("clearing", a_return(payment, journal)) == not_granted
    harbour.must("banksh", named(found, ClaimRefund, amount="1000.00", reason="Short-landed"), by=TRADER)
    assert harbour.say("clearing", a_return(payment, journal, "1000.00")) == not_granted
    in_hand = [Answer(Code.MOVE_NOT_ALLOWED, "declaration.DUTY_PAID")]
    assert harbour.say("customs", named(found, GrantRefund), by=TAX) == in_hand
    harbour.must("customs", ReleaseGoods(command_id=an_id(), declaration_id=found.declaration), by=FIRST)
    harbour.must("customs", named(found, GrantRefund), by=TAX)
    assert harbour.say("clearing", a_return(payment, journal, "1000.01")) == [Answer(Code.AM09, "amount")]
    harbour.must("clearing", a_return(payment, journal, "1000.00"))
    assert the_assessment(harbour).state is AssessmentState.REFUNDED
    assert harbour.say("clearing", a_return(payment, journal, "1000.00")) == not_granted
    assert harbour.balance("clearing") == 24_032_832 - 100_000
    invariants.check(harbour)


def test_a_claim_is_declined_by_a_tax_officer(harbour: World) -> None:
    found = assessed(harbour)
    harbour.must("banksh", a_tax_payment(found))
    harbour.must("banksh", named(found, ClaimRefund, amount="1000.00", reason="Short-landed"), by=TRADER)
    decline = named(found, DeclineRefund, reason="Landed in full")
    assert harbour.say("customs", decline, by=FIRST) == [Answer(Code.AG08)]
    harbour.must("customs", decline, by=TAX)
    assert the_assessment(harbour).state is AssessmentState.PAID


def test_rates_come_into_force_by_two_officers(world: World) -> None:
    """Until then nothing is taxed; the one who entered them does not approve them."""
    registered(world)
    assess = AssessTax(command_id=an_id(), declaration_id=accepted(world).record_id)
    missing = Answer(Code.RATE_MISSING, "lines.0.hs_code")
    assert world.say("customs", assess, by=TAX) == [missing]
    world.must("customs", rates_entry(), by=FIRST)
    assert world.say("customs", assess, by=TAX) == [missing]
    assert world.say("customs", rates_approval(), by=FIRST) == [Answer(Code.SAME_SIGNER, "notice_id")]
    world.must("customs", rates_approval(), by=SECOND)
    world.must("customs", assess, by=TAX)
    assert the_assessment(world).total == TOTAL


def test_rates_are_public_and_never_rewritten(harbour: World) -> None:
    """A later notice adds; one that is not later is refused whole."""
    before = harbour.state()
    later = rates_entry(
        notice_id="GAC-2026-12",
        effective_from="2026-12-01",
        duties=(replace(DUTIES[1], duty_ppm=50_000),),
        exchange=(ExchangeRate(currency="EUR", month="2026-12", rate="8.1"),),
        terms=None,
    )
    harbour.must("customs", later, by=FIRST)
    harbour.must("customs", rates_approval("GAC-2026-12"), by=SECOND)
    written = {place for place in changes(before, harbour.state()) if not place[0]}
    assert written == {("", "customs_notice"), ("", "customs_duty"), ("", "customs_exchange")}
    (history,) = [each for _, each in harbour.records(DutyHistory) if each.hs_code == "080222"]
    assert [period.duty_ppm for period in history.periods] == [100_000, 50_000]
    again = replace(later, notice_id="GAC-2026-13", exchange=(replace(EUR, month="2027-01"),))
    again = replace(again, command_id=an_id())
    harbour.must("customs", again, by=FIRST)
    approve = ApproveRates(command_id=an_id(), notice_id="GAC-2026-13")
    assert harbour.say("customs", approve, by=SECOND) == [Answer(Code.RATE_NOT_LATER, "duties.0")]
    assert assessed(harbour).total == TOTAL


def test_the_treasury_is_at_the_clearing_institution(harbour: World) -> None:
    for treasury in ("banksh", "nobody"):
        terms = rates_entry(notice_id="X", terms=replace(TERMS, treasury=treasury), duties=(), exchange=())
        assert harbour.say("customs", terms, by=FIRST) == [Answer(Code.NOT_FOUND, "terms.treasury")]


def test_a_missing_exchange_rate_is_told(harbour: World) -> None:
    found = accepted(harbour, declared(currency="USD"))
    assess = AssessTax(command_id=an_id(), declaration_id=found.record_id)
    assert harbour.say("customs", assess, by=TAX) == [Answer(Code.RATE_MISSING, "currency")]


def test_rates_are_customs_own(harbour: World) -> None:
    rate = (DutyRate(direction=DUTIES[0].direction, hs_code="0801", duty_ppm=1),)
    for bank in ("banksh", "clearing", "regulator"):
        assert harbour.say(bank, rates_entry(notice_id="Y", duties=rate)) == [Answer(Code.AG08)]
