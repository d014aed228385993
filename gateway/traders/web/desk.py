"""A bank's desk: today's payments, what waits for the bank, what it holds and how that went through the day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from aiohttp import web

from gateway.cursors import Cursors
from gateway.projection.balances import AccountView, DayTotals
from gateway.projection.initiations import InitiationView
from gateway.projection.queries import PaymentView
from gateway.projection.rulings import RulingView
from gateway.projection.search import Wanted
from gateway.traders.web import asked_for, liquidity, second_officer
from gateway.traders.web.filters import REJECTED_TODAY, TO_BE_CREDITED, Filters
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.liquidity import Course
from gateway.traders.web.readers import Reader
from gateway.traders.web.sight import Sight
from gateway.traders.web.today import COUNTED, Figure, counted, rejected_today
from gateway.traders.web.words import Words
from settlement.accounts.account import CASH
from settlement.day import DayState

POINTS: Final = 240
"""How many points of a day are drawn at most: a picture has no room for more."""
LATEST: Final = 8
PAGE: Final = 50
"""How many a page of a list has of what waits."""
PROPOSALS: Final = "/desk/proposals"
INITIATIONS: Final = "/desk/initiations"
Row = TypeVar("Row", RulingView, InitiationView)
"""What waits, as the read model gives it."""


class Holding(NamedTuple):
    """A currency that the bank has: its day so far, drawn; and, of an account that is blocked, why."""

    currency: str
    date: str
    state: str
    blocked_because: str
    course: Course
    totals: DayTotals | None
    drawn: str


class Desk:
    """The pages `/desk`, `/desk/proposals` and `/desk/initiations`."""

    def __init__(self, frame: Frame, sight: Sight) -> None:
        self._frame: Final = frame
        self._sight: Final = sight

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/desk", self._frame.read(self.desk, "desk"))
        router.add_get(PROPOSALS, self._frame.read(self.proposals, "desk"))
        router.add_get(INITIATIONS, self._frame.read(self.initiations, "desk"))

    async def desk(self, request: web.Request, reader: Reader) -> Page:
        """Show the day."""
        text = self._frame.words(request)
        return await asyncio.to_thread(self._desk, reader, text)

    async def proposals(self, request: web.Request, _: Reader) -> Page:
        """List all that waits for a second officer, the newest first."""
        found, more = await self._turned(request, PROPOSALS, second_officer.waiting)
        first = PROPOSALS if request.query.get("cursor") else ""
        shown = [second_officer.shown(each) for each in found]
        return Page("proposals.html", {"proposals": shown, "older": more, "newest": first})

    async def initiations(self, request: web.Request, _: Reader) -> Page:
        """List all that customers have asked for and the bank has not answered, the oldest first."""
        found, more = await self._turned(request, INITIATIONS, asked_for.waiting)
        first = INITIATIONS if request.query.get("cursor") else ""
        shown = [asked_for.shown(self._frame.gateway, each) for each in found]
        return Page("initiations.html", {"asked": shown, "more": more, "first": first})

    async def _turned(
        self, request: web.Request, path: str, waiting: Callable[..., list[Row]]
    ) -> tuple[list[Row], str]:
        """Give a page of a list, and where the next one stands; CH16 for a cursor that is none of the list's."""
        gateway, cursor = self._frame.gateway, request.query.get("cursor", "")
        gateway.require_serving()
        cursors = Cursors(gateway, path)
        after = cursors.open(cursor, "cursor")[0] if cursor else 0
        found = await asyncio.to_thread(waiting, gateway, after=after, limit=PAGE)
        return found, f"{path}?cursor={cursors.seal(found[-1].id)}" if len(found) == PAGE else ""

    def _desk(self, reader: Reader, text: Words) -> Page:
        gateway = self._frame.gateway
        own = gateway.participant
        accounts = [each for each in gateway.balances.accounts(own) if each.kind == CASH]
        reasons = {(each.participant, each.currency): each.blocked_because for each in gateway.queries.accounts()}
        holdings = [self._holding(each, reasons, text) for each in accounts]
        waiting = self._sight.page(reader, Wanted(payee=own, is_open=True), limit=COUNTED).payments
        rejected = self._sight.page(reader, rejected_today(gateway, own), limit=COUNTED).payments
        asked = asked_for.waiting(gateway, limit=COUNTED)
        latest = self._sight.page(reader, Wanted(), limit=LATEST)
        proposed = second_officer.waiting(gateway, limit=LATEST)
        totals = [each.totals for each in holdings if each.totals]
        return Page(
            "desk.html",
            {
                "events": "/v1/events",
                "holdings": holdings,
                "figures": _figures(totals, waiting, rejected, len(asked), gateway.rulings.waiting(own)),
                "proposals": [second_officer.shown(each) for each in proposed],
                "waiting": [self._sight.row(view, reader) for view in waiting[:LATEST]],
                "all_waiting": Filters(status=TO_BE_CREDITED).address("/payments"),
                "number_waiting": counted(len(waiting)),
                "latest": [self._sight.row(view, reader) for view in latest.payments],
            },
        )

    def _holding(self, account: AccountView, reasons: Mapping[tuple[str, str], str], text: Words) -> Holding:
        gateway, now_ms = self._frame.gateway, self._frame.gateway.clock()
        date = gateway.days.latest(account.currency)
        span = gateway.days.span(account.currency, date) if date else None
        day = gateway.initiations.day(account.currency)
        if span is None:
            course = Course(account.currency, gateway.balances.at(account).posted_minor, (), now_ms, now_ms)
        else:
            since_ms = span.opened_at_ms
            course = Course(
                account.currency,
                gateway.balances.before(account, span.first).posted_minor,
                gateway.balances.course(
                    account, span.first, span.last, bucket_ms=max(1, (now_ms - since_ms) // POINTS)
                ),
                since_ms,
                since_ms if day is None or day.state is DayState.CLOSED else max(now_ms, since_ms),
            )
        totals = gateway.balances.totals(account, first=date, last=date) if date else []
        title = text("liquidity_of", currency=account.currency, date=date)
        return Holding(
            account.currency,
            date,
            account.state if account.state != "OPEN" or day is None else day.state.value,
            reasons.get((account.participant, account.currency), ""),
            course,
            totals[0] if totals else None,
            liquidity.draw(course, text, name=f"liquidity-{account.currency}", title=title),
        )


def _figures(
    totals: Sequence[DayTotals],
    waiting: Sequence[PaymentView],
    rejected: Sequence[PaymentView],
    asked: int,
    proposed: int,
) -> list[Figure]:
    """Give the figures at the top. What was sent and received are movements: each account's statement has them."""
    return [
        Figure("sent_today", f"{sum(each.debits for each in totals):,}"),
        Figure("received_today", f"{sum(each.credits for each in totals):,}"),
        Figure("to_be_credited", counted(len(waiting)), Filters(status=TO_BE_CREDITED).address("/payments")),
        Figure("rejected_today", counted(len(rejected)), Filters(status=REJECTED_TODAY).address("/payments")),
        Figure("to_be_released", counted(asked), INITIATIONS),
        Figure("for_a_second_officer", f"{proposed:,}", PROPOSALS),
    ]
