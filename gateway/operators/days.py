"""DayService: the business day of each currency."""

from typing import Final

from gateway.app import Gateway
from gateway.operators import codec
from gateway.operators.asking import Asking
from gateway.operators.edge import Context
from settlement import day
from waitan.v1 import common_pb2 as common
from waitan.v1 import days_pb2 as pb
from waitan.v1.days_pb2_grpc import DayServiceServicer


class Days(DayServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway
        self._asking: Final = Asking(gateway)

    async def OpenDay(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Open a day."""
        return await self._asking.signed(request, day.OpenDay)

    async def CutOffDay(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """End the submission of payments."""
        return await self._asking.signed(request, day.CutOffDay)

    async def CloseDay(self, request: common.SignedCommand, context: Context) -> common.CommandDone:
        """Close it."""
        return await self._asking.signed(request, day.CloseDay)

    async def ListDays(self, request: pb.ListDaysRequest, context: Context) -> pb.ListDaysResponse:
        """List the last day of each currency."""
        found = self._gateway.queries.records(day.BusinessDay)
        return pb.ListDaysResponse(days=[codec.write(each, pb.BusinessDay) for each in found])
