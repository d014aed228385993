"""Financings: applied for by traders at their banks, verified against all banks' claims, drawn and repaid."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from chaincode import keys
from chaincode.contracts import evidence, payments, places, rulings, trade_records
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement import day as business_day
from settlement import financing, money
from settlement.customs.rates import ExchangeHistory, exchange_on
from settlement.day import BusinessDay
from settlement.errors import Code, Refusal
from settlement.financing import (
    AboutFinancing,
    ApplyForFinancing,
    DefaultFinancing,
    DrawFinancing,
    Financing,
    FinancingState,
    RejectFinancing,
    RepayFinancing,
    VerifyFinancing,
)
from settlement.payments import collection
from settlement.payments.collection import CollectionUse
from settlement.payments.returns import full_name
from settlement.trade import advance, securities
from settlement.trade.advance import AdvanceRates, SetAdvanceRate
from settlement.trade.budgets import Budget
from settlement.trade.record import Actor
from settlement.trade.securities import Securities, Security
from settlement.trade.seen import SOURCES

C = TypeVar("C", bound=AboutFinancing)


class _Lending(NamedTuple):
    """By what a loan is reckoned: customs' rates of exchange, and the part of a value that may be lent."""

    rates: dict[str, str]
    advance_percent: int


def _reads(participant: str, command: AboutFinancing, secrets: dict[str, bytes]) -> Iterable[Place]:
    yield trade_records.place(Financing, participant, secrets[participant], command.financing_id)


@transaction(SetAdvanceRate)
async def set_advance_rate(tx: LedgerTx, command: SetAdvanceRate) -> None:
    """Say what part of a value may be lent, once two supervisors do."""
    place = keys.advance_rates()
    after = advance.with_rate(await tx.get(place, AdvanceRates), command)
    await rulings.enact(tx, command, place, after)


@transaction(ApplyForFinancing)
async def apply_for_financing(tx: LedgerTx, command: ApplyForFinancing) -> None:
    """Take an application in, which stands with the bank alone."""
    applied = financing.applied(command, await trade_records.actor(tx))
    await trade_records.store_new(tx, applied, "number")


@transaction(VerifyFinancing, reads=_reads)
async def verify_financing(tx: LedgerTx, command: VerifyFinancing) -> None:
    """Look how much is free, and reserve it where it fits."""
    found, known, used = await _look(tx, command)
    by, terms = await trade_records.actor(tx), await _lending(tx, found, known)
    after, reserved = financing.verified(found, by, documents=known, used=used, **terms._asdict())
    await _store(tx, after, reserved)


@transaction(DrawFinancing, reads=_reads)
async def draw_financing(tx: LedgerTx, command: DrawFinancing) -> None:
    """Note that it was paid out."""
    found, known, used = await _look(tx, command)
    by, terms = await trade_records.actor(tx), await _lending(tx, found, known)
    after = financing.drawn(found, command, by, documents=known, used=used, **terms._asdict())
    await _moved(tx, after, known, used)


@transaction(RepayFinancing, names=lambda command: (command.payer,) if command.payer else (), reads=_reads)
async def repay_financing(tx: LedgerTx, command: RepayFinancing) -> None:
    """Count what came back, of a payment no more than it brought."""
    after = await _move(tx, command, financing.repaid)
    if command.payment is not None:
        await _use_collection(tx, command, after)


@transaction(DefaultFinancing, reads=_reads)
async def default_financing(tx: LedgerTx, command: DefaultFinancing) -> None:
    """Note that the rest is not expected back."""
    await _move(tx, command, financing.defaulted)


@transaction(RejectFinancing, reads=_reads)
async def reject_financing(tx: LedgerTx, command: RejectFinancing) -> None:
    """End what is not drawn, and free what is reserved."""
    await _move(tx, command, financing.rejected)


async def _move(tx: LedgerTx, command: C, decide: Callable[[Financing, C, Actor], Financing]) -> Financing:
    found, known, used = await _look(tx, command)
    after = decide(found, command, await trade_records.actor(tx))
    if found.state is FinancingState.APPLIED:  # nothing is reserved
        await trade_records.write(tx, after)
    else:
        await _moved(tx, after, known, used)
    return after


async def _moved(tx: LedgerTx, after: Financing, known: Securities, used: dict[str, Budget]) -> None:
    """Store a financing that was verified as it now stands, and what it has of its documents' budgets."""
    rates = await _rates(tx, after, known, await _today(tx, after))
    by = await trade_records.actor(tx)
    await _store(tx, after, financing.claims(after, by, documents=known, used=used, rates=rates))


async def _look(tx: LedgerTx, command: AboutFinancing) -> tuple[Financing, dict[str, Security], dict[str, Budget]]:
    """Load a financing of the caller's bank, its documents as that bank holds them, and what is used of each."""
    found = await trade_records.load(tx, Financing, command.financing_id)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "financing_id")
    known: dict[str, Security] = {}
    used: dict[str, Budget] = {}
    for subject in found.subjects:
        record = await trade_records.load(tx, SOURCES[subject.kind].record, subject.record_id, held_by=found.lender)
        if record is not None:
            _, budget = await evidence.budget(tx, subject.kind, subject.record_id)
            known[subject.record_id] = securities.security(subject.kind, record, budget)
            used[subject.record_id] = budget
    return found, known, used


async def _store(tx: LedgerTx, after: Financing, budgets: Iterable[Budget]) -> None:
    await trade_records.write(tx, after)
    kinds = {subject.record_id: subject.kind for subject in after.subjects}
    for each in budgets:
        place, _ = await evidence.budget(tx, kinds[each.record_id], each.record_id)
        tx.put(place, each)


async def _today(tx: LedgerTx, found: Financing) -> str:
    return business_day.date_of(await tx.get(keys.day(found.currency), BusinessDay))


async def _lending(tx: LedgerTx, found: Financing, known: Securities) -> _Lending:
    """Give the rates by which a loan is reckoned today."""
    on = await _today(tx, found)
    percents = await tx.get(keys.advance_rates(), AdvanceRates) or AdvanceRates()
    return _Lending(await _rates(tx, found, known, on), percents.on(on))


async def _rates(tx: LedgerTx, found: Financing, known: Securities, on: str) -> dict[str, str]:
    """Give customs' rates of the date for the currencies of a financing and its documents."""
    currencies = {found.currency, *(each.document.currency for each in known.values() if each.document.currency)}
    return {
        each: exchange_on(await tx.get(keys.customs_exchange(each), ExchangeHistory), each, on)
        for each in sorted(currencies)
    }


async def _use_collection(tx: LedgerTx, command: RepayFinancing, after: Financing) -> None:
    """Require a payment that came in for one of the documents, in the loan's currency, and use a part of it."""
    assert command.payment is not None
    received = await payments.settled_payment(tx, command.payment, command.payer, tx.caller.participant)
    subjects = {subject.record_id for subject in after.subjects}
    if received.evidence is None or subjects.isdisjoint(received.evidence.record_ids):
        raise Refusal(Code.RR05, "payment")
    if received.currency != after.currency:
        raise Refusal(Code.AM03, "payment")
    place = await places.hidden(tx, tx.caller.participant, "collection_use", full_name(command.payment, command.payer))
    amount_minor = money.parse_exact(command.amount, after.currency)
    tx.put(place, collection.used_for(await tx.get(place, CollectionUse), amount_minor, received.left_minor))
