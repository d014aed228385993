"""Bills of lading, and who acts on them: a carrier, traders of three banks, officers of two, two supervisors."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from gateway.auth.signing import Credential
from gateway.development import customers
from gateway.development.customers import TRADERS
from gateway.development.members import Member
from settlement import canonical, identity
from settlement.participants import LEI_CHARACTERS, Participant, ParticipantState
from settlement.parties import Role
from settlement.records import Command
from settlement.trade.lading import bill as bills
from settlement.trade.lading import chain, control, document, manifest
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty, PaperOriginal
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ApproveBillOfLading,
    ConfirmBillRuling,
    ConvertBillOfLading,
    DisputeBillOfLading,
    DraftBillOfLading,
    EndorseBillOfLading,
    IssueBillOfLading,
    Manner,
    ProposeBillRuling,
    Purpose,
    RecordDelivery,
    RejectBillOfLading,
    Ruling,
    SignBillOfLading,
    SurrenderBillOfLading,
    TransferBillOfLading,
    VoidBillOfLading,
)
from settlement.trade.record import Actor
from tests.builders import BICS, an_id
from tests.certificates import a_credential
from tests.world import NETWORK, NOW_MS, make_members

CARRIER_LEI: Final = customers.CARRIER.lei
SILK_USCC: Final = TRADERS["banksh"].customer.identifier
TEKSTIL_LEI: Final = TRADERS["bankist"].customer.identifier
OTHER_LEI: Final = "254900THIRDTRADER133"
OTHER_CARRIER_LEI: Final = "254900OTHERCARRIER15"

CARRIER: Final = BillParty(participant="customs", identifier=CARRIER_LEI)
SILK: Final = BillParty(participant="banksh", identifier=SILK_USCC)
TEKSTIL: Final = BillParty(participant="bankist", identifier=TEKSTIL_LEI)
OTHER: Final = BillParty(participant="bankfra", identifier=OTHER_LEI)
BANKSH: Final = BillParty(participant="banksh")
BANKIST: Final = BillParty(participant="bankist")

PAPER: Final = PaperOriginal(number="YPLSHA2611001", originals=3, place="Shanghai", date="2026-11-25")


def code(number: str) -> list[dict[str, str]]:
    """Identify a party of a document by its LEI, or its USCC."""
    if len(number) == LEI_CHARACTERS:
        return [{"codeListProvider": "GLEIF", "partyCode": number, "codeListName": "LEI"}]
    return [{"codeListProvider": "ZZZ", "partyCode": number, "codeListName": "USCI"}]


_DOCUMENT: Final[dict[str, Any]] = {
    "transportDocumentReference": "YPLSHA2611001",
    "transportDocumentStatus": "ISSUED",
    "transportDocumentTypeCode": "BOL",
    "isShippedOnBoardType": True,
    "isElectronic": True,
    "isToOrder": True,
    "freightPaymentTermCode": "PRE",
    "shippedOnBoardDate": "2026-11-23",
    "issueDate": "2026-11-23",
    "termsAndConditions": "Yangtze Pacific Lines Bill of Lading Terms, edition 2026.",
    "receiptTypeAtOrigin": "CY",
    "deliveryTypeAtDestination": "CY",
    "cargoMovementTypeAtOrigin": "FCL",
    "cargoMovementTypeAtDestination": "FCL",
    "carrierCode": "YPLU",
    "carrierCodeListProvider": "SMDG",
    "placeOfIssue": {"locationName": "Shanghai"},
    "invoicePayableAt": {"UNLocationCode": "CNSHA"},
    "partyContactDetails": [{"name": "Documentation desk", "email": "docs@yangtze-pacific.example"}],
    "documentParties": {
        "shipper": {"partyName": TRADERS["banksh"].party.name, "identifyingCodes": code(SILK_USCC)},
        "issuingParty": {"partyName": customers.CARRIER.name, "identifyingCodes": code(CARRIER_LEI)},
    },
    "transports": {
        "plannedDepartureDate": "2026-11-24",
        "plannedArrivalDate": "2026-12-22",
        "portOfLoading": {"UNLocationCode": "CNSHA"},
        "portOfDischarge": {"UNLocationCode": "TRIST"},
        "vesselVoyages": [{"vesselName": "Yangtze Pearl", "carrierExportVoyageNumber": "2647W"}],
    },
    "consignmentItems": [
        {
            "carrierBookingReference": "YPLB2611877",
            "descriptionOfGoods": ["Woven fabrics of silk, dyed"],
            "HSCodes": ["500720"],
            "cargoItems": [
                {
                    "equipmentReference": "YPLU1234569",
                    "cargoGrossWeight": {"value": 8420.5, "unit": "KGM"},
                    "outerPackaging": {"numberOfPackages": 310, "description": "Cartons"},
                }
            ],
        }
    ],
    "utilizedTransportEquipments": [
        {"equipment": {"equipmentReference": "YPLU1234569"}, "isShipperOwned": False, "seals": [{"number": "HP88213"}]}
    ],
}


def named(number: str = TEKSTIL_LEI, name: str = TRADERS["bankist"].party.name) -> dict[str, Any]:
    """Name a party of a document."""
    return {"partyName": name, "identifyingCodes": code(number)}


def a_bank(participant: str = "banksh") -> dict[str, Any]:
    """Name a bank as a party of a document."""
    listed = {"codeListProvider": "ZZZ", "partyCode": BICS[participant], "codeListName": "BIC"}
    return {"partyName": "Bank", "identifyingCodes": [listed]}


def a_document(**changes: Any) -> dict[str, Any]:
    """Give a transport document as JSON data; a bill to order, blank unless parties are named; None takes a field out.

    `consignee` and `endorsee` go among its parties.
    """
    data = copy.deepcopy(_DOCUMENT)
    parties = {name: changes.pop(name) for name in ("consignee", "endorsee", "shipper") if name in changes}
    data["documentParties"].update(parties)
    data.update(changes)
    return {name: value for name, value in data.items() if value is not None}


def a_text(**changes: Any) -> str:
    """Give its canonical text."""
    return document.canonical_text(canonical.encode(a_document(**changes)))


@cache
def organisations() -> dict[str, Member]:
    """Give all organisations and their CAs."""
    return make_members()


@cache
def participants() -> dict[str, Participant]:
    """Give them as the ledger knows them."""
    return {
        name: Participant(organisation=member.organisation, state=ParticipantState.ACTIVE)
        for name, member in organisations().items()
    }


@cache
def people() -> dict[str, Credential]:
    """Give everybody's key and certificate, by name."""
    cas = {name: member.ca for name, member in organisations().items()}
    claims = {
        "carrier": ("customs", Role.CARRIER, CARRIER_LEI),
        "other carrier": ("customs", Role.CARRIER, OTHER_CARRIER_LEI),
        "silk": ("banksh", Role.TRADER, SILK_USCC),
        "tekstil": ("bankist", Role.TRADER, TEKSTIL_LEI),
        "other": ("bankfra", Role.TRADER, OTHER_LEI),
        "banksh": ("banksh", Role.BANK_OFFICER, ""),
        "bankist": ("bankist", Role.BANK_OFFICER, ""),
        "supervisor-1": ("regulator", Role.SUPERVISOR, ""),
        "supervisor-2": ("regulator", Role.SUPERVISOR, ""),
        "gateway": ("banksh", Role.GATEWAY, ""),
        "another gateway": ("bankist", Role.GATEWAY, ""),
    }
    return {
        name: a_credential(
            cas[participant],
            common_name=name,
            attributes={"waitan.participant": participant, "waitan.role": role.value}
            | ({"waitan.party": party} if party else {}),
        )
        for name, (participant, role, party) in claims.items()
    }


