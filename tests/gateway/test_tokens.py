"""Whose token counts: a bank's identity provider, its keys and what it takes back, and nobody who looks like it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.auth import issuers, revocations
from gateway.auth.development import DevelopmentCA
from gateway.auth.issuers import parse_keys
from gateway.auth.revocations import Revocations
from gateway.auth.scopes import Scope
from gateway.traders.tokens import TokenError, Tokens, TokensUnknowableError
from gateway.watched import Watched
from settlement.parties import Role

ISSUER: Final = "https://login.example"
AUDIENCE: Final = "waitan-banksh"
LEI: Final = "5493001KJTIIGC8Y1R12"
NOW_S: Final = 1_800_000_000.0
SERVICE: Final = DevelopmentCA.create("banksh").issue("gateway", Role.GATEWAY)
PEM: Final = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def a_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


def a_jwk(key: ec.EllipticCurvePrivateKey, kid: str, **others: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    return {**made, "kid": kid, **others}


class Provider:
    """An identity provider, its files, and a gateway that trusts it, at a time that we choose."""

    def __init__(self, directory: Path) -> None:
        self.keys_file: Final = directory / "keys.json"
        self.revoked_file: Final = directory / "revoked"
        self.key: Final = a_key()
        self.now_s = NOW_S
        self.publish(a_jwk(self.key, "one"))
        self.revoked_file.write_text("# nothing yet\n")
        self.tokens: Final = self.gateway()

    def publish(self, *keys: dict[str, Any]) -> None:
        self.keys_file.write_text(json.dumps({"keys": list(keys)}))

    def gateway(self) -> Tokens:
        issuer = issuers.of_file(self.keys_file, name=ISSUER, audience=AUDIENCE, customer_claim="lei")
        return Tokens(
            SERVICE.certificate,
            network="waitan",
            participant="banksh",
            issuers_=(issuer,),
            revocations=Revocations(self.revoked_file),
            clock=lambda: self.now_s,
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.now_s)
        usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "user-7", "lei": LEI, "jti": "t-1", "iat": now, "exp": now + 60}
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def token(self, kid: str | None = "one", key: ec.EllipticCurvePrivateKey | None = None, **changes: Any) -> str:
        headers = {"kid": kid} if kid is not None else None
        return jwt.encode(self.claims(**changes), key or self.key, algorithm="ES256", headers=headers)


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setitem(Watched.__init__.__kwdefaults__ or {}, "check_s", 0.0)
    return Provider(tmp_path)


def test_the_customer_is_whom_the_issuers_claim_names(provider: Provider) -> None:
    holder = provider.tokens.holder(provider.token())
    assert (holder.customer, holder.subject, holder.issuer, holder.token_id) == (LEI, "user-7", ISSUER, "t-1")


def test_what_is_recorded_names_the_token_by_issuer_and_id(provider: Provider) -> None:
    first = provider.tokens.holder(provider.token())
    renewed = provider.tokens.holder(provider.token(iat=int(NOW_S) - 1))
    assert first.fingerprint == renewed.fingerprint
    assert first.fingerprint != provider.tokens.holder(provider.token(jti="t-2")).fingerprint


def segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_secret(provider: Provider, secret: bytes) -> str:
    """The old trick: HS256 with what everybody knows."""
    signed = f"{segment({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{segment(provider.claims())}"
    mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


FORGED: Final[dict[str, Callable[[Provider], str]]] = {
    "another's key": lambda p: p.token(key=a_key()),
    "other claims": lambda p: ".".join((p.token().split(".")[0], segment(p.claims(lei="X")), p.token().split(".")[2])),
    "none": lambda p: f"{segment({'alg': 'none', 'kid': 'one'})}.{segment(p.claims())}.",
    "none, signed": lambda p: f"{segment({'alg': 'none'})}.{segment(p.claims())}.{p.token().split('.')[2]}",
    "HS256 with the public key": lambda p: with_secret(p, p.key.public_key().public_bytes(*PEM)),
    "HS256 with the file of keys": lambda p: with_secret(p, p.keys_file.read_bytes()),
    "ES256K": lambda p: jwt.encode(p.claims(), a_key(ec.SECP256K1()), algorithm="ES256K", headers={"kid": "one"}),
    "ES384": lambda p: jwt.encode(p.claims(), a_key(ec.SECP384R1()), algorithm="ES384", headers={"kid": "one"}),
    "another algorithm named over its signature": lambda p: (
        f"{segment({'alg': 'RS256', 'kid': 'one'})}.{p.token().partition('.')[2]}"
    ),
    "a key at an address in its head": lambda p: jwt.encode(
        p.claims(), a_key(), algorithm="ES256", headers={"kid": "one", "jku": "https://evil.example/keys"}
    ),
    "an unknown key id": lambda p: p.token(kid="two"),
    "a key id that is a path": lambda p: p.token(kid="../../../dev/null"),
    "expired": lambda p: p.token(exp=int(NOW_S)),
    "not yet": lambda p: p.token(nbf=int(NOW_S) + 31),
    "issued tomorrow": lambda p: p.token(iat=int(NOW_S) + 86_400),
    "never ends": lambda p: p.token(exp=float("inf")),
    "ends at no time": lambda p: p.token(exp=float("nan")),
    "without end": lambda p: p.token(exp=None),
    "without a name": lambda p: p.token(jti=None),
    "with an empty name": lambda p: p.token(jti=""),
    "without a customer": lambda p: p.token(lei=None),
    "a list of customers": lambda p: p.token(lei=[LEI]),
    "for another": lambda p: p.token(aud="waitan-bankist"),
    "for several": lambda p: p.token(aud=[AUDIENCE, "others"]),
    "by another": lambda p: p.token(iss="https://login.other"),
    "the gateway's own": lambda p: jwt.encode(p.claims(iss="banksh"), SERVICE.key, algorithm="ES256"),
    "too long": lambda p: p.token(more="x" * 9000),
    "no token": lambda _: "a.b.c",
    "nothing": lambda _: "",
    "no text": lambda _: "\udc80",
}


@pytest.mark.parametrize("case", FORGED)
def test_what_does_not_count(provider: Provider, case: str) -> None:
    token = FORGED[case](provider)
    for _ in range(2):  # asked again it counts no more than before
        with pytest.raises(TokenError):
            provider.tokens.holder(token)
    assert provider.tokens.holder(provider.token())


def test_a_token_that_counted_ends_when_it_says(provider: Provider) -> None:
    token = provider.token()
    assert provider.tokens.holder(token)
    provider.now_s += 60
    with pytest.raises(TokenError):
        provider.tokens.holder(token)


@pytest.mark.parametrize("line", [f"token {ISSUER} t-1", f"subject {ISSUER} user-7", f"subject {ISSUER} {LEI}"])
def test_a_token_that_counted_is_taken_back(provider: Provider, line: str) -> None:
    token = provider.token()
    assert provider.tokens.holder(token)
    provider.revoked_file.write_text(f"# lost\n{line}\n")
    with pytest.raises(TokenError):
        provider.tokens.holder(token)
    provider.revoked_file.write_text(f"token https://login.other t-1\ntoken {ISSUER} t-99\n")
    assert provider.tokens.holder(token)


@pytest.mark.parametrize("said", ["token t-1\n", "tokens a b\n", None], ids=["two words", "another word", "no file"])
def test_nobody_gets_in_while_nobody_knows_what_was_taken_back(provider: Provider, said: str | None) -> None:
    token = provider.token()
    assert provider.tokens.holder(token)
    if said is None:
        provider.revoked_file.unlink()
    else:
        provider.revoked_file.write_text(said)
    with pytest.raises(TokensUnknowableError):
        provider.tokens.holder(token)
    provider.revoked_file.write_text("# mended\n")
    assert provider.tokens.holder(token)


def test_keys_roll_over_while_the_gateway_runs(provider: Provider) -> None:
    old, newer = provider.token(), a_key()
    assert provider.tokens.holder(old)
    provider.publish(a_jwk(provider.key, "one"), a_jwk(newer, "two"))
    assert provider.tokens.holder(provider.token(kid="two", key=newer, jti="t-2"))
    assert provider.tokens.holder(old)
    provider.publish(a_jwk(newer, "two"))
    with pytest.raises(TokenError):
        provider.tokens.holder(old)


def test_a_key_of_the_same_name_signs_for_its_own_issuer_alone(provider: Provider) -> None:
    """Two providers call their keys alike: neither speaks for the other, by another's name or for its audience."""
    other, name = a_key(), "https://login.other"
    file = provider.keys_file.with_name("other.json")
    file.write_text(json.dumps({"keys": [a_jwk(other, "one")]}))
    tokens = Tokens(
        SERVICE.certificate,
        network="waitan",
        participant="banksh",
        issuers_=(
            issuers.of_file(provider.keys_file, name=ISSUER, audience=AUDIENCE, customer_claim="lei"),
            issuers.of_file(file, name=name, audience="other-banksh", customer_claim="lei"),
        ),
        clock=lambda: provider.now_s,
    )
    assert tokens.holder(provider.token()).issuer == ISSUER
    assert tokens.holder(provider.token(key=other, iss=name, aud="other-banksh")).issuer == name
    for forged in (
        provider.token(key=other),
        provider.token(iss=name, aud="other-banksh"),
        provider.token(key=other, iss=name),
        provider.token(aud="other-banksh"),
    ):
        with pytest.raises(TokenError):
            tokens.holder(forged)


