"""Payments between banks: settle, confirm, send back."""

from collections.abc import Iterable

from chaincode import keys
from chaincode.contracts import (
    awaited_documents,
    bindings,
    evidence,
    initiations,
    places,
    releases,
    tax_assessments,
    undertakings,
)
from chaincode.contracts.evidence import Paid
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.accounts.issuance import Currency
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.forms.journals import Event, Journal
from settlement.forms.records import Ledger
from settlement.participants import Participant
from settlement.payments import checks, collection, payment, release, returns
from settlement.payments.collection import CollectionUse
from settlement.payments.commands import (
    ConfirmCredit,
    PaymentName,
    ReturnPayment,
    SubmitPayment,
)
from settlement.payments.evidence import require_reports
from settlement.payments.returns import PaymentRecord, full_name
from settlement.trade.invoice import InvoicePayment


def _both(command: SubmitPayment | ConfirmCredit | ReturnPayment) -> tuple[str, ...]:
    return command.payer, command.payee


def _settlement_names(command: SubmitPayment) -> tuple[str, ...]:
    return *_both(command), *evidence.names(command.evidence, command.terms)


def _settlement_reads(_: str, command: SubmitPayment, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield keys.day(command.currency)
    for name in (command.payer, command.payee):
        if name in secrets:
            yield places.account_place(name, secrets[name], command.currency)
    if command.initiation_id and command.payer in secrets:
        yield initiations.place(command.payer, secrets[command.payer], command.initiation_id)
    if command.evidence is not None or command.terms is not None:
        yield from evidence.reads(command.evidence, command.terms, _both(command), secrets)


def _journal_reads(
    participant: str, command: ConfirmCredit | ReturnPayment, secrets: dict[str, bytes]
) -> Iterable[Place]:
    yield keys.journal(participant, command.payment.journal)
    yield keys.hidden(participant, secrets[participant], "payment", full_name(command.payment, command.payer))


@transaction(SubmitPayment, names=_settlement_names, reads=_settlement_reads)
async def submit_payment(tx: LedgerTx, command: SubmitPayment) -> Code | None:
    """Settle a payment gross, or do what it says when unfunded."""
    if command.payer != tx.caller.participant:
        raise Refusal(Code.AG08, "payer")
    if not tx.is_in_order:
        checks.require_payment(command)
    if (command.payer, command.uetr) in tx.uetrs:
        raise Refusal(Code.DU03, "uetr")
    payer = await tx.get(keys.participant(command.payer), Participant)
    payee = await tx.get(keys.participant(command.payee), Participant)
    if payer is None or payee is None:
        raise Refusal(Code.CNOR, "payee")
    debit_place, debit = await places.account(tx, command.payer, command.currency)
    credit_place, credit = await places.account(tx, command.payee, command.currency)
    if debit is None and await tx.get(keys.currency(command.currency), Currency) is None:
        raise Refusal(Code.AM11, "currency")
    if debit is not None and release.is_needed(debit, command):
        await releases.require(tx, command, command.currency)
    day = await tx.get(keys.day(command.currency), BusinessDay)
    await _require_reports(tx, command)
    bound = await bindings.required(tx, command, day)
    outcome = payment.settled(command, day=day, payer=payer, payee=payee, debit=debit, credit=credit)
    tx.use_uetr(command.payer, command.uetr)
    await bindings.decided(tx, bound, command, outcome.code)
    if outcome.code is not None:
        tx.emit(command.payer, Event.PAYMENT_REJECTED, code=outcome.code)
        return outcome.code
    if bound.waits:
        assert debit is not None
        await undertakings.take_on(tx, command, debit_place, debit)
        return None
    tx.put(debit_place, outcome.debit)
    tx.put(credit_place, outcome.credit)
    for bank in _both(command):
        tx.emit(bank, Event.PAYMENT_SETTLED, invoices=bound.invoices)
    await bindings.settled(tx, bound, command)
    return None


@transaction(ConfirmCredit, names=_both, reads=_journal_reads)
async def confirm_credit(tx: LedgerTx, command: ConfirmCredit) -> None:
    """Tell both banks how far the creditor's bank has come; a statement, which moves nothing."""
    payment.require_statement(command)
    returns.require_not_returned(await settled_payment(tx, command.payment, command.payer, command.payee))
    tx.emit(command.payer, Event.CREDIT_STATED)
    tx.emit(command.payee, Event.CREDIT_STATED)


@transaction(ReturnPayment, names=_both, reads=_journal_reads)
async def return_payment(tx: LedgerTx, command: ReturnPayment) -> None:
    """Send a settled payment back, in full or in part."""
    checks.require_return(command)
    original = await settled_payment(tx, command.payment, command.payer, command.payee)
    debit_place, debit = await places.account(tx, command.payee, command.currency)
    credit_place, credit = await places.account(tx, command.payer, command.currency)
    day = await tx.get(keys.day(command.currency), BusinessDay)
    payer = await tx.get(keys.participant(command.payer), Participant)
    record, debit, credit = returns.returned(original, command, day=day, payer=payer, debit=debit, credit=credit)
    if original.evidence is not None:  # nothing else can have repaid a loan
        use = await places.hidden(tx, command.payee, "collection_use", full_name(command.payment, command.payer))
        collection.require_unused(await tx.get(use, CollectionUse), record.left_minor)
    invoices = await _give_back(tx, original, record)
    if original.assessment_id:
        await tax_assessments.refund(tx, original, command.amount)
    tx.put(debit_place, debit)
    tx.put(credit_place, credit)
    for name in _both(command):
        tx.put(await places.hidden(tx, name, "payment", full_name(command.payment, command.payer)), record)
        tx.emit(name, Event.PAYMENT_RETURNED, invoices=invoices)


async def _require_reports(tx: LedgerTx, command: SubmitPayment) -> None:
    """Hold a payment across China's border to the report that the regulator asks for, from its date on."""
    ledger = await tx.get(keys.LEDGER, Ledger)
    if ledger is not None and ledger.reports_since and command.settlement_date >= ledger.reports_since:
        require_reports(command)


async def _give_back(tx: LedgerTx, before: PaymentRecord, after: PaymentRecord) -> tuple[InvoicePayment, ...]:
    """Let the budgets of the documents have back what was sent back; give what of which invoices that was.

    A payment that awaits its documents has taken nothing.
    """
    name = PaymentName(journal=before.journal, uetr=before.uetr)
    if before.evidence is None or await awaited_documents.is_awaited(tx, name, before.payer):
        return ()
    known = await evidence.documents(tx, before.evidence, None, banks=(before.payer, before.payee))
    paid = Paid.by(before, name, on=before.settled_on, left_minor=before.left_minor)
    counted = await evidence.given_back(tx, paid, known, after.left_minor)
    evidence.store(tx, counted)
    return counted.invoices


async def settled_payment(tx: LedgerTx, name: PaymentName, payer: str, payee: str) -> PaymentRecord:
    """Load a payment that the caller received: its own record where it has one, else from the journal it names."""
    if payee != tx.caller.participant:
        raise Refusal(Code.NOT_FOUND, "payment")
    record = await tx.get(await places.hidden(tx, payee, "payment", full_name(name, payer)), PaymentRecord)
    if record is not None:
        return record
    journal = await tx.get(keys.journal(payee, name.journal), Journal)
    command = journal.payment(name.uetr, by=payer) if journal else None
    if command is None or command.payee != payee:
        raise Refusal(Code.NOT_FOUND, "payment")
    return PaymentRecord(
        journal=name.journal,
        uetr=name.uetr,
        payer=command.payer,
        payee=command.payee,
        currency=command.currency,
        amount=command.amount,
        evidence=command.evidence,
        settled_on=command.settlement_date,
        assessment_id=command.assessment_id,
    )
