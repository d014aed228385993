"""A bank lends against documents of trade: applied for, verified, drawn, repaid from the collection, or defaulted.

A trader applies at its own bank and names the documents that are to secure the loan; by its signature it consents,
until a moment that it names, that the bank looks how much of them is free. The bank verifies: the amount is then
reserved on each of the documents over all banks (settlement.trade.budgets), so that nobody lends twice on the same
document. What the bank learns is yes or no, and how much is left; never who else has lent. A reservation counts until
the consent expires, whether anybody has noticed or not; what is drawn counts until it is repaid; what has defaulted
stays.

A bank lends on what the other side has accepted: an invoice that its buyer owes, a declaration that customs has
accepted, and neither holds nor has found wrong, and a bill of lading that the applicant, or the bank itself, holds with
its title; and only to whom the document is worth something (settlement.trade.securities). That is asked for when the
bank verifies, and again when it pays out (NOT_ELIGIBLE).

On a declaration or an invoice as much is lent as the advance rate leaves of its value, less what is paid and lent. What
was paid after the bank had verified, to whichever bank, is no longer lent: so much is asked for again when it pays out
(AM09). A bill of lading has no value of its own, but there is one: it secures one loan at a time. (REQUIREMENTS section
2 Financing, I5, P3; ADR 0021)
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from settlement import dates, money
from settlement.conversion import Rates, converted
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.payments import parts
from settlement.payments.checks import require_none
from settlement.payments.commands import PaymentName
from settlement.payments.documents import Kind, NamedDocument
from settlement.payments.parts import Fault
from settlement.payments.terms import is_record_id
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text
from settlement.trade import budgets
from settlement.trade.budgets import Budget, Claim
from settlement.trade.record import Actor, TradeRecord, record_id
from settlement.trade.securities import SECURITIES, Applicant, Securities, Security

SUBJECTS_MAX: Final = 10
CONSENT_DAYS_MAX: Final = 30
"""The longest consent, so the longest reservation: this network's rule (trade rules, 4.5). Traders may consent anew."""
_DAY_MS: Final = 86_400_000


class FinancingState(StrEnum):
    """Where a financing stands; PENDING before it is on the ledger."""

    PENDING = "PENDING"
    APPLIED = "APPLIED"
    VERIFIED = "VERIFIED"
    DRAWN = "DRAWN"
    PARTLY_REPAID = "PARTLY_REPAID"
    REPAID = "REPAID"
    DEFAULTED = "DEFAULTED"
    REJECTED = "REJECTED"
    LAPSED = "LAPSED"


class FinancingEvent(StrEnum):
    """What happens to a financing. TOO_MUCH: it was looked at, and more was asked for than is left."""

    APPLIED = "APPLIED"
    TOO_MUCH = "TOO_MUCH"
    VERIFIED = "VERIFIED"
    DRAWN = "DRAWN"
    REPAID_IN_PART = "REPAID_IN_PART"
    REPAID = "REPAID"
    DEFAULTED = "DEFAULTED"
    REJECTED = "REJECTED"
    LAPSED = "LAPSED"


_S = FinancingState
_E = FinancingEvent

LIFECYCLE: Final = Lifecycle(
    "financing",
    initial=_S.PENDING,
    moves={
        (_S.PENDING, _E.APPLIED): _S.APPLIED,
        (_S.APPLIED, _E.TOO_MUCH): _S.APPLIED,
        (_S.APPLIED, _E.VERIFIED): _S.VERIFIED,
        (_S.APPLIED, _E.REJECTED): _S.REJECTED,
        (_S.APPLIED, _E.LAPSED): _S.LAPSED,
        (_S.VERIFIED, _E.DRAWN): _S.DRAWN,
        (_S.VERIFIED, _E.REJECTED): _S.REJECTED,
        (_S.VERIFIED, _E.LAPSED): _S.LAPSED,
        (_S.DRAWN, _E.REPAID_IN_PART): _S.PARTLY_REPAID,
        (_S.DRAWN, _E.REPAID): _S.REPAID,
        (_S.DRAWN, _E.DEFAULTED): _S.DEFAULTED,
        (_S.PARTLY_REPAID, _E.REPAID_IN_PART): _S.PARTLY_REPAID,
        (_S.PARTLY_REPAID, _E.REPAID): _S.REPAID,
        (_S.PARTLY_REPAID, _E.DEFAULTED): _S.DEFAULTED,
    },
)


