"""The firms that trade: who they are, and which bank of the ledger speaks for each."""

from collections.abc import Iterator

from settlement.errors import Code, Refusal
from settlement.participants import NAME, require_identifier
from settlement.parties import Party, PostalAddress
from settlement.payments import parts
from settlement.payments.parts import Fault
from settlement.records import Record


class Trader(Record):
    """A party to a trade: its LEI or USCC, name and address, and the bank (a participant) that certifies its people.

    The address is structured, town and country at least, as payments have it from 14 November 2026.
    """

    identifier: str
    name: str
    address: PostalAddress
    bank: str


def trader_faults(trader: Trader, prefix: str) -> Iterator[Fault]:
    """Find what is wrong with a trader's particulars."""
    try:
        require_identifier(trader.identifier, f"{prefix}.identifier")
    except Refusal as refusal:
        yield Fault(refusal.code if trader.identifier else Code.CH21, refusal.where, "M5")
    if not trader.name:
        yield Fault(Code.CH21, f"{prefix}.name", "form")
    if not NAME.fullmatch(trader.bank):
        yield Fault(Code.CH16 if trader.bank else Code.CH21, f"{prefix}.bank", "form")
    party = Party(name=trader.name, address=trader.address)
    yield from parts.under(prefix, parts.party_faults(party, parts.OTHER, lines_alone=False))
