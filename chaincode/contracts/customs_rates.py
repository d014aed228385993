"""The dated rates of customs: entered by one officer, put into force by another, looked up by date."""

from collections.abc import Iterable

from chaincode import keys
from chaincode.overlay import LedgerTx
from chaincode.port import Place
from chaincode.transactions import transaction
from settlement.customs import hs, rates
from settlement.customs.declared import Declared
from settlement.customs.duty import CNY, Rates
from settlement.customs.rates import (
    ApproveRates,
    DutyHistory,
    EnterRates,
    ExchangeHistory,
    Notice,
    NoticeState,
    Terms,
    TermsHistory,
    WithdrawRates,
)
from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.parties import Kind


@transaction(EnterRates, reads=lambda own, command, _: [keys.customs_notice(own, command.notice_id)])
async def enter_rates(tx: LedgerTx, command: EnterRates) -> None:
    """Enter a notice, which waits for a second officer."""
    place = keys.customs_notice(tx.caller.participant, command.notice_id)
    notice = rates.entered(
        await tx.get(place, Notice),
        command,
        customs=tx.caller.participant,
        signer=tx.caller.signer,
        at_ms=tx.timestamp_ms,
    )
    await _require_treasury(tx, command.terms)
    tx.put(place, notice)


@transaction(ApproveRates)
async def approve_rates(tx: LedgerTx, command: ApproveRates) -> None:
    """Put a notice into force: each thing in it is added to its history."""
    notice = await _decide(tx, command)
    assert notice.state is NoticeState.IN_FORCE
    await tx.fetch(_places(notice))
    for place, duty in enumerate(notice.duties):
        key = keys.customs_duty(duty.direction, duty.hs_code)
        tx.put(key, rates.with_duty(await tx.get(key, DutyHistory), duty, notice.effective_from, place))
    for place, exchange in enumerate(notice.exchange):
        key = keys.customs_exchange(exchange.currency)
        tx.put(key, rates.with_exchange(await tx.get(key, ExchangeHistory), exchange, place))
    if notice.terms is not None:
        key = keys.customs_terms()
        tx.put(key, rates.with_terms(await tx.get(key, TermsHistory), notice.terms, notice.effective_from))


@transaction(WithdrawRates)
async def withdraw_rates(tx: LedgerTx, command: WithdrawRates) -> None:
    """End a notice that is not to come into force."""
    await _decide(tx, command)


async def duties(tx: LedgerTx, declared: Declared, on: str) -> list[Rates]:
    """Give the rates in force on a date for each line of a declaration; RATE_MISSING where there is none."""
    places = {
        line.hs_code: [keys.customs_duty(declared.direction, code) for code in hs.broader(line.hs_code)]
        for line in declared.lines
    }
    await tx.fetch(place for closest in places.values() for place in closest)
    found = []
    for position, line in enumerate(declared.lines):
        histories = [await tx.get(place, DutyHistory) for place in places[line.hs_code]]
        found.append(rates.duty_in_force(histories, on, f"lines.{position}.hs_code"))
    return found


async def exchange(tx: LedgerTx, currency: str, on: str) -> str:
    """Give how much CNY customs takes a unit of a currency for on a date; RATE_MISSING where there is no rate."""
    history = None if currency == CNY else await tx.get(keys.customs_exchange(currency), ExchangeHistory)
    return rates.exchange_in_force(history, currency, on)


async def terms(tx: LedgerTx, on: str) -> Terms:
    """Give the terms in force on a date."""
    return rates.terms_in_force(await tx.get(keys.customs_terms(), TermsHistory), on)


async def _decide(tx: LedgerTx, command: ApproveRates | WithdrawRates) -> Notice:
    place = keys.customs_notice(tx.caller.participant, command.notice_id)
    notice = rates.decided(
        await tx.get(place, Notice),
        command,
        customs=tx.caller.participant,
        signer=tx.caller.signer,
        at_ms=tx.timestamp_ms,
    )
    tx.put(place, notice)
    return notice


async def _require_treasury(tx: LedgerTx, named: Terms | None) -> None:
    """The treasury's account stands at the clearing institution, in its own name (NOT_FOUND for any other)."""
    if named is None:
        return
    treasury = await tx.get(keys.participant(named.treasury), Participant)
    if treasury is None or treasury.organisation.kind is not Kind.CLEARING:
        raise Refusal(Code.NOT_FOUND, "terms.treasury")


def _places(notice: Notice) -> Iterable[Place]:
    yield from (keys.customs_duty(duty.direction, duty.hs_code) for duty in notice.duties)
    yield from (keys.customs_exchange(each.currency) for each in notice.exchange)
    yield keys.customs_terms()
