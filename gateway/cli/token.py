"""`waitan token`: a trader's bearer token for its bank's HTTP door, signed with the development bank's own key."""

import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway.auth.development import Issued
from gateway.cli.copying import waitan
from gateway.cli.failures import usage
from gateway.cli.say import Say, error_console
from gateway.cli.whereabouts import Whereabouts
from gateway.development.customers import TRADERS
from gateway.development.members import SERVICE
from gateway.traders.tokens import LIFETIME_S, mint


def make(say: Say, data: Path | None, bank: str, customer: str | None, lifetime_s: int | None) -> None:
    """Mint a token for a customer (LEI or USCC), or for the development bank's own example."""
    places = Whereabouts(data)
    profile = places.bank(bank)
    door = places.door(bank)
    if customer is None and bank not in TRADERS:
        raise usage(f"No example customer is known for {bank}.", do="Name one: --customer LEI-OR-USCC")
    named = customer or TRADERS[bank].customer.identifier
    key = Issued.read(places.directory.organisation(bank), SERVICE).key
    seconds = lifetime_s or LIFETIME_S
    now_s = int(time.time())
    token = mint(
        key, network=places.network, participant=profile.participant, customer=named, now_s=now_s, lifetime_s=seconds
    )
    expires = datetime.fromtimestamp(now_s + seconds, UTC).isoformat().replace("+00:00", "Z")
    say.result({"token": token, "customer": named, "expires": expires, "url": door.endpoints.http})
    say.line(token, wrap=False)
    again = f"token --at {bank}"
    again += f" --customer {shlex.quote(customer)}" if customer else ""
    again = waitan(again, places.directory)
    # Apart from the token, so that $(waitan token) is the token alone.
    about = error_console()
    about.print(f"For {named} at {bank}, until {expires}. With a payment's UETR:", highlight=False)
    about.print(
        f'  curl -H "Authorization: Bearer $({again})" {door.endpoints.http}/v1/payments/UETR',
        soft_wrap=True,
        highlight=False,
    )
