"""Taxes on goods: assessed by customs, paid by a payment to the treasury or guaranteed by a bank, claimed back."""

from chaincode import keys
from chaincode.contracts import customs_rates, trade_records
from chaincode.overlay import LedgerTx
from chaincode.transactions import transaction
from settlement.customs import assessment, levy
from settlement.customs.assessment import (
    AssessTax,
    ClaimRefund,
    DeclineRefund,
    GrantRefund,
    GuaranteeTax,
    TaxAssessment,
)
from settlement.customs.declaration import Declaration
from settlement.customs.duty import CNY
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.returns import PaymentRecord
from settlement.trade.record import Actor


@transaction(AssessTax)
async def assess_tax(tx: LedgerTx, command: AssessTax) -> None:
    """Reckon what is owed, from the rates of the day on which the declaration was complete."""
    found = await trade_records.load(tx, Declaration, command.declaration_id)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "declaration_id")
    declared, then = found.declared, found.lodged_on
    declaration, assessed = levy.assessed(
        found,
        await trade_records.actor(tx),
        rates=await customs_rates.duties(tx, declared, then),
        exchange_rate=await customs_rates.exchange(tx, declared.currency, then),
        terms=await customs_rates.terms(tx, then),
        on=await business_date(tx),
    )
    await trade_records.store(tx, declaration)
    await trade_records.store(tx, assessed)


@transaction(GuaranteeTax)
async def guarantee_tax(tx: LedgerTx, command: GuaranteeTax) -> None:
    """Answer for a customer's tax."""
    found, declaration = await _both(tx, await _load(tx, command.assessment_id))
    by, on = await trade_records.actor(tx), await business_date(tx)
    declaration, found = levy.guaranteed(found, declaration, command, by, on=on)
    await trade_records.store(tx, declaration)
    await trade_records.store(tx, found)


@transaction(ClaimRefund)
async def claim_refund(tx: LedgerTx, command: ClaimRefund) -> None:
    """Claim back what was paid."""
    found = await _load(tx, command.assessment_id)
    await trade_records.store(tx, levy.refund_claimed(found, command, await trade_records.actor(tx)))


@transaction(DeclineRefund)
async def decline_refund(tx: LedgerTx, command: DeclineRefund) -> None:
    """Decline a claim."""
    found = await _load(tx, command.assessment_id)
    await trade_records.store(tx, levy.refund_declined(found, command, await trade_records.actor(tx)))


@transaction(GrantRefund)
async def grant_refund(tx: LedgerTx, command: GrantRefund) -> None:
    """Grant a claim."""
    found, declaration = await _both(tx, await _load(tx, command.assessment_id))
    await trade_records.store(tx, levy.refund_granted(found, declaration, await trade_records.actor(tx)))


async def require_payment(tx: LedgerTx, payment: SubmitPayment) -> TaxAssessment:
    """Load the assessment that a payment names, if the payment may pay it."""
    found = await trade_records.load(tx, TaxAssessment, payment.assessment_id)
    return levy.require_payment(found, payment, payment.settlement_date)


async def pay(tx: LedgerTx, found: TaxAssessment, payment: SubmitPayment) -> None:
    """Store that a payment, which has settled, paid it."""
    found, declaration = await _both(tx, found)
    name = PaymentName(journal=tx.tx_id, uetr=payment.uetr)
    by = await trade_records.actor(tx)
    declaration, found = levy.paid(found, declaration, by, payment=name, on=payment.settlement_date)
    await trade_records.store(tx, declaration)
    await trade_records.store(tx, found)


async def refund(tx: LedgerTx, returned: PaymentRecord, amount: str) -> None:
    """Store that the treasury sends back what paid an assessment, where that is granted."""
    found = await trade_records.load(tx, TaxAssessment, returned.assessment_id, held_by=returned.payer)
    assert found is not None
    levy.require_return(found, amount)
    await trade_records.store(tx, levy.refunded(found, await trade_records.actor(tx)))


async def withdraw(tx: LedgerTx, declaration: Declaration, by: Actor, reason: str) -> None:
    """Withdraw what is assessed on a declaration and not paid, if anything is."""
    if declaration.assessment:
        after = levy.withdrawn(await _load(tx, declaration.assessment), by, reason)
        if after is not None:
            await trade_records.store(tx, after)


async def guaranteed_until(tx: LedgerTx, declaration: Declaration) -> str:
    """Give the last day of the guarantee for a declaration's tax; empty where there is none."""
    if not declaration.assessment:
        return ""
    return assessment.guaranteed_until(await _load(tx, declaration.assessment))


async def is_owed(tx: LedgerTx, declaration: Declaration) -> bool:
    """Say whether what is assessed on a declaration is not paid yet."""
    return bool(declaration.assessment) and (await _load(tx, declaration.assessment)).state in assessment.OPEN


async def business_date(tx: LedgerTx) -> str:
    """Give the date of the CNY business day, by which customs counts; DAY_CLOSED before the first."""
    day = await tx.get(keys.day(CNY), BusinessDay)
    if day is None or not day.date:
        raise Refusal(Code.DAY_CLOSED, "day")
    return day.date


async def _load(tx: LedgerTx, record_id: str) -> TaxAssessment:
    found = await trade_records.load_own(tx, TaxAssessment, record_id)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "assessment_id")
    return found


async def _both(tx: LedgerTx, found: TaxAssessment) -> tuple[TaxAssessment, Declaration]:
    declaration = await trade_records.load(tx, Declaration, found.declaration)
    assert declaration is not None
    return found, declaration
