"""Payments that have settled before their documents were there: the credit waits (G003), and is told when they are.

Such a payment is counted in the budgets of its documents when all of them are there, not before: what is not there has
no value yet. If they have too little left by then, the credit waits on, and the creditor's bank may send it back.
"""

from typing import Final

from msgspec.structs import replace

from chaincode import keys
from chaincode.contracts import evidence, places, waiting
from chaincode.contracts.evidence import Paid
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from settlement import money
from settlement.forms.journals import Event
from settlement.payments.awaiting import AwaitedDocuments, Waiting, What
from settlement.payments.commands import ConfirmCredit, CreditStatus, PaymentName, SubmitPayment
from settlement.payments.evidence import missing, require_agreement
from settlement.payments.returns import PaymentRecord, full_name
from settlement.payments.undertaking import LedgerStatement

G003: Final = "G003"
"""ExternalStatusReason1Code: the credit is pending for documents."""


async def let_wait(tx: LedgerTx, payment: PaymentName, asked: SubmitPayment, settled_on: str) -> None:
    """Note that a payment that settles now lacks documents, and say so to both banks."""
    assert asked.evidence is not None
    record = AwaitedDocuments(payment=payment, asked=asked, settled_on=settled_on)
    tx.put(await _place(tx, payment, asked.payer), record)
    await waiting.wait(tx, asked.evidence.record_ids, _waiting(record))
    statement = ConfirmCredit(
        payment=payment, payer=asked.payer, payee=asked.payee, status=CreditStatus.WAITING, reason=G003
    )
    for bank in (asked.payer, asked.payee):
        tx.tell(bank, Event.CREDIT_STATED, statement)


async def complete(tx: LedgerTx, payment: PaymentName, payer: str) -> None:
    """Tell both banks that all documents are there; nothing is written where they are not, or do not agree."""
    place = await _place(tx, payment, payer)
    record = await tx.get(place, AwaitedDocuments)
    assert record is not None
    asked = record.asked
    assert asked.evidence is not None
    known = await evidence.documents_of(tx, asked, None)
    if missing(asked.evidence, known):
        return
    require_agreement(asked, known)
    paid = Paid.by(asked, payment, on=record.settled_on, left_minor=await _left_minor(tx, record))
    counted = await evidence.used(tx, paid, known)
    evidence.store(tx, counted)
    tx.put(place, replace(record, is_complete=True))
    await waiting.wait_no_more(tx, asked.evidence.record_ids, _waiting(record))
    statement = LedgerStatement(
        payment=payment,
        payer=asked.payer,
        payee=asked.payee,
        currency=asked.currency,
        amount=asked.amount,
        settled_on=record.settled_on,
    )
    for bank in (asked.payer, asked.payee):
        tx.tell(bank, Event.DOCUMENTS_COMPLETE, statement, invoices=counted.invoices)


async def is_awaited(tx: LedgerTx, payment: PaymentName, payer: str) -> bool:
    """Say whether a payment still waits for its documents, and so counts in no budget."""
    record = await tx.get(await _place(tx, payment, payer), AwaitedDocuments)
    return record is not None and not record.is_complete


async def _left_minor(tx: LedgerTx, record: AwaitedDocuments) -> int:
    asked = record.asked
    place = await places.hidden(tx, asked.payee, "payment", full_name(record.payment, asked.payer))
    returned = await tx.get(place, PaymentRecord)
    return returned.left_minor if returned else money.parse_exact(asked.amount, asked.currency)


async def _place(tx: LedgerTx, payment: PaymentName, payer: str) -> Place:
    return await places.hidden(tx, keys.AUTHORITY, "awaited_documents", full_name(payment, payer))


def _waiting(record: AwaitedDocuments) -> Waiting:
    return Waiting(what=What.CREDIT, payer=record.asked.payer, payment=record.payment)
