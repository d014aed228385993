"""Who waits for a document: so that the transaction that brings it about can settle, or tell, what waited for it.

These records are the authorities' alone. Each document that is waited for has one, which names those who wait; it
stands empty when nobody does any more. (ADR 0018)
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.records import Record

OF_ONE_PAYER_MAX: Final = 20
"""How many payments of one bank may wait for one document: who writes it settles them, and must not be held up."""
AT_ONCE_MAX: Final = 100
"""How many go on in the transaction that writes it, the first that came; the others when a bank asks for them."""


class What(StrEnum):
    """What can wait for a document."""

    UNDERTAKING = "undertaking"
    CREDIT = "credit"


class Waiting(Record):
    """Something that waits: a conditional payment, or the credit of one that has settled."""

    what: What
    payer: str
    payment: PaymentName


class Awaited(Record, tag="awaited/1"):
    """What waits for one document, in the order in which it came."""

    waiting: tuple[Waiting, ...] = ()


class AwaitedDocuments(Record, tag="awaited_documents/1"):
    """A payment that has settled on a date and whose credit waits for documents (G003), until all of them are there."""

    payment: PaymentName
    asked: SubmitPayment
    settled_on: str
    is_complete: bool = False


def joined(awaited: Awaited, waiting: Waiting) -> Awaited:
    """Let one more wait; WAITED_FOR_TOO_OFTEN for more than one bank may let wait for a document."""
    if waiting in awaited.waiting:
        return awaited
    if sum(each.payer == waiting.payer for each in awaited.waiting) >= OF_ONE_PAYER_MAX:
        raise Refusal(Code.WAITED_FOR_TOO_OFTEN, "payer")
    return Awaited(waiting=(*awaited.waiting, waiting))


def left(awaited: Awaited, waiting: Waiting) -> Awaited:
    """Let one wait no more."""
    return replace(awaited, waiting=tuple(each for each in awaited.waiting if each != waiting))
