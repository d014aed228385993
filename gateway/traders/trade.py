"""Trade as programs read and sign it: records of every kind, one's own, and what a trader signs with its own key.

GET  /v1/trade/records                 the holder's, oldest first, narrowed by kind, state, trade, number and words
GET  /v1/trade/records/{id}            one, with all that happened to it; another's is 404, as if it did not exist
GET  /v1/trade/records/{id}/timeline   all that happened in its trade, to every record that the holder may see
POST /v1/trade/commands                a command that a person of the holder's firm has signed, for the ledger

Who signs is told from who asks: the token says whose firm it is, the certificate must be of a person of that firm, and
the ledger checks the signature. A command takes effect once, so it may be sent again.
"""

from types import MappingProxyType
from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.cursors import Cursors
from gateway.projection.trade import TradeView
from gateway.traders import asked, bodies, trade_views
from gateway.traders.edge import HOLDER
from gateway.traders.payments import Cursor, answer, answer_page
from gateway.traders.strict_json import decode
from gateway.traders.tokens import Holder
from settlement import canonical, dates, identity
from settlement.commands import PERSONAL_DECODER, Signed
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.errors import Code, Refusal
from settlement.records import Record
from settlement.trade.document import TradeDocument
from settlement.trade.record import kind_of

LIMIT_MAX: Final = 200
TEXT_MAX: Final = 140

KINDS: Final = MappingProxyType({Scope.CUSTOMS: (kind_of(Declaration), kind_of(TaxAssessment), kind_of(TradeDocument))})
"""Of what kinds the records are that a scope reads, where not of all: customs' staff read what is declared, assessed
and presented to them, not the carriers' bills, which stand with customs as the single window (REQUIREMENTS 6)."""

Name = Annotated[str, Meta(max_length=35)]
Id = Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")]


class RecordsWanted(asked.Query):
    """What narrows a list of records; what is absent does not."""

    kind: Name = ""
    state: Name = ""
    trade: Id = ""
    number: Name = ""
    q: Annotated[str, Meta(max_length=TEXT_MAX)] = ""
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class SignedCommand(Record):
    """A command with a person's consent: its canonical form, and certificate (DER) and signature in standard base64."""

    command: str
    certificate: bytes
    signature: bytes


class Trade:
    """The routes."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/trade/records", self.list)
        router.add_get("/v1/trade/records/{id}", self.show)
        router.add_get("/v1/trade/records/{id}/timeline", self.timeline)
        router.add_post("/v1/trade/commands", self.ask)

    async def list(self, request: web.Request) -> web.Response:
        """Give the holder's next records."""
        holder, query = request[HOLDER], asked.read(request, RecordsWanted)
        cursors = self.cursors(holder)
        found = self._gateway.trade.page(
            on=self.today(),
            after=cursors.open(query.cursor, "cursor")[0] if query.cursor else 0,
            limit=query.limit,
            kind=query.kind,
            state=query.state,
            trade=query.trade,
            number=query.number,
            text=query.q,
            party=self.party(holder),
            kinds=self.kinds(holder),
        )
        following = cursors.seal(found[-1].id) if len(found) == query.limit else ""
        page = trade_views.RecordPage(records=tuple(map(trade_views.record, found)), next=following)
        return answer_page(page, query, following)

    async def show(self, request: web.Request) -> web.Response:
        """Show one of the holder's records."""
        holder = request[HOLDER]
        found = self.find(holder, request.match_info["id"])
        acts = self._gateway.trade.history(found.record.record_id, party=self.party(holder), kinds=self.kinds(holder))
        return answer(trade_views.record_with(found, acts))

    async def timeline(self, request: web.Request) -> web.Response:
        """Tell what happened in the trade of one of the holder's records."""
        holder = request[HOLDER]
        found = self.find(holder, request.match_info["id"]).record
        acts = self._gateway.trade.timeline(
            found.trade or found.record_id, party=self.party(holder), kinds=self.kinds(holder)
        )
        return answer(trade_views.Timeline(acts=tuple(map(trade_views.act, acts))))

    async def ask(self, request: web.Request) -> web.Response:
        """Take what somebody of the holder's firm has signed to the ledger."""
        return answer(
            await self.carry(request[HOLDER], decode(await bodies.take(request, ("application/json",)), SignedCommand))
        )

    async def carry(self, holder: Holder, given: SignedCommand) -> trade_views.Done:
        """Carry a signed command; AG08 where another firm's person signed it, and whatever the ledger refuses."""
        canonical.decode(given.command.encode(), PERSONAL_DECODER)
        own = self._gateway.participants().get(self._gateway.participant)
        if own is None:
            raise Refusal(Code.ED06)
        signer = identity.identify(given.certificate, own, self._gateway.clock())
        if not signer.party or signer.party != holder.customer:
            raise Refusal(Code.AG08, "certificate")
        command = Signed(
            command=given.command,
            certificate=given.certificate,
            signature=given.signature,
            requested_by=holder.fingerprint,
        )
        outcome = (await self._gateway.ask([command]))[0]
        if outcome.code:
            raise Refusal(Code(outcome.code), outcome.where)
        return trade_views.Done(transaction_id=outcome.tx_id, block=outcome.block)

    def find(self, holder: Holder, record_id: str) -> TradeView:
        """Find a record that a holder may see; raises `Refusal`."""
        self._gateway.require_serving()
        party, kinds = self.party(holder), self.kinds(holder)
        found = self._gateway.trade.find(record_id, on=self.today(), party=party, kinds=kinds)
        if found is None:
            raise Refusal(Code.NOT_FOUND, "id")
        return found

    def party(self, holder: Holder) -> str:
        """Say to whose records a holder is held: a trader to its firm's, staff to none."""
        self._gateway.require_serving()
        return holder.customer if holder.scope is Scope.TRADER else ""

    @staticmethod
    def kinds(holder: Holder) -> tuple[str, ...]:
        """Name the kinds of record that a holder may see; none where it may see all."""
        return KINDS.get(holder.scope, ())

    def cursors(self, holder: Holder) -> Cursors:
        """Give a holder's places in its list."""
        return Cursors(self._gateway, f"trade|{holder.scope}|{holder.name}")

    def today(self) -> str:
        """Give the date (UTC) on which states are told."""
        return dates.day_of(self._gateway.clock())
