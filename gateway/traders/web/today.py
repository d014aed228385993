"""Since when it is today: a business day is the ledger's, and each currency has its own."""

from typing import Final, NamedTuple

from gateway.app import Gateway
from gateway.projection.search import Wanted
from settlement.payments.payment import SettlementState

COUNTED: Final = 200
"""How many of a kind are counted; beyond that a page says `200+`."""


class Figure(NamedTuple):
    """A figure at the top of a page: the key of its words, what it comes to, and where the list of that stands."""

    key: str
    value: str
    href: str = ""


def first_block(gateway: Gateway, bank: str = "") -> int:
    """Give the block in which the first of the latest days was opened, of a bank's currencies if named; 0 if none."""
    currencies = {each.currency for each in gateway.balances.accounts(bank)}
    spans = (gateway.days.span(each, gateway.days.latest(each)) for each in currencies if gateway.days.latest(each))
    return min((span.first[0] for span in spans if span is not None), default=0)


def rejected_today(gateway: Gateway, payer: str = "") -> Wanted:
    """Look for the payments that were rejected today, of one payer if named: whatever date they named."""
    return Wanted(state=SettlementState.REJECTED, payer=payer, first_block=first_block(gateway, payer))


def counted(number: int) -> str:
    """Write a number that was counted up to a limit."""
    return f"{COUNTED}+" if number >= COUNTED else f"{number:,}"
