"""FinancingService: loans on documents of trade."""

from typing import Final

from gateway.app import Gateway
from gateway.operators.asking import Asking, signed
from gateway.operators.edge import Context
from settlement import financing
from settlement.trade import advance
from waitan.v1 import common_pb2 as common
from waitan.v1 import financing_pb2 as pb
from waitan.v1.financing_pb2_grpc import FinancingServiceServicer


class Financings(FinancingServiceServicer):
    """The service."""

    def __init__(self, gateway: Gateway) -> None:
        self.asking: Final = Asking(gateway)

    ApplyForFinancing = signed(financing.ApplyForFinancing)
    SetAdvanceRate = signed(advance.SetAdvanceRate)

    async def VerifyFinancing(self, request: pb.VerifyFinancingRequest, context: Context) -> common.CommandDone:
        """Look how much is free, and reserve it."""
        return await self.asking.either(request, financing.VerifyFinancing)

    async def DrawFinancing(self, request: pb.DrawFinancingRequest, context: Context) -> common.CommandDone:
        """Note that it was paid out."""
        return await self.asking.either(request, financing.DrawFinancing)

    async def RepayFinancing(self, request: pb.RepayFinancingRequest, context: Context) -> common.CommandDone:
        """Count what came back."""
        return await self.asking.either(request, financing.RepayFinancing)

    async def DefaultFinancing(self, request: pb.DefaultFinancingRequest, context: Context) -> common.CommandDone:
        """Note that the rest is not expected back."""
        return await self.asking.either(request, financing.DefaultFinancing)

    async def RejectFinancing(self, request: pb.RejectFinancingRequest, context: Context) -> common.CommandDone:
        """Do not lend."""
        return await self.asking.either(request, financing.RejectFinancing)
