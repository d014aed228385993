"""Who signed: what a certificate says, as far as the organisation's own CA may say it.

Role and participant stand in the certificate's attributes (the extension that Fabric CA writes); what it may claim is
bounded by the root of the participant and by the kind of organisation (settlement.parties.CERTIFIABLE). A trader's or
a carrier's names its firm besides (`waitan.party`): for it alone its holder acts.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from settlement.errors import Code, Refusal
from settlement.participants import Participant
from settlement.parties import CERTIFIABLE, OF_A_FIRM, Role
from settlement.records import Record

ATTRIBUTES_OID: Final = x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1")
"""Where Fabric CA puts `{"attrs": {...}}`."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
ES256: Final = ec.ECDSA(SHA256())
_HALF_BYTES: Final = 32
_UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)
"""All that reading a hostile certificate can raise: it must refuse one list or command, never sink a batch."""


class Signer(Record):
    """A person who signed: the name in the certificate, its serial number and the digest of its public key (hex)."""

    name: str
    serial: str
    key: str

    def is_same_person(self, other: "Signer | None") -> bool:
        """Two certificates of one name, or over one key, are one pair of eyes."""
        return other is not None and (self.name == other.name or self.key == other.key)


class Identity(NamedTuple):
    """What a certificate says. Times in milliseconds since 1970.

    `party` is the LEI or USCC of the firm for which a trader or carrier acts, as its organisation's CA has it; empty
    for every other role, and where the certificate names none.
    """

    participant: str
    role: Role
    signer: Signer
    fingerprint: str
    public_key: ec.EllipticCurvePublicKey
    valid_from_ms: int
    valid_until_ms: int
    party: str = ""


def fingerprint(certificate: bytes) -> str:
    """Name a certificate (DER) by its SHA-256, in hex."""
    return hashlib.sha256(certificate).hexdigest()


def identify(certificate: bytes, participant: Participant, at_ms: int) -> Identity:
    """Read a certificate (DER) as one of a participant's.

    AG08 unless its CA issued it and may say what it says; DS0H where that no longer counts, or not yet: it is expired
    or revoked.
    """
    identity = _read(certificate, participant.organisation.root)
    if (
        identity.participant != participant.organisation.participant
        or identity.role not in CERTIFIABLE[participant.organisation.kind]
    ):
        raise Refusal(Code.AG08, "certificate")
    is_valid = identity.valid_from_ms <= at_ms <= identity.valid_until_ms
    if not is_valid or identity.signer.serial in participant.revoked:
        raise Refusal(Code.DS0H, "certificate")
    return identity


def named(certificate: bytes) -> Signer:
    """Say whom a certificate (DER) names, which was checked when it was taken; AG08 where it cannot be read."""
    try:
        return _signer(x509.load_der_x509_certificate(certificate))
    except _UNREADABLE:
        raise Refusal(Code.AG08, "certificate") from None


def claimed_participant(certificate: bytes) -> str:
    """Say whose a certificate (DER) claims to be, which nobody has vouched for yet; AG08 where it says nothing."""
    try:
        return _claims(x509.load_der_x509_certificate(certificate))["waitan.participant"]
    except _UNREADABLE:
        raise Refusal(Code.AG08, "certificate") from None


def claimed_party(certificate: bytes) -> str:
    """Say for which firm a certificate (DER) claims to act, as `claimed_participant` does; empty for none."""
    try:
        return _claims(x509.load_der_x509_certificate(certificate)).get("waitan.party", "")
    except _UNREADABLE:
        raise Refusal(Code.AG08, "certificate") from None


def verify(identity: Identity, signature: bytes, signed: bytes) -> None:
    """Check an ES256 signature in its JOSE form (r and s, 32 bytes each); DS0H where it does not hold."""
    if not holds(identity.public_key, signature, signed):
        raise Refusal(Code.DS0H, "signature")


def holds(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """Say whether an ES256 signature in its JOSE form is a key's over some bytes."""
    if len(signature) != 2 * _HALF_BYTES:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF_BYTES], signature[_HALF_BYTES:]))
    try:
        key.verify(encode_dss_signature(r, s), signed, ES256)
    except InvalidSignature:
        return False
    return True


def key_of(certificate: bytes) -> ec.EllipticCurvePublicKey:
    """Give the key of a certificate (DER) that was identified before."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def require_root(root_pem: str, where: str) -> str:
    """Give the digest of a CA's public key; refuse CH16 what is not its certificate (PEM), signed by itself."""
    try:
        root = x509.load_pem_x509_certificate(root_pem.encode())
        root.verify_directly_issued_by(root)
        constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    except _UNREADABLE:
        raise Refusal(Code.CH16, where) from None
    if not constraints.ca:
        raise Refusal(Code.CH16, where)
    return _key_digest(root)


@lru_cache(maxsize=4096)
def _read(certificate: bytes, root_pem: str) -> Identity:
    """Read a certificate under a root. A pure function of its arguments, so caching cannot change an answer."""
    try:
        leaf = x509.load_der_x509_certificate(certificate)
        root = x509.load_pem_x509_certificate(root_pem.encode())
        leaf.verify_directly_issued_by(root)
        _require_whole_octets(leaf, certificate)
        attributes = _claims(leaf)
        role = Role(attributes["waitan.role"])
        key = leaf.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise TypeError("not a P-256 key")
        return Identity(
            participant=attributes["waitan.participant"],
            role=role,
            signer=_signer(leaf),
            fingerprint=fingerprint(certificate),
            public_key=key,
            valid_from_ms=max(_ms(leaf.not_valid_before_utc), _ms(root.not_valid_before_utc)),
            valid_until_ms=min(_ms(leaf.not_valid_after_utc), _ms(root.not_valid_after_utc)),
            party=attributes.get("waitan.party", "") if role in OF_A_FIRM else "",
        )
    except _UNREADABLE:
        raise Refusal(Code.AG08, "certificate") from None


def _require_whole_octets(leaf: x509.Certificate, certificate: bytes) -> None:
    """Take a certificate in one form: its last field, the signature, has no unused bits (RFC 5280 section 4.1.1.3).

    The parser drops the count of them, so that a signature ending in a zero bit could be written with one unused bit:
    other bytes and another fingerprint for what the CA signed once.
    """
    if not certificate.endswith(b"\x00" + leaf.signature):
        raise ValueError("a signature of part of an octet")


def _key_digest(certificate: x509.Certificate) -> str:
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def _signer(leaf: x509.Certificate) -> Signer:
    return Signer(
        name=str(leaf.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value),
        serial=f"{leaf.serial_number:x}",
        key=_key_digest(leaf),
    )


def _claims(leaf: x509.Certificate) -> dict[str, str]:
    extension = leaf.extensions.get_extension_for_oid(ATTRIBUTES_OID).value
    assert isinstance(extension, x509.UnrecognizedExtension)
    return {str(name): str(value) for name, value in json.loads(extension.value)["attrs"].items()}


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
