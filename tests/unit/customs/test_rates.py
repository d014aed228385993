"""Notices of customs: what is refused in one, four eyes, and what is in force on a date."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.customs import rates
from settlement.customs.duty import Direction, Rates
from settlement.customs.rates import DutyHistory, DutyRate, ExchangeRate, Notice, NoticeState, WithdrawRates
from settlement.errors import Code
from settlement.parties import Party, PostalAddress
from tests.builders import an_id
from tests.customs_samples import DUTIES, EUR, OFFICER, SECOND_OFFICER, TERMS, rates_approval, rates_entry
from tests.expectations import refused

TOWNLESS = Party(name="T", address=PostalAddress(country="CN"))


def entered(**others: Any) -> Notice:
    return rates.entered(None, rates_entry(**others), customs="customs", signer=OFFICER.signer, at_ms=1)


def duty(**others: Any) -> DutyRate:
    return replace(DUTIES[0], **others)


def test_a_notice_waits_for_a_second_officer() -> None:
    notice = entered()
    assert notice.state is NoticeState.ENTERED
    with refused(Code.SAME_SIGNER, "notice_id"):
        rates.decided(notice, rates_approval(), customs="customs", signer=OFFICER.signer, at_ms=2)
    approved = rates.decided(notice, rates_approval(), customs="customs", signer=SECOND_OFFICER.signer, at_ms=2)
    assert (approved.state, approved.decided_by) == (NoticeState.IN_FORCE, SECOND_OFFICER.signer)
    for command in (rates_approval(), WithdrawRates(command_id=an_id(), notice_id="GAC-2026-11")):
        with refused(Code.MOVE_NOT_ALLOWED, "customs_notice.IN_FORCE"):
            rates.decided(approved, command, customs="customs", signer=SECOND_OFFICER.signer, at_ms=3)


def test_who_entered_a_notice_may_withdraw_it() -> None:
    command = WithdrawRates(command_id=an_id(), notice_id="GAC-2026-11")
    withdrawn = rates.decided(entered(), command, customs="customs", signer=OFFICER.signer, at_ms=2)
    assert withdrawn.state is NoticeState.WITHDRAWN


def test_another_customs_notice_is_not_there() -> None:
    with refused(Code.NOT_FOUND, "notice_id"):
        rates.decided(entered(), rates_approval(), customs="other", signer=SECOND_OFFICER.signer, at_ms=2)


def test_a_notice_is_entered_once() -> None:
    with refused(Code.ALREADY_EXISTS, "notice_id"):
        rates.entered(entered(), rates_entry(), customs="customs", signer=OFFICER.signer, at_ms=1)


@pytest.mark.parametrize(
    ("others", "code", "where"),
    [
        ({"notice_id": ""}, Code.CH21, "notice_id"),
        ({"notice_id": "a b"}, Code.CH16, "notice_id"),
        ({"effective_from": "2026-13-01"}, Code.CH16, "effective_from"),
        ({"duties": (), "exchange": (), "terms": None}, Code.CH21, "duties"),
        ({"duties": (duty(hs_code="080"),)}, Code.HS_CODE_WRONG, "duties.0.hs_code"),
        ({"duties": (DUTIES[0], duty(duty_ppm=-1))}, Code.CH16, "duties.1.duty_ppm"),
        ({"duties": (duty(vat_ppm=1_000_000),)}, Code.CH16, "duties.0.vat_ppm"),
        ({"duties": (duty(direction=Direction.EXPORT),)}, Code.CH17, "duties.0.vat_ppm"),
        ({"exchange": (replace(EUR, currency="XXX"),)}, Code.AM03, "currency"),
        ({"exchange": (replace(EUR, currency="CNY"),)}, Code.CH17, "exchange.0.currency"),
        ({"exchange": (replace(EUR, month="2026-13"),)}, Code.CH16, "exchange.0.month"),
        ({"exchange": (EUR, replace(EUR, month="2026-12", rate="0"))}, Code.CH16, "exchange.1.rate"),
        ({"terms": replace(TERMS, declaration_days=-1)}, Code.CH16, "terms.declaration_days"),
        ({"terms": replace(TERMS, late_payment_ppm=1_000_000)}, Code.CH16, "terms.late_payment_ppm"),
        ({"terms": replace(TERMS, fee_unit_minor=0)}, Code.CH16, "terms.fee_unit_minor"),
        ({"terms": replace(TERMS, fee_unit_minor=10**13)}, Code.CH16, "terms.fee_unit_minor"),
        ({"terms": replace(TERMS, interest_minimum_minor=10**60)}, Code.CH16, "terms.interest_minimum_minor"),
        ({"terms": replace(TERMS, fee_minimum_minor=-1)}, Code.CH16, "terms.fee_minimum_minor"),
        ({"terms": replace(TERMS, treasury_account="")}, Code.CH21, "terms.treasury_account"),
        ({"terms": replace(TERMS, treasury_holder=Party(name="T"))}, Code.CH21, "terms.treasury_holder.address"),
        ({"terms": replace(TERMS, treasury_holder=TOWNLESS)}, Code.BE04, "terms.treasury_holder.address.town_name"),
    ],
)
def test_a_notice_that_is_not_in_order_is_refused(others: dict[str, Any], code: Code, where: str) -> None:
    with refused(code, where):
        entered(**others)


def test_history_is_added_to_and_never_written_anew() -> None:
    first = rates.with_duty(None, DUTIES[0], "2026-11-01", 0)
    second = rates.with_duty(first, duty(duty_ppm=1), "2026-12-01", 0)
    assert [period.effective_from for period in second.periods] == ["2026-11-01", "2026-12-01"]
    for late in ("2026-12-01", "2026-11-15"):
        with refused(Code.RATE_NOT_LATER, "duties.3"):
            rates.with_duty(second, DUTIES[0], late, 3)


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-11-01", 250_000), ("2026-11-30", 250_000), ("2026-12-01", 1), ("2027-12-01", 1)]
)
def test_what_was_in_force_on_a_date_stays_so(on: str, expected: int) -> None:
    history = rates.with_duty(rates.with_duty(None, DUTIES[0], "2026-11-01", 0), duty(duty_ppm=1), "2026-12-01", 0)
    assert rates.duty_in_force([None, history], on, "lines.0") == Rates(expected, 0, 90_000)


def test_the_closest_code_counts() -> None:
    """A heading's rate yields to that of a code below it, unless that one is not in force yet."""
    heading = rates.with_duty(None, DUTIES[0], "2026-11-01", 0)
    code = rates.with_duty(None, DUTIES[1], "2026-11-10", 0)
    closest: list[DutyHistory | None] = [None, code, heading]
    assert rates.duty_in_force(closest, "2026-11-10", "lines.0").duty_ppm == 100_000
    assert rates.duty_in_force(closest, "2026-11-09", "lines.0").duty_ppm == 250_000
    with refused(Code.RATE_MISSING, "lines.0"):
        rates.duty_in_force(closest, "2026-10-31", "lines.0")


def test_an_exchange_rate_is_of_its_month_alone() -> None:
    history = rates.with_exchange(None, EUR, 0)
    assert rates.exchange_in_force(history, "EUR", "2026-11-30") == "8.0512"
    assert rates.exchange_in_force(None, "CNY", "2026-11-30") == "1"
    for on, known in (("2026-12-01", history), ("2026-10-31", history), ("2026-11-30", None)):
        with refused(Code.RATE_MISSING, "currency"):
            rates.exchange_in_force(known, "EUR", on)
    later = rates.with_exchange(history, ExchangeRate(currency="EUR", month="2026-12", rate="8.1"), 0)
    assert rates.exchange_in_force(later, "EUR", "2026-11-30") == "8.0512"


def test_terms_are_those_of_the_date() -> None:
    history = rates.with_terms(
        rates.with_terms(None, TERMS, "2026-11-01"), replace(TERMS, payment_days=10), "2026-12-01"
    )
    assert rates.terms_in_force(history, "2026-11-30").payment_days == 15
    assert rates.terms_in_force(history, "2026-12-01").payment_days == 10
    for on, known in (("2026-10-31", history), ("2026-11-30", None)):
        with refused(Code.RATE_MISSING, "terms"):
            rates.terms_in_force(known, on)
