"""Who is not to be let in at the traders' door, and what is not to be told there: on every route, one table each."""

import asyncio
import base64
import gzip
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders import bodies
from gateway.traders.permissions import PERMITTED
from gateway.traders.tokens import audience
from gateway.traders.web.frame import token_cookie
from settlement.parties import CashAccount
from tests.builders import SILK, SILK_ACCOUNT, a_uetr
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.initiation_messages import a_message

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEI: Final = "984500CCE7A3B2A54E11"
OTHERS_LEI: Final = "984500BA9B79CE77A824"
OTHERS_ACCOUNT: Final = "6222020200553311"
CANARY: Final = "CANARY5519"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    await banksh.ask(register(LEI))
    await banksh.ask(register(OTHERS_LEI, accounts=(OTHERS_ACCOUNT,)))
    async with doors_of(house, "banksh", "bankist") as opened:
        yield opened


def every_route() -> list[tuple[str, str]]:
    """Give each route with something in the places of its path."""
    places = {"uetr": a_uetr(), "id": "0" * 32, "account": "CNY", "number": "1"}
    return [(route.split(" ")[0], route.split(" ")[1].format(**places)) for route in sorted(PERMITTED)]


# Tokens

Forge = Callable[[Doors, dict[str, Any]], str]


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def signed(doors: Doors, claims: dict[str, Any], *, key: str = "", **head: Any) -> str:
    own = doors.house.members["banksh"].service.key.decode()
    return jwt.encode(claims, key or own, algorithm="ES256", headers=head or None)


def unsigned(claims: dict[str, Any], algorithm: str) -> str:
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    text = ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts)
    return f"{text}."


def with_public_key_as_secret(doors: Doors, claims: dict[str, Any]) -> str:
    """The old trick: HS256 with what everybody knows."""
    head = unsigned(claims, "HS256")[:-1]
    mac = hmac.digest(doors.house.members["banksh"].service.certificate, head.encode(), hashlib.sha256)
    return f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def without(name: str) -> Forge:
    return lambda doors, claims: signed(doors, {key: value for key, value in claims.items() if key != name})


def with_claim(name: str, value: Any) -> Forge:
    return lambda doors, claims: signed(doors, {**claims, name: value})


