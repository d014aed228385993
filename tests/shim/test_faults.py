"""Whatever goes wrong in one transaction is answered at once, and is nobody else's trouble."""

import asyncio
from typing import Any

import pytest
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from structlog.testing import capture_logs

from chaincode.shim import Response, Stub, Write
from chaincode.shim.exchange import Exchange
from chaincode.shim.limits import Limits
from chaincode.shim.running import run_transaction
from tests.expectations import PATIENCE_S
from tests.fakes.peer import Context, FakePeer, Faults
from tests.fakes.peer_state import PeerState
from tests.shim.serving import Gate, count, idle, serving

pytestmark = pytest.mark.asyncio

CANARY = "6217000012345678"


async def key_error(_: Stub) -> Response:
    return {CANARY: Response()}["another"]


async def value_error(stub: Stub) -> Response:
    raise ValueError(f"no account {stub.args[0].decode()} {CANARY}")


async def after_a_read(stub: Stub) -> Response:
    raise RuntimeError(await stub.get("a"))


async def between_two_batches(stub: Stub) -> Response:
    await stub.write_batch([Write("a", CANARY.encode())])
    raise MemoryError(CANARY)


async def in_a_walk(stub: Stub) -> Response:
    async for entry in stub.range("", ""):
        raise LookupError(entry)
    raise AssertionError


async def system_exit(_: Stub) -> Response:
    raise SystemExit(CANARY)


async def cancels_itself(_: Stub) -> Response:
    raise asyncio.CancelledError(CANARY)


async def times_out_itself(_: Stub) -> Response:
    raise TimeoutError(CANARY)


async def too_deep(stub: Stub) -> Response:
    return await too_deep(stub)


async def no_response(_: Stub) -> Response:
    return None  # type: ignore[return-value]


async def wrong_response(_: Stub) -> Response:
    return Response(payload=CANARY)  # type: ignore[arg-type]


RAISING = [
    key_error,
    value_error,
    after_a_read,
    between_two_batches,
    in_a_walk,
    system_exit,
    cancels_itself,
    times_out_itself,
    too_deep,
    no_response,
    wrong_response,
]


@pytest.mark.parametrize("chaincode", RAISING, ids=lambda chaincode: chaincode.__name__)
async def test_an_exception_is_answered_with_a_reference_and_nothing_else(chaincode: Any) -> None:
    """The log has the reference, the kind of the error and the places in the code; no key, value or argument."""
    state = PeerState({("", "a"): CANARY.encode()})
    with capture_logs() as logs:
        async with serving(chaincode) as server, FakePeer(server.port, state=state) as peer:
            outcome = await peer.execute(CANARY.encode(), transient={"secret": CANARY.encode()})
            assert server.in_flight == 0
            assert peer.state.values == {("", "a"): CANARY.encode()}
    assert outcome.type == "ERROR"
    told = [entry for entry in logs if entry["event"] == "transaction failed"]
    assert [entry["reference"] in outcome.error for entry in told] == [True]
    assert outcome.error == f"the chaincode failed (reference {told[0]['reference']})"
    assert CANARY not in repr(logs) + outcome.error
    assert any(chaincode.__name__ in place for place in told[0]["trace"]) or "response" in chaincode.__name__


async def test_of_a_long_way_to_a_fault_its_end_is_logged() -> None:
    def deeper(levels: int) -> Response:
        return deeper(levels - 1) if levels else innermost()

    def innermost() -> Response:
        raise LookupError

    async def chaincode(_: Stub) -> Response:
        return deeper(30)

    with capture_logs() as logs:
        async with serving(chaincode) as server, FakePeer(server.port) as peer:
            await peer.execute()
    (trace,) = [entry["trace"] for entry in logs if entry["event"] == "transaction failed"]
    assert len(trace) == 12
    assert trace[-1].endswith("innermost")


async def test_nothing_of_a_transaction_that_goes_well_is_logged() -> None:
    canary = CANARY.encode()
    with capture_logs() as logs:
        async with serving(count) as server, FakePeer(server.port) as peer:
            await peer.execute(canary, transient={"secret": canary}, certificate=canary)
            peer.faults.refusals["GET_STATE_MULTIPLE"] = f"leveldb: no key {CANARY}"
            refused = await peer.execute(canary)
    assert CANARY not in repr(logs)
    assert refused.error.startswith("the peer refused a request of the chaincode (reference ")


async def test_a_failure_in_the_middle_of_a_busy_stream_touches_no_other_transaction() -> None:
    async def chaincode(stub: Stub) -> Response:
        if stub.args[0].endswith(b"7"):
            await stub.get("a")
            raise ValueError
        return await count(stub)

    async with serving(chaincode) as server, FakePeer(server.port) as peer:
        outcomes = await asyncio.gather(*(peer.execute(b"%d" % number) for number in range(200)))
    assert [outcome.type == "ERROR" for outcome in outcomes] == [number % 10 == 7 for number in range(200)]


