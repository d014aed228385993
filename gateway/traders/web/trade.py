"""Trade as people read it: one's contracts and what belongs to them, and one timeline for a trade."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from aiohttp import web

from gateway.auth.scopes import Scope
from gateway.projection.trade import TradeView
from gateway.traders.trade import Trade
from gateway.traders.web import particulars
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from settlement import canonical
from settlement.trade.contract import ContractState, SalesContract
from settlement.trade.invoice import InvoiceEvent

PAGE: Final = 25
"""How many records a page has."""
TRADE_MAX: Final = 200
"""How many records of one trade its page lists."""
PAYMENT_EVENTS: Final = frozenset({InvoiceEvent.PAID_IN_PART, InvoiceEvent.PAID, InvoiceEvent.REFUNDED})
"""Acts whose reason is the UETR of a payment."""
_WAITS: Final = (ContractState.DRAFT, ContractState.PARTLY_SIGNED, ContractState.AMENDING)


class Row(NamedTuple):
    """A record as a list shows it."""

    record_id: str
    kind: str
    number: str
    state: str
    mood: str
    at_ms: int
    about: str
    amount: str


class TradePages:
    """The pages `/trade` and `/trade/records/{id}`."""

    def __init__(self, frame: Frame, trade: Trade) -> None:
        self._frame: Final = frame
        self._trade: Final = trade

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/trade", self._frame.read(self.records, "trade"))
        router.add_get("/trade/records/{id}", self._frame.read(self.show, "trade"))

    async def records(self, request: web.Request, reader: Reader) -> Page:
        """List the reader's records, newest first."""
        cursors = self._trade.cursors(reader.holder)
        cursor = request.query.get("cursor", "")
        found = self._page(
            reader, limit=PAGE + 1, newest_first=True, after=cursors.open(cursor, "cursor")[0] if cursor else 0
        )
        more = f"/trade?cursor={cursors.seal(found[PAGE - 1].id)}" if len(found) > PAGE else ""
        return Page(
            "trade.html",
            {
                "rows": [row(each) for each in found[:PAGE]],
                "first": "/trade" if cursor else "",
                "more": more,
                "signs": reader.scope is Scope.TRADER,
            },
        )

    async def show(self, request: web.Request, reader: Reader) -> Page:
        """Show a record, the others of its trade, and all that happened in it."""
        found = self._trade.find(reader.holder, request.match_info["id"])
        record = found.record
        trade = record.trade or record.record_id
        others = self._page(reader, limit=TRADE_MAX, trade=trade)
        return Page(
            "trade_record.html",
            {
                "shown": row(found),
                "facts": particulars.facts(record),
                "others": [row(each) for each in others if each.id != found.id],
                "acts": self._frame.gateway.trade.timeline(trade, party=self._trade.party(reader.holder)),
                "payment_events": PAYMENT_EVENTS,
                "names": self._frame.names(),
                "proof": [("block", f"{found.block:,}"), ("transaction", record.tx_id)],
                "to_sign": self._to_sign(found, reader),
            },
        )

    def _page(self, reader: Reader, **wanted: Any) -> list[TradeView]:
        party = self._trade.party(reader.holder)
        return self._frame.gateway.trade.page(on=self._trade.today(), party=party, **wanted)

    def _to_sign(self, view: TradeView, reader: Reader) -> Mapping[str, str] | None:
        """Give what the reader's firm has to sign, if anything: the document in its canonical form."""
        record, party = view.record, reader.holder.customer
        if not isinstance(record, SalesContract) or view.state not in _WAITS or party not in record.parties:
            return None
        signatures = record.amendment_signatures if record.amendment else record.signatures
        if any(each.party == party for each in signatures):
            return None
        gateway = self._frame.gateway
        return {
            "network": gateway.network,
            "participant": gateway.participant,
            "contract_id": record.record_id,
            "document": canonical.encode(record.proposal).decode(),
        }


def row(view: TradeView) -> Row:
    """Show a record in a list."""
    record = view.record
    return Row(
        record_id=record.record_id,
        kind=view.kind,
        number=record.number,
        state=view.state,
        mood=particulars.MOODS.get(view.state, ""),
        at_ms=record.act.at_ms,
        about=particulars.about(record),
        amount=particulars.amount(record),
    )
