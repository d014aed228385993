"""Payments above a bank's own limit: one officer proposes the payment, another releases it by signing the payment.

A bank sets a limit for each of its accounts; to set, change or lift one takes two of its officers, as any ruling does
(settlement.rulings). A payment above it that comes from the gateway alone, or that one officer has signed alone, is
refused RELEASE_NEEDED: nothing is written, and its UETR stays free. So a payment above the limit bears two persons'
signatures: the maker's on the proposal, which holds all of the payment, and the checker's on that very payment, by
which it is paid. Other terms of a conditional payment above the limit are proposed and released likewise. The limit
stands in the account's own cell, which every payment reads anyway.

What is proposed lapses: a payment with the business date on which it is to settle, a change with the one on which it
was proposed. A bank does not take into its next day what nobody has looked at twice.
(REQUIREMENTS section 6: four eyes for the release of payments above limit, and for a limit's change)
"""

from typing import ClassVar, Final

from msgspec.structs import replace

from settlement import money, rulings
from settlement.accounts.account import Account
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.payments.commands import SubmitPayment
from settlement.payments.undertaking import Change, ProposeChange, Undertaking, require_change
from settlement.records import RulingCommand
from settlement.rulings import Deadline, Ruling, RulingState


class SetReleaseLimit(RulingCommand):
    """A bank sets the most that one of its officers alone, or its gateway, pays from its account at once.

    `amount` is a decimal in the account's currency: zero where every payment takes two officers, empty for no limit.
    """

    participant: str
    currency: str
    amount: str = ""

    @property
    def subject(self) -> str:
        """The account."""
        return f"{self.participant}/{self.currency}"


class ProposeRelease(RulingCommand):
    """An officer proposes a payment above the limit. Another releases it by signing `payment` itself."""

    NAMED: ClassVar[str] = "payment"
    NEEDED_AT: ClassVar[str] = "amount"

    payment: SubmitPayment

    @property
    def subject(self) -> str:
        """The payment, by its UETR."""
        return self.payment.uetr


class ProposeChangeRelease(RulingCommand):
    """An officer proposes other terms of a conditional payment above the limit.

    Another releases them by signing `change` itself, which then waits for the beneficiary as any change does.
    """

    NAMED: ClassVar[str] = "change"
    NEEDED_AT: ClassVar[str] = "change.terms"

    change: ProposeChange

    @property
    def subject(self) -> str:
        """The payment, by its UETR."""
        return self.change.payment.uetr


Proposal = ProposeRelease | ProposeChangeRelease
"""What a second officer releases. `NAMED` is the field that has what that officer signs; where a second officer is
needed for that, the answer points at `NEEDED_AT` in it."""

PROPOSALS: Final = (ProposeRelease, ProposeChangeRelease)


def limited(account: Account | None, command: SetReleaseLimit, *, by: str) -> Account:
    """Give a bank's account its limit, or none; AG08 for another's account, AC01 where it has none."""
    if command.participant != by:
        raise Refusal(Code.AG08, "participant")
    if account is None:
        raise Refusal(Code.AC01, "currency")
    return replace(account, release_limit_minor=_limit_minor(command))


def is_needed(account: Account, payment: SubmitPayment) -> bool:
    """Say whether a payment from an account takes two officers."""
    return _is_above(account, money.parse_exact(payment.amount, payment.currency))


def is_needed_for_change(account: Account, undertaking: Undertaking, change: Change) -> bool:
    """Say whether a change of a conditional payment takes two officers: other terms of what is above the limit.

    Two have signed those that it has. It is lowered, or ended, by one: no more is paid by that.
    """
    return change.terms is not None and _is_above(account, undertaking.amount_minor)


