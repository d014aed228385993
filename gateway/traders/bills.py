"""Bills of lading as those who hold them read them over HTTP: who holds one now, and proof of it to take away.

GET /v1/bills/{id}            a bill, its holder and title holder, and every link of its chain; another's is 404
GET /v1/bills/{id}/envelope   the same as a DCSA PINT 3.0.0 envelope, signed by this gateway

What a holder does with a bill it signs itself, and brings to POST /v1/trade/commands.
"""

from typing import Final

import msgspec
from aiohttp import web

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.bills import Bills as Known
from gateway.traders.edge import HOLDER, is_known, not_modified, same_again
from gateway.traders.payments import answer
from gateway.traders.tokens import Holder
from gateway.traders.views import View
from settlement import dates
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty, Link


class BillPartyShown(View):
    """Who holds or acts: a firm by its LEI or USCC and its bank; without a number, that bank itself."""

    participant: str
    identifier: str = ""


class LinkShown(View):
    """One action. `previous` is the SHA-256 of the link before."""

    action: str
    actor: BillPartyShown
    at: str
    signer: str
    serial: str
    transaction_id: str
    previous: str
    recipient: BillPartyShown | None = None
    reason: str = ""


class BillShown(View):
    """A bill of lading. `document` is the DCSA transport document; no `title_holder`: blank, or straight."""

    record_id: str
    number: str
    state: str
    to_order: bool
    document: msgspec.Raw
    document_checksum: str
    is_disputed: bool
    block: int
    version: str = ""
    trade: str = ""
    holder: BillPartyShown | None = None
    title_holder: BillPartyShown | None = None
    links: tuple[LinkShown, ...] = ()
    replaces: str = ""
    replaced_by: str = ""


class Bills:
    """The two routes."""

    def __init__(self, gateway: Gateway) -> None:
        self._bills: Final = Known(gateway)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/bills/{id}", self.show)
        router.add_get("/v1/bills/{id}/envelope", self.export)

    async def show(self, request: web.Request) -> web.Response:
        """Show a bill whose chain verifies."""
        view, found = self._bills.find(request.match_info["id"], _party(request[HOLDER]))
        return answer(_bill(found, view.block))

    async def export(self, request: web.Request) -> web.Response:
        """Give it as an envelope."""
        record_id, party = request.match_info["id"], _party(request[HOLDER])
        etag = same_again(*self._bills.exported_from(record_id, party))
        if is_known(request, etag):
            return not_modified(etag)
        envelope = await self._bills.export(record_id, party)
        return web.Response(body=envelope, content_type="application/json", headers={"ETag": etag})


def _party(holder: Holder) -> str:
    return holder.customer if holder.scope is Scope.TRADER else ""


def _bill(found: BillOfLading, block: int) -> BillShown:
    standing = found.standing
    title = standing.title if standing else None
    return BillShown(
        record_id=found.record_id,
        number=found.number,
        version=found.version,
        state=found.state.value,
        to_order=found.terms.to_order,
        document=msgspec.Raw(found.document.encode()),
        document_checksum=found.terms.document,
        is_disputed=found.is_disputed,
        block=block,
        trade=found.trade,
        holder=_shown(standing.holder) if standing else None,
        title_holder=_shown(title.holder) if title else None,
        links=tuple(map(_link, found.links)),
        replaces=found.terms.replaces,
        replaced_by=found.replaced_by,
    )


def _link(link: Link) -> LinkShown:
    return LinkShown(
        action=link.action.value,
        actor=_shown(link.actor),
        recipient=_shown(link.recipient) if link.recipient else None,
        at=dates.render(link.at_ms),
        reason=link.reason,
        signer=link.signer,
        serial=link.serial,
        transaction_id=link.tx_id,
        previous=link.previous,
    )


def _shown(party: BillParty) -> BillPartyShown:
    return BillPartyShown(participant=party.participant, identifier=party.identifier)
