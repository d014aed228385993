"""Certifying keys that are made elsewhere: a request comes in (PKCS #10, RFC 2986), a certificate goes out.

A trader's browser makes a key that never leaves it, and asks for a certificate. Whoever asks shows by the request's own
signature that it has the key; for whom it acts, the request does not say: the bank knows that from the token.
"""

import re
from collections.abc import Callable
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.auth.development import DevelopmentCA
from settlement.errors import Code, Refusal
from settlement.parties import Role

Certifier = Callable[[bytes, str], bytes]
"""Certify the key of a request (PEM) for a firm (LEI or USCC) as its trader's; give the certificate (DER).

Raises `Refusal`: CH16 for what is no such request.
"""

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .'-]{0,62}[A-Za-z0-9.])?").fullmatch
_UNREADABLE: Final = (ValueError, TypeError, IndexError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion)


def development_certifier(ca: DevelopmentCA) -> Certifier:
    """Let an organisation's development CA certify at once whatever its customers' browsers ask. Not for production."""

    def certify(request: bytes, party: str) -> bytes:
        key, name = asked(request)
        return ca.certify(key, name, Role.TRADER, party=party).public_bytes(Encoding.DER)

    return certify


def asked(request: bytes) -> tuple[ec.EllipticCurvePublicKey, str]:
    """Read a request (PEM): a P-256 key, shown to be its sender's, and the name of a person; else CH16."""
    try:
        read = x509.load_pem_x509_csr(request)
        if not read.is_signature_valid:
            raise InvalidSignature
        key = read.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise TypeError("not a P-256 key")
        name = str(read.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)
    except _UNREADABLE:
        raise Refusal(Code.CH16, "request") from None
    if _NAME(name) is None:
        raise Refusal(Code.CH16, "request")
    return key, name
