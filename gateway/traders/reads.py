"""What the regulator has read, to the staff of those whom it concerns (ADR 0028).

GET /v1/reads    of a bank's or customs' own data, at an authority of all; the newest first
"""

from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta

from gateway.app import Gateway
from gateway.cursors import Cursors
from gateway.traders import asked
from gateway.traders.payments import answer_page
from gateway.traders.views import View
from settlement import dates

LIMIT_MAX: Final = 200
PURPOSE: Final = "reads"
"""Of cursors: on pages too."""


class ReadsWanted(asked.Query):
    """What narrows a list of reads: `participant`, whose data they may have shown."""

    participant: Annotated[str, Meta(max_length=64)] = ""
    cursor: Annotated[str, Meta(max_length=64)] = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class ReadShown(View):
    """A question that the regulator's gateway answered once this was on the ledger.

    `participant` is whose data it may have shown; `by` the SHA-256 of the supervisor's certificate (DER), or of
    `token|ISSUER|JTI`; `question` the gRPC method or the HTTP route, `subject` what it named (absent: a list, which may
    show anything), `reason` why, as the supervisor said, `times` how often it was asked in the same words at that time.
    """

    participant: str
    by: str
    question: str
    at: str
    block: int
    times: int
    subject: str = ""
    reason: str = ""


class ReadPage(View):
    """The reads of `limit` records, of which each has one or more, and the cursor of those before them."""

    reads: tuple[ReadShown, ...] = ()
    next: str = ""


class Reads:
    """The route."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/reads", self.list)

    async def list(self, request: web.Request) -> web.Response:
        """Show what was read, the newest first."""
        query = asked.read(request, ReadsWanted)
        self._gateway.require_serving()
        cursors = Cursors(self._gateway, PURPOSE)
        found = self._gateway.supervisory_reads.page(
            after=cursors.open(query.cursor, "cursor")[0] if query.cursor else 0,
            limit=query.limit,
            participant=query.participant,
            newest_first=True,
        )
        shown = tuple(
            ReadShown(
                participant=view.record.participant,
                by=each.by,
                question=each.question,
                at=dates.render(view.record.at_ms),
                block=view.block,
                times=each.times,
                subject=each.subject,
                reason=each.reason,
            )
            for view in found
            for each in view.record.reads
        )
        following = cursors.seal(found[-1].id) if len(found) == query.limit else ""
        return answer_page(ReadPage(reads=shown, next=following), query, following)
