"""A cash account: one cell of posted and reserved minor units, a fully backed claim on the clearing institution.

Every movement is double entry: what one account loses another gains, so the sum over all accounts of a currency is
zero, and the sum over the participants is what was issued less what was redeemed (REQUIREMENTS I1).
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.records import IdentifiedCommand, Record, RulingCommand
from settlement.texts import require_text

BALANCE_LIMIT_MINOR: Final = 2**63
"""A balance stays below this in either direction, else AM02."""

ISSUER: Final = "issuer"
CASH: Final = "cash"


class AccountState(StrEnum):
    """Whether an account moves."""

    OPEN = "OPEN"
    BLOCKED = "BLOCKED"
    CLOSED = "CLOSED"


class AccountEvent(StrEnum):
    """What happens to an account as such."""

    BLOCKED = "BLOCKED"
    UNBLOCKED = "UNBLOCKED"
    CLOSED = "CLOSED"


LIFECYCLE: Final = Lifecycle(
    "account",
    initial=AccountState.OPEN,
    moves={
        (AccountState.OPEN, AccountEvent.BLOCKED): AccountState.BLOCKED,
        (AccountState.BLOCKED, AccountEvent.UNBLOCKED): AccountState.OPEN,
        (AccountState.OPEN, AccountEvent.CLOSED): AccountState.CLOSED,
    },
)


class Account(Record, tag="account/1"):
    """A participant's account in a currency. Amounts in minor units; the issuer account alone may be negative.

    Above `release_limit_minor` a payment takes two of its officers (settlement.payments.release); None: none does.
    `blocked_because` is the reason that the regulator gave, for its holder to read while it is blocked.
    """

    participant: str
    currency: str
    kind: str = CASH
    state: AccountState = AccountState.OPEN
    posted_minor: int = 0
    reserved_minor: int = 0
    open_items: int = 0
    release_limit_minor: int | None = None
    blocked_because: str = ""

    @property
    def available_minor(self) -> int:
        """What can be spent: posted less reserved."""
        return self.posted_minor - self.reserved_minor


class OpenAccount(IdentifiedCommand):
    """Open a participant's cash account in an admitted currency."""

    participant: str
    currency: str


class BlockAccount(RulingCommand):
    """Stop an account in both directions."""

    participant: str
    currency: str
    reason: str

    @property
    def subject(self) -> str:
        """The account."""
        return f"{self.participant}/{self.currency}"


class UnblockAccount(RulingCommand):
    """Let a blocked account move again."""

    participant: str
    currency: str
    reason: str

    @property
    def subject(self) -> str:
        """The account."""
        return f"{self.participant}/{self.currency}"


class CloseAccount(IdentifiedCommand):
    """Close an account whose balance is zero."""

    participant: str
    currency: str


EVENTS: Final = {
    BlockAccount: AccountEvent.BLOCKED,
    UnblockAccount: AccountEvent.UNBLOCKED,
    CloseAccount: AccountEvent.CLOSED,
}


def moved(account: Account | None, command: BlockAccount | UnblockAccount | CloseAccount) -> Account:
    """Block, unblock or close; an account is closed only when it is done with."""
    if isinstance(command, BlockAccount | UnblockAccount):
        require_text(command.reason, "reason")
    if account is None:
        raise Refusal(Code.AC01, "currency")
    after = LIFECYCLE.after(account.state, EVENTS[type(command)])
    if after is AccountState.CLOSED:
        require_done_with(account, "currency")
    return replace(account, state=after, blocked_because=command.reason if isinstance(command, BlockAccount) else "")


def require_done_with(account: Account, where: str) -> None:
    """Refuse BALANCE_NOT_ZERO while there is money on an account, or an issuance or redemption of it is not ended."""
    if account.posted_minor or account.reserved_minor or account.open_items:
        raise Refusal(Code.BALANCE_NOT_ZERO, where)


def with_item_opened(account: Account) -> Account:
    """Count an issuance or redemption that begins."""
    return replace(account, open_items=account.open_items + 1)


def with_item_ended(account: Account) -> Account:
    """Count an issuance or redemption that has ended."""
    assert account.open_items > 0
    return replace(account, open_items=account.open_items - 1)


def unusable(*accounts: Account) -> Code | None:
    """AC04 where one of some accounts is closed, AC06 where one is blocked, None where all move."""
    states = [account.state for account in accounts]
    if AccountState.CLOSED in states:
        return Code.AC04
    return Code.AC06 if AccountState.BLOCKED in states else None


def transferred(debit: Account, credit: Account, amount_minor: int) -> tuple[Account, Account]:
    """Move an amount; the caller has asked whether the debit side has it and the credit side can hold it."""
    assert debit.currency == credit.currency
    assert amount_minor > 0
    return (
        replace(debit, posted_minor=debit.posted_minor - amount_minor),
        replace(credit, posted_minor=credit.posted_minor + amount_minor),
    )


def would_overflow(account: Account, amount_minor: int) -> bool:
    """Say whether a credit would take a balance to its limit (AM02)."""
    return account.posted_minor + amount_minor >= BALANCE_LIMIT_MINOR
