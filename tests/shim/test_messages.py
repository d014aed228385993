"""Messages that do not fit: too large, unreadable, twice, or for nobody. They end what they belong to, and no more."""

import asyncio
from typing import Any

import pytest
from fabric_protos.common.common_pb2 import Header, SignatureHeader
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage, GetStateMultipleResult
from fabric_protos.peer.proposal_pb2 import Proposal, SignedProposal

from chaincode.shim import MessageSizeError, ProtocolError, Response, Stub, Write
from chaincode.shim.exchange import Exchange
from chaincode.shim.limits import Limits
from tests.fakes.peer import ANSWERS, FakePeer, Faults
from tests.fakes.peer_state import PeerState
from tests.shim.serving import Gate, idle, serving

pytestmark = pytest.mark.asyncio


async def test_answers_that_nobody_waits_for_do_no_harm() -> None:
    async with serving(idle) as server, FakePeer(server.port) as peer:
        for kind in ("RESPONSE", "ERROR"):
            for tx_id in ("", "unknown"):
                await peer.send(type=ChaincodeMessage.Type.Value(kind), txid=tx_id, channel_id="trade")
        assert (await peer.execute()).type == "COMPLETED"


async def test_an_answer_that_comes_twice_is_taken_once() -> None:
    """And one that comes when nothing was asked is not taken for that to the next question."""
    sent: list[bytes] = []
    exchange = Exchange("trade", "tx", Limits(), 4096, sent.append)
    asking = asyncio.create_task(exchange.ask(ChaincodeMessage.GET_STATE, b""))
    await asyncio.sleep(0)
    answer = ChaincodeMessage(type=ChaincodeMessage.RESPONSE, payload=b"v")
    assert [exchange.answered(answer) for _ in range(2)] == [True, False]
    assert await asking == b"v"
    assert not exchange.answered(answer)
    assert len(sent) == 1


@pytest.mark.parametrize("kind", ["GET_STATE_MULTIPLE", "GET_STATE_BY_RANGE"])
async def test_an_answer_that_cannot_be_read_is_no_answer(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANSWERS, kind, lambda *_: b"\xff\xff")

    async def chaincode(stub: Stub) -> Response:
        with pytest.raises(ProtocolError):
            await (stub.get_many(["a"]) if kind == "GET_STATE_MULTIPLE" else anext(stub.range("", "")))
        return Response()

    async with serving(chaincode) as server, FakePeer(server.port) as peer:
        assert (await peer.execute()).type == "COMPLETED"


async def test_a_request_that_was_given_up_ends_the_asking() -> None:
    """Its answer is still to come, and would be taken for the next one's."""
    gate = Gate("GET_STATE")

    async def impatient(stub: Stub) -> Response:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stub.get("a"), 0.01)
        with pytest.raises(ProtocolError):
            await stub.get("b")
        return Response()

    async with serving(impatient) as server, FakePeer(server.port, faults=Faults(pace=gate)) as peer:
        assert (await peer.execute()).type == "COMPLETED"
        assert peer.dropped == []
        gate.opened.set()


async def test_a_request_or_an_answer_that_is_too_large_is_not_sent() -> None:
    """It would end the stream, and with it all transactions on it."""
    large = b"v" * 60_000

    async def chaincode(stub: Stub) -> Response:
        for asking in (stub.put("a", large), stub.write_batch([Write("a", large)])):
            with pytest.raises(MessageSizeError):
                await asking
        await stub.put("b", large[:30_000])
        return Response(payload=large)

    async with serving(chaincode, message_max_bytes=50_000) as server, FakePeer(server.port) as peer:
        outcome = await peer.execute()
        assert outcome.error.startswith("a message of the chaincode is too large (reference ")
        assert outcome.requests == ("PUT_STATE",)
        assert (await peer.execute()).type == "ERROR", "the stream is still there"


async def test_a_message_from_the_peer_that_is_too_large_ends_its_stream_alone() -> None:
    async with serving(idle, message_max_bytes=50_000) as server, FakePeer(server.port) as other:
        async with FakePeer(server.port) as peer:
            with pytest.raises(ConnectionError):
                await peer.execute(b"v" * 60_000)
        assert (await other.execute()).type == "COMPLETED"


async def test_messages_of_many_mebibytes_pass() -> None:
    """Left alone, gRPC would stop at 4 MiB."""
    large = b"v" * 12_000_000

    async def chaincode(stub: Stub) -> Response:
        await stub.write_batch([Write("b", await stub.get("a") or b"")])
        return Response(payload=stub.args[0])

    async with serving(chaincode) as server, FakePeer(server.port, state=PeerState({("", "a"): large})) as peer:
        outcome = await peer.execute(large)
        assert outcome.response.payload == large
        assert peer.state.values["", "b"] == large


async def test_more_values_than_were_asked_for_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of private data either: that hashes say of some keys that there is nothing would not explain it."""
    many = GetStateMultipleResult(values=[b"a", b"b", b"c"]).SerializeToString()
    monkeypatch.setitem(ANSWERS, "GET_STATE_MULTIPLE", lambda *_: many)

    async def chaincode(stub: Stub) -> Response:
        for collection in ("", "banksh"):
            with pytest.raises(ProtocolError):
                await stub.get_many(["a", "b"], collection)
        return Response()

    async with serving(chaincode) as server, FakePeer(server.port) as peer:
        assert (await peer.execute()).type == "COMPLETED"


def a_creator(serialized: bytes) -> SignedProposal:
    """A proposal of somebody who is no identity."""
    signature = SignatureHeader(creator=serialized).SerializeToString()
    header = Header(signature_header=signature).SerializeToString()
    return SignedProposal(proposal_bytes=Proposal(header=header).SerializeToString())


@pytest.mark.parametrize(
    "wrong",
    [
        {"payload": b"\xff"},
        {"proposal": None},
        {"proposal": SignedProposal(proposal_bytes=b"\xff")},
        {"proposal": SignedProposal(proposal_bytes=Proposal(header=b"\xff").SerializeToString())},
        {"proposal": a_creator(b"")},
        {"proposal": a_creator(b"\xff")},
    ],
    ids=["payload", "none", "garbage", "its header", "no creator", "its creator"],
)
async def test_a_transaction_that_cannot_be_read_is_answered(wrong: dict[str, Any]) -> None:
    async def look(stub: Stub) -> Response:
        return Response(payload=stub.creator.msp_id.encode())

    async with serving(look) as server, FakePeer(server.port) as peer:
        send = peer.send

        async def spoilt(**fields: Any) -> None:
            await send(**{**fields, **wrong})

        peer.send = spoilt  # type: ignore[method-assign]
        assert (await peer.execute()).error.startswith("the proposal cannot be read (reference ")
