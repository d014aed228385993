"""A bill as a DCSA PINT 3.0.0 envelope: for another platform, an archive, or whoever must be shown who holds it.

An envelope is the transport document, a chain of entries in which each is signed and holds the checksum of the signed
one before, and a signed manifest that holds the checksums of document and last entry. Each of our links becomes one
entry, signed by the gateway that exports; the first carries the carrier's own signature on the document. The digest of
the link goes along as `auditReference`, so that whoever has the ledger too can compare.

An envelope is evidence of where a bill stood when it was exported. It moves nothing: control stays on the ledger, or
there would be two holders.

DCSA has no code for a transfer that its recipient rejects. It is told as TRANSFER back, with RJCT as its reason.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from msgspec.structs import replace

from settlement import canonical, dates, identity
from settlement.errors import Code, Refusal
from settlement.identity import Identity
from settlement.participants import LEI_CHARACTERS, Participant
from settlement.parties import Role
from settlement.trade.lading import chain, document, jws, manifest
from settlement.trade.lading.bill import BillOfLading, verify
from settlement.trade.lading.chain import Action, BillParty, Link, Standing, Terms
from settlement.trade.lading.document import (
    GLEIF,
    LEI,
    MUTUALLY_DEFINED,
    USCI,
    DocumentParty,
    IdentifyingCode,
    Part,
    TransportDocument,
)
from settlement.trade.lading.manifest import PLATFORM, PintParty

P = TypeVar("P", bound=Part)

ENVELOPE_MAX_BYTES: Final = 2 * 1024 * 1024
"""A chain of full length makes an envelope of 420 KB beside its document."""

PARTICIPANTS: Final = "WAITAN"
"""The code list that names a party's organisation on this ledger."""
_AMENDMENT_REASONS: Final = frozenset({"SWTP", "COD", "SWI"})
_REJECTED: Final = "RJCT"


class Transaction(Part, forbid_unknown_fields=True):
    """One action."""

    action_code: str
    actor: PintParty
    action_date_time: str
    recipient: PintParty | None = None
    reason_code: str = ""
    comments: str = ""
    audit_reference: str = ""


class ChainEntry(Part, forbid_unknown_fields=True):
    """What is signed of each action."""

    ebl_platform: str
    transport_document_checksum: str
    transactions: tuple[Transaction]
    previous_envelope_transfer_chain_entry_signed_content_checksum: str = ""
    issuance_manifest_signed_content: str = ""


class EnvelopeManifest(Part, forbid_unknown_fields=True):
    """What is signed of the whole."""

    transport_document_checksum: str
    last_envelope_transfer_chain_entry_signed_content_checksum: str


class Envelope(Part, forbid_unknown_fields=True):
    """The whole: the document as it is, and tokens."""

    transport_document: msgspec.Raw
    envelope_manifest_signed_content: str
    envelope_transfer_chain: tuple[str, ...]


class Received(NamedTuple):
    """What an envelope proves: the document, what was done, where that leads, and which participant's gateway says so.

    The links hold what PINT tells: no names of signers, and no hashes of ours but `audit`, one for each link.
    """

    document: str
    terms: Terms
    links: tuple[Link, ...]
    audit: tuple[str, ...]
    standing: Standing
    exported_by: str


_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_ENTRY: Final = msgspec.json.Decoder(ChainEntry)
_MANIFEST: Final = msgspec.json.Decoder(EnvelopeManifest)


# Export.


def exported(bill: BillOfLading, names: Mapping[BillParty, str], certificate: bytes, signing: jws.Sign) -> bytes:
    """Make the envelope of an issued bill, signed with a gateway's key; canonical JSON.

    `names` are told of parties that the document does not name. MOVE_NOT_ALLOWED for a bill that is not issued yet.
    """
    if not bill.links:
        raise Refusal(Code.MOVE_NOT_ALLOWED, "record_id")
    verify(bill)
    known = _named(bill) | dict(names)
    tokens: list[str] = []
    for link in bill.links:
        entry = ChainEntry(
            ebl_platform=PLATFORM,
            transport_document_checksum=link.document,
            previous_envelope_transfer_chain_entry_signed_content_checksum=_checksum(tokens[-1]) if tokens else "",
            issuance_manifest_signed_content="" if tokens else bill.issuance,
            transactions=(_transaction(link, known),),
        )
        tokens.append(jws.sign(canonical.encode(entry), certificate, signing))
    content = EnvelopeManifest(
        transport_document_checksum=bill.terms.document,
        last_envelope_transfer_chain_entry_signed_content_checksum=_checksum(tokens[-1]),
    )
    envelope = Envelope(
        transport_document=msgspec.Raw(bill.document.encode()),
        envelope_manifest_signed_content=jws.sign(canonical.encode(content), certificate, signing),
        envelope_transfer_chain=tuple(tokens),
    )
    return canonical.encode(envelope)