def test_a_token_that_is_sent_again_counts_until_it_is_taken_back(provider: Provider) -> None:
    """A bearer token is meant for many requests; once taken back no copy counts, also none that names itself alike."""
    token = provider.token()
    for _ in range(3):
        assert provider.tokens.holder(token).token_id == "t-1"
    provider.revoked_file.write_text(f"token {ISSUER} t-1\n")
    for replayed in (token, provider.token(), provider.token(exp=int(NOW_S) + 600), provider.token(lei="OTHER")):
        with pytest.raises(TokenError):
            provider.tokens.holder(replayed)
    with pytest.raises(TokenError):
        provider.gateway().holder(token)
    assert provider.tokens.holder(provider.token(jti="t-2"))


def test_a_key_file_that_breaks_leaves_the_keys_that_were_read(provider: Provider) -> None:
    provider.keys_file.write_text("{")
    assert provider.tokens.holder(provider.token())


def test_a_token_without_a_key_id_needs_the_issuer_to_have_one_key(provider: Provider) -> None:
    assert provider.tokens.holder(provider.token(kid=None))
    provider.publish(a_jwk(provider.key, "one"), a_jwk(a_key(), "two"))
    with pytest.raises(TokenError):
        provider.tokens.holder(provider.token(kid=None, jti="t-2"))