async def test_a_peer_that_is_cut_off_takes_its_transactions_with_it_and_can_come_back() -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    ended = asyncio.Event()

    async def chaincode(stub: Stub) -> Response:
        try:
            return await count(stub)
        finally:
            ended.set()

    async with serving(chaincode, transaction_max_s=3_600) as server:
        with capture_logs() as logs:
            async with FakePeer(server.port, faults=Faults(pace=gate)) as peer:
                transaction = asyncio.create_task(peer.execute(b"a"))
                await gate.reached.wait()
                await peer.cut()
                with pytest.raises(ConnectionError):
                    await transaction
                await ended.wait()
        assert "transaction failed" not in {entry["event"] for entry in logs}, "it is the peer that went"
        async with FakePeer(server.port) as peer:
            assert (await peer.execute(b"a")).response.payload == b"1"
        assert server.in_flight == 0


async def test_a_transaction_that_takes_too_long_is_given_up() -> None:
    """The peer that never answers it holds no place, and its late answer is dropped."""
    gate = Gate("GET_STATE_MULTIPLE")
    faults = Faults(pace=gate)
    async with (
        serving(count, transaction_max_s=1, running_max=1) as server,
        FakePeer(server.port, faults=faults) as peer,
    ):
        outcome = await peer.execute(b"a")
        assert outcome.error.startswith("the transaction took too long (reference ")
        gate.opened.set()
        assert (await peer.execute(b"a")).response.payload == b"1"


async def test_waiting_for_ones_turn_counts_as_time() -> None:
    """For the peer counts it too, and would take a later answer for that to a repetition."""
    exchange = Exchange("trade", "tx", Limits(), 4096, lambda _: None)
    no_place = asyncio.Semaphore(0)
    waiting = run_transaction(idle, ChaincodeMessage(), exchange, no_place, time_max_s=0.01)
    answer = ChaincodeMessage.FromString(await asyncio.wait_for(waiting, PATIENCE_S))
    assert answer.payload.startswith(b"the transaction took too long (reference ")


async def test_a_chaincode_that_outlives_its_time_is_not_heard() -> None:
    async def stubborn(_: Stub) -> Response:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return Response(payload=b"too late")
        raise AssertionError

    async with serving(stubborn, transaction_max_s=0.05) as server, FakePeer(server.port) as peer:
        assert (await peer.execute()).error.startswith("the transaction took too long")


async def test_a_repeated_transaction_id_ends_both() -> None:
    """The peer gave the first up; what it answers late must not be taken for a later one's answer."""
    gate = Gate("GET_STATE_MULTIPLE")
    async with serving(count) as server, FakePeer(server.port, faults=Faults(pace=gate)) as peer:
        first = asyncio.create_task(peer.execute(b"a", tx_id="same"))
        await gate.reached.wait()
        del peer.running["trade", "same"]
        second = await peer.execute(b"a", tx_id="same")
        assert second.error.startswith("the transaction is already running (reference ")
        third = Context(asyncio.get_running_loop().create_future(), timestamp_ms=0)
        peer.running["trade", "same"] = third
        gate.opened.set()
        for number in (b"1", b"2"):
            assert (await peer.execute(b"a")).response.payload == number
        assert third.requests == []
        assert not third.done.done()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_a_repeated_transaction_that_outlives_its_end_is_not_heard() -> None:
    begun = asyncio.Event()

    async def stubborn(_: Stub) -> Response:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return Response(payload=b"too late")
        raise AssertionError

    async with serving(stubborn) as server, FakePeer(server.port) as peer:
        first = asyncio.create_task(peer.execute(tx_id="same"))
        await begun.wait()
        del peer.running["trade", "same"]
        assert (await peer.execute(tx_id="same")).error.startswith("the transaction is already running (reference ")
        third = Context(asyncio.get_running_loop().create_future(), 0, PeerState())
        peer.running["trade", "same"] = third
        async with asyncio.timeout(PATIENCE_S):
            while server.in_flight or not peer.keepalives:
                await peer.send(type=ChaincodeMessage.KEEPALIVE)
        assert not third.done.done()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)


async def test_the_same_id_on_two_channels_is_two_transactions() -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    async with serving(count) as server, FakePeer(server.port, faults=Faults(pace=gate)) as peer:
        transactions = [
            asyncio.create_task(peer.execute(b"a", tx_id="same", channel_id=channel)) for channel in ("one", "two")
        ]
        await gate.reached.wait()
        gate.opened.set()
        assert [outcome.type for outcome in await asyncio.gather(*transactions)] == ["COMPLETED"] * 2


async def test_more_than_may_wait_are_refused_at_once() -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    async with (
        serving(count, running_max=1, waiting_max=1) as server,
        FakePeer(server.port, faults=Faults(pace=gate)) as peer,
    ):
        taken = [asyncio.create_task(peer.execute(b"%d" % number)) for number in range(2)]
        await gate.reached.wait()
        assert (await peer.execute(b"c")).error.startswith("the chaincode server is busy (reference ")
        gate.opened.set()
        assert [outcome.type for outcome in await asyncio.gather(*taken)] == ["COMPLETED"] * 2
