"""Certificates of payments, which anybody checks without this ledger (settlement.forms.payment_certificate).

GET /v1/certificates/{uetr}    a certificate of a payment that the holder may see, signed now by this gateway's service

`waitan proof verify` checks one against the network's root certificates alone.
"""

from typing import Final

from aiohttp import web
from msgspec.structs import replace

from gateway.app import Gateway
from gateway.projection.queries import PaymentView
from gateway.traders.edge import HOLDER
from gateway.traders.visibility import Visibility
from settlement import canonical, dates, money
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import PaymentCertificate, PaymentStatement


class Certificates:
    """The route."""

    def __init__(self, gateway: Gateway, visibility: Visibility) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/certificates/{uetr}", self.issue)

    async def issue(self, request: web.Request) -> web.Response:
        """Certify a payment as it stands."""
        view = self._visibility.payment(request.match_info["uetr"], request[HOLDER])
        response = web.Response(body=self._certified(view), content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="payment-{view.uetr}.json"'
        return response

    def _certified(self, view: PaymentView) -> bytes:
        gateway = self._gateway
        certificate = PaymentCertificate(
            network=gateway.network,
            issuer=gateway.participant,
            issued_at=dates.render(gateway.clock()),
            statement=_stated(view),
            certificate=gateway.credential.certificate,
            consent=gateway.proofs.of(view),
        )
        signature = gateway.credential.sign(payment_certificate.to_sign(certificate))
        return canonical.encode(replace(certificate, signature=signature))


def _stated(view: PaymentView) -> PaymentStatement:
    status = view.status
    return PaymentStatement(
        uetr=view.uetr,
        payer=view.payer,
        payee=view.payee,
        currency=view.currency,
        amount=view.command.amount,
        settlement_date=view.command.settlement_date,
        state=view.state.value,
        status=status.status,
        status_reason=status.reason or "",
        credit=view.credit.value if view.credit else "",
        returned_amount=money.render(view.returned_minor, view.currency) if view.returned_minor else "",
        transaction_id=view.tx_id,
        block=view.block,
        at=dates.render(view.at_ms),
    )
