"""Who trades: two firms that the network knows from its start, two more that its banks certify for the day."""

from typing import Final

from gateway.development.cast import Cast
from gateway.development.customers import TRADERS
from gateway.development.members import new_id
from gateway.development.shipments.story import Person
from settlement.participants import LEI_CHARACTERS, Customer, RegisterCustomer
from settlement.parties import CashAccount, Party
from settlement.trade.traders import Trader

SILK: Final = Person("trader-1", "banksh", "seller")
TEKSTIL: Final = Person("trader-1", "bankist", "buyer")
FOODS: Final = Person("trader-2", "banksh", "buyer")
HAZELNUTS: Final = Person("trader-2", "bankist", "seller")
"""Huangpu Silk & Textile, Bosphorus Tekstil, Shanghai Wusong Foods, Giresun Findik."""
SILK_AWAY: Final = Person("trader-3", "bankist", "seller")
"""The seller of the silk at a second bank, which has certified the key that it has from its own."""
CARRIER: Final = Person("carrier-1", "customs", "carrier")
CUSTOMS: Final = Person("customs-1", "customs", "customs")
SECOND: Final = Person("customs-2", "customs", "customs, 2nd")
TAX: Final = Person("tax-1", "customs", "tax officer")
BANKER_SH: Final = Person("officer-1", "banksh", "banksh")
BANKER_IST: Final = Person("officer-1", "bankist", "bankist")

ACCOUNTS: Final = {
    "91310113MA1GK7T826": CashAccount(other="1001274009300220406", other_scheme="BBAN"),
    "789000F3QW7B1T9KJX07": CashAccount(iban="TR180008800000004100237715"),
} | {trader.customer.identifier: trader.account for trader in TRADERS.values()}
"""By LEI or USCC, the account of each firm at its bank."""


async def certified(cast: Cast, who: Person, trader: Trader) -> None:
    """Let a bank register a firm as its customer, and certify a person of it."""
    at = account(trader.identifier)
    customer = Customer(identifier=trader.identifier, name=trader.name, accounts=(at.iban or at.other,))
    client = await cast.client(who.organisation)
    await client.ask(RegisterCustomer(command_id=new_id(), customer=customer))
    cast.certify(who.organisation, who.name, trader.identifier)


async def taken_in(cast: Cast, who: Person, known: Person, trader: Trader) -> None:
    """Let a second bank register another bank's customer as its own too, and certify the key that it has."""
    client = await cast.client(who.organisation)
    customer = Customer(identifier=trader.identifier, name=trader.name)
    await client.ask(RegisterCustomer(command_id=new_id(), customer=customer))
    cast.certify_again(who.organisation, who.name, trader.identifier, home=known.organisation, known_as=known.name)


def account(identifier: str) -> CashAccount:
    """Give a firm's account."""
    return ACCOUNTS[identifier]


def party(trader: Trader) -> Party:
    """Say a trader as a payment names it."""
    is_lei = len(trader.identifier) == LEI_CHARACTERS
    return Party(
        name=trader.name,
        address=trader.address,
        lei=trader.identifier if is_lei else "",
        uscc="" if is_lei else trader.identifier,
    )
