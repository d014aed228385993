"""Payments above their bank's limit at the operators' door: said as officers sign them, and released by the second."""

from typing import Final

from msgspec.structs import replace

from gateway.app import Gateway
from gateway.operators import codec, views
from gateway.operators.asking import signed_command
from gateway.operators.documents import Documents, beside_of
from gateway.operators.edge import caller
from gateway.operators.payment_process import command
from gateway.operators.resolution import Resolution
from gateway.releases import Releases
from gateway.submission import prepared
from gateway.tax_payments import TaxPayments
from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.payments import checks
from settlement.payments.commands import RegulatoryReporting, SubmitPayment, WhenUnfunded
from waitan.v1 import common_pb2 as common
from waitan.v1 import payments_pb2 as pb


class PaymentReleases:
    """What officers sign, one after the other, of one organisation's payments."""

    def __init__(self, gateway: Gateway, resolution: Resolution, documents: Documents) -> None:
        self._gateway: Final = gateway
        self._resolution: Final = resolution
        self._documents: Final = documents
        self._initiations: Final = Releases(gateway)
        self._taxes: Final = TaxPayments(gateway)

    async def prepare(self, request: pb.PrepareReleaseRequest) -> pb.PrepareReleaseResponse:
        """Say a payment in canonical form; raises `Refusal` for what is not in order, CH21 where none is named."""
        self._gateway.room.require()
        payment = await self._said(request)
        checks.require_payment(payment)
        return pb.PrepareReleaseResponse(payment=canonical.encode(payment), uetr=payment.uetr)

    async def release(self, request: common.SignedCommand) -> pb.SubmitPaymentResponse:
        """Pay what an officer has signed; it meets what every payment meets at the door."""
        self._gateway.room.require()
        signed, payment = signed_command(request, SubmitPayment)
        assert isinstance(payment, SubmitPayment)
        asked = replace(prepared(payment), command=canonical.encode(signed))
        answer = (await self._gateway.payments.submit_prepared([asked]))[0]
        return pb.SubmitPaymentResponse(outcome=views.settled_or_rejected(payment.uetr, answer))

    async def _said(self, request: pb.PrepareReleaseRequest) -> SubmitPayment:
        requested_by = caller().fingerprint
        which = request.WhichOneof("asked")
        unfunded = codec.chosen(WhenUnfunded, pb.WhenUnfunded, request.when_unfunded, "when_unfunded")
        when_unfunded = unfunded or WhenUnfunded.REFUSE
        if which == "payment":
            return command(request.payment, self._resolution.sender(requested_by))
        if which == "document":
            return await self._documents.payment_in(request.document, requested_by, when_unfunded, beside_of(request))
        if which == "initiation_id":
            return self._initiations.payment_of(
                request.initiation_id,
                requested_by=requested_by,
                when_unfunded=when_unfunded,
                instructed_agent=request.instructed_agent,
                regulatory_reporting=tuple(
                    codec.read(each, RegulatoryReporting) for each in request.regulatory_reporting
                ),
            )
        if which == "assessment_id":
            return self._taxes.payment_of(
                request.assessment_id, debtor_account=request.debtor_account, requested_by=requested_by
            )
        raise Refusal(Code.CH21, "asked")
