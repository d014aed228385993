"""Requests for certificates: what is one, and what the certificate then says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.auth.certifying import development_certifier
from gateway.auth.development import DevelopmentCA
from settlement import identity
from settlement.errors import Code
from settlement.participants import Organisation, Participant
from settlement.parties import Kind, Role
from tests.expectations import refused

FIRM = "91310101MA1FP2K400"
CA = DevelopmentCA.create("banksh")


def a_request(name: str = "Shen Lihua", key: Any = None) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """Make a key, and ask for a certificate of it."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else [])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(own, hashes.SHA256())
    return own, request.public_bytes(Encoding.PEM)


def test_a_certificate_is_of_the_key_and_for_the_firm() -> None:
    """It is a trader's of the CA's organisation, whatever else the request might have asked."""
    key, request = a_request()
    certificate = development_certifier(CA)(request, FIRM)
    organisation = Organisation(
        participant="banksh", kind=Kind.BANK, name="b", msp="m", root=CA.root.certificate.decode()
    )
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    found = identity.identify(certificate, Participant(organisation=organisation), now_ms)
    assert (found.role, found.party, found.signer.name) == (Role.TRADER, FIRM, "Shen Lihua")
    assert found.public_key.public_numbers() == key.public_key().public_numbers()


def _changed(request: bytes) -> bytes:
    """Put another name of the same length into a signed request."""
    der = x509.load_pem_x509_csr(request).public_bytes(Encoding.DER).replace(b"Shen Lihua", b"Shen Lihub")
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM)


WRONG: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no PEM": lambda: b"request",
    "a certificate": lambda: CA.root.certificate,
    "cut off": lambda: a_request()[1][:200],
    "changed after it was signed": lambda: _changed(a_request()[1]),
    "without a name": lambda: a_request("")[1],
    "with a name in another script": lambda: a_request("沈丽华")[1],
    "with a line break": lambda: a_request("Shen\nLihua")[1],
    "of another curve": lambda: a_request(key=ec.generate_private_key(ec.SECP384R1()))[1],
    "of an RSA key": lambda: a_request(key=rsa.generate_private_key(65537, 2048))[1],
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_such_request_is_refused(kind: str) -> None:
    with refused(Code.CH16, "request"):
        development_certifier(CA)(WRONG[kind](), FIRM)
