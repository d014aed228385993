"""The page of one payment: how it stands, the way it takes, its life so far, and what it is about."""

from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from gateway.projection.queries import PaymentView
from gateway.traders.visibility import sees_parties
from gateway.traders.web import life, route, timeline
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from settlement import money
from settlement.parties import CashAccount, Party

PaymentOf = Callable[[str, Reader], PaymentView]
"""Give the payment of a UETR as a reader may see it; raises `Refusal`."""

MOODS: Final = {
    "PDNG": life.Mood.AWAITED,
    "ACSP": life.Mood.AWAITED,
    "ACSC": life.Mood.DONE,
    "ACWP": life.Mood.AWAITED,
    "ACCC": life.Mood.FINAL,
    "BLCK": life.Mood.STOPPED,
    "RJCT": life.Mood.STOPPED,
}
"""How an ISO 20022 transaction status is coloured."""


_PARTIES: Final = frozenset({"from", "to", "about"})
"""The facts that say who pays whom and why."""


class PaymentPage:
    """The page `/payments/{uetr}`."""

    def __init__(self, frame: Frame, payment_of: PaymentOf) -> None:
        self._frame: Final = frame
        self._payment_of: Final = payment_of

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/payments/{uetr}", self._frame.read(self.payment, "find"))

    async def payment(self, request: web.Request, reader: Reader) -> Page:
        """Show a payment; one that is not the reader's looks like one that does not exist."""
        view = self._payment_of(request.match_info["uetr"], reader)
        told = life.of(view, self._frame.gateway.queries.events_of(view.id), self._frame.names())
        text = self._frame.words(request)
        return Page(
            "payment.html",
            {
                "events": f"/v1/payments/{view.uetr}/events",
                "kinds": "",
                "life": told,
                "way": route.draw(told, text, title=text("way_of", uetr=view.uetr)),
                "picture": timeline.draw(told, text, title=text("timeline_of", uetr=view.uetr)),
                "mood": MOODS[view.status.status].value,
                **_shown(view, parties=sees_parties(reader.holder)),
            },
        )


def _shown(view: PaymentView, *, parties: bool) -> dict[str, Any]:
    """Give what fills the page in; `parties`: with who pays whom and why."""
    command = view.command
    facts = [
        ("from", _party(command.debtor, command.debtor_account)),
        ("bank", command.debtor_agent.bic),
        ("to", _party(command.creditor, command.creditor_account)),
        ("bank", command.creditor_agent.bic),
        ("reference", command.end_to_end_id),
        ("about", command.remittance),
        ("value_date", command.settlement_date),
    ]
    amount = money.render(view.amount_minor, view.currency)
    return {
        "uetr": view.uetr,
        "status": view.status,
        "amount": life.grouped(amount, view.currency),
        "facts": [(key, value) for key, value in facts if value and (parties or key not in _PARTIES)],
        "proof": [("block", f"{view.block:,}"), ("transaction", view.tx_id)],
    }


def _party(party: Party, account: CashAccount | None) -> tuple[str, ...]:
    number = (account.iban or account.other) if account else ""
    return tuple(part for part in (party.name or party.any_bic, party.lei or party.uscc, number) if part)
