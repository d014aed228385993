"""Commands that are no payments: asked with a person's signature, or in the organisation's own name."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from google.protobuf.message import Message

from gateway.app import Gateway
from gateway.ledger.lists import Outcome
from gateway.operators import codec
from gateway.operators.edge import Context, caller
from settlement import canonical
from settlement.commands import PERSONAL_DECODER, Signed
from settlement.errors import Code, Refusal
from settlement.records import Command
from waitan.v1 import common_pb2 as pb


class Asking:
    """Takes commands to the ledger; raises `Refusal` for what is refused."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    async def signed(self, request: pb.SignedCommand, kind: type[Command]) -> pb.CommandDone:
        """Ask for what a person has signed; CH16 for a command of another kind than the RPC's."""
        return await self.own(signed_command(request, kind)[0])

    async def either(self, request: Message, kind: type[Command]) -> pb.CommandDone:
        """Ask for what a request's `consent` has: `own`, in the organisation's name, or `signed`; CH21 for neither."""
        which = request.WhichOneof("consent")
        if which is None:
            raise Refusal(Code.CH21, "consent")
        if which == "signed":
            return await self.signed(request.signed, kind)  # type: ignore[attr-defined]  # as every such request has
        given = codec.read(request.own, kind, requested_by=caller().fingerprint)  # type: ignore[attr-defined]
        return await self.own(given)

    async def own(self, command: Command) -> pb.CommandDone:
        """Ask in the organisation's own name."""
        return done((await self._gateway.ask([command]))[0])


class Asks(Protocol):
    """A service whose commands people sign."""

    asking: Asking


def signed(kind: type[Command]) -> Callable[[Asks, pb.SignedCommand, Context], Awaitable[pb.CommandDone]]:
    """Make the RPC that takes one kind of command, signed by a person."""

    async def take(service: Asks, request: pb.SignedCommand, _: Context) -> pb.CommandDone:
        return await service.asking.signed(request, kind)

    return take


def signed_command(request: pb.SignedCommand, kind: type[Command]) -> tuple[Signed, Command]:
    """Read what a person has signed, and as which command; CH16 for one of another kind."""
    command = canonical.decode(request.command, PERSONAL_DECODER)
    if type(command) is not kind:
        raise Refusal(Code.CH16, "command.type")
    signed = Signed(
        command=request.command.decode(),
        certificate=request.certificate,
        signature=request.signature,
        requested_by=caller().fingerprint,
    )
    return signed, command


def done(outcome: Outcome) -> pb.CommandDone:
    """Say that a command took effect, and where it stands; raise what was refused."""
    if outcome.code:
        raise Refusal(Code(outcome.code), outcome.where)
    return pb.CommandDone(transaction_id=outcome.tx_id, block=outcome.block)
