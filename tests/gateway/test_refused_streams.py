"""A stream that is refused while its client still sends is heard out, so that the client learns of the refusal."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode, aio

from gateway.limits import Open, Rates, TooManyError
from gateway.operators import incoming, server
from gateway.operators.edge import Limits
from tests.expectations import PATIENCE_S
from tests.gateway.house import House
from waitan.v1 import payments_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUBMIT: Final = "/waitan.v1.PaymentService/SubmitPayments"
REFLECT: Final = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
CHECK: Final = "/grpc.health.v1.Health/Check"
A_BATCH: Final = payments_pb2.SubmitPaymentsRequest(payments=[{"remittance": "x" * 800_000}]).SerializeToString()
"""More than a connection's window: it arrives in full only where somebody takes it."""
AGAIN_S: Final = 2.5


class Full(Open):
    """Has no place for anybody, and says when it said so."""

    def __init__(self) -> None:
        super().__init__(0)
        self.refused: Final = asyncio.Event()

    def enter(self, caller: Hashable) -> None:
        self.refused.set()
        raise TooManyError(AGAIN_S)


@asynccontextmanager
async def a_channel(house: House, limits: Limits | None = None) -> AsyncIterator[aio.Channel]:
    """Connect an officer to another door of the paying bank's gateway."""
    opened = await server.serve(house.gateways["banksh"], "localhost:0", house.identity("banksh"), limits=limits)
    credentials = house.identity("banksh", "officer-1").channel_credentials()
    async with aio.secure_channel(f"localhost:{opened.port}", credentials) as channel:
        yield channel
    await opened.close()


def limited(full: Full) -> Limits:
    return Limits(Rates(1e6, 10**6), full)


def a_stream(channel: aio.Channel, method: str = SUBMIT) -> Any:
    """Open one, to which a test writes when it will."""
    stream: Any = channel.stream_stream(method, None, None)
    return stream()


async def there_and_back(channel: aio.Channel) -> None:
    """Let what the server has sent on this connection arrive: what was asked later is answered after it."""
    for _ in range(5):
        try:
            await channel.unary_unary(CHECK, None, None)(b"", timeout=PATIENCE_S)
        except aio.AioRpcError as error:
            assert error.code() is StatusCode.RESOURCE_EXHAUSTED  # noqa: PT017 - either answer has come back


async def told(call: Any) -> tuple[StatusCode, float]:
    """Read to the refusal: its status, and after how many seconds to come again."""
    with pytest.raises(aio.AioRpcError) as raised:
        await asyncio.wait_for(call.read(), PATIENCE_S)
    metadata: dict[str, Any] = dict(raised.value.trailing_metadata() or ())  # type: ignore[arg-type]  # pairs
    retry = RetryInfo()
    details = Status.FromString(metadata["grpc-status-details-bin"]).details
    assert [each for each in details if each.Unpack(retry)]
    return raised.value.code(), retry.retry_delay.ToTimedelta().total_seconds()


@pytest.mark.parametrize("method", [SUBMIT, REFLECT])
async def test_who_is_refused_before_its_first_request_is_there_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(incoming, "HEARD_OUT_S", PATIENCE_S)
    full = Full()
    async with a_channel(house, limited(full)) as channel:
        call = a_stream(channel, method)
        await full.refused.wait()
        await there_and_back(channel)
        await call.write(A_BATCH)
        await call.done_writing()
        assert await told(call) == (StatusCode.RESOURCE_EXHAUSTED, AGAIN_S)


async def test_who_is_refused_while_it_sends_the_next_batch_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was no room for the first; it is as if the second had never come."""
    monkeypatch.setattr(incoming, "HEARD_OUT_S", PATIENCE_S)
    refused = asyncio.Event()

    async def free(_: float) -> None:
        refused.set()
        raise TooManyError(AGAIN_S)

    monkeypatch.setattr(house.gateways["banksh"].room, "free", free)
    async with a_channel(house) as channel:
        call = a_stream(channel)
        await call.write(A_BATCH)
        await refused.wait()
        await there_and_back(channel)
        await call.write(A_BATCH)
        await call.done_writing()
        assert await told(call) == (StatusCode.RESOURCE_EXHAUSTED, AGAIN_S)


async def test_who_never_ends_is_told_after_a_while(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "HEARD_OUT_S", 0.01)
    async with a_channel(house, limited(Full())) as channel:
        call = a_stream(channel)
        assert await told(call) == (StatusCode.RESOURCE_EXHAUSTED, AGAIN_S)


async def test_who_sends_on_and_on_is_told_after_so_many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "HEARD_OUT_S", PATIENCE_S)
    sent = 0

    async def for_ever() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b""

    with incoming.Incoming(for_ever()) as requests:
        await requests.hear_out()
    assert sent == incoming.HEARD_OUT_MAX


async def test_what_came_while_nobody_read_is_there_for_who_reads_on() -> None:
    comes = asyncio.Event()

    async def late() -> AsyncIterator[int]:
        await comes.wait()
        yield 1
        yield 2

    with incoming.Incoming(late()) as requests:
        left = asyncio.create_task(anext(requests))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait((left,))
        comes.set()
        assert [each async for each in requests] == [1, 2]
