"""What goes wrong, as a page: a browser is told in its language what was wrong, the code, and what to do."""

import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import pytest
import pytest_asyncio

from gateway.ledger.port import BatchConflictError, OutcomeUnknownError
from gateway.limits import Rates
from gateway.outcomes import OUTCOMES
from gateway.traders import server
from gateway.traders.operations import OPERATIONS
from gateway.traders.server import TradersServer
from gateway.traders.web.words import LANGUAGES, TEXTS, Words
from tests.closing import closing
from tests.gateway.house import House
from tests.gateway.test_trader_edge import bearer, tokens_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROWSER: Final = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
COOKIE: Final = "waitan_token_banksh"
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
CANARY: Final = "CANARY9917"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(house: House) -> AsyncIterator[TradersServer]:
    opened = await server.serve(house.gateways["banksh"], tokens_of(house), "127.0.0.1", 0, rates=Rates(1000, 1000))
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def http(door: TradersServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session


def signed_in(house: House) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={bearer(house)['Authorization'].removeprefix('Bearer ')}"}


WRONG: Final[dict[str, tuple[str, str, dict[str, Any], int, str, str]]] = {
    "no page": ("GET", "/nothing", {}, 404, "wrong_404", ""),
    "nothing to load": ("GET", "/static/nothing.css", {}, 404, "wrong_404", ""),
    "no route for programs": ("GET", "/v1/nothing", {}, 404, "wrong_404", ""),
    "another's": ("GET", "/payments/00000000-0000-4000-8000-000000000000", {}, 404, "wrong_NOT_FOUND", "NOT_FOUND"),
    "another's, for programs": ("GET", f"/v1/trade/records/{'0' * 32}", {}, 404, "wrong_NOT_FOUND", "NOT_FOUND"),
    "another's scope": ("GET", "/v1/accounts", {}, 403, "wrong_403", "AG08"),
    "another site's form": ("POST", "/sign-out", {"headers": {"Sec-Fetch-Site": "cross-site"}}, 403, "wrong_403", ""),
    "another method": ("POST", "/payments", {}, 405, "wrong_405", ""),
    "no form": ("POST", "/sign-in", {"json": {}}, 415, "wrong_415", ""),
    "too large a form": ("POST", "/sign-in", {"data": b"x" * (300 << 10), "headers": FORM}, 413, "wrong_413", ""),
    "no cursor": ("GET", f"/payments?cursor={CANARY}", {}, 422, "wrong_422", "CH16"),
    "no query": ("GET", f"/v1/payments/{CANARY}?{CANARY}", {}, 422, "wrong_422", "CH17"),
}
"""What is asked, and how it is answered: the status, the words, the code."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wrong", WRONG)
async def test_a_browser_is_told_what_was_wrong_and_what_to_do(
    house: House, http: aiohttp.ClientSession, wrong: str, language: str
) -> None:
    method, path, sent, status, said, code = WRONG[wrong]
    headers = {**BROWSER, **signed_in(house), "Accept-Language": language, **sent.get("headers", {})}
    async with http.request(method, path, **{**sent, "headers": headers}) as response:
        text = unescape(await response.text())
        assert (response.status, response.content_type) == (status, "text/html")
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert bool(response.headers.get("Allow")) == (status == HTTPStatus.METHOD_NOT_ALLOWED)
    told = Words(language)
    assert f'<html lang="{language}">' in text
    fields = re.findall(r"<code>([^<]*)</code>", text)
    assert told(said, field=fields[-1] if fields else "") in text
    assert told(f"{said}_do", wait="") in text
    assert (code in fields) == bool(code)
    assert CANARY not in text.replace(f"/payments?cursor={CANARY}", "").replace(
        f"/v1/payments/{CANARY}%3F{CANARY}", ""
    ).replace(f"%3Fcursor%3D{CANARY}", "")


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_program_is_told_the_same_as_problem_details(
    house: House, http: aiohttp.ClientSession, wrong: str
) -> None:
    method, path, sent, status, _, code = WRONG[wrong]
    headers = {"Accept": "application/json", **signed_in(house), **sent.get("headers", {})}
    async with http.request(method, path, **{**sent, "headers": headers}) as response:
        assert (response.status, response.content_type) == (status, "application/problem+json")
        problem = await response.json(content_type=None)
    assert (problem["status"], problem.get("code", "")) == (status, code)


async def test_who_asks_too_much_is_told_when_to_come_again(house: House) -> None:
    slow = await server.serve(house.gateways["banksh"], tokens_of(house), "127.0.0.1", 0, rates=Rates(0.01, 1))
    async with closing(slow), aiohttp.ClientSession(f"http://127.0.0.1:{slow.port}") as session:
        for headers in (signed_in(house), {}):  # a reader, and an address from which nobody known comes
            answers = [await asked(session, {**headers, **BROWSER}) for _ in range(2)]
            status, text, again = answers[1]
            assert (status, "RATE_LIMITED" in text, again > 0) == (429, True, True)
            assert TEXTS["wrong_429"][0] in text
            assert "Wait 1 min" in text
            assert answers[0][0] != status


async def asked(session: aiohttp.ClientSession, headers: dict[str, str]) -> tuple[int, str, int]:
    async with session.get("/payments", headers=headers) as response:
        return response.status, await response.text(), int(response.headers.get("Retry-After", "0"))


def raising(error: Exception) -> Callable[..., None]:
    def raise_it(*_: Any, **__: Any) -> None:
        raise error

    return raise_it


@pytest.mark.parametrize(
    "failure",
    [
        (BatchConflictError(CANARY), 503, "wrong_503"),
        (OutcomeUnknownError(CANARY), 503, "wrong_OUTCOME_UNKNOWN"),
        (ValueError(CANARY), 500, "wrong_500"),
    ],
    ids=["conflict", "unknown", "bug"],
)
async def test_what_fails_inside_is_told_without_a_word_of_it(
    house: House, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, failure: tuple[Exception, int, str]
) -> None:
    error, status, said = failure
    monkeypatch.setattr(house.gateways["banksh"].search, "page", raising(error))
    async with http.get("/payments", headers={**BROWSER, **signed_in(house)}) as response:
        text = unescape(await response.text())
        assert (response.status, "Retry-After" in response.headers) == (status, status == 503)
    assert TEXTS[said][0] in text
    assert TEXTS[f"{said}_do"][0].format(wait="2 s") in text
    assert CANARY not in text


async def test_who_is_not_signed_in_is_asked_for_a_token_wherever_it_comes(http: aiohttp.ClientSession) -> None:
    for path in ("/payments", "/v1/payments", "/v1/certificates/x"):
        async with http.get(path, headers=BROWSER) as response:
            assert (response.status, 'name="token"' in await response.text()) == (401, True)
            assert "invalid_token" in response.headers["WWW-Authenticate"]


async def test_every_refusal_of_the_door_has_words_in_every_language() -> None:
    statuses = {each.http for each in OUTCOMES.values()} | {
        each for row in OPERATIONS.values() for each in row.problems
    }
    told_otherwise = {200, 401, 410}  # answers; a page of its own; streams, which no page shows
    for status in statuses - told_otherwise | {404, 405, 408, 413, 415, 429, 500, 503}:
        for key in (f"wrong_{status}", f"wrong_{status}_do"):
            assert all(TEXTS[key]), key
