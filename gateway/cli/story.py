"""The life of a payment in sentences: who asked, which block, what it waits for, whose turn it is."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from settlement.catalogue import CATALOGUE
from settlement.errors import Code
from settlement.money import for_people as money
from waitan.v1.payments_pb2 import (
    CREDIT_STATUS_BLOCKED,
    CREDIT_STATUS_CREDITED,
    CREDIT_STATUS_NOT_POSTED,
    CREDIT_STATUS_WAITING,
    EVENT_KIND_CREDIT_STATED,
    EVENT_KIND_DOCUMENTS_COMPLETE,
    EVENT_KIND_PAYMENT_REJECTED,
    EVENT_KIND_PAYMENT_RESERVED,
    EVENT_KIND_PAYMENT_RETURNED,
    EVENT_KIND_PAYMENT_SETTLED,
    EVENT_KIND_RESERVATION_ENDED,
    EVENT_KIND_RESERVATION_SETTLED,
    EVENT_KIND_UNDERTAKING_CHANGED,
    SETTLEMENT_STATE_REJECTED,
    SETTLEMENT_STATE_RESERVED,
    SETTLEMENT_STATE_SETTLED,
    PaymentDetails,
    PaymentEvent,
)

NameOf = Callable[[str], str]
"""Give the name of a certificate by its fingerprint (SHA-256, hex), or its first digits where nobody has it here."""

WAITS_FOR: Final = {"G002": "another day", "G003": "documents", "G004": "cover"}
STATUS_WORDS: Final = {
    "PDNG": "pending",
    "ACSC": "settled",
    "ACSP": "accepted, waiting",
    "ACWP": "settled, not posted yet",
    "ACCC": "settled and credited",
    "BLCK": "settled, blocked",
    "RJCT": "rejected",
}
"""An ISO 20022 transaction status in a word."""
_SAID: Final = {
    CREDIT_STATUS_WAITING: "has it and waits for",
    CREDIT_STATUS_NOT_POSTED: "has it and has not posted it yet",
    CREDIT_STATUS_CREDITED: "has credited its customer",
    CREDIT_STATUS_BLOCKED: "may not let its customer have it",
}


_OF_RESERVATION: Final = {
    EVENT_KIND_PAYMENT_RESERVED: "{amount} reserved until its conditions are met.",
    EVENT_KIND_RESERVATION_SETTLED: "its conditions are met; {amount} settled, and final.",
    EVENT_KIND_RESERVATION_ENDED: "ended unpaid ({code}); {amount} free again.",
    EVENT_KIND_UNDERTAKING_CHANGED: "a change was proposed or made; {amount} reserved.",
    EVENT_KIND_DOCUMENTS_COMPLETE: "all its documents are there.",
}
"""What is told of conditional payments, and of documents."""


def element(path: str, characters: int) -> str:
    """Name an element by its last steps, as many as fit."""
    steps = path.strip("/").split("/")
    while len(steps) > 1 and len("/".join(steps)) > characters:
        steps.pop(0)
    return "/".join(steps)


class Turn(NamedTuple):
    """What a payment waits for and whose turn it is; and the command for it, if there is one."""

    sentence: str
    command: str = ""


def life(details: PaymentDetails, name_of: NameOf) -> list[str]:
    """Tell a payment's life so far, a sentence a line."""
    payment = details.payment
    debtor, creditor = (party.name or party.any_bic for party in (payment.debtor, payment.creditor))
    ended = creditor.removesuffix(".")
    paid = money(payment.amount, payment.currency)
    return [
        f"{details.payer} pays {details.payee} {paid}, for {debtor} to {ended}.",
        *(sentence for event in details.events for sentence in _happened(event, name_of)),
    ]


def _happened(event: PaymentEvent, name_of: NameOf) -> Iterator[str]:
    place = f"Block {event.block}, {event.at[:10]} {event.at[11:19]} UTC"
    asked = f" Asked by {name_of(event.requested_by)} of {event.by}." if event.requested_by else ""
    if event.event == EVENT_KIND_PAYMENT_SETTLED:
        yield f"{place}: settled, and final.{asked}"
    elif event.event == EVENT_KIND_PAYMENT_REJECTED:
        yield f"{place}: rejected with {event.code}; no money moved.{asked}"
    elif event.event in _OF_RESERVATION:
        amount = money(event.amount, event.currency)
        yield f"{place}: {_OF_RESERVATION[event.event].format(amount=amount, code=event.code)}{asked}"
    elif event.event == EVENT_KIND_CREDIT_STATED and not event.by:
        yield f"{place}: its credit waits for {WAITS_FOR.get(event.reason, event.reason)} ({event.reason})."
    elif event.event == EVENT_KIND_CREDIT_STATED:
        waits = f" {WAITS_FOR.get(event.reason, event.reason)}" if event.credit == CREDIT_STATUS_WAITING else ""
        reason = f" ({event.reason})" if event.reason else ""
        yield f"{place}: {event.by} {_SAID[event.credit]}{waits}{reason}.{asked}"
    elif event.event == EVENT_KIND_PAYMENT_RETURNED:
        yield f"{place}: {event.by} sent {money(event.amount, event.currency)} back ({event.reason}).{asked}"


def turn(details: PaymentDetails, command: Callable[[str], str]) -> Turn:
    """Say what the payment waits for, and whose turn it is; `command` writes words of Waitan for copying."""
    payee, uetr = details.payee, details.payment.uetr
    if details.state == SETTLEMENT_STATE_REJECTED:
        code = details.status_reason
        remedy = f" {CATALOGUE[Code(code)].remedy}" if code in Code.__members__ else ""
        return Turn(
            f"It is {details.payer}'s turn, with a new payment: this UETR is used.{remedy}", f"waitan why {code}"
        )
    if details.state == SETTLEMENT_STATE_RESERVED:
        expires = details.payment.terms.expires_on
        return Turn(
            f"It waits for its conditions, until {expires}. What a document brings about settles by itself; for a date"
            " either bank asks.",
            command(f"undertaking settle {uetr}"),
        )
    if details.state != SETTLEMENT_STATE_SETTLED:
        return Turn("It waits for the ledger.")
    if details.returned_amount == details.payment.amount:
        return Turn("It came back in full. Nobody's turn: its life is over.")
    if details.credit == CREDIT_STATUS_CREDITED:
        return Turn("Nobody's turn: it has arrived.")
    if details.credit == CREDIT_STATUS_BLOCKED:
        return Turn(
            f"It is {payee}'s turn: to have the block lifted, or send it back.", command(f"payment return {uetr}")
        )
    confirm = command(f"payment confirm {uetr}")
    if details.credit == CREDIT_STATUS_WAITING:
        waits = WAITS_FOR.get(details.status_reason, details.status_reason)
        return Turn(f"It waits for {waits}. Then it is {payee}'s turn: to credit its customer and say so.", confirm)
    return Turn(f"It is {payee}'s turn: to credit its customer and say so.", confirm)
