"""Thousands of streams that do nothing: whoever opens them gets as many as it may have, and nobody else waits."""

import asyncio
import itertools
import resource
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from grpc import StatusCode, aio

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.limits import Open, Rates
from gateway.operators import server
from gateway.operators.edge import Limits
from gateway.traders import server as traders
from gateway.traders.streaming import OPEN_MAX
from gateway.traders.tokens import Tokens, mint
from tests.expectations import PATIENCE_S
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT_ONCE: Final = 200
OF_ONE: Final = 50
"""How many calls one caller may have open at the gRPC door of these tests."""
SPARE: Final = 200
"""Descriptors that this process needs besides."""
WATCHED: Final = {"/grpc.health.v1.Health/Watch": 1_000, "/waitan.v1.PaymentService/WatchPayments": 10_000}
"""How many are asked for of each: calls share a few connections, so that files are no limit."""
FOLLOWERS: Final = 1_000
"""How many follow over HTTP: each takes two open files of this process, which has both ends. Where its limit is 1,024,
as on many machines, some 400 do."""

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.mark.parametrize(("method", "asked"), WATCHED.items())
async def test_many_idle_streams_of_one_take_nothing_from_another(
    house: House, banksh: WaitanClient, method: str, asked: int
) -> None:
    """Over many connections; so many are open as one may have, and no more."""
    await banksh.submit(a_fresh_payment("0.01"))  # there is something to tell, so that an open stream is known by it
    limits = Limits(Rates(1e6, 10**6), Open(OF_ONE))
    door = await server.serve(house.gateways["banksh"], "localhost:0", house.identity("banksh"), limits=limits)
    address = f"localhost:{door.port}"
    idler = house.identity("banksh", "officer-1").channel_credentials()
    options = [("grpc.use_local_subchannel_pool", 1)]
    opened, refused = 0, 0

    async def idle(channel: aio.Channel) -> Any:
        nonlocal opened, refused
        stream: Any = channel.unary_stream(method, None, None)(b"")
        try:
            await stream.read()
            opened += 1
        except aio.AioRpcError as error:
            assert error.code() is StatusCode.RESOURCE_EXHAUSTED  # noqa: PT017 - counted, not expected of each
            refused += 1
        return stream

    async with AsyncExitStack() as stack:
        stack.push_async_callback(door.close)
        made = [aio.secure_channel(address, idler, options=options) for _ in range(10)]
        channels = itertools.cycle([await stack.enter_async_context(each) for each in made])
        streams = []
        for _ in range(0, asked, AT_ONCE):
            streams += await asyncio.gather(*(idle(next(channels)) for _ in range(AT_ONCE)))
        assert (opened, refused) == (OF_ONE, asked - OF_ONE)
        async with WaitanClient(address, house.identity("banksh", "officer-2"), timeout_s=PATIENCE_S) as other:
            assert await other.accounts()
        for stream in streams:
            stream.cancel()


class Followers:
    """Members of a bank's staff who follow its payments, each over as many connections as it may."""

    def __init__(self, house: House, port: int) -> None:
        self._house: Final = house
        self._port: Final = port
        self._numbers: Final = itertools.count()
        self._tokens: Final[dict[int, str]] = {}

    async def follow(self) -> tuple[bytes, Line]:
        """Ask for one more stream; give the first line of the answer, and the connection."""
        person = next(self._numbers) // OPEN_MAX
        line = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._token(person)}\r\n\r\n"
        try:
            line[1].write(head.encode())
            return await asyncio.wait_for(line[0].readline(), PATIENCE_S), line
        except ConnectionError:  # it was told that there is no room before it had asked, and hung up on
            return b"", line

    def _token(self, person: int) -> str:
        if person not in self._tokens:
            key = self._house.members["banksh"].service.key
            self._tokens[person] = mint(
                key,
                network=NETWORK,
                participant="banksh",
                customer=f"officer-{person}",
                now_s=int(time.time()),
                scope=Scope.DESK,
            )
        return self._tokens[person]


def room() -> int:
    """Say how many streams this process can hold."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = Path("/proc/self/fd")
    in_use = len(list(files.iterdir())) if files.exists() else 0
    return min(FOLLOWERS, (soft - in_use - SPARE) // 2)


async def test_many_idle_followers_leave_nobody_untold(house: House, banksh: WaitanClient) -> None:
    """As many as a door lets in, and as many again that are told at once that there is no room.

    What then happens reaches each that was let in; when one leaves, another has room.
    """
    most = room()
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    door = await traders.serve(
        house.gateways["banksh"], tokens, "127.0.0.1", 0, rates=Rates(1e6, 10**6), connections_max=most
    )
    followers, held = Followers(house, door.port), list[Line]()
    try:
        while len(held) < most:
            number = min(AT_ONCE, most - len(held))
            for said, line in await asyncio.gather(*(followers.follow() for _ in range(number))):
                held.append(line)
                assert said == b"HTTP/1.1 200 OK\r\n"
        for _ in range(most):
            said, line = await followers.follow()
            line[1].close()
            assert said in (b"HTTP/1.1 503 Service Unavailable\r\n", b"")
        payment = a_fresh_payment("0.02")
        await banksh.submit(payment)
        async with asyncio.timeout(PATIENCE_S):
            for reader, _ in held:
                await reader.readuntil(payment.uetr.encode())
        held.pop()[1].close()
        async with asyncio.timeout(PATIENCE_S):
            said = b""
            while b" 200 " not in said:
                said, line = await followers.follow()
                held.append(line)
    finally:
        for _, writer in held:
            writer.transport.abort()
        await door.close()