def broken(token: str) -> str:
    """Change the signature's first character."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


NOW: Final = int(time.time())
FORGED: Final[dict[str, Forge]] = {
    "signed by a stranger": lambda doors, claims: signed(
        doors, claims, key=_pem(ec.generate_private_key(ec.SECP256R1()))
    ),
    "signed by another bank": lambda doors, claims: signed(
        doors, claims, key=doors.house.members["bankist"].service.key.decode()
    ),
    "another bank's own": lambda doors, _: doors.token("bankist", customer=LEI),
    "a changed signature": lambda doors, claims: broken(signed(doors, claims)),
    "no signature": lambda doors, claims: signed(doors, claims).rpartition(".")[0] + ".",
    "algorithm none": lambda _, claims: unsigned(claims, "none"),
    "algorithm None": lambda _, claims: unsigned(claims, "None"),
    "algorithm HS256": with_public_key_as_secret,
    "a key of its own in its head": lambda doors, claims: signed(
        doors,
        claims,
        key=_pem(key := ec.generate_private_key(ec.SECP256R1())),
        jwk=json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key())),
    ),
    "an extension that must be understood": lambda doors, claims: signed(doors, claims, crit=["x"], x=1),
    "expired": with_claim("exp", NOW - 1),
    "not yet valid": with_claim("nbf", NOW + 3600),
    "issued in the future": with_claim("iat", NOW + 3600),
    "without an end": without("exp"),
    "without a name": without("jti"),
    "without a subject": without("sub"),
    "for another audience": with_claim("aud", audience(NETWORK, "bankist")),
    "for two audiences": with_claim("aud", [audience(NETWORK, "banksh"), "x"]),
    "of another network": with_claim("aud", audience("other", "banksh")),
    "of another issuer": with_claim("iss", "bankist"),
    "of two scopes": with_claim("scope", "waitan.trader waitan.desk"),
    "an end that is no number": with_claim("exp", "never"),
    "a subject that is no text": with_claim("sub", {"lei": LEI}),
    "garbage": lambda *_: "garbage",
    "four parts": lambda doors, claims: signed(doors, claims) + ".x",
    "too long": lambda *_: "x" * 7000,
}


@pytest.mark.parametrize("case", FORGED)
async def test_no_forged_token_opens_any_route(doors: Doors, case: str) -> None:
    """And none is told why: every one gets the same answer."""
    claims = {
        "iss": "banksh",
        "aud": audience(NETWORK, "banksh"),
        "sub": LEI,
        "jti": CANARY,
        "iat": NOW,
        "exp": NOW + 3600,
        "scope": "waitan.trader",
    }
    token = FORGED[case](doors, claims)
    with capture_logs() as lines:
        answers = [await doors.ask("banksh", path, token, method) for method, path in every_route()]
    assert {answer.status for answer in answers} == {401}
    assert {json.dumps(answer.body) for answer in answers} == {json.dumps(answers[0].body)}
    assert answers[0].body["code"] == "AG08"
    assert CANARY not in str(lines) + str(answers)
    assert token not in str(lines) + str(answers)


async def test_a_cookie_asks_for_nothing(doors: Doors) -> None:
    """A browser sends it with requests that its user does not know of (CSRF)."""
    cookie = {"Cookie": f"{token_cookie('banksh')}={doors.token('banksh', customer=LEI)}"}
    assert (await doors.ask("banksh", "/v1/payments", headers=cookie)).status == 200
    for method, path in every_route():
        if method == "POST":
            assert (await doors.ask("banksh", path, method=method, headers=cookie)).status == 401


# Somebody else's ids


async def test_what_is_somebody_else_s_is_as_if_it_did_not_exist(
    doors: Doors, house: House, banksh: WaitanClient
) -> None:
    """On every route that names a thing: the same answer, to the letter, as for a thing that is nowhere."""
    others = a_fresh_payment(debtor=replace(SILK, lei=OTHERS_LEI), debtor_account=CashAccount(other=OTHERS_ACCOUNT))
    await banksh.submit(others)
    other = doors.token("banksh", customer=OTHERS_LEI)
    asked = await doors.ask(
        "banksh",
        "/v1/payments",
        other,
        "POST",
        headers={"Idempotency-Key": "one", "Content-Type": "application/xml"},
        data=a_message().replace(SILK_ACCOUNT, OTHERS_ACCOUNT),
    )
    assert asked.status == 201, asked.body
    await house.caught_up()
    named = {"uetr": others.uetr, "id": asked.body["initiations"][0]["id"], "account": OTHERS_ACCOUNT}
    nowhere = {"uetr": a_uetr(), "id": "0" * 32, "account": "6222020200999999"}
    for route in ("/v1/payments/{uetr}", "/v1/certificates/{uetr}", "/v1/initiations/{id}", "/v1/statements/{account}"):
        assert (await doors.ask("banksh", route.format(**named), other)).status == 200, route
    stranger, desk = doors.token("banksh", customer=LEI), doors.token("bankist", Scope.DESK, "officer-1")
    nobody = doors.token("banksh", customer="984500WAITANNOBODY44")
    checked = 0
    for route, permitted in PERMITTED.items():
        method, path = route.split(" ")
        if not any(f"{{{name}}}" in path for name in named):
            continue
        for at, scope, token in (
            ("banksh", Scope.TRADER, stranger),
            ("banksh", Scope.TRADER, nobody),
            ("bankist", Scope.DESK, desk),
        ):
            is_own = at == "bankist" and "{uetr}" in path  # the payee's bank has the payment too
            if scope not in permitted or is_own:
                continue
            told = await doors.ask(at, path.format(**named), token, method)
            absent = await doors.ask(at, path.format(**nowhere), token, method)
            assert (told.status, told.body) == (absent.status, absent.body) == (404, absent.body), (route, at)
            checked += 1
    assert checked > 12
    for listed in ("/v1/payments", "/v1/declarations", "/v1/trade/records"):
        answer = await doors.ask("banksh", listed, stranger)
        assert others.uetr not in str(answer.body)


# Characters that are not what they seem

HOSTILE: Final = {
    "a line end": "%0d%0aX-Injected:%201",
    "a line feed": "%0aSet-Cookie:%20a=b",
    "a nul": "%00",
    "right to left": "%E2%80%AE" + CANARY,
    "no width": "%E2%80%8B" + CANARY,
    "look-alikes": "%D0%B0%D1%81%D1%81",  # Cyrillic
    "full width": "%EF%BC%91%EF%BC%92",
    "no UTF-8": "%ff%fe",
    "over-long": "%c0%ae%c0%ae",
    "a way up": "..%2f..%2fetc%2fpasswd",
    "a template": "%7B%7B7*7%7D%7D",
    "SQL": "'%20OR%201=1--",
    "FTS": "%22%20OR%20%22*",
    "very long": "9" * 3000,
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_hostile_characters_find_nothing_and_come_back_nowhere(doors: Doors, case: str) -> None:
    """In every place of a path and every field of a query."""
    text, token = HOSTILE[case], doors.token("banksh", customer=LEI)
    paths = [
        path.replace("{uetr}", text).replace("{id}", text).replace("{account}", text).replace("{number}", text)
        for path in (route.split(" ")[1] for route in PERMITTED if "{" in route and route.startswith("GET"))
    ]
    fields = ("q", "end_to_end_id", "cursor", "payer", "currency", "from_date", "code", "unknown")
    paths += [f"/v1/payments?{name}={text}" for name in fields]
    paths += [
        f"/v1/trade/records?number={text}",
        f"/v1/trade/records?q={text}",
        f"/v1/statements/{OTHERS_ACCOUNT}?cursor={text}",
    ]
    with capture_logs() as lines:
        for path in paths:
            answer = await doors.ask("banksh", path, token)
            assert answer.status in (200, 400, 404, 422), (path, answer)
            if answer.status == 200:
                assert not [value for value in answer.body.values() if value]
            assert "X-Injected" not in answer.headers
            assert "Set-Cookie" not in answer.headers
            assert CANARY not in str(answer)
    assert CANARY not in str(lines)


# Bodies


async def _posted(doors: Doors, path: str, data: Any, **headers: str) -> int:
    given = {"Idempotency-Key": "bad", "Content-Type": "application/json", **headers}
    token = doors.token("banksh", customer=LEI)
    return (await doors.ask("banksh", path, token, "POST", headers=given, data=data)).status


@pytest.mark.parametrize("path", [route.split(" ")[1] for route in sorted(PERMITTED) if route.startswith("POST")])
async def test_a_bomb_is_not_unpacked_and_a_flood_is_cut(doors: Doors, path: str) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert await _posted(doors, path, bomb, **{"Content-Encoding": "gzip"}) == 415
    assert await _posted(doors, path, bomb) in (400, 422)
    assert await _posted(doors, path, b" " * (bodies.MAX_BYTES + 1)) == 413
    assert await _posted(doors, path, b'{"a":' * 100_000) == 413
    assert await _posted(doors, path, b"[" * 50_000) in (400, 422)
    assert await _posted(doors, path, b"{}", **{"Content-Type": "text/plain"}) == 415


@pytest.mark.parametrize("path", [route.split(" ")[1] for route in sorted(PERMITTED) if route.startswith("POST")])
async def test_a_body_that_trickles_is_not_waited_for(doors: Doors, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slowloris: whoever sends a byte at a time holds nothing for long."""
    monkeypatch.setattr(bodies, "TIME_S", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", doors.ports["banksh"])
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {doors.token('banksh', customer=LEI)}\r\n"
        "Idempotency-Key: slow\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    writer.write(head.encode())
    async with asyncio.timeout(PATIENCE_S):
        line = await reader.readline()
    writer.close()
    assert b" 408 " in line
