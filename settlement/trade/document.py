"""Documents of a trade that lie outside the ledger, and certificates: anchored by a salted hash, signed by who issues.

The body (a PDF, an XML file) stays with those whom it concerns. The ledger holds what identifies it and a commitment to
it, which nobody can guess a body from, and which whoever has body and salt can compare. Who issues a document answers
for it, and alone can revoke it; a certificate lapses after its last date.

A document has a holder. Most kinds are shown to as many as ask. Of some there is one original, which moves from holder
to holder: then the holder alone shows it, and gives it on. (REQUIREMENTS section 2, Certificate; P1)
"""

import hashlib
import re
from collections.abc import Iterator
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

from settlement.customs import hs
from settlement.errors import Code, Refusal
from settlement.lifecycle import Lifecycle
from settlement.participants import NAME, require_identifier
from settlement.parties import OF_A_FIRM, Role
from settlement.payments import checks, parts
from settlement.payments.parts import Fault
from settlement.records import IdentifiedCommand, Record
from settlement.texts import require_text
from settlement.trade import signing
from settlement.trade.contract import SalesContract
from settlement.trade.record import Actor, TradeRecord, called, record_id
from settlement.trade.signing import SignableTerms, Signature


class DocumentKind(StrEnum):
    """What a document is."""

    ORIGIN = "ORIGIN"
    INSPECTION = "INSPECTION"
    PHYTOSANITARY = "PHYTOSANITARY"
    INSURANCE = "INSURANCE"
    PACKING_LIST = "PACKING_LIST"
    OTHER = "OTHER"


class Rule(NamedTuple):
    """Whose people may issue a kind, whether there is one original, and whether it needs a last date."""

    issuers: frozenset[Role]
    is_exclusive: bool
    lapses: bool


_FIRMS: Final = frozenset({Role.TRADER, Role.CARRIER})
_FIRMS_OR_CUSTOMS: Final = frozenset({Role.TRADER, Role.CUSTOMS_OFFICER})
KINDS: Final = MappingProxyType(
    {
        DocumentKind.ORIGIN: Rule(_FIRMS_OR_CUSTOMS, is_exclusive=False, lapses=True),
        DocumentKind.INSPECTION: Rule(_FIRMS_OR_CUSTOMS, is_exclusive=False, lapses=True),
        # The one original goes with the consignment to the importing country's authority (ISPM 12).
        DocumentKind.PHYTOSANITARY: Rule(_FIRMS_OR_CUSTOMS, is_exclusive=True, lapses=True),
        # All originals are presented, and the right to claim passes with them (UCP 600 art. 28b).
        DocumentKind.INSURANCE: Rule(frozenset({Role.TRADER}), is_exclusive=True, lapses=True),
        DocumentKind.PACKING_LIST: Rule(_FIRMS, is_exclusive=False, lapses=False),
        DocumentKind.OTHER: Rule(_FIRMS_OR_CUSTOMS | _FIRMS, is_exclusive=False, lapses=False),
    }
)
"""The one table of kinds. Firms are inspectors, insurers and chambers of commerce too: customers of some bank."""


class DocumentState(StrEnum):
    """Where a document stands."""

    ISSUED = "ISSUED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class DocumentEvent(StrEnum):
    """What happens to a document. VERIFIED: somebody compared the body with what the ledger has of it."""

    PRESENTED = "PRESENTED"
    TRANSFERRED = "TRANSFERRED"
    VERIFIED = "VERIFIED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


ISSUED: Final = "ISSUED"
"""The act with which a document begins."""


class DocumentHolder(Record):
    """Who holds a document: a firm (LEI or USCC) and its bank, or an organisation of the ledger itself."""

    participant: str
    identifier: str = ""

    @property
    def called(self) -> str:
        """Its name in words: `NUMBER@PARTICIPANT`, or `PARTICIPANT` for the organisation itself."""
        return called(self.participant, self.identifier)

    @property
    def name(self) -> str:
        """The firm, or else the organisation."""
        return self.identifier or self.participant


class DocumentTerms(SignableTerms, tag="trade-document/1"):
    """What its issuer signs. `commitment` is that of the body (`commitment` below); `holder` is who has it first.

    `issuer` names the authority or firm that stands in the body; who answers for it on this ledger, signs.
    `valid_until` is the last date of a certificate; `hs_codes` are those of the goods that it is about, if of any.
    """

    kind: DocumentKind
    number: str
    issuer: str
    holder: DocumentHolder
    issued_on: str
    commitment: str
    media_type: str
    valid_until: str = ""
    hs_codes: tuple[str, ...] = ()


