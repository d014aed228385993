"""Trade as people read it: one's contracts and what belongs to them, found by words and fields, and one at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from gateway.auth.scopes import Scope
from gateway.projection.trade import TradeView
from gateway.traders.trade import TEXT_MAX, Trade
from gateway.traders.web import particulars, signed_acts, whereabouts
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.groups import GROUPS, groups_of
from gateway.traders.web.names import NOBODY, Names, firms_in
from gateway.traders.web.readers import Reader
from gateway.traders.web.signable import Case, case_of, to_sign
from settlement.trade.contract import SalesContract
from settlement.trade.invoice import InvoiceEvent
from settlement.trade.lading import bill
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import EXPIRED, TradeRecord, kind_of

EVENTS: Final = "/v1/trade/events"
"""What a page of trade follows."""
PAGE: Final = 25
"""How many records a page has."""
PAYMENT_EVENTS: Final = frozenset({InvoiceEvent.PAID_IN_PART, InvoiceEvent.PAID, InvoiceEvent.REFUNDED})
"""Acts whose reason is the UETR of a payment."""
KINDS: Final = {kind_of(kind): kind for kind in particulars.KINDS}
"""The kinds of record that a list can be narrowed to, by their names."""


class Filters(NamedTuple):
    """What the form holds, as it was typed."""

    q: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """Take what is in an address; a kind or a state that there is none of narrows nothing."""
        found = cls(**{name: query.get(name, "").strip()[:TEXT_MAX] for name in cls._fields})
        kind = found.kind if found.kind in KINDS else ""
        known = (*groups_of(kind), *states_of(kind))
        return found._replace(kind=kind, state=found.state if found.state in known else "")

    def wanted(self) -> dict[str, Any]:
        """Give what the read model is asked for."""
        group = GROUPS.get(self.state)
        state = {"states": group.states} if group else {"state": self.state}
        return {"text": self.q, "kind": self.kind, **state}

    def address(self, **more: str) -> str:
        """Write the address of a list that is narrowed so."""
        given = {name: value for name, value in {**self._asdict(), **more}.items() if value}
        return f"/trade?{urlencode(given)}" if given else "/trade"


def states_of(kind: str) -> list[str]:
    """Give the states that are told of a kind of record, of all kinds without one, in the order of their tables."""
    found: dict[str, None] = {}
    for each in [KINDS[kind]] if kind else KINDS.values():
        moves = each.LIFECYCLE.moves
        found |= dict.fromkeys(str(state) for state in moves.values())
        found |= dict.fromkeys(str(state) for state, _ in moves if state != each.LIFECYCLE.initial)
        if any(event == EXPIRED for _, event in moves):
            found[EXPIRED] = None
    return [*found, *(["HELD"] if kind in ("", "declaration") else [])]


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
        cursors, filters = self._trade.cursors(reader.holder), Filters.read(request.query)
        cursor = request.query.get("cursor", "")
        found = self._page(
            reader,
            limit=PAGE + 1,
            newest_first=True,
            after=cursors.open(cursor, "cursor")[0] if cursor else 0,
            **filters.wanted(),
        )
        names = Names(self._frame.names(), {})
        more = filters.address(cursor=cursors.seal(found[PAGE - 1].id)) if len(found) > PAGE else ""
        return Page(
            "trade.html",
            {
                "events": "" if cursor else EVENTS,
                "filters": filters,
                "kinds": self._trade.kinds(reader.holder) or tuple(KINDS),
                "groups": groups_of(filters.kind),
                "states": states_of(filters.kind),
                "rows": [row(each, names) for each in found[:PAGE]],
                "first": filters.address() if cursor else "",
                "more": more,
                "signs": reader.scope is Scope.TRADER,
            },
        )

    async def show(self, request: web.Request, reader: Reader) -> Page:
        """Show a record, where the goods and the money of its trade are, and all that happened in it."""
        found = self._trade.find(reader.holder, request.match_info["id"])
        record = found.record
        trade = record.trade or record.record_id
        whole = self._every(reader, trade=trade)
        known = [each.record.record_id for each in whole]
        lent = [each for each in self._every(reader, secured_by=known) if each.id != found.id]
        names = self._names(reader, [record, *(each.record for each in whole)])
        at = whereabouts.of([*whole, *lent], names)
        return Page(
            "trade_record.html",
            {
                "events": EVENTS,
                "shown": row(found, names),
                "facts": particulars.facts(record, names),
                "at": at if len(at.goods) + len(at.money) > 1 else None,
                "lanes": [
                    ("goods", [row(each, names) for each in at.goods]),
                    ("money", [row(each, names) for each in at.money]),
                ],
                "acts": self._frame.gateway.trade.every_act(trade, **self._sees(reader)),
                "payment_events": PAYMENT_EVENTS,
                "called": names.called,
                "firm": names.firm,
                "names": names.organisations,
                "proof": [("block", f"{found.block:,}"), ("transaction", record.tx_id)],
                **self._to_sign(record, reader, whole),
            },
        )

    def _page(self, reader: Reader, **wanted: Any) -> list[TradeView]:
        return self._frame.gateway.trade.page(on=self._trade.today(), **self._sees(reader), **wanted)

    def _every(self, reader: Reader, **wanted: Any) -> list[TradeView]:
        return self._frame.gateway.trade.every(on=self._trade.today(), **self._sees(reader), **wanted)

    def _sees(self, reader: Reader) -> dict[str, Any]:
        return {"party": self._trade.party(reader.holder), "kinds": self._trade.kinds(reader.holder)}

    def _names(self, reader: Reader, records: Sequence[TradeRecord[Any]]) -> Names:
        """Give the names that a reader may know: its own, those that records say, at a bank's desk its customers'."""
        queries, own = self._frame.gateway.queries, self._frame.gateway.participant
        firms = {}
        if reader.scope is Scope.TRADER:
            firms[reader.holder.customer] = reader.name
        elif reader.scope is Scope.DESK:
            parties = {party for record in records for party in record.parties}
            customers = filter(None, (queries.customer(own, party) for party in parties))
            firms |= {each.identifier: each.name for each in customers}
        return Names(self._frame.names(), firms | firms_in(records))

    def _to_sign(self, record: TradeRecord[Any], reader: Reader, whole: Sequence[TradeView]) -> dict[str, Any]:
        """Give what waits for the reader's firm to sign, and what else it may sign about a record of a whole trade."""
        if reader.scope is not Scope.TRADER:
            return {"to_sign": None, "open_acts": []}
        records = [each.record for each in whole]
        case = case_of(self._frame.gateway, record, reader.holder.customer, self._trade.today(), records)
        acts = signed_acts.acts_of(case)
        return {
            "to_sign": next((to_sign(act, case, {}) for act in acts if act.is_awaited), None),
            "open_acts": [(act, act.asks(case)) for act in acts if not act.is_awaited],
            **offered_in_forms(case, self._frame.names()),
        }


