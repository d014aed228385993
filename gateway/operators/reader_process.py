"""Reads ISO 20022 documents in a process of its own. A document that made the parser crash would end it alone."""

from datetime import date
from typing import Final

import msgspec

from gateway.operators.frames import serve
from gateway.operators.warming import DATE, example
from settlement.errors import Code
from settlement.iso20022 import reading, writing
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.reading import Message
from settlement.iso20022.refusal import MessageRefusal, Violation
from settlement.payments.commands import SubmitPayment, WhenUnfunded

KINDS: Final[dict[str, type[SubmitPayment | ReturnMessage | StatusMessage]]] = {
    kind.__name__: kind for kind in (SubmitPayment, ReturnMessage, StatusMessage)
}


class Asked(msgspec.Struct, array_like=True):
    """A document to be read on a business date, with the participants that hold BICs, and what no element says."""

    document: bytes
    business_date: str
    holders: dict[str, str]
    requested_by: str = ""
    when_unfunded: WhenUnfunded = WhenUnfunded.REFUSE


class Read(msgspec.Struct, array_like=True):
    """What it said: a message of a kind, or what was wrong with it."""

    kind: str = ""
    message: bytes = b""
    violations: tuple[tuple[str, str, str, str], ...] = ()


QUESTIONS: Final = msgspec.msgpack.Decoder(Asked)
ANSWERS: Final = msgspec.msgpack.Decoder(Read)


def understood(read: Read) -> Message:
    """Give the message; raises `MessageRefusal`."""
    if read.violations:
        raise MessageRefusal([Violation(Code(code), *rest) for code, *rest in read.violations])
    return msgspec.msgpack.decode(read.message, type=KINDS[read.kind])


def read_document(asked: Asked) -> Read:
    """Read one document."""
    try:
        message = reading.read(
            asked.document,
            business_date=date.fromisoformat(asked.business_date),
            participant_of=asked.holders.get,
            requested_by=asked.requested_by,
            when_unfunded=asked.when_unfunded,
        ).message
    except MessageRefusal as refusal:
        return Read(violations=tuple((each.code.value, *each[1:]) for each in refusal.violations))
    return Read(type(message).__name__, msgspec.msgpack.encode(message))


def warm() -> None:
    """Read an example."""
    payment = example()
    document = writing.payment_message(payment, sent_at=payment.created_at)
    read_document(Asked(document, DATE.isoformat(), {payment.instructing_agent: payment.payer}))


if __name__ == "__main__":
    serve(QUESTIONS, read_document, warm)