class TradeDocument(TradeRecord[DocumentState], tag="document/1"):
    """A document on the ledger. `issuer` is the firm, or else the organisation, that answers for it."""

    LIFECYCLE: ClassVar[Lifecycle[DocumentState, DocumentEvent]] = Lifecycle(
        "document",
        initial=DocumentState.ISSUED,
        moves={
            (DocumentState.ISSUED, DocumentEvent.PRESENTED): DocumentState.ISSUED,
            (DocumentState.ISSUED, DocumentEvent.TRANSFERRED): DocumentState.ISSUED,
            (DocumentState.ISSUED, DocumentEvent.VERIFIED): DocumentState.ISSUED,
            (DocumentState.ISSUED, DocumentEvent.REVOKED): DocumentState.REVOKED,
            (DocumentState.ISSUED, DocumentEvent.EXPIRED): DocumentState.EXPIRED,
        },
    )

    terms: DocumentTerms
    signature: Signature
    issuer: str
    holder: DocumentHolder

    @property
    def last_date(self) -> str:
        """The one that the certificate names, if it is one."""
        return self.terms.valid_until


class IssueDocument(IdentifiedCommand):
    """Somebody issues a document, and gives it to its first holder; `signature` is a detached JWS over its terms."""

    terms: DocumentTerms
    signature: str


class PresentDocument(IdentifiedCommand):
    """Its holder shows a document: to an organisation (`to`), or to all whom a contract concerns (`contract_id`)."""

    document_id: str
    to: str = ""
    contract_id: str = ""


class TransferDocument(IdentifiedCommand):
    """Its holder gives on a document of which there is one original."""

    document_id: str
    holder: DocumentHolder


class VerifyDocument(IdentifiedCommand):
    """Somebody who has the body and its salt has compared them: `commitment` is what they give."""

    document_id: str
    commitment: str


class RevokeDocument(IdentifiedCommand):
    """Its issuer revokes a document."""

    document_id: str
    reason: str


SALT_BYTES: Final = 16
_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}").fullmatch
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}").fullmatch
HS_CODES_MAX: Final = 50


def commitment(salt: bytes, body: bytes) -> str:
    """Commit to a document's body: SHA-256 of 16 random bytes and the body, in hex."""
    if len(salt) != SALT_BYTES:
        raise Refusal(Code.CH16, "salt")
    return hashlib.sha256(salt + body).hexdigest()


def document_id(terms: DocumentTerms, participant: str, issuer: str) -> str:
    """Name a document: a number is used once for each kind by who answers for it, at its organisation."""
    return record_id(TradeDocument, participant, issuer, terms.kind.value, terms.number)


def issued(command: IssueDocument, by: Actor) -> TradeDocument:
    """Issue a document; AG08 unless the kind's row lists the issuer's role."""
    terms = command.terms
    checks.require_none(parts.under("terms", _faults(terms)))
    if by.role not in KINDS[terms.kind].issuers:
        raise Refusal(Code.AG08, "terms.kind")
    issuer = _name(by)
    return TradeDocument(
        record_id=document_id(terms, by.participant, issuer),
        number=terms.number,
        firms=_with((), by.firm if by.party else "", _firm(terms.holder)),
        held_by=_with((), by.participant, terms.holder.participant),
        state=DocumentState.ISSUED,
        tx_id=by.tx_id,
        acts=(by.act(ISSUED),),
        terms=terms,
        signature=signing.signature_of(terms, command.signature, by),
        issuer=issuer,
        holder=terms.holder,
    )


def presented(
    document: TradeDocument | None, under: SalesContract | None, command: PresentDocument, by: Actor
) -> TradeDocument:
    """Show it to one organisation, or to both sides of a contract of the holder's, to whose trade it then belongs."""
    if bool(command.to) is bool(command.contract_id):
        raise Refusal(Code.CH17 if command.to else Code.CH21, "to")
    document = _require_holder(document, by)
    if not command.contract_id:
        return document.after(DocumentEvent.PRESENTED, by, held_by=_with(document.held_by, command.to))
    if under is None or (by.role in OF_A_FIRM and by.firm not in under.firms):
        raise Refusal(Code.NOT_FOUND, "contract_id")
    if document.trade not in ("", under.record_id):
        raise Refusal(Code.ALREADY_EXISTS, "contract_id")
    return document.after(
        DocumentEvent.PRESENTED,
        by,
        held_by=_with(document.held_by, *under.held_by),
        firms=_with(document.firms, *under.firms),
        trade=under.record_id,
    )


