"""The traders' door: one's own payments over HTTP, with a bearer token, and nobody else's."""

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import jwt
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.client import WaitanClient
from gateway.traders import server
from gateway.traders.server import TradersServer
from gateway.traders.tokens import Tokens, audience, mint
from settlement.participants import Customer, RegisterCustomer
from settlement.parties import Agent, CashAccount
from settlement.payments.commands import WhenUnfunded
from tests.builders import SILK, TEKSTIL, a_uetr, an_id
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEI: Final = "5493001KJTIIGC8Y1R12"
USCC: Final = "91310000631696382C"
OTHERS_LEI: Final = "529900T8BM49AURSDO55"
ACCOUNT: Final = "6222020200998877"
IBAN: Final = "DE89370400440532013000"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(house: House, banksh: WaitanClient) -> AsyncIterator[TradersServer]:
    """The paying bank's door, with two customers."""
    for customer in (
        Customer(identifier=LEI, name="Huangpu Silk Co", accounts=(ACCOUNT, IBAN)),
        Customer(identifier=OTHERS_LEI, name="Pudong Porcelain"),
        Customer(identifier=USCC, name="Suzhou Creek Tea"),
    ):
        await banksh.ask(RegisterCustomer(command_id=an_id(), customer=customer))
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    opened = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def http(door: TradersServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser, say."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session


def a_token(house: House, customer: str = LEI, **others: Any) -> str:
    given = {"network": NETWORK, "participant": "banksh", "now_s": int(time.time()), **others}
    return mint(house.members["banksh"].service.key, customer=customer, **given)


async def ask(http: aiohttp.ClientSession, path: str, token: str = "") -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.get(path, headers=headers) as response:
        assert response.headers["Cache-Control"] == "no-store"
        kind = "application/json" if response.ok else "application/problem+json"
        assert response.content_type == kind
        return response.status, await response.json(content_type=None)


async def test_a_trader_sees_a_payment_that_names_its_lei(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession
) -> None:
    payment = a_fresh_payment("12.34", debtor=replace(SILK, lei=LEI))
    outcome = await banksh.submit(payment)
    status, shown = await ask(http, f"/v1/payments/{payment.uetr}", a_token(house))
    assert status == 200
    assert (shown["status"], shown["amount"], shown["currency"]) == ("ACSC", "12.34", "CNY")
    assert (shown["debtor"]["lei"], shown["block"]) == (LEI, outcome.block)
    assert shown["events"][0]["event"] == "PAYMENT_SETTLED"
    assert "requested_by" not in json.dumps(shown)


@pytest.mark.parametrize(
    ("customer", "changes"),
    [
        (LEI, {"creditor": replace(TEKSTIL, lei=LEI)}),
        (LEI, {"ultimate_debtor": replace(SILK, lei=LEI)}),
        (USCC, {"debtor": replace(SILK, uscc=USCC)}),
        (LEI, {"debtor_account": CashAccount(other=ACCOUNT)}),
        (LEI, {"debtor_account": CashAccount(iban=IBAN), "debtor_agent": Agent(bic="DEUTDEFFXXX")}),
    ],
    ids=["creditor", "ultimate debtor", "USCC", "account", "IBAN"],
)
async def test_a_trader_sees_what_names_it_or_its_account(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession, customer: str, changes: dict[str, Any]
) -> None:
    payment = a_fresh_payment(**changes)
    await banksh.submit(payment)
    assert (await ask(http, f"/v1/payments/{payment.uetr}", a_token(house, customer)))[0] == 200


async def test_a_rejected_payment_is_shown_with_its_reason(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession
) -> None:
    payment = a_fresh_payment("99999999.00", debtor=replace(SILK, lei=LEI), when_unfunded=WhenUnfunded.REJECT)
    await banksh.submit(payment)
    _, shown = await ask(http, f"/v1/payments/{payment.uetr}", a_token(house))
    assert (shown["status"], shown["status_reason"], shown["events"][0]["code"]) == ("RJCT", "AM04", "AM04")
    assert "settled_at" not in shown


async def test_anybody_elses_payment_is_as_if_it_did_not_exist(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession
) -> None:
    own = a_fresh_payment(debtor=replace(SILK, lei=LEI))
    same_number_elsewhere = a_fresh_payment(
        debtor_agent=Agent(bic="DEUTDEFFXXX"), debtor_account=CashAccount(other=ACCOUNT)
    )
    await banksh.submit(own)
    await banksh.submit(same_number_elsewhere)
    absent = a_uetr()
    answers = []
    for uetr, customer in (
        (own.uetr, OTHERS_LEI),
        (own.uetr, "529900NOBODYHASREGIS"),
        (same_number_elsewhere.uetr, LEI),
        (absent, LEI),
    ):
        answers.append(await ask(http, f"/v1/payments/{uetr}", a_token(house, customer)))
    assert answers[0] == (
        404,
        {
            "type": "urn:waitan:code:NOT_FOUND",
            "title": answers[0][1]["title"],
            "status": 404,
            "code": "NOT_FOUND",
            "where": "uetr",
        },
    )
    assert all(answer == answers[0] for answer in answers)


def _segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def bad_tokens(house: House) -> dict[str, str]:
    now, own = int(time.time()), house.members["banksh"]
    claims = {"iss": "banksh", "aud": audience(NETWORK, "banksh"), "sub": LEI, "iat": now, "exp": now + 60}
    good = a_token(house)
    head, body, signature = good.split(".")
    flipped = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    other_claims = _segment({**claims, "sub": OTHERS_LEI})

    def signed(**changes: Any) -> str:
        changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(changed, own.service.key, algorithm="ES256")

    return {
        "none at all": "",
        "no token": "abc",
        "flipped signature": f"{head}.{body}.{flipped}",
        "other claims": f"{head}.{other_claims}.{signature}",
        "alg none": f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{_segment(claims)}.",
        "alg HS256 with the public key": jwt.encode(claims, "x" * 32, algorithm="HS256"),
        "expired": a_token(house, now_s=now - 7200),
        "not yet": signed(iat=now + 3600),
        "for another bank": signed(aud=audience(NETWORK, "bankist")),
        "for another network": a_token(house, network="elsewhere"),
        "for many": signed(aud=[audience(NETWORK, "banksh"), "elsewhere"]),
        "by another bank": signed(iss="bankist"),
        "another bank's key": mint(
            house.members["bankist"].service.key, network=NETWORK, participant="banksh", customer=LEI, now_s=now
        ),
        "an officer's key": mint(
            own.people["officer-1"].key, network=NETWORK, participant="banksh", customer=LEI, now_s=now
        ),
        "without end": signed(exp=None),
        "without subject": signed(sub=None),
    }


async def test_a_token_that_does_not_count_says_nothing(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession
) -> None:
    payment = a_fresh_payment(debtor=replace(SILK, lei=LEI))
    await banksh.submit(payment)
    answers = {
        name: await ask(http, f"/v1/payments/{payment.uetr}", token) for name, token in bad_tokens(house).items()
    }
    assert {name: status for name, (status, _) in answers.items()} == dict.fromkeys(answers, 401)
    assert len({json.dumps(problem) for _, problem in answers.values()}) == 1
    assert (await ask(http, f"/v1/payments/{payment.uetr}", a_token(house)))[0] == 200


async def test_a_refusal_has_the_code_that_grpc_has(house: House, http: aiohttp.ClientSession) -> None:
    status, problem = await ask(http, "/v1/payments/not-a-uetr", a_token(house))
    assert (status, problem["code"], problem["where"]) == (422, "CH16", "uetr")


async def test_what_is_not_there_is_a_problem_too(http: aiohttp.ClientSession) -> None:
    assert (await ask(http, "/v1/nothing"))[0] == 404
    async with http.post(f"/v1/payments/{a_uetr()}") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


async def test_health_is_for_everybody(http: aiohttp.ClientSession) -> None:
    assert await ask(http, "/healthz") == (200, {"status": "serving"})
