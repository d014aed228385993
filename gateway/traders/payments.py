"""Payments as programs read them: one by its UETR, and those of a holder, a page at a time, newest first.

GET /v1/payments/{uetr}    a payment; one that is not the holder's is 404, as if it did not exist
GET /v1/payments           the holder's, narrowed by words and fields
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.projection.at_hand import AtHand
from gateway.projection.search import Page, Wanted
from gateway.traders import asked, views
from gateway.traders.cursors import PaymentCursors
from gateway.traders.edge import HOLDER, Tagged, asker_of
from gateway.traders.tokens import Holder
from gateway.traders.visibility import Visibility, sees_parties
from settlement import money
from settlement.errors import Code, Refusal
from settlement.payments.commands import CreditStatus
from settlement.payments.payment import SettlementState

LIMIT_MAX: Final = 200

Name = Annotated[str, Meta(max_length=35)]
Amount = Annotated[str, Meta(pattern=r"^[0-9]{1,18}(\.[0-9]{1,5})?$")]
Date = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Cursor = Annotated[str, Meta(max_length=80)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class PaymentsWanted(asked.Query):
    """What narrows a list of payments; what is absent does not.

    `q` finds words, or their beginnings, in names, accounts, references and remittance; not for clearing. Dates are
    settlement dates, both inclusive; amounts need their currency. `counterparty` is the other participant.
    """

    q: Annotated[str, Meta(max_length=140)] = ""
    state: SettlementState | None = None
    credit: CreditStatus | None = None
    code: Annotated[str, Meta(pattern="^[A-Z0-9_]{2,35}$")] = ""
    currency: Currency = ""
    min_amount: Amount = ""
    max_amount: Amount = ""
    from_date: Date = ""
    to_date: Date = ""
    payer: Name = ""
    payee: Name = ""
    counterparty: Name = ""
    end_to_end_id: Name = ""
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class Payments:
    """The two routes."""

    def __init__(self, gateway: Gateway, visibility: Visibility, at_hand: AtHand[Tagged]) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._at_hand: Final = at_hand
        self._thread: Final = ThreadPoolExecutor(1, f"search-{gateway.participant}")
        """Searches wait for one another, and keep nobody else waiting."""

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/payments", self.list)
        router.add_get("/v1/payments/{uetr}", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """Show a payment to a holder who may see it."""
        holder, uetr = request[HOLDER], request.match_info["uetr"]
        self._gateway.require_serving()
        asker = asker_of(holder)
        told = self._at_hand.get(uetr, asker)
        if told is None:
            view = self._visibility.payment(uetr, holder)
            events, standing = self._gateway.queries.events_of(view.id), self._gateway.standing(view)
            shown = views.payment(view, events, parties=sees_parties(holder), standing=standing)
            told = self._at_hand.keep(Tagged.of(views.encode(shown)), view, asker)
        return web.Response(body=told.body, content_type="application/json", headers={"ETag": told.etag})

    async def list(self, request: web.Request) -> web.Response:
        """Give the next payments of a holder."""
        holder, query = request[HOLDER], asked.read(request, PaymentsWanted)
        cursors = PaymentCursors(self._gateway, holder)
        page = await self.page(holder, query, cursors.open(query.cursor))
        parties = sees_parties(holder)
        shown = views.PaymentPage(
            payments=tuple(views.summary(view, parties=parties) for view in page.payments),
            next="" if page.before is None else cursors.seal(page.before),
        )
        return answer_page(shown, query, shown.next)

    async def page(self, holder: Holder, query: PaymentsWanted, before: int | None = None) -> Page:
        """Give the payments of a holder that a query wants, before a place if named; raises `Refusal`."""
        wanted = _wanted(query, self._visibility.parties(holder))
        if query.q and holder.scope is Scope.CLEARING:
            raise Refusal(Code.CH17, "q")
        if before is None:
            await self._gateway.indexed()
        search = partial(
            self._gateway.search.page, wanted, may_see=self._visibility.test(holder), before=before, limit=query.limit
        )
        return await asyncio.get_running_loop().run_in_executor(self._thread, search)


def answer(view: views.View, status: int = 200) -> web.Response:
    """Answer in JSON."""
    return web.Response(body=views.encode(view), status=status, content_type="application/json")


def answer_page(view: views.View, query: asked.Query, following: str) -> web.Response:
    """Answer with a page of a list, and link to the next one if its cursor is given."""
    response = answer(view)
    if following:
        response.headers["Link"] = asked.following(query, following)
    return response


def _wanted(query: PaymentsWanted, parties: tuple[str, ...] | None) -> Wanted:
    """Say what is looked for; raises `Refusal`."""
    return Wanted(
        text=query.q,
        parties=parties,
        payer=query.payer,
        payee=query.payee,
        counterparty=query.counterparty,
        currency=query.currency,
        state=query.state,
        credit=query.credit,
        code=query.code,
        first_date=asked.date(query.from_date, "from_date"),
        last_date=asked.date(query.to_date, "to_date"),
        least_minor=_minor(query.min_amount, query.currency, "min_amount"),
        most_minor=_minor(query.max_amount, query.currency, "max_amount"),
        end_to_end_id=query.end_to_end_id,
    )


def _minor(amount: str, currency: str, where: str) -> int | None:
    if not amount:
        return None
    if not currency:
        raise Refusal(Code.CH21, "currency")
    return money.parse(amount, currency, where)
