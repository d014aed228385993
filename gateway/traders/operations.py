"""What each route for programs takes and gives, by the types that the code itself uses: what OpenAPI is made from.

Who may call a route stands in gateway.traders.permissions; a test sees that both tables, and the router, have the same
routes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from gateway import reasons
from gateway.operation import request_ids
from gateway.traders import trade_views, views
from gateway.traders.accepting import CSV, JSON, XML
from gateway.traders.accounts import AccountsShown, AccountsWanted
from gateway.traders.bills import BillShown
from gateway.traders.declarations import DeclarationPage, DeclarationShown, DeclarationsWanted
from gateway.traders.initiation_views import InitiationShown, InitiationsRecorded
from gateway.traders.initiations import PaymentsAsked
from gateway.traders.payments import PaymentsWanted
from gateway.traders.reads import ReadPage, ReadsWanted
from gateway.traders.statement_views import StatementShown
from gateway.traders.statements import StatementWanted
from gateway.traders.trade import RecordsWanted, SignedCommand
from settlement.forms.payment_certificate import PaymentCertificate

Media = Mapping[str, type | None]
"""What stands in a body, by media type; None for what has no JSON schema."""

EVENTS: Final = "text/event-stream"


class Operation(NamedTuple):
    """A route: what it does, what its query and body may be, what it answers and with which problems.

    `headers` are of the request, `tells` of the answer, besides those of every one; `problems` are statuses besides
    those that every route may answer with.
    """

    name: str
    summary: str
    gives: Media
    status: int = 200
    query: type | None = None
    body: Media = MappingProxyType({})
    headers: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    is_tagged: bool = True


OPERATIONS: Final = MappingProxyType(
    {
        "GET /v1/payments": Operation(
            "listPayments",
            "The holder's payments, newest first, a page at a time.",
            {JSON: views.PaymentPage},
            query=PaymentsWanted,
            tells=("Link",),
        ),
        "POST /v1/payments": Operation(
            "askForPayments",
            "Ask the bank to pay: a pain.001.001.09, or the same in JSON. All of it is recorded, or nothing.",
            {JSON: InitiationsRecorded, XML: None},
            status=201,
            body={XML: None, JSON: PaymentsAsked},
            headers=("Idempotency-Key",),
            tells=("Location", "Idempotency-Hit"),
            problems=(400, 408, 409, 413, 415),
            is_tagged=False,
        ),
        "GET /v1/payments/{uetr}": Operation("showPayment", "A payment and its history.", {JSON: views.PaymentShown}),
        "GET /v1/payments/{uetr}/events": Operation(
            "followPayment",
            "All that happened to a payment, and then what comes, as server-sent events.",
            {EVENTS: views.FollowedEvent},
            headers=("Last-Event-ID",),
            is_tagged=False,
        ),
        "GET /v1/events": Operation(
            "followPayments",
            "What comes to any of the holder's payments, as server-sent events.",
            {EVENTS: views.FollowedEvent},
            headers=("Last-Event-ID",),
            problems=(410,),
            is_tagged=False,
        ),
        "GET /v1/initiations/{id}": Operation(
            "showInitiation",
            "How something that the trader asked for stands; as XML, a pain.002 of its whole message.",
            {JSON: InitiationShown, XML: None},
        ),
        "GET /v1/certificates/{uetr}": Operation(
            "certifyPayment",
            "A certificate of a payment, to be checked offline; signed anew each time, with a tag of what it says.",
            {JSON: PaymentCertificate},
            tells=("Content-Disposition",),
        ),
        "GET /v1/accounts": Operation(
            "listAccounts",
            "What stands on the accounts of the ledger, now or after a block.",
            {JSON: AccountsShown},
            query=AccountsWanted,
            problems=(404,),
        ),
        "GET /v1/statements/{account}": Operation(
            "showStatement",
            "What moved on an account: JSON, CSV, or camt.053 (a customer's: camt.054).",
            {JSON: StatementShown, CSV: None, XML: None},
            query=StatementWanted,
            tells=("Link", "Content-Disposition"),
        ),
        "GET /v1/declarations": Operation(
            "listDeclarations",
            "The trader's declarations, a page at a time.",
            {JSON: DeclarationPage},
            query=DeclarationsWanted,
            tells=("Link",),
        ),
        "GET /v1/declarations/{number}": Operation(
            "showDeclaration",
            "A declaration: how it stands, what is owed, and who did what.",
            {JSON: DeclarationShown},
        ),
        "GET /v1/bills/{id}": Operation(
            "showBill",
            "A bill of lading: its holder, its title holder, and every link of its chain.",
            {JSON: BillShown},
        ),
        "GET /v1/bills/{id}/envelope": Operation(
            "exportBill",
            "A bill of lading as a DCSA PINT 3.0.0 envelope, signed by this gateway.",
            {JSON: None},
        ),
        "GET /v1/trade/records": Operation(
            "listTradeRecords",
            "The holder's records of trade, oldest first, a page at a time.",
            {JSON: trade_views.RecordPage},
            query=RecordsWanted,
            tells=("Link",),
        ),
        "GET /v1/trade/records/{id}": Operation(
            "showTradeRecord", "A record of trade, with all that happened to it.", {JSON: trade_views.RecordWithActs}
        ),
        "GET /v1/trade/records/{id}/timeline": Operation(
            "showTradeTimeline",
            "What happened in the trade of a record, to every record that the holder may see.",
            {JSON: trade_views.Timeline},
        ),
        "GET /v1/trade/events": Operation(
            "followTrade",
            "What happens to any of the holder's records of trade, as server-sent events.",
            {EVENTS: trade_views.ActShown},
            headers=("Last-Event-ID",),
            problems=(410,),
            is_tagged=False,
        ),
        "POST /v1/trade/commands": Operation(
            "carryCommand",
            "Take a command that a person of the holder's firm has signed to the ledger.",
            {JSON: trade_views.Done},
            body={JSON: SignedCommand},
            problems=(400, 404, 408, 409, 413, 415),
            is_tagged=False,
        ),
        "GET /v1/reads": Operation(
            "listReads",
            "What the regulator has read of the organisation's own, at an authority of all; newest first, a page at a"
            " time.",
            {JSON: ReadPage},
            query=ReadsWanted,
            tells=("Link",),
        ),
        "GET /v1/openapi.json": Operation("openapi", "This document.", {JSON: None}),
    }
)
"""Every route for programs."""

PATHS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "uetr": {"type": "string", "format": "uuid", "description": "The payment's UETR, in lower case."},
        "id": {
            "type": "string",
            "pattern": "^[0-9a-f]{32}$",
            "description": "The name of an initiation or a record of trade.",
        },
        "account": {
            "type": "string",
            "minLength": 1,
            "description": "Staff: an account of the ledger, such as `banksh-CNY`. A trader: a number of its own.",
        },
        "number": {"type": "string", "minLength": 1, "description": "The declaration's number."},
    }
)
"""What the parts of a path are."""

HEADERS: Final = MappingProxyType(
    {
        "Idempotency-Key": (
            True,
            "Names the request: the same again gets the first answer (`Idempotency-Hit: true`), other content 422.",
        ),
        request_ids.HEADER: (False, "Names the request: up to 64 letters, digits, dots, lines and underscores."),
        "Last-Event-ID": (False, "The last event that the client has: it is told all since then."),
        reasons.HEADER: (
            False,
            "Why a supervisor asks, in up to 140 characters; what a header cannot carry is percent-encoded (UTF-8).",
        ),
    }
)
"""Headers that a request brings: whether it must, and what for."""

TOLD: Final = MappingProxyType(
    {
        request_ids.HEADER: (True, "The request's name, in the gateway's logs too: the client's, or a new one."),
        "ETag": (True, "Names what the answer says. It is weak where the same is told in other bytes every time."),
        "Location": (True, "Where the first of the recorded initiations is followed."),
        "Idempotency-Hit": (False, "`true`: this was recorded before, and this is its first answer."),
        "Link": (False, '`<?QUERY>; rel="next"`: the next page, at the same address. The last page has none.'),
        "Content-Disposition": (False, "Under which name it is kept, where it is kept as a file."),
        "Retry-After": (True, "In how many seconds to ask again."),
        "WWW-Authenticate": (False, "What is wrong with the token (RFC 6750)."),
    }
)
"""Headers of answers: whether they are always there where they are told of, and what they say."""
TOLD_WITH: Final = MappingProxyType(
    {
        401: ("WWW-Authenticate",),
        403: ("WWW-Authenticate",),
        429: ("Retry-After",),
        503: ("Retry-After",),
    }
)
"""Those of problems, by their status."""
TOLD_WITH_SOME: Final = MappingProxyType({409: ("Retry-After",)})
"""Those of some problems of a status."""
