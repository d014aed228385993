"""Who may say who a trader is: issuers of bearer tokens, and the keys by which their signatures are known.

A bank keeps its identity provider: the gateway is told the issuer's name, the audience, and a file with its public
keys, a JWK set (RFC 7517) or PEM. The file is read again when it changes, so keys roll over without a restart.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from gateway.auth.scopes import Scope
from gateway.watched import Watched

_PUBLIC: Final = b"-----BEGIN PUBLIC KEY-----"
_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"


class Keys(NamedTuple):
    """An issuer's public keys on P-256: those with a name (`kid`), and those without."""

    named: Mapping[str, ec.EllipticCurvePublicKey]
    others: tuple[ec.EllipticCurvePublicKey, ...]

    def of(self, kid: str | None) -> tuple[ec.EllipticCurvePublicKey, ...]:
        """Give the keys that may have signed a token: the one that it names, else those that have no name.

        Where a token names none and there is but one key, it is that one.
        """
        if kid is not None and kid in self.named:
            return (self.named[kid],)
        if kid is None and not self.others and len(self.named) == 1:
            return tuple(self.named.values())
        return self.others


class Issuer(NamedTuple):
    """`customer_claim` names the claim that has the customer's LEI or USCC; `keys` gives the keys as they are now.

    `version` grows when the keys change; `scopes` are those that its tokens may name.
    """

    name: str
    audience: str
    customer_claim: str
    keys: Callable[[], Keys]
    version: Callable[[], int]
    scopes: frozenset[Scope] = frozenset(Scope)


def of_certificate(certificate: bytes, *, name: str, audience: str) -> Issuer:
    """Let the holder of a certificate (PEM) sign tokens: without an identity provider, the bank's own gateway."""
    keys = parse_keys(certificate)
    return Issuer(name, audience, "sub", lambda: keys, lambda: 1)


def of_file(
    path: Path, *, name: str, audience: str, customer_claim: str, scopes: Iterable[Scope] = (Scope.TRADER,)
) -> Issuer:
    """Let an issuer sign whose keys are in a file; raises `OSError`, and `ValueError` where they are no such keys.

    A file that becomes unreadable leaves the keys that were read.
    """
    watched = Watched((path,), parse_keys)
    return Issuer(name, audience, customer_claim, lambda: watched.value, lambda: watched.version, frozenset(scopes))


def parse_keys(data: bytes) -> Keys:
    """Read a JWK set, or a certificate or public key (PEM); raises `ValueError`.

    Of a set only keys for ES256 signatures count; a set that holds a private key is refused: it must not lie here.
    """
    if data.lstrip().startswith(b"{"):
        return _set(data)
    found: list[Any]
    if _CERTIFICATE in data:
        found = [certificate.public_key() for certificate in x509.load_pem_x509_certificates(data)]
    elif _PUBLIC in data:
        found = [load_pem_public_key(data)]
    else:
        raise ValueError("neither a JWK set nor a public key or certificate in PEM")
    for key in found:
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise ValueError("not an EC key on P-256")  # noqa: TRY004 - the file holds it, not the caller
    return Keys(MappingProxyType({}), tuple(found))


def _set(data: bytes) -> Keys:
    found = json.loads(data)
    listed = found.get("keys")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ValueError("no JWK set: it has no list of keys")
    if any("d" in each or "k" in each for each in listed):
        raise ValueError("the JWK set holds a private or secret key")
    named, others = {}, []
    for each in listed:
        if (each.get("kty"), each.get("crv")) != ("EC", "P-256"):
            continue
        if each.get("use", "sig") != "sig" or each.get("alg", "ES256") != "ES256":
            continue
        try:
            key = jwt.PyJWK(each, "ES256").key
        except jwt.PyJWTError as error:
            raise ValueError(f"a key of the JWK set cannot be read: {error}") from None
        kid = each.get("kid")
        if kid is None:
            others.append(key)
        elif kid in named:
            raise ValueError(f"two keys of the JWK set are named {kid!r}")
        else:
            named[str(kid)] = key
    if not named and not others:
        raise ValueError("the JWK set holds no EC key on P-256 for signatures")
    return Keys(MappingProxyType(named), tuple(others))
