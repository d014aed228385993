"""Accounts: what moves, what stops, what closes, and what was issued and redeemed."""

import pytest

from settlement.accounts import account, circulation
from settlement.accounts.account import (
    BALANCE_LIMIT_MINOR,
    ISSUER,
    Account,
    AccountState,
    BlockAccount,
    CloseAccount,
    UnblockAccount,
)
from settlement.accounts.circulation import Circulation, Issuer
from settlement.errors import Code
from tests.builders import an_id
from tests.expectations import refused


def an_account(
    posted: int = 0, reserved: int = 0, state: AccountState = AccountState.OPEN, open_items: int = 0
) -> Account:
    return Account(
        participant="banksh",
        currency="CNY",
        posted_minor=posted,
        reserved_minor=reserved,
        state=state,
        open_items=open_items,
    )


def an_issuer(posted: int = 0) -> Issuer:
    contra = Account(participant="authority", currency="CNY", kind=ISSUER, posted_minor=posted)
    return Issuer(contra, Circulation(currency="CNY", issued_minor=-posted))


def blocking(reason: str = "court order") -> BlockAccount:
    return BlockAccount(command_id=an_id(), participant="banksh", currency="CNY", reason=reason)


def unblocking() -> UnblockAccount:
    return UnblockAccount(command_id=an_id(), participant="banksh", currency="CNY", reason="order lifted")


CLOSING = CloseAccount(command_id="close-1", participant="banksh", currency="CNY")


def test_what_is_reserved_cannot_be_spent() -> None:
    assert an_account(500, 200).available_minor == 300


def test_a_transfer_gives_one_account_what_it_takes_from_the_other() -> None:
    debit, credit = account.transferred(an_account(500, 100), an_account(7), 400)
    assert (debit.posted_minor, debit.reserved_minor, credit.posted_minor) == (100, 100, 407)


@pytest.mark.parametrize(
    ("posted", "amount", "over"),
    [(BALANCE_LIMIT_MINOR - 2, 1, False), (BALANCE_LIMIT_MINOR - 1, 1, True), (0, BALANCE_LIMIT_MINOR, True)],
)
def test_a_balance_stays_below_two_to_the_63rd(posted: int, amount: int, *, over: bool) -> None:
    assert account.would_overflow(an_account(posted), amount) is over


def test_a_blocked_account_moves_again_once_unblocked() -> None:
    blocked = account.moved(an_account(5), blocking())
    assert account.unusable(blocked) is Code.AC06
    assert account.moved(blocked, unblocking()) == an_account(5)


def test_an_account_that_is_done_with_closes_for_good() -> None:
    closed = account.moved(an_account(), CLOSING)
    assert account.unusable(closed) is Code.AC04
    for command in (blocking(), unblocking(), CLOSING):
        with refused(Code.MOVE_NOT_ALLOWED):
            account.moved(closed, command)


@pytest.mark.parametrize("left", [an_account(1), an_account(1, 1), an_account(open_items=1)])
def test_an_account_with_money_or_open_items_does_not_close(left: Account) -> None:
    with refused(Code.BALANCE_NOT_ZERO, "currency"):
        account.moved(left, CLOSING)


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        (None, CLOSING, Code.AC01),
        (an_account(), blocking(""), Code.CH21),
        (an_account(), blocking("x" * 141), Code.CH16),
        (an_account(), blocking("two\nlines"), Code.CH16),
        # Wrong in two ways.
        (None, blocking(""), Code.CH21),
        (an_account(5, state=AccountState.BLOCKED), CLOSING, Code.MOVE_NOT_ALLOWED),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    before: Account | None, command: BlockAccount | CloseAccount, code: Code
) -> None:
    with refused(code):
        account.moved(before, command)


def test_totals_follow_what_is_issued_redeemed_and_restored() -> None:
    """The contra account is at all times what was redeemed less what was issued (I1)."""
    issuer, held = circulation.issued(an_issuer(), an_account(), 900)
    issuer, held = circulation.redeemed(issuer, held, 400)
    assert (held.posted_minor, issuer.account.posted_minor) == (500, -500)
    assert issuer.circulation == Circulation(currency="CNY", issued_minor=900, redeemed_minor=400)
    issuer, held = circulation.restored(issuer, held, 400)
    assert (held.posted_minor, issuer.account.posted_minor) == (900, -900)
    assert issuer.circulation == Circulation(currency="CNY", issued_minor=900)


def test_the_contra_account_has_the_same_limit() -> None:
    issuer = an_issuer(-BALANCE_LIMIT_MINOR + 10)
    assert issuer.can_issue(an_account(), 9)
    assert not issuer.can_issue(an_account(), 10)
    assert not an_issuer().can_issue(an_account(BALANCE_LIMIT_MINOR - 5), 5)
