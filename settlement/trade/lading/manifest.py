"""DCSA's issuance manifest: the carrier's own signature over the document that it issued, and to whom.

It travels with a bill to whatever platform: there it is the carrier's word, where everything else is a platform's.
(PINT 3.0.0 `IssuanceManifest`, `EnvelopeTransferChainEntry.issuanceManifestSignedContent`)
"""

from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from settlement import canonical, identity
from settlement.errors import Code, Refusal
from settlement.trade.lading import document, jws
from settlement.trade.lading.document import IdentifyingCode, Part

PLATFORM: Final = "WAIT"
"""Stands for this ledger where PINT has the code of an eBL platform. DCSA assigns those; it has assigned none to us."""


class PintParty(Part):
    """A party of a transaction (PINT `ActorParty`, `RecipientParty`), and of the manifest: to whom a bill is issued."""

    party_name: str
    ebl_platform: str
    identifying_codes: tuple[IdentifyingCode, ...]


class IssuanceManifest(Part, forbid_unknown_fields=True):
    """The checksums that the carrier signs."""

    document_checksum: str
    issue_to_checksum: str


_MANIFEST: Final = msgspec.json.Decoder(IssuanceManifest)


def of(text: str) -> IssuanceManifest:
    """Give the manifest of a document: it is issued to its shipper, on this platform."""
    shipper = document.read(text).document_parties.shipper
    issue_to = PintParty(
        party_name=shipper.party_name, ebl_platform=PLATFORM, identifying_codes=shipper.identifying_codes
    )
    return IssuanceManifest(
        document_checksum=document.checksum(text),
        issue_to_checksum=canonical.digest(canonical.encode(issue_to)),
    )


def signed(text: str, certificate: bytes, signing: jws.Sign) -> str:
    """Let a carrier sign the manifest of a document."""
    return jws.sign(canonical.encode(of(text)), certificate, signing)


def require(token: str, text: str, certificate: bytes) -> None:
    """Refuse DS0H a manifest that is not of this document, or not signed with this certificate (DER), known before."""

    def key_of(theirs: bytes) -> EllipticCurvePublicKey:
        if theirs != certificate:
            raise Refusal(Code.DS0H)
        return identity.key_of(certificate)

    if jws.read(token, "manifest", key_of).payload != canonical.encode(of(text)):
        raise Refusal(Code.DS0H, "manifest")