class Subject(Record):
    """A document that secures a financing."""

    kind: Kind
    record_id: str


class Remaining(Record):
    """What a bank learns of a document: whether its financing fits, and how much is left in the document's currency.

    Of a bill of lading, which has no value of its own, only whether it is free.
    """

    record_id: str
    fits: bool
    currency: str = ""
    amount: str = ""


class Repayment(Record):
    """What came back: an amount, from a payment that the bank received or (`reference`) from elsewhere."""

    amount: str
    at_ms: int
    payment: PaymentName | None = None
    reference: str = ""


class Financing(TradeRecord[FinancingState], tag="financing/1"):
    """A loan on documents, held by the bank that lends alone (and both authorities).

    `consents_until_ms` is when the trader's consent ends, in milliseconds since 1970; `key` the digest of its public
    key; `remaining` what the last look at the documents told.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]] = LIFECYCLE

    lender: str
    applicant: str
    currency: str
    amount: str
    subjects: tuple[Subject, ...]
    consents_until_ms: int
    key: str = ""
    remaining: tuple[Remaining, ...] = ()
    reference: str = ""
    repayments: tuple[Repayment, ...] = ()

    @property
    def who(self) -> Applicant:
        """Who applied, where."""
        return Applicant(self.lender, self.applicant, self.key)

    @property
    def outstanding_minor(self) -> int:
        """What is not repaid, of what is or would be drawn."""
        repaid = sum(money.parse_exact(each.amount, self.currency) for each in self.repayments)
        return money.parse_exact(self.amount, self.currency) - repaid


class ApplyForFinancing(IdentifiedCommand):
    """A trader applies at a bank (`lender`), and consents until a moment (RFC 3339) that it looks how much is free.

    The consent is that bank's alone: another that has certified the same key does not use it.
    """

    lender: str
    number: str
    currency: str
    amount: str
    subjects: tuple[Subject, ...]
    consents_until: str


class _AboutFinancing(IdentifiedCommand):
    financing_id: str


class VerifyFinancing(_AboutFinancing):
    """The bank looks how much is free, and reserves the amount where it fits."""


class DrawFinancing(_AboutFinancing):
    """The bank has paid the loan out: `reference` names the booking."""

    reference: str


class RepayFinancing(_AboutFinancing):
    """Something came back: from a payment that the bank received for one of the documents, or from elsewhere."""

    amount: str
    payment: PaymentName | None = None
    payer: str = ""
    reference: str = ""


class DefaultFinancing(_AboutFinancing):
    """The bank does not expect the rest back; its claim stays, so that nobody lends on the same document again."""

    reason: str


class RejectFinancing(_AboutFinancing):
    """The bank does not lend, or the consent is over: what was reserved is free."""

    reason: str


AboutFinancing = VerifyFinancing | DrawFinancing | RepayFinancing | DefaultFinancing | RejectFinancing


def financing_id(lender: str, applicant: str, number: str) -> str:
    """Name a financing: its number is the trader's, at one bank."""
    return record_id(Financing, lender, applicant, number)


