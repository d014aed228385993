"""Certificates that ought not to be believed, and one that ought."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from gateway.auth.development import DevelopmentCA
from gateway.auth.signing import Credential, signer
from settlement.identity import ATTRIBUTES_OID
from tests.world import NOW

DAY: Final = timedelta(days=1)


def a_credential(
    ca: DevelopmentCA,
    *,
    common_name: str = "gateway",
    attributes: Any = None,
    extension: bytes | None = None,
    starts: datetime = NOW - DAY,
    ends: datetime = NOW + DAY,
    key: ec.EllipticCurvePrivateKey | None = None,
    self_signed: bool = False,
) -> Credential:
    """Certify a key under an organisation's CA; whatever is not named is as it should be."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    claims = {"attrs": attributes or {"waitan.participant": ca.participant, "waitan.role": "gateway"}}
    certificate = _certificate(
        ca,
        own.public_key(),
        common_name=common_name,
        extension=extension or json.dumps(claims).encode(),
        validity=(starts, ends),
        own=own if self_signed else None,
    )
    return Credential(certificate, signer(own))


def serial_of(credential: Credential) -> str:
    """Give a certificate's serial number, as it is told in a revocation."""
    return f"{x509.load_der_x509_certificate(credential.certificate).serial_number:x}"


def with_foreign_key(ca: DevelopmentCA, kind: str) -> bytes:
    """Certify a key that is not on P-256; give the certificate."""
    keys: dict[str, Callable[[], Any]] = {
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()).public_key(),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()).public_key(),
        "RSA": lambda: rsa.generate_private_key(65537, 2048).public_key(),
        "Ed25519": lambda: ed25519.Ed25519PrivateKey.generate().public_key(),
    }
    claims = {"attrs": {"waitan.participant": ca.participant, "waitan.role": "gateway"}}
    return _certificate(ca, keys[kind](), extension=json.dumps(claims).encode())


def _certificate(
    ca: DevelopmentCA,
    public_key: Any,
    *,
    extension: bytes,
    common_name: str = "gateway",
    validity: tuple[datetime, datetime] = (NOW - DAY, NOW + DAY),
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    root = x509.load_pem_x509_certificate(ca.root.certificate)
    root_key = load_pem_private_key(ca.root.key, password=None)
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)] if common_name else [])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if own else root.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
    )
    if extension:
        builder = builder.add_extension(x509.UnrecognizedExtension(ATTRIBUTES_OID, extension), critical=False)
    return builder.sign(own or root_key, hashes.SHA256()).public_bytes(Encoding.DER)
