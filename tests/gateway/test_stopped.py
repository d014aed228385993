"""A gateway whose read model stops: every door says so, whoever waits is told, and nothing is answered from it."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import wraps
from pathlib import Path
from typing import Final, NamedTuple, ParamSpec

import aiohttp
import pytest
import pytest_asyncio
from grpc import StatusCode, aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateway.app import Gateway
from gateway.client import WaitanClient, WaitanError
from gateway.ledger.embedded import LedgerCorruptError, Peer
from gateway.ledger.port import Carried, Delivered, FeedBlock, Ledger, LedgerUnreachableError, OutcomeUnknownError
from gateway.operators import server
from gateway.operators.server import SERVICES
from gateway.projection.faults import FeedBrokenError
from gateway.traders import server as traders
from gateway.traders.tokens import Tokens, mint
from settlement.forms.consent import SignedList
from tests.builders import a_uetr, an_issuance_request
from tests.closing import closing
from tests.expectations import PATIENCE_S
from tests.fakes.couriers import ForgetfulCourier
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house

pytestmark = pytest.mark.asyncio(loop_scope="session")


P = ParamSpec("P")


def bounded(test: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """Let a test fail, with its stack, where somebody is left waiting."""

    @wraps(test)
    async def in_time(*args: P.args, **kwargs: P.kwargs) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await test(*args, **kwargs)

    return in_time


class BreakingLedger:
    """An organisation's access to the ledger, whose feed ends in an error when it is told to."""

    def __init__(self, inner: Ledger) -> None:
        self._inner: Final = inner
        self._broken: Final = asyncio.Event()
        self.network: Final = inner.network

    def break_feed(self) -> None:
        """End the feed."""
        self._broken.set()

    async def carry(self, lists: Sequence[SignedList]) -> Carried:
        """Carry."""
        return await self._inner.carry(lists)

    async def blocks(self, start: int) -> AsyncGenerator[FeedBlock, None]:
        """Follow, until the feed is broken."""
        feed = self._inner.blocks(start)
        broken = asyncio.create_task(self._broken.wait())
        try:
            while True:
                block = asyncio.create_task(anext(feed))
                await asyncio.wait((block, broken), return_when=asyncio.FIRST_COMPLETED)
                if broken.done():
                    block.cancel()
                    await asyncio.wait((block,))
                    raise FeedBrokenError("the peer's block does not follow")
                yield await block
        finally:
            broken.cancel()
            await feed.aclose()


class Stopping(NamedTuple):
    """A second gateway of the paying bank with its doors, and what breaks its feed."""

    gateway: Gateway
    ledger: BreakingLedger
    grpc: str
    http: str


@pytest_asyncio.fixture(loop_scope="session")
async def stopping(house: House, tmp_path: Path) -> AsyncIterator[Stopping]:
    """A gateway that serves, for now."""
    ledger, identity = BreakingLedger(house.access("banksh")), house.identity("banksh")
    async with AsyncExitStack() as stack:
        gateway = house.gateway("banksh", house.courier, tmp_path, ledger=ledger)
        await gateway.start()
        stack.push_async_callback(gateway.close)
        await gateway.follower.reached(house.ledger.ledger.height - 1)
        grpc = await server.serve(gateway, "localhost:0", identity)
        stack.push_async_callback(grpc.close)
        tokens = Tokens(identity.certificate, network=NETWORK, participant="banksh")
        http = await traders.serve(gateway, tokens, "127.0.0.1", 0)
        stack.push_async_callback(http.close)
        yield Stopping(gateway, ledger, f"localhost:{grpc.port}", f"http://127.0.0.1:{http.port}")


@bounded
async def test_health_is_not_serving_once_the_read_model_has_stopped(house: House, stopping: Stopping) -> None:
    async with aio.secure_channel(stopping.grpc, house.identity("banksh").channel_credentials()) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        watch = aiter(health.Watch(health_pb2.HealthCheckRequest(service=SERVICES[-1])))
        assert (await anext(watch)).status == health_pb2.HealthCheckResponse.SERVING
        stopping.ledger.break_feed()
        assert (await anext(watch)).status == health_pb2.HealthCheckResponse.NOT_SERVING
        for service in ("", *SERVICES):
            found = await health.Check(health_pb2.HealthCheckRequest(service=service))
            assert found.status == health_pb2.HealthCheckResponse.NOT_SERVING


@bounded
async def test_every_call_is_answered_that_it_may_be_tried_again(house: House, stopping: Stopping) -> None:
    async with WaitanClient(stopping.grpc, house.identity("banksh", "officer-1")) as client:
        outcome = await client.submit(a_fresh_payment("1.00"))
        watched = asyncio.ensure_future(
            anext(aiter(client.watch(after_position=stopping.gateway.queries.last_position())))
        )
        await client.payment(outcome.uetr)
        stopping.ledger.break_feed()
        await stopping.gateway.follower.stopped()
        asked = (
            watched,
            client.payment(outcome.uetr),
            client.accounts(),
            client.submit(a_fresh_payment("1.00")),
            client.ask(an_issuance_request("1.00")),
        )
        for each in asked:
            with pytest.raises(WaitanError) as raised:
                await each
            assert (raised.value.code, raised.value.status) == ("ED06", StatusCode.UNAVAILABLE)
            assert raised.value.is_unreachable


