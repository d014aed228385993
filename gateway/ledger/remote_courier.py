"""A courier in another process, over gRPC (gateway.ledger.port.Courier).

Only before the list has left is it certain that nothing was sent. From then on, whatever goes wrong on the way, the
outcome is unknown, unless the courier itself says otherwise.
"""

import asyncio
from typing import Any, Final

from grpc import ChannelConnectivity, StatusCode
from grpc.aio import AioRpcError

from gateway import wire_errors
from gateway.ledger.port import (
    BatchConflictError,
    CourierSilentError,
    CourierUnreachableError,
    Delivered,
    LedgerUnreachableError,
    OutcomeUnknownError,
)
from gateway.operation import tracing
from gateway.tls import TlsIdentity
from settlement.errors import Code, Refusal
from settlement.forms.answers import Answer
from settlement.forms.consent import SignedList
from waitan.v1 import courier_pb2 as pb
from waitan.v1.courier_pb2_grpc import CourierServiceStub

CONNECT_S: Final = 2.0
"""How long a connection may take."""

CARRY_S: Final = 10.0
"""How long the answer to a list may take."""

_OPTIONS: Final = (
    ("grpc.max_send_message_length", 16 << 20),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.enable_retries", 0),
)
"""No retries beneath us: what is sent again is sent by the desk of lists, which knows what that means."""


class RemoteCourier:
    """A connection to a courier at `host:port`."""

    def __init__(
        self, address: str, identity: TlsIdentity, *, connect_s: float = CONNECT_S, carry_s: float = CARRY_S
    ) -> None:
        self._address: Final = address
        self._channel: Final = identity.channel(address, *_OPTIONS)
        self._stub: Final[Any] = CourierServiceStub(self._channel)
        self._connect_s: Final = connect_s
        self._carry_s: Final = carry_s

    async def carry(self, signed: SignedList) -> Delivered:
        """Have a list carried; raises as `Courier.carry` does, and `Refusal` where the courier will not."""
        await self._connect()
        request = pb.CarryRequest(
            participant=signed.participant,
            sequence=signed.sequence,
            commands=signed.commands,
            signature=signed.signature,
            certificate=signed.certificate,
        )
        try:
            response: pb.CarryResponse = await self._stub.Carry(
                request, timeout=self._carry_s, metadata=tracing.outgoing()
            )
        except AioRpcError as error:
            if error.code() is StatusCode.DEADLINE_EXCEEDED:
                raise CourierSilentError("") from error
            raise _meaning(wire_errors.read(error)) from error
        answers = tuple(Answer(each.code, each.where) for each in response.answers)
        if len(answers) != len(signed.commands):
            raise OutcomeUnknownError(response.transaction_id)
        return Delivered(response.transaction_id, response.block, answers)

    async def _connect(self) -> None:
        """Be connected; raises `CourierUnreachableError`, at once where the address refuses."""
        try:
            async with asyncio.timeout(self._connect_s):
                while (state := self._channel.get_state(try_to_connect=True)) is not ChannelConnectivity.READY:
                    if state is ChannelConnectivity.TRANSIENT_FAILURE:
                        raise CourierUnreachableError(self._address)
                    await self._channel.wait_for_state_change(state)
        except TimeoutError:
            raise CourierUnreachableError(self._address) from None

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close(None)


def _meaning(error: wire_errors.WaitanError) -> Exception:
    if error.code == Code.ED06:
        return LedgerUnreachableError()
    if error.code == Code.ED05:
        return BatchConflictError()
    if error.is_refusal:
        return Refusal(Code(error.code), error.where)
    return OutcomeUnknownError("")