def applied(command: ApplyForFinancing, by: Actor) -> Financing:
    """Take an application in; AG08 at another bank than the one that it names."""
    if command.lender != by.participant:
        raise Refusal(Code.AG08, "lender")
    require_none(_faults(command))
    until_ms = dates.moment(command.consents_until, "consents_until")
    applicant = by.require_party()
    if until_ms <= by.at_ms:
        raise Refusal(Code.LAPSED, "consents_until")
    if until_ms > by.at_ms + CONSENT_DAYS_MAX * _DAY_MS:
        raise Refusal(Code.CH16, "consents_until")
    return Financing(
        record_id=financing_id(by.participant, applicant, command.number),
        number=command.number,
        firms=(by.firm,),
        held_by=(by.participant,),
        state=LIFECYCLE.after(LIFECYCLE.initial, _E.APPLIED),
        tx_id=by.tx_id,
        acts=(by.act(_E.APPLIED),),
        lender=by.participant,
        applicant=applicant,
        currency=command.currency,
        amount=command.amount,
        subjects=command.subjects,
        consents_until_ms=until_ms,
        key=by.signer.key,
    )


def verified(
    financing: Financing,
    by: Actor,
    *,
    documents: Securities,
    used: Mapping[str, Budget],
    rates: Rates,
    advance_percent: int,
) -> tuple[Financing, tuple[Budget, ...]]:
    """Look how much is free, and reserve the amount on every document where it fits on all of them.

    LAPSED once the consent is over; NOT_FOUND with the document that is not there, or does not concern the applicant;
    NOT_ELIGIBLE with one on which nobody lends to it, as it stands.
    """
    _require_consent(financing, by)
    after = LIFECYCLE.after(financing.state, _E.VERIFIED)
    told, reserved = [], []
    for security in _securities(financing, documents):
        budget = used[security.document.record_id]
        claim = _claim(financing, security, rates, until_ms=financing.consents_until_ms)
        told.append(_remaining(budget, security.document, claim, advance_percent, by.at_ms))
        reserved.append(budgets.claimed(budget, claim, by.at_ms))
    if not all(each.fits for each in told):
        return financing.after(_E.TOO_MUCH, by, remaining=tuple(told)), ()
    assert after is _S.VERIFIED
    return financing.after(_E.VERIFIED, by, remaining=tuple(told)), tuple(reserved)


def drawn(
    financing: Financing,
    command: DrawFinancing,
    by: Actor,
    *,
    documents: Securities,
    used: Mapping[str, Budget],
    rates: Rates,
    advance_percent: int,
) -> Financing:
    """Pay it out, within the time for which it is reserved, the documents being what they were.

    AM09 with the document of which less is left than is to be paid out, for it was paid meanwhile, or is worth less.
    """
    require_text(command.reference, "reference")
    _require_consent(financing, by)
    after = financing.after(_E.DRAWN, by, reference=command.reference)
    for place, security in enumerate(_securities(financing, documents)):
        budget = used[security.document.record_id]
        claim = _claim(financing, security, rates)
        if not _remaining(budget, security.document, claim, advance_percent, by.at_ms).fits:
            raise Refusal(Code.AM09, f"subjects.{place}")
    return after


def repaid(financing: Financing, command: RepayFinancing, by: Actor) -> Financing:
    """Count what came back; AM09 above what is outstanding."""
    if (command.payment is None) is not (not command.payer) or (command.payment is None and not command.reference):
        raise Refusal(Code.CH21, "payer" if command.payment else "reference")
    if command.reference:
        require_text(command.reference, "reference")
    amount_minor = money.parse_exact(command.amount, financing.currency)
    left_minor = financing.outstanding_minor - amount_minor
    back = Repayment(amount=command.amount, at_ms=by.at_ms, payment=command.payment, reference=command.reference)
    event = _E.REPAID_IN_PART if left_minor else _E.REPAID
    after = financing.after(event, by, repayments=(*financing.repayments, back))
    if left_minor < 0:
        raise Refusal(Code.AM09, "amount")
    return after


def defaulted(financing: Financing, command: DefaultFinancing, by: Actor) -> Financing:
    """Write the rest off; the claim stays."""
    require_text(command.reason, "reason")
    return financing.after(_E.DEFAULTED, by, reason=command.reason)


