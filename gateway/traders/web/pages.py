"""All families of pages of one gateway: what a new one is added to. They work without a script.

What a page shows is what the HTTP interface would answer to the same token.
"""

from collections.abc import Callable

from aiohttp import web

from gateway.app import Gateway
from gateway.auth.scopes import KIND
from gateway.projection.queries import PaymentView
from gateway.traders.tokens import Holder, TokenError
from gateway.traders.web.finding import Finding
from gateway.traders.web.frame import Frame
from gateway.traders.web.payments import PaymentPage
from gateway.traders.web.readers import SIGHTS, Reader
from gateway.traders.web.session import Session


def add_pages(
    router: web.UrlDispatcher,
    gateway: Gateway,
    holder_of: Callable[[str], Holder],
    payment_of: Callable[[str, Holder], PaymentView],
) -> None:
    """Add the pages; `payment_of` gives the payment of a UETR as a holder may see it, and raises `Refusal`."""

    def reader_of(token: str) -> Reader:
        holder = holder_of(token)
        own = gateway.participants().get(gateway.participant)
        if own is None or own.organisation.kind is not KIND[holder.scope]:
            raise TokenError
        customer = gateway.queries.customer(gateway.participant, holder.customer) if holder.customer else None
        return Reader(holder, SIGHTS[holder.scope], customer.name if customer else holder.name)

    frame = Frame(gateway, reader_of)
    families = (
        frame,
        Session(frame, reader_of),
        Finding(frame),
        PaymentPage(frame, lambda uetr, reader: payment_of(uetr, reader.holder)),
    )
    for family in families:
        family.add_to(router)
