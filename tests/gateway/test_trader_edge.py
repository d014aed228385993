"""What every request at the traders' door meets: limits, names, tags; and what is no request at all."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.client import WaitanClient
from gateway.limits import Open, Rates, TooManyError
from gateway.traders import connections, server
from gateway.traders.server import Traders, TradersServer
from gateway.traders.strict_json import DEPTH_MAX
from gateway.traders.tokens import Tokens, mint
from tests.builders import SILK, SILK_ACCOUNT, SILK_LEI
from tests.closing import closing
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY: Final = "CANARY7731"


def tokens_of(house: House) -> Tokens:
    return Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")


def bearer(house: House, customer: str = SILK_LEI) -> dict[str, str]:
    key = house.members["banksh"].service.key
    token = mint(key, network=NETWORK, participant="banksh", customer=customer, now_s=int(time.time()))
    return {"Authorization": f"Bearer {token}"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(house: House, banksh: WaitanClient) -> AsyncIterator[TradersServer]:
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    opened = await server.serve(house.gateways["banksh"], tokens_of(house), "127.0.0.1", 0, rates=Rates(1000, 1000))
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def http(door: TradersServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session


async def said(port: int, data: bytes) -> bytes:
    """Send some bytes, and read until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await writer.drain()
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    finally:
        writer.close()


async def test_a_caller_is_held_to_its_rate_and_nobody_else_notices(house: House) -> None:
    slow = await server.serve(house.gateways["banksh"], tokens_of(house), "127.0.0.1", 0, rates=Rates(0.001, 2))
    path = f"http://127.0.0.1:{slow.port}/v1/payments/00000000-0000-4000-8000-000000000000"
    async with closing(slow), aiohttp.ClientSession() as session:
        answers = []
        for headers in (*[bearer(house)] * 3, bearer(house, "529900T8BM49AURSDO55"), *[{}] * 3):
            async with session.get(path, headers=headers) as response:
                answers.append((response.status, (await response.json(content_type=None))["code"]))
                waits = response.headers.get("Retry-After", "0")
        async with session.get(f"http://127.0.0.1:{slow.port}/healthz") as health:
            assert health.status == 200
    told = [(404, "NOT_FOUND")] * 2 + [(429, "RATE_LIMITED")]
    assert answers == [*told, (404, "NOT_FOUND"), (401, "AG08"), (401, "AG08"), (429, "RATE_LIMITED")]
    assert int(waits) > 0


async def test_a_bucket_fills_again_at_its_rate() -> None:
    now_s = 0.0
    rates = Rates(2.0, 3, clock=lambda: now_s)
    for _ in range(3):
        rates.require("one")
    with pytest.raises(TooManyError) as raised:
        rates.require("one")
    assert raised.value.wait_s == 0.5
    now_s += 0.5
    rates.require("one")
    now_s += 100
    for _ in range(3):
        rates.require("one")
    with pytest.raises(TooManyError):
        rates.require("one")


async def test_who_has_many_open_takes_from_nobody_else() -> None:
    calls = Open(1)
    with calls.one("one"):
        with pytest.raises(TooManyError), calls.one("one"):
            raise AssertionError
        with calls.one("other"):
            pass
    with calls.one("one"):
        pass


async def test_a_form_of_fifty_lines_comes_by_get(door: TradersServer) -> None:
    """A browser sends a form in one line, a Chinese character as nine bytes; aiohttp's own limit is 8,190."""
    fields = "&".join(f"lines.{each}.description=" + "%E4%B8%9D" * 50 for each in range(50))
    asked = f"GET /healthz?{fields} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = await said(door.port, asked.encode())
    assert b"This is not an HTTP request." not in answer
    assert b" 400 " not in answer[:14]


async def test_a_request_keeps_its_name_and_gets_one_where_it_has_none(http: aiohttp.ClientSession) -> None:
    async with http.get("/healthz", headers={"X-Request-Id": "from-the-client.1"}) as response:
        assert response.headers["X-Request-Id"] == "from-the-client.1"
    for bad in ("a b", "x" * 65, "<b>"):
        async with http.get("/healthz", headers={"X-Request-Id": bad}) as response:
            assert response.headers["X-Request-Id"] not in (bad, "")


