"""How many connections one address has at the traders' door: whoever takes all that it may leaves room for others."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from gateway.traders.arrivals import HANDSHAKES_MAX, Arrivals, origin
from gateway.traders.connections import Listening, listen
from tests.closing import closing
from tests.expectations import PATIENCE_S
from tests.gateway.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_ONE: Final = 3
REQUEST: Final = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
NEIGHBOUR: Final = ("127.0.0.2", 0)
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def a_door(tls: ssl.SSLContext | None = None, *, connections_max: int = 100) -> Listening:
    """Open a door that answers everybody."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="here")

    application = web.Application()
    application.router.add_get("/", answer)
    return await listen(
        application, "127.0.0.1", 0, tls=tls, connections_max=connections_max, of_one_address_max=OF_ONE
    )


def tls_of(house: House, folder: Path) -> ssl.SSLContext:
    house.members["banksh"].service.write(folder, "gateway")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "gateway.crt", folder / "gateway.key")
    return context


def unchecked() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def connect(door: Listening, *, whence: tuple[str, int] | None = None, tls: bool = False) -> Line:
    return await asyncio.open_connection("127.0.0.1", door.port, local_addr=whence, ssl=unchecked() if tls else None)


async def answered(line: Line) -> bytes:
    """Ask, and give the answer; nothing where the door hung up."""
    reader, writer = line
    try:
        writer.write(REQUEST)
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await found():
            pass


async def test_handshakes_that_do_not_end_are_counted_and_nobody_else_waits(house: House, tmp_path: Path) -> None:
    """They cost memory, and whoever has not ended one has not been seen by any other limit."""
    async with closing(await a_door(tls_of(house, tmp_path))) as door:
        held = [await connect(door) for _ in range(OF_ONE)]
        reader, writer = await connect(door)
        try:
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""  # hung up on, long before it is let go
            assert (await answered(await connect(door, whence=NEIGHBOUR, tls=True))).endswith(b"here")
        finally:
            for _, each in (*held, (reader, writer)):
                each.transport.abort()

        async def has_room() -> bool:
            try:
                return (await answered(await connect(door, tls=True))).endswith(b"here")
            except (ConnectionError, ssl.SSLError):
                return False

        await until(has_room)


async def test_without_tls_one_too_many_is_told_so() -> None:
    async with closing(await a_door()) as door:
        held = [await connect(door) for _ in range(OF_ONE)]
        try:
            told = await answered(await connect(door))
            assert told.startswith(b"HTTP/1.1 503 ") or not told  # its own request may have met a closed line
            assert (await answered(await connect(door, whence=NEIGHBOUR))).endswith(b"here")
        finally:
            for _, writer in held:
                writer.transport.abort()


async def test_whoever_closes_its_connection_has_room_for_another() -> None:
    async with closing(await a_door()) as door:
        for _ in range(3 * OF_ONE):

            async def has_room() -> bool:
                return (await answered(await connect(door))).endswith(b"here")

            await until(has_room)


async def test_all_together_have_as_many_as_the_door_serves_and_some_handshakes() -> None:
    most = 2 + HANDSHAKES_MAX
    arrivals = Arrivals(most, most)
    assert all(arrivals.enter(f"10.0.0.{number % 7}") for number in range(most))
    assert not arrivals.enter("10.0.1.1")
    arrivals.leave("10.0.0.1")
    assert arrivals.enter("10.0.1.1")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
async def test_what_one_subscriber_has_is_one_address(address: str, expected: str) -> None:
    assert origin(address) == expected
