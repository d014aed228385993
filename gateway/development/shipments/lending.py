"""The seller's bank lends on the shipment; a second bank that the seller asks learns that it cannot."""

from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.development.members import new_id
from gateway.development.shipments.firms import BANKER_IST, BANKER_SH, SILK, SILK_AWAY, taken_in
from gateway.development.shipments.story import Person, Story
from settlement import dates
from settlement import money as minor
from settlement.financing import (
    ApplyForFinancing,
    DrawFinancing,
    Financing,
    FinancingState,
    RejectFinancing,
    RepayFinancing,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.money import for_people as money
from settlement.payments.commands import PaymentName
from settlement.payments.documents import Kind
from settlement.trade.contract_terms import ContractTerms

ADVANCED_PERCENT: Final = 80
RIVAL_PERCENT: Final = 30
_MILLISECOND: Final = timedelta(milliseconds=1)


async def advance(story: Story, terms: ContractTerms, subjects: tuple[Subject, ...]) -> str:
    """Let the seller's bank lend, and another of its banks find that not enough is left; give the loan's name."""
    loan = await _apply(story, terms, subjects, SILK, percent=ADVANCED_PERCENT)
    await _verify(story, BANKER_SH, loan)
    found = await story.record(BANKER_SH, loan, Financing, FinancingState.VERIFIED)
    amount = money(found.amount, found.currency)
    story.finds(BANKER_SH, "looks: it is free, and is reserved", holds=all(each.fits for each in found.remaining))
    draw = DrawFinancing(command_id=new_id(), financing_id=loan, reference=f"LOAN {terms.number}")
    await story.signs(BANKER_SH, f"pays out {amount}", draw)
    invoices = tuple(each for each in subjects if each.kind is Kind.INVOICE)
    await taken_in(story.cast, SILK_AWAY, SILK, terms.seller)
    rival = await _apply(story, terms, invoices, SILK_AWAY, percent=RIVAL_PERCENT)
    await _verify(story, BANKER_IST, rival)
    told = await story.record(BANKER_IST, rival, Financing, FinancingState.APPLIED)
    left = next((each for each in told.remaining if each.amount), None)
    what = f": {money(left.amount, left.currency)} are left" if left else ""
    is_no = bool(told.remaining) and not any(each.fits for each in told.remaining)
    story.finds(BANKER_IST, f"looks, and is told no{what}, not who lends", holds=is_no)
    reject = RejectFinancing(command_id=new_id(), financing_id=rival, reason="Financed already")
    await story.signs(BANKER_IST, "does not lend on it a second time", reject)
    return loan


async def repay(story: Story, loan: str, uetr: str) -> None:
    """Let the loan be repaid from the payment that came in."""
    client = await story.cast.client(BANKER_SH.organisation, BANKER_SH.name)
    details = await client.payment(uetr)
    found = await story.record(BANKER_SH, loan, Financing, FinancingState.DRAWN)
    command = RepayFinancing(
        command_id=new_id(),
        financing_id=loan,
        amount=found.amount,
        payment=PaymentName(journal=details.transaction_id, uetr=uetr),
        payer=BANKER_IST.organisation,
    )
    await story.signs(BANKER_SH, f"takes back {money(found.amount, found.currency)} of it", command)
    done = await story.record(BANKER_SH, loan, Financing, FinancingState.REPAID)
    story.finds(BANKER_SH, "has its loan back", holds=done.outstanding_minor == 0)


async def _apply(
    story: Story, terms: ContractTerms, subjects: tuple[Subject, ...], firm: Person, *, percent: int
) -> str:
    """Let the seller apply for a part of the contract's amount, at one of its banks; give the loan's name."""
    part_minor = minor.parse_exact(terms.amount, terms.currency) * percent // 100
    amount = minor.render(part_minor, terms.currency)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    command = ApplyForFinancing(
        command_id=new_id(),
        lender=firm.organisation,
        number=f"LOAN-{terms.number}",
        currency=terms.currency,
        amount=amount,
        subjects=subjects,
        consents_until=dates.render((tomorrow - datetime(1970, 1, 1, tzinfo=UTC)) // _MILLISECOND),
    )
    on = " and ".join(subject.kind.value for subject in subjects)
    where = "" if firm is SILK else "a second bank "
    await story.signs(firm, f"asks {where}for a loan on {on}: {money(amount, terms.currency)}", command)
    return financing_id(firm.organisation, terms.seller.identifier, command.number)


async def _verify(story: Story, bank: Person, loan: str) -> None:
    command = VerifyFinancing(command_id=new_id(), financing_id=loan)
    await story.cast.officer(command, organisation=bank.organisation, person=bank.name)
