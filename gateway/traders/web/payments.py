"""The page of one payment: how it stands, the way it takes, its life so far, and what it is about."""

from typing import Any, Final

from aiohttp import web

from gateway.projection.queries import PaymentView
from gateway.traders.visibility import sees_parties
from gateway.traders.web import life, route, timeline
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.sight import MOODS, Sight, status_word
from settlement import money
from settlement.parties import CashAccount, Party


class PaymentPage:
    """The page `/payments/{uetr}`."""

    def __init__(self, frame: Frame, sight: Sight) -> None:
        self._frame: Final = frame
        self._sight: Final = sight

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/payments/{uetr}", self._frame.read(self.payment, "payments"))

    async def payment(self, request: web.Request, reader: Reader) -> Page:
        """Show a payment; one that is not the reader's looks like one that does not exist."""
        view = self._sight.payment(request.match_info["uetr"], reader)
        with_parties = sees_parties(reader.holder)
        events = self._frame.gateway.queries.events_of(view.id)
        told = life.of(view, events, self._frame.gateway.participants(), with_parties=with_parties)
        text = self._frame.words(request)
        return Page(
            "payment.html",
            {
                "events": f"/v1/payments/{view.uetr}/events",
                "life": told,
                "way": route.draw(told, text, title=text("way_of", uetr=view.uetr)),
                "picture": timeline.draw(told, text, title=text("timeline_of", uetr=view.uetr)),
                "mood": MOODS[view.status.status].value,
                "word": status_word(view),
                **_shown(view, with_parties=with_parties),
            },
        )


def _shown(view: PaymentView, *, with_parties: bool) -> dict[str, Any]:
    """Give what a page says of a payment; parties and what it is about only to those who may read them."""
    command = view.command
    facts: list[tuple[str, str | tuple[str, ...]]] = [
        ("from", _party(command.debtor, command.debtor_account) if with_parties else ""),
        ("bank", command.debtor_agent.bic),
        ("to", _party(command.creditor, command.creditor_account) if with_parties else ""),
        ("bank", command.creditor_agent.bic),
        ("reference", command.end_to_end_id),
        ("about", command.remittance if with_parties else ""),
        ("value_date", command.settlement_date),
    ]
    amount = money.render(view.amount_minor, view.currency)
    return {
        "uetr": view.uetr,
        "status": view.status,
        "amount": money.for_people(amount, view.currency),
        "facts": [(key, value) for key, value in facts if value],
        "proof": [("block", f"{view.block:,}"), ("transaction", view.tx_id)],
    }


def _party(party: Party, account: CashAccount | None) -> tuple[str, ...]:
    number = (account.iban or account.other) if account else ""
    return tuple(part for part in (party.name or party.any_bic, party.lei or party.uscc, number) if part)
