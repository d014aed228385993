"""Bearer tokens of traders: who the holder is, said and signed by its bank.

A token is a JWT (RFC 7519), signed ES256 and nothing else. Its issuer is the bank's name on the ledger, its audience
that bank's gateway on one network, its subject the customer as the bank registered it: LEI or USCC.
"""

from typing import Final

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM: Final = "ES256"
LIFETIME_S: Final = 3600
_CLAIMS: Final = ("exp", "iat", "iss", "aud", "sub")


class TokenError(Exception):
    """A token that says nothing: forged, expired, another's, or no token at all."""


def audience(network: str, participant: str) -> str:
    """Name the gateway for which a token is meant."""
    return f"urn:waitan:{network}:{participant}"


def mint(
    key_pem: bytes, *, network: str, participant: str, customer: str, now_s: int, lifetime_s: int = LIFETIME_S
) -> str:
    """Make a token for a customer with the key of the bank's gateway (PEM). For development and tests."""
    claims = {
        "iss": participant,
        "aud": audience(network, participant),
        "sub": customer,
        "iat": now_s,
        "exp": now_s + lifetime_s,
    }
    return jwt.encode(claims, key_pem, algorithm=ALGORITHM)


class Tokens:
    """Reads tokens that one bank's gateway is to trust, by the key in a certificate (PEM)."""

    def __init__(self, certificate: bytes, *, network: str, participant: str) -> None:
        key = x509.load_pem_x509_certificate(certificate).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        self._key: Final = key
        self._issuer: Final = participant
        self._audience: Final = audience(network, participant)

    def customer(self, token: str) -> str:
        """Give the customer (LEI or USCC) whom a token names; raises `TokenError`."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                options={"require": list(_CLAIMS), "strict_aud": True},
            )
        except jwt.InvalidTokenError:
            raise TokenError from None
        return str(claims["sub"])
