"""The carrier's document: a DCSA transport document (EBL and PINT 3.0.0, schema `TransportDocument`), kept as its text.

The text is canonical JSON (RFC 8785) and never changes: its SHA-256 stands in every link of the endorsement chain and
in every PINT envelope. What the rules need of it is read here; fields that only people and other platforms read are
carried along unread. Numbers are read as decimals, so that no weight passes through a float.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, dataclass_transform

import msgspec

from settlement import canonical, dates, identifiers
from settlement.errors import Code, Refusal

DOCUMENT_MAX_BYTES: Final = 64 * 1024
"""DCSA allows 50,000 characters of terms and conditions alone."""

DEPTH_MAX: Final = 32
"""Objects and lists within one another; DCSA's go ten deep."""

WEIGHT_MAX: Final = 999_999_999
"""Of the goods in one container, in any unit."""
PACKAGES_MAX: Final = 99_999_999
"""In one container, as many as eight digits count."""

BILL_OF_LADING: Final = "BOL"
AS_ISSUED: Final = "ISSUED"
"""The status that a document states of itself. It is written as it will be issued, and then never again."""

GLEIF: Final = "GLEIF"
MUTUALLY_DEFINED: Final = "ZZZ"
LEI: Final = "LEI"
USCI: Final = "USCI"
BIC: Final = "BIC"
"""The code lists that name a party here. DCSA has no provider for BICs and Chinese social credit codes: `ZZZ`."""

_HS_CODE: Final = re.compile(r"[0-9]{6,10}").fullmatch
_UN_LOCODE: Final = re.compile(r"[A-Z]{2}[A-Z2-9]{3}").fullmatch
_REFERENCE: Final = re.compile(r"[!-~]{1,20}").fullmatch
_VERSION: Final = re.compile(r"[!-~]{0,35}").fullmatch
_PARTY_NAME_CHARACTERS: Final = 70
_EXACT: Final = 2**53
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,8}[1-9])?").fullmatch
_MISSING: Final = re.compile(r"Object missing required field `([A-Za-z]+)`")
_PLACE: Final = re.compile(r"`\$((?:\.[A-Za-z]+|\[[0-9.]+\])*)`\Z")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """A part of a document under DCSA's names; fields that are not listed are let pass."""


class IdentifyingCode(Part):
    """A code that identifies a party in somebody's list."""

    code_list_provider: str
    party_code: str
    code_list_name: str = ""


class DocumentParty(Part):
    """A party of the document."""

    party_name: str
    identifying_codes: tuple[IdentifyingCode, ...] = ()

    def identifier(self) -> str:
        """Give its LEI, else its USCC, else its BIC (a bank's), else nothing."""
        known = {(code.code_list_provider, code.code_list_name): code.party_code for code in self.identifying_codes}
        for listed in ((GLEIF, LEI), (GLEIF, ""), (MUTUALLY_DEFINED, USCI), (MUTUALLY_DEFINED, BIC)):
            if listed in known:
                return known[listed]
        return ""


class DocumentParties(Part):
    """Who stands on the bill. One to order with an `endorsee` is to the order of that name, without one it is blank."""

    shipper: DocumentParty
    issuing_party: DocumentParty
    consignee: DocumentParty | None = None
    endorsee: DocumentParty | None = None


class Port(Part):
    """A port, by its UN/LOCODE (DCSA allows a name alone; then nobody can compare it)."""

    un_location_code: str = msgspec.field(name="UNLocationCode", default="")


class VesselVoyage(Part):
    """A ship and its voyage."""

    vessel_name: str
    carrier_export_voyage_number: str


class Transports(Part):
    """From where to where, when, and by which ship."""

    planned_departure_date: str
    planned_arrival_date: str
    port_of_loading: Port
    port_of_discharge: Port
    vessel_voyages: tuple[VesselVoyage, ...]


class Measure(Part):
    """A number and its unit, such as KGM."""

    value: int | Decimal
    unit: str


class Packaging(Part):
    """How many packages, of what."""

    number_of_packages: int
    description: str


class CargoItem(Part):
    """What of the goods is in one container."""

    equipment_reference: str
    cargo_gross_weight: Measure
    outer_packaging: Packaging


class ConsignmentItem(Part):
    """Goods of one kind."""

    carrier_booking_reference: str
    description_of_goods: tuple[str, ...]
    cargo_items: tuple[CargoItem, ...]
    hs_codes: tuple[str, ...] = msgspec.field(name="HSCodes")


