"""The issuer's side of a currency: its account, the contra of all others, and how much was issued and redeemed.

The totals are kept beside the balances and not derived from them, so that the two can be held against each other:
the participants' balances are what was issued less what was redeemed (REQUIREMENTS I1).
"""

from typing import NamedTuple

from msgspec.structs import replace

from settlement.accounts.account import BALANCE_LIMIT_MINOR, Account, transferred, would_overflow
from settlement.records import Record


class Circulation(Record, tag="circulation/1"):
    """What has come onto the ledger in a currency since it was admitted, and what has left it; in minor units."""

    currency: str
    issued_minor: int = 0
    redeemed_minor: int = 0


class Issuer(NamedTuple):
    """The issuer account of a currency (never positive) and its totals."""

    account: Account
    circulation: Circulation

    def can_issue(self, account: Account, amount_minor: int) -> bool:
        """Say whether both balances stay within their limit."""
        below = self.account.posted_minor - amount_minor > -BALANCE_LIMIT_MINOR
        return below and not would_overflow(account, amount_minor)


def issued(issuer: Issuer, account: Account, amount_minor: int) -> tuple[Issuer, Account]:
    """Move new money to a participant's account."""
    debit, credit = transferred(issuer.account, account, amount_minor)
    total_minor = issuer.circulation.issued_minor + amount_minor
    return Issuer(debit, replace(issuer.circulation, issued_minor=total_minor)), credit


def redeemed(issuer: Issuer, account: Account, amount_minor: int) -> tuple[Issuer, Account]:
    """Take money off a participant's account and off the ledger."""
    debit, credit = transferred(account, issuer.account, amount_minor)
    total_minor = issuer.circulation.redeemed_minor + amount_minor
    return Issuer(credit, replace(issuer.circulation, redeemed_minor=total_minor)), debit


def restored(issuer: Issuer, account: Account, amount_minor: int) -> tuple[Issuer, Account]:
    """Undo a redemption whose payment outside failed."""
    debit, credit = transferred(issuer.account, account, amount_minor)
    total_minor = issuer.circulation.redeemed_minor - amount_minor
    return Issuer(debit, replace(issuer.circulation, redeemed_minor=total_minor)), credit
