"""Conditional payments: taken on, changed, settled or given back; and what a document brings about for those who wait.

A payment settles in the transaction of the fact that it waited for last, where there is one: the release of a
declaration, the passing of a title, a document that is issued. For a date, which no transaction brings, and for what
could not settle at that moment (a blocked account, a closed day), either bank asks. (ADR 0018)
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec.structs import replace

from chaincode import keys
from chaincode.contracts import (
    awaited_documents,
    bills_of_lading,
    day,
    evidence,
    places,
    releases,
    rulings,
    trade_records,
    waiting,
)
from chaincode.contracts.evidence import Counted, Paid
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import day as business_day
from settlement.accounts.account import Account
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.forms.journals import Event
from settlement.participants import Participant
from settlement.payments import release, undertaking
from settlement.payments.awaiting import Waiting, What
from settlement.payments.commands import PaymentName, SubmitPayment
from settlement.payments.evidence import missing, require_agreement
from settlement.payments.release import ProposeChangeRelease
from settlement.payments.returns import PaymentRecord, full_name
from settlement.payments.undertaking import (
    AboutUndertaking,
    AcceptChange,
    LedgerStatement,
    PassAgainstPayment,
    ProposeChange,
    ReleaseUndertaking,
    SettleUndertaking,
    Undertaking,
)
from settlement.trade.invoice import InvoicePayment


class Examined(NamedTuple):
    """What came of looking at a payment's documents and terms: what it waits for, and how it counts in budgets.

    `lacks`: it may settle, and its credit then waits for documents.
    """

    waits: tuple[str, ...] = ()
    counted: Counted | None = None
    lacks: bool = False


NOTHING: Final = Examined()
"""Of a payment that names no documents and has no terms."""


def _both(command: AboutUndertaking) -> tuple[str, ...]:
    return command.payer, command.payee


def _reads(participant: str, command: AboutUndertaking, secrets: dict[str, bytes]) -> Iterable[Place]:
    named = undertaking.name_of(command.payer, command.payment)
    for bank in {participant, *_both(command)} & secrets.keys():
        yield trade_records.place(Undertaking, bank, secrets[bank], named)


async def examined(tx: LedgerTx, command: SubmitPayment, day: BusinessDay | None) -> Examined:
    """Hold a payment against its documents and terms; raises `Refusal` where they do not let it pass, now or ever."""
    known = await evidence.documents_of(tx, command, command.terms)
    lacking = require_agreement(command, known)
    on = business_day.date_of(day)
    if command.terms is not None:
        undertaking.require_terms(command, on)
        waits = undertaking.waits_for(command.terms, command.evidence, known, on, payer=command.payer)
        if waits:
            return Examined(waits)
    if command.evidence is None or (lacking and command.evidence.credit_waits):
        return Examined(lacks=bool(lacking))
    if lacking:
        raise Refusal(Code.RR04, lacking[0])
    paid = Paid.by(command, PaymentName(journal=tx.tx_id, uetr=command.uetr), on=on)
    return Examined(counted=await evidence.used(tx, paid, known))


async def take_on(tx: LedgerTx, command: SubmitPayment, debit_place: Place, debit: Account) -> None:
    """Reserve a payment whose conditions are not met yet."""
    found, debit = undertaking.reserved(command, await trade_records.actor(tx), debit)
    tx.put(debit_place, debit)
    await trade_records.write(tx, found)
    await waiting.wait(tx, found.awaits, _waiting(found))
    for bank in _both_of(found):
        tx.emit(bank, Event.PAYMENT_RESERVED)


@transaction(SettleUndertaking, names=_both, reads=_reads)
async def settle_undertaking(tx: LedgerTx, command: SettleUndertaking) -> None:
    """Settle it, its conditions being met."""
    await settle(tx, await load(tx, command.payer, command.payment))


@transaction(ReleaseUndertaking, names=_both, reads=_reads)
async def release_undertaking(tx: LedgerTx, command: ReleaseUndertaking) -> None:
    """Give the reservation of an expired one back."""
    found = await load(tx, command.payer, command.payment)
    debit_place, debit = await _debit(tx, found)
    after, debit = undertaking.expired(found, await trade_records.actor(tx), await _today(tx, found), debit)
    tx.put(debit_place, debit)
    await _end(tx, found, after)


@transaction(PassAgainstPayment, names=_both, reads=_reads)
async def pass_against_payment(tx: LedgerTx, command: PassAgainstPayment) -> None:
    """Pass a bill of lading on and have the money for it, in one transaction or not at all."""
    found = await load(tx, command.payer, command.payment)
    undertaking.require_title(found, command)
    await bills_of_lading.pass_whole(tx, found.terms.title, command.recipient)
    after = await load(tx, command.payer, command.payment)
    if after.state is not undertaking.UndertakingState.SETTLED:
        await settle(tx, after)  # refuses with what stands in its way, and so takes the bill back


@transaction(ProposeChange, names=_both, reads=_reads)
async def propose_change(tx: LedgerTx, command: ProposeChange) -> None:
    """Note what the payer's bank would change; of one above its limit, as two of its officers have signed it."""
    found = await load(tx, command.payer, command.payment)
    if found.payer != tx.caller.participant:
        raise Refusal(Code.AG08, "payer")
    _, debit = await _debit(tx, found)
    by = await trade_records.actor(tx)
    after = undertaking.proposed(found, command.change, by, await _today(tx, found))
    if release.is_needed_for_change(debit, found, command.change):
        await releases.require(tx, command, found.currency)
    await trade_records.write(tx, after)
    _tell(tx, found, Event.UNDERTAKING_CHANGED)


