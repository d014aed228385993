"""A payment on its two axes: what it is refused for, rejected for, and what its states mean to ISO 20022."""

from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from settlement.accounts.account import BALANCE_LIMIT_MINOR, Account, AccountState
from settlement.catalogue import family
from settlement.day import BusinessDay, DayState
from settlement.errors import Code, Family
from settlement.participants import ParticipantState
from settlement.payments import payment
from settlement.payments.commands import CreditStatus, SubmitPayment, WhenUnfunded
from settlement.payments.payment import STATUS, Settlement, SettlementState
from tests.builders import TODAY, TOMORROW, YESTERDAY, a_confirmation, a_payment
from tests.expectations import refused
from tests.unit.test_account import an_account
from tests.unit.test_day import a_day
from tests.unit.test_participants import OTHER, a_participant

PAYER = a_participant()
PAYEE = a_participant(organisation=OTHER)
FUNDED = an_account(50_000)
BLOCKED = replace(FUNDED, state=AccountState.BLOCKED)
CLOSED = an_account(state=AccountState.CLOSED)
FULL = an_account(BALANCE_LIMIT_MINOR - 1)
REJECT: dict[str, Any] = {"when_unfunded": WhenUnfunded.REJECT}


def decide(command: SubmitPayment | None = None, **facts: Any) -> Settlement:
    given: dict[str, Any] = {"day": a_day(), "payer": PAYER, "payee": PAYEE, "debit": FUNDED, "credit": an_account()}
    return payment.settled(command or a_payment("100.00"), **{**given, **facts})


def stopped(*, may_be_credited: bool = False) -> Any:
    return replace(PAYEE, state=ParticipantState.SUSPENDED, may_be_credited=may_be_credited)


def test_a_payment_in_order_moves_its_amount() -> None:
    outcome = decide()
    assert (outcome.code, outcome.debit, outcome.credit) == (None, an_account(40_000), an_account(10_000))


def test_a_payment_may_take_the_last_unit() -> None:
    assert decide(debit=an_account(10_000)).debit == an_account(0)
    assert decide(debit=an_account(10_500, 500)).debit == an_account(500, 500)


@pytest.mark.parametrize(
    ("changes", "facts", "code", "where"),
    [
        ({}, {"debit": None}, Code.AC01, "payer"),
        ({}, {"credit": None}, Code.AC01, "payee"),
        ({"instructing_agent": "MAINDEFFXXX"}, {}, Code.DNOR, "instructing_agent"),
        ({"instructed_agent": "MAINDEFFXXX"}, {}, Code.CNOR, "instructed_agent"),
        ({}, {"payee": PAYER}, Code.CNOR, "payee"),
        ({}, {"payee": replace(PAYEE, state=ParticipantState.ONBOARDED)}, Code.CNOR, "payee"),
        ({}, {"payee": replace(PAYEE, state=ParticipantState.EXITED)}, Code.CNOR, "payee"),
        ({"settlement_date": TOMORROW}, {}, Code.DT04, "settlement_date"),
        ({}, {"debit": an_account(9_999)}, Code.UNFUNDED, "amount"),
        ({}, {"debit": an_account(10_500, 501)}, Code.UNFUNDED, "amount"),
        # Wrong in two ways: the code that stands first wins, and a refusal over a rejection.
        ({"instructing_agent": "MAINDEFFXXX"}, {"debit": None}, Code.AC01, "payer"),
        ({"instructed_agent": "MAINDEFFXXX"}, {"credit": None}, Code.AC01, "payee"),
        ({"instructing_agent": "X", "instructed_agent": "X"}, {}, Code.DNOR, "instructing_agent"),
        ({"instructed_agent": "X", "settlement_date": TOMORROW}, {}, Code.CNOR, "instructed_agent"),
        ({"settlement_date": TOMORROW}, {"debit": an_account(1)}, Code.DT04, "settlement_date"),
        ({"settlement_date": YESTERDAY}, {"debit": an_account(1)}, Code.UNFUNDED, "amount"),
        ({}, {"debit": an_account(1), "payee": stopped()}, Code.UNFUNDED, "amount"),
        ({"settlement_date": TOMORROW}, {"credit": CLOSED}, Code.DT04, "settlement_date"),
    ],
)
def test_a_payment_is_refused_for_what_it_names(
    changes: dict[str, str], facts: dict[str, Any], code: Code, where: str
) -> None:
    with refused(code, where):
        decide(a_payment("100.00", **changes), **facts)
    assert family(code) is Family.REFUSAL


@pytest.mark.parametrize(
    ("changes", "facts", "code"),
    [
        ({"settlement_date": YESTERDAY}, {}, Code.DT01),
        ({}, {"day": a_day(DayState.CUT_OFF)}, Code.TM01),
        ({}, {"day": None}, Code.TM01),
        ({}, {"payee": stopped()}, Code.AG11),
        ({}, {"debit": replace(FUNDED, state=AccountState.CLOSED)}, Code.AC04),
        ({}, {"credit": CLOSED}, Code.AC04),
        ({}, {"debit": BLOCKED}, Code.AC06),
        ({}, {"credit": BLOCKED}, Code.AC06),
        ({}, {"credit": FULL}, Code.AM02),
        (REJECT, {"debit": an_account(9_999)}, Code.AM04),
        # Wrong in two ways.
        ({"settlement_date": YESTERDAY}, {"day": a_day(DayState.CUT_OFF)}, Code.DT01),
        ({}, {"day": a_day(DayState.CLOSED), "payee": stopped()}, Code.TM01),
        ({}, {"payee": stopped(), "credit": CLOSED}, Code.AG11),
        ({}, {"debit": BLOCKED, "credit": CLOSED}, Code.AC04),
        ({}, {"debit": BLOCKED, "credit": FULL}, Code.AC06),
        (REJECT, {"debit": an_account(1), "credit": FULL}, Code.AM02),
        (REJECT, {"debit": an_account(1), "day": a_day(DayState.CLOSED)}, Code.TM01),
    ],
)
def test_a_rejected_payment_moves_nothing(changes: dict[str, Any], facts: dict[str, Any], code: Code) -> None:
    """A rejection tells its code and leaves both accounts as they were (I3)."""
    outcome = decide(a_payment("100.00", **changes), **facts)
    assert outcome.code is code
    assert family(code) is Family.REJECTION
    assert (outcome.debit, outcome.credit) == (facts.get("debit", FUNDED), facts.get("credit", an_account()))


