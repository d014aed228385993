"""How much of a document's value has been paid, and how much is financed, over all banks together.

Everybody pays for, and lends on, the same declaration, invoice or bill of lading; nobody but the two authorities, who
endorse everything, sees what others did. So its budget is a record of theirs, and every payment or financing that
names the document goes through it: the same coin is never spent twice, whichever banks ask at once.

Two rules hold always. What has been paid is at most the limit (value and tolerance); and what is lent by others than
the bank that receives a payment counts as if it had been paid already, for that money is theirs to collect, unless the
loan is what pays for the goods. What is reserved, and again when it is drawn, is at most the part of the value that may
be financed, less all that has been paid, to whichever bank, and what others have claimed. What is paid to the lender
after that is its collection: it may come on top of the claim, up to the limit, and repays it.
A claim that was only reserved counts until its time is over. A bank is told yes or no, and how much is left.
(REQUIREMENTS I4, I5, P3; ADR 0021)
"""

from msgspec.structs import replace

from settlement.errors import Code, Refusal
from settlement.payments.documents import NamedDocument
from settlement.records import Record


class Claim(Record):
    """What a financing has of a document: reserved until a moment, or (`until_ms` 0) drawn and not repaid.

    `pays`: the loan pays for the document, and keeps nobody from paying for it.
    """

    financing: str
    lender: str
    amount_minor: int
    until_ms: int = 0
    pays: bool = False


class Budget(Record, tag="budget/1"):
    """What is used of one document, in minor units of its currency. Held by the authorities alone."""

    record_id: str
    paid_minor: int = 0
    claims: tuple[Claim, ...] = ()


def payable_minor(budget: Budget, document: NamedDocument, payee: str, at_ms: int) -> int:
    """Say how much can still be paid for a document to a bank."""
    left_minor = document.limit_minor - budget.paid_minor
    if budget.claims:
        others = (each for each in standing(budget, at_ms) if each.lender != payee and not each.pays)
        left_minor -= sum(claim.amount_minor for claim in others)
    return max(0, left_minor)


def financeable_minor(budget: Budget, document: NamedDocument, advance_percent: int, at_ms: int) -> int:
    """Say how much more can be lent on a document: its value at the advance rate, less what is paid and lent."""
    lent_minor = sum(claim.amount_minor for claim in standing(budget, at_ms))
    return max(0, document.value_minor * advance_percent // 100 - budget.paid_minor - lent_minor)


def standing(budget: Budget, at_ms: int) -> tuple[Claim, ...]:
    """Give the claims that count at a moment."""
    return tuple(claim for claim in budget.claims if not claim.until_ms or at_ms <= claim.until_ms)


def paid(budget: Budget, document: NamedDocument, amount_minor: int, *, payee: str, at_ms: int, where: str) -> Budget:
    """Count a payment to a bank; AM09, at `where`, for more than is left."""
    if amount_minor > payable_minor(budget, document, payee, at_ms):
        raise Refusal(Code.AM09, where)
    return replace(budget, paid_minor=budget.paid_minor + amount_minor)


def given_back(budget: Budget, amount_minor: int) -> Budget:
    """Count a payment, or a part of one, that was sent back.

    Never below nothing: a document that was amended to another currency since may reckon it higher than it was.
    """
    return replace(budget, paid_minor=max(0, budget.paid_minor - amount_minor))


def claimed(budget: Budget, claim: Claim, at_ms: int) -> Budget:
    """Enter a financing's claim, or what has become of it; one of nothing is taken out, and so are those long over."""
    others = without(budget, claim.financing, at_ms)
    return replace(others, claims=(*others.claims, claim)) if claim.amount_minor else others


def without(budget: Budget, financing: str, at_ms: int) -> Budget:
    """Give a budget without what a financing has claimed of it, and without claims long over."""
    return replace(budget, claims=tuple(each for each in standing(budget, at_ms) if each.financing != financing))