def an_actor(name: str, *, tx: str = "tx-1", at_ms: int = NOW_MS) -> Actor:
    """Let somebody act, in a transaction."""
    credential = people()[name]
    member = participants()[identity.claimed_participant(credential.certificate)]
    read = identity.identify(credential.certificate, member, NOW_MS)
    return Actor(
        participant=read.participant,
        role=read.role,
        signer=read.signer,
        party=read.party,
        certificate=credential.certificate,
        network=NETWORK,
        tx_id=tx,
        at_ms=at_ms,
    )


def draft_command(text: str = "", **others: Any) -> DraftBillOfLading:
    """Write a bill; banks are those of the parties that the document names."""
    text = text or a_text()
    parties = document.read(text).document_parties
    banks = {
        f"{name}_bank": HOMES[party.identifier()]
        for name in ("shipper", "consignee", "endorsee")
        if (party := getattr(parties, name)) is not None
    }
    return DraftBillOfLading(**{"command_id": an_id(), "document": text, **banks, **others})


HOMES: Final = {
    SILK_USCC: "banksh",
    TEKSTIL_LEI: "bankist",
    OTHER_LEI: "bankfra",
    BICS["banksh"]: "banksh",
    BICS["bankist"]: "bankist",
}
"""Whose people certify whom."""


def a_draft(text: str = "", *, by: str = "carrier", **others: Any) -> BillOfLading:
    """Give a bill as its carrier has written it."""
    command = draft_command(text, **others)
    actor = an_actor(by)
    return bills.drafted(None, command, bills.terms_of(command, actor, participants()), actor)


def approve(found: BillOfLading, by: str = "silk") -> BillOfLading:
    """Let the shipper approve."""
    command = ApproveBillOfLading(command_id=an_id(), record_id=found.record_id, terms=chain.digest(found.terms))
    return bills.approved(found, command, an_actor(by, tx="tx-2"))


