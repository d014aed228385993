"""Those who only listen: a thousand followers over HTTP (Server-Sent Events), ten thousand idle streams over gRPC."""

import asyncio
import time
from typing import Any, Final

from gateway.bench import Figures
from gateway.bench.served.callers import GrpcCaller, get
from gateway.bench.served.house import House
from gateway.bench.served.processes import Served

FOLLOWERS: Final = 1_000
FOR_EACH_HOLDER: Final = 20
"""How many streams one holder may follow at a time (gateway.traders.streaming)."""
EVENTS: Final = 20
STREAMS: Final = 10_000
CONNECTIONS: Final = 20
AT_ONCE: Final = 200
PATIENCE_S: Final = 60.0
WATCH: Final = "/grpc.health.v1.Health/Watch"
"""It answers once at once, so that one knows that the stream stands, and then is silent."""
LIST_DAYS: Final = "/waitan.v1.DayService/ListDays"
_EVENT: Final = b"\nid:"
_MIB: Final = 2**20


async def measure(house: House, network: Served) -> Figures:
    """Open them, let something happen, and read what they hold of the server's memory."""
    return await _followers(house, network) | await _idle(house, network)


class _Follower(asyncio.Protocol):
    """Counts the events that come over one connection."""

    def __init__(self, request: bytes) -> None:
        self._request: Final = request
        self._last = b""
        self.events = 0
        self.answered: Final[asyncio.Future[None]] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count."""
        if not self.answered.done():
            if data.startswith(b"HTTP/1.1 200 "):
                self.answered.set_result(None)
            else:
                self.answered.set_exception(AssertionError(data.decode(errors="replace")))
        self.events += (self._last + data).count(_EVENT)
        self._last = data[-len(_EVENT) + 1 :]


async def _followers(house: House, network: Served) -> Figures:
    host, _, port = house.http.rpartition(":")
    loop = asyncio.get_running_loop()
    before = network.memory_bytes()
    following: list[tuple[Any, _Follower]] = []
    for number in range(FOLLOWERS):
        request = get("/v1/events", house.desk_token(f"desk-{number // FOR_EACH_HOLDER}"))
        made: Any = await loop.create_connection(lambda request=request: _Follower(request), host, int(port))  # type: ignore[misc]  # a default keeps the loop's value
        following.append(made)
        if number % AT_ONCE == 0:
            await made[1].answered
    await asyncio.gather(*(each.answered for _, each in following))
    start_s = time.perf_counter()
    await house.settle(EVENTS)
    async with asyncio.timeout(PATIENCE_S):
        while any(each.events < EVENTS for _, each in following):  # noqa: ASYNC110 - they are a thousand
            await asyncio.sleep(0.05)
    took_s = time.perf_counter() - start_s
    held = network.memory_bytes() - before
    for transport, _ in following:
        transport.close()
    return {
        "followers": FOLLOWERS,
        "followers_mb": round(held / _MIB, 1),
        "followers_events_per_s": round(FOLLOWERS * EVENTS / took_s),
    }


async def _idle(house: House, network: Served) -> Figures:
    before = network.memory_bytes()
    async with GrpcCaller(house.grpc, house.officer, connections=CONNECTIONS) as idler:
        streams: list[Any] = []
        for first in range(0, STREAMS, AT_ONCE):
            channels = idler.streams(WATCH)
            opened = [channels[number % CONNECTIONS](b"") for number in range(first, first + AT_ONCE)]
            await asyncio.gather(*(stream.read() for stream in opened))
            streams += opened
        async with GrpcCaller(house.grpc, house.officer, connections=1) as other:
            start_s = time.perf_counter()
            await other.method(LIST_DAYS)[0](b"", timeout=PATIENCE_S)
            took_s = time.perf_counter() - start_s
        held = network.memory_bytes() - before
        ended = sum(stream.done() for stream in streams)
        for stream in streams:
            stream.cancel()
    return {
        "idle_streams": STREAMS - ended,
        "idle_streams_mb": round(held / _MIB, 1),
        "idle_streams_call_ms": round(1000 * took_s, 1),
    }
