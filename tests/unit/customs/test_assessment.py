"""A tax assessment: what it reckons, what pays it and when, guarantees, refunds, and every event in every state."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from settlement.customs import assessment, levy
from settlement.customs.assessment import (
    LIFECYCLE,
    AssessmentEvent,
    AssessmentState,
    ClaimRefund,
    DeclineRefund,
    GuaranteeTax,
    Refund,
    TaxAssessment,
)
from settlement.customs.declaration import Declaration, DeclarationState
from settlement.customs.duty import Rates
from settlement.errors import Code, Refusal
from settlement.parties import CashAccount
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.terms import Terms
from tests.builders import TODAY, a_payment, an_id
from tests.customs_samples import (
    BANK,
    FABRIC,
    HAZELNUTS,
    OFFICER,
    TAX_OFFICER,
    TERMS,
    TRADER,
    a_declaration,
    an_actor,
    declared,
    exported,
    lodging,
)
from tests.expectations import refused

RATES = Rates(100_000, 0, 90_000)
TOTAL = "240328.32"
DUE = "2026-12-08"
LATE = "2026-12-11"
PAYMENT = PaymentName(journal="00", uetr="u")


def accepted(**others: Any) -> Declaration:
    return a_declaration(lodging(declared(**others)), state=DeclarationState.ACCEPTED)


def assess(
    found: Declaration, rates: Sequence[Rates] = (RATES,), rate: str = "8.0512"
) -> tuple[Declaration, TaxAssessment]:
    return levy.assessed(found, TAX_OFFICER, rates=rates, exchange_rate=rate, terms=TERMS, on=TODAY)


def one(**others: Any) -> TaxAssessment:
    return replace(assess(accepted())[1], **others)


def tax_payment(amount: str = TOTAL, **others: Any) -> SubmitPayment:
    return a_payment(amount, payee="clearing", creditor_account=CashAccount(other=TERMS.treasury_account), **others)


def test_the_taxes_of_hazelnuts() -> None:
    """Duty 10 % and VAT 9 %, each rounded; due fifteen days later."""
    moved, found = assess(accepted())
    assert (moved.state, moved.assessment, moved.assessments) == (DeclarationState.ASSESSED, found.record_id, 1)
    assert (found.value, found.duty, found.consumption_tax, found.vat) == (
        "1207680.00",
        "120768.00",
        "0.00",
        "119560.32",
    )
    assert (found.late_declaration_fee, found.total, found.due_on) == ("0.00", TOTAL, DUE)
    assert found.number == f"{moved.number}-01"
    assert (found.state, found.held_by) == (AssessmentState.ASSESSED, moved.held_by)


def test_each_line_is_reckoned_at_its_own_rate() -> None:
    lines = (replace(HAZELNUTS, value="100.01"), replace(HAZELNUTS, hs_code="08023200", value="33.33"))
    _, found = assess(accepted(lines=lines, currency="CNY"), [RATES, Rates(250_000, 0, 90_000)], "1")
    assert [(line.duty, line.vat) for line in found.lines] == [("10.00", "9.90"), ("8.33", "3.75")]
    assert (found.duty, found.vat, found.total) == ("18.33", "13.65", "31.98")


def test_a_late_declaration_costs_a_fee() -> None:
    """Three days late: 0.5 permille a day of 1,207,680.00 is 1,811.52, in whole yuan."""
    _, found = assess(accepted(arrived_on="2026-11-06"))
    assert found.late_declaration_fee == "1811.00"
    assert found.total == "242139.32"


def test_goods_without_tax_are_found_free_of_duty() -> None:
    found = a_declaration(lodging(exported()), state=DeclarationState.ACCEPTED)
    moved, nil = assess(found, (Rates(0),), "1")
    assert (moved.state, nil.state, nil.total) == (DeclarationState.DUTY_NIL, AssessmentState.NIL, "0.00")
    assert [act.event for act in moved.acts][-2:] == ["ASSESSED", "FOUND_FREE_OF_DUTY"]
    assert nil.value == FABRIC.value


def test_a_summary_is_not_assessed() -> None:
    found = a_declaration(lodging(is_summary=True), state=DeclarationState.ACCEPTED)
    with refused(Code.DECLARATION_INCOMPLETE):
        assess(found)


@pytest.mark.parametrize("state", DeclarationState)
def test_only_accepted_and_inspected_goods_are_assessed(state: DeclarationState) -> None:
    found = replace(accepted(), state=state)
    if state in (DeclarationState.ACCEPTED, DeclarationState.INSPECTED_OK):
        assert assess(found)[0].state is DeclarationState.ASSESSED
    else:
        with refused(Code.MOVE_NOT_ALLOWED, f"declaration.{state.value}"):
            assess(found)


def test_another_customs_does_not_assess() -> None:
    found = accepted()
    with refused(Code.NOT_FOUND):
        assess(replace(found, customs="qingdao"))


@pytest.mark.parametrize(
    ("on", "interest", "state"),
    [
        (TODAY, 0, AssessmentState.ASSESSED),
        (DUE, 0, AssessmentState.ASSESSED),
        ("2026-12-09", 12_016, AssessmentState.OVERDUE),
        (LATE, 36_049, AssessmentState.OVERDUE),
    ],
)
def test_tax_is_overdue_from_the_day_after_it_was_due(on: str, interest: int, state: AssessmentState) -> None:
    """0.5 permille of 240,328.32 is 120.16416 a day."""
    assert assessment.owed(one(), on) == (24_032_832, interest)
    assert assessment.state_on(one(), on) is state


def test_a_fee_bears_no_interest() -> None:
    _, found = assess(accepted(arrived_on="2026-11-06"))
    assert assessment.owed(found, LATE) == (24_213_932, 36_049)


def test_what_is_paid_is_what_is_owed_on_the_day() -> None:
    found = one()
    assert levy.require_payment(found, tax_payment(), DUE) == found
    assert levy.require_payment(found, tax_payment("240688.81"), LATE) == found
    for amount, on in ((TOTAL, LATE), ("240688.81", DUE), ("240328.31", DUE)):
        with refused(Code.AM09, "amount"):
            levy.require_payment(found, tax_payment(amount), on)


@pytest.mark.parametrize(
    ("others", "code", "where"),
    [
        ({"payee": "bankist"}, Code.NOT_THE_TREASURY, "payee"),
        ({"creditor_account": None}, Code.NOT_THE_TREASURY, "creditor_account"),
        ({"creditor_account": CashAccount(other="1")}, Code.NOT_THE_TREASURY, "creditor_account"),
        ({"currency": "EUR"}, Code.AM09, "currency"),
        ({"terms": Terms(expires_on=DUE, not_before=DUE)}, Code.CH17, "terms"),
    ],
)
def test_tax_is_paid_to_the_treasury(others: dict[str, Any], code: Code, where: str) -> None:
    with refused(code, where):
        levy.require_payment(one(), replace(tax_payment(), **others), TODAY)


def test_no_tax_is_paid_that_there_is_not() -> None:
    with refused(Code.NOT_FOUND, "assessment_id"):
        levy.require_payment(None, tax_payment(), TODAY)
    for state in set(AssessmentState) - {AssessmentState.ASSESSED, AssessmentState.OVERDUE}:
        with refused(Code.MOVE_NOT_ALLOWED, f"tax_assessment.{state.value}"):
            levy.require_payment(one(state=state), tax_payment(), TODAY)


def test_a_payment_stands_on_both_records() -> None:
    moved, found = assess(accepted())
    declaration, after = levy.paid(found, moved, BANK, payment=PAYMENT, on=TODAY)
    assert (declaration.state, after.state) == (DeclarationState.DUTY_PAID, AssessmentState.PAID)
    assert (after.payment, after.paid_on, after.interest) == (PAYMENT, TODAY, "0.00")


def test_a_late_payment_tells_that_the_tax_was_overdue() -> None:
    moved, found = assess(accepted())
    _, after = levy.paid(found, moved, an_actor("banksh", BANK.role, "g", tx_id="01"), payment=PAYMENT, on=LATE)
    assert ([act.event for act in after.acts], after.interest) == (["FELL_OVERDUE", "PAID"], "360.49")


def guarantee(**others: Any) -> GuaranteeTax:
    command = GuaranteeTax(command_id=an_id(), assessment_id="00", reference="LG-2026-77", expires_on=DUE)
    return replace(command, **others)


def test_a_bank_answers_for_its_customers_tax() -> None:
    moved, found = assess(accepted())
    declaration, after = levy.guaranteed(found, moved, guarantee(), BANK, on=TODAY)
    assert (declaration.state, after.state) == (DeclarationState.DUTY_GUARANTEED, AssessmentState.ASSESSED)
    assert after.guarantee is not None
    assert (after.guarantee.guarantor, after.guarantee.amount) == ("banksh", TOTAL)
    assert assessment.guaranteed_until(after) == DUE
    paid, _ = levy.paid(after, declaration, BANK, payment=PAYMENT, on=TODAY)
    assert paid.state is DeclarationState.DUTY_PAID


def test_guaranteed_tax_is_paid_after_the_goods_are_gone() -> None:
    moved, found = assess(accepted())
    gone = replace(moved, state=DeclarationState.RELEASED)
    declaration, after = levy.paid(found, gone, BANK, payment=PAYMENT, on=TODAY)
    assert (declaration.state, after.state) == (DeclarationState.RELEASED, AssessmentState.PAID)


@pytest.mark.parametrize(
    ("command", "by", "on", "code"),
    [
        (guarantee(reference=""), BANK, TODAY, Code.CH21),
        (guarantee(expires_on="soon"), BANK, TODAY, Code.CH16),
        (guarantee(expires_on="2026-12-07"), BANK, TODAY, Code.DATE_PAST),
        (guarantee(expires_on="2027-01-01"), BANK, LATE, Code.MOVE_NOT_ALLOWED),
        (guarantee(), an_actor("bankist", BANK.role, "g"), TODAY, Code.NOT_FOUND),
    ],
)
def test_a_guarantee_that_is_none_is_refused(command: GuaranteeTax, by: Any, on: str, code: Code) -> None:
    moved, found = assess(accepted())
    with refused(code):
        levy.guaranteed(found, moved, command, by, on=on)


def claim(amount: str = "100.00", **others: Any) -> ClaimRefund:
    command = ClaimRefund(command_id=an_id(), assessment_id="00", amount=amount, reason="Short-landed")
    return replace(command, **others)


PAID = one(state=AssessmentState.PAID, interest="360.49", paid_on=LATE)
CLAIMED = replace(PAID, state=AssessmentState.REFUND_CLAIMED, refund=Refund(amount="100.00", reason="Short-landed"))


def test_a_trader_claims_back_at_most_what_it_paid() -> None:
    assert levy.refund_claimed(PAID, claim("240688.81"), TRADER).state is AssessmentState.REFUND_CLAIMED
    with refused(Code.AM09, "amount"):
        levy.refund_claimed(PAID, claim("240688.82"), TRADER)
    with refused(Code.NOT_FOUND):
        levy.refund_claimed(PAID, claim(), an_actor("banksh", TRADER.role, "t", "5493001KJTIIGC8Y1R12"))
    with refused(Code.CH21, "reason"):
        levy.refund_claimed(PAID, claim(reason=""), TRADER)


def test_a_refund_is_sent_once_a_tax_officer_has_granted_it() -> None:
    """Exactly what was granted, once."""
    for found in (CLAIMED, PAID, replace(CLAIMED, state=AssessmentState.REFUNDED)):
        with refused(Code.REFUND_NOT_GRANTED):
            levy.require_return(found, "100.00")
    taxed = assess(accepted())[0]
    waiting = replace(taxed, state=DeclarationState.DUTY_PAID, assessment=CLAIMED.record_id)
    with refused(Code.MOVE_NOT_ALLOWED, "declaration.DUTY_PAID"):
        levy.refund_granted(CLAIMED, waiting, TAX_OFFICER)
    granted = levy.refund_granted(CLAIMED, replace(waiting, assessment="of the next"), TAX_OFFICER)
    assert granted == levy.refund_granted(CLAIMED, replace(waiting, state=DeclarationState.RELEASED), TAX_OFFICER)
    assert granted.refund is not None
    assert (granted.state, granted.refund.granted_by) == (AssessmentState.REFUND_CLAIMED, TAX_OFFICER.signer)
    levy.require_return(granted, "100.00")
    with refused(Code.AM09, "amount"):
        levy.require_return(granted, "100.01")
    assert levy.refunded(granted, TAX_OFFICER).state is AssessmentState.REFUNDED
    declined = levy.refund_declined(
        CLAIMED, DeclineRefund(command_id=an_id(), assessment_id="00", reason="Landed in full"), TAX_OFFICER
    )
    assert (declined.state, declined.refund) == (AssessmentState.PAID, None)


def test_what_is_paid_is_not_withdrawn() -> None:
    gone = levy.withdrawn(one(), OFFICER, "cancelled")
    assert gone is not None
    assert gone.state is AssessmentState.WITHDRAWN
    assert levy.withdrawn(PAID, OFFICER, "cancelled") is None


DECISIONS: dict[AssessmentEvent, Callable[[TaxAssessment], TaxAssessment]] = {
    AssessmentEvent.PAID: lambda found: levy.paid(found, assess(accepted())[0], BANK, payment=PAYMENT, on=TODAY)[1],
    AssessmentEvent.GUARANTEED: lambda found: levy.guaranteed(
        found, assess(accepted())[0], guarantee(), BANK, on=TODAY
    )[1],
    AssessmentEvent.REFUND_CLAIMED: lambda found: levy.refund_claimed(found, claim(), TRADER),
    AssessmentEvent.REFUND_GRANTED: lambda found: levy.refund_granted(found, assess(accepted())[0], OFFICER),
    AssessmentEvent.REFUNDED: lambda found: levy.refunded(found, OFFICER),
    AssessmentEvent.REFUND_DECLINED: lambda found: levy.refund_declined(
        found, DeclineRefund(command_id=an_id(), assessment_id="00", reason="No"), OFFICER
    ),
}


@pytest.mark.parametrize(("state", "event"), list(product(AssessmentState, DECISIONS)))
def test_each_event_leads_where_its_row_says_or_is_refused(state: AssessmentState, event: AssessmentEvent) -> None:
    found = replace(CLAIMED, state=state)
    if (state, event) in LIFECYCLE.moves:
        assert DECISIONS[event](found).state is LIFECYCLE.moves[state, event]
    else:
        with pytest.raises(Refusal) as told:
            DECISIONS[event](found)
        assert told.value.code is Code.MOVE_NOT_ALLOWED
