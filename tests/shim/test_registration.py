"""A stream begins with REGISTER, REGISTERED and READY, and nothing else will do."""

import asyncio
from typing import Any

import grpc
import pytest
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage

from chaincode.shim.limits import Limits, parse_limits
from chaincode.shim.stream import MOVES, State
from tests.expectations import PATIENCE_S
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, FakePeer, Faults
from tests.shim.serving import CHAINCODE_ID, idle, serving


@pytest.mark.parametrize(
    ("payload", "limits"),
    [
        (FABRIC_3, Limits(write=1000, read=1000)),
        (FABRIC_2_5, Limits()),
        (bytes([0x08, 1, 0x10, 3, 0x18, 1, 0x20, 2]), Limits(write=3, read=2)),
        (bytes([0x08, 1, 0x10, 3]), Limits(write=3)),
        (bytes([0x18, 1, 0x20, 9]), Limits(read=9)),
        (bytes([0x10, 3, 0x20, 9]), Limits()),
        (bytes([0x08, 1, 0x18, 1]), Limits(write=100, read=100)),
        (bytes([0x08, 1, 0x10, 3, 0x2A, 1, 0x41]), Limits(write=3)),
        (b"\xff\xff", Limits()),
    ],
    ids=["3.1", "2.5", "small", "write", "read", "sizes-alone", "no-sizes", "newer", "garbage"],
)
def test_ready_tells_what_batches_the_peer_takes(payload: bytes, limits: Limits) -> None:
    assert parse_limits(payload) == limits


def test_a_stream_becomes_ready_in_one_way() -> None:
    """Of all messages in all states, two move a stream on."""
    moves = {(state, kind) for state in State for kind in ChaincodeMessage.Type.values() if (state, kind) in MOVES}
    assert moves == {
        (State.CREATED, ChaincodeMessage.REGISTERED),
        (State.ESTABLISHED, ChaincodeMessage.READY),
    }


@pytest.mark.asyncio
async def test_a_peer_that_dials_is_asked_to_register_the_chaincode() -> None:
    async with serving(idle) as server, FakePeer(server.port) as peer:
        assert peer.chaincode_id == CHAINCODE_ID
        assert (await peer.execute(b"anything")).type == "COMPLETED"
        assert server.peers == 1


@pytest.mark.asyncio
async def test_each_peer_has_a_stream() -> None:
    """One that leaves takes nothing from the others."""
    async with serving(idle) as server, FakePeer(server.port) as stays:
        async with FakePeer(server.port) as leaves:
            assert (await leaves.execute()).type == "COMPLETED"
            assert server.peers == 2
        async with asyncio.timeout(PATIENCE_S):
            while server.peers == 2:
                assert (await stays.execute()).type == "COMPLETED"
        assert server.peers == 1


@pytest.mark.asyncio
async def test_a_peer_that_never_answers_register_is_let_go() -> None:
    async with serving(idle, registration_max_s=0.5) as server:
        peer, asked = FakePeer(server.port, faults=Faults(silent=True)), asyncio.Event()
        register = peer._register

        async def asks(message: Any) -> None:
            await register(message)
            asked.set()

        peer._register = asks  # type: ignore[method-assign]
        async with peer:
            await asked.wait()
            assert server.peers == 0
            assert await peer.ended is grpc.StatusCode.OK


@pytest.mark.asyncio
async def test_a_peer_that_has_registered_the_chaincode_is_kept() -> None:
    """However long nothing is asked: nobody waits for its answer any more."""
    async with serving(idle) as server, FakePeer(server.port) as peer:
        assert (await peer.execute()).type == "COMPLETED"
        (stream,) = server._streams
        assert stream._registered.is_set()


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["TRANSACTION", "INIT", "RESPONSE", "REGISTERED"])
async def test_before_it_is_ready_a_peer_may_send_nothing_else(kind: str) -> None:
    async with serving(idle) as server, FakePeer(server.port, faults=Faults(silent=True)) as peer:
        await peer.send(type=ChaincodeMessage.REGISTERED)
        await peer.send(type=ChaincodeMessage.Type.Value(kind), txid="tx", channel_id="trade")
        assert await peer.ended is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["READY", "TRANSACTION", "RESPONSE", "REGISTER", "GET_STATE"])
async def test_before_it_is_registered_a_peer_may_send_nothing_else(kind: str) -> None:
    async with serving(idle) as server, FakePeer(server.port, faults=Faults(silent=True)) as peer:
        await peer.send(type=ChaincodeMessage.Type.Value(kind), txid="tx", channel_id="trade")
        assert await peer.ended is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["REGISTER", "REGISTERED", "READY", "COMPLETED", "GET_STATE", "UNDEFINED"])
async def test_a_message_that_only_a_chaincode_sends_ends_the_stream(kind: str) -> None:
    async with serving(idle) as server, FakePeer(server.port) as peer:
        await peer.send(type=ChaincodeMessage.Type.Value(kind), txid="tx", channel_id="trade")
        assert await peer.ended is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.asyncio
async def test_bytes_that_are_no_message_end_the_stream_and_not_the_server() -> None:
    async with serving(idle) as server:
        async with FakePeer(server.port) as peer:
            await peer.send_raw(b"\xff\xff\xff")
            assert await peer.ended is grpc.StatusCode.FAILED_PRECONDITION
        async with FakePeer(server.port) as peer:
            assert (await peer.execute()).type == "COMPLETED"


@pytest.mark.asyncio
async def test_a_keepalive_is_sent_back() -> None:
    async with serving(idle) as server, FakePeer(server.port) as peer:
        await peer.send(type=ChaincodeMessage.KEEPALIVE)
        await peer.execute()
        assert peer.keepalives == 1
