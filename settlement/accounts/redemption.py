"""Money leaves the ledger: reserved when asked, burned on approval, paid out outside, or restored.

The mirror of an issuance. The amount is reserved with the request, so it cannot be spent twice; approval by a second
officer burns it; the reference of the payment made outside ends it, or the amount is restored where that fails.
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import money
from settlement.accounts import circulation
from settlement.accounts.account import Account, unusable, with_item_ended, with_item_opened
from settlement.accounts.circulation import Issuer
from settlement.day import BusinessDay, DayState
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text


class RedemptionState(StrEnum):
    """How far a redemption has come."""

    REQUESTED = "REQUESTED"
    CONFIRMED = "CONFIRMED"
    BURNED = "BURNED"
    PAID_OUT = "PAID_OUT"
    FAILED = "FAILED"
    DECLINED = "DECLINED"


class RedemptionEvent(StrEnum):
    """What happens to a redemption."""

    CONFIRMED = "CONFIRMED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    PAID_OUT = "PAID_OUT"
    FAILED = "FAILED"


LIFECYCLE: Final = Lifecycle(
    "redemption",
    initial=RedemptionState.REQUESTED,
    moves={
        (RedemptionState.REQUESTED, RedemptionEvent.CONFIRMED): RedemptionState.CONFIRMED,
        (RedemptionState.CONFIRMED, RedemptionEvent.APPROVED): RedemptionState.BURNED,
        (RedemptionState.REQUESTED, RedemptionEvent.DECLINED): RedemptionState.DECLINED,
        (RedemptionState.CONFIRMED, RedemptionEvent.DECLINED): RedemptionState.DECLINED,
        (RedemptionState.BURNED, RedemptionEvent.PAID_OUT): RedemptionState.PAID_OUT,
        (RedemptionState.BURNED, RedemptionEvent.FAILED): RedemptionState.FAILED,
    },
)


class Redemption(Record, tag="redemption/1"):
    """A redemption and who did what; `payout_reference` names the payment made outside.

    `ended_by` declined it, or recorded the payment made outside or its failure.
    """

    redemption_id: str
    participant: str
    currency: str
    amount: str
    payout_account: str
    state: RedemptionState = RedemptionState.REQUESTED
    confirmed_by: Signer | None = None
    approved_by: Signer | None = None
    ended_by: Signer | None = None
    payout_reference: str = ""
    reason: str = ""


class RequestRedemption(IdentifiedCommand):
    """A bank asks for money outside against money on the ledger."""

    redemption_id: str
    currency: str
    amount: str
    payout_account: str


class ConfirmRedemption(IdentifiedCommand):
    """A clearing officer finds a redemption in order."""

    participant: str
    redemption_id: str


class ApproveRedemption(IdentifiedCommand):
    """Another clearing officer approves: the amount is burned."""

    participant: str
    redemption_id: str


class DeclineRedemption(IdentifiedCommand):
    """A clearing officer ends a redemption that is not to be: the reservation is released."""

    participant: str
    redemption_id: str
    reason: str


class RecordPayout(IdentifiedCommand):
    """The payment outside was made: its reference."""

    participant: str
    redemption_id: str
    payout_reference: str


class FailPayout(IdentifiedCommand):
    """The payment outside could not be made: the amount is restored."""

    participant: str
    redemption_id: str
    reason: str


def requested(
    existing: Redemption | None,
    command: RequestRedemption,
    participant: str,
    *,
    day: BusinessDay | None,
    account: Account | None,
) -> tuple[Redemption, Account]:
    """Enter a request once, and reserve its amount; passes until the day is closed."""
    require_text(command.redemption_id, "redemption_id")
    require_text(command.payout_account, "payout_account")
    amount_minor = money.parse_exact(command.amount, command.currency)
    if account is None:
        raise Refusal(Code.AC01, "currency")
    if existing is not None:
        raise Refusal(Code.ALREADY_EXISTS, "redemption_id")
    if unusable(account):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "currency")
    if day is None or day.state is DayState.CLOSED:
        raise Refusal(Code.DAY_CLOSED, "currency")
    if account.available_minor < amount_minor:
        raise Refusal(Code.UNFUNDED, "amount")
    redemption = Redemption(
        redemption_id=command.redemption_id,
        participant=participant,
        currency=command.currency,
        amount=command.amount,
        payout_account=command.payout_account,
    )
    reserved = replace(account, reserved_minor=account.reserved_minor + amount_minor)
    return redemption, with_item_opened(reserved)


def confirmed(redemption: Redemption, signer: Signer) -> Redemption:
    """Record the first officer's word."""
    return replace(redemption, state=_after(redemption, RedemptionEvent.CONFIRMED), confirmed_by=signer)


def approved(
    redemption: Redemption, signer: Signer, *, account: Account, issuer: Issuer
) -> tuple[Redemption, Issuer, Account]:
    """Burn: the reserved amount goes back to the issuer account. Four eyes: SAME_SIGNER."""
    if signer.is_same_person(redemption.confirmed_by):
        raise Refusal(Code.SAME_SIGNER, "redemption_id")
    state = _after(redemption, RedemptionEvent.APPROVED)
    if unusable(account):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "currency")
    issuer, account = circulation.redeemed(issuer, _released(redemption, account), _amount_minor(redemption))
    return replace(redemption, state=state, approved_by=signer), issuer, account


def declined(
    redemption: Redemption, command: DeclineRedemption, signer: Signer, account: Account
) -> tuple[Redemption, Account]:
    """End it and release what was reserved."""
    require_text(command.reason, "reason")
    state = _after(redemption, RedemptionEvent.DECLINED)
    ended = replace(redemption, state=state, ended_by=signer, reason=command.reason)
    return ended, with_item_ended(_released(redemption, account))


def paid_out(
    redemption: Redemption, command: RecordPayout, signer: Signer, account: Account
) -> tuple[Redemption, Account]:
    """Record the reference of the payment made outside."""
    require_text(command.payout_reference, "payout_reference")
    state = _after(redemption, RedemptionEvent.PAID_OUT)
    ended = replace(redemption, state=state, ended_by=signer, payout_reference=command.payout_reference)
    return ended, with_item_ended(account)


def failed(
    redemption: Redemption, command: FailPayout, signer: Signer, *, account: Account, issuer: Issuer
) -> tuple[Redemption, Issuer, Account]:
    """Restore what was burned; to a blocked account too, since the money is its holder's."""
    require_text(command.reason, "reason")
    state = _after(redemption, RedemptionEvent.FAILED)
    amount_minor = _amount_minor(redemption)
    if not issuer.can_issue(account, amount_minor):
        raise Refusal(Code.ACCOUNT_NOT_USABLE, "currency")
    issuer, account = circulation.restored(issuer, account, amount_minor)
    ended = replace(redemption, state=state, ended_by=signer, reason=command.reason)
    return ended, issuer, with_item_ended(account)


def _after(redemption: Redemption, event: RedemptionEvent) -> RedemptionState:
    return LIFECYCLE.after(redemption.state, event)


def _amount_minor(redemption: Redemption) -> int:
    return money.parse_exact(redemption.amount, redemption.currency)


def _released(redemption: Redemption, account: Account) -> Account:
    return replace(account, reserved_minor=account.reserved_minor - _amount_minor(redemption))
