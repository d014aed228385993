"""What a client reads of BillOfLadingService; a part of `gateway.client.WaitanClient`."""

from typing import Any

from gateway.client.calls import Calls
from waitan.v1 import bills_of_lading_pb2 as pb


class BillCalls(Calls):
    """Calls that change nothing; what a person signs goes by `ask_signed`."""

    _bills: Any

    async def bill_of_lading(self, record_id: str) -> pb.BillOfLading:
        """Give a bill of lading whose chain the gateway has verified."""
        request = pb.GetBillOfLadingRequest(record_id=record_id)
        response: pb.GetBillOfLadingResponse = await self._call(self._bills.GetBillOfLading, request)
        return response.bill

    async def envelope(self, record_id: str) -> bytes:
        """Give a bill of lading as a PINT envelope."""
        request = pb.ExportBillOfLadingRequest(record_id=record_id)
        response: pb.ExportBillOfLadingResponse = await self._call(self._bills.ExportBillOfLading, request)
        return response.envelope

    async def verified(self, envelope: bytes) -> pb.VerifyEnvelopeResponse:
        """Let the gateway check a PINT envelope, and say what it proves."""
        request = pb.VerifyEnvelopeRequest(envelope=envelope)
        response: pb.VerifyEnvelopeResponse = await self._call(self._bills.VerifyEnvelope, request)
        return response
