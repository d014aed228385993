"""Signing a document: one form for every kind of document, that anybody can check with a library for JOSE.

The signature is a detached JWS (RFC 7515 appendix F, alg ES256) over the document's canonical form itself, not over its
base64 (RFC 7797, `b64` false). So what is signed is what is kept, and what `canonical.encode` gives again from the
record. Its protected header names the network, on which alone it counts, and the certificate, by its SHA-256
(`x5t#S256`).

Whose certificate it is, that its CA has not revoked it and that it is valid when the ledger receives the signature
(the transaction's time: a time of signing is only claimed) has been checked before, for the signer signs the command
that brings the signature too, with the same certificate. (REQUIREMENTS section 2, E-signature; ADR 0016)
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from settlement import base64url, canonical, identity
from settlement.errors import Code, Refusal
from settlement.identity import Signer
from settlement.records import Record
from settlement.trade.record import Actor

ALGORITHM: Final = "ES256"
_LONGEST: Final = 1024
"""Characters of a signature; one by the rule below has some 330."""


class SignableTerms(Record):
    """Something that people sign. Its tag is its kind, so that no document can be taken for one of another kind.

    Words of such a tag are joined by hyphens, those of a record's by underscores: what is signed is no record.
    """


class Signature(Record):
    """A signature as it is kept: the JWS, the certificate (DER), whose it is, and when it was received.

    `party` is the firm for which it was given; empty where an officer signed for the organisation itself.
    """

    jws: str
    certificate: bytes
    signer: Signer
    participant: str
    party: str
    at_ms: int


def header(network: str, certificate: bytes) -> str:
    """Give the encoded protected header of a signature with a certificate (DER); another spelling of it is none."""
    thumbprint = base64url.encode(hashlib.sha256(certificate).digest())
    said = {"alg": ALGORITHM, "b64": False, "crit": ["b64"], "network": network, "x5t#S256": thumbprint}
    return base64url.encode(canonical.encode(said))


def to_sign(encoded_header: str, document: SignableTerms) -> bytes:
    """Give the bytes that are signed: the JWS signing input."""
    return encoded_header.encode() + b"." + canonical.encode(document)


def detached(encoded_header: str, signature: bytes) -> str:
    """Write a JWS without its payload."""
    return f"{encoded_header}..{base64url.encode(signature)}"


def signature_of(document: SignableTerms, jws: str, by: Actor) -> Signature:
    """Give a signature as it is kept; DS0H unless it is the actor's, for this network, on this very document."""
    encoded_header, signature = _parts(jws)
    if encoded_header != header(by.network, by.certificate):
        raise Refusal(Code.DS0H, "signature")
    if not identity.holds(identity.key_of(by.certificate), signature, to_sign(encoded_header, document)):
        raise Refusal(Code.DS0H, "signature")
    return Signature(
        jws=jws,
        certificate=by.certificate,
        signer=by.signer,
        participant=by.participant,
        party=by.party,
        at_ms=by.at_ms,
    )


def require_another(given: Iterable[Signature], new: Signature) -> None:
    """Refuse SAME_SIGNER a second signature for one party, or of one key: the same signer does not count as two."""
    if any(each.party == new.party or each.signer.key == new.signer.key for each in given):
        raise Refusal(Code.SAME_SIGNER, "signature")


def _parts(jws: str) -> tuple[str, bytes]:
    """Take a detached JWS apart; DS0H for what is none."""
    if len(jws) > _LONGEST or not jws.isascii():
        raise Refusal(Code.DS0H, "signature")
    encoded_header, between, encoded = jws.partition("..")
    try:
        signature = base64url.decode(encoded)
    except ValueError:
        raise Refusal(Code.DS0H, "signature") from None
    if not between:
        raise Refusal(Code.DS0H, "signature")
    return encoded_header, signature
