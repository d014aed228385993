"""Assessing tax and what follows: each decision gives the records as they then stand, or refuses.

The story, the tables and what is owed when are in `settlement.customs.assessment`.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from settlement import dates, money
from settlement.customs import duty
from settlement.customs.assessment import (
    LIFECYCLE,
    OPEN,
    AssessmentEvent,
    AssessmentState,
    ClaimRefund,
    DeclineRefund,
    Guarantee,
    GuaranteeTax,
    Refund,
    TaxAssessment,
    TaxedLine,
    fen,
    owed,
    state_on,
    yuan,
)
from settlement.customs.declaration import Declaration, DeclarationEvent, DeclarationState
from settlement.customs.duty import CNY, Direction, LineTax, Rates
from settlement.customs.rates import Terms
from settlement.errors import Code, Refusal
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.texts import require_text
from settlement.trade.record import Actor, record_id


def assessed(
    declaration: Declaration, by: Actor, *, rates: Sequence[Rates], exchange_rate: str, terms: Terms, on: str
) -> tuple[Declaration, TaxAssessment]:
    """Assess the taxes of a declaration; where there are none it is found free of duty at once.

    `rates` are those of its lines, in order. A summary is completed first (DECLARATION_INCOMPLETE).
    """
    if by.participant != declaration.customs:
        raise Refusal(Code.NOT_FOUND, "declaration_id")
    moved = declaration.after(DeclarationEvent.ASSESSED, by)
    if declaration.is_summary:
        raise Refusal(Code.DECLARATION_INCOMPLETE, "declaration_id")
    number = declaration.assessments + 1
    assessment = _reckoned(declaration, by, number, rates=rates, exchange_rate=exchange_rate, terms=terms, on=on)
    moved = replace(moved, assessment=assessment.record_id, assessments=number)
    if fen(assessment.total):
        return moved, assessment
    return (
        moved.after(DeclarationEvent.FOUND_FREE_OF_DUTY, by),
        assessment.after(AssessmentEvent.FOUND_FREE_OF_DUTY, by),
    )


def require_payment(assessment: TaxAssessment | None, payment: SubmitPayment, on: str) -> TaxAssessment:
    """Give the assessment that a payment may pay: unpaid, to the treasury's account, exactly what is owed today.

    CH17 for a conditional payment, NOT_FOUND where there is no assessment, MOVE_NOT_ALLOWED where nothing is owed any
    more, NOT_THE_TREASURY for another payee or account, AM09 for another amount.
    """
    if payment.terms is not None:  # tax is paid, or it is not
        raise Refusal(Code.CH17, "terms")
    if assessment is None:
        raise Refusal(Code.NOT_FOUND, "assessment_id")
    if state_on(assessment, on) not in OPEN:
        raise Refusal(Code.MOVE_NOT_ALLOWED, f"tax_assessment.{assessment.state.value}")
    account = payment.creditor_account
    if payment.payee != assessment.terms.treasury:
        raise Refusal(Code.NOT_THE_TREASURY, "payee")
    if account is None or account.other != assessment.terms.treasury_account:
        raise Refusal(Code.NOT_THE_TREASURY, "creditor_account")
    if payment.currency != CNY:
        raise Refusal(Code.AM09, "currency")
    if money.parse_exact(payment.amount, CNY) != owed(assessment, on).total_minor:
        raise Refusal(Code.AM09, "amount")
    return assessment


def paid(
    assessment: TaxAssessment, declaration: Declaration, by: Actor, *, payment: PaymentName, on: str
) -> tuple[Declaration, TaxAssessment]:
    """Record the payment that paid it, on the assessment and on the declaration."""
    if state_on(assessment, on) is AssessmentState.OVERDUE and assessment.state is not AssessmentState.OVERDUE:
        assessment = assessment.after(AssessmentEvent.FELL_OVERDUE, by)
    interest = owed(assessment, on).interest_minor
    return (
        declaration.after(DeclarationEvent.DUTY_PAID, by),
        assessment.after(
            AssessmentEvent.PAID, by, payment=payment, paid_by=by.participant, paid_on=on, interest=yuan(interest)
        ),
    )


def guaranteed(
    assessment: TaxAssessment, declaration: Declaration, command: GuaranteeTax, by: Actor, *, on: str
) -> tuple[Declaration, TaxAssessment]:
    """Let the declarant's bank answer for what is assessed, until it is due at least."""
    require_text(command.reference, "reference")
    dates.day(command.expires_on, "expires_on")
    if by.participant != declaration.bank:
        raise Refusal(Code.NOT_FOUND, "assessment_id")
    state = state_on(assessment, on)
    if state is not AssessmentState.ASSESSED:
        raise Refusal(Code.MOVE_NOT_ALLOWED, f"tax_assessment.{state.value}")
    if command.expires_on < assessment.due_on:
        raise Refusal(Code.DATE_PAST, "expires_on")
    guarantee = Guarantee(
        guarantor=by.participant,
        reference=command.reference,
        amount=assessment.total,
        expires_on=command.expires_on,
    )
    return (
        declaration.after(DeclarationEvent.DUTY_GUARANTEED, by),
        assessment.after(AssessmentEvent.GUARANTEED, by, guarantee=guarantee),
    )


