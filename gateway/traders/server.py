"""The traders' door: HTTP with a bearer token, one bank's customers, each its own payments and nobody else's.

GET /v1/payments/{uetr}    a payment that concerns the token's customer; any other is 404, as if it did not exist
GET /healthz               whether the gateway serves; for machines that watch, without a token

`gateway.traders.initiations` has the routes by which a trader asks its bank to pay, `gateway.traders.web` the pages
for people, from / on.
"""

import ssl
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web

from gateway.app import Gateway
from gateway.limits import Rates
from gateway.projection.queries import EventView, PaymentView
from gateway.traders.connections import Listening, listen
from gateway.traders.edge import bearer, limited, named, tagged
from gateway.traders.initiations import VALID_DAYS, Initiations
from gateway.traders.problems import answering
from gateway.traders.tokens import Holder, Tokens
from gateway.traders.visibility import concerns
from gateway.traders.web.frame import TOKEN_COOKIE
from gateway.traders.web.pages import add_pages
from settlement import dates, identifiers, money
from settlement.errors import Code, Refusal
from settlement.parties import CashAccount, Party
from settlement.payments.commands import ConfirmCredit, ReturnPayment

RATE_PER_S: Final = 100.0
BURST: Final = 200
CONNECTIONS_MAX: Final = 2000
"""What a door lets in unless it is set otherwise."""

_MAX_BODY_BYTES: Final = 64 * 1024


class Traders:
    """The routes of one bank."""

    def __init__(
        self, gateway: Gateway, tokens: Tokens, *, initiation_days: int = VALID_DAYS, rates: Rates | None = None
    ) -> None:
        self._gateway: Final = gateway
        self._initiation_days: Final = initiation_days
        self._tokens: Final = tokens
        self._rates: Final = rates or Rates(RATE_PER_S, BURST)

    def application(self) -> web.Application:
        """Make the application."""
        application = web.Application(
            middlewares=[named, answering, limited(self._tokens, self._rates, TOKEN_COOKIE), tagged],
            client_max_size=_MAX_BODY_BYTES,
        )
        application.router.add_get("/v1/payments/{uetr}", self.payment)
        application.router.add_get("/healthz", self.health)
        asking = Initiations(self._gateway, self._holder, valid_days=self._initiation_days)
        asking.add_to(application.router)
        add_pages(application.router, self._gateway, self._tokens.holder, self._payment_of)
        return application

    async def payment(self, request: web.Request) -> web.Response:
        """Show a payment to the trader whom it concerns."""
        view = self._payment_of(request.match_info["uetr"], self._holder(request))
        return web.json_response(_shown(view, self._gateway.queries.events_of(view.id)))

    def _payment_of(self, asked: str, holder: Holder) -> PaymentView:
        """Find a payment that concerns the token's customer; raises `Refusal`."""
        identifier = holder.customer
        uetr = identifiers.uetr(asked)
        own = self._gateway.participants().get(self._gateway.participant)
        view = self._gateway.queries.payment(uetr)
        customer = self._gateway.queries.customer(self._gateway.participant, identifier)
        if view is None or customer is None or own is None:
            raise Refusal(Code.NOT_FOUND, "uetr")
        if not concerns(view.command, customer, own.organisation.bic):
            raise Refusal(Code.NOT_FOUND, "uetr")
        return view

    def _holder(self, request: web.Request) -> Holder:
        """Say whose token a request brings."""
        return self._tokens.holder(bearer(request))

    async def health(self, request: web.Request) -> web.Response:
        """Say whether the gateway serves."""
        if self._gateway.follower.failure is not None:
            return web.json_response({"status": "stopped"}, status=503)
        serving = self._gateway.is_serving
        return web.json_response({"status": "serving" if serving else "waiting"}, status=200 if serving else 503)


TradersServer = Listening
"""A running HTTP server; `port` is where it listens."""


async def serve(
    gateway: Gateway,
    tokens: Tokens,
    host: str,
    port: int,
    *,
    tls: ssl.SSLContext | None = None,
    arriving: Callable[[], None] | None = None,
    initiation_days: int = VALID_DAYS,
    rates: Rates | None = None,
    connections_max: int = CONNECTIONS_MAX,
) -> TradersServer:
    """Start the door of a bank (port 0: any); raises `OSError` where the address cannot be had.

    `initiation_days`: for how long after its execution date what a trader asks for may be released.
    """
    application = Traders(gateway, tokens, initiation_days=initiation_days, rates=rates).application()
    return await listen(application, host, port, tls=tls, arriving=arriving, connections_max=connections_max)


def _shown(view: PaymentView, events: list[EventView]) -> dict[str, Any]:
    """A payment in JSON: amounts as decimal strings, moments in UTC."""
    payment, status = view.command, view.status
    shown = {
        "uetr": view.uetr,
        "status": status.status,
        "status_reason": status.reason,
        "state": view.state.value,
        "credit": view.credit.value if view.credit else "",
        "currency": view.currency,
        "amount": payment.amount,
        "returned_amount": money.render(view.returned_minor, view.currency) if view.returned_minor else "",
        "settlement_date": payment.settlement_date,
        "settled_at": "" if view.code else dates.render(view.at_ms),
        "end_to_end_id": payment.end_to_end_id,
        "debtor": _party(payment.debtor, payment.debtor_account),
        "creditor": _party(payment.creditor, payment.creditor_account),
        "debtor_agent": payment.debtor_agent.bic,
        "creditor_agent": payment.creditor_agent.bic,
        "remittance": payment.remittance,
        "transaction_id": view.tx_id,
        "block": view.block,
        "events": [_event(each) for each in events],
    }
    return {name: value for name, value in shown.items() if value not in ("", None)}


def _party(party: Party, account: CashAccount | None) -> dict[str, str]:
    shown = {
        "name": party.name or party.any_bic,
        "lei": party.lei,
        "uscc": party.uscc,
        "account": (account.iban or account.other) if account else "",
    }
    return {name: value for name, value in shown.items() if value}


def _event(view: EventView) -> dict[str, str]:
    command = view.command
    shown = {"event": view.kind.value, "at": dates.render(view.at_ms), "code": view.entry.code}
    if isinstance(command, ConfirmCredit):
        shown |= {"credit": command.status.value, "reason": command.reason}
    if isinstance(command, ReturnPayment):
        shown |= {"amount": command.amount, "reason": command.reason}
    return {name: value for name, value in shown.items() if value}