def issue(found: BillOfLading, by: str = "carrier", manifest_by: str = "") -> BillOfLading:
    """Let the carrier issue."""
    key = people()[manifest_by or by]
    token = manifest.signed(found.document, key.certificate, key.sign)
    command = IssueBillOfLading(command_id=an_id(), record_id=found.record_id, manifest=token)
    return bills.issued(found, command, an_actor(by, tx="tx-3"))


def a_bill(text: str = "", **others: Any) -> BillOfLading:
    """Give a bill that is issued: the shipper, SILK, holds it."""
    return issue(approve(a_draft(text, **others)))


def a_named_bill() -> BillOfLading:
    """Give one to the order of its shipper, who holds it and has the title."""
    return a_bill(a_text(endorsee=named(SILK_USCC, TRADERS["banksh"].party.name)))


def a_straight_bill() -> BillOfLading:
    """Give one that names TEKSTIL as consignee and cannot be endorsed."""
    return a_bill(a_text(isToOrder=False, consignee=named()))


def transfer(found: BillOfLading, to: BillParty, by: str, reason: str = "") -> BillOfLading:
    """Give control to another."""
    command = TransferBillOfLading(command_id=an_id(), record_id=found.record_id, recipient=to, reason=reason)
    return control.transferred(found, command, an_actor(by))


def endorse(
    found: BillOfLading, to: BillParty | None, by: str, manner: Manner = Manner.ENDORSE_TO_ORDER
) -> BillOfLading:
    """Pass the title on."""
    command = EndorseBillOfLading(command_id=an_id(), record_id=found.record_id, manner=manner, endorsee=to)
    return control.endorsed(found, command, an_actor(by))


def reject(found: BillOfLading, by: str, reason: str = "not what was agreed") -> BillOfLading:
    """Give back."""
    command = RejectBillOfLading(command_id=an_id(), record_id=found.record_id, reason=reason)
    return control.rejected(found, command, an_actor(by))


def surrender(
    found: BillOfLading, by: str, purpose: Purpose = Purpose.SURRENDER_FOR_DELIVERY, reason: str = ""
) -> BillOfLading:
    """Ask the carrier."""
    command = SurrenderBillOfLading(command_id=an_id(), record_id=found.record_id, purpose=purpose, reason=reason)
    return control.surrendered(found, command, an_actor(by))


def answer(found: BillOfLading, *, accepted: bool, by: str = "carrier", reason: str = "") -> BillOfLading:
    """Let the carrier answer."""
    request = found.standing.head if found.standing else ""
    command = AnswerSurrender(
        command_id=an_id(), record_id=found.record_id, request=request, accepted=accepted, reason=reason
    )
    return control.answered(found, command, an_actor(by))


def holder_of(found: BillOfLading) -> BillParty:
    """Give who holds an issued bill."""
    assert found.standing is not None
    return found.standing.holder


def title_of(found: BillOfLading) -> BillParty | None:
    """Give who has the title, if anybody has it by name."""
    assert found.standing is not None
    return found.standing.title.holder if found.standing.title else None


def sample(kind: type[Command], **others: Any) -> Callable[..., Command]:
    """Give what makes a command about a bill that nobody has."""
    return lambda *_: kind(**{"command_id": an_id(), "record_id": "00", **others})


LADING_SAMPLES: Final[dict[type[Command], Callable[..., Command]]] = {
    DraftBillOfLading: lambda *_: draft_command(),
    ApproveBillOfLading: sample(ApproveBillOfLading, terms=""),
    IssueBillOfLading: sample(IssueBillOfLading, manifest=""),
    TransferBillOfLading: sample(TransferBillOfLading, recipient=TEKSTIL),
    EndorseBillOfLading: sample(EndorseBillOfLading, manner=Manner.BLANK_ENDORSE),
    SignBillOfLading: sample(SignBillOfLading),
    RejectBillOfLading: sample(RejectBillOfLading, reason="late"),
    SurrenderBillOfLading: sample(SurrenderBillOfLading, purpose=Purpose.SURRENDER_FOR_DELIVERY),
    AnswerSurrender: sample(AnswerSurrender, request="", accepted=True),
    RecordDelivery: sample(RecordDelivery),
    ConvertBillOfLading: sample(ConvertBillOfLading, paper=PAPER),
    VoidBillOfLading: sample(VoidBillOfLading, reason="not loaded"),
    DisputeBillOfLading: sample(DisputeBillOfLading, reason="stolen"),
    ProposeBillRuling: sample(ProposeBillRuling, keeper="customs", ruling=Ruling.RELEASE, reason="heard both"),
    ConfirmBillRuling: sample(ConfirmBillRuling, keeper="customs", ruling=Ruling.RELEASE),
}
