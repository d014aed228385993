"""A network that runs is made ready for the day: each bank begins with what the day's files count on, on an open date.

What is done is what officers would do: the banks' balances are brought to the mark by issuance and redemption, a date
that is over is followed by the next one.
"""

from collections.abc import Sequence
from uuid import uuid4

from gateway.cli.officers import new_id
from gateway.development.cast import Cast
from gateway.development.morning import Funds, today
from settlement import dates, money
from settlement.accounts.issuance import ApproveIssuance, ConfirmIssuance, RequestIssuance
from settlement.accounts.redemption import ApproveRedemption, ConfirmRedemption, RecordPayout, RequestRedemption
from settlement.day import CloseDay, CutOffDay, OpenDay
from waitan.v1.days_pb2 import DAY_STATE_CLOSED, DAY_STATE_OPEN, BusinessDay

_CHECKER = "officer-2"


async def ready(cast: Cast, funds: Funds) -> str:
    """Open a day and fund the banks; give the date. Raises `WaitanError`."""
    date = await _open_day(cast)
    for bank, amounts in funds.items():
        for currency, amount in amounts.items():
            await _bring_to(cast, bank, currency, money.parse(amount, currency))
    return date


async def _open_day(cast: Cast) -> str:
    """Give the date that is open in every currency; where there is none, end what there is and open the next."""
    clearing = await cast.client("clearing")
    days = await clearing.days()
    found = {day.date for day in days}
    if len(found) == 1 and all(day.state == DAY_STATE_OPEN for day in days):
        return found.pop()
    await end(cast, days)
    return await open_next(cast)


async def open_next(cast: Cast) -> str:
    """Open the same date in every currency, all of which are closed: today, or the day after the last. Give it."""
    days = await (await cast.client("clearing")).days()
    following = max(today(), *(dates.days_after(day.date, 1) for day in days))
    for day in days:
        await cast.officer(OpenDay(command_id=new_id(), currency=day.currency, date=following))
    return following


async def end(cast: Cast, days: Sequence[BusinessDay]) -> None:
    """Cut off what is still open, and close the day in every currency."""
    for day in days:
        if day.state == DAY_STATE_OPEN:
            await cast.officer(CutOffDay(command_id=new_id(), currency=day.currency, date=day.date))
        if day.state != DAY_STATE_CLOSED:
            await cast.officer(CloseDay(command_id=new_id(), currency=day.currency, date=day.date))


async def _bring_to(cast: Cast, bank: str, currency: str, minor: int) -> None:
    """Issue what a bank lacks, or redeem what it has too much of."""
    accounts = await (await cast.client("clearing")).accounts(bank, currency)
    lacking = minor - sum(account.posted_minor for account in accounts if account.participant == bank)
    if lacking > 0:
        await _issue(cast, bank, currency, money.render(lacking, currency))
    elif lacking < 0:
        await _redeem(cast, bank, currency, money.render(-lacking, currency))


async def _issue(cast: Cast, bank: str, currency: str, amount: str) -> None:
    name = _name("OPENING", currency)
    names = {"participant": bank, "issuance_id": name}
    request = RequestIssuance(
        command_id=new_id(), issuance_id=name, currency=currency, amount=amount, funding_reference=f"FUND-{name}"[:35]
    )
    await (await cast.client(bank)).ask(request)
    await cast.officer(ConfirmIssuance(command_id=new_id(), credit_reference=f"CAMT054-{name}"[:35], **names))
    await cast.officer(ApproveIssuance(command_id=new_id(), **names), person=_CHECKER)


async def _redeem(cast: Cast, bank: str, currency: str, amount: str) -> None:
    name = _name("REDEEM", currency)
    names = {"participant": bank, "redemption_id": name}
    request = RequestRedemption(
        command_id=new_id(), redemption_id=name, currency=currency, amount=amount, payout_account=f"{currency}-NOSTRO"
    )
    await (await cast.client(bank)).ask(request)
    await cast.officer(ConfirmRedemption(command_id=new_id(), **names))
    await cast.officer(ApproveRedemption(command_id=new_id(), **names), person=_CHECKER)
    await cast.officer(RecordPayout(command_id=new_id(), payout_reference=f"PAID-{name}"[:35], **names))


def _name(what: str, currency: str) -> str:
    return f"{what}-{currency}-{uuid4().hex[:12]}"