def test_a_suspended_bank_that_may_be_credited_is_credited() -> None:
    assert decide(payee=stopped(may_be_credited=True)).credit == an_account(10_000)


def test_the_status_table_is_total_over_the_pairs_that_can_be() -> None:
    """Credit is told of settled payments alone; every pair that can be has one status."""
    possible = {
        (state, credit)
        for state, credit in product(SettlementState, [None, *CreditStatus])
        if credit is None or state is SettlementState.SETTLED
    }
    assert set(STATUS) == possible


@pytest.mark.parametrize(
    ("state", "credit", "status"),
    [
        (SettlementState.PENDING, None, "PDNG"),
        (SettlementState.RESERVED, None, "ACSP"),
        (SettlementState.SETTLED, None, "ACSC"),
        (SettlementState.SETTLED, CreditStatus.WAITING, "ACSP"),
        (SettlementState.SETTLED, CreditStatus.NOT_POSTED, "ACWP"),
        (SettlementState.SETTLED, CreditStatus.CREDITED, "ACCC"),
        (SettlementState.SETTLED, CreditStatus.BLOCKED, "BLCK"),
        (SettlementState.REJECTED, None, "RJCT"),
    ],
)
def test_a_pair_has_its_transaction_status(state: SettlementState, credit: CreditStatus | None, status: str) -> None:
    assert STATUS[state, credit].status == status


def test_credit_moves_forward_only() -> None:
    """Steps may be skipped; nothing is taken back, and an end is an end (I11)."""
    order = [None, CreditStatus.WAITING, CreditStatus.NOT_POSTED, CreditStatus.CREDITED]
    for before, after in product(range(4), range(1, 4)):
        status = order[after]
        assert status is not None
        assert payment.credit_moves_forward(order[before], status) is (after > before)
    for end in (CreditStatus.CREDITED, CreditStatus.BLOCKED):
        assert not any(payment.credit_moves_forward(end, status) for status in CreditStatus)
    assert payment.credit_moves_forward(CreditStatus.NOT_POSTED, CreditStatus.BLOCKED)


@pytest.mark.parametrize(
    ("status", "changes", "code", "where"),
    [
        (CreditStatus.WAITING, {}, Code.CH21, "reason"),
        (CreditStatus.WAITING, {"reason": "AC04"}, Code.CH16, "reason"),
        (CreditStatus.BLOCKED, {}, Code.CH21, "reason"),
        (CreditStatus.BLOCKED, {"reason": "ac4"}, Code.CH16, "reason"),
        (CreditStatus.CREDITED, {"reason": "G002"}, Code.CH17, "reason"),
        (CreditStatus.NOT_POSTED, {"reason": "G002"}, Code.CH17, "reason"),
        (CreditStatus.CREDITED, {"effective_date": "2026-02-30"}, Code.CH16, "effective_date"),
        (CreditStatus.CREDITED, {"message_id": "x" * 36}, Code.CH16, "message_id"),
        (CreditStatus.CREDITED, {"created_at": "yesterday"}, Code.CH16, "created_at"),
        (CreditStatus.CREDITED, {"additional": ("x" * 106,)}, Code.CH16, "additional"),
        (CreditStatus.BLOCKED, {"effective_date": "never"}, Code.CH21, "reason"),
    ],
)
def test_a_statement_that_is_not_in_order_is_refused(
    status: CreditStatus, changes: dict[str, Any], code: Code, where: str
) -> None:
    with refused(code, where):
        payment.require_statement(a_confirmation(a_payment(), "00", status, **changes))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (CreditStatus.WAITING, "G002"),
        (CreditStatus.WAITING, "G003"),
        (CreditStatus.WAITING, "G004"),
        (CreditStatus.NOT_POSTED, ""),
        (CreditStatus.CREDITED, ""),
        (CreditStatus.BLOCKED, "AC06"),
    ],
)
def test_a_statement_in_order_is_taken(status: CreditStatus, reason: str) -> None:
    payment.require_statement(
        a_confirmation(a_payment(), "00", status, reason=reason, effective_date=TODAY, created_at=f"{TODAY}T01:00:00Z")
    )


def test_deciding_changes_nothing_it_was_given() -> None:
    """Records are values: what went in is what it was."""
    day, debit, credit = a_day(), an_account(50_000), an_account()
    decide(day=day, debit=debit, credit=credit)
    assert (day, debit, credit) == (
        BusinessDay(currency="CNY", date=TODAY, state=DayState.OPEN),
        FUNDED,
        Account(participant="banksh", currency="CNY"),
    )
