"""What a hostile client sends or does at the traders' door: nothing is our fault, read in two ways, or held long."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from aiohttp import web
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders import connections
from gateway.traders.connections import READ_LEAST_BYTES
from tests.builders import SILK, SILK_ACCOUNT, SILK_LEI
from tests.closing import closing
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import House, a_fresh_payment
from tests.gateway.test_trader_edge import said

pytestmark = pytest.mark.asyncio(loop_scope="session")

MORE_THAN_ANY_LINE_HOLDS: Final = 128 << 20


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    async with doors_of(house, "banksh") as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def uetr(banksh: WaitanClient, house: House) -> str:
    payment = a_fresh_payment("1.00", debtor=replace(SILK, lei=SILK_LEI))
    await banksh.submit(payment)
    await house.caught_up()
    return payment.uetr


def request(line: bytes, token: str, *heads: bytes, body: bytes = b"") -> bytes:
    """Write a request as bytes: whatever stands in it goes out as it is."""
    given = (b"Host: x", b"Connection: close", b"Authorization: Bearer " + token.encode(), *heads)
    return line + b"\r\n" + b"".join(each + b"\r\n" for each in given) + b"\r\n" + body


def of_payment(line: bytes, *heads: bytes) -> tuple[bytes, tuple[bytes, ...], bytes]:
    return line, heads, b""


def posted(*heads: bytes, body: bytes = b"{}") -> tuple[bytes, tuple[bytes, ...], bytes]:
    return b"POST /v1/payments HTTP/1.1", heads, body


JSON: Final = (b"Content-Type: application/json", b"Content-Length: 2")
ODD: Final[dict[str, tuple[tuple[bytes, tuple[bytes, ...], bytes], int, bytes]]] = {
    # Paths that another server, or a proxy before this one, would read as a path that is let through
    "a step up": (of_payment(b"GET /v1/openapi.json/../payments/UETR HTTP/1.1"), 404, b""),
    "a step up in code": (of_payment(b"GET /v1/openapi.json/%2e%2e/payments/UETR HTTP/1.1"), 404, b""),
    "a step up from files": (of_payment(b"GET /static/..%2fframe.py HTTP/1.1"), 404, b""),
    "an empty part": (of_payment(b"GET /v1//payments/UETR HTTP/1.1"), 404, b""),
    "an empty part in front": (of_payment(b"GET //v1/payments/UETR HTTP/1.1"), 404, b""),
    "a stroke at the end": (of_payment(b"GET /v1/payments/UETR/ HTTP/1.1"), 404, b""),
    "a stroke in code": (of_payment(b"GET /v1%2fpayments/UETR HTTP/1.1"), 404, b""),
    "other letters": (of_payment(b"GET /V1/payments/UETR HTTP/1.1"), 404, b""),
    "a parameter of a part": (of_payment(b"GET /v1/payments/UETR;x=1 HTTP/1.1"), 422, b"CH16"),
    "a nul": (of_payment(b"GET /v1/payments/UETR%00 HTTP/1.1"), 422, b"CH16"),
    "no code": (of_payment(b"GET /v1/payments/%zz HTTP/1.1"), 422, b"CH16"),
    "no UTF-8 in a path": (of_payment(b"GET /v1/payments/%ff%fe HTTP/1.1"), 422, b"CH16"),
    "bytes in a path": (of_payment(b"GET /v1/payments/\xff\xfe HTTP/1.1"), 400, b"FF01"),
    "all of the server": (of_payment(b"OPTIONS * HTTP/1.1"), 404, b""),
    "a tunnel": (of_payment(b"CONNECT evil.example:80 HTTP/1.1"), 404, b""),
    # Queries
    "no UTF-8": (of_payment(b"GET /v1/payments?q=%ff%fe HTTP/1.1"), 422, b"CH16"),
    "half a character": (of_payment(b"GET /v1/payments?q=%ed%a0%80 HTTP/1.1"), 422, b"CH16"),
    "no UTF-8 in a name": (of_payment(b"GET /v1/payments?%ff=1 HTTP/1.1"), 422, b"CH17"),
    "an exponent": (of_payment(b"GET /v1/payments?limit=1e1 HTTP/1.1"), 422, b"CH16"),
    "a fraction": (of_payment(b"GET /v1/payments?limit=1.0 HTTP/1.1"), 422, b"CH16"),
    "a sign": (of_payment(b"GET /v1/payments?limit=%2b1 HTTP/1.1"), 422, b"CH16"),
    "a space": (of_payment(b"GET /v1/payments?limit=1%20 HTTP/1.1"), 422, b"CH16"),
    "a line end": (of_payment(b"GET /v1/payments?limit=1%0a HTTP/1.1"), 422, b"CH16"),
    "a leading nought": (of_payment(b"GET /v1/payments?limit=01 HTTP/1.1"), 422, b"CH16"),
    "another script's digit": (of_payment(b"GET /v1/payments?limit=%D9%A1 HTTP/1.1"), 422, b"CH16"),
    "very many digits": (of_payment(b"GET /v1/payments?limit=" + b"9" * 5000 + b" HTTP/1.1"), 422, b"CH16"),
    "a word twice": (of_payment(b"GET /v1/payments?limit=1&limit=1 HTTP/1.1"), 422, b"CH16"),
    "a word twice, once in code": (of_payment(b"GET /v1/payments?limit=1&l%69mit=2 HTTP/1.1"), 422, b"CH16"),
    "another divider": (of_payment(b"GET /v1/payments?limit=1;q=x HTTP/1.1"), 422, b"CH16"),
    "very many words": (
        of_payment(b"GET /v1/payments?" + b"&".join(b"a%d=" % n for n in range(900)) + b" HTTP/1.1"),
        422,
        b"CH17",
    ),
    # Heads
    "two tokens": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"Authorization: Bearer x"), 401, b"AG08"),
    "two hosts": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"Host: y"), 400, b"FF01"),
    "a folded line": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"X-A: b\r\n c"), 400, b"FF01"),
    "a space before the colon": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"X-A : b"), 400, b"FF01"),
    "a lone return": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"X-A: b\rX-B: c"), 400, b"FF01"),
    "two ids to go on from": (
        of_payment(b"GET /v1/events HTTP/1.1", b"Last-Event-ID: x", b"Last-Event-ID: y"),
        422,
        b"CH16",
    ),
    "bytes as an id": (of_payment(b"GET /v1/events HTTP/1.1", b"Last-Event-ID: \xe4\xb8"), 422, b"CH16"),
    "an expectation that nobody has": (of_payment(b"GET /v1/payments/UETR HTTP/1.1", b"Expect: 7731"), 417, b""),
    # Bodies
    "a negative length": (posted(b"Content-Length: -5"), 400, b"FF01"),
    "a list of lengths": (posted(b"Content-Length: 2, 2"), 400, b"FF01"),
    "a length beyond numbers": (posted(b"Content-Length: " + b"9" * 23), 400, b"FF01"),
    "a length beyond all": (posted(b"Content-Length: 999999999999", *JSON[:1], b"Idempotency-Key: a"), 413, b""),
    "a negative chunk": (
        posted(b"Transfer-Encoding: chunked", *JSON[:1], b"Idempotency-Key: a", body=b"-1\r\nx\r\n"),
        400,
        b"FF01",
    ),
    "another coding": (posted(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"), 400, b"FF01"),
    "a coding after chunks": (posted(b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"), 400, b"FF01"),
    "two keys": (posted(*JSON, b"Idempotency-Key: a", b"Idempotency-Key: b"), 422, b"CH16"),
    "bytes as a key": (posted(*JSON, b"Idempotency-Key: \xe4\xb8"), 422, b"CH16"),
    "two kinds": (posted(*JSON, b"Content-Type: application/xml", b"Idempotency-Key: a"), 400, b"FF01"),
    "another kind": (
        posted(b"Content-Type: multipart/form-data; boundary=x", *JSON[1:], b"Idempotency-Key: a"),
        415,
        b"",
    ),
}


@pytest.mark.parametrize("case", ODD)
async def test_what_could_be_read_in_two_ways_is_read_in_none(doors: Doors, uetr: str, case: str) -> None:
    """And is told to be the client's fault; no part of it is taken for another request."""
    (line, heads, body), status, code = ODD[case]
    sent = request(line.replace(b"UETR", uetr.encode()), doors.token("banksh", customer=SILK_LEI), *heads, body=body)
    with capture_logs() as lines:
        answer = await said(doors.ports["banksh"], sent)
    head, _, told = answer.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status, answer[:200]
    assert (b'"code": "%s"' % code in told) == bool(code), told
    assert b"\r\nServer: waitan" in head
    assert b"7731" not in answer
    assert not [line for line in lines if line["event"] == "bug"]


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ([b"TAG"], 304),
        ([b"W/TAG"], 304),
        ([b'"other"', b"TAG"], 304),
        ([b'"other", TAG'], 304),
        ([b'"other"', b"*"], 304),
        ([b'"other"'], 200),
        ([b"VALUE"], 200),
        ([b'"VALUE'], 200),
        ([b'" VALUE "'], 200),
        ([b","], 200),
        ([b"\xff\xfe"], 200),
        ([b", ".join(b'"%d"' % n for n in range(900)) + b", TAG"], 304),
    ],
)
async def test_what_a_client_has_is_read_from_all_that_it_says(
    doors: Doors, uetr: str, known: list[bytes], status: int
) -> None:
    """However many lines it says it in; a tag is one in its quotes alone."""
    token = doors.token("banksh", customer=SILK_LEI)
    tag = (await doors.ask("banksh", f"/v1/payments/{uetr}", token)).headers["Etag"].encode()
    heads = [b"If-None-Match: " + each.replace(b"TAG", tag).replace(b"VALUE", tag.strip(b'"')) for each in known]
    for line in (b"GET /v1/payments/%s HTTP/1.1" % uetr.encode(), b"HEAD /v1/payments/%s HTTP/1.1" % uetr.encode()):
        answer = await said(doors.ports["banksh"], request(line, token, *heads))
        assert int(answer.split()[1]) == status


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "M-SEARCH"])
async def test_a_method_that_a_route_does_not_have_is_told_which_it_has(doors: Doors, uetr: str, method: str) -> None:
    answer = await doors.ask("banksh", f"/v1/payments/{uetr}", doors.token("banksh", customer=SILK_LEI), method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_a_head_is_that_of_the_answer_without_its_body(doors: Doors, uetr: str) -> None:
    desk = doors.token("banksh", Scope.DESK, "officer-1")
    differs = {"Date", "X-Request-ID", "Connection"}
    for path in (
        f"/v1/payments/{uetr}",
        "/v1/payments?limit=1",
        "/v1/statements/CNY",
        "/v1/nothing",
        "/static/mark.svg",
    ):
        whole, head = [await doors.ask("banksh", path, desk, method) for method in ("GET", "HEAD")]
        assert head.body in ("", None)
        assert {name: value for name, value in head.headers.items() if name not in differs} == {
            name: value for name, value in whole.headers.items() if name not in differs
        }


async def test_who_does_not_read_an_answer_is_let_go() -> None:
    """It would hold the answer in memory, and a connection of those that there are, for as long as it likes."""
    let_go = asyncio.Event()

    async def answer(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(asked)
        try:
            await response.write(bytes(MORE_THAN_ANY_LINE_HOLDS))
        finally:
            let_go.set()
        return response

    application = web.Application()
    application.router.add_get("/", answer)
    door = await connections.listen(application, "127.0.0.1", 0, connections_max=10, stall_s=0.2)
    async with closing(door):
        with socket.create_connection(("127.0.0.1", door.port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(PATIENCE_S):
                await let_go.wait()


@pytest.mark.parametrize(
    ("before", "left", "stalled"),
    [
        (1 << 20, 1 << 20, True),
        (1 << 20, (1 << 20) - READ_LEAST_BYTES + 1, True),
        (1 << 20, (1 << 20) - READ_LEAST_BYTES, False),
        (1 << 20, 0, False),
        (1 << 20, 2 << 20, True),
    ],
)
async def test_who_reads_on_is_not_let_go(before: int, left: int, *, stalled: bool) -> None:
    assert connections.has_stalled(before, left) is stalled


async def test_who_reads_all_is_told_all() -> None:
    """Also what does not fit onto the line at once."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=bytes(MORE_THAN_ANY_LINE_HOLDS))

    application = web.Application()
    application.router.add_get("/", answer)
    door = await connections.listen(application, "127.0.0.1", 0, connections_max=10, stall_s=PATIENCE_S)
    async with closing(door):
        head, _, body = (await said(door.port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).partition(
            b"\r\n\r\n"
        )
    assert (head.startswith(b"HTTP/1.1 200 "), len(body)) == (True, MORE_THAN_ANY_LINE_HOLDS)
