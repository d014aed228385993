"""Who waits for a document: so that the transaction that brings it about can settle, or tell, what waited for it.

These records are the authorities' alone. Each document that is waited for has one, which names those who wait; it
stands empty when nobody does any more. (ADR 0018)
"""

from enum import StrEnum

from msgspec.structs import replace

from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.records import Record


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


def joined(awaited: Awaited | None, waiting: Waiting) -> Awaited:
    """Let one more wait."""
    before = awaited.waiting if awaited else ()
    return Awaited(waiting=before if waiting in before else (*before, waiting))


def left(awaited: Awaited, waiting: Waiting) -> Awaited:
    """Let one wait no more."""
    return replace(awaited, waiting=tuple(each for each in awaited.waiting if each != waiting))
