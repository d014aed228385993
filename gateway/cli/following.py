"""`waitan payment watch` and `message`: what happens to payments, and a payment in the words of ISO 20022."""

import sys
from pathlib import Path
from typing import Final

from google.protobuf.json_format import MessageToDict

from gateway.cli.failures import nearest, usage
from gateway.cli.options import Who
from gateway.cli.payments import found
from gateway.cli.say import Say
from gateway.cli.session import calling
from gateway.cli.whereabouts import Whereabouts
from settlement import money
from settlement.parties import Kind
from waitan.v1.payments_pb2 import (
    DIRECTION_INCOMING,
    DIRECTION_OUTGOING,
    DIRECTION_UNSPECIFIED,
    EVENT_KIND_CREDIT_STATED,
    EVENT_KIND_DOCUMENTS_COMPLETE,
    EVENT_KIND_PAYMENT_REJECTED,
    EVENT_KIND_PAYMENT_RESERVED,
    EVENT_KIND_PAYMENT_RETURNED,
    EVENT_KIND_PAYMENT_SETTLED,
    EVENT_KIND_RESERVATION_ENDED,
    EVENT_KIND_RESERVATION_SETTLED,
    EVENT_KIND_UNDERTAKING_CHANGED,
    MESSAGE_KIND_PACS_002,
    MESSAGE_KIND_PACS_008,
    PaymentEvent,
)

DIRECTIONS: Final = {"both": DIRECTION_UNSPECIFIED, "incoming": DIRECTION_INCOMING, "outgoing": DIRECTION_OUTGOING}
KINDS: Final = {"pacs.008": MESSAGE_KIND_PACS_008, "pacs.002": MESSAGE_KIND_PACS_002}
_WORDS: Final = {
    EVENT_KIND_PAYMENT_SETTLED: "settled",
    EVENT_KIND_PAYMENT_REJECTED: "rejected",
    EVENT_KIND_PAYMENT_RETURNED: "returned",
    EVENT_KIND_CREDIT_STATED: "credit told",
    EVENT_KIND_PAYMENT_RESERVED: "reserved",
    EVENT_KIND_RESERVATION_SETTLED: "settled",
    EVENT_KIND_RESERVATION_ENDED: "ended unpaid",
    EVENT_KIND_UNDERTAKING_CHANGED: "terms changed",
    EVENT_KIND_DOCUMENTS_COMPLETE: "documents complete",
}


async def watch(say: Say, who: Who, *, after: int, direction: str, count: int) -> None:
    """Tell what happens to a bank's payments after a position, a line each, until `count` were told (0: for ever)."""
    if direction not in DIRECTIONS:
        raise usage(
            f"{direction} is no direction.", do=f"{nearest(direction, DIRECTIONS)} Say {', '.join(DIRECTIONS)}.".strip()
        )
    places = Whereabouts(who.data)
    async with calling(places, who.at or places.first(Kind.BANK), who.person) as session:
        say.line(f"What {session.participant}'s gateway sees after position {after}; Ctrl-C ends it.", style="dim")
        told = 0
        async for event in session.client.watch(after, DIRECTIONS[direction]):
            say.event(MessageToDict(event, preserving_proto_field_name=True))
            say.line(_line(event), wrap=False)
            told += 1
            if told == count:
                return


def _line(event: PaymentEvent) -> str:
    why = event.code or event.reason
    amount = f"  {money.for_people(event.amount, event.currency)}" if event.amount else ""
    word = _WORDS[event.event] + (f" {why}" if why else "")
    return f"{event.position:>16}  {event.at}  {event.uetr}  {event.payer} -> {event.payee}{amount}  {word}"


async def message(say: Say, who: Who, uetr: str, *, kind: str, to: Path | None) -> None:
    """Give a payment as pacs.008, or its status as pacs.002: into a file, else to standard output."""
    if kind not in KINDS:
        raise usage(f"{kind} is no message of a payment.", do=f"{nearest(kind, KINDS)} Say {', '.join(KINDS)}.".strip())
    async with found(Whereabouts(who.data), who, uetr) as (session, _):
        document = await session.client.message(uetr, KINDS[kind])
    if to is None and not say.as_json:
        sys.stdout.buffer.write(document)
        return
    if to is not None:
        _write(to, document)
    say.result({"uetr": uetr, "kind": kind, "file": str(to or ""), "document": "" if to else document.decode()})
    say.line(f"{kind} of {uetr} is in {to}.")


def _write(to: Path, document: bytes) -> None:
    try:
        to.write_bytes(document)
    except OSError as error:
        raise usage(f"{to} cannot be written ({error.strerror}).", do="Name another file.") from None