def _named(bill: BillOfLading) -> dict[BillParty, str]:
    parties = document.read(bill.document).document_parties
    pairs = (
        (bill.terms.consignee, parties.consignee),
        (bill.terms.endorsee, parties.endorsee),
        (bill.terms.shipper, parties.shipper),
        (bill.terms.carrier, parties.issuing_party),
    )
    return {party: named.party_name for party, named in pairs if party is not None and named is not None}


def _transaction(link: Link, names: Mapping[BillParty, str]) -> Transaction:
    is_code = link.action is Action.SURRENDER_FOR_AMENDMENT and link.reason in _AMENDMENT_REASONS
    rejects = link.action is Action.REJECT_TRANSFER
    return Transaction(
        action_code=Action.TRANSFER.value if rejects else link.action.value,
        actor=_party(link.actor, names),
        recipient=_party(link.recipient, names) if link.recipient else None,
        action_date_time=dates.render(link.at_ms),
        reason_code=_REJECTED if rejects else link.reason if is_code else "",
        comments="" if is_code else link.reason,
        audit_reference=chain.digest(link),
    )


def _party(party: BillParty, names: Mapping[BillParty, str]) -> PintParty:
    codes = [
        IdentifyingCode(code_list_provider=MUTUALLY_DEFINED, party_code=party.participant, code_list_name=PARTICIPANTS)
    ]
    if party.identifier:
        is_lei = len(party.identifier) == LEI_CHARACTERS
        provider, name = (GLEIF, LEI) if is_lei else (MUTUALLY_DEFINED, USCI)
        codes.append(IdentifyingCode(code_list_provider=provider, party_code=party.identifier, code_list_name=name))
    return PintParty(
        party_name=names.get(party) or party.identifier or party.participant,
        ebl_platform=PLATFORM,
        identifying_codes=tuple(codes),
    )


# Import.


def received(data: bytes, participants: Mapping[str, Participant], at_ms: int) -> Received:
    """Read an envelope and check all of it: signatures, checksums, and that every action was allowed.

    FF01 for what is no envelope in canonical form; DS0H for a signature that does not hold, or is not that of a gateway
    or carrier which one of the participants certifies; CHAIN_BROKEN where the parts do not belong together.
    """
    envelope = _read(data)
    text = bytes(envelope.transport_document).decode()
    written = document.read(text)

    def key_of(certificate: bytes) -> EllipticCurvePublicKey:
        exporter = _signer(certificate, participants, at_ms)
        if exporter.role is not Role.GATEWAY:
            raise Refusal(Code.DS0H)
        return exporter.public_key

    entries = _entries(envelope.envelope_transfer_chain, document.checksum(text), key_of)
    whole = jws.read(envelope.envelope_manifest_signed_content, "envelopeManifestSignedContent", key_of)
    content = _content(whole, _MANIFEST, "envelopeManifestSignedContent")
    if content.transport_document_checksum != document.checksum(text):
        raise Refusal(Code.CHAIN_BROKEN, "transportDocument")
    last = content.last_envelope_transfer_chain_entry_signed_content_checksum
    if last != _checksum(envelope.envelope_transfer_chain[-1]):
        raise Refusal(Code.CHAIN_BROKEN, "envelopeTransferChain")
    if any(token.certificate != whole.certificate for token, _ in entries):
        raise Refusal(Code.DS0H, "envelopeTransferChain")
    links = tuple(_link(entry, number) for number, (_, entry) in enumerate(entries))
    terms = _terms(text, written, links, participants)
    _require_carrier(entries[0][1].issuance_manifest_signed_content, text, terms, participants, links[0].at_ms)
    return Received(
        document=text,
        terms=terms,
        links=links,
        audit=tuple(entry.transactions[0].audit_reference for _, entry in entries),
        standing=chain.walk(terms, links),
        exported_by=identity.claimed_participant(whole.certificate),
    )


def _read(data: bytes) -> Envelope:
    if len(data) > ENVELOPE_MAX_BYTES:
        raise Refusal(Code.FF01, "envelope")
    try:
        envelope = canonical.decode(data, _ENVELOPE)
        bytes(envelope.transport_document).decode()  # what is taken raw has not been looked into
    except (Refusal, UnicodeDecodeError):
        raise Refusal(Code.FF01, "envelope") from None
    if not envelope.envelope_transfer_chain:
        raise Refusal(Code.CHAIN_BROKEN, "envelopeTransferChain")
    return envelope


def _content(token: jws.Token, decoder: msgspec.json.Decoder[P], where: str) -> P:
    try:
        return canonical.decode(token.payload, decoder)
    except Refusal:
        raise Refusal(Code.FF01, where) from None