async def test_what_is_read_has_a_tag_and_who_has_it_is_told_so(
    house: House, banksh: WaitanClient, http: aiohttp.ClientSession
) -> None:
    payment = a_fresh_payment("1.00", debtor=replace(SILK, lei=SILK_LEI))
    await banksh.submit(payment)
    path, headers = f"/v1/payments/{payment.uetr}", bearer(house)
    async with http.get(path, headers=headers) as response:
        tag = response.headers["ETag"]
    for known, status in ((tag, 304), (f'"other", {tag}', 304), ("*", 304), ('"other"', 200)):
        async with http.get(path, headers={**headers, "If-None-Match": known}) as response:
            assert (response.status, response.headers["ETag"]) == (status, tag)
            assert bool(await response.read()) == (status == 200)


async def test_a_log_says_which_route_and_nothing_of_who_or_what(house: House, http: aiohttp.ClientSession) -> None:
    with capture_logs() as lines:
        for path in (f"/v1/payments/{CANARY}", f"/{CANARY}", f"/v1/{CANARY}", f"/find?q={CANARY}"):
            async with http.get(path, headers=bearer(house, CANARY)) as response:
                assert response.status in (401, 404, 422)
                assert CANARY not in json.dumps(dict(response.headers))
        async with http.post("/v1/payments", data=CANARY, headers={**bearer(house), "Idempotency-Key": CANARY}) as told:
            assert CANARY not in await told.text()
    routes = {line["route"] for line in lines if line["event"] == "request"}
    assert routes >= {"/v1/payments/{uetr}", "", "/{rest}", "/find"}
    assert CANARY not in str(lines)


