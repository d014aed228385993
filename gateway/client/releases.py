"""What a client asks of payments above their bank's limit; a part of `gateway.client.WaitanClient`."""

from typing import Any

from gateway.auth.signing import Credential
from gateway.client.calls import Calls
from gateway.client.signing import signed_message
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.payments.commands import SubmitPayment
from settlement.records import Command
from waitan.v1 import payments_pb2 as pb


class ReleaseCalls(Calls):
    """Calls about what two officers sign; what the first proposes goes by `ask_signed`."""

    _payments: Any

    async def prepare_release(self, request: pb.PrepareReleaseRequest) -> SubmitPayment:
        """Have a payment said as officers sign it; nothing is asked of the ledger."""
        response: pb.PrepareReleaseResponse = await self._call(self._payments.PrepareRelease, request)
        payment: Command = canonical.decode(response.payment, PERSONAL_DECODER)
        assert isinstance(payment, SubmitPayment)
        return payment

    async def release_payment(self, network: str, payment: SubmitPayment, person: Credential) -> pb.PaymentOutcome:
        """Let an officer release a payment that another has proposed; a rejection is an answer, a refusal an error."""
        request = signed_message(network, payment, person)
        response: pb.SubmitPaymentResponse = await self._act(self._payments.ReleasePayment, request)
        return response.outcome
