"""Payments above a bank's own limit: one officer proposes the payment, another releases it by signing the payment.

A bank sets a limit for each of its accounts; to set, change or lift one takes two of its officers, as any ruling does
(settlement.rulings). A payment above it that comes from the gateway alone, or that one officer has signed alone, is
refused RELEASE_NEEDED: nothing is written, and its UETR stays free. So a payment above the limit bears two persons'
signatures: the maker's on the proposal, which holds all of the payment, and the checker's on that very payment, by
which it is paid. The limit stands in the account's own cell, which every payment reads anyway.
(REQUIREMENTS section 6: four eyes for the release of payments above limit, and for a limit's change)
"""

from msgspec.structs import replace

from settlement import money, rulings
from settlement.accounts.account import Account
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.payments.commands import SubmitPayment
from settlement.records import RulingCommand
from settlement.rulings import Ruling, RulingState


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

    payment: SubmitPayment

    @property
    def subject(self) -> str:
        """The payment, by its UETR."""
        return self.payment.uetr


def limited(account: Account | None, command: SetReleaseLimit, *, by: str) -> Account:
    """Give a bank's account its limit, or none; AG08 for another's account, AC01 where it has none."""
    if command.participant != by:
        raise Refusal(Code.AG08, "participant")
    if account is None:
        raise Refusal(Code.AC01, "currency")
    return replace(account, release_limit_minor=_limit_minor(command))


def is_needed(account: Account, payment: SubmitPayment) -> bool:
    """Say whether a payment from an account takes two officers."""
    limit_minor = account.release_limit_minor
    return limit_minor is not None and money.parse_exact(payment.amount, payment.currency) > limit_minor


def require_proposal(account: Account | None, command: ProposeRelease, *, by: str) -> None:
    """Refuse what is not to be proposed: another bank's payment, one that takes no second officer, a confirmation.

    The confirmation is the checker's signature on the payment.
    """
    if command.payment.payer != by:
        raise Refusal(Code.AG08, "payment.payer")
    if command.confirms:
        raise Refusal(Code.CH17, "confirms")
    if account is None:
        raise Refusal(Code.AC01, "payment.currency")
    if not is_needed(account, command.payment):
        raise Refusal(Code.CH17, "payment")


def require_unpaid(proposed: Ruling | None) -> None:
    """Refuse (DU03) to propose anew what another officer has released: its UETR is used, and nothing would follow."""
    if proposed is not None and proposed.state is RulingState.CONFIRMED:
        raise Refusal(Code.DU03, "payment.uetr")


def proposal_id(payment: SubmitPayment) -> str:
    """Name the ruling by which a payment is proposed."""
    return rulings.ruling_id(_confirmed(payment))


def released(proposed: Ruling | None, payment: SubmitPayment, *, authority: str, by: Signer, at_ms: int) -> Ruling:
    """Let another officer release what one has proposed.

    RELEASE_NEEDED where nobody has, NOT_AS_PROPOSED where it is another payment, SAME_SIGNER for the proposer.
    """
    if proposed is None or proposed.state is not RulingState.PROPOSED:
        raise Refusal(Code.RELEASE_NEEDED, "amount")
    command = _confirmed(payment)
    if proposed.command != rulings.text_of(command):
        raise Refusal(Code.NOT_AS_PROPOSED, "payment")
    return rulings.decided(proposed, command, authority=authority, by=by, at_ms=at_ms, where="payment")


def _confirmed(payment: SubmitPayment) -> ProposeRelease:
    return ProposeRelease(command_id="", payment=payment, confirms=True)


def _limit_minor(command: SetReleaseLimit) -> int | None:
    if not command.amount:
        return None
    if command.amount == money.render(0, command.currency):
        return 0
    return money.parse_exact(command.amount, command.currency)
