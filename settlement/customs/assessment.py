"""What customs asks for: duty, consumption tax, VAT and a fee for lateness; paid, guaranteed, claimed back.

ASSESSED -> PAID | OVERDUE -> PAID (with interest) | REFUND_CLAIMED -> REFUNDED. Nobody has to notice that tax is
overdue: from the day after `due_on` it is, and who pays then pays the interest too. What is paid is exactly what is
owed on the day, in CNY, to the treasury's account. A bank's guarantee lets the goods go before the tax is paid; the tax
stays owed. Rates and terms are those in force on the day on which the declaration was completed (Tariff Law of China,
art. 20), and stand in the assessment, so that no later notice changes it. (REQUIREMENTS section 2)
"""

from enum import StrEnum
from typing import Any, ClassVar, Final, NamedTuple

from settlement import money
from settlement.customs import duty
from settlement.customs.duty import CNY, Lateness
from settlement.customs.rates import Terms
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.payments.commands import PaymentName
from settlement.records import IdentifiedCommand, Record
from settlement.trade.record import TradeRecord


class AssessmentState(StrEnum):
    """Where an assessment stands."""

    ASSESSED = "ASSESSED"
    OVERDUE = "OVERDUE"
    NIL = "NIL"
    PAID = "PAID"
    REFUND_CLAIMED = "REFUND_CLAIMED"
    REFUNDED = "REFUNDED"
    WITHDRAWN = "WITHDRAWN"


class AssessmentEvent(StrEnum):
    """What happens to an assessment."""

    FOUND_FREE_OF_DUTY = "FOUND_FREE_OF_DUTY"
    FELL_OVERDUE = "FELL_OVERDUE"
    GUARANTEED = "GUARANTEED"
    PAID = "PAID"
    REFUND_CLAIMED = "REFUND_CLAIMED"
    REFUND_GRANTED = "REFUND_GRANTED"
    REFUND_DECLINED = "REFUND_DECLINED"
    REFUNDED = "REFUNDED"
    WITHDRAWN = "WITHDRAWN"


_S = AssessmentState
_E = AssessmentEvent

LIFECYCLE: Final = Lifecycle(
    "tax assessment",
    initial=_S.ASSESSED,
    moves={
        (_S.ASSESSED, _E.FOUND_FREE_OF_DUTY): _S.NIL,
        (_S.ASSESSED, _E.FELL_OVERDUE): _S.OVERDUE,
        (_S.ASSESSED, _E.GUARANTEED): _S.ASSESSED,
        (_S.ASSESSED, _E.PAID): _S.PAID,
        (_S.OVERDUE, _E.PAID): _S.PAID,
        (_S.PAID, _E.REFUND_CLAIMED): _S.REFUND_CLAIMED,
        (_S.REFUND_CLAIMED, _E.REFUND_GRANTED): _S.REFUND_CLAIMED,
        (_S.REFUND_CLAIMED, _E.REFUND_DECLINED): _S.PAID,
        (_S.REFUND_CLAIMED, _E.REFUNDED): _S.REFUNDED,
        (_S.ASSESSED, _E.WITHDRAWN): _S.WITHDRAWN,
        (_S.OVERDUE, _E.WITHDRAWN): _S.WITHDRAWN,
    },
)
OPEN: Final = (_S.ASSESSED, _S.OVERDUE)
"""Tax is owed."""


class TaxedLine(Record):
    """What one line of goods bears: rates in millionths, amounts in CNY."""

    hs_code: str
    duty_ppm: int
    consumption_ppm: int
    vat_ppm: int
    value: str
    duty: str
    consumption_tax: str
    vat: str


class Guarantee(Record):
    """A bank's word for the tax: which bank, its reference, and the last day on which it counts."""

    guarantor: str
    reference: str
    amount: str
    expires_on: str


class Refund(Record):
    """What a trader wants back, and why; who granted it, once somebody has."""

    amount: str
    reason: str
    granted_by: Signer | None = None


class TaxAssessment(TradeRecord[AssessmentState], tag="tax_assessment/1"):
    """An assessment, held by customs and by the bank of the declarant. Amounts are CNY, with two decimals.

    `declaration` is the record_id of what is taxed; `due_on` the last day on which it is paid without interest;
    `interest` what was paid on top; `payment` the payment that paid it, and `paid_by` the bank that made it.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]] = LIFECYCLE

    declaration: str
    customs: str
    assessed_on: str
    due_on: str
    exchange_rate: str
    lines: tuple[TaxedLine, ...]
    value: str
    duty: str
    consumption_tax: str
    vat: str
    late_declaration_fee: str
    total: str
    terms: Terms
    guarantee: Guarantee | None = None
    paid_on: str = ""
    interest: str = ""
    payment: PaymentName | None = None
    paid_by: str = ""
    refund: Refund | None = None


class AssessTax(IdentifiedCommand):
    """Customs assesses a declaration: the ledger reckons, from the rates in force."""

    declaration_id: str


class GuaranteeTax(IdentifiedCommand):
    """The declarant's bank guarantees what is assessed, until a date."""

    assessment_id: str
    reference: str
    expires_on: str


class ClaimRefund(IdentifiedCommand):
    """A trader claims back what it paid, or part of it."""

    assessment_id: str
    amount: str
    reason: str


class DeclineRefund(IdentifiedCommand):
    """A tax officer declines a claim."""

    assessment_id: str
    reason: str


class GrantRefund(IdentifiedCommand):
    """A tax officer grants a claim: the clearing institution may send it back from the treasury (pacs.004)."""

    assessment_id: str


class Owed(NamedTuple):
    """What is owed on a day, in fen."""

    principal_minor: int
    interest_minor: int

    @property
    def total_minor(self) -> int:
        """All of it."""
        return self.principal_minor + self.interest_minor


NOTHING: Final = Owed(0, 0)


def fen(text: str) -> int:
    """Read an amount of CNY as this module writes it; zero is one."""
    return int(text.replace(".", ""))


def yuan(minor: int) -> str:
    """Write fen as CNY."""
    return money.render(minor, CNY)


def owed(assessment: TaxAssessment, on: str) -> Owed:
    """Reckon what is owed on a day: the total and, once it is overdue, interest on the taxes (not on the fee)."""
    taxes = fen(assessment.duty) + fen(assessment.consumption_tax) + fen(assessment.vat)
    terms = assessment.terms
    lateness = Lateness(terms.payment_days, terms.late_payment_ppm, minimum_minor=terms.interest_minimum_minor)
    return Owed(fen(assessment.total), duty.late_amount(taxes, lateness, since=assessment.assessed_on, on=on))


def state_on(assessment: TaxAssessment, on: str) -> AssessmentState:
    """Give the state on a business date: overdue from the day after it was due, noticed or not."""
    if assessment.state is AssessmentState.ASSESSED and on > assessment.due_on:
        return AssessmentState.OVERDUE
    return assessment.state


def guaranteed_until(assessment: TaxAssessment | None) -> str:
    """Give the last day of its guarantee, empty where there is none."""
    return assessment.guarantee.expires_on if assessment and assessment.guarantee else ""
