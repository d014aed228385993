"""Loans on documents of trade: a bank's desk sees all of its own, a trader what it has applied for."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from aiohttp import web

from gateway.auth.scopes import Scope
from gateway.projection.trade import TradeView
from gateway.traders.trade import Trade
from gateway.traders.web import particulars
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.groups import GROUPS
from gateway.traders.web.names import Names
from gateway.traders.web.readers import Reader
from gateway.traders.web.today import Figure
from gateway.traders.web.trade import EVENTS, Row, row
from settlement import money
from settlement.financing import Financing, FinancingState
from settlement.trade.record import kind_of

_S: Final = FinancingState
LOAN: Final = kind_of(Financing)
SHOWN: Final = 50
"""How many loans of a group are listed: the list of trade has all."""
_LISTED: Final = ("loans_to_look_at", "loans_running", "loans_over")
"""The groups that the page lists."""
_COUNTS: Final = (
    ("loans_asked", (_S.APPLIED,), f"/trade?kind={LOAN}&state={_S.APPLIED}"),
    ("loans_reserved", (_S.VERIFIED,), f"/trade?kind={LOAN}&state={_S.VERIFIED}"),
    ("loans_drawn", GROUPS["loans_drawn"].states, GROUPS["loans_drawn"].address("loans_drawn")),
    ("loans_defaulted", (_S.DEFAULTED,), f"/trade?kind={LOAN}&state={_S.DEFAULTED}"),
)
"""What is counted: the key of its words, the states, and where the list of those stands."""


class Loan(NamedTuple):
    """A loan as a list shows it: who applied where, what is not paid back, and what is free on its documents."""

    row: Row
    applicant: str
    lender: str
    outstanding: str
    consents_until_ms: int
    left: particulars.Facts


class Group(NamedTuple):
    """A group of loans (gateway.traders.web.groups): how many there are, the newest, and where all of them stand."""

    key: str
    number: int
    loans: list[Loan]
    all_of_them: str


class FinancingPage:
    """The page `/financing`."""

    def __init__(self, frame: Frame, trade: Trade) -> None:
        self._frame: Final = frame
        self._trade: Final = trade

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/financing", self._frame.read(self.loans, "financing"))

    async def loans(self, request: web.Request, reader: Reader) -> Page:
        """List the reader's loans, newest first, by what is to be done."""
        return await asyncio.to_thread(self._loans, reader)

    def _loans(self, reader: Reader) -> Page:
        trade, wanted = self._frame.gateway.trade, self._wanted(reader)
        counts = trade.counts(**wanted)
        groups = []
        for key in _LISTED:
            states = GROUPS[key].states
            newest = trade.page(states=states, limit=SHOWN, newest_first=True, **wanted)
            number = sum(counts.get(each, 0) for each in states)
            groups.append(Group(key, number, list(map(self._loan, newest)), GROUPS[key].address(key)))
        running = trade.every(states=GROUPS["loans_running"].states, **wanted)
        return Page(
            "financing.html",
            {
                "events": EVENTS,
                "applies": reader.scope is Scope.TRADER,
                "counts": [
                    Figure(key, f"{sum(counts.get(each, 0) for each in states):,}", href)
                    for key, states, href in _COUNTS
                ],
                "outstanding": _outstanding(running),
                "groups": groups,
            },
        )

    def _wanted(self, reader: Reader) -> dict[str, Any]:
        """Say which loans the reader sees."""
        return {"on": self._trade.today(), "kind": LOAN, "party": self._trade.party(reader.holder)}

    def _loan(self, view: TradeView) -> Loan:
        record, names = view.record, self._frame.names()
        assert isinstance(record, Financing)
        customer = self._frame.gateway.queries.customer(record.lender, record.applicant)
        return Loan(
            row=row(view, Names(names, {})),
            applicant=customer.name if customer else record.applicant,
            lender=names.get(record.lender, record.lender),
            outstanding=particulars.outstanding(record),
            consents_until_ms=record.consents_until_ms,
            left=particulars.left_of(record),
        )


def _outstanding(found: Sequence[TradeView]) -> list[tuple[str, Any]]:
    """Add up what is drawn and not paid back, by currency."""
    sums: dict[str, int] = {}
    for record in (view.record for view in found):
        if isinstance(record, Financing):
            sums[record.currency] = sums.get(record.currency, 0) + record.outstanding_minor
    return [
        (currency, money.for_people(money.render(minor, currency), currency).removesuffix(f" {currency}"))
        for currency, minor in sorted(sums.items())
    ]
