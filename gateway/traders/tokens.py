"""Bearer tokens: who the holder is, said and signed by an issuer that the organisation trusts.

A token is a JWT (RFC 7519) signed ES256 and nothing else. It names its issuer, its audience, itself (`jti`), when it
was issued and when it ends, its scope (gateway.auth.scopes), and a trader's names the customer as the bank
registered it: LEI or USCC. Without an identity provider the issuer is the organisation's own gateway, under its name
on the ledger. Which scopes an issuer may give is the gateway's to say: who knows customers need not know the staff.

A token whose signature was checked is remembered by its hash, until it ends. What may change before that is looked at
every time: its end, the list of revocations, the issuer's keys.
"""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import jwt

from gateway.auth import issuers
from gateway.auth.issuers import Issuer
from gateway.auth.revocations import Revocations
from gateway.auth.scopes import Scope, claimed

ALGORITHM: Final = "ES256"
LIFETIME_S: Final = 3600
SKEW_S: Final = 30
"""How far an issuer's clock may be ahead of ours."""
TOKEN_MAX_BYTES: Final = 8 * 1024
NAME_MAX: Final = 255
"""The longest token id, subject or customer."""
REMEMBERED: Final = 10_000

_CLAIMS: Final = ("exp", "iat", "iss", "aud", "sub", "jti")
_OPTIONS: Final[Any] = {
    "require": list(_CLAIMS),
    "strict_aud": True,
    **{f"verify_{name}": False for name in ("exp", "nbf", "iat")},
}
"""Times are read by our own clock below, every time and not once."""


class TokenError(Exception):
    """A token that says nothing: forged, expired, revoked, another's, or no token at all."""


class TokensUnknowableError(Exception):
    """The list of revocations cannot be read, so that nobody knows whether a token counts."""


class Holder(NamedTuple):
    """Whom a token names, and the token's own name. Times are seconds since 1970.

    `customer` is a trader's LEI or USCC; staff have none.
    """

    customer: str
    issuer: str
    subject: str
    token_id: str
    not_before_s: float
    expires_s: float
    scope: Scope = Scope.TRADER

    @property
    def name(self) -> str:
        """Name the holder, whichever of its tokens this is."""
        return self.customer or self.subject

    @property
    def fingerprint(self) -> str:
        """Names the token where something is recorded for its holder: SHA-256 (hex) of `token|ISSUER|JTI`.

        Whoever issued it can tell which it was; from the ledger alone nobody can.
        """
        return hashlib.sha256(f"token|{self.issuer}|{self.token_id}".encode()).hexdigest()


def audience(network: str, participant: str) -> str:
    """Name the gateway for which a token is meant."""
    return f"urn:waitan:{network}:{participant}"


def mint(
    key_pem: bytes,
    *,
    network: str,
    participant: str,
    customer: str,
    now_s: int,
    lifetime_s: int = LIFETIME_S,
    scope: Scope = Scope.TRADER,
) -> str:
    """Make a token for a customer, or with another scope for one of the staff, signed with the gateway's key (PEM).

    For development and tests.
    """
    claims = {
        "iss": participant,
        "aud": audience(network, participant),
        "sub": customer,
        "jti": secrets.token_hex(16),
        "iat": now_s,
        "nbf": now_s,
        "exp": now_s + lifetime_s,
        "scope": scope.value,
    }
    return jwt.encode(claims, key_pem, algorithm=ALGORITHM)


class Tokens:
    """Reads the tokens that one bank's gateway is to trust.

    `issuers_`: whom it trusts; without any, itself, by the key in its certificate (PEM). `clock` gives seconds since
    1970.
    """

    def __init__(
        self,
        certificate: bytes,
        *,
        network: str,
        participant: str,
        issuers_: Sequence[Issuer] = (),
        revocations: Revocations | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        own = issuers.of_certificate(certificate, name=participant, audience=audience(network, participant))
        self._issuers: Final = {each.name: each for each in issuers_ or (own,)}
        self._revocations: Final = revocations or Revocations()
        self._clock: Final = clock
        self._known: Final[OrderedDict[bytes, tuple[Holder, int]]] = OrderedDict()

    def customer(self, token: str) -> str:
        """Give the customer (LEI or USCC) whom a token names; raises as `holder` does."""
        return self.holder(token).customer

    def holder(self, token: str) -> Holder:
        """Say whose a token is; raises `TokenError`, and `TokensUnknowableError`."""
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        known = self._known.get(digest)
        if known is None or known[1] != self._issuers[known[0].issuer].version():
            holder, version = self._read(token)
            self._known[digest] = holder, version
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        else:
            holder = known[0]
            self._known.move_to_end(digest)
        self._require_valid(holder)
        return holder

    def _require_valid(self, holder: Holder) -> None:
        now_s = self._clock()
        if now_s >= holder.expires_s or now_s + SKEW_S < holder.not_before_s:
            raise TokenError
        revoked = self._revocations.now
        if revoked is None:
            raise TokensUnknowableError
        if (holder.issuer, holder.token_id) in revoked.tokens:
            raise TokenError
        if not revoked.subjects.isdisjoint({(holder.issuer, holder.subject), (holder.issuer, holder.customer)}):
            raise TokenError

    def _read(self, token: str) -> tuple[Holder, int]:
        """Check a token's signature and form, whatever the time; give the version of the keys that said so."""
        if len(token) > TOKEN_MAX_BYTES:
            raise TokenError
        try:
            head = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
            issuer = self._issuers[said["iss"]]
            keys, version = issuer.keys(), issuer.version()
            for key in keys.of(head.get("kid")):
                try:
                    return _holder(self._decoded(token, key, issuer), issuer), version
                except jwt.InvalidSignatureError:
                    continue
        except (jwt.PyJWTError, KeyError, TypeError, ValueError, RecursionError):
            raise TokenError from None
        raise TokenError

    @staticmethod
    def _decoded(token: str, key: Any, issuer: Issuer) -> dict[str, Any]:
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer.name,
            audience=issuer.audience,
            options=_OPTIONS,
        )


def _holder(claims: dict[str, Any], issuer: Issuer) -> Holder:
    """Read verified claims; raises `TypeError` or `ValueError` where one is not what it should be."""
    scope = claimed(claims.get("scope", ""))
    if scope not in issuer.scopes:
        raise ValueError
    is_trader = scope is Scope.TRADER
    names = [claims[name] for name in (issuer.customer_claim if is_trader else "sub", "sub", "jti")]
    if not all(isinstance(each, str) and 0 < len(each) <= NAME_MAX for each in names):
        raise ValueError
    times = [claims["iat"], claims.get("nbf", claims["iat"]), claims["exp"]]
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in times):
        raise TypeError
    issued_s, not_before_s, expires_s = times
    customer, subject, token_id = names
    begins_s = max(issued_s, not_before_s)
    return Holder(customer if is_trader else "", issuer.name, subject, token_id, begins_s, expires_s, scope)
