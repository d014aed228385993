"""Who is meant by what the ledger calls `NUMBER@BANK` or `BANK`: the names that a reader of pages may know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from settlement.customs.declaration import Declaration
from settlement.trade.contract import SalesContract
from settlement.trade.lading.chain import BillParty
from settlement.trade.record import TradeRecord


class Names(NamedTuple):
    """Names for people: of organisations by their short names, of firms by LEI or USCC."""

    organisations: Mapping[str, str]
    firms: Mapping[str, str]

    def firm(self, identifier: str) -> str:
        """Name a firm, by its number where its name is not known."""
        return self.firms.get(identifier, identifier)

    def organisation(self, participant: str) -> str:
        """Name an organisation."""
        return self.organisations.get(participant, participant)

    def party(self, who: BillParty) -> str:
        """Name a firm and its bank, or a bank itself."""
        bank = self.organisation(who.participant)
        return f"{self.firm(who.identifier)} ({bank})" if who.identifier else bank

    def called(self, text: str) -> str:
        """Name whom a text calls `NUMBER@BANK` or `BANK`; another text is given back."""
        identifier, _, participant = text.rpartition("@")
        known = participant in self.organisations
        return self.party(BillParty(participant=participant, identifier=identifier)) if known else text


NOBODY: Final = Names({}, {})
"""No names: everybody is called as the ledger does."""


def firms_in(records: Iterable[TradeRecord[Any]]) -> dict[str, str]:
    """Give the firms that contracts and declarations name: whoever may read those may know the names."""
    found: dict[str, str] = {}
    for record in records:
        sides = [record.declared.declarant] if isinstance(record, Declaration) else []
        if isinstance(record, SalesContract):
            sides = [record.proposal.seller, record.proposal.buyer]
        found |= {side.identifier: side.name for side in sides}
    return found
