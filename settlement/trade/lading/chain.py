"""The endorsement chain: who did what with an issued bill, each link hashed into the next.

Holder and title are two things. The *holder* has control of the record (MLETR article 11: possession); at every moment
there is exactly one. The *title holder* is whom the bill was last endorsed to; a bill that is blank has none, and then
holding it suffices; a straight bill has none either, for it cannot be endorsed. A surrender request gives the carrier
control until it answers.

Where a bill stands follows from its terms and its links alone: `after` is the rule by which a link is added, and by
which `replay` checks the whole chain again. So a chain that verifies is one that was allowed at every step.
(DCSA PINT 3.0.0 `Transaction.actionCode`; DCSA eBL Surrender 3.0; REQUIREMENTS I7-I10)
"""

from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from settlement import canonical
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.records import Record
from settlement.trade.record import called


class BillState(StrEnum):
    """Where a bill of lading stands: DCSA's `transportDocumentStatus`, and how it ended."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    ISSUED = "ISSUED"
    PENDING_SURRENDER_FOR_DELIVERY = "PENDING_SURRENDER_FOR_DELIVERY"
    SURRENDERED_FOR_DELIVERY = "SURRENDERED_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    PENDING_SURRENDER_FOR_AMENDMENT = "PENDING_SURRENDER_FOR_AMENDMENT"
    SURRENDERED_FOR_AMENDMENT = "SURRENDERED_FOR_AMENDMENT"
    VOIDED = "VOIDED"
    CONVERTED = "CONVERTED"


class Action(StrEnum):
    """What is done with a bill. Those in LINKED are DCSA's action codes and make links; the others are before or after.

    REJECT_TRANSFER is ours: DCSA leaves to platforms how a recipient says no.
    """

    DRAFT = "DRAFT"
    APPROVE = "APPROVE"
    ISSUE = "ISSUE"
    TRANSFER = "TRANSFER"
    REJECT_TRANSFER = "REJECT_TRANSFER"
    ENDORSE = "ENDORSE"
    ENDORSE_TO_ORDER = "ENDORSE_TO_ORDER"
    BLANK_ENDORSE = "BLANK_ENDORSE"
    SIGN = "SIGN"
    SURRENDER_FOR_DELIVERY = "SURRENDER_FOR_DELIVERY"
    SURRENDER_FOR_AMENDMENT = "SURRENDER_FOR_AMENDMENT"
    SACC = "SACC"
    SREJ = "SREJ"
    DELIVER = "DELIVER"
    CONVERT = "CONVERT"
    VOID = "VOID"
    DISPUTE = "DISPUTE"
    PROPOSE_RULING = "PROPOSE_RULING"
    RELEASE = "RELEASE"
    ANNUL = "ANNUL"


_HELD: Final = (
    Action.TRANSFER,
    Action.REJECT_TRANSFER,
    Action.ENDORSE,
    Action.ENDORSE_TO_ORDER,
    Action.BLANK_ENDORSE,
    Action.SIGN,
)
_OF_A_DISPUTE: Final = (Action.DISPUTE, Action.PROPOSE_RULING, Action.RELEASE)
ENDORSEMENTS: Final = frozenset({Action.ENDORSE, Action.ENDORSE_TO_ORDER, Action.BLANK_ENDORSE})
SURRENDERS: Final = frozenset({Action.SURRENDER_FOR_DELIVERY, Action.SURRENDER_FOR_AMENDMENT})
ANSWERS: Final = frozenset({Action.SACC, Action.SREJ})
LINKED: Final = frozenset({Action.ISSUE, *_HELD, *SURRENDERS, *ANSWERS})
"""The actions that the chain tells of. After SACC the table lets none of them follow."""

_LIVE: Final = (
    BillState.ISSUED,
    BillState.PENDING_SURRENDER_FOR_DELIVERY,
    BillState.PENDING_SURRENDER_FOR_AMENDMENT,
    BillState.SURRENDERED_FOR_DELIVERY,
    BillState.SURRENDERED_FOR_AMENDMENT,
)
"""Where a bill can be disputed: from its issue until it has ended. A dispute stops it where it stands."""

LIFECYCLE: Final = Lifecycle(
    "bill of lading",
    initial=BillState.DRAFT,
    moves={
        (BillState.DRAFT, Action.DRAFT): BillState.DRAFT,
        (BillState.DRAFT, Action.APPROVE): BillState.APPROVED,
        (BillState.DRAFT, Action.VOID): BillState.VOIDED,
        (BillState.APPROVED, Action.DRAFT): BillState.DRAFT,
        (BillState.APPROVED, Action.ISSUE): BillState.ISSUED,
        (BillState.APPROVED, Action.VOID): BillState.VOIDED,
        **{(BillState.ISSUED, action): BillState.ISSUED for action in _HELD},
        (BillState.ISSUED, Action.SURRENDER_FOR_DELIVERY): BillState.PENDING_SURRENDER_FOR_DELIVERY,
        (BillState.ISSUED, Action.SURRENDER_FOR_AMENDMENT): BillState.PENDING_SURRENDER_FOR_AMENDMENT,
        (BillState.PENDING_SURRENDER_FOR_DELIVERY, Action.SACC): BillState.SURRENDERED_FOR_DELIVERY,
        (BillState.PENDING_SURRENDER_FOR_DELIVERY, Action.SREJ): BillState.ISSUED,
        (BillState.PENDING_SURRENDER_FOR_AMENDMENT, Action.SACC): BillState.SURRENDERED_FOR_AMENDMENT,
        (BillState.PENDING_SURRENDER_FOR_AMENDMENT, Action.SREJ): BillState.ISSUED,
        (BillState.SURRENDERED_FOR_DELIVERY, Action.DELIVER): BillState.DELIVERED,
        (BillState.SURRENDERED_FOR_AMENDMENT, Action.CONVERT): BillState.CONVERTED,
        (BillState.SURRENDERED_FOR_AMENDMENT, Action.VOID): BillState.VOIDED,
        **{(state, action): state for state in _LIVE for action in _OF_A_DISPUTE},
        **{(state, Action.ANNUL): BillState.VOIDED for state in _LIVE},
    },
)


class BillParty(Record):
    """A person of the bill: its LEI or USCC, and the participant that certifies it; without a number, that bank itself.

    `participant` is empty for one that is named on the bill and not on this ledger: it can never act here.
    """

    participant: str
    identifier: str = ""

    @property
    def is_bank(self) -> bool:
        """Whether a bank holds for itself: as pledgee, or to collect."""
        return not self.identifier

    @property
    def called(self) -> str:
        """Its name in words: `NUMBER@PARTICIPANT`, or `PARTICIPANT` for that bank itself."""
        return called(self.participant, self.identifier)


class PaperOriginal(Record):
    """A bill on paper that this record replaced, or that replaced it: number, how many originals, where and when."""

    number: str
    originals: int
    place: str
    date: str


class Terms(Record):
    """What a chain starts from: the document by its checksum, its parties, and what it replaces.

    `consignee` and `endorsee` are absent where the document names none. `replaces` is the record that was amended, and
    `amended` the paths at which this document differs from that one; `from_paper` the bill on paper that was taken in.
    """

    document: str
    to_order: bool
    carrier: BillParty
    shipper: BillParty
    consignee: BillParty | None = None
    endorsee: BillParty | None = None
    replaces: str = ""
    amended: tuple[str, ...] = ()
    from_paper: PaperOriginal | None = None


class Link(Record):
    """One action, and who took it.

    `signer` and `serial` are the name and number of the certificate that signed the command, which the ledger keeps
    with its transaction `tx_id`. `document` is the checksum of the transport document; `previous` the SHA-256 of the
    link before, for the first one that of the terms. `reason` is a DCSA code (SWTP, COD, SWI) or words to read.
    """

    action: Action
    actor: BillParty
    at_ms: int
    signer: str
    serial: str
    tx_id: str
    document: str
    previous: str
    recipient: BillParty | None = None
    reason: str = ""


class Title(Record):
    """Whom a bill to order was last endorsed to; `to_order`: it may endorse on (DCSA ENDORSE_TO_ORDER)."""

    holder: BillParty
    to_order: bool = True


class Offer(Record):
    """What a recipient that rejects gives back: to whom, and the title as it was; not before it `arrived`."""

    recipient: BillParty
    giver: BillParty
    title: Title | None = None
    arrived: bool = False


class Standing(Record):
    """Where an issued bill stands. `requested_by` waits for the carrier's answer to its surrender.

    `head` is the SHA-256 of the last link: what the next one holds as `previous`.
    """

    state: BillState
    holder: BillParty
    head: str
    title: Title | None = None
    offer: Offer | None = None
    requested_by: BillParty | None = None


LINKS_MAX: Final = 200
"""The most links that holders may add; surrender and its answer are let pass always, so that a bill can end."""


def digest(content: Link | Terms) -> str:
    """Give the SHA-256 (hex) of the canonical form: what the next link holds as `previous`."""
    return canonical.digest(canonical.encode(content))


def replay(terms: Terms, links: tuple[Link, ...]) -> Standing:
    """Walk a chain from its terms; CHAIN_BROKEN at the first link that does not hold, or was never allowed."""
    previous = digest(terms)
    for number, link in enumerate(links):
        if (link.previous, link.document) != (previous, terms.document):
            raise Refusal(Code.CHAIN_BROKEN, f"links.{number}")
        previous = digest(link)
    return walk(terms, links)


def walk(terms: Terms, links: tuple[Link, ...]) -> Standing:
    """Say where a history of actions leads; CHAIN_BROKEN at the first that was never allowed. Hashes are not looked at.

    For links that came from another platform, where signatures take the place of the hashes.
    """
    standing: Standing | None = None
    for number, link in enumerate(links):
        try:
            standing = after(terms, standing, link)
        except Refusal:
            raise Refusal(Code.CHAIN_BROKEN, f"links.{number}") from None
    if standing is None:
        raise Refusal(Code.CHAIN_BROKEN, "links")
    return standing


def after(terms: Terms, standing: Standing | None, link: Link) -> Standing:
    """Say where a bill stands after a link (None: it is not issued yet), or refuse.

    MOVE_NOT_ALLOWED where the table has no such row; NOT_IN_CONTROL where the actor does not hold the bill;
    NOT_NEGOTIABLE for a straight bill; NOT_TITLE_HOLDER; NOT_FIRST_ACTION.
    """
    state = LIFECYCLE.after(standing.state if standing else BillState.APPROVED, link.action)
    moved = _moved(terms, standing, link, state) if standing else _issued(terms, link, state)
    return replace(moved, head=digest(link))


def _moved(terms: Terms, standing: Standing, link: Link, state: BillState) -> Standing:
    if link.actor != standing.holder:
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")
    if link.action is Action.REJECT_TRANSFER:
        return _rejected(standing, link)
    moved = replace(standing, state=state, offer=None)
    if link.action is Action.TRANSFER:
        return replace(moved, holder=_recipient(terms, link), offer=_offer(standing, link))
    if link.action in ENDORSEMENTS:
        return _endorsed(terms, standing, link, moved)
    if link.action in SURRENDERS:
        require_entitled(terms, standing)
        _require_recipient(link, terms.carrier)
        return replace(moved, holder=terms.carrier, requested_by=link.actor)
    if link.action in ANSWERS:
        return _answered(standing, link, moved)
    _require_recipient(link, None)
    return moved


def require_entitled(terms: Terms, standing: Standing) -> None:
    """Let the holder surrender (I10); NOT_TITLE_HOLDER where goods or amendment are not its to ask for.

    A straight bill: the shipper or the consignee; one endorsed to a name: that one; a blank one: whoever holds it.
    """
    if not terms.to_order:
        entitled = {terms.shipper, terms.consignee}
    else:
        entitled = {standing.title.holder if standing.title else standing.holder}
    if standing.holder not in entitled:
        raise Refusal(Code.NOT_TITLE_HOLDER, "record_id")


def _issued(terms: Terms, link: Link, state: BillState) -> Standing:
    if link.actor != terms.carrier:
        raise Refusal(Code.NOT_IN_CONTROL, "record_id")
    _require_recipient(link, terms.shipper)
    title = Title(holder=terms.endorsee) if terms.endorsee else None
    return Standing(state=state, holder=terms.shipper, head="", title=title)


def _offer(standing: Standing, link: Link) -> Offer:
    """Note what a rejection would undo: the transfer, and the endorsement to the same one just before it."""
    assert link.recipient is not None
    if standing.offer and not standing.offer.arrived and standing.offer.recipient == link.recipient:
        return replace(standing.offer, arrived=True)
    return Offer(recipient=link.recipient, giver=link.actor, title=standing.title, arrived=True)


def _rejected(standing: Standing, link: Link) -> Standing:
    offer = standing.offer
    if offer is None or not offer.arrived or offer.recipient != link.actor:
        raise Refusal(Code.NOT_FIRST_ACTION, "record_id")
    _require_recipient(link, offer.giver)
    return replace(standing, holder=offer.giver, title=offer.title, offer=None)


def _answered(standing: Standing, link: Link, moved: Standing) -> Standing:
    """Let the carrier answer: it keeps what it accepts, and gives back what it rejects."""
    requester = standing.requested_by
    assert requester is not None
    _require_recipient(link, requester)
    return moved if link.action is Action.SACC else replace(moved, holder=requester, requested_by=None)


def _endorsed(terms: Terms, standing: Standing, link: Link, moved: Standing) -> Standing:
    if not terms.to_order:
        raise Refusal(Code.NOT_NEGOTIABLE, "record_id")
    title = standing.title
    if title is not None and (title.holder != link.actor or not title.to_order):
        raise Refusal(Code.NOT_TITLE_HOLDER, "record_id")
    if link.action is Action.BLANK_ENDORSE:
        _require_recipient(link, None)
        return replace(moved, title=None)
    endorsee = _recipient(terms, link)
    to_order = link.action is Action.ENDORSE_TO_ORDER
    offer = Offer(recipient=endorsee, giver=link.actor, title=title)
    return replace(moved, title=Title(holder=endorsee, to_order=to_order), offer=offer)


def _recipient(terms: Terms, link: Link) -> BillParty:
    """Give who receives: another than the actor, and never the carrier, to whom a bill is surrendered.

    A straight bill goes to its shipper, its consignee, or a bank between them.
    """
    recipient = link.recipient
    if recipient is None:
        raise Refusal(Code.CH21, "recipient")
    if not recipient.participant or recipient in {link.actor, terms.carrier}:
        raise Refusal(Code.CH16, "recipient")
    if not terms.to_order and not recipient.is_bank and recipient not in {terms.shipper, terms.consignee}:
        raise Refusal(Code.NOT_NEGOTIABLE, "recipient")
    return recipient


def _require_recipient(link: Link, recipient: BillParty | None) -> None:
    """Check that a link goes where its action goes."""
    if link.recipient != recipient:
        raise Refusal(Code.CH16, "recipient")