class Equipment(Part):
    """A container, by its number (ISO 6346)."""

    equipment_reference: str


class UtilizedEquipment(Part):
    """A container that is used."""

    equipment: Equipment
    is_shipper_owned: bool
    seals: tuple[msgspec.Raw, ...]


class TransportDocument(Part):
    """What DCSA requires of a transport document; what only people read is not looked into."""

    transport_document_reference: str
    transport_document_status: str
    transport_document_type_code: str
    is_shipped_on_board_type: bool
    is_electronic: bool
    is_to_order: bool
    invoice_payable_at: msgspec.Raw
    party_contact_details: tuple[msgspec.Raw, ...]
    document_parties: DocumentParties
    consignment_items: tuple[ConsignmentItem, ...]
    utilized_transport_equipments: tuple[UtilizedEquipment, ...]
    terms_and_conditions: str
    receipt_type_at_origin: str
    delivery_type_at_destination: str
    cargo_movement_type_at_origin: str
    cargo_movement_type_at_destination: str
    carrier_code: str
    carrier_code_list_provider: str
    transports: Transports
    transport_document_sub_reference: str = ""
    shipped_on_board_date: str = ""
    issue_date: str = ""


def _decimal(text: str) -> Decimal:
    """Take a number with decimals as it is written, where RFC 8785 would write it so."""
    if _NUMBER(text) is None:
        raise ValueError
    return Decimal(text)


_PLAIN: Final = msgspec.json.Decoder(float_hook=_decimal)
_DOCUMENT: Final = msgspec.json.Decoder(TransportDocument, float_hook=_decimal)
_ENCODER: Final = msgspec.json.Encoder(order="sorted", decimal_format="number")


@lru_cache(64)
def read(text: str) -> TransportDocument:
    """Read a document; FF01 unless it is canonical JSON, CH21 or CH16 where DCSA's form is not kept.

    A pure function of its argument, so remembering cannot change an answer; a refusal is not remembered.
    """
    _require_canonical(text)
    try:
        document = _DOCUMENT.decode(text)
    except msgspec.ValidationError as error:
        raise _misformed(str(error)) from None
    for code, where in _faults(document):
        raise Refusal(code, f"document.{where}")
    return document


def checksum(text: str) -> str:
    """Give the SHA-256 (hex) of a document: DCSA's `transportDocumentChecksum`."""
    return canonical.digest(text.encode())


def canonical_text(data: bytes) -> str:
    """Give the canonical text of a document that may be laid out for people; FF01 where it is no JSON object."""
    return _ENCODER.encode(_plain(data)).decode()


def amended(before: str, after: str) -> tuple[str, ...]:
    """List the paths at which a document differs from the one that it replaces, in order (MLETR article 16)."""
    old, new = (dict(_leaves(_plain(text.encode()))) for text in (before, after))
    return tuple(sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path)))


def _plain(data: bytes) -> dict[str, Any]:
    if len(data) > DOCUMENT_MAX_BYTES:
        raise Refusal(Code.CH16, "document")
    try:
        value = _PLAIN.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Refusal(Code.FF01, "document") from None
    if not isinstance(value, dict) or not _is_sound(value, DEPTH_MAX):
        raise Refusal(Code.FF01, "document")
    return value


def _is_sound(value: Any, depth: int) -> bool:
    """Say whether every reader of JSON reads the same: whole numbers below 2**53 (RFC 8785), and not too deep.

    How deep a host can go depends on where it stands; how deep a document may go must not.
    """
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_is_sound(each, depth - 1) for each in parts)
    return not isinstance(value, int) or abs(value) < _EXACT


def _require_canonical(text: str) -> None:
    if canonical_text(text.encode()) != text:
        raise Refusal(Code.FF01, "document")


def _misformed(told: str) -> Refusal:
    """Turn msgspec's words into a path; never its words themselves, which may hold a value."""
    missing = _MISSING.match(told)
    place = _PLACE.search(told)
    path = re.sub(r"\[([0-9.]+)\]", r".\1", place[1]) if place else ""
    if missing:
        return Refusal(Code.CH21, f"document{path}.{missing[1]}")
    return Refusal(Code.CH16, f"document{path}")