@bounded
async def test_traders_are_told_so_too(house: House, stopping: Stopping) -> None:
    token = mint(
        house.members["banksh"].service.key,
        network=NETWORK,
        participant="banksh",
        customer="5493001KJTIIGC8Y1R12",
        now_s=int(time.time()),
    )
    async with aiohttp.ClientSession(stopping.http, headers={"Authorization": f"Bearer {token}"}) as http:
        async with http.get("/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "serving"})
        stopping.ledger.break_feed()
        await stopping.gateway.follower.stopped()
        async with http.get("/healthz") as response:
            assert (response.status, await response.json()) == (503, {"status": "stopped"})
        async with http.get(f"/v1/payments/{a_uetr()}") as response:
            assert (response.status, (await response.json(content_type=None))["code"]) == (503, "ED06")
            assert response.headers["Retry-After"] == "2"


@bounded
async def test_a_payment_under_way_is_answered_as_the_ledger_decided_it(house: House, stopping: Stopping) -> None:
    """The feed breaks after the list has left: what the courier brings back is so all the same."""
    stopping.ledger.break_feed()
    [answer] = await stopping.gateway.payments.submit([a_fresh_payment("1.00")])
    assert answer.outcome.code == ""


@bounded
async def test_a_gateway_closes_though_its_peer_lags_for_ever(house: House, tmp_path: Path) -> None:
    """Its list met a number already used, and it waits for blocks that do not come."""
    peer, courier = Peer(), ForgetfulCourier(lambda: house.courier)
    credential = house.members["banksh"].service.credential
    ledger = house.ledger.client("banksh", credential, house.gateways["banksh"].clock, peer=peer)
    gateway = house.gateway("banksh", courier, tmp_path, ledger=ledger, close_s=0.0)
    height = house.ledger.ledger.height
    peer.lag(height)
    await gateway.start()
    await gateway.follower.reached(height - 1)
    await house.gateways["banksh"].payments.submit([a_fresh_payment("1.00")])
    asked = asyncio.create_task(gateway.payments.submit([a_fresh_payment("1.00")]))
    await asyncio.sleep(0)
    await gateway.close()
    with pytest.raises(OutcomeUnknownError):
        await asked


class SilentCourier:
    """Takes a list and never says what became of it."""

    def __init__(self) -> None:
        self.came: Final = asyncio.Event()

    async def carry(self, _: SignedList) -> Delivered:
        """Take a list."""
        self.came.set()
        await asyncio.Event().wait()
        raise AssertionError


@bounded
async def test_a_gateway_closes_though_its_courier_is_silent_for_ever(house: House, tmp_path: Path) -> None:
    """What was sent is told as unknown, what was not yet sent as not sent."""
    courier = SilentCourier()
    gateway = house.gateway("banksh", courier, tmp_path, close_s=0.0)
    await gateway.start()
    await gateway.follower.reached(house.ledger.ledger.height - 1)
    sent = asyncio.create_task(gateway.ask([an_issuance_request()]))
    await courier.came.wait()
    waiting = asyncio.create_task(gateway.ask([an_issuance_request()]))
    paying = asyncio.create_task(gateway.payments.submit([a_fresh_payment("1.00")]))
    await asyncio.sleep(0)
    await gateway.close()
    told = await asyncio.gather(sent, waiting, paying, return_exceptions=True)
    assert list(map(type, told)) == [OutcomeUnknownError, LedgerUnreachableError, LedgerUnreachableError]


@bounded
async def test_a_ledger_that_stops_takes_health_with_it(tmp_path: Path) -> None:
    """Damage was found: nobody is served until it is mended, and those who watch are told without asking."""
    async with a_house(tmp_path) as own:
        identity = own.identity("banksh")
        async with aio.secure_channel(
            f"localhost:{own.servers['bankist'].port}", own.identity("bankist").channel_credentials()
        ) as channel:
            watch = aiter(health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest()))
            assert (await anext(watch)).status == health_pb2.HealthCheckResponse.SERVING
            own.ledger.ledger._fault = LedgerCorruptError("a value was changed on disk")
            with pytest.raises(LedgerUnreachableError, match="the ledger has stopped"):
                await own.gateways["banksh"].payments.submit([a_fresh_payment("1.00")])
            assert (await anext(watch)).status == health_pb2.HealthCheckResponse.NOT_SERVING
        tokens = Tokens(identity.certificate, network=NETWORK, participant="banksh")
        http = await traders.serve(own.gateways["banksh"], tokens, "127.0.0.1", 0)
        health = f"http://127.0.0.1:{http.port}/healthz"
        async with closing(http), aiohttp.ClientSession() as client, client.get(health) as response:
            assert (response.status, await response.json()) == (503, {"status": "stopped"})
