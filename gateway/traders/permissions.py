"""Who may call what at the traders' door: the one table, route x scope. What it does not list nobody may call.

It says who may knock. What a holder is then shown is its own alone (gateway.traders.visibility). Pages for people have
a table of their own (gateway.traders.web.readers).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from gateway.auth.scopes import Scope


class ForbiddenError(Exception):
    """A token that counts does not let its holder ask this."""


_OF_PAYMENTS: Final = frozenset(Scope) - {Scope.CUSTOMS}
_OF_TRADE: Final = frozenset(Scope) - {Scope.CLEARING}
"""Clearing's staff see amounts and identifications of payments, and no trade; customs' no payment (REQUIREMENTS 6)."""
_OF_BILLS: Final = _OF_PAYMENTS & _OF_TRADE
_TRADER: Final = frozenset({Scope.TRADER})
_STAFF: Final = frozenset(Scope) - _TRADER

PERMITTED: Final = MappingProxyType(
    {
        "GET /v1/payments": _OF_PAYMENTS,
        "POST /v1/payments": _TRADER,
        "GET /v1/payments/{uetr}": _OF_PAYMENTS,
        "GET /v1/payments/{uetr}/events": _OF_PAYMENTS,
        "GET /v1/events": _OF_PAYMENTS,
        "GET /v1/initiations/{id}": _TRADER,
        "GET /v1/declarations": _TRADER,
        "GET /v1/declarations/{number}": _TRADER,
        "GET /v1/bills/{id}": _OF_BILLS,
        "GET /v1/bills/{id}/envelope": _OF_BILLS,
        "GET /v1/certificates/{uetr}": _OF_PAYMENTS - {Scope.CLEARING},
        "GET /v1/accounts": _OF_PAYMENTS - _TRADER,
        "GET /v1/statements/{account}": _OF_PAYMENTS,
        "GET /v1/trade/records": _OF_TRADE,
        "GET /v1/trade/records/{id}": _OF_TRADE,
        "GET /v1/trade/records/{id}/timeline": _OF_TRADE,
        "GET /v1/trade/events": _OF_TRADE,
        "POST /v1/trade/commands": _TRADER,
        "GET /v1/reads": _STAFF,
    }
)
"""Who may call each route of the interface for programs."""


class Naming(NamedTuple):
    """What a request names: by the parts of its path, called as `path` says, and by the names of its query in `query`.

    A name that a route does not heed must not count: it shows everybody's all the same.
    """

    path: Mapping[str, str] = MappingProxyType({})
    query: tuple[str, ...] = ()


_AS_IT_SAYS: Final = Naming()
_RECORD: Final = Naming(path=MappingProxyType({"id": "record_id"}))
_TRADE: Final = Naming(path=MappingProxyType({"id": "trade"}))

READS: Final[Mapping[str, Naming]] = MappingProxyType(
    {
        "GET /v1/payments": _AS_IT_SAYS,
        "GET /v1/payments/{uetr}": _AS_IT_SAYS,
        "GET /v1/payments/{uetr}/events": _AS_IT_SAYS,
        "GET /v1/events": _AS_IT_SAYS,
        "GET /v1/certificates/{uetr}": _AS_IT_SAYS,
        "GET /v1/accounts": _AS_IT_SAYS,
        "GET /v1/statements/{account}": _AS_IT_SAYS,
        "GET /v1/bills/{id}": _RECORD,
        "GET /v1/bills/{id}/envelope": _RECORD,
        "GET /v1/trade/events": _AS_IT_SAYS,
        "GET /v1/trade/records": _AS_IT_SAYS,
        "GET /v1/trade/records/{id}": _RECORD,
        "GET /v1/trade/records/{id}/timeline": _TRADE,
        "GET /network": _AS_IT_SAYS,
        "GET /payments": _AS_IT_SAYS,
        "GET /payments/{uetr}": _AS_IT_SAYS,
        "GET /trade": _AS_IT_SAYS,
        "GET /trade/records/{id}": _TRADE,
        "GET /trade/records/{id}/sign/{act}": _TRADE,
        "GET /financing": _AS_IT_SAYS,
        "GET /statements": Naming(query=("account",)),
        "GET /statements/{account}/{form}": _AS_IT_SAYS,
        "GET /find": _AS_IT_SAYS,
    }
)
"""What tells a supervisor what is somebody's business, pages included, and what a request for it names: the regulator's
gateway records it first (gateway.supervision)."""

OPEN: Final = frozenset({"GET /v1/openapi.json"})
"""What may be read without a token: nothing of it is anybody's."""