def _entries(tokens: tuple[str, ...], checksum: str, key_of: jws.KeyOf) -> list[tuple[jws.Token, ChainEntry]]:
    """Read the entries, each of which must be about this document and hold the checksum of the one before."""
    read: list[tuple[jws.Token, ChainEntry]] = []
    for number, each in enumerate(tokens):
        where = f"envelopeTransferChain.{number}"
        token = jws.read(each, where, key_of)
        entry = _content(token, _ENTRY, where)
        before = _checksum(tokens[number - 1]) if number else ""
        if (
            entry.transport_document_checksum != checksum
            or entry.previous_envelope_transfer_chain_entry_signed_content_checksum != before
            or bool(entry.issuance_manifest_signed_content) is bool(number)
            or entry.ebl_platform != PLATFORM
        ):
            raise Refusal(Code.CHAIN_BROKEN, where)
        read.append((token, entry))
    return read


def _signer(certificate: bytes, participants: Mapping[str, Participant], at_ms: int) -> Identity:
    """Say whose certificate signed; AG08 unless a participant's CA vouches for it at that moment."""
    participant = participants.get(identity.claimed_participant(certificate))
    if participant is None:
        raise Refusal(Code.AG08, "certificate")
    return identity.identify(certificate, participant, at_ms)


def _require_carrier(token: str, text: str, terms: Terms, participants: Mapping[str, Participant], at_ms: int) -> None:
    """Check the carrier's own signature, as of the issue: a revocation since then takes nothing back."""
    where = "issuanceManifestSignedContent"
    unrevoked = {name: replace(each, revoked=()) for name, each in participants.items()}

    def key_of(certificate: bytes) -> EllipticCurvePublicKey:
        signer = _signer(certificate, unrevoked, at_ms)
        carrier = BillParty(participant=signer.participant, identifier=signer.party)
        if signer.role is not Role.CARRIER or carrier != terms.carrier:
            raise Refusal(Code.DS0H)
        return signer.public_key

    if jws.read(token, where, key_of).payload != canonical.encode(manifest.of(text)):
        raise Refusal(Code.CHAIN_BROKEN, where)


def _link(entry: ChainEntry, number: int) -> Link:
    """Read an entry's one transaction as a link."""
    where = f"envelopeTransferChain.{number}"
    said = entry.transactions[0]
    rejects = said.reason_code == _REJECTED
    try:
        action = Action.REJECT_TRANSFER if rejects else Action(said.action_code)
        at_ms = dates.moment(said.action_date_time)
    except (ValueError, Refusal):
        raise Refusal(Code.CHAIN_BROKEN, where) from None
    if action not in chain.LINKED or (rejects and said.action_code != Action.TRANSFER):
        raise Refusal(Code.CHAIN_BROKEN, where)
    return Link(
        action=action,
        actor=_bill_party(said.actor, where),
        recipient=_bill_party(said.recipient, where) if said.recipient else None,
        at_ms=at_ms,
        reason=said.comments if rejects else said.reason_code or said.comments,
        signer="",
        serial="",
        tx_id="",
        document=entry.transport_document_checksum,
        previous="",
    )


def _bill_party(party: PintParty, where: str) -> BillParty:
    named = [code.party_code for code in party.identifying_codes if code.code_list_name == PARTICIPANTS]
    numbers = [code.party_code for code in party.identifying_codes if code.code_list_name in (LEI, USCI)]
    if len(named) != 1 or len(numbers) > 1:
        raise Refusal(Code.CHAIN_BROKEN, where)
    return BillParty(participant=named[0], identifier="".join(numbers))


def _terms(
    text: str, written: TransportDocument, links: tuple[Link, ...], participants: Mapping[str, Participant]
) -> Terms:
    """Find the terms again: who the document's parties are on this ledger, the transactions tell."""
    first, parties = links[0], written.document_parties
    if first.action is not Action.ISSUE or first.recipient is None:
        raise Refusal(Code.CHAIN_BROKEN, "envelopeTransferChain.0")
    if (first.actor.identifier, first.recipient.identifier) != (
        parties.issuing_party.identifier(),
        parties.shipper.identifier(),
    ):
        raise Refusal(Code.CHAIN_BROKEN, "envelopeTransferChain.0")
    acting = [party for link in links for party in (link.actor, link.recipient) if party is not None]

    def found(party: DocumentParty | None) -> BillParty | None:
        if party is None:
            return None
        number = party.identifier()
        banks = {
            name for name, each in participants.items() if number in (each.organisation.lei, each.organisation.bic)
        }
        for each in acting:
            if each.identifier == number or (each.is_bank and each.participant in banks):
                return each
        return BillParty(participant="", identifier=number)

    return Terms(
        document=document.checksum(text),
        to_order=written.is_to_order,
        carrier=first.actor,
        shipper=first.recipient,
        consignee=found(parties.consignee),
        endorsee=found(parties.endorsee),
    )


def _checksum(token: str) -> str:
    return canonical.digest(token.encode())
