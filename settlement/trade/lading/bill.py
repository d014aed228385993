"""An electronic bill of lading as a transferable record: written by the carrier, approved by the shipper, issued.

What makes it transferable stands in `chain`. This is the record around it: the document, the terms, who keeps copies,
and the rules that hold before its issue. (MLETR articles 10-17; DCSA eBL 3.0 and PINT 3.0.0)
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from settlement import dates
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.lifecycle import Lifecycle
from settlement.participants import Participant
from settlement.parties import Role
from settlement.records import Record
from settlement.texts import require_text
from settlement.trade.lading import chain, document, manifest
from settlement.trade.lading.chain import (
    LIFECYCLE,
    LINKS_MAX,
    Action,
    BillParty,
    BillState,
    Link,
    PaperOriginal,
    Standing,
    Terms,
)
from settlement.trade.lading.commands import ApproveBillOfLading, DraftBillOfLading, IssueBillOfLading, Ruling
from settlement.trade.lading.document import DocumentParty, TransportDocument
from settlement.trade.record import Actor, TradeRecord, record_id

ORIGINALS_MAX: Final = 9
"""A full set on paper is three; no carrier issues ten."""

SWITCH_TO_PAPER: Final = "SWTP"
"""DCSA's reason code of a surrender that ends in a bill on paper."""


class Proposal(Record):
    """A ruling that one supervisor has proposed and another must confirm."""

    ruling: Ruling
    reason: str
    by: Signer


class Dispute(Record):
    """Why a bill stands still. `links` is how many the chain had: nobody disputes the same state of things twice."""

    raised_by: BillParty
    reason: str
    links: int
    proposal: Proposal | None = None
    ruling: Ruling | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a ruling."""
        return self.ruling is None


class BillOfLading(TradeRecord[BillState], tag="bill_of_lading/1"):
    """A bill of lading. `number` is the carrier's reference; `version` tells amended ones apart.

    `document` is the transport document's canonical text; `standing` follows from `terms` and `links` alone; `issuance`
    is the carrier's signed manifest. `paper` is the bill on paper into which it was converted, `replaced_by` the
    record_id of the amended one.
    """

    LIFECYCLE: ClassVar[Lifecycle[Any, Any]] = LIFECYCLE

    document: str
    terms: Terms
    version: str = ""
    links: tuple[Link, ...] = ()
    standing: Standing | None = None
    issuance: str = ""
    dispute: Dispute | None = None
    paper: PaperOriginal | None = None
    replaced_by: str = ""

    @property
    def is_disputed(self) -> bool:
        """Whether it stands still."""
        return self.dispute is not None and self.dispute.is_open


def bill_id(carrier: str, reference: str, version: str) -> str:
    """Name a bill by its carrier's LEI or USCC, its reference and its version."""
    return record_id(BillOfLading, carrier, reference, version)


def party_of(by: Actor) -> BillParty:
    """Say as whom somebody acts: an officer for the bank itself; a trader or carrier for its firm, AG08 without one."""
    firm = "" if by.role is Role.BANK_OFFICER else by.require_party()
    return BillParty(participant=by.participant, identifier=firm)


def require_concerned(bill: BillOfLading | None, by: Actor) -> BillOfLading:
    """Give the bill to a firm that stands on it, or to the bank that keeps it; to others it is NOT_FOUND."""
    person = party_of(by)
    if bill is None or (person.identifier and person.called not in bill.firms):
        raise Refusal(Code.NOT_FOUND, "record_id")
    return bill


def require_carrier(bill: BillOfLading, by: Actor) -> None:
    """Let the carrier of the bill alone do what carriers do."""
    if party_of(by) != bill.terms.carrier:
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")


def require_move(bill: BillOfLading, action: Action) -> None:
    """Refuse MOVE_NOT_ALLOWED what the table does not list, then IN_DISPUTE whatever a dispute stops."""
    LIFECYCLE.after(bill.state, action)
    if bill.is_disputed:
        raise Refusal(Code.IN_DISPUTE, "record_id")


# Before its issue.


