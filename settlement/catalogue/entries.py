"""How an entry is written, and the sources that many entries have in common."""

from typing import Final

from settlement.errors import Family, Meaning

STATUS_REASON: Final = "ISO 20022 ExternalStatusReason1Code"
DOCUMENTS: Final = "Waitan: documents of trade"
CUSTOMS: Final = "Waitan: the life cycle of a declaration"
EXCHANGE: Final = "Waitan: signed lists and commands"


def refusal(meaning: str, remedy: str, source: str = STATUS_REASON) -> Meaning:
    """Write an entry of a code with which nothing is written."""
    return Meaning(Family.REFUSAL, meaning, source, remedy)


def rejection(meaning: str, remedy: str, source: str = STATUS_REASON) -> Meaning:
    """Write an entry of a code that is recorded with the payer."""
    return Meaning(Family.REJECTION, meaning, source, remedy)
