"""Customs' desk: the day's declarations by state, what waits, goods that are held or to be inspected, and tax."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from aiohttp import web

from gateway.projection.trade import TradeView
from gateway.traders.trade import Trade
from gateway.traders.web import particulars
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.groups import GROUPS
from gateway.traders.web.readers import Reader
from gateway.traders.web.today import Figure
from gateway.traders.web.trade import EVENTS, Row, row
from settlement import money
from settlement.customs import assessment
from settlement.customs.assessment import AssessmentState, TaxAssessment
from settlement.customs.declaration import HELD, Declaration, DeclarationState
from settlement.customs.duty import CNY
from settlement.trade.record import kind_of

SHOWN: Final = 10
"""How many of a kind are listed: the list of trade has all."""
WAITING: Final = "waits_for_customs"
"""The group of states (gateway.traders.web.groups) in which customs has the next step."""
TAX_OPEN: Final = "tax_open"
"""The group of states in which tax is owed."""
DECLARATION: Final = kind_of(Declaration)
ASSESSMENT: Final = kind_of(TaxAssessment)


class Noted(NamedTuple):
    """A record in a list, and what is said of it there: a key of the words, or a text of the record's."""

    row: Row
    note: str


class Listed(NamedTuple):
    """A list: its first records, how many there are in all, and where all of them stand.

    What waits begins with what has waited longest, other lists with the newest.
    """

    first: list[Noted]
    number: int
    all_of_them: str


class CustomsDesk:
    """The page `/customs`."""

    def __init__(self, frame: Frame, trade: Trade) -> None:
        self._frame: Final = frame
        self._trade: Final = trade

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/customs", self._frame.read(self.desk, "customs"))

    async def desk(self, request: web.Request, reader: Reader) -> Page:
        """Show the day."""
        return await asyncio.to_thread(self._desk)

    def _desk(self) -> Page:
        day = self._frame.gateway.initiations.day(CNY)
        on = day.date if day else self._trade.today()
        trade, today = self._frame.gateway.trade, self._trade.today()
        counts = trade.counts(DECLARATION, on=today)
        inspection = DeclarationState.INSPECTION_ORDERED
        group = GROUPS[WAITING]
        oldest = trade.page(on=today, kind=DECLARATION, limit=SHOWN, states=group.states)
        waiting = [Noted(row(each), f"next_{each.state}") for each in oldest]
        held = [Noted(row(each), _holds(each)) for each in self._newest(DECLARATION, state=HELD)]
        ordered = [Noted(row(each), each.record.act.reason) for each in self._newest(DECLARATION, state=inspection)]
        assessed = [Noted(row(each), _due(each, on)) for each in self._newest(ASSESSMENT)]
        return Page(
            "customs.html",
            {
                "events": EVENTS,
                "date": on,
                "figures": self._figures(counts, on),
                "counts": [(state, particulars.MOODS.get(state, ""), number) for state, number in _ordered(counts)],
                "waiting": Listed(waiting, sum(counts.get(each, 0) for each in group.states), group.address(WAITING)),
                "held": Listed(held, counts.get(HELD, 0), _declarations(HELD)),
                "inspected": Listed(ordered, counts.get(inspection, 0), _declarations(inspection)),
                "assessed": Listed(
                    assessed, sum(trade.counts(ASSESSMENT, on=today).values()), f"/trade?kind={ASSESSMENT}"
                ),
            },
        )

    def _newest(self, kind: str, **wanted: Any) -> list[TradeView]:
        trade = self._frame.gateway.trade
        return trade.page(on=self._trade.today(), kind=kind, limit=SHOWN, newest_first=True, **wanted)

    def _figures(self, counts: dict[str, int], on: str) -> list[Figure]:
        """Give the figures at the top: of all there are."""
        trade, inspection = self._frame.gateway.trade, DeclarationState.INSPECTION_ORDERED
        open_now = self._assessments(states=GROUPS[TAX_OPEN].states)
        owed = sum(assessment.owed(each, on).total_minor for each in open_now)
        paid = sum(
            assessment.fen(each.total) + assessment.fen(each.interest or "0.00")
            for each in self._assessments(dated=("paid_on", on))
        )
        return [
            Figure("lodged_today", f"{trade.dated('lodged_on', on):,}"),
            Figure("held_now", f"{counts.get(HELD, 0):,}", _declarations(HELD)),
            Figure("to_inspect", f"{counts.get(inspection, 0):,}", _declarations(inspection)),
            Figure("released_today", f"{trade.dated('released_on', on):,}"),
            Figure("tax_open", _written(owed), GROUPS[TAX_OPEN].address(TAX_OPEN)),
            Figure("tax_paid_today", _written(paid)),
        ]

    def _assessments(self, **wanted: Any) -> list[TaxAssessment]:
        found = self._frame.gateway.trade.every(on=self._trade.today(), kind=ASSESSMENT, **wanted)
        return [each.record for each in found if isinstance(each.record, TaxAssessment)]


def _declarations(state: str) -> str:
    """Write the address of the list of declarations in a state."""
    return f"/trade?kind={DECLARATION}&state={state}"


def _ordered(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    """Give the states in the order in which a declaration goes through them, with how many are in each."""
    return [(state, counts[state]) for state in (*DeclarationState, HELD) if counts.get(state)]


def _written(fen: int) -> str:
    return money.for_people(assessment.yuan(fen), CNY).removesuffix(f" {CNY}")


def _holds(view: TradeView) -> str:
    assert isinstance(view.record, Declaration)
    return "; ".join(hold.reason for hold in view.record.holds if hold.is_open)


def _due(view: TradeView, on: str) -> str:
    """Say until when tax is due, or when it was paid."""
    record = view.record
    assert isinstance(record, TaxAssessment)
    state = assessment.state_on(record, on)
    return record.paid_on or (record.due_on if state is not AssessmentState.NIL else "")
