"""What the regulator has read: a bank's and customs' staff see what concerns their own, the authorities' all of it.

It shows what `GET /v1/reads` tells, in words.
"""

import asyncio
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import quote

from aiohttp import web

from gateway.cursors import Cursors
from gateway.projection.supervision import ReadsView
from gateway.traders.reads import PURPOSE
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader, is_offered
from settlement.parties import Kind
from settlement.supervision import Read

PAGE: Final = 25
"""How many records a page has, of which each has the reads of a moment."""
_BY: Final = 12
"""How many digits of a fingerprint are shown: enough to tell supervisors apart."""


def _asked(word: str, *questions: str) -> dict[str, str]:
    return dict.fromkeys(questions, word)


ASKED: Final[Mapping[str, str]] = MappingProxyType(
    _asked("read_payment", "/waitan.v1.PaymentService/GetPayment", "/waitan.v1.PaymentService/GetMessage")
    | _asked("read_payment", "GET /v1/payments/{uetr}", "GET /v1/payments/{uetr}/events", "GET /payments/{uetr}")
    | _asked("read_certificate", "GET /v1/certificates/{uetr}")
    | _asked("read_payments", "GET /v1/payments", "GET /payments")
    | _asked("read_following", "/waitan.v1.PaymentService/WatchPayments", "GET /v1/events")
    | _asked("read_accounts", "/waitan.v1.AccountService/ListAccounts", "GET /v1/accounts")
    | _asked("read_funding", "/waitan.v1.AccountService/ListIssuances", "/waitan.v1.AccountService/ListRedemptions")
    | _asked("read_statement", "GET /v1/statements/{account}", "GET /statements", "GET /statements/{account}/{form}")
    | _asked("read_initiations", "/waitan.v1.InitiationService/ListInitiations")
    | _asked("read_initiations", "/waitan.v1.InitiationService/GetInitiation")
    | _asked("read_record", "/waitan.v1.TradeService/GetTradeRecord", "GET /v1/trade/records/{id}")
    | _asked("read_trade", "/waitan.v1.TradeService/GetTimeline", "GET /v1/trade/records/{id}/timeline")
    | _asked("read_trade", "GET /trade/records/{id}", "GET /trade/records/{id}/sign/{act}")
    | _asked("read_records", "/waitan.v1.TradeService/ListTradeRecords", "GET /v1/trade/records", "GET /trade")
    | _asked("read_trade_following", "GET /v1/trade/events")
    | _asked("read_bill", "/waitan.v1.BillOfLadingService/GetBillOfLading", "GET /v1/bills/{id}")
    | _asked("read_bill", "/waitan.v1.BillOfLadingService/ExportBillOfLading", "GET /v1/bills/{id}/envelope")
    | _asked("read_bill", "/waitan.v1.BillOfLadingService/VerifyEnvelope")
    | _asked("read_tax", "/waitan.v1.CustomsService/GetTaxOwed")
    | _asked("read_loans", "GET /financing")
    | _asked("read_network", "GET /network")
    | _asked("read_found", "GET /find")
)
"""The word for each question that is recorded: the tables of reads of both doors, and a test compares."""

_LEADS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "read_payment": ("payments", "/payments/{}"),
        "read_certificate": ("payments", "/payments/{}"),
        "read_statement": ("statements", "/statements?account={}"),
        "read_record": ("trade", "/trade/records/{}"),
        "read_trade": ("trade", "/trade/records/{}"),
        "read_bill": ("trade", "/trade/records/{}"),
        "read_tax": ("trade", "/trade/records/{}"),
    }
)
"""Where what was read is shown: in which section, and at what address."""


class Row(NamedTuple):
    """A read as the list shows it: `word` is empty for a question that has none here, `href` where nothing is shown."""

    at_ms: int
    whose: str
    word: str
    question: str
    subject: str
    href: str
    reason: str
    times: int
    by: str


class ReadsPage:
    """The page `/reads`."""

    def __init__(self, frame: Frame) -> None:
        self._frame: Final = frame

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/reads", self._frame.read(self.reads, "reads"))

    async def reads(self, request: web.Request, reader: Reader) -> Page:
        """List what was read, the newest first."""
        gateway, cursor = self._frame.gateway, request.query.get("cursor", "")
        gateway.require_serving()
        cursors = Cursors(gateway, PURPOSE)
        before = cursors.open(cursor, "cursor")[0] if cursor else 0
        found = await asyncio.to_thread(gateway.supervisory_reads.page, after=before, limit=PAGE, newest_first=True)
        kind = gateway.participants()[gateway.participant].organisation.kind
        return Page(
            "reads.html",
            {
                "rows": [row for view in found for row in self._rows(view, reader)],
                "of_all": kind in {Kind.CLEARING, Kind.REGULATOR},
                "older": f"/reads?cursor={cursors.seal(found[-1].id)}" if len(found) == PAGE else "",
                "newest": "/reads" if cursor else "",
            },
        )

    def _rows(self, view: ReadsView, reader: Reader) -> Iterator[Row]:
        whose = self._frame.names().get(view.record.participant, view.record.participant)
        for each in view.record.reads:
            word = ASKED.get(each.question, "")
            yield Row(
                at_ms=view.record.at_ms,
                whose=whose,
                word=word,
                question=each.question,
                subject=each.subject,
                href=_href(word, each, reader),
                reason=each.reason,
                times=each.times,
                by=each.by[:_BY],
            )


def _href(word: str, read: Read, reader: Reader) -> str:
    section, address = _LEADS.get(word, ("", ""))
    if not read.subject or not is_offered(section, reader):
        return ""
    return address.format(quote(read.subject, safe=""))
