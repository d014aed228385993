"""What a client asks of CustomsService; a part of `gateway.client.WaitanClient`."""

from collections.abc import Iterable
from typing import Any

from gateway.auth.signing import Credential
from gateway.client.calls import Calls
from gateway.client.signing import signed_message
from settlement.customs.declaration import LodgeDeclaration
from waitan.v1 import customs_pb2, payments_pb2


class CustomsCalls(Calls):
    """Calls that are no single command; what one person signs alone goes by `ask_signed`."""

    _customs: Any

    async def lodge(
        self, network: str, declarations: Iterable[LodgeDeclaration], person: Credential
    ) -> list[customs_pb2.LodgingOutcome]:
        """Lodge declarations that a trader signs, at most 100: for each, in order, what became of it."""
        signed = [signed_message(network, each, person) for each in declarations]
        request = customs_pb2.LodgeDeclarationsRequest(declarations=signed)
        response: customs_pb2.LodgeDeclarationsResponse = await self._act(self._customs.LodgeDeclarations, request)
        return list(response.outcomes)

    async def tax_owed(self, assessment_id: str) -> customs_pb2.GetTaxOwedResponse:
        """Say what is owed on an assessment on the present business day."""
        request = customs_pb2.GetTaxOwedRequest(assessment_id=assessment_id)
        response: customs_pb2.GetTaxOwedResponse = await self._call(self._customs.GetTaxOwed, request)
        return response

    async def pay_tax(self, assessment_id: str, debtor_account: str = "") -> payments_pb2.PaymentOutcome:
        """Pay what is owed to the treasury; a rejection is an answer, a refusal an error."""
        request = customs_pb2.PayTaxRequest(assessment_id=assessment_id, debtor_account=debtor_account)
        response: customs_pb2.PayTaxResponse = await self._act(self._customs.PayTax, request)
        return response.outcome

    async def notices(self) -> list[customs_pb2.RatesNotice]:
        """List the notices of customs' rates."""
        response: customs_pb2.ListNoticesResponse = await self._call(
            self._customs.ListNotices, customs_pb2.ListNoticesRequest()
        )
        return list(response.notices)
