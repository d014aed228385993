"""Returns: never more than was settled, in its currency, each once."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.accounts.account import BALANCE_LIMIT_MINOR, Account, AccountState
from settlement.day import DayState
from settlement.errors import Code
from settlement.participants import ParticipantState
from settlement.parties import Agent
from settlement.payments import returns
from settlement.payments.commands import Charge, ReturnPayment
from settlement.payments.returns import PaymentRecord
from tests.builders import TOMORROW, YESTERDAY, a_payment, a_return
from tests.expectations import refused
from tests.unit.test_account import an_account
from tests.unit.test_day import a_day
from tests.unit.test_participants import a_participant

PAID = a_payment("100.00")
SETTLED = PaymentRecord(
    journal="00", uetr=PAID.uetr, payer=PAID.payer, payee=PAID.payee, currency="CNY", amount="100.00"
)
HALF = replace(SETTLED, returned_minor=5_000, returns=("RTR-1",))
CHARGE = Charge(amount="1.00", currency="CNY", agent=Agent(bic="BOSPTRISXXX"))
HOLDING = an_account(10_000)
BLOCKED = an_account(10_000, state=AccountState.BLOCKED)


def give_back(
    amount: str = "", *, of: PaymentRecord = SETTLED, facts: dict[str, Any] | None = None, **others: Any
) -> tuple[PaymentRecord, Account, Account]:
    given: dict[str, Any] = {"day": a_day(), "payer": a_participant(), "debit": HOLDING, "credit": an_account()}
    command: ReturnPayment = a_return(PAID, "00", amount, **others)
    return returns.returned(of, command, **{**given, **(facts or {})})


def test_a_full_return_moves_everything_back() -> None:
    record, debit, credit = give_back(return_id="RTR-1")
    assert (record.returned_minor, record.left_minor, record.returns) == (10_000, 0, ("RTR-1",))
    assert (debit.posted_minor, credit.posted_minor) == (0, 10_000)


def test_partial_returns_add_up() -> None:
    """A second return takes no more than the first left; the last one needs no explanation."""
    first, *_ = give_back("40.00", return_id="A")
    second, *_ = give_back("60.00", of=first, return_id="B", additional=())
    assert (first.left_minor, second.left_minor, second.returns) == (6_000, 0, ("A", "B"))


def test_charges_explain_what_is_kept_back() -> None:
    """They make up the difference, to the last minor unit; else the return says PART."""
    record, *_ = give_back("99.00", additional=(), charges=(CHARGE,))
    assert record.left_minor == 100
    record, *_ = give_back("98.00", additional=(), charges=(CHARGE, CHARGE, replace(CHARGE, amount="0.00")))
    assert record.left_minor == 200
    for amount, charges in (
        ("98.99", (CHARGE,)),
        ("99.01", (CHARGE,)),
        ("40.00", (replace(CHARGE, amount="0.00"),)),
        ("99.00", (replace(CHARGE, currency="EUR"),)),
    ):
        with refused(Code.CH21):
            give_back(amount, additional=(), charges=charges)
        give_back(amount, additional=("PART", "AM09"), charges=charges)


@pytest.mark.parametrize("line", ["PARTY NOT KNOWN", "PARTIAL", "PART2", "part", "IN PART"])
def test_a_return_is_partial_only_where_it_says_the_word(line: str) -> None:
    """A line that only begins with its letters explains nothing."""
    with refused(Code.CH21):
        give_back("40.00", additional=(line,))
    for word in ("PART", "PART AM09", "PART/AM09"):
        assert give_back("40.00", additional=(line, word))[0].left_minor == 6_000


@pytest.mark.parametrize("state", [DayState.OPEN, DayState.CUT_OFF])
def test_a_return_passes_until_the_day_is_closed(state: DayState) -> None:
    assert give_back(facts={"day": a_day(state)})[0].left_minor == 0


@pytest.mark.parametrize(
    ("of", "changes", "facts", "code"),
    [
        (SETTLED, {"amount": "100.01"}, {}, Code.AM09),
        (HALF, {"amount": "50.01", "return_id": "B"}, {}, Code.AM09),
        (HALF, {"amount": "50.00", "return_id": "RTR-1"}, {}, Code.ALREADY_EXISTS),
        (SETTLED, {"currency": "JPY", "amount": "100"}, {}, Code.AM03),
        (SETTLED, {"amount": "99.99", "additional": ()}, {}, Code.CH21),
        (SETTLED, {"amount": "99.99", "additional": ("NOT PART",)}, {}, Code.CH21),
        (SETTLED, {"settlement_date": TOMORROW}, {}, Code.DT04),
        (SETTLED, {"settlement_date": YESTERDAY}, {}, Code.DATE_PAST),
        (SETTLED, {}, {"day": a_day(DayState.CLOSED)}, Code.DAY_CLOSED),
        (SETTLED, {}, {"debit": an_account(9_999)}, Code.UNFUNDED),
        (SETTLED, {}, {"debit": an_account(10_000, 1)}, Code.UNFUNDED),
        (SETTLED, {}, {"debit": BLOCKED}, Code.ACCOUNT_NOT_USABLE),
        (SETTLED, {}, {"credit": BLOCKED}, Code.ACCOUNT_NOT_USABLE),
        (SETTLED, {}, {"credit": an_account(BALANCE_LIMIT_MINOR - 1)}, Code.ACCOUNT_NOT_USABLE),
        (SETTLED, {}, {"payer": a_participant(ParticipantState.EXITED)}, Code.ACCOUNT_NOT_USABLE),
        (SETTLED, {}, {"payer": a_participant(ParticipantState.SUSPENDED)}, Code.ACCOUNT_NOT_USABLE),
        # Wrong in two ways.
        (HALF, {"amount": "80.00", "return_id": "RTR-1"}, {}, Code.ALREADY_EXISTS),
        (HALF, {"currency": "JPY", "amount": "80", "return_id": "RTR-1"}, {}, Code.AM03),
        (SETTLED, {"amount": "100.01"}, {"debit": BLOCKED}, Code.AM09),
        (SETTLED, {"settlement_date": TOMORROW}, {"debit": BLOCKED}, Code.ACCOUNT_NOT_USABLE),
        (SETTLED, {"settlement_date": TOMORROW}, {"debit": an_account()}, Code.DT04),
    ],
)
def test_a_return_that_cannot_be_is_refused(
    of: PaymentRecord, changes: dict[str, Any], facts: dict[str, Any], code: Code
) -> None:
    with refused(code):
        give_back(of=of, facts=facts, **changes)


def test_what_is_returned_in_full_is_at_its_end() -> None:
    """Its creditor's bank has no more to say of it, and nothing is left to send back (I11)."""
    returns.require_not_returned(HALF)
    whole, *_ = give_back()
    with refused(Code.MOVE_NOT_ALLOWED):
        returns.require_not_returned(whole)
    with refused(Code.AM09):
        give_back("0.01", of=whole, return_id="again")