def withdrawn(assessment: TaxAssessment, by: Actor, reason: str) -> TaxAssessment | None:
    """Withdraw what is owed on a declaration that is cancelled; None where it was paid, which can be claimed back."""
    if assessment.state not in OPEN:
        return None
    return assessment.after(AssessmentEvent.WITHDRAWN, by, reason=reason)


def refund_claimed(assessment: TaxAssessment, command: ClaimRefund, by: Actor) -> TaxAssessment:
    """Claim back at most what was paid (AM09)."""
    require_text(command.reason, "reason")
    amount_minor = money.parse_exact(command.amount, CNY)
    if by.firm not in assessment.firms:
        raise Refusal(Code.NOT_FOUND, "assessment_id")
    refund = Refund(amount=command.amount, reason=command.reason)
    claimed = assessment.after(AssessmentEvent.REFUND_CLAIMED, by, reason=command.reason, refund=refund)
    if amount_minor > fen(assessment.total) + fen(assessment.interest):
        raise Refusal(Code.AM09, "amount")
    return claimed


def refund_declined(assessment: TaxAssessment, command: DeclineRefund, by: Actor) -> TaxAssessment:
    """Decline a claim; the trader may claim again."""
    require_text(command.reason, "reason")
    _require_customs(assessment, by)
    return assessment.after(AssessmentEvent.REFUND_DECLINED, by, reason=command.reason, refund=None)


def refund_granted(assessment: TaxAssessment, declaration: Declaration, by: Actor) -> TaxAssessment:
    """Grant a claim; nothing is sent back from the treasury before.

    What lets goods go is not sent back while they wait to go (MOVE_NOT_ALLOWED): release them first, or cancel the
    declaration, or amend it and assess it anew.
    """
    _require_customs(assessment, by)
    if declaration.state is DeclarationState.DUTY_PAID and declaration.assessment == assessment.record_id:
        raise Refusal(Code.MOVE_NOT_ALLOWED, f"{declaration.LIFECYCLE.name}.{declaration.state.value}")
    refund = replace(assessment.refund, granted_by=by.signer) if assessment.refund else None
    return assessment.after(AssessmentEvent.REFUND_GRANTED, by, refund=refund)


def require_return(assessment: TaxAssessment, amount: str) -> None:
    """Let what paid an assessment be returned as far as a refund was granted: exactly that, once.

    REFUND_NOT_GRANTED where none was; AM09 for another amount.
    """
    refund = assessment.refund
    if assessment.state is not AssessmentState.REFUND_CLAIMED or refund is None or refund.granted_by is None:
        raise Refusal(Code.REFUND_NOT_GRANTED, "payment")
    if amount != refund.amount:
        raise Refusal(Code.AM09, "amount")


def refunded(assessment: TaxAssessment, by: Actor) -> TaxAssessment:
    """Record that the treasury has sent it back."""
    return assessment.after(AssessmentEvent.REFUNDED, by)


def _require_customs(assessment: TaxAssessment, by: Actor) -> None:
    if by.participant != assessment.customs:
        raise Refusal(Code.NOT_FOUND, "assessment_id")


def _reckoned(
    declaration: Declaration,
    by: Actor,
    number: int,
    *,
    rates: Sequence[Rates],
    exchange_rate: str,
    terms: Terms,
    on: str,
) -> TaxAssessment:
    declared = declaration.declared
    lines = []
    for goods, each in zip(declared.lines, rates, strict=True):
        price = duty.in_fen(money.parse_exact(goods.value, declared.currency), declared.currency, exchange_rate)
        lines.append(duty.line_tax(price, each, declared.direction))
    sums = duty.summed(lines)
    fee = 0
    if declared.direction is Direction.IMPORT:
        since = declared.arrived_on
        fee = duty.late_amount(sums.value_minor, terms.declaring, since=since, on=declaration.lodged_on)
    name = f"{declaration.number}-{number:02}"
    return TaxAssessment(
        record_id=record_id(TaxAssessment, name),
        number=name,
        firms=declaration.firms,
        held_by=declaration.held_by,
        state=LIFECYCLE.initial,
        tx_id=by.tx_id,
        acts=(by.act(DeclarationEvent.ASSESSED),),
        trade=declaration.trade,
        declaration=declaration.record_id,
        customs=declaration.customs,
        assessed_on=on,
        due_on=dates.days_after(on, terms.payment_days),
        exchange_rate=exchange_rate,
        lines=tuple(map(_shown, (line.hs_code for line in declared.lines), rates, lines)),
        value=yuan(sums.value_minor),
        duty=yuan(sums.duty_minor),
        consumption_tax=yuan(sums.consumption_minor),
        vat=yuan(sums.vat_minor),
        late_declaration_fee=yuan(fee),
        total=yuan(sums.total_minor + fee),
        terms=terms,
    )


def _shown(hs_code: str, rates: Rates, tax: LineTax) -> TaxedLine:
    return TaxedLine(
        hs_code=hs_code,
        duty_ppm=rates.duty_ppm,
        consumption_ppm=rates.consumption_ppm,
        vat_ppm=rates.vat_ppm,
        value=yuan(tax.value_minor),
        duty=yuan(tax.duty_minor),
        consumption_tax=yuan(tax.consumption_minor),
        vat=yuan(tax.vat_minor),
    )
