"""Compact JWS (RFC 7515 section 7.1) as PINT has it: ES256, with the signer's certificate in the header (`x5c`).

Each token has one spelling: a header or a part that could be written otherwise is refused, so that no byte of it can be
changed and pass. Whose certificate it is, the caller says, and so nothing is made of one that nobody vouches for.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from settlement import base64url, canonical, identity
from settlement.errors import Code, Refusal

TOKEN_MAX: Final = 16 * 1024
"""Characters; a link with its parties takes two thousand."""

KeyOf = Callable[[bytes], EllipticCurvePublicKey]
"""Gives the key of a certificate (DER) that the caller vouches for; refuses any other."""

Sign = Callable[[bytes], bytes]
"""Gives the ES256 signature (r and s, 32 bytes each) of some bytes."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A protected header: always ES256, always one certificate (DER, base64)."""

    alg: str
    x5c: tuple[str]


class Token(NamedTuple):
    """What a token says, and by which certificate (DER); its signature holds."""

    payload: bytes
    certificate: bytes


_HEADER: Final = msgspec.json.Decoder(Header)


def sign(payload: bytes, certificate: bytes, signing: Sign) -> str:
    """Make a token."""
    head = Header(alg="ES256", x5c=(b64encode(certificate).decode(),))
    signed = f"{base64url.encode(canonical.encode(head))}.{base64url.encode(payload)}"
    return f"{signed}.{base64url.encode(signing(signed.encode()))}"


def read(token: str, where: str, key_of: KeyOf) -> Token:
    """Read a token; DS0H for one that is none, or whose signature does not hold, or whose signer nobody vouches for."""
    if len(token) > TOKEN_MAX or not token.isascii() or token.count(".") != 2:  # noqa: PLR2004 - three parts
        raise Refusal(Code.DS0H, where)
    try:
        head, payload, signature = (base64url.decode(part) for part in token.split("."))
        header = canonical.decode(head, _HEADER)
        certificate = b64decode(header.x5c[0], validate=True)
        if header.alg != "ES256" or b64encode(certificate).decode() != header.x5c[0]:
            raise ValueError
        key = key_of(certificate)
    except (Refusal, ValueError):
        raise Refusal(Code.DS0H, where) from None
    if not identity.holds(key, signature, token.rpartition(".")[0].encode()):
        raise Refusal(Code.DS0H, where)
    return Token(payload, certificate)
