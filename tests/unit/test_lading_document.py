"""A bill's document: DCSA's form, canonical, and never changed."""

import json
from typing import Any

import pytest

from settlement.errors import Code, Refusal
from settlement.trade.lading import document
from tests.expectations import refused
from tests.lading import TEKSTIL_LEI, a_bill, a_document, a_text, code, named


def text_of(data: Any) -> str:
    return document.canonical_text(json.dumps(data).encode())


def test_what_people_lay_out_has_one_canonical_text() -> None:
    """Names sorted, no white space, decimals as written; the checksum is that of the text."""
    laid_out = json.dumps(a_document(), indent=2, ensure_ascii=False).encode()
    text = document.canonical_text(laid_out)
    assert text == a_text()
    assert '"value":8420.5' in text
    assert document.canonical_text(text.encode()) == text
    assert len(document.checksum(text)) == 64
    assert document.read(text).consignment_items[0].hs_codes == ("500720",)


def deep(levels: int) -> Any:
    """Put lists into one another."""
    inner: Any = 1
    for _ in range(levels):
        inner = [inner]
    return inner


def test_a_document_may_be_so_deep() -> None:
    assert document.read(a_text(x=deep(document.DEPTH_MAX - 1))).is_electronic


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        a_text() + " ",
        a_text().replace('"isElectronic":true', '"isElectronic": true'),
        a_text().replace("8420.5", "8420.50"),
        a_text().replace("8420.5", "8.4205e3"),
        a_text().replace("8420.5", "1" + "0" * 400 + ".5"),
        a_text().replace("8420.5", str(2**53)),
        a_text().replace('"isElectronic":true', '"isElectronic":true,"isElectronic":true'),
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a":' * 300 + "1" + "}" * 300,
        a_text(carrierClauses=[]).replace('"carrierClauses":[]', f'"carrierClauses":{json.dumps(deep(32))}'),
        a_text().replace('"isElectronic":true', '"isElectronic":true,"x":"\\ud800"'),
    ],
    ids=[
        *("empty", "a list", "torn", "a space at the end", "a space within", "a zero at the end", "an exponent"),
        *("a giant", "more than 2**53", "a name twice", "far too deep", "deep", "too deep", "half a letter"),
    ],
)
def test_what_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as told:
        document.read(text)
    assert told.value.code in {Code.FF01, Code.CH21}
    assert told.value.where.startswith("document")


def test_a_document_has_a_bound() -> None:
    with refused(Code.CH16, "document"):
        document.read(a_text(termsAndConditions="x" * document.DOCUMENT_MAX_BYTES))


