"""Loans on documents of trade: a bank's desk sees all of its own, a trader what it has applied for."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from aiohttp import web

from gateway.auth.scopes import Scope
from gateway.projection.trade import TradeView
from gateway.traders.trade import Trade
from gateway.traders.web import life, particulars
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.today import COUNTED, counted
from gateway.traders.web.trade import EVENTS, Row, row
from settlement import money
from settlement.financing import Financing, FinancingState
from settlement.trade.record import kind_of

_S: Final = FinancingState
GROUPS: Final[Mapping[str, frozenset[FinancingState]]] = {
    "loans_to_look_at": frozenset({_S.APPLIED, _S.VERIFIED}),
    "loans_running": frozenset({_S.DRAWN, _S.PARTLY_REPAID, _S.DEFAULTED}),
    "loans_over": frozenset({_S.REPAID, _S.REJECTED, _S.LAPSED}),
}
"""How loans are listed, by the words' keys."""
_COUNTS: Final = (
    ("loans_asked", (_S.APPLIED,)),
    ("loans_reserved", (_S.VERIFIED,)),
    ("loans_drawn", (_S.DRAWN, _S.PARTLY_REPAID)),
    ("loans_defaulted", (_S.DEFAULTED,)),
)


class Loan(NamedTuple):
    """A loan as a list shows it: who applied where, what is not paid back, and what is free on its documents."""

    row: Row
    applicant: str
    lender: str
    outstanding: str
    consents_until_ms: int
    left: particulars.Facts


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
        found = self._frame.gateway.trade.page(
            on=self._trade.today(),
            limit=COUNTED,
            newest_first=True,
            kind=kind_of(Financing),
            party=self._trade.party(reader.holder),
        )
        loans = [(each.record.state, self._loan(each)) for each in found]
        return Page(
            "financing.html",
            {
                "events": EVENTS,
                "applies": reader.scope is Scope.TRADER,
                "counts": [(key, counted(sum(state in states for state, _ in loans))) for key, states in _COUNTS],
                "outstanding": _outstanding(found),
                "groups": [(key, [loan for state, loan in loans if state in states]) for key, states in GROUPS.items()],
            },
        )

    def _loan(self, view: TradeView) -> Loan:
        record, names = view.record, self._frame.names()
        assert isinstance(record, Financing)
        customer = self._frame.gateway.queries.customer(record.lender, record.applicant)
        return Loan(
            row=row(view),
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
        if isinstance(record, Financing) and record.state in GROUPS["loans_running"]:
            sums[record.currency] = sums.get(record.currency, 0) + record.outstanding_minor
    return [
        (currency, life.grouped(money.render(minor, currency), currency).removesuffix(f" {currency}"))
        for currency, minor in sorted(sums.items())
    ]
