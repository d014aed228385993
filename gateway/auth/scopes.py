"""Whose a token is: its scope, and at the gateway of which kind of organisation that counts.

A token names one of these in its claim `scope` (RFC 8693, section 4.2), among whatever else its issuer says there; one
that names none is a trader's.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from settlement.parties import Kind


class Scope(StrEnum):
    """Whose token it is."""

    TRADER = "waitan.trader"
    """A customer: what names it, and what it asks of its bank."""
    DESK = "waitan.desk"
    """A bank's own staff: all of the bank's payments, balances and statements."""
    CLEARING = "waitan.clearing"
    """The clearing institution's staff: amounts, accounts and identifications of all, and no party (REQUIREMENTS 6)."""
    CUSTOMS = "waitan.customs"
    """Customs' staff: declarations, their tax, and the documents that were presented to customs; no payment."""
    SUPERVISOR = "waitan.supervisor"
    """The regulator's staff: everything."""


KIND: Final = MappingProxyType(
    {
        Scope.TRADER: Kind.BANK,
        Scope.DESK: Kind.BANK,
        Scope.CLEARING: Kind.CLEARING,
        Scope.CUSTOMS: Kind.CUSTOMS,
        Scope.SUPERVISOR: Kind.REGULATOR,
    }
)
"""At the gateway of which kind of organisation a scope counts."""


def claimed(claim: object) -> Scope:
    """Read the claim; raises `ValueError` where it is no text, or names two scopes of ours."""
    if not isinstance(claim, str):
        raise ValueError("the scope is no text")  # noqa: TRY004 - the token says it, not the caller
    named = [Scope(word) for word in claim.split() if word in set(Scope)]
    if len(named) > 1:
        raise ValueError("two scopes")
    return named[0] if named else Scope.TRADER
