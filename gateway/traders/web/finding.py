"""Finding: one field for whatever somebody has in hand."""

import re
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from gateway.traders.trade import Trade
from gateway.traders.web.filters import TEXT_MAX, Filters
from gateway.traders.web.frame import Frame, Page, lead
from gateway.traders.web.readers import Reader, is_offered
from settlement import identifiers
from settlement.errors import Refusal

LATEST: Final = 50
"""How many records of one number are looked at."""
_AMOUNT: Final = re.compile(r"(?P<amount>[0-9][0-9.,]*) *(?P<currency>[A-Za-z]{3})").fullmatch
"""`1,284,600.00 CNY`, with or without its commas."""


class Finding:
    """The page `/find`."""

    def __init__(self, frame: Frame, trade: Trade) -> None:
        self._frame: Final = frame
        self._trade: Final = trade

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/find", self._frame.read(self.find, "find"))

    async def find(self, request: web.Request, reader: Reader) -> Page | web.Response:
        """Lead to a payment by its UETR, to a record of trade by its number, to a list of payments by all else."""
        asked = request.query.get("q", "").strip()
        if not asked:
            return Page("find.html", {})
        try:
            return lead(f"/payments/{identifiers.uetr(asked.lower())}")
        except Refusal:
            if not is_offered("payments", reader):
                return lead(self._record(asked, reader) or f"/trade?{urlencode({'q': asked[:TEXT_MAX]})}")
            return lead(self._record(asked, reader) or _filters(asked).address("/payments"))

    def _record(self, asked: str, reader: Reader) -> str:
        """Give the address of the reader's record of trade that has a number, of several the last; else nothing."""
        if not is_offered("trade", reader):
            return ""
        trade = self._frame.gateway.trade
        party, kinds = self._trade.party(reader.holder), self._trade.kinds(reader.holder)
        found = trade.page(on=self._trade.today(), limit=LATEST, number=asked, party=party, kinds=kinds)
        return f"/trade/records/{found[-1].record.record_id}" if found else ""


def _filters(asked: str) -> Filters:
    """Give the filters of the list that shows what was asked for: an amount with its currency, or else words.

    An amount is handed on as it was typed: where its comma groups no thousands the list says so.
    """
    found = _AMOUNT(asked)
    if found is None:
        return Filters(q=asked[:TEXT_MAX])
    amount = found["amount"]
    return Filters(currency=found["currency"].upper(), least=amount, most=amount)