def rejected(financing: Financing, command: RejectFinancing, by: Actor) -> Financing:
    """End what is not drawn: LAPSED where the consent is over, REJECTED by the bank's own decision before that."""
    require_text(command.reason, "reason")
    event = _E.LAPSED if by.at_ms > financing.consents_until_ms else _E.REJECTED
    return financing.after(event, by, reason=command.reason)


def claims(
    financing: Financing, by: Actor, *, documents: Securities, used: Mapping[str, Budget], rates: Rates
) -> tuple[Budget, ...]:
    """Say how the documents' budgets stand after something happened to a financing that was verified."""
    is_over = financing.state in (_S.REJECTED, _S.LAPSED) or not financing.outstanding_minor
    found = []
    for security in documents.values():
        claim = _claim(financing, security, rates)
        after = replace(claim, amount_minor=0) if is_over else claim
        found.append(budgets.claimed(used[security.document.record_id], after, by.at_ms))
    return tuple(found)


def _securities(financing: Financing, documents: Securities) -> list[Security]:
    """Give the documents that secure a financing; NOT_FOUND, or NOT_ELIGIBLE, with the first that does not."""
    found = []
    for place, subject in enumerate(financing.subjects):
        security = documents.get(subject.record_id)
        if security is None or not security.is_known_to(financing.who):
            raise Refusal(Code.NOT_FOUND, f"subjects.{place}")
        if not security.secures(financing.who):
            raise Refusal(Code.NOT_ELIGIBLE, f"subjects.{place}")
        found.append(security)
    return found


def _claim(financing: Financing, security: Security, rates: Rates, until_ms: int = 0) -> Claim:
    """Claim what is outstanding, in a document's currency, one unit at least; a bill of lading as a whole."""
    amount_minor, document = 1, security.document
    if document.kind is not Kind.BILL_OF_LADING:
        amount_minor = max(1, converted(financing.outstanding_minor, financing.currency, document.currency, rates))
    return Claim(
        financing=financing.record_id,
        lender=financing.lender,
        amount_minor=amount_minor,
        until_ms=until_ms,
        pays=security.pays,
    )


def _remaining(budget: Budget, document: NamedDocument, claim: Claim, advance_percent: int, at_ms: int) -> Remaining:
    """Say what is left of a document for a claim, whatever that loan has claimed of it before."""
    others = budgets.without(budget, claim.financing, at_ms)
    if document.kind is Kind.BILL_OF_LADING:
        return Remaining(record_id=document.record_id, fits=not others.claims)
    left_minor = budgets.financeable_minor(others, document, advance_percent, at_ms)
    return Remaining(
        record_id=document.record_id,
        fits=claim.amount_minor <= left_minor,
        currency=document.currency,
        amount=money.render(left_minor, document.currency),
    )


def _require_consent(financing: Financing, by: Actor) -> None:
    """Refuse LAPSED what the trader no longer consents to."""
    if financing.state in (_S.APPLIED, _S.VERIFIED) and by.at_ms > financing.consents_until_ms:
        raise Refusal(Code.LAPSED, "financing_id")


def _faults(command: ApplyForFinancing) -> Iterator[Fault]:
    if not parts.identification(35)(command.number):
        yield Fault(Code.CH16 if command.number else Code.CH21, "number", "form")
    yield from parts.amount_faults(command.amount, command.currency, "")
    if not 0 < len(command.subjects) <= SUBJECTS_MAX:
        yield Fault(Code.CH17 if command.subjects else Code.CH21, "subjects", "form")
    seen: list[Subject] = []
    for place, subject in enumerate(command.subjects):
        if not is_record_id(subject.record_id) or subject.kind not in SECURITIES:
            yield Fault(Code.CH16, f"subjects.{place}", "form")
        if subject in seen:
            yield Fault(Code.CH17, f"subjects.{place}", "form")
        seen.append(subject)
