"""Since when it is today: a business day is the ledger's, and each currency has its own."""

from collections.abc import Iterable
from typing import Final

from gateway.app import Gateway
from gateway.projection.queries import PaymentView
from gateway.projection.search import Wanted
from gateway.traders.web.readers import Reader
from gateway.traders.web.sight import Sight
from settlement.payments.payment import SettlementState

COUNTED: Final = 200
"""How many of a kind are counted; beyond that a page says `200+`."""


def first_block(gateway: Gateway, currencies: Iterable[str]) -> int:
    """Give the block in which the first of the currencies' latest days was opened; 0 where there was none."""
    spans = (gateway.days.span(each, gateway.days.latest(each)) for each in currencies if gateway.days.latest(each))
    return min((span.first[0] for span in spans if span is not None), default=0)


def rejected_since(sight: Sight, reader: Reader, block: int, *, payer: str = "") -> list[PaymentView]:
    """Give the payments that were rejected from a block on, newest first: whatever date they named."""
    found = sight.page(reader, Wanted(state=SettlementState.REJECTED, payer=payer), limit=COUNTED)
    return [view for view in found.payments if view.block >= block]


def counted(number: int) -> str:
    """Write a number that was counted up to a limit."""
    return f"{COUNTED}+" if number >= COUNTED else f"{number:,}"
