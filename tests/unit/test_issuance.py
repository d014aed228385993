"""Issuances: asked for once, confirmed by one officer, approved by another."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.accounts import issuance
from settlement.accounts.account import Account, AccountState
from settlement.accounts.issuance import DeclineIssuance, Issuance, IssuanceState, RequestIssuance
from settlement.errors import Code
from settlement.identity import Signer
from settlement.participants import Participant, ParticipantState
from tests.builders import an_id, an_issuance_confirmation, an_issuance_request
from tests.expectations import refused
from tests.unit.test_account import an_account, an_issuer
from tests.unit.test_participants import a_participant

MAKER = Signer(name="officer-1", serial="a1", key="k1")
CHECKER = Signer(name="officer-2", serial="a2", key="k2")


def a_request(amount: str = "5.00", **others: Any) -> RequestIssuance:
    return replace(an_issuance_request(amount, issuance_id="I-1"), **others)


def an_issuance(state: IssuanceState = IssuanceState.CONFIRMED, maker: Signer | None = MAKER) -> Issuance:
    asked, _ = issuance.requested(None, a_request(), "banksh", an_account())
    return replace(asked, state=state, confirmed_by=maker)


def declining(reason: str = "no funding came") -> DeclineIssuance:
    return DeclineIssuance(command_id=an_id(), participant="banksh", issuance_id="I-1", reason=reason)


def approve(
    asked: Issuance,
    signer: Signer = CHECKER,
    *,
    participant: Participant | None = None,
    account: Account | None = None,
) -> tuple[Issuance, Any, Account]:
    return issuance.approved(
        asked,
        signer,
        participant=participant or a_participant(),
        issuer=an_issuer(),
        account=account or an_account(open_items=1),
    )


def test_what_is_approved_is_issued() -> None:
    """The issuer owes what the bank holds, and both officers are named."""
    done, issuer, held = approve(an_issuance())
    assert (held.posted_minor, issuer.account.posted_minor, issuer.circulation.issued_minor) == (500, -500, 500)
    assert (done.state, done.confirmed_by, done.approved_by) == (IssuanceState.ISSUED, MAKER, CHECKER)
    assert held.open_items == 0


def test_a_request_is_an_open_item_of_its_account() -> None:
    asked, account = issuance.requested(None, a_request(), "banksh", an_account())
    assert (asked.state, account.open_items, account.posted_minor) == (IssuanceState.REQUESTED, 1, 0)


@pytest.mark.parametrize(
    "signer",
    [
        MAKER,
        Signer(name="officer-1", serial="b7", key="k7"),
        Signer(name="another name", serial="b8", key="k1"),
    ],
    ids=["the same certificate", "another certificate of one name", "one key under two names"],
)
def test_four_eyes_are_two_people(signer: Signer) -> None:
    with refused(Code.SAME_SIGNER, "issuance_id"):
        approve(an_issuance(), signer)


@pytest.mark.parametrize(
    ("existing", "changes", "account", "code"),
    [
        (an_issuance(), {}, an_account(), Code.ALREADY_EXISTS),
        (None, {"funding_reference": ""}, an_account(), Code.CH21),
        (None, {"issuance_id": ""}, an_account(), Code.CH21),
        (None, {"funding_reference": "外滩"}, an_account(), Code.CH16),
        (None, {"amount": "5.0"}, an_account(), Code.CH20),
        (None, {"amount": "0.00"}, an_account(), Code.AM01),
        (None, {"amount": "1e3"}, an_account(), Code.CH16),
        (None, {"currency": "XXQ"}, an_account(), Code.AM11),
        (None, {}, None, Code.AC01),
        (None, {}, an_account(state=AccountState.CLOSED), Code.ACCOUNT_NOT_USABLE),
        # Wrong in two ways.
        (an_issuance(), {"funding_reference": ""}, an_account(), Code.CH21),
        (None, {"amount": "0.00"}, None, Code.AM01),
        (an_issuance(), {}, an_account(state=AccountState.BLOCKED), Code.ALREADY_EXISTS),
    ],
)
def test_a_request_that_is_not_in_order_is_refused(
    existing: Issuance | None, changes: dict[str, str], account: Account | None, code: Code
) -> None:
    with refused(code):
        issuance.requested(existing, a_request(**changes), "banksh", account)


@pytest.mark.parametrize("state", [state for state in IssuanceState if state is not IssuanceState.CONFIRMED])
def test_only_a_confirmed_issuance_is_approved(state: IssuanceState) -> None:
    with refused(Code.MOVE_NOT_ALLOWED):
        approve(an_issuance(state))


def test_the_same_signer_wins_over_the_wrong_state() -> None:
    with refused(Code.SAME_SIGNER):
        approve(an_issuance(IssuanceState.ISSUED), MAKER)


def test_the_receipt_needs_its_reference() -> None:
    command = replace(an_issuance_confirmation("I-1"), credit_reference="")
    with refused(Code.CH21, "credit_reference"):
        issuance.confirmed(an_issuance(IssuanceState.REQUESTED, None), command, MAKER)


@pytest.mark.parametrize("state", [IssuanceState.REQUESTED, IssuanceState.CONFIRMED])
def test_an_issuance_is_declined_with_a_reason(state: IssuanceState) -> None:
    ended, account = issuance.declined(an_issuance(state), declining(), CHECKER, an_account(open_items=1))
    assert (ended.state, ended.declined_by, ended.approved_by) == (IssuanceState.DECLINED, CHECKER, None)
    assert account == an_account()
    with refused(Code.CH21, "reason"):
        issuance.declined(an_issuance(state), declining(""), CHECKER, an_account(open_items=1))


@pytest.mark.parametrize("state", [AccountState.BLOCKED, AccountState.CLOSED])
def test_nothing_is_issued_to_an_account_that_does_not_move(state: AccountState) -> None:
    with refused(Code.ACCOUNT_NOT_USABLE, "currency"):
        approve(an_issuance(), account=an_account(state=state, open_items=1))


def test_nothing_is_issued_past_the_limit() -> None:
    with refused(Code.ACCOUNT_NOT_USABLE, "currency"):
        approve(an_issuance(), account=an_account(2**63 - 500, open_items=1))


def test_nothing_is_issued_to_a_suspended_bank_unless_it_may_be_credited() -> None:
    stopped = replace(a_participant(), state=ParticipantState.SUSPENDED)
    with refused(Code.ACCOUNT_NOT_USABLE, "participant"):
        approve(an_issuance(), participant=stopped)
    assert approve(an_issuance(), participant=replace(stopped, may_be_credited=True))[2].posted_minor == 500
