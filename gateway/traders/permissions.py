"""Who may call what at the traders' door: the one table, route x scope. What it does not list nobody may call.

It says who may knock. What a holder is then shown is its own alone (gateway.traders.visibility). Pages for people have
a table of their own (gateway.traders.web.readers).
"""

from types import MappingProxyType
from typing import Final

from gateway.auth.scopes import Scope


class ForbiddenError(Exception):
    """A token that counts does not let its holder ask this."""


_ALL: Final = frozenset(Scope)
_OF_TRADE: Final = frozenset({Scope.TRADER, Scope.DESK, Scope.SUPERVISOR})
"""Clearing's staff see amounts and identifications of payments, and no trade (REQUIREMENTS 6)."""
_TRADER: Final = frozenset({Scope.TRADER})

PERMITTED: Final = MappingProxyType(
    {
        "GET /v1/payments": _ALL,
        "POST /v1/payments": _TRADER,
        "GET /v1/payments/{uetr}": _ALL,
        "GET /v1/payments/{uetr}/events": _ALL,
        "GET /v1/events": _ALL,
        "GET /v1/initiations/{id}": _TRADER,
        "GET /v1/declarations": _TRADER,
        "GET /v1/declarations/{number}": _TRADER,
        "GET /v1/bills/{id}": _ALL - {Scope.CLEARING},
        "GET /v1/bills/{id}/envelope": _ALL - {Scope.CLEARING},
        "GET /v1/certificates/{uetr}": _ALL - {Scope.CLEARING},
        "GET /v1/accounts": _ALL - _TRADER,
        "GET /v1/statements/{account}": _ALL,
        "GET /v1/trade/records": _OF_TRADE,
        "GET /v1/trade/records/{id}": _OF_TRADE,
        "GET /v1/trade/records/{id}/timeline": _OF_TRADE,
        "POST /v1/trade/commands": _TRADER,
    }
)
"""Who may call each route of the interface for programs."""

OPEN: Final = frozenset({"GET /v1/openapi.json"})
"""What may be read without a token: nothing of it is anybody's."""
