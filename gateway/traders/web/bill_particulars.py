"""What the page of a bill of lading tells: whose it is, what is carried where, and from whose hand into whose."""

from typing import Any

from gateway.traders.web.names import Names
from gateway.traders.web.told import Told
from settlement.trade.lading import document
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import Link, PaperOriginal


def about(record: BillOfLading, _: Names) -> str:
    """Say what is carried from where to where."""
    written = document.read(record.document)
    goods = written.consignment_items[0].description_of_goods[:1]
    return " · ".join((*goods, _route(written)))


def facts(record: BillOfLading, names: Names) -> list[tuple[str, Any]]:
    """Say all that its page tells; what has no value is left out there."""
    written, terms, standing = document.read(record.document), record.terms, record.standing
    title = standing.title if standing else None
    parties = written.document_parties
    dispute = record.dispute if record.is_disputed else None
    ships = (f"{each.vessel_name} {each.carrier_export_voyage_number}" for each in written.transports.vessel_voyages)
    boxes = (each.equipment.equipment_reference for each in written.utilized_transport_equipments)
    return [
        ("held_now_by", names.party(standing.holder) if standing else ""),
        ("bill_title", names.party(title.holder) if title else ""),
        ("bill_dispute", dispute.reason if dispute else ""),
        ("version", record.version),
        ("bill_carrier", parties.issuing_party.party_name),
        ("bill_shipper", parties.shipper.party_name),
        ("bill_consignee", parties.consignee.party_name if parties.consignee else ""),
        ("bill_route", _route(written)),
        ("bill_ship", ", ".join(ships)),
        ("bill_containers", ", ".join(boxes)),
        *(("goods", " ".join(each.description_of_goods)) for each in written.consignment_items),
        ("bill_from_paper", _paper(terms.from_paper)),
        ("bill_amended", ", ".join(terms.amended)),
        ("bill_paper", _paper(record.paper)),
        *(("bill_link", _linked(each, names)) for each in record.links),
    ]


def _route(written: document.TransportDocument) -> str:
    ports = (written.transports.port_of_loading, written.transports.port_of_discharge)
    return " → ".join(each.un_location_code for each in ports)


def _linked(link: Link, names: Names) -> Told:
    to = f" → {names.party(link.recipient)}" if link.recipient else ""
    return Told("", key=f"trade_event_{link.action.value}", more=f": {names.party(link.actor)}{to}")


def _paper(paper: PaperOriginal | None) -> str:
    return f"{paper.number}, {paper.originals}/{paper.originals}, {paper.place}, {paper.date}" if paper else ""
