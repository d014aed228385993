"""What every code means to the person who meets it: what was wrong, where the rule comes from, what to do.

The table is total and stands in the order of precedence of `settlement.errors.Code`. The source names the external
code set that defines a code of four characters, or the rule behind one of ours (`Rsn/Prtry`).
"""

from types import MappingProxyType
from typing import Final

from settlement.catalogue.commands import OF_COMMANDS
from settlement.catalogue.payments import OF_PAYMENTS
from settlement.catalogue.trade import OF_TRADE
from settlement.errors import Code, Family

CATALOGUE: Final = MappingProxyType({**OF_COMMANDS, **OF_TRADE, **OF_PAYMENTS})
"""Every code and what it means."""


def family(code: Code) -> Family:
    """Tell whether a code refuses a command (nothing is written) or rejects a payment (it is recorded)."""
    return CATALOGUE[code].family