async def test_a_bug_is_told_by_its_reference_alone(
    house: House, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(house.gateways["banksh"].queries, "payments", broken)
    with capture_logs() as lines:
        path = "/v1/payments/00000000-0000-4000-8000-000000000000"
        async with http.get(path, headers=bearer(house)) as response:
            problem = await response.json(content_type=None)
    assert response.status == 500
    bug = next(line for line in lines if line["event"] == "bug")
    assert bug["reference"] == problem["reference"]
    assert "ValueError" in bug["trace"]
    assert "broken" in bug["trace"]
    assert CANARY not in str(lines) + str(problem)


NO_HTTP: Final = {
    "words": b"%s\r\n\r\n",
    "a bad header": b"GET /healthz HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n",
    "a long header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: %s" + b"x" * 9000 + b"\r\n\r\n",
    "a long path": b"GET /%s" + b"x" * 33000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: %s\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    "a line end in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a\n%s\r\n\r\n",
    "a nul": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: %s\x00\r\n\r\n",
    "chunks before there were any": (
        b"GET /healthz HTTP/1.0\r\nX-A: %s\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
}
TOO_LONG: Final = {"a long header", "a long path"}


@pytest.mark.parametrize("case", NO_HTTP)
async def test_what_is_no_http_is_told_so_without_a_word_of_it(door: TradersServer, case: str) -> None:
    with capture_logs() as lines:
        answer = await said(door.port, NO_HTTP[case].replace(b"%s", CANARY.encode()))
    head, _, _ = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == (431 if case in TOO_LONG else 400), answer[:80]
    assert b"application/problem+json" in head
    assert b"\r\nCache-Control: no-store\r\n" in head
    assert b"\r\nServer: waitan\r\n" in head + b"\r\n"  # and not with which version of what
    assert CANARY.encode() not in answer
    assert CANARY not in str(lines)


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: "], ids=["nothing", "half a head"])
async def test_who_is_slow_is_let_go(house: House, sent: bytes) -> None:
    application = Traders(house.gateways["banksh"], tokens_of(house)).application()
    door = await connections.listen(application, "127.0.0.1", 0, connections_max=10, keepalive_s=0.2)
    async with closing(door):
        assert await said(door.port, sent) == b""


async def test_there_is_room_for_so_many_and_whoever_comes_then_is_told(house: House) -> None:
    door = await server.serve(house.gateways["banksh"], tokens_of(house), "127.0.0.1", 0, connections_max=2)
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with closing(door):
        held = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(2)]
        for _, writer in held:
            writer.write(request[:-2])
        full = await said(door.port, b"")
        assert full.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 1" in full
        for reader, writer in held:
            writer.write(b"\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 200 ")
            writer.close()
        assert (await said(door.port, request)).startswith(b"HTTP/1.1 200 ")


def in_json(**changes: Any) -> dict[str, Any]:
    instruction = {
        "payment_information_id": "P-1",
        "end_to_end_id": "E2E-1",
        "execution_date": "2099-11-24",
        "currency": "CNY",
        "amount": "100.00",
        "debtor": {"name": "Huangpu Silk", "address": {"town_name": "Shanghai", "country": "CN"}},
        "debtor_account": {"other": SILK_ACCOUNT},
        "creditor": {"name": "Bosphorus", "address": {"town_name": "Istanbul", "country": "TR"}},
        "creditor_agent": {"bic": "BOSPTRIS"},
        "creditor_account": {"iban": "TR150008800000004100488126"},
    }
    message = {"message_id": uuid4().hex, "created_at": "2026-11-24T09:00:00.000Z"}
    return {**message, "instructions": [{**instruction, **changes}]}


async def asked(
    house: House, http: aiohttp.ClientSession, body: bytes | str, key: str = "", **headers: str
) -> tuple[int, dict[str, Any]]:
    sent = {**bearer(house), "Content-Type": "application/json", "Idempotency-Key": key or uuid4().hex, **headers}
    async with http.post("/v1/payments", data=body, headers=sent) as response:
        return response.status, await response.json(content_type=None)


async def test_a_trader_may_ask_in_json(house: House, http: aiohttp.ClientSession) -> None:
    body, key = json.dumps(in_json()), uuid4().hex
    status, told = await asked(house, http, body, key)
    assert (status, told["initiations"][0]["amount"]) == (201, "100.00")
    assert await asked(house, http, body, key) == (201, told)
    assert (await asked(house, http, json.dumps(in_json()), key))[0] == 422


GOOD: Final = json.dumps(in_json())
NOT_STRICT: Final[dict[str, tuple[str | bytes, int, str, str]]] = {
    "a name twice": (GOOD.replace('"currency"', '"amount": "1.00", "currency"', 1), 400, "FF01", "body"),
    "a fraction": (GOOD.replace('"100.00"', "100.00"), 400, "FF01", "body"),
    "an exponent": (GOOD.replace('"100.00"', "1e2"), 400, "FF01", "body"),
    "NaN": (GOOD.replace('"100.00"', "NaN"), 400, "FF01", "body"),
    "-Infinity": (GOOD.replace('"100.00"', "-Infinity"), 400, "FF01", "body"),
    "half a character": (GOOD.replace("E2E-1", "\\ud800"), 400, "FF01", "body"),
    "no UTF-8": (GOOD.encode().replace(b"E2E-1", b"\xff"), 400, "FF01", "body"),
    "deep": ("[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1), 400, "FF01", "body"),
    "very deep": ("[" * 100_000, 400, "FF01", "body"),
    "a huge number": ("1" * 10_000, 400, "FF01", "body"),
    "two values": (GOOD + GOOD, 400, "FF01", "body"),
    "nothing": ("", 400, "FF01", "body"),
    "a list": ("[]", 422, "CH16", "body"),
    "a number for a text": (GOOD.replace('"100.00"', "100"), 422, "CH16", "instructions.0.amount"),
    "an unknown field": (GOOD.replace('"currency"', f'"{CANARY}"'), 422, "CH17", "instructions.0"),
    "one too many": (GOOD.replace('"currency"', f'"{CANARY}": 1, "currency"'), 422, "CH17", "instructions.0"),
    "a bidi name": (json.dumps(in_json(end_to_end_id=f"{CANARY}\u202e")), 422, "CH16", "instructions.0.end_to_end_id"),
    "a line end": (json.dumps(in_json(end_to_end_id=f"{CANARY}\r\nX: y")), 422, "CH16", "instructions.0.end_to_end_id"),
    "a look-alike currency": (json.dumps(in_json(currency="\u0421NY")), 422, "AM11", "instructions.0.currency"),
    "full-width digits": (json.dumps(in_json(amount="\uff11.00")), 422, "CH16", "instructions.0.amount"),
}


@pytest.mark.parametrize("case", NOT_STRICT)
async def test_what_could_be_read_in_two_ways_is_not_read(house: House, http: aiohttp.ClientSession, case: str) -> None:
    body, status, code, where = NOT_STRICT[case]
    answer = await asked(house, http, body)
    assert (answer[0], answer[1]["code"], answer[1]["where"]) == (status, code, where)
    assert CANARY not in str(answer)


async def test_nothing_is_unpacked(house: House, http: aiohttp.ClientSession) -> None:
    bomb = gzip.compress(b"[" * 50_000_000)
    for encoding in ("gzip", "deflate", "identity, gzip"):
        assert (await asked(house, http, bomb, **{"Content-Encoding": encoding}))[0] == 415
    headers = {**bearer(house), "Content-Encoding": "gzip"}
    async with http.request("GET", "/healthz", data=bomb, headers=headers) as response:
        assert response.status == 200