def terms_of(command: DraftBillOfLading, by: Actor, banks: Mapping[str, Participant]) -> Terms:
    """Read a document's terms; the parties' banks are looked up in `banks`, by participant.

    AG08 where the document names another carrier than the one that asks; NOT_FOUND for a bank that is none here.
    """
    carrier = party_of(by)
    written = document.read(command.document)
    parties = written.document_parties
    if parties.issuing_party.identifier() != carrier.identifier:
        raise Refusal(Code.AG08, "document.documentParties.issuingParty")
    if command.from_paper is not None:
        require_paper(command.from_paper, "from_paper")
    for name in ("consignee", "endorsee"):
        if getattr(command, f"{name}_bank") and getattr(parties, name) is None:
            raise Refusal(Code.CH17, f"{name}_bank")
    if not command.shipper_bank:
        raise Refusal(Code.CH21, "shipper_bank")
    shipper = _party(parties.shipper, command.shipper_bank, banks, "shipper_bank")
    assert shipper is not None
    return Terms(
        document=document.checksum(command.document),
        to_order=written.is_to_order,
        carrier=carrier,
        shipper=shipper,
        consignee=_party(parties.consignee, command.consignee_bank, banks, "consignee_bank"),
        endorsee=_party(parties.endorsee, command.endorsee_bank, banks, "endorsee_bank"),
        replaces=command.replaces,
        from_paper=command.from_paper,
    )


def _party(party: DocumentParty | None, bank: str, banks: Mapping[str, Participant], where: str) -> BillParty | None:
    if party is None:
        return None
    if not bank:
        return BillParty(participant="", identifier=party.identifier())
    known = banks.get(bank)
    if known is None:
        raise Refusal(Code.NOT_FOUND, where)
    number = party.identifier()
    own = number in (known.organisation.lei, known.organisation.bic)
    return BillParty(participant=bank, identifier="" if own else number)


def customers(terms: Terms) -> Iterator[BillParty]:
    """Give the firms of a bill that a bank of this ledger must have registered."""
    for party in (terms.shipper, terms.consignee, terms.endorsee):
        if party is not None and party.participant and party.identifier:
            yield party


def drafted(
    existing: BillOfLading | None,
    command: DraftBillOfLading,
    terms: Terms,
    by: Actor,
    *,
    replaced: BillOfLading | None = None,
) -> BillOfLading:
    """Write a bill, or write it anew until it is issued; what was approved before needs approval again.

    `replaced` is the bill that it names as replaced, if there is one.
    """
    written = document.read(command.document)
    if command.replaces:
        terms = replace(terms, amended=_amended(replaced, command, by))
    if existing is not None:
        require_move(existing, Action.DRAFT)
        if command.trade != existing.trade or terms.replaces != existing.terms.replaces:
            raise Refusal(Code.CH16, "trade" if command.trade != existing.trade else "replaces")
        return _keeping(existing.after(Action.DRAFT, by, document=command.document, terms=terms))
    record = BillOfLading(
        record_id=bill_id(terms.carrier.identifier, *_natural(written)),
        number=written.transport_document_reference,
        version=written.transport_document_sub_reference,
        firms=(),
        held_by=(),
        state=LIFECYCLE.initial,
        tx_id=by.tx_id,
        acts=(by.act(Action.DRAFT),),
        trade=command.trade,
        document=command.document,
        terms=terms,
    )
    return _keeping(record)


def id_of_draft(command: DraftBillOfLading, by: Actor) -> str:
    """Name the bill that a document would be."""
    return bill_id(party_of(by).identifier, *_natural(document.read(command.document)))


def _natural(written: TransportDocument) -> tuple[str, str]:
    return written.transport_document_reference, written.transport_document_sub_reference


def _amended(replaced: BillOfLading | None, command: DraftBillOfLading, by: Actor) -> tuple[str, ...]:
    replaced = require_concerned(replaced, by)
    require_carrier(replaced, by)
    require_replaceable(replaced)
    paths = document.amended(replaced.document, command.document)
    if not paths:
        raise Refusal(Code.CH16, "document")
    return paths


