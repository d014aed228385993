"""All families of pages of one gateway: what a new one is added to. They work without a script.

What a page shows is what the HTTP interface would answer to the same token.
"""

from collections.abc import Callable

from aiohttp import web

from gateway.app import Gateway
from gateway.auth.certifying import Certifier
from gateway.auth.scopes import KIND, Scope
from gateway.traders.statements import Statements
from gateway.traders.tokens import Holder, TokenError
from gateway.traders.trade import Trade
from gateway.traders.visibility import Visibility
from gateway.traders.web.customs_desk import CustomsDesk
from gateway.traders.web.desk import Desk
from gateway.traders.web.financing import FinancingPage
from gateway.traders.web.finding import Finding
from gateway.traders.web.frame import Frame
from gateway.traders.web.network import Network
from gateway.traders.web.payment_list import PaymentList
from gateway.traders.web.payments import PaymentPage
from gateway.traders.web.readers import Reader
from gateway.traders.web.reads import ReadsPage
from gateway.traders.web.session import Session
from gateway.traders.web.sight import Sight
from gateway.traders.web.signing import SigningPages
from gateway.traders.web.statements import StatementPages
from gateway.traders.web.trade import TradePages


def frame_of(gateway: Gateway, holder_of: Callable[[str], Holder]) -> Frame:
    """Make the frame; `holder_of` says whose a token is, and raises `TokenError` and `TokensUnknowableError`."""

    def reader_of(token: str) -> Reader:
        holder = holder_of(token)
        own = gateway.participants().get(gateway.participant)
        if own is None or own.organisation.kind is not KIND[holder.scope]:
            raise TokenError
        if holder.scope is not Scope.TRADER:
            return Reader(holder, holder.name)
        customer = gateway.queries.customer(gateway.participant, holder.customer)
        return Reader(holder, customer.name if customer else holder.name)

    return Frame(gateway, reader_of)


def add_pages(
    router: web.UrlDispatcher,
    frame: Frame,
    visibility: Visibility,
    *,
    statements: Statements,
    trade: Trade,
    certifier: Certifier | None = None,
) -> None:
    """Add the pages."""
    sight = Sight(frame.gateway, visibility)
    families = (
        frame,
        Session(frame),
        Finding(frame, trade),
        PaymentList(frame, sight),
        PaymentPage(frame, sight),
        Desk(frame, sight),
        Network(frame, sight),
        StatementPages(frame, statements),
        TradePages(frame, trade),
        FinancingPage(frame, trade),
        CustomsDesk(frame, trade),
        ReadsPage(frame),
        SigningPages(frame, trade, certifier),
    )
    for family in families:
        family.add_to(router)
    frame.add_rest_to(router)
