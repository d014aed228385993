"""The words by which a record of trade is looked for: numbers, names of firms, goods, places, by kind of record.

A kind that has no row here is found by its number and its parties, as all are.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from gateway.projection import words
from settlement.customs.declaration import Declaration
from settlement.errors import Refusal
from settlement.financing import Financing
from settlement.payments.undertaking import Undertaking
from settlement.trade.contract import SalesContract
from settlement.trade.document import TradeDocument
from settlement.trade.invoice import Invoice
from settlement.trade.lading import document
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.document import DocumentParty
from settlement.trade.record import TradeRecord


def text_of(record: TradeRecord[Any]) -> str:
    """Give all that people look for in a record."""
    own = _OF_KIND.get(type(record), lambda _: ())
    return "\n".join(each for each in (record.number, *record.parties, *own(record)) if each)


def entered(record: TradeRecord[Any]) -> str:
    """Give the terms under which a record is entered into the index, in their order."""
    return " ".join(words.terms(text_of(record)))


def _contract(record: SalesContract) -> Iterator[str]:
    for terms in filter(None, (record.terms, record.amendment)):
        yield from (terms.seller.name, terms.buyer.name, terms.delivery.rule, terms.delivery.place)
        for line in terms.lines:
            yield from (line.description, line.hs_code)


def _invoice(record: Invoice) -> Iterator[str]:
    for line in record.terms.lines:
        yield from (line.description, line.hs_code)
    yield from (note.terms.number for note in record.notes)


def _document(record: TradeDocument) -> Iterator[str]:
    yield from (record.terms.kind.value, record.terms.issuer, *record.terms.hs_codes)


def _declaration(record: Declaration) -> Iterator[str]:
    declared = record.declared
    yield from (declared.declarant.name, declared.counterparty, declared.transport_document, declared.port)
    yield from (*declared.invoices, *declared.certificates)
    for line in declared.lines:
        yield from (line.description, line.hs_code)


def _bill(record: BillOfLading) -> Iterator[str]:
    try:
        written = document.read(record.document)
    except Refusal:  # written under rules that are no more: its number still finds it
        return
    parties = written.document_parties
    concerned: tuple[DocumentParty | None, ...] = (
        *(parties.shipper, parties.issuing_party),
        *(parties.consignee, parties.endorsee),
    )
    yield from (each.party_name for each in concerned if each)
    for item in written.consignment_items:
        yield from (*item.description_of_goods, *item.hs_codes, item.carrier_booking_reference)
    yield from (each.vessel_name for each in written.transports.vessel_voyages)
    yield from (each.equipment.equipment_reference for each in written.utilized_transport_equipments)
    for port in (written.transports.port_of_loading, written.transports.port_of_discharge):
        yield port.un_location_code


def _undertaking(record: Undertaking) -> Iterator[str]:
    yield words.text_of(record.asked)


def _financing(record: Financing) -> Iterator[str]:
    yield from (record.lender, record.reference)


_OF_KIND: Final[dict[type[TradeRecord[Any]], Callable[[Any], Iterable[str]]]] = {
    SalesContract: _contract,
    Invoice: _invoice,
    TradeDocument: _document,
    Declaration: _declaration,
    BillOfLading: _bill,
    Undertaking: _undertaking,
    Financing: _financing,
}
