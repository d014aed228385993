"""The client when the connection fails: what was certainly not sent is told apart from what may have taken effect."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable
from contextlib import suppress
from typing import Any, Final

import pytest
import pytest_asyncio

from gateway.client import WaitanClient, WaitanError
from gateway.client import client as client_module
from gateway.limits import Open, Rates
from gateway.operators import server
from gateway.operators.edge import Limits
from tests.builders import an_issuance_request
from tests.expectations import PATIENCE_S
from tests.fakes.wire import Wire
from tests.gateway.house import House, a_fresh_payment
from waitan.v1.initiations_pb2 import ReleaseInitiationRequest

pytestmark = pytest.mark.asyncio(loop_scope="session")

Call = Callable[[WaitanClient], Coroutine[Any, Any, Any]]

ACTS: dict[str, Call] = {
    "submit": lambda client: client.submit(a_fresh_payment("1.00")),
    "submit_batches": lambda client: anext(client.submit_batches(batches())),  # type: ignore[arg-type]
    "submit_message": lambda client: client.submit_message(b"<Document/>"),
    "release": lambda client: client.release(ReleaseInitiationRequest(initiation_id="0" * 32)),
    "ask": lambda client: client.ask(an_issuance_request("1.00")),
}
READS: dict[str, Call] = {
    "accounts": lambda client: client.accounts(),
    "initiation": lambda client: client.initiation("0" * 32),
    "watch": lambda client: anext(client.watch(1 << 62)),  # type: ignore[arg-type]
}


async def batches() -> AsyncIterator[list[Any]]:
    yield [a_fresh_payment("1.00")]


class Heard(Open):
    """Takes note of every call that is let in."""

    def __init__(self) -> None:
        super().__init__(100)
        self.calls: Final[asyncio.Queue[Hashable]] = asyncio.Queue()

    def enter(self, caller: Hashable) -> None:
        super().enter(caller)
        self.calls.put_nowait(caller)


class MutedWire(Wire):
    """A wire to a door of the paying bank; once `is_mute`, requests arrive there and answers do not come back."""

    def __init__(self, server_port: int, heard: Heard) -> None:
        super().__init__(server_port)
        self.heard: Final = heard
        self.is_mute = False

    async def _forward(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        to_server = sink.get_extra_info("peername")[1] == self._server_port
        with suppress(OSError):
            while chunk := await source.read(65536):
                if self.is_mute and not to_server:
                    continue
                sink.write(chunk)
                await sink.drain()
        sink.close()


@pytest_asyncio.fixture(loop_scope="session")
async def wire(house: House) -> AsyncIterator[MutedWire]:
    heard = Heard()
    limits = Limits(Rates(1000, 1000), heard)
    door = await server.serve(house.gateways["banksh"], "127.0.0.1:0", house.identity("banksh"), limits=limits)
    wire = MutedWire(door.port, heard)
    await wire.open()
    try:
        yield wire
    finally:
        await wire.close()
        await door.close()


async def nothing_more() -> None:
    """Wait for nothing."""


async def lost(
    house: House, wire: MutedWire, call: Call, done: Callable[[], Coroutine[Any, Any, None]] = nothing_more
) -> WaitanError:
    """Call over a connection that stands, and is cut when the call has come in and `done` has come back."""
    async with WaitanClient(f"localhost:{wire.port}", house.identity("banksh", "officer-1")) as client:
        await client.accounts()
        await wire.heard.calls.get()
        wire.is_mute = True
        asked = asyncio.create_task(call(client))
        async with asyncio.timeout(PATIENCE_S):
            await wire.heard.calls.get()
            await done()
            wire.cut()
            with pytest.raises(WaitanError) as raised:
                await asked
    return raised.value


@pytest.mark.parametrize("call", ACTS.values(), ids=ACTS)
async def test_what_changes_something_is_of_unknown_outcome_once_the_connection_stood(
    house: House, wire: MutedWire, call: Call
) -> None:
    error = await lost(house, wire, call)
    assert (error.is_unknown, error.is_unreachable) == (True, False)


async def test_a_payment_whose_answer_was_lost_has_settled_and_is_not_called_unsent(
    house: House, wire: MutedWire
) -> None:
    payment = a_fresh_payment("1.00")
    queries = house.gateways["banksh"].queries

    async def settled() -> None:
        async with asyncio.timeout(PATIENCE_S):
            while queries.payment(payment.uetr) is None:  # noqa: ASYNC110 - another's block may come first
                await asyncio.sleep(0.01)

    error = await lost(house, wire, lambda client: client.submit(payment), settled)
    assert error.is_unknown


@pytest.mark.parametrize("call", READS.values(), ids=READS)
async def test_what_is_only_read_is_unreachable(house: House, wire: MutedWire, call: Call) -> None:
    error = await lost(house, wire, call)
    assert (error.is_unknown, error.is_unreachable) == (False, True)


@pytest.mark.parametrize("call", [*ACTS.values(), *READS.values()], ids=[*ACTS, *READS])
async def test_where_nobody_listens_that_is_told_at_once(
    house: House, nobodys_port: int, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "CONNECT_S", PATIENCE_S)
    started = time.monotonic()
    async with WaitanClient(f"127.0.0.1:{nobodys_port}", house.identity("banksh", "officer-1")) as client:
        for _ in range(2):
            with pytest.raises(WaitanError) as raised:
                await call(client)
            assert raised.value.is_unreachable
    assert time.monotonic() - started < PATIENCE_S  # it did not wait for somebody to come


async def test_who_listens_and_says_nothing_is_unreachable_in_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        async with WaitanClient(address, house.identity("banksh", "officer-1")) as client:
            with pytest.raises(WaitanError) as raised:
                await client.submit(a_fresh_payment("1.00"))
    assert raised.value.is_unreachable


async def test_a_client_finds_its_gateway_again(house: House, wire: MutedWire) -> None:
    """Calls notice that the connection is gone until gRPC has; it needs no telling, and no client made anew."""
    async with WaitanClient(f"localhost:{wire.port}", house.identity("banksh", "officer-1")) as client:
        await client.accounts()
        wire.cut()
        found = False
        async with asyncio.timeout(PATIENCE_S):
            while not found:
                with suppress(WaitanError):
                    await client.accounts()
                    found = True
        assert (await client.submit(a_fresh_payment("1.00"))).block > 0