def _faults(document: TransportDocument) -> Iterator[tuple[Code, str]]:
    if not _REFERENCE(document.transport_document_reference):
        yield Code.CH16, "transportDocumentReference"
    if not _VERSION(document.transport_document_sub_reference):
        yield Code.CH16, "transportDocumentSubReference"
    if document.transport_document_type_code != BILL_OF_LADING:  # a sea waybill is not transferable
        yield Code.CH16, "transportDocumentTypeCode"
    if document.transport_document_status != AS_ISSUED:
        yield Code.CH16, "transportDocumentStatus"
    if not document.is_electronic:
        yield Code.CH16, "isElectronic"
    yield from _party_faults(document)
    yield from _transport_faults(document.transports)
    yield from _cargo_faults(document)
    for name in ("shipped_on_board_date", "issue_date"):
        if not _is_date(getattr(document, name), may_be_absent=True):
            yield Code.CH16, _camel(name)


def _party_faults(document: TransportDocument) -> Iterator[tuple[Code, str]]:
    parties = document.document_parties
    if not document.is_to_order and parties.consignee is None:
        yield Code.CH21, "documentParties.consignee"
    if not document.is_to_order and parties.endorsee is not None:
        yield Code.CH17, "documentParties.endorsee"
    for name in ("shipper", "issuing_party", "consignee", "endorsee"):
        party = getattr(parties, name)
        if party is None:
            continue
        where = f"documentParties.{_camel(name)}"
        if not 0 < len(party.party_name) <= _PARTY_NAME_CHARACTERS:
            yield Code.CH16, f"{where}.partyName"
        if not _is_identifier(party.identifier()):
            yield Code.BE15, f"{where}.identifyingCodes"


def _transport_faults(transports: Transports) -> Iterator[tuple[Code, str]]:
    for name in ("planned_departure_date", "planned_arrival_date"):
        if not _is_date(getattr(transports, name)):
            yield Code.CH16, f"transports.{_camel(name)}"
    for name in ("port_of_loading", "port_of_discharge"):
        if _UN_LOCODE(getattr(transports, name).un_location_code) is None:
            yield Code.CH16, f"transports.{_camel(name)}.UNLocationCode"
    if not transports.vessel_voyages:
        yield Code.CH21, "transports.vesselVoyages"


def _cargo_faults(document: TransportDocument) -> Iterator[tuple[Code, str]]:
    containers = {each.equipment.equipment_reference for each in document.utilized_transport_equipments}
    for place, each in enumerate(document.utilized_transport_equipments):
        if not _is_container(each.equipment.equipment_reference):
            yield Code.CH16, f"utilizedTransportEquipments.{place}.equipment.equipmentReference"
    for name in ("utilized_transport_equipments", "consignment_items"):
        if not getattr(document, name):
            yield Code.CH21, _camel(name)
    for place, item in enumerate(document.consignment_items):
        where = f"consignmentItems.{place}"
        if not item.hs_codes or any(_HS_CODE(code) is None for code in item.hs_codes):
            yield Code.CH16, f"{where}.HSCodes"
        if not item.cargo_items:
            yield Code.CH21, f"{where}.cargoItems"
        if any(cargo.equipment_reference not in containers for cargo in item.cargo_items):
            yield Code.CH16, f"{where}.cargoItems"
        for number, cargo in enumerate(item.cargo_items):
            yield from _count_faults(cargo, f"{where}.cargoItems.{number}")


def _count_faults(cargo: CargoItem, where: str) -> Iterator[tuple[Code, str]]:
    if not 0 < cargo.cargo_gross_weight.value <= WEIGHT_MAX:
        yield Code.CH16, f"{where}.cargoGrossWeight.value"
    if not 0 < cargo.outer_packaging.number_of_packages <= PACKAGES_MAX:
        yield Code.CH16, f"{where}.outerPackaging.numberOfPackages"


def _is_identifier(text: str) -> bool:
    return any(_holds(check, text) for check in (identifiers.lei, identifiers.uscc, identifiers.bic))


def _is_container(text: str) -> bool:
    return _holds(identifiers.container, text)


def _is_date(text: str, *, may_be_absent: bool = False) -> bool:
    return _holds(dates.day, text) if text else may_be_absent


def _holds(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except Refusal:
        return False
    return True


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Walk a JSON value to its leaves, each in its canonical form; an empty object or list is one too."""
    if not isinstance(value, dict | list) or not value:
        yield path, _ENCODER.encode(value)
        return
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _leaves(inner, f"{path}.{name}" if path else str(name))
