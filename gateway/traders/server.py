"""The traders' door: HTTP with a bearer token, one organisation's customers and staff, each what is its own.

Who may call which route stands in gateway.traders.permissions, what each is shown in gateway.traders.visibility. The
routes: payments and their lists (gateway.traders.payments), events as they come (gateway.traders.streaming), what a
trader asks of its bank (gateway.traders.initiations), records of trade and what traders sign (gateway.traders.trade),
pages for people from / on (gateway.traders.web), and

GET /healthz               whether the gateway serves; for machines that watch, without a token
"""

import ssl
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web

from gateway.app import Gateway
from gateway.attestation.gathering import Attestations
from gateway.attestation.port import Attestor
from gateway.auth.certifying import Certifier
from gateway.limits import Rates
from gateway.projection.at_hand import AtHand
from gateway.supervision import Supervision
from gateway.traders import views
from gateway.traders.accounts import Accounts
from gateway.traders.at_once import AtOnce
from gateway.traders.bills import Bills
from gateway.traders.certificates import Certificates
from gateway.traders.connections import Listening, listen
from gateway.traders.declarations import Declarations
from gateway.traders.described import described
from gateway.traders.edge import Tagged, authorised, limited, named, recorded, tagged
from gateway.traders.initiations import VALID_DAYS, Initiations
from gateway.traders.openapi import OpenApi
from gateway.traders.payments import Payments, answer
from gateway.traders.problems import answering
from gateway.traders.reads import Reads
from gateway.traders.statements import Statements
from gateway.traders.stream import Stream
from gateway.traders.streaming import HEARTBEAT_S, Streaming
from gateway.traders.tokens import Tokens
from gateway.traders.trade import Trade
from gateway.traders.trade_stream import TradeStream
from gateway.traders.visibility import Visibility
from gateway.traders.web.pages import add_pages, frame_of
from gateway.traders.web.wrong import on_pages
from settlement.errors import Code, Refusal
from settlement.parties import Kind

RATE_PER_S: Final = 100.0
BURST: Final = 200
CONNECTIONS_MAX: Final = 2000
"""What a door lets in unless it is set otherwise."""

_MAX_BODY_BYTES: Final = 64 * 1024


class Traders:
    """The routes of one organisation."""

    def __init__(
        self,
        gateway: Gateway,
        tokens: Tokens,
        *,
        initiation_days: int = VALID_DAYS,
        rates: Rates | None = None,
        heartbeat_s: float = HEARTBEAT_S,
        certifier: Certifier | None = None,
        attestors: Sequence[Attestor] = (),
    ) -> None:
        self._gateway: Final = gateway
        self._initiation_days: Final = initiation_days
        self._tokens: Final = tokens
        self._rates: Final = rates or Rates(RATE_PER_S, BURST)
        self._heartbeat_s: Final = heartbeat_s
        self._certifier: Final = certifier
        self._attestations: Final = Attestations(gateway, attestors)
        self._at_hand: Final = AtHand[Tagged](gateway.follower)
        self.at_once: Final = AtOnce(gateway, tokens, self._rates, self._at_hand)

    def application(self) -> web.Application:
        """Make the application."""
        frame = frame_of(self._gateway, self._tokens.holder)
        application = web.Application(
            middlewares=[
                named(self._gateway.participant),
                on_pages(frame),
                answering,
                limited(self._tokens, self._rates, frame.token_cookie),
                authorised(self._kind),
                described,
                recorded(Supervision(self._gateway)),
                tagged,
            ],
            client_max_size=_MAX_BODY_BYTES,
        )
        application.router.add_get("/healthz", self.health)
        visibility = Visibility(self._gateway)
        streaming = Streaming(self._gateway, visibility, self._tokens, heartbeat_s=self._heartbeat_s)
        trade, statements = Trade(self._gateway), Statements(self._gateway, visibility)
        streams = (
            Stream(self._gateway, visibility, streaming),
            TradeStream(self._gateway, visibility, streaming, trade),
        )
        for each in streams:
            application.on_shutdown.append(each.close)
        families = (
            Payments(self._gateway, visibility, self._at_hand),
            *streams,
            OpenApi(),
            Accounts(self._gateway),
            Certificates(self._gateway, visibility, self._attestations),
            statements,
            Initiations(self._gateway, valid_days=self._initiation_days),
            Declarations(self._gateway),
            trade,
            Bills(self._gateway),
            Reads(self._gateway),
        )
        for family in families:
            family.add_to(application.router)
        add_pages(
            application.router,
            frame,
            visibility,
            statements=statements,
            trade=trade,
            certifier=self._certifier,
        )
        return application

    def _kind(self) -> Kind:
        """Say of which kind the organisation is; ED06 while it is not on the ledger."""
        own = self._gateway.participants().get(self._gateway.participant)
        if own is None:
            raise Refusal(Code.ED06, "")
        return own.organisation.kind

    async def health(self, request: web.Request) -> web.Response:
        """Say whether the gateway serves."""
        if self._gateway.follower.failure is not None:
            return answer(views.Health(status="stopped"), 503)
        serving = self._gateway.is_serving
        return answer(views.Health(status="serving" if serving else "waiting"), 200 if serving else 503)


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
    of_one_address_max: int | None = None,
    certifier: Certifier | None = None,
    attestors: Sequence[Attestor] = (),
) -> TradersServer:
    """Start the door of a bank (port 0: any); raises `OSError` where the address cannot be had.

    `initiation_days`: for how long after its execution date what a trader asks for may be released. `certifier`
    certifies keys that traders' browsers make; without one, the bank does so out of sight of this door. `attestors`
    attest payments for certificates; without both authorities among them, none is issued.
    """
    traders = Traders(
        gateway, tokens, initiation_days=initiation_days, rates=rates, certifier=certifier, attestors=attestors
    )
    return await listen(
        traders.application(),
        host,
        port,
        tls=tls,
        arriving=arriving,
        connections_max=connections_max,
        of_one_address_max=of_one_address_max,
        first=traders.at_once.answer,
    )