def at(path: str, value: Any, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """Change one field of a document, None to take it out."""
    whole = data or a_document()
    *steps, last = path.split(".")
    inner: Any = whole
    for step in steps:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    if value is None:
        del inner[last]
    else:
        inner[int(last) if last.isdigit() else last] = value
    return whole


CARGO = "consignmentItems.0.cargoItems"
WRONG: list[tuple[str, Any, Code, str]] = [
    ("transportDocumentReference", None, Code.CH21, "transportDocumentReference"),
    ("transportDocumentReference", "X" * 21, Code.CH16, "transportDocumentReference"),
    ("transportDocumentReference", "A B", Code.CH16, "transportDocumentReference"),
    ("transportDocumentSubReference", "v 2", Code.CH16, "transportDocumentSubReference"),
    ("transportDocumentTypeCode", "SWB", Code.CH16, "transportDocumentTypeCode"),
    ("transportDocumentStatus", "DRAFT", Code.CH16, "transportDocumentStatus"),
    ("isElectronic", False, Code.CH16, "isElectronic"),
    ("isToOrder", "yes", Code.CH16, "isToOrder"),
    ("isToOrder", False, Code.CH21, "documentParties.consignee"),
    ("documentParties.shipper", None, Code.CH21, "documentParties.shipper"),
    ("documentParties.shipper.partyName", "", Code.CH16, "documentParties.shipper.partyName"),
    ("documentParties.shipper.identifyingCodes", [], Code.BE15, "documentParties.shipper.identifyingCodes"),
    (
        "documentParties.issuingParty.identifyingCodes",
        code("254900HUANGPULINE137"),
        Code.BE15,
        "documentParties.issuingParty.identifyingCodes",
    ),
    ("transports.plannedArrivalDate", "22.12.2026", Code.CH16, "transports.plannedArrivalDate"),
    ("transports.portOfLoading", {"locationName": "Shanghai"}, Code.CH16, "transports.portOfLoading.UNLocationCode"),
    ("transports.vesselVoyages", [], Code.CH21, "transports.vesselVoyages"),
    ("consignmentItems", [], Code.CH21, "consignmentItems"),
    ("consignmentItems.0.HSCodes", ["5007"], Code.CH16, "consignmentItems.0.HSCodes"),
    (CARGO, [], Code.CH21, CARGO),
    (f"{CARGO}.0.equipmentReference", "YPLU7654321", Code.CH16, CARGO),
    (f"{CARGO}.0.cargoGrossWeight", None, Code.CH21, f"{CARGO}.0.cargoGrossWeight"),
    *(
        (f"{CARGO}.0.{path}", wrong, Code.CH16, f"{CARGO}.0.{path}")
        for path in ("outerPackaging.numberOfPackages", "cargoGrossWeight.value")
        for wrong in (0, -1, 10**9)
    ),
    (f"{CARGO}.0.outerPackaging.numberOfPackages", "many", Code.CH16, f"{CARGO}.0.outerPackaging.numberOfPackages"),
    (
        "utilizedTransportEquipments.0.equipment.equipmentReference",
        "YPLU1234560",
        Code.CH16,
        "utilizedTransportEquipments.0.equipment.equipmentReference",
    ),
    ("shippedOnBoardDate", "2026-02-30", Code.CH16, "shippedOnBoardDate"),
]


@pytest.mark.parametrize(("path", "value", "code", "where"), WRONG, ids=[f"{row[0]}-{row[2]}" for row in WRONG])
def test_a_document_that_is_not_in_dcsas_form_is_refused(path: str, value: Any, code: Code, where: str) -> None:
    """With the path of the field as DCSA names it, and never with what stood there."""
    with refused(code, f"document.{where}"):
        document.read(text_of(at(path, value)))


def test_a_straight_bill_has_no_endorsee() -> None:
    with refused(Code.CH17, "document.documentParties.endorsee"):
        document.read(a_text(isToOrder=False, consignee=named(), endorsee=named()))


def test_what_the_rules_do_not_read_is_carried_along() -> None:
    """Another platform's fields stay in the text, in the checksum, and in nobody's way."""
    plain, extended = a_text(), a_text(carrierClauses=["On deck at shipper's risk"], 运输={"备注": "易碎"})
    assert document.read(extended).transport_document_reference == document.read(plain).transport_document_reference
    assert document.checksum(extended) != document.checksum(plain)


def test_places_and_addresses_stand_as_the_carrier_wrote_them() -> None:
    """Nothing is inferred from where a gateway stands (MLETR art. 13 and 14): the bill is the document's own text."""
    address = {"street": "Zhongshan Dong Yi Lu", "streetNumber": "12", "city": "Shanghai", "countryCode": "CN"}
    text = text_of(at("documentParties.shipper.address", address))
    made = a_bill(text)
    assert made.document == text
    assert json.loads(made.document)["placeOfIssue"] == {"locationName": "Shanghai"}
    assert json.loads(made.document)["documentParties"]["shipper"]["address"] == address
    elsewhere = a_bill(text_of(at("placeOfIssue.locationName", "Ningbo")))
    assert elsewhere.links[0].document != made.links[0].document


def test_a_party_is_known_by_lei_then_uscc_then_bic() -> None:
    uscc = {"codeListProvider": "ZZZ", "codeListName": "USCI", "partyCode": "91310101MA1FPX1234"}
    bic = {"codeListProvider": "ZZZ", "codeListName": "BIC", "partyCode": "BUNDCNSHXXX"}
    other = {"codeListProvider": "DNB", "codeListName": "DUNS", "partyCode": "123456789"}
    for codes, number in (
        ([bic, uscc, *code(TEKSTIL_LEI)], TEKSTIL_LEI),
        ([bic, other, uscc], "91310101MA1FPX1234"),
        ([other, bic], "BUNDCNSHXXX"),
    ):
        text = a_text(shipper={"partyName": "S", "identifyingCodes": codes})
        assert document.read(text).document_parties.shipper.identifier() == number


def test_an_amendment_is_told_field_by_field() -> None:
    """What was added, changed and taken out, at its path; a flag is not the number 1."""
    before = a_text(numberOfRiderPages=1, carrierClauses=[])
    after = text_of(at("transports.portOfDischarge.UNLocationCode", "TRIZM", a_document(numberOfRiderPages=True)))
    assert document.amended(before, after) == (
        "carrierClauses",
        "numberOfRiderPages",
        "transports.portOfDischarge.UNLocationCode",
    )
    assert document.amended(before, before) == ()
