"""The list of payments that a reader may see: filtered, newest first, a page at a time."""

import asyncio
from typing import Any, Final

from aiohttp import web
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.projection import search
from gateway.projection.search import Wanted
from gateway.traders.cursors import PaymentCursors
from gateway.traders.web.filters import REJECTED_TODAY, STATUSES, TO_BE_CREDITED, Filters
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.sight import Sight
from gateway.traders.web.today import rejected_today
from settlement.accounts.issuance import Currency

PAGE: Final = 25
"""How many payments a page has."""
_OF_THE_DAY: Final[dict[Scope, tuple[str, ...]]] = {
    Scope.DESK: (TO_BE_CREDITED, REJECTED_TODAY),
    Scope.CLEARING: (REJECTED_TODAY,),
    Scope.SUPERVISOR: (REJECTED_TODAY,),
}
"""What is looked for by the day besides statuses, by whom."""


class PaymentList:
    """The page `/payments`."""

    def __init__(self, frame: Frame, sight: Sight) -> None:
        self._frame: Final = frame
        self._sight: Final = sight

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/payments", self._frame.read(self.payments, "payments"))

    async def payments(self, request: web.Request, reader: Reader) -> Page:
        """List payments."""
        filters = Filters.read(request.query)
        cursors, cursor = PaymentCursors(self._frame.gateway, reader.holder), request.query.get("cursor", "")
        before = cursors.open(cursor)
        fault = filters.fault()
        found = search.Page([], None)
        if not fault:
            await self._frame.gateway.indexed()
            # A question may take long, and the loop has other readers.
            found = await asyncio.to_thread(
                self._sight.page, reader, self._wanted(filters, reader), before=before, limit=PAGE
            )
        older = "" if found.before is None else filters.address("/payments", cursor=cursors.seal(found.before))
        return Page(
            "payments.html",
            {
                "events": "" if cursor else "/v1/events",
                "filters": filters,
                "fault": fault,
                "rows": [self._sight.row(view, reader) for view in found.payments],
                "older": older,
                "newest": filters.address("/payments") if cursor else "",
                **self._choices(reader),
            },
            status=422 if fault else 200,
        )

    def _wanted(self, filters: Filters, reader: Reader) -> Wanted:
        """Give what a reader looks for; a trader has no day, and so nothing that was rejected on it."""
        wanted = filters.wanted(self._desk(reader))
        if filters.status != REJECTED_TODAY or reader.scope is Scope.TRADER:
            return wanted
        today = rejected_today(self._frame.gateway, self._desk(reader))
        return replace(wanted, state=today.state, payer=today.payer, first_block=today.first_block)

    def _desk(self, reader: Reader) -> str:
        """Name the bank whose desk reads; empty for everybody else."""
        return self._frame.gateway.participant if reader.scope is Scope.DESK else ""

    def _choices(self, reader: Reader) -> dict[str, Any]:
        """Give what the form offers; who a bank's counterparty is, a trader does not ask for by bank."""
        queries = self._frame.gateway.queries
        banks = {
            name: each.organisation.name
            for name, each in self._frame.gateway.participants().items()
            if each.organisation.bic and name != self._frame.gateway.participant
        }
        return {
            "currencies": sorted(each.currency for each in queries.records(Currency)),
            "statuses": (*_OF_THE_DAY.get(reader.scope, ()), *STATUSES),
            "banks": {} if reader.scope is Scope.TRADER else banks,
        }
