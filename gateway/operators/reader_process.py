"""Reads ISO 20022 documents in a process of its own: frames in on standard input, frames out on standard output.

A frame is its length (4 bytes, big-endian) and MessagePack. The first frame out is empty, and says that the process is
ready. It ends with its input, so it does not outlive the gateway that started it, however that one ends. A document
that made the parser crash would end this process alone.
"""

import signal
import sys
from datetime import date
from typing import BinaryIO, Final

import msgspec

from gateway.operators.warming import warm
from settlement.errors import Code
from settlement.iso20022 import reading
from settlement.iso20022.messages import ReturnMessage, StatusMessage
from settlement.iso20022.reading import Message
from settlement.iso20022.refusal import MessageRefusal, Violation
from settlement.payments.commands import SubmitPayment, WhenUnfunded

LENGTH_BYTES: Final = 4
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


ASKED: Final = msgspec.msgpack.Decoder(Asked)
READ: Final = msgspec.msgpack.Decoder(Read)


def frame(value: Asked | Read) -> bytes:
    """Make a frame."""
    data = msgspec.msgpack.encode(value)
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


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


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm()
    target.write(frame(Read()))
    target.flush()
    while len(head := source.read(LENGTH_BYTES)) == LENGTH_BYTES:
        asked = ASKED.decode(source.read(int.from_bytes(head, "big")))
        target.write(frame(read_document(asked)))
        target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
