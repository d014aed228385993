"""Which rulings an organisation's people are told of: the authorities', as far as it knows them, and its own.

A bank's own limits and what it proposes to pay are its business alone, though the authorities hold them.
"""

from gateway.app import Gateway
from settlement.parties import Kind
from settlement.rulings import Ruling


def told(gateway: Gateway) -> list[Ruling]:
    """Give them, the oldest proposal first."""
    banks = {name for name, each in gateway.participants().items() if each.organisation.kind is Kind.BANK}
    found = gateway.queries.records(Ruling)
    known = [each for each in found if each.authority == gateway.participant or each.authority not in banks]
    return sorted(known, key=lambda each: each.proposed_at_ms)
