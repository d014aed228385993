"""How to name another's thing at the traders' door: one table, with a row for every HTTP route.

A test compares it with what the server really has, so that what is added there comes in here.
"""

from typing import Final, NamedTuple

from tests.gateway.others_rows import Own


class Path(NamedTuple):
    """A route that names a thing, in its path or its query: the address, with fields of `Names` in it."""

    address: str


class ListedAt(NamedTuple):
    """A route that lists, asked for what belongs to a thing; to an outsider, as for a thing that is nowhere."""

    address: str


AnyRoute = Path | ListedAt | Own
ROUTES: Final[dict[str, AnyRoute]] = {
    "GET /healthz": Own("says whether the gateway serves"),
    "GET /v1/openapi.json": Own("is the same for all"),
    "GET /v1/payments": ListedAt("/v1/payments?end_to_end_id={uetr}"),
    "POST /v1/payments": Own("makes something new; another customer's account is refused, test_trader_initiations"),
    "GET /v1/payments/{uetr}": Path("/v1/payments/{uetr}"),
    "GET /v1/payments/{uetr}/events": Path("/v1/payments/{uetr}/events"),
    "GET /v1/events": Own("tells of the holder's own payments alone: test_trader_streams"),
    "GET /v1/initiations/{id}": Path("/v1/initiations/{initiation}"),
    "GET /v1/certificates/{uetr}": Path("/v1/certificates/{uetr}"),
    "GET /v1/accounts": Own("lists the accounts that the organisation keeps or holds, to its own staff"),
    "GET /v1/statements/{account}": Path("/v1/statements/{account}"),
    "GET /v1/declarations": ListedAt("/v1/declarations"),
    "GET /v1/declarations/{number}": Path("/v1/declarations/{number}"),
    "GET /v1/bills/{id}": Path("/v1/bills/{bill}"),
    "GET /v1/bills/{id}/envelope": Path("/v1/bills/{bill}/envelope"),
    "GET /v1/trade/records": ListedAt("/v1/trade/records?trade={contract}"),
    "GET /v1/trade/records/{id}": Path("/v1/trade/records/{contract}"),
    "GET /v1/trade/records/{id}/timeline": Path("/v1/trade/records/{contract}/timeline"),
    "GET /v1/trade/events": Own("tells of the holder's own records alone: test_trade_streams"),
    "POST /v1/trade/commands": Own("takes the commands of METHODS, each of which a test brings here too"),
    "GET /v1/reads": Own("tells an organisation's staff of the reads that concern it: test_supervision_shown"),
    "GET /reads": Own("as GET /v1/reads"),
    "GET /": Own("leads to the reader's first page"),
    "GET /language/{code}": Own("chooses a language"),
    "POST /sign-in": Own("takes a token"),
    "POST /sign-out": Own("forgets it"),
    "GET /static/{name}": Own("is the same for all"),
    "GET /{rest}": Own("says that there is no such page"),
    "GET /find": ListedAt("/find?q={contract_number}"),
    "GET /payments": ListedAt("/payments?q={uetr}"),
    "GET /payments/{uetr}": Path("/payments/{uetr}"),
    "GET /desk": Own("shows the bank's own day, to its own staff"),
    "GET /desk/proposals": Own("lists what waits for a second officer of the bank, to its own staff"),
    "GET /desk/initiations": Own("lists what the bank's customers have asked for, to its own staff"),
    "GET /network": Own("shows the network, to the authorities' staff"),
    "GET /statements": Path("/statements?account={account}"),
    "GET /statements/{account}/{form}": Path("/statements/{account}/csv"),
    "GET /trade": ListedAt("/trade"),
    "GET /trade/records/{id}": Path("/trade/records/{contract}"),
    "GET /trade/records/{id}/sign/{act}": Path(
        "/trade/records/{bill}/sign/apply_for_financing"
        "?loan_number=1&amount=1.00&currency=CNY&consents_until=2099-01-01"
    ),
    "GET /financing": ListedAt("/financing"),
    "GET /customs": Own("shows customs' own day, to its own staff"),
    "GET /trade/propose": Own("begins with the latest contract of the token's firm, and with nobody else's"),
    "GET /trade/key": Own("makes a key in the reader's browser"),
    "POST /trade/certificate": Own("certifies a key for the firm of the token"),
    "POST /trade/commands": Own("as POST /v1/trade/commands, from a page"),
}
"""Every route of the traders' door, pages included."""
