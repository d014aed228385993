"""The network at a glance, for its authorities: who takes part, each currency's day, who holds what, what was rejected.

What was refused is nowhere: a refusal writes nothing, and is told to whoever asked and nobody else.
"""

import asyncio
from collections import Counter
from typing import Any, Final, NamedTuple

from aiohttp import web

from gateway.app import Gateway
from gateway.projection.balances import AccountView
from gateway.projection.timeline import ActView
from gateway.traders.web import activity
from gateway.traders.web.filters import REJECTED_TODAY, Filters
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.sight import Sight
from gateway.traders.web.today import COUNTED, Figure, counted, first_block, rejected_today
from gateway.traders.web.words import Words
from settlement import money
from settlement.accounts.account import CASH, Account
from settlement.accounts.issuance import Issuance
from settlement.accounts.redemption import Redemption
from settlement.day import BusinessDay
from settlement.participants import Participant, ParticipantState
from settlement.rulings import RulingState

ACTS: Final = 10
WAITING: Final = 100
_WATCHED: Final = (Participant, Account, BusinessDay, Issuance, Redemption)
"""The records whose latest acts are shown."""


class CurrencyDay(NamedTuple):
    """A currency's day: movements (payments and returns) and their volume, and what the participants hold."""

    currency: str
    date: str
    state: str
    movements: int
    volume: str
    held: str
    is_backed: bool


class Holdings(NamedTuple):
    """A participant's row: what it holds in each currency, empty where it has no account."""

    name: str
    title: str
    held: list[str]


class Network:
    """The page `/network`."""

    def __init__(self, frame: Frame, sight: Sight) -> None:
        self._frame: Final = frame
        self._sight: Final = sight

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/network", self._frame.read(self.network, "network"))

    async def network(self, request: web.Request, reader: Reader) -> Page:
        """Show it."""
        return await asyncio.to_thread(self._network, reader, self._frame.words(request))

    def _network(self, reader: Reader, text: Words) -> Page:
        gateway = self._frame.gateway
        participants = gateway.participants()
        accounts = gateway.balances.accounts()
        currencies = sorted({each.currency for each in accounts})
        days = [_day(gateway, currency, accounts) for currency in currencies]
        rejected = self._sight.page(reader, rejected_today(gateway), limit=COUNTED).payments
        all_rejected = Filters(status=REJECTED_TODAY).address("/payments")
        codes = Counter(view.code for view in rejected)
        day = gateway.activity.since(first_block(gateway), spans=activity.BARS, limit=activity.COUNTED)
        active = sum(each.state is ParticipantState.ACTIVE for each in participants.values())
        return Page(
            "network.html",
            {
                "events": "/v1/events",
                "figures": [
                    Figure("participants_active", f"{active} / {len(participants)}", "#participants"),
                    Figure("days_open", f"{sum(each.state == 'OPEN' for each in days)} / {len(days)}", "#days"),
                    Figure("settled_today", f"{day.settled:,}{'+' if day.is_cut else ''}"),
                    Figure("rejected_today", counted(len(rejected)), all_rejected),
                ],
                "participants": list(participants.values()),
                "days": days,
                "currencies": currencies,
                "holders": _holders(gateway, accounts, currencies, self._frame.names()),
                "activity": activity.draw(day, text) if day.spans else "",
                "spans": day.spans,
                "codes": codes.most_common(),
                "rejected": [self._sight.row(view, reader) for view in rejected[:8]],
                "waiting": _waiting(gateway, self._frame.names()),
                "acts": [
                    _act(each, self._frame.names()) for each in gateway.timeline.latest(kinds=_WATCHED, limit=ACTS)
                ],
            },
        )


def _day(gateway: Gateway, currency: str, accounts: list[AccountView]) -> CurrencyDay:
    """Sum up a currency: what left each account, and whether the participants hold what was issued less redeemed."""
    date = gateway.days.latest(currency)
    day = gateway.initiations.day(currency)
    held = issued = movements = volume = 0
    for account in accounts:
        if account.currency != currency:
            continue
        posted = gateway.balances.at(account).posted_minor
        if account.kind != CASH:
            issued -= posted
            continue
        held += posted
        for totals in gateway.balances.totals(account, first=date, last=date) if date else ():
            movements, volume = movements + totals.debits, volume + totals.debit_minor
    return CurrencyDay(
        currency,
        date,
        day.state.value if day else "CLOSED",
        movements,
        _amount(volume, currency),
        _amount(held, currency),
        held == issued,
    )


def _holders(
    gateway: Gateway, accounts: list[AccountView], currencies: list[str], names: dict[str, str]
) -> list[Holdings]:
    cash = {(each.participant, each.currency): each for each in accounts if each.kind == CASH}
    return [
        Holdings(
            name,
            names.get(name, name),
            [
                _amount(gateway.balances.at(cash[name, each]).posted_minor, each) if (name, each) in cash else ""
                for each in currencies
            ],
        )
        for name in sorted({participant for participant, _ in cash})
    ]


def _waiting(gateway: Gateway, names: dict[str, str]) -> list[dict[str, Any]]:
    """Show what an authority's officer has proposed and another of the same has not confirmed, the newest first."""
    return [
        {
            "at_ms": each.record.proposed_at_ms,
            "ruling": each.record.ruling_id,
            "kind": type(each.command).__name__,
            "by": f"{each.record.proposed_by.name} · {names.get(each.record.authority, each.record.authority)}",
        }
        for each in gateway.rulings.page(state=RulingState.PROPOSED, limit=WAITING)
    ]


def _act(view: ActView, names: dict[str, str]) -> dict[str, Any]:
    """Show what happened to a record: what was asked for, of what, by whom."""
    person = f"{view.person} · " if view.person else ""
    return {
        "at_ms": view.at_ms,
        "act": view.command or view.kind,
        "name": view.name,
        "state": view.state,
        "by": f"{person}{names.get(view.by, view.by)}".rstrip(" ·"),
    }


def _amount(minor: int, currency: str) -> str:
    return money.for_people(money.render(minor, currency), currency).rsplit(" ", 1)[0]
