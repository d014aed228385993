"""What people ask of a bill of lading. Each is signed by a person: nobody's gateway moves a bill by itself."""

from enum import StrEnum

from settlement.records import IdentifiedCommand
from settlement.trade.lading.chain import BillParty, PaperOriginal


class Manner(StrEnum):
    """How a bill is endorsed: DCSA's action codes."""

    ENDORSE = "ENDORSE"
    ENDORSE_TO_ORDER = "ENDORSE_TO_ORDER"
    BLANK_ENDORSE = "BLANK_ENDORSE"


class Purpose(StrEnum):
    """What a bill is surrendered for: DCSA's action codes."""

    SURRENDER_FOR_DELIVERY = "SURRENDER_FOR_DELIVERY"
    SURRENDER_FOR_AMENDMENT = "SURRENDER_FOR_AMENDMENT"


class Ruling(StrEnum):
    """What the regulator rules: the bill goes on from where it stands, or it is void."""

    RELEASE = "RELEASE"
    ANNUL = "ANNUL"


class BillCommand(IdentifiedCommand):
    """A command about a bill that is on the ledger."""

    record_id: str


class DraftBillOfLading(IdentifiedCommand):
    """A carrier writes a bill, or writes it anew before it is issued; it is named by carrier, reference and version.

    `document` is the transport document's canonical text. The banks are the participants that certify the people of the
    parties that it names; a consignee or endorsee without one is not on this ledger. Where the number is the bank's own
    (LEI or BIC), the bank itself is meant. `trade` is the sales contract's record_id; `replaces` a bill surrendered for
    amendment; `from_paper` a bill on paper that the carrier has taken in (MLETR article 17).
    """

    document: str
    shipper_bank: str
    consignee_bank: str = ""
    endorsee_bank: str = ""
    trade: str = ""
    replaces: str = ""
    from_paper: PaperOriginal | None = None


class ApproveBillOfLading(BillCommand):
    """The shipper finds the draft in order: the document, the parties and their banks, and what it replaces.

    `terms` is the SHA-256 of the terms that it has read (`chain.digest`): what the first link will be hashed onto.
    """

    terms: str


class IssueBillOfLading(BillCommand):
    """The carrier issues what the shipper approved: from now on the shipper holds it.

    `manifest` is DCSA's issuance manifest as a compact JWS by the carrier's own key (settlement.trade.lading.manifest).
    """

    manifest: str


class TransferBillOfLading(BillCommand):
    """The holder gives control to another. `reason` says why, such as that it is pledged."""

    recipient: BillParty
    reason: str = ""


class EndorseBillOfLading(BillCommand):
    """The title holder who holds the bill passes the title on; control stays until the bill is transferred."""

    manner: Manner
    endorsee: BillParty | None = None


class SignBillOfLading(BillCommand):
    """The holder confirms, for all to see, that it holds the bill."""


class RejectBillOfLading(BillCommand):
    """Who was given a bill gives it back, before it has done anything else with it."""

    reason: str


class SurrenderBillOfLading(BillCommand):
    """The holder asks the carrier for the goods, or to amend. `reason`: for an amendment SWTP, COD, SWI or words."""

    purpose: Purpose
    reason: str = ""


class AnswerSurrender(BillCommand):
    """The carrier accepts a surrender, or rejects it with a reason and gives the bill back.

    `request` is the SHA-256 of the link by which it was asked for (DCSA's `surrenderRequestReference`): an answer is to
    one request, and not to a later one.
    """

    request: str
    accepted: bool
    reason: str = ""


class RecordDelivery(BillCommand):
    """The carrier has handed over the goods."""


class ConvertBillOfLading(BillCommand):
    """The carrier has issued a bill on paper in place of this one (surrendered with SWTP; MLETR article 18)."""

    paper: PaperOriginal


class VoidBillOfLading(BillCommand):
    """The carrier withdraws a draft, or voids what was surrendered for amendment and will not be replaced."""

    reason: str


class DisputeBillOfLading(BillCommand):
    """A party of the bill contests who holds it: it stands still until the regulator rules."""

    reason: str


class ProposeBillRuling(BillCommand):
    """A supervisor proposes how to end a dispute. `keeper` is a participant that holds the bill, such as customs."""

    keeper: str
    ruling: Ruling
    reason: str


class ConfirmBillRuling(BillCommand):
    """Another supervisor confirms it, and it takes effect."""

    keeper: str
    ruling: Ruling


AnyBillCommand = (
    DraftBillOfLading
    | ApproveBillOfLading
    | IssueBillOfLading
    | TransferBillOfLading
    | EndorseBillOfLading
    | SignBillOfLading
    | RejectBillOfLading
    | SurrenderBillOfLading
    | AnswerSurrender
    | RecordDelivery
    | ConvertBillOfLading
    | VoidBillOfLading
    | DisputeBillOfLading
    | ProposeBillRuling
    | ConfirmBillRuling
)
"""All of them."""