def transferred(document: TradeDocument | None, command: TransferDocument, by: Actor) -> TradeDocument:
    """Give on the one original; CH17 for a kind of which there is no such thing."""
    checks.require_none(_holder_faults(command.holder, "holder"))
    document = _require_holder(document, by)
    if not KINDS[document.terms.kind].is_exclusive:
        raise Refusal(Code.CH17, "holder")
    return document.after(
        DocumentEvent.TRANSFERRED,
        by,
        to=command.holder.called,
        holder=command.holder,
        held_by=_with(document.held_by, command.holder.participant),
        firms=_with(document.firms, _firm(command.holder)),
    )


def verified(document: TradeDocument | None, command: VerifyDocument, by: Actor) -> TradeDocument:
    """Record that the body was compared; NOT_THE_DOCUMENT where it is another."""
    document = _require_seen(document, by)
    if command.commitment != document.terms.commitment:
        raise Refusal(Code.NOT_THE_DOCUMENT, "commitment")
    return document.after(DocumentEvent.VERIFIED, by)


def revoked(document: TradeDocument | None, command: RevokeDocument, by: Actor) -> TradeDocument:
    """Revoke it, as its issuer, whoever holds it."""
    require_text(command.reason, "reason")
    document = _require_seen(document, by)
    if (document.signature.participant, document.issuer) != (by.participant, _name(by)):
        raise Refusal(Code.AG08, "document_id")
    return document.after(DocumentEvent.REVOKED, by, reason=command.reason)


def _require_seen(document: TradeDocument | None, by: Actor) -> TradeDocument:
    """Give a document that stands to who may see it: its firms, and officers of the organisations that hold it."""
    if document is None or (by.role in OF_A_FIRM and by.firm not in document.firms):
        raise Refusal(Code.NOT_FOUND, "document_id")
    if document.has_lapsed(by.on):
        raise Refusal(Code.LAPSED, "document_id")
    return document


def _require_holder(document: TradeDocument | None, by: Actor) -> TradeDocument:
    document = _require_seen(document, by)
    if (document.holder.participant, document.holder.name) != (by.participant, _name(by)):
        raise Refusal(Code.AG08, "document_id")
    return document


def _name(by: Actor) -> str:
    """Say for whom somebody acts: for a firm, or else for the organisation."""
    return by.require_party() if by.role in OF_A_FIRM else by.participant


def _firm(holder: DocumentHolder) -> str:
    """Name a holder that is a firm; empty for an organisation."""
    return holder.called if holder.identifier else ""


def _with(names: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(sorted({*names, *filter(None, more)}))


def _faults(terms: DocumentTerms) -> Iterator[Fault]:
    for name, fits in (
        ("number", parts.identification(35)),
        ("issuer", parts.text(140)),
        ("issued_on", parts.is_day),
        ("commitment", _COMMITMENT),
        ("media_type", _MEDIA_TYPE),
    ):
        value = getattr(terms, name)
        if not fits(value):
            yield Fault(Code.CH16 if value else Code.CH21, name, "form")
    yield from _holder_faults(terms.holder, "holder")
    if terms.valid_until and not parts.is_day(terms.valid_until):
        yield Fault(Code.CH16, "valid_until", "form")
    elif bool(terms.valid_until) is not KINDS[terms.kind].lapses:
        yield Fault(Code.CH17 if terms.valid_until else Code.CH21, "valid_until", "kind")
    elif terms.valid_until and terms.valid_until < terms.issued_on:
        yield Fault(Code.CH16, "valid_until", "order of dates")
    if len(terms.hs_codes) > HS_CODES_MAX:
        yield Fault(Code.CH17, "hs_codes", "form")
    for place, code in enumerate(terms.hs_codes):
        if not hs.is_goods(code):
            yield Fault(Code.CH16, f"hs_codes.{place}", "HS")


def _holder_faults(holder: DocumentHolder, prefix: str) -> Iterator[Fault]:
    if not NAME.fullmatch(holder.participant):
        yield Fault(Code.CH16 if holder.participant else Code.CH21, f"{prefix}.participant", "form")
    try:
        if holder.identifier:
            require_identifier(holder.identifier, f"{prefix}.identifier")
    except Refusal as refusal:
        yield Fault(refusal.code, refusal.where, "M5")