def require_proposal(account: Account | None, command: ProposeRelease, *, by: str, on: str) -> Deadline:
    """Say until when a proposed payment may be released: on the business date (now: `on`) on which it is to settle.

    Refused is what is not to be proposed: another bank's payment (AG08), a confirmation, for that is the checker's
    signature on the payment (CH17), one that takes no second officer (CH17), one whose date has passed (DS24).
    """
    payment = command.payment
    _require_own(command, payer=payment.payer, by=by)
    if account is None:
        raise Refusal(Code.AC01, "payment.currency")
    if not is_needed(account, payment):
        raise Refusal(Code.CH17, "payment")
    deadline = Deadline(currency=payment.currency, date=payment.settlement_date)
    if deadline.is_over(on):
        raise Refusal(Code.DS24, "payment.settlement_date")
    return deadline


def require_change_proposal(
    account: Account, command: ProposeChangeRelease, undertaking: Undertaking, *, by: str, on: str
) -> Deadline:
    """Say until when a proposed change may be released: on the business date (`on`) on which it is proposed.

    AG08 for a payment of another bank, CH17 for a confirmation, and for what takes no second officer; and what no
    change of this payment is refused as it will be when it is released.
    """
    _require_own(command, payer=undertaking.payer, by=by)
    require_change(undertaking, command.change.change, on, at="change.change")
    if not is_needed_for_change(account, undertaking, command.change.change):
        raise Refusal(Code.CH17, "change")
    return Deadline(currency=undertaking.currency, date=on)


def require_unpaid(proposed: Ruling | None) -> None:
    """Refuse (DU03) to propose anew what another officer has released: its UETR is used, and nothing would follow."""
    if proposed is not None and proposed.state is RulingState.CONFIRMED:
        raise Refusal(Code.DU03, "payment.uetr")


def proposal_id(signed: SubmitPayment | ProposeChange) -> str:
    """Name the ruling by which a payment, or a change of one, is proposed."""
    return rulings.ruling_id(_confirmed(signed))


def needed_at(signed: SubmitPayment | ProposeChange) -> str:
    """Say at what in a payment, or in a change of one, the answer points where a second officer is needed."""
    return _confirmed(signed).NEEDED_AT


def released(
    proposed: Ruling | None, signed: SubmitPayment | ProposeChange, *, authority: str, by: Signer, at_ms: int, on: str
) -> Ruling:
    """Let another officer release, on a business date, what one has proposed.

    RELEASE_NEEDED where nobody has, DS24 where its time is over, NOT_AS_PROPOSED where it is something else,
    SAME_SIGNER for the proposer.
    """
    command = _confirmed(signed)
    if proposed is None or proposed.state is not RulingState.PROPOSED:
        raise Refusal(Code.RELEASE_NEEDED, command.NEEDED_AT)
    if rulings.standing(proposed, on).state is RulingState.EXPIRED:
        raise Refusal(Code.DS24, command.NAMED)
    if proposed.command != rulings.text_of(command):
        raise Refusal(Code.NOT_AS_PROPOSED, command.NAMED)
    return rulings.decided(proposed, command, authority=authority, by=by, at_ms=at_ms, where=command.NAMED)


def _require_own(command: Proposal, *, payer: str, by: str) -> None:
    if payer != by:
        raise Refusal(Code.AG08, f"{command.NAMED}.payer")
    if command.confirms:
        raise Refusal(Code.CH17, "confirms")


def _is_above(account: Account, amount_minor: int) -> bool:
    limit_minor = account.release_limit_minor
    return limit_minor is not None and amount_minor > limit_minor


def _confirmed(signed: SubmitPayment | ProposeChange) -> Proposal:
    if isinstance(signed, SubmitPayment):
        return ProposeRelease(command_id="", payment=signed, confirms=True)
    return ProposeChangeRelease(command_id="", change=signed, confirms=True)


def _limit_minor(command: SetReleaseLimit) -> int | None:
    if not command.amount:
        return None
    if command.amount == money.render(0, command.currency):
        return 0
    return money.parse_exact(command.amount, command.currency)
