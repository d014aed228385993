"""How a development network's day begins: what is missing is made, what is there is left as it is.

So it does not matter where an earlier attempt was broken off, or how many days ago the network last ran.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from gateway.app import Gateway
from gateway.development.customers import customer_of
from gateway.development.members import Member, Profile, ask, ask_signed, first_of, found, fund, new_id, onboarding
from settlement.accounts.account import Account, OpenAccount
from settlement.accounts.issuance import AdmitCurrency, Currency, Issuance, IssuanceState
from settlement.day import BusinessDay, CloseDay, CutOffDay, DayState, OpenDay
from settlement.participants import ActivateParticipant, Participant, ParticipantState, RegisterCustomer
from settlement.parties import Kind
from settlement.records import Command

Funds = Mapping[str, Mapping[str, str]]
"""By bank and currency, the amount (a decimal string) that it begins with."""

SHANGHAI_TIME: Final = timezone(timedelta(hours=8))
"""The network's business day is Shanghai's."""

AGENTS: Final = {
    "CNY": "CBNKCNSHXXX",
    "JPY": "NIHNJPJTXXX",
    "TRY": "MERKTRIAXXX",
    "BHD": "MNTYBHBMXXX",
    "EUR": "EUROCNSHXXX",
}
"""The settlement agents of the development network's currencies, fictitious all."""

OFFICER: Final = "officer-1"


def today() -> str:
    """Give the business date of this moment."""
    return datetime.now(UTC).astimezone(SHANGHAI_TIME).date().isoformat()


async def prepare(gateways: Mapping[str, Gateway], members: Mapping[str, Member], *, funds: Funds, date: str) -> None:
    """Found the ledger, let everybody take part, open accounts, fund them, then open a day no earlier than `date`.

    In a currency that had a day before nobody is funded: a bank that joined later begins with nothing.
    """
    institution = first_of(members, Kind.CLEARING)
    clearing, officer = gateways[institution.participant], institution.person(OFFICER)
    if not clearing.queries.records(Participant):
        await found(clearing, members)
    await ask_signed(clearing, officer, _participants(clearing, members))
    currencies = sorted({currency for amounts in funds.values() for currency in amounts})
    await ask_signed(clearing, officer, _accounts(clearing, members, currencies))
    for bank in _banks(members):
        customer = customer_of(bank.participant, bank.bic).customer
        if gateways[bank.participant].queries.customer(bank.participant, customer.identifier) is None:
            await ask(gateways[bank.participant], [RegisterCustomer(command_id=new_id(), customer=customer)])
    issued = {(issuance.participant, issuance.issuance_id): issuance for issuance in clearing.queries.records(Issuance)}
    had_days = {day.currency for day in clearing.queries.records(BusinessDay)}
    for name, amounts in funds.items():
        for currency, amount in amounts.items():
            issuance = issued.get((name, f"OPENING-{currency}"))
            is_open = issuance is None or issuance.state in (IssuanceState.REQUESTED, IssuanceState.CONFIRMED)
            if is_open and currency not in had_days:
                await fund(gateways[name], clearing, members, currency, amount, before=issuance)
    # Last, so that the day's opening balances are what the banks were funded with.
    await ask_signed(clearing, officer, _days(clearing, currencies, date))


def _banks(members: Mapping[str, Member]) -> list[Profile]:
    return [member.profile for member in members.values() if member.profile.kind is Kind.BANK]


def _participants(clearing: Gateway, members: Mapping[str, Member]) -> list[Command]:
    known = {record.organisation.participant: record.state for record in clearing.queries.records(Participant)}
    commands: list[Command] = []
    for name, member in members.items():
        if name not in known:
            commands += onboarding(member)
        elif known[name] is ParticipantState.ONBOARDED:
            commands.append(ActivateParticipant(command_id=new_id(), participant=name))
    return commands


def _accounts(clearing: Gateway, members: Mapping[str, Member], currencies: list[str]) -> list[Command]:
    admitted = {record.currency for record in clearing.queries.records(Currency)}
    opened = {(record.participant, record.currency) for record in clearing.queries.records(Account)}
    commands: list[Command] = [
        AdmitCurrency(
            command_id=new_id(),
            currency=currency,
            settlement_agent=AGENTS[currency],
            settlement_account=f"WAITAN-{currency}-001",
        )
        for currency in currencies
        if currency not in admitted
    ]
    commands += [
        OpenAccount(command_id=new_id(), participant=bank.participant, currency=currency)
        for bank in _banks(members)
        for currency in currencies
        if (bank.participant, currency) not in opened
    ]
    return commands


def _days(clearing: Gateway, currencies: list[str], date: str) -> list[Command]:
    """Open the date; before, bring an earlier day to its end."""
    days = {record.currency: record for record in clearing.queries.records(BusinessDay)}
    commands: list[Command] = []
    for currency in currencies:
        last = days.get(currency)
        if last is not None and last.date >= date:
            continue
        if last is not None and last.state is DayState.OPEN:
            commands.append(CutOffDay(command_id=new_id(), currency=currency, date=last.date))
        if last is not None and last.state is not DayState.CLOSED:
            commands.append(CloseDay(command_id=new_id(), currency=currency, date=last.date))
        commands.append(OpenDay(command_id=new_id(), currency=currency, date=date))
    return commands