def test_a_key_may_come_as_pem_or_as_a_certificate(provider: Provider) -> None:
    for data in (provider.key.public_key().public_bytes(*PEM), SERVICE.certificate):
        assert len(parse_keys(data).of(None)) == 1


RSA_JWK: Final = {"kty": "RSA", "n": "sXch", "e": "AQAB", "kid": "rsa"}
NO_KEYS: Final[dict[str, Any]] = {
    "no set": b"{}",
    "no keys": b'{"keys": []}',
    "RSA alone": json.dumps({"keys": [RSA_JWK]}).encode(),
    "for encryption": json.dumps({"keys": [a_jwk(a_key(), "a", use="enc")]}).encode(),
    "for another algorithm": json.dumps({"keys": [a_jwk(a_key(), "a", alg="ES384")]}).encode(),
    "a private key": json.dumps({"keys": [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(a_key()))]}).encode(),
    "one name for two": json.dumps({"keys": [a_jwk(a_key(), "a"), a_jwk(a_key(), "a")]}).encode(),
    "P-384": ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(*PEM),
    "the private PEM": SERVICE.key,
    "words": b"hello",
}


@pytest.mark.parametrize("case", NO_KEYS)
def test_what_are_no_keys_is_refused_at_the_start(case: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_keys(NO_KEYS[case])
    assert "KEY" not in str(raised.value)


def test_a_set_with_keys_for_other_uses_is_read_for_those_that_sign() -> None:
    key = a_key()
    data = json.dumps({"keys": [RSA_JWK, a_jwk(key, "a", use="sig", alg="ES256")]}).encode()
    assert list(parse_keys(data).named) == ["a"]


def test_without_a_list_nothing_is_taken_back() -> None:
    assert Revocations().now == revocations.NOTHING


def test_an_issuer_gives_the_scopes_that_it_may_and_no_other(provider: Provider) -> None:
    """Who knows a bank's customers may not call itself the bank's desk."""
    assert provider.tokens.holder(provider.token(scope="openid profile")).scope is Scope.TRADER
    assert provider.tokens.holder(provider.token(scope="waitan.trader")).scope is Scope.TRADER
    for scope in ("waitan.desk", "waitan.supervisor", "waitan.trader waitan.desk", "openid waitan.clearing", 7):
        with pytest.raises(TokenError):
            provider.tokens.holder(provider.token(scope=scope))


def test_a_token_of_the_staff_names_a_person_and_no_customer(provider: Provider) -> None:
    issuer = issuers.of_file(
        provider.keys_file, name=ISSUER, audience=AUDIENCE, customer_claim="lei", scopes=(Scope.DESK,)
    )
    tokens = Tokens(
        SERVICE.certificate, network="waitan", participant="banksh", issuers_=(issuer,), clock=lambda: provider.now_s
    )
    holder = tokens.holder(provider.token(scope="waitan.desk", lei=None))
    assert (holder.scope, holder.customer, holder.name) == (Scope.DESK, "", "user-7")
    with pytest.raises(TokenError):
        tokens.holder(provider.token())
