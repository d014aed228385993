"""Payments from which a bank has taken back what it had lent: so much of them is used up, and is not sent back.

What repaid a loan has freed the documents for others to lend on; sent back it would have to be lent again, on what may
no longer be free. Who has to give it back all the same makes a payment of its own. (ADR 0021)
"""

from settlement.errors import Code, Refusal
from settlement.records import Record


class CollectionUse(Record, tag="collection_use/1"):
    """How much of a payment that a bank received has repaid financings. The bank's own."""

    used_minor: int = 0


def used_for(before: CollectionUse | None, amount_minor: int, received_minor: int) -> CollectionUse:
    """Use a part of a payment that came in; AM09 for more than it has left."""
    used_minor = (before.used_minor if before else 0) + amount_minor
    if used_minor > received_minor:
        raise Refusal(Code.AM09, "payment")
    return CollectionUse(used_minor=used_minor)


def require_unused(use: CollectionUse | None, left_minor: int) -> None:
    """Refuse AM09 a return after which less of a payment is left than has repaid loans."""
    if use is not None and left_minor < use.used_minor:
        raise Refusal(Code.AM09, "amount")
