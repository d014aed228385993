"""Bills of lading as both doors show them: found in the read model, exported as envelopes, compared with envelopes."""

import asyncio
from typing import Final

from gateway.app import Gateway
from gateway.projection.trade import TradeView
from settlement import canonical, dates
from settlement.errors import Code, Refusal
from settlement.trade.contract import SalesContract
from settlement.trade.lading import bill as bills
from settlement.trade.lading import chain, document, pint
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty
from settlement.trade.lading.pint import Received
from settlement.trade.record import kind_of

KIND: Final = kind_of(BillOfLading)


class Bills:
    """What one organisation knows of bills. `party` (LEI or USCC) is whose bills may be seen; empty: all that it keeps.

    What a bill proves is worked out beside the event loop: an envelope of full length has two hundred signatures.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def find(self, record_id: str, party: str) -> tuple[TradeView, BillOfLading]:
        """Find a bill, and verify its chain; NOT_FOUND, or CHAIN_BROKEN."""
        self._gateway.require_serving()
        view = self._gateway.trade.find(record_id, on=self._today(), kind=KIND, party=party)
        if view is None or not isinstance(view.record, BillOfLading):
            raise Refusal(Code.NOT_FOUND, "record_id")
        bills.verify(view.record)
        return view, view.record

    def exported_from(self, record_id: str, party: str) -> tuple[bytes, ...]:
        """Give all that makes an envelope what it is, but for its signatures, of which each is another every time."""
        _, found = self.find(record_id, party)
        names = {f"{each.participant}|{each.identifier}": name for each, name in self._names(found).items()}
        return canonical.encode(found), canonical.encode(names), self._gateway.credential.certificate

    async def export(self, record_id: str, party: str) -> bytes:
        """Give a bill as an envelope that this gateway signs."""
        _, found = self.find(record_id, party)
        signs = self._gateway.credential
        return await asyncio.to_thread(pint.exported, found, self._names(found), signs.certificate, signs.sign)

    async def received(self, envelope: bytes, party: str) -> tuple[Received, str]:
        """Check an envelope, and say what the ledger knows of its bill: UNKNOWN, CURRENT, EARLIER or DIFFERENT."""
        self._gateway.require_serving()
        known = self._gateway.participants()
        got = await asyncio.to_thread(pint.received, envelope, known, self._gateway.clock())
        return got, self._compared(got, party)

    def _names(self, found: BillOfLading) -> dict[BillParty, str]:
        """Name who may have held it and is not on the document: banks, and the parties of the contract of sale."""
        names = {
            BillParty(participant=name): each.organisation.name for name, each in self._gateway.participants().items()
        }
        view = self._gateway.trade.find(found.trade, on=self._today()) if found.trade else None
        if view is not None and isinstance(view.record, SalesContract):
            for side in (view.record.terms.seller, view.record.terms.buyer):
                names[BillParty(participant=side.bank, identifier=side.identifier)] = side.name
        return names

    def _compared(self, got: Received, party: str) -> str:
        written = document.read(got.document)
        record_id = bills.bill_id(
            got.terms.carrier.identifier,
            written.transport_document_reference,
            written.transport_document_sub_reference,
        )
        view = self._gateway.trade.find(record_id, on=self._today(), kind=KIND, party=party)
        if view is None or not isinstance(view.record, BillOfLading):
            return "UNKNOWN"
        digests = tuple(map(chain.digest, view.record.links))
        if got.audit == digests:
            return "CURRENT"
        return "EARLIER" if got.audit == digests[: len(got.audit)] else "DIFFERENT"

    def _today(self) -> str:
        return dates.day_of(self._gateway.clock())
