"""Reads batches of typed payments in a process of its own: messages in, commands ready to be signed out.

Reading a payment, checking its content and writing its canonical form takes as long as all else that the door does
with it; so a stream's batches are read beside the process that has everything else to do.
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from google.protobuf.message import DecodeError
from msgspec.structs import replace

from gateway.operators import codec
from gateway.operators.frames import serve
from gateway.operators.warming import example
from gateway.submission import MAX_PAYMENTS, Prepared, prepared
from settlement.errors import Code, Refusal
from settlement.payments import checks
from settlement.payments.commands import SubmitPayment
from waitan.v1 import payments_pb2 as pb


class Sender(msgspec.Struct, array_like=True, frozen=True):
    """On whose behalf payments are read: the payer, its BIC, who asked; and the participants that hold BICs."""

    payer: str
    bic: str
    requested_by: str
    holders: Mapping[str, str]


class AskedPayments(msgspec.Struct, array_like=True):
    """A SubmitPaymentsRequest as it came, and on whose behalf."""

    request: bytes
    sender: Sender


class ReadPayment(msgspec.Struct, array_like=True, gc=False):
    """One payment of a batch: ready to be sent, or refused with a code and the field at fault."""

    uetr: str
    prepared: Prepared | None
    code: str = ""
    where: str = ""


class ReadPayments(msgspec.Struct, array_like=True):
    """A batch, in order; or the code and field for which the whole of it is refused."""

    payments: tuple[ReadPayment, ...] = ()
    code: str = ""
    where: str = ""


QUESTIONS: Final = msgspec.msgpack.Decoder(AskedPayments)
ANSWERS: Final = msgspec.msgpack.Decoder(ReadPayments)


def command(message: pb.Payment, sender: Sender) -> SubmitPayment:
    """Make a command of a payment as the typed door takes it; raises `Refusal`."""
    instructing = codec.normal_bic(message.instructing_agent or sender.bic)
    instructed = codec.normal_bic(message.instructed_agent or message.creditor_agent.bic)
    payee = sender.holders.get(instructed, "")
    made = codec.read(message, SubmitPayment, payer=sender.payer, payee=payee, requested_by=sender.requested_by)
    if made.instructing_agent != instructing or made.instructed_agent != instructed:
        made = replace(made, instructing_agent=instructing, instructed_agent=instructed)
    if instructing != sender.bic or not payee:
        checks.require_payment(made)
        raise (
            Refusal(Code.AG08, "instructing_agent")
            if instructing != sender.bic
            else Refusal(Code.CNOR, "instructed_agent")
        )
    return made


def asked(read: ReadPayment) -> Prepared | Refusal:
    """Say what a payment that was read asks for, or why it asks for nothing."""
    return read.prepared or Refusal(Code(read.code), read.where)


def read_payments(asked: AskedPayments) -> ReadPayments:
    """Read a batch."""
    try:
        request = pb.SubmitPaymentsRequest.FromString(asked.request)
    except DecodeError:
        return ReadPayments(code=Code.FF01)
    try:
        codec.require_known(request)
    except Refusal as refusal:
        return ReadPayments(code=refusal.code, where=refusal.where)
    if not 0 < len(request.payments) <= MAX_PAYMENTS:
        return ReadPayments(code=Code.CH17 if request.payments else Code.CH21, where="payments")
    return ReadPayments(payments=tuple(_read(message, asked.sender) for message in request.payments))


def _read(message: pb.Payment, sender: Sender) -> ReadPayment:
    try:
        return ReadPayment(message.uetr, prepared(command(message, sender)))
    except Refusal as refusal:
        return ReadPayment(message.uetr, None, refusal.code, refusal.where)


def warm() -> None:
    """Read an example."""
    payment = example()
    sender = Sender(payment.payer, payment.instructing_agent, "", {payment.instructed_agent: payment.payee})
    request = pb.SubmitPaymentsRequest(payments=[codec.write(payment, pb.Payment)])
    read_payments(AskedPayments(request.SerializeToString(), sender))


if __name__ == "__main__":
    serve(QUESTIONS, read_payments, warm)
