"""What the day proves at its end: every number here is counted from what the gateways tell, none is written down."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.client import WaitanClient, WaitanError
from gateway.development.cast import Cast
from settlement import money
from waitan.v1.accounts_pb2 import ISSUANCE_STATE_ISSUED, REDEMPTION_STATE_BURNED, REDEMPTION_STATE_PAID_OUT, Account
from waitan.v1.days_pb2 import DAY_STATE_CLOSED, BusinessDay

CASH: Final = "cash"
READ_S: Final = 20.0
"""How long a gateway may take to have read the end of the day."""
_PAUSE_S: Final = 0.1


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


class Proof(NamedTuple):
    """What the ledger itself proves: the sentence, whether it holds, facts to tell, problems, blocks."""

    sentence: str
    holds: bool
    facts: dict[str, str]
    problems: tuple[str, ...]
    blocks: int


async def feeds(cast: Cast, date: str, blocks: int) -> Proof:
    """Let every gateway show that it has read the whole day: its read model stops at a block that is not true.

    Each checks that a block's hash follows the one before and that every private value hashes to what the block says.
    """
    problems = []
    for organisation, person in cast.people.items():
        try:
            await _through(await cast.client(organisation, person), date)
        except TimeoutError:
            problems.append(f"{organisation}'s gateway does not show the end of the day in time")
        except WaitanError as error:
            problems.append(f"{organisation}'s gateway does not show the end of the day: {error}")
    return Proof(
        "every gateway has read the whole day, and checked every hash in it",
        not problems,
        {"chain": f"{len(cast.people)} gateways, each at its own peer, and none met a block that is not true"},
        tuple(problems),
        blocks,
    )


async def _through(client: WaitanClient, date: str) -> None:
    """Wait until a gateway shows the day as closed."""
    async with asyncio.timeout(READ_S):
        while not _is_over(await client.days(), date):  # noqa: ASYNC110 - another process's progress
            await asyncio.sleep(_PAUSE_S)


def _is_over(days: Sequence[BusinessDay], date: str) -> bool:
    return all(day.date == date and day.state == DAY_STATE_CLOSED for day in days)


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
