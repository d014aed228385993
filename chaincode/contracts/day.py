"""The business day of each currency, moved by the clearing institution's officers."""

from chaincode import keys
from chaincode.overlay import LedgerTx
from chaincode.transactions import transaction
from settlement import day
from settlement.accounts.issuance import Currency
from settlement.day import BusinessDay, CloseDay, CutOffDay, OpenDay
from settlement.errors import Code, Refusal


@transaction(OpenDay)
async def open_day(tx: LedgerTx, command: OpenDay) -> None:
    """Open the day of an admitted currency."""
    if await tx.get(keys.currency(command.currency), Currency) is None:
        raise Refusal(Code.AM11, "currency")
    place = keys.day(command.currency)
    tx.put(place, day.opened(await tx.get(place, BusinessDay), command))


@transaction(CutOffDay)
async def cut_off_day(tx: LedgerTx, command: CutOffDay) -> None:
    """End the submission of payments."""
    place = keys.day(command.currency)
    tx.put(place, day.moved(await tx.get(place, BusinessDay), command))


@transaction(CloseDay)
async def close_day(tx: LedgerTx, command: CloseDay) -> None:
    """Close the day."""
    place = keys.day(command.currency)
    tx.put(place, day.moved(await tx.get(place, BusinessDay), command))


async def today(tx: LedgerTx, currency: str) -> str:
    """Give the business date of a currency; empty before the first."""
    return day.date_of(await tx.get(keys.day(currency), BusinessDay))
