"""Who is slow on the wire, or floods it, at the operators' door: it is let go where it can be, and nobody else waits.

Frames are made by hand (tests.gateway.http2): no client of gRPC would send them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from gateway.client import WaitanClient
from gateway.limits import Open, Rates
from gateway.operators import payments, server
from gateway.operators.edge import Limits
from tests.expectations import PATIENCE_S
from tests.gateway.house import House, a_fresh_payment
from tests.gateway.http2 import END_HEADERS, Connection, Kind, call, connected, field, frame, message

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUBMIT: Final = "/waitan.v1.PaymentService/SubmitPayment"
STREAM: Final = "/waitan.v1.PaymentService/SubmitPayments"
WHO: Final = ("banksh", "officer-1")
ENHANCE_YOUR_CALM: Final = 11


@asynccontextmanager
async def a_door(house: House) -> AsyncIterator[int]:
    """Open another door of the paying bank's gateway."""
    limits = Limits(Rates(1e6, 10**6), Open(10_000))
    opened = await server.serve(house.gateways["banksh"], "127.0.0.1:0", house.identity("banksh"), limits=limits)
    yield opened.port
    await opened.close()


async def others_are_served(house: House, port: int) -> None:
    """Somebody else pays, over a connection of its own."""
    identity = house.identity("banksh", "officer-2")
    async with WaitanClient(f"localhost:{port}", identity, timeout_s=PATIENCE_S) as other:
        assert (await other.submit(a_fresh_payment("0.01"))).transaction_id


async def test_who_does_not_finish_its_handshake_is_let_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says nothing, or half a hello."""
    quick = dict(server.OPTIONS) | {"grpc.server_handshake_timeout_ms": 200}
    monkeypatch.setattr(server, "OPTIONS", tuple(quick.items()))
    async with a_door(house) as port:
        for sent in (b"", b"\x16\x03\x01\x02\x00\x01"):
            reader, writer = await asyncio.open_connection("localhost", port)
            writer.write(sent)
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
            writer.close()


async def test_a_handshake_has_ten_seconds() -> None:
    assert dict(server.OPTIONS)["grpc.server_handshake_timeout_ms"] == 10_000


async def test_a_stream_whose_batch_does_not_come_to_an_end_ends(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then does not keep it open: a batch that is not there in time is none."""
    monkeypatch.setattr(payments, "SILENT_S", 0.2)
    async with a_door(house) as port, connected(port, house.identity(*WHO), tmp_path) as line:
        await line.send(call(STREAM, 1) + frame(Kind.DATA, message(1000), stream=1))
        ended = asyncio.create_task(line.first(Kind.HEADERS))
        while not ended.done():
            await line.send(frame(Kind.DATA, b"\n", stream=1))
            await asyncio.wait((ended,), timeout=0.01)
        told = await ended
        assert told is not None
        assert told.stream == 1


async def test_messages_that_never_come_to_an_end_keep_nobody_waiting(house: House, tmp_path: Path) -> None:
    """As many as a connection may have; of one more the server takes no note."""
    async with a_door(house) as port, connected(port, house.identity(*WHO), tmp_path) as line:
        for number in range(1000):
            stream = 2 * number + 1
            await line.send(call(SUBMIT, stream) + frame(Kind.DATA, message(5_000_000) + b"\n", stream=stream))
        await others_are_served(house, port)


async def test_a_message_longer_than_it_may_be_is_refused_by_its_length(house: House, tmp_path: Path) -> None:
    """Nothing is kept for it, and it is not waited for."""
    async with a_door(house) as port, connected(port, house.identity(*WHO), tmp_path) as line:
        await line.send(call(SUBMIT, 1) + frame(Kind.DATA, message(2**32 - 1) + b"\n", stream=1))
        told = await line.first(Kind.HEADERS)
        assert told is not None
        assert told.stream == 1
        await others_are_served(house, port)


async def pings(line: Connection) -> None:
    await line.send(frame(Kind.PING, b"\0" * 8) * 1000)
    told = await line.first(Kind.GOAWAY)
    assert told is None or int.from_bytes(told.payload[4:8]) == ENHANCE_YOUR_CALM


async def settings(line: Connection) -> None:
    await line.send(frame(Kind.SETTINGS, b"\0\x03\0\0\0\x64") * 50_000)


async def resets(line: Connection) -> None:
    """Rapid reset: each call is taken back as soon as it is made."""
    for number in range(3_000):
        stream = 2 * number + 1
        await line.send(call(STREAM, stream) + frame(Kind.RST_STREAM, b"\0\0\0\x08", stream=stream))


async def a_head_without_end(line: Connection) -> None:
    """Fields that go on and on, each frame saying that there is more."""
    await line.send(call(STREAM, 1, flags=0))
    part = b"".join(field(f"x-{number}", "x" * 100) for number in range(100))
    for _ in range(200):
        await line.send(frame(Kind.CONTINUATION, part, stream=1))


async def a_long_head(line: Connection) -> None:
    part = field("x-long", "x" * 100) * 120
    for stream in range(1, 100, 2):
        await line.send(call(STREAM, stream, flags=0, more=part))
        await line.send(frame(Kind.CONTINUATION, part, flags=END_HEADERS, stream=stream))


async def no_http2(line: Connection) -> None:
    await line.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"\xff" * 5_000)


FLOODS: Final[tuple[Callable[[Connection], Awaitable[None]], ...]] = (
    pings,
    settings,
    resets,
    a_head_without_end,
    a_long_head,
    no_http2,
)


@pytest.mark.parametrize("flood", FLOODS, ids=lambda each: each.__name__)
async def test_a_flood_keeps_nobody_else_waiting(
    house: House, tmp_path: Path, flood: Callable[[Connection], Awaitable[None]]
) -> None:
    async with a_door(house) as port, connected(port, house.identity(*WHO), tmp_path) as line:
        async with asyncio.timeout(PATIENCE_S):
            await flood(line)
        await others_are_served(house, port)
