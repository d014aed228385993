"""How each kind of trade record looks to a payment that names it (settlement.payments.documents)."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from settlement.payments.documents import Document, Kind
from settlement.trade.contract import ContractState, SalesContract
from settlement.trade.record import TradeRecord

_BINDING: Final = frozenset({ContractState.EFFECTIVE, ContractState.AMENDING, ContractState.PERFORMED})
"""States in which what was agreed is owed; an amendment that is not agreed yet changes nothing."""


def sales_contract(record: SalesContract) -> Document:
    """A contract is there once both have signed; payments are held against its invoices, not against it."""
    return Document(
        kind=Kind.CONTRACT,
        record_id=record.record_id,
        number=record.number,
        parties=frozenset(record.parties),
        is_there=record.state in _BINDING,
    )


class Source(NamedTuple):
    """The record behind a kind of document, and how it looks to a payment."""

    record: type[TradeRecord[Any]]
    seen: Callable[[Any], Document]


SOURCES: Final[dict[Kind, Source]] = {Kind.CONTRACT: Source(SalesContract, sales_contract)}
"""The kinds of document that the ledger holds."""