@transaction(
    ProposeChangeRelease,
    names=lambda command: _both(command.change),
    reads=lambda participant, command, secrets: _reads(participant, command.change, secrets),
)
async def propose_change_release(tx: LedgerTx, command: ProposeChangeRelease) -> None:
    """Keep other terms of a payment above the limit for another officer; nobody else is told, and nothing changes."""
    found = await load(tx, command.change.payer, command.change.payment)
    _, debit = await _debit(tx, found)
    on = await _today(tx, found)
    deadline = release.require_change_proposal(debit, command, found, by=tx.caller.participant, on=on)
    await rulings.noted(tx, command, deadline)


@transaction(AcceptChange, names=_both, reads=_reads)
async def accept_change(tx: LedgerTx, command: AcceptChange) -> None:
    """Change it as the beneficiary has signed."""
    found = await load(tx, command.payer, command.payment)
    debit_place, debit = await _debit(tx, found)
    by = await trade_records.actor(tx)
    after, debit = undertaking.changed(found, command.change, by, await _today(tx, found), debit)
    tx.put(debit_place, debit)
    if undertaking.LIFECYCLE.is_terminal(after.state):
        await _end(tx, found, after)
        return
    await waiting.wait_no_more(tx, found.awaits, _waiting(found))
    await trade_records.write(tx, after)
    await waiting.wait(tx, after.awaits, _waiting(after))
    _tell(tx, after, Event.UNDERTAKING_CHANGED)


async def settle(tx: LedgerTx, found: Undertaking) -> None:
    """Settle a conditional payment; raises `Refusal` where it cannot settle now."""
    day = await tx.get(keys.day(found.currency), BusinessDay)
    payee = await tx.get(keys.participant(found.payee), Participant)
    debit_place, debit = await _debit(tx, found)
    credit_place, credit = await places.account(tx, found.payee, found.currency)
    assert payee is not None
    assert credit is not None
    known = await evidence.documents_of(tx, found.asked, found.terms)
    by = await trade_records.actor(tx)
    after, debit, credit = undertaking.settled(found, known, by, day=day, payee=payee, debit=debit, credit=credit)
    require_agreement(found.asked, known)
    lacks = after.evidence is not None and bool(missing(after.evidence, known))
    invoices: tuple[InvoicePayment, ...] = ()
    if after.evidence is not None and not lacks:
        counted = await evidence.used(tx, Paid.by(after, after.payment, on=after.settled_on), known)
        evidence.store(tx, counted)
        invoices = counted.invoices
    tx.put(debit_place, debit)
    tx.put(credit_place, credit)
    await _keep_payment(tx, after)
    await _end(tx, found, after, invoices)
    if lacks:
        asked = replace(after.asked, amount=after.amount)
        await awaited_documents.let_wait(tx, after.payment, asked, after.settled_on)


async def load(tx: LedgerTx, payer: str, payment: PaymentName, *, held_by: str = "") -> Undertaking:
    """Load a conditional payment of which the caller's bank (or that one) is a party; NOT_FOUND for any other.

    Who asks for its own firm must be the debtor or the creditor; what a fact brings about (`held_by`) is nobody's wish.
    """
    named = undertaking.name_of(payer, payment)
    look_up = trade_records.load if held_by else trade_records.load_own
    found = await look_up(tx, Undertaking, named, held_by=held_by)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "payment")
    return found


async def _end(
    tx: LedgerTx, before: Undertaking, after: Undertaking, invoices: tuple[InvoicePayment, ...] = ()
) -> None:
    """Store one that has ended, tell both banks, and let it wait no more."""
    await waiting.wait_no_more(tx, before.awaits, _waiting(before))
    await trade_records.write(tx, after)
    is_paid = after.state is undertaking.UndertakingState.SETTLED
    _tell(tx, after, Event.RESERVATION_SETTLED if is_paid else Event.RESERVATION_ENDED, invoices)


def _tell(tx: LedgerTx, found: Undertaking, event: Event, invoices: tuple[InvoicePayment, ...] = ()) -> None:
    statement = LedgerStatement(
        payment=found.payment,
        payer=found.payer,
        payee=found.payee,
        currency=found.currency,
        amount=found.amount,
        settled_on=found.settled_on,
        code=undertaking.ENDED_WITH.get(found.state, ""),
    )
    for bank in _both_of(found):
        tx.tell(bank, event, statement, invoices=invoices)


async def _keep_payment(tx: LedgerTx, found: Undertaking) -> None:
    """Let the payment be found by what comes after settlement: statements of credit, and returns."""
    record = PaymentRecord(
        journal=found.payment.journal,
        uetr=found.payment.uetr,
        payer=found.payer,
        payee=found.payee,
        currency=found.currency,
        amount=found.amount,
        evidence=found.evidence,
        settled_on=found.settled_on,
    )
    for bank in _both_of(found):
        tx.put(await places.hidden(tx, bank, "payment", full_name(found.payment, found.payer)), record)


def _waiting(found: Undertaking) -> Waiting:
    return Waiting(what=What.UNDERTAKING, payer=found.payer, payment=found.payment)


async def _debit(tx: LedgerTx, found: Undertaking) -> tuple[Place, Account]:
    place, debit = await places.account(tx, found.payer, found.currency)
    assert debit is not None
    return place, debit


async def _today(tx: LedgerTx, found: Undertaking) -> str:
    return await day.today(tx, found.currency)


def _both_of(found: Undertaking) -> tuple[str, str]:
    return found.payer, found.payee
