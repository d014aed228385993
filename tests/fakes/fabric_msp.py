"""Organisations with certificate authorities of their own, and the checks that a peer makes of an identity."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from fabric_protos.msp import identities_pb2
from google.protobuf.message import DecodeError

A_DAY = timedelta(days=1)
ORDERS = {
    "secp256r1": 2**256 - 2**224 + 2**192 - 0x4319055258E8617B0C46353D039CDAAF,
    "secp384r1": 2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
}
"""The curves' orders, written as the distance from a round number: not as the client writes them."""


class AccessDeniedError(Exception):
    """An identity or a signature that no peer takes."""


class Issued(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, content: bytes) -> bytes:
        """Sign as an endorser does, with a low S."""
        digest = hashlib.sha256(content).digest()
        r, s = decode_dss_signature(self.key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return encode_dss_signature(r, min(s, ORDERS[self.key.curve.name] - s))


class Authority:
    """An organisation's certificate authority, known by its MSP id; with a root of its own unless one is given."""

    def __init__(self, msp_id: str, root: Issued | None = None) -> None:
        self.msp_id = msp_id
        self.root = root or _root(f"ca.{msp_id}")

    def issue(
        self, name: str, curve: ec.EllipticCurve | None = None, *, until: timedelta = A_DAY, dns: str = "localhost"
    ) -> Issued:
        """Certify a new key."""
        key = ec.generate_private_key(curve or ec.SECP256R1())
        issuer = self.root.certificate.subject
        return Issued(_certificate(_name(name), issuer, key.public_key(), self.root.key, until=until, dns=dns), key)


def _root(name: str) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issued(_certificate(_name(name), _name(name), key.public_key(), key, ca=True), key)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePrivateKey,
    *,
    ca: bool = False,
    until: timedelta = A_DAY,
    dns: str = "localhost",
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * A_DAY)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(dns)]), critical=False)
        # Who reads a certificate finds its issuer by these, even among roots of one name.
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    return builder.sign(signing, hashes.SHA256())


class Msps:
    """The organisations of a channel, as a peer knows them (msp/identities.go)."""

    def __init__(self, *authorities: Authority) -> None:
        self._authorities = {authority.msp_id: authority for authority in authorities}

    def verify(self, creator: bytes, content: bytes, signature: bytes) -> str:
        """Give the MSP id of whoever signed; raises `AccessDeniedError`."""
        try:
            identity = identities_pb2.SerializedIdentity.FromString(creator)
            certificate = x509.load_pem_x509_certificate(identity.id_bytes)
        except (DecodeError, ValueError) as error:
            raise AccessDeniedError("creator org unknown, creator is malformed") from error
        authority = self._authorities.get(identity.mspid)
        if authority is None:
            raise AccessDeniedError("creator org unknown, creator is malformed")
        key = certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        try:
            certificate.verify_directly_issued_by(authority.root.certificate)
            _, s = decode_dss_signature(signature)
            # A DER-encoded signature with a high S is another form of the same: a peer takes one form alone.
            if s > ORDERS[key.curve.name] // 2:
                raise AccessDeniedError(f"creator org [{identity.mspid}]")
            key.verify(signature, hashlib.sha256(content).digest(), ec.ECDSA(Prehashed(hashes.SHA256())))
        except (InvalidSignature, ValueError) as error:
            raise AccessDeniedError(f"creator org [{identity.mspid}]") from error
        if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
            raise AccessDeniedError(f"creator org [{identity.mspid}]")
        return str(identity.mspid)


def serialized(msp_id: str, issued: Issued) -> bytes:
    """An identity as it stands in signature headers and endorsements."""
    identity = identities_pb2.SerializedIdentity(mspid=msp_id, id_bytes=issued.certificate_pem)
    return bytes(identity.SerializeToString())
