"""The journal of a transaction: for each participant concerned, one record of all that it did for them.

A participant's journal holds its own payments alone, in and out, and for its own lists what is needed to prove them:
sequence number, signature, certificate, and the digests of the commands that stand elsewhere or were refused.
"""

import hashlib
from enum import StrEnum
from typing import Final

import msgspec

from settlement.commands import PERSONAL_DECODER, AnyCommand, Signed
from settlement.forms.compression import compressed, decompressed
from settlement.payments.commands import SubmitPayment
from settlement.payments.undertaking import LedgerStatement
from settlement.records import Command, Record
from settlement.trade.invoice import InvoicePayment


class Event(StrEnum):
    """What an entry of a journal tells."""

    PAYMENT_SETTLED = "PAYMENT_SETTLED"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"
    CREDIT_STATED = "CREDIT_STATED"
    PAYMENT_RETURNED = "PAYMENT_RETURNED"
    PAYMENT_RESERVED = "PAYMENT_RESERVED"
    RESERVATION_SETTLED = "RESERVATION_SETTLED"
    RESERVATION_ENDED = "RESERVATION_ENDED"
    UNDERTAKING_CHANGED = "UNDERTAKING_CHANGED"
    DOCUMENTS_COMPLETE = "DOCUMENTS_COMPLETE"
    INVOICE_PAID = "INVOICE_PAID"


LEDGER: Final = ""
"""Who has asked for what the ledger tells by itself: nobody."""


class Entry(Record):
    """One event: who asked, the command as it was signed, a rejection's code, and its place in the asker's lists.

    What the ledger tells by itself is asked by LEDGER, and its command is a statement (`LedgerStatement`, or a
    `ConfirmCredit` that says which credit waits).
    `list_index` and `position` are told in the asker's own journal only; elsewhere they are -1. `invoices` are those of
    which the event paid something, or sent something back; INVOICE_PAID tells that to a bank that holds one of them and
    is neither payer nor payee.
    """

    event: Event
    by: str
    command: msgspec.Raw
    code: str = ""
    list_index: int = -1
    position: int = -1
    invoices: tuple[InvoicePayment, ...] = ()


class ListProof(Record):
    """What proves a list, together with the entries: digests of its other commands, by position."""

    sequence: int
    signature: bytes
    certificate: str
    others: tuple[tuple[int, str], ...] = ()


class Journal(Record, tag="journal/1"):
    """One participant's part of one transaction; `at_ms` is the transaction's time."""

    at_ms: int
    entries: tuple[Entry, ...] = ()
    lists: tuple[ListProof, ...] = ()

    def payment(self, uetr: str, *, by: str, event: Event = Event.PAYMENT_SETTLED) -> SubmitPayment | None:
        """Find the payment of a UETR that a payer sent and that settled (or was reserved) here; None for none."""
        wanted = uetr.encode()
        for entry in self.entries:
            if entry.event is event and entry.by == by and wanted in bytes(entry.command):
                command = asked(bytes(entry.command))
                if isinstance(command, SubmitPayment) and command.uetr == uetr:
                    return command
        return None


_ASKED: Final = msgspec.json.Decoder(AnyCommand | Signed | LedgerStatement)


def key(tx_id: str) -> str:
    """Give the key of what one transaction did for a participant, in that one's collection."""
    return f"journal/{tx_id}"


def asked(raw: bytes) -> Command:
    """Read an entry's command; of one that a person signed, the command within."""
    command: Command = _ASKED.decode(raw)
    return PERSONAL_DECODER.decode(command.command) if isinstance(command, Signed) else command


MAX_BYTES: Final = 1 << 28
"""No journal is larger: its commands came in one message of at most 100 MiB."""
_SAMPLE: Final = b"".join(b"%d waitan %d;" % (i * i, i % 7) for i in range(2000))
_KNOWN_ANSWER: Final = "be092cdbf39dea5390310ee98cdf8ff74d8326e16bd8b7e0a2b4baa80de0342f"
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final = msgspec.json.Decoder(Journal)


def pack(journal: Journal) -> bytes:
    """Encode and compress; the same journal gives the same bytes in every build of the pinned library."""
    return compressed(_ENCODER.encode(journal))


def require_known_compression() -> None:
    """Stop a host whose library compresses differently: its journals would not be the other endorser's (ADR 0004)."""
    if hashlib.sha256(compressed(_SAMPLE)).hexdigest() != _KNOWN_ANSWER:
        raise RuntimeError("this build of Zstandard compresses differently: install the version that is pinned")


def unpack(data: bytes) -> Journal:
    """Read what `pack` wrote."""
    return _DECODER.decode(decompressed(data, max_bytes=MAX_BYTES))
