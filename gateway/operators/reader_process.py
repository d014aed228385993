"""Reads ISO 20022 documents in a process of its own. A document that made the parser crash would end it alone."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from gateway.operators.frames import serve
from gateway.operators.warming import DATE, example
from settlement.errors import Code
from settlement.iso20022 import reading, writing
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.reading import Reading
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


Told = tuple[str, str, str, str]
"""A `Violation` on its way."""


class Read(msgspec.Struct, array_like=True):
    """What it said: a message of a kind, and what will be wrong with it one day; or what is wrong with it now."""

    kind: str = ""
    message: bytes = b""
    violations: tuple[Told, ...] = ()
    warnings: tuple[Told, ...] = ()


QUESTIONS: Final = msgspec.msgpack.Decoder(Asked)
ANSWERS: Final = msgspec.msgpack.Decoder(Read)


def understood(read: Read) -> Reading:
    """Give the message, and what it was warned of; raises `MessageRefusal`."""
    if read.violations:
        raise MessageRefusal(_heard(read.violations))
    return Reading(msgspec.msgpack.decode(read.message, type=KINDS[read.kind]), _heard(read.warnings))


def read_document(asked: Asked) -> Read:
    """Read one document."""
    try:
        message, warnings = reading.read(
            asked.document,
            business_date=date.fromisoformat(asked.business_date),
            participant_of=asked.holders.get,
            requested_by=asked.requested_by,
            when_unfunded=asked.when_unfunded,
        )
    except MessageRefusal as refusal:
        return Read(violations=_told(refusal.violations))
    return Read(type(message).__name__, msgspec.msgpack.encode(message), warnings=_told(warnings))


def _told(violations: Iterable[Violation]) -> tuple[Told, ...]:
    return tuple((each.code.value, each.rule, each.path, each.sentence) for each in violations)


def _heard(told: Iterable[Told]) -> tuple[Violation, ...]:
    return tuple(Violation(Code(code), *rest) for code, *rest in told)


def warm() -> None:
    """Read an example."""
    payment = example()
    document = writing.payment_message(payment, sent_at=payment.created_at)
    read_document(Asked(document, DATE.isoformat(), {payment.instructing_agent: payment.payer}))


if __name__ == "__main__":
    serve(QUESTIONS, read_document, warm)
