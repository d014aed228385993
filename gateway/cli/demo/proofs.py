"""What the day proves at its end: every number here is counted from what the gateways tell, none is written down."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.cli.demo.cast import Cast
from settlement import money
from waitan.v1.accounts_pb2 import ISSUANCE_STATE_ISSUED, REDEMPTION_STATE_BURNED, REDEMPTION_STATE_PAID_OUT, Account

CASH: Final = "cash"


class Book(NamedTuple):
    """One currency at the end of the day, in minor units."""

    currency: str
    balances: dict[str, int]
    """By bank."""
    issuer: int
    issued: int
    redeemed: int

    @property
    def sums_to_zero(self) -> bool:
        """All accounts of the currency, the issuer's too, are zero together (I1)."""
        return sum(self.balances.values()) + self.issuer == 0

    @property
    def is_backed(self) -> bool:
        """What the banks hold is what was issued less what was redeemed (I1)."""
        return sum(self.balances.values()) == self.issued - self.redeemed

    @property
    def balances_out(self) -> bool:
        """Both."""
        return self.sums_to_zero and self.is_backed


async def books(cast: Cast) -> list[Book]:
    """Read the books as clearing sees them."""
    clearing = await cast.client("clearing")
    cash: dict[str, dict[str, int]] = defaultdict(dict)
    issuer: dict[str, int] = {}
    for account in await clearing.accounts():
        if account.kind == CASH:
            cash[account.currency][account.participant] = account.posted_minor
        else:
            issuer[account.currency] = account.posted_minor
    issued: Counter[str] = Counter()
    redeemed: Counter[str] = Counter()
    for issuance in await clearing.issuances():
        if issuance.state == ISSUANCE_STATE_ISSUED:
            issued[issuance.currency] += money.parse(issuance.amount, issuance.currency)
    for redemption in await clearing.redemptions():
        if redemption.state in (REDEMPTION_STATE_BURNED, REDEMPTION_STATE_PAID_OUT):
            redeemed[redemption.currency] += money.parse(redemption.amount, redemption.currency)
    return [
        Book(currency, cash[currency], issuer[currency], issued[currency], redeemed[currency])
        for currency in sorted(cash)
    ]


async def banks_agree(cast: Cast) -> bool:
    """Whether each bank's own gateway shows the balances that clearing's shows."""
    clearing = await cast.client("clearing")
    for bank in cast.banks:
        own = await (await cast.client(bank.participant)).accounts()
        if _balances(own) != _balances(await clearing.accounts(bank.participant)):
            return False
    return True


def _balances(accounts: Sequence[Account]) -> dict[str, int]:
    return {account.currency: account.posted_minor for account in accounts if account.kind == CASH}
