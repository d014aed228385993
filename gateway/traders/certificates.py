"""Certificates of payments, which anybody checks without this ledger (settlement.forms.payment_certificate).

GET /v1/certificates/{uetr}    a certificate of a payment that the holder may see: attested now by both authorities, and
                               signed by this gateway's service; where an authority cannot be asked there is none: ED06.
                               Its tag is that of what it certifies: 304 while the payment stands as it did

`waitan proof verify` checks one against the network's root certificates alone.
"""

from typing import Final

from aiohttp import web
from msgspec.structs import replace

from gateway.app import Gateway
from gateway.attestation.gathering import Attestations
from gateway.attestation.statements import stated
from gateway.projection.queries import PaymentView
from gateway.traders.edge import HOLDER, is_known, not_modified, same_again
from gateway.traders.visibility import Visibility
from settlement import canonical, dates
from settlement.forms import payment_certificate
from settlement.forms.payment_certificate import PaymentCertificate


class Certificates:
    """The route."""

    def __init__(self, gateway: Gateway, visibility: Visibility, attestations: Attestations) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._attestations: Final = attestations

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/certificates/{uetr}", self.issue)

    async def issue(self, request: web.Request) -> web.Response:
        """Certify a payment as it stands."""
        view = self._visibility.payment(request.match_info["uetr"], request[HOLDER])
        etag = self._tag(view)
        if is_known(request, etag):
            return not_modified(etag)
        response = web.Response(body=await self._certified(view), content_type="application/json")
        response.headers["ETag"] = etag
        response.headers["Content-Disposition"] = f'attachment; filename="payment-{view.uetr}.json"'
        return response

    def _tag(self, view: PaymentView) -> str:
        """Give the tag of what a certificate of the payment says, but for when it is signed."""
        consent, certificate = self._gateway.proofs.of(view), self._gateway.credential.certificate
        return same_again(canonical.encode(stated(view)), canonical.encode(consent), certificate)

    async def _certified(self, view: PaymentView) -> bytes:
        gateway, statement = self._gateway, stated(view)
        attestations = await self._attestations.of(statement)
        certificate = PaymentCertificate(
            network=gateway.network,
            issuer=gateway.participant,
            issued_at=dates.render(gateway.clock()),
            statement=statement,
            certificate=gateway.credential.certificate,
            attestations=attestations,
            consent=gateway.proofs.of(view),
        )
        signature = gateway.credential.sign(payment_certificate.to_sign(certificate))
        return canonical.encode(replace(certificate, signature=signature))