def require_replaceable(bill: BillOfLading) -> None:
    """Let a bill be replaced that was surrendered for amendment, but not to be switched to paper."""
    require_move(bill, Action.VOID)
    if not bill.links or surrender_reason(bill) == SWITCH_TO_PAPER:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "replaces")


def surrender_reason(bill: BillOfLading) -> str:
    """Give the reason of the last surrender request."""
    return next(link.reason for link in reversed(bill.links) if link.action in chain.SURRENDERS)


def approved(bill: BillOfLading, command: ApproveBillOfLading, by: Actor) -> BillOfLading:
    """Let the shipper find the draft in order, and no other terms than those it has read."""
    require_move(bill, Action.APPROVE)
    if party_of(by) != bill.terms.shipper:
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")
    if command.terms != chain.digest(bill.terms):
        raise Refusal(Code.NOT_AS_APPROVED, "terms")
    return bill.after(Action.APPROVE, by)


def issued(bill: BillOfLading, command: IssueBillOfLading, by: Actor) -> BillOfLading:
    """Issue: the first link of the chain, with which the shipper gets control. DS0H for another's manifest."""
    require_move(bill, Action.ISSUE)
    require_carrier(bill, by)
    manifest.require(command.manifest, bill.document, by.certificate)
    return replace(linked(bill, Action.ISSUE, by, recipient=bill.terms.shipper), issuance=command.manifest)


def require_paper(paper: PaperOriginal, where: str) -> None:
    """Check what is said of a bill on paper: its number, its originals, where and when."""
    require_text(paper.number, f"{where}.number")
    require_text(paper.place, f"{where}.place")
    if not 0 < paper.originals <= ORIGINALS_MAX:
        raise Refusal(Code.CH16, f"{where}.originals")
    dates.day(paper.date, f"{where}.date")


# From its issue on.


def linked(
    bill: BillOfLading, action: Action, by: Actor, *, recipient: BillParty | None = None, reason: str = ""
) -> BillOfLading:
    """Add a link to the chain, if the rules of the chain let it."""
    require_move(bill, action)
    if reason:
        require_text(reason, "reason")
    if len(bill.links) >= LINKS_MAX and action not in chain.SURRENDERS | chain.ANSWERS:
        raise Refusal(Code.CHAIN_FULL, "record_id")
    link = Link(
        action=action,
        actor=party_of(by),
        recipient=recipient,
        at_ms=by.at_ms,
        reason=reason,
        signer=by.signer.name,
        serial=by.signer.serial,
        tx_id=by.tx_id,
        document=bill.terms.document,
        previous=bill.standing.head if bill.standing else chain.digest(bill.terms),
    )
    standing = chain.after(bill.terms, bill.standing, link)
    to = recipient.called if recipient else ""
    return _keeping(bill.after(action, by, reason=reason, to=to, links=(*bill.links, link), standing=standing))


def verify(bill: BillOfLading) -> None:
    """Check a bill against itself: the document, the chain, and where it stands; CHAIN_BROKEN where they disagree."""
    if document.checksum(bill.document) != bill.terms.document:
        raise Refusal(Code.CHAIN_BROKEN, "document")
    if bill.standing != (chain.replay(bill.terms, bill.links) if bill.links else None):
        raise Refusal(Code.CHAIN_BROKEN, "standing")


def people_of(bill: BillOfLading) -> frozenset[BillParty]:
    """Give everybody who stands on a bill or was ever given it."""
    people = (bill.terms.carrier, bill.terms.shipper, bill.terms.consignee, bill.terms.endorsee)
    return frozenset(each for each in (*people, *(link.recipient for link in bill.links)) if each is not None)


def _keeping(bill: BillOfLading) -> BillOfLading:
    """Say who may see a bill and who keeps a copy: everybody on it and everybody who ever held it, and their banks."""
    known = people_of(bill)
    return replace(
        bill,
        firms=tuple(sorted(each.called for each in known if each.identifier)),
        held_by=tuple(sorted({*bill.held_by, *(each.participant for each in known)} - {""})),
    )
