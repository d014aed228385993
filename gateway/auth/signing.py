"""Signing with a private key: ES256 in its JOSE form. A signer is a function, so an HSM fits."""

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from settlement import canonical
from settlement.commands import Signed
from settlement.forms.consent import command_to_sign
from settlement.identity import ES256
from settlement.records import Command
from settlement.trade import signing
from settlement.trade.signing import SignableTerms

Sign = Callable[[bytes], bytes]
"""Give the 64-byte ES256 signature (r and s) over some bytes."""

_HALF_BYTES: Final = 32


class Credential(NamedTuple):
    """A certificate (DER) and what signs with its key."""

    certificate: bytes
    sign: Sign

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex."""
        return hashlib.sha256(self.certificate).hexdigest()


def signer(key: ec.EllipticCurvePrivateKey) -> Sign:
    """Sign with a key held in memory."""

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ES256))
        return r.to_bytes(_HALF_BYTES, "big") + s.to_bytes(_HALF_BYTES, "big")

    return sign


def credential(certificate_pem: bytes, key_pem: bytes) -> Credential:
    """Read a certificate and its private key (both PEM); raises `ValueError` where they cannot be read."""
    key = load_pem_private_key(key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("the private key is not an EC key on P-256")  # noqa: TRY004 - the file holds it, not the caller
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    return Credential(certificate.public_bytes(Encoding.DER), signer(key))


def sign_document(network: str, document: SignableTerms, person: Credential) -> str:
    """Let a person sign a document: a detached JWS (settlement.trade.signing)."""
    header = signing.header(network, person.certificate)
    return signing.detached(header, person.sign(signing.to_sign(header, document)))


def sign_command(network: str, command: Command, person: Credential) -> Signed:
    """Let a person consent to a command; the key stays where it is."""
    canonical_form = canonical.encode(command)
    return Signed(
        command=canonical_form.decode(),
        certificate=person.certificate,
        signature=person.sign(command_to_sign(network, canonical_form)),
        requested_by=person.fingerprint,
    )
