"""`waitan token`: a bearer token for an organisation's HTTP door, signed with the development gateway's own key.

A bank's customer has one, its desk another; so have the staff of clearing, of customs and of the regulator.
"""

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from gateway.auth.development import Issued
from gateway.auth.scopes import Scope
from gateway.cli.copying import waitan
from gateway.cli.failures import usage
from gateway.cli.say import Say, error_console
from gateway.cli.whereabouts import Door, Whereabouts
from gateway.development.customers import customer_of
from gateway.development.members import SERVICE
from gateway.traders.tokens import LIFETIME_S, mint
from settlement.parties import Kind

STAFF: Final = MappingProxyType(
    {
        Kind.BANK: Scope.DESK,
        Kind.CLEARING: Scope.CLEARING,
        Kind.CUSTOMS: Scope.CUSTOMS,
        Kind.REGULATOR: Scope.SUPERVISOR,
    }
)
"""The scope of an organisation's staff, by its kind."""


def make(
    say: Say, data: Path | None, at: str, customer: str | None, lifetime_s: int | None, *, staff: bool = False
) -> None:
    """Mint a token for a customer (LEI or USCC), for the development bank's own example, or for one of the staff."""
    places = Whereabouts(data)
    kind = places.organisation(at).kind
    if customer is not None and (staff or kind is not Kind.BANK):
        raise _no_such_token(at, kind)
    door = places.door(at)
    is_staff = staff or kind is not Kind.BANK
    named = door.person if is_staff else customer or customer_of(at, door.profile.bic).customer.identifier
    scope = STAFF[kind] if is_staff else Scope.TRADER
    seconds = lifetime_s or LIFETIME_S
    now_s = int(time.time())
    token = mint(
        Issued.read(places.directory.organisation(at), SERVICE).key,
        network=places.network,
        participant=door.profile.participant,
        customer=named,
        now_s=now_s,
        lifetime_s=seconds,
        scope=scope,
    )
    expires = datetime.fromtimestamp(now_s + seconds, UTC).isoformat().replace("+00:00", "Z")
    whose = {"person": named} if is_staff else {"customer": named}
    say.result({"token": token, **whose, "scope": scope.value, "expires": expires, "url": door.endpoints.http})
    say.line(token, wrap=False)
    again = f"token --at {at}"
    again += f" --customer {shlex.quote(customer)}" if customer else ""
    again += " --staff" if staff else ""
    _tell(door, f"For {named} at {at}, until {expires}.", waitan(again, places.directory), scope)


def _no_such_token(at: str, kind: Kind) -> Exception:
    if kind is not Kind.BANK:
        return usage(f"{at} is no bank, and has no customers.", do=f"For its staff: waitan token --at {at}")
    return usage("A customer is none of the staff.", do="Leave out --customer, or --staff.")


def _tell(door: Door, who: str, again: str, scope: Scope) -> None:
    """Say what to do with it, apart from the token, so that $(waitan token) is the token alone."""
    about = error_console()
    told = "With a payment's UETR:" if scope is Scope.TRADER else "What it shows:"
    path = {Scope.TRADER: "/v1/payments/UETR", Scope.CUSTOMS: "/v1/trade/records"}.get(scope, "/v1/payments")
    about.print(f"{who} {told}", highlight=False)
    about.print(
        f'  curl -H "Authorization: Bearer $({again})" {door.endpoints.http}{path}',
        soft_wrap=True,
        highlight=False,
    )