def offered_in_forms(case: Case, names: Mapping[str, str]) -> dict[str, Any]:
    """Give what forms about a record offer: whom to give it to, its currency, what else of its trade secures a loan."""
    others = [each for each in case.whole if case.record and each.record_id != case.record.record_id]
    return {
        "parties": known_parties(case, names),
        "currency": particulars.currency(case.record),
        "securing": [
            f"{kind_of(type(each))}:{each.number}"
            for each in others
            if signed_acts.is_security(case._replace(record=each))
        ],
    }


def known_parties(case: Case, names: Mapping[str, str]) -> dict[str, str]:
    """Name those to whom something may be given: parties of the contract and of the bill, and banks."""
    found: dict[str, str] = {}
    contract = case.record if isinstance(case.record, SalesContract) else case.under
    if contract is not None:
        for side in (contract.terms.seller, contract.terms.buyer):
            found[f"{side.identifier}@{side.bank}"] = side.name
    if isinstance(case.record, BillOfLading):
        for each in sorted(bill.people_of(case.record), key=lambda each: each.called):
            found.setdefault(each.called, names.get(each.participant, each.participant))
    own = f"{case.by.party}@{case.by.participant}"
    return {value: name for value, name in (found | dict(names)).items() if value not in (own, "@")}


def row(view: TradeView, names: Names = NOBODY) -> Row:
    """Show a record in a list."""
    record = view.record
    return Row(
        record_id=record.record_id,
        kind=view.kind,
        number=record.number,
        state=view.state,
        mood=particulars.MOODS.get(view.state, ""),
        at_ms=record.act.at_ms,
        about=particulars.about(record, names),
        amount=particulars.amount(record),
    )
