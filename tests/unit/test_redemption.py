"""Redemptions: reserved when asked, burned by two officers, paid out or restored."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.accounts import redemption
from settlement.accounts.account import Account, AccountState
from settlement.accounts.circulation import Circulation
from settlement.accounts.redemption import DeclineRedemption, FailPayout, RecordPayout, Redemption, RedemptionState
from settlement.day import BusinessDay, DayState
from settlement.errors import Code
from tests.builders import TODAY, a_redemption_request, an_id
from tests.expectations import refused
from tests.unit.test_account import an_account, an_issuer
from tests.unit.test_day import a_day
from tests.unit.test_issuance import CHECKER, MAKER


def ask(
    amount: str = "5.00",
    *,
    existing: Redemption | None = None,
    day: BusinessDay | None = None,
    account: Account | None = None,
    **others: Any,
) -> tuple[Redemption, Account]:
    command = replace(a_redemption_request(amount, redemption_id="R-1"), **others)
    return redemption.requested(existing, command, "banksh", day=day or a_day(), account=account or an_account(800))


def a_redemption(state: RedemptionState = RedemptionState.CONFIRMED) -> Redemption:
    asked, _ = ask()
    return replace(asked, state=state, confirmed_by=MAKER)


def declining(reason: str = "wrong account") -> DeclineRedemption:
    return DeclineRedemption(command_id=an_id(), participant="banksh", redemption_id="R-1", reason=reason)


def failing(reason: str = "the payment came back") -> FailPayout:
    return FailPayout(command_id=an_id(), participant="banksh", redemption_id="R-1", reason=reason)


def paying(reference: str = "CAMT054-9") -> RecordPayout:
    return RecordPayout(command_id=an_id(), participant="banksh", redemption_id="R-1", payout_reference=reference)


RESERVED = an_account(800, 500, open_items=1)
BURNED = an_account(300, open_items=1)


def test_a_request_reserves_its_amount() -> None:
    asked, account = ask()
    assert (asked.state, account) == (RedemptionState.REQUESTED, RESERVED)
    assert account.available_minor == 300


@pytest.mark.parametrize("state", [DayState.OPEN, DayState.CUT_OFF])
def test_a_request_passes_until_the_day_is_closed(state: DayState) -> None:
    assert ask(day=a_day(state))[1] == RESERVED
    with refused(Code.DAY_CLOSED):
        ask(day=a_day(DayState.CLOSED))


def test_approval_burns_what_was_reserved() -> None:
    done, issuer, account = redemption.approved(a_redemption(), CHECKER, account=RESERVED, issuer=an_issuer(-800))
    assert (done.state, done.approved_by, account) == (RedemptionState.BURNED, CHECKER, BURNED)
    assert issuer.account.posted_minor == -300
    assert issuer.circulation == Circulation(currency="CNY", issued_minor=800, redeemed_minor=500)


def test_four_eyes_are_two_people() -> None:
    other = replace(MAKER, name="officer-9", serial="99")
    for signer in (MAKER, other):
        with refused(Code.SAME_SIGNER, "redemption_id"):
            redemption.approved(a_redemption(), signer, account=RESERVED, issuer=an_issuer(-800))


def test_a_blocked_account_is_not_burned_from() -> None:
    blocked = replace(RESERVED, state=AccountState.BLOCKED)
    with refused(Code.ACCOUNT_NOT_USABLE, "currency"):
        redemption.approved(a_redemption(), CHECKER, account=blocked, issuer=an_issuer(-800))


@pytest.mark.parametrize("state", [RedemptionState.REQUESTED, RedemptionState.CONFIRMED])
def test_declining_releases_what_was_reserved(state: RedemptionState) -> None:
    ended, account = redemption.declined(a_redemption(state), declining(), CHECKER, RESERVED)
    assert (ended.state, ended.ended_by, account) == (RedemptionState.DECLINED, CHECKER, an_account(800))


def test_a_payout_ends_with_its_reference() -> None:
    ended, account = redemption.paid_out(a_redemption(RedemptionState.BURNED), paying(), CHECKER, BURNED)
    assert (ended.state, ended.payout_reference, ended.ended_by) == (RedemptionState.PAID_OUT, "CAMT054-9", CHECKER)
    assert account == an_account(300)


def test_a_failed_payout_restores_what_was_burned() -> None:
    burned = a_redemption(RedemptionState.BURNED)
    ended, issuer, account = redemption.failed(burned, failing(), CHECKER, account=BURNED, issuer=an_issuer(-300))
    assert (ended.state, ended.ended_by, account) == (RedemptionState.FAILED, CHECKER, an_account(800))
    assert issuer.account.posted_minor == -800


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"existing": a_redemption()}, Code.ALREADY_EXISTS),
        ({"payout_account": ""}, Code.CH21),
        ({"redemption_id": ""}, Code.CH21),
        ({"amount": "8.01"}, Code.UNFUNDED),
        ({"amount": "3.01", "account": RESERVED}, Code.UNFUNDED),
        ({"amount": "5.000"}, Code.CH20),
        ({"account": an_account(800, state=AccountState.BLOCKED)}, Code.ACCOUNT_NOT_USABLE),
        # Wrong in two ways.
        ({"existing": a_redemption(), "amount": "0.00"}, Code.AM01),
        ({"existing": a_redemption(), "account": an_account(state=AccountState.CLOSED)}, Code.ALREADY_EXISTS),
        ({"account": an_account(state=AccountState.CLOSED), "day": a_day(DayState.CLOSED)}, Code.ACCOUNT_NOT_USABLE),
        ({"amount": "9.00", "day": a_day(DayState.CLOSED, TODAY)}, Code.DAY_CLOSED),
    ],
)
def test_a_request_that_is_not_in_order_is_refused(changes: dict[str, Any], code: Code) -> None:
    with refused(code):
        ask(**changes)


def test_a_request_needs_an_account() -> None:
    with refused(Code.AC01, "currency"):
        redemption.requested(None, a_redemption_request(), "banksh", day=a_day(), account=None)


def test_only_a_burned_redemption_ends_outside() -> None:
    """What is not burned can be neither paid out nor restored, and what has ended does not end again."""
    for state in RedemptionState:
        if state is not RedemptionState.BURNED:
            with refused(Code.MOVE_NOT_ALLOWED):
                redemption.paid_out(a_redemption(state), paying(), CHECKER, BURNED)
            with refused(Code.MOVE_NOT_ALLOWED):
                redemption.failed(a_redemption(state), failing(), CHECKER, account=BURNED, issuer=an_issuer(-300))


def test_what_people_read_later_is_asked_for() -> None:
    with refused(Code.CH21, "payout_reference"):
        redemption.paid_out(a_redemption(RedemptionState.BURNED), paying(""), CHECKER, BURNED)
    with refused(Code.CH21, "reason"):
        redemption.declined(a_redemption(), declining(""), CHECKER, RESERVED)
    with refused(Code.CH21, "reason"):
        redemption.failed(
            a_redemption(RedemptionState.BURNED), failing(""), CHECKER, account=BURNED, issuer=an_issuer(-300)
        )
