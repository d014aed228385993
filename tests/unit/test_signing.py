"""Signatures on documents, as others would check them: with a library for JOSE, and the certificate beside."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec.structs import replace

from gateway.auth.development import DevelopmentCA
from gateway.auth.signing import Credential, sign_document
from settlement import canonical
from settlement.errors import Code
from settlement.identity import Signer
from settlement.parties import Role
from settlement.trade import signing
from settlement.trade.record import Actor
from tests.expectations import refused
from tests.trade import SELLER, a_note, an_invoice, some_terms
from tests.world import NETWORK, NOW, NOW_MS

CA = DevelopmentCA.create("banksh", now=NOW)
TERMS = some_terms()


def a_person(party: str = SELLER.identifier) -> Credential:
    return CA.issue("trader", Role.TRADER, party=party, now=NOW, validity=timedelta(days=1)).credential


def acting(person: Credential, *, network: str = NETWORK, party: str = SELLER.identifier, key: str = "k") -> Actor:
    signer = Signer(name="trader", serial="1", key=key)
    return Actor("banksh", Role.TRADER, signer, party, person.certificate, network, "f" * 64, NOW_MS)


def test_a_library_for_jose_checks_it() -> None:
    """PyJWT knows detached payloads that are not base64 (RFC 7797); it needs the document's canonical form alone."""
    person = a_person()
    jws = sign_document(NETWORK, TERMS, person)
    key = x509.load_der_x509_certificate(person.certificate).public_key()
    checked = jwt.PyJWS().decode_complete(
        jws,
        key,  # type: ignore[arg-type]  # of the kinds that ES256 takes
        algorithms=["ES256"],
        detached_payload=canonical.encode(TERMS),
    )
    assert checked["payload"] == canonical.encode(TERMS)
    assert checked["header"]["network"] == NETWORK
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.PyJWS().decode(
            jws,
            key,  # type: ignore[arg-type]
            algorithms=["ES256"],
            detached_payload=canonical.encode(replace(TERMS, amount="1.00")),
        )


def test_its_header_says_how_on_what_network_and_with_which_certificate() -> None:
    """And nothing else: five names, in their order."""
    person = a_person()
    encoded = sign_document(NETWORK, TERMS, person).partition("..")[0]
    header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert list(header) == ["alg", "b64", "crit", "network", "x5t#S256"]
    assert (header["alg"], header["b64"], header["crit"]) == ("ES256", False, ["b64"])
    thumbprint = x509.load_der_x509_certificate(person.certificate).fingerprint(SHA256())
    assert base64.urlsafe_b64decode(header["x5t#S256"] + "=") == thumbprint


def test_it_is_kept_with_what_proves_it() -> None:
    person = a_person()
    jws = sign_document(NETWORK, TERMS, person)
    kept = signing.signature_of(TERMS, jws, acting(person))
    assert (kept.jws, kept.certificate, kept.party, kept.at_ms) == (jws, person.certificate, SELLER.identifier, NOW_MS)


def test_it_counts_for_no_other_kind_of_document() -> None:
    """Documents of two kinds are never the same bytes, whatever they say."""
    person = a_person()
    documents = [TERMS, an_invoice(), a_note("f" * 32)]
    for one in documents:
        jws = sign_document(NETWORK, one, person)
        for other in documents:
            if other is not one:
                with refused(Code.DS0H, "signature"):
                    signing.signature_of(other, jws, acting(person))


def test_it_counts_for_its_own_certificate_and_network_alone() -> None:
    """Not for another certificate of the same key's holder, nor elsewhere."""
    person, other = a_person(), a_person()
    jws = sign_document(NETWORK, TERMS, person)
    for by in (acting(other), acting(person, network="elsewhere")):
        with refused(Code.DS0H, "signature"):
            signing.signature_of(TERMS, jws, by)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256", "b64": False, "crit": ["b64"]},
        {"alg": "ES256"},
        {"alg": "ES256", "b64": True},
        {"alg": "ES256", "b64": False, "crit": []},
    ],
)
def test_another_header_is_none(header: dict[str, object]) -> None:
    """Even where the signature over it holds: no header but the one that is expected is ever read."""
    person = a_person()
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    jws = signing.detached(encoded, person.sign(signing.to_sign(encoded, TERMS)))
    with refused(Code.DS0H, "signature"):
        signing.signature_of(TERMS, jws, acting(person))


@pytest.mark.parametrize(
    ("party", "key", "counts"),
    [("another", "another", True), (SELLER.identifier, "another", False), ("another", "k", False)],
)
def test_two_signatures_are_of_two_parties_and_two_keys(party: str, key: str, *, counts: bool) -> None:
    person = a_person()
    first = signing.signature_of(TERMS, sign_document(NETWORK, TERMS, person), acting(person))
    second = replace(first, party=party, signer=replace(first.signer, key=key))
    if counts:
        signing.require_another([first], second)
    else:
        with refused(Code.SAME_SIGNER, "signature"):
            signing.require_another([first], second)
