"""The block feed goes on where it stood, and each block continues the one before."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import grpc
import pytest
from fabric_protos.common import common_pb2
from fabric_protos.peer import events_pb2

from gateway.fabric_client import (
    Block,
    BlockRequest,
    Chain,
    Checkpoint,
    Fault,
    FeedError,
    FeedInterruptedError,
    Gateway,
    Link,
    Peer,
    Scope,
    UntrueBlockError,
)
from gateway.fabric_client.feed import follow
from gateway.fabric_client.gateway import doubling_pause
from tests.fabric_client.conftest import CHANNEL, Network
from tests.fakes.fabric_gateway import Refusal

pytestmark = pytest.mark.asyncio


async def filled(network: Network, blocks: int) -> list[str]:
    """Add blocks of one transaction each, and give their ids."""
    contract = network.contract()
    return [(await contract.submit("put", f"key{number}", "value"))[1].transaction_id for number in range(blocks)]


async def numbers(gateway: Gateway, scope: Scope) -> list[int]:
    return [block.number async for block in gateway.blocks(scope).blocks()]


async def at_once(failures: int) -> None:
    """Resume without a pause, but let others run: the connection takes a moment to come back."""
    await asyncio.sleep(0)


async def test_blocks_come_from_the_first_to_the_last_asked_for(network: Network) -> None:
    await filled(network, 3)
    assert await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0), 3)) == [0, 1, 2, 3]
    assert await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(2), 2)) == [2]


async def test_without_a_start_the_next_block_is_the_first(network: Network) -> None:
    await filled(network, 2)
    async with aclosing(network.gateway().blocks(Scope(CHANNEL)).blocks()) as blocks:
        reading = asyncio.ensure_future(anext(blocks))
        await network.bank.called("Deliver")
        await filled(network, 1)
        assert (await reading).number == 3


async def test_a_checkpoint_within_a_block_gives_the_rest_of_it(network: Network) -> None:
    contract = network.contract()
    network.channel.ordering.clear()
    transactions = [await contract.propose("put", f"key{number}", "value").endorse() for number in range(3)]
    for transaction in transactions:
        await transaction.submit()
    await network.channel.resume()
    (later,) = await filled(network, 1)
    scope = Scope(CHANNEL, Checkpoint(1, transactions[0].transaction_id), 2)
    block, following = [block async for block in network.gateway().blocks(scope).blocks()]
    assert [each.transaction_id for each in following.transactions] == [later]
    assert [each.transaction_id for each in block.transactions] == [each.transaction_id for each in transactions[1:]]
    assert [each.position for each in block.transactions] == [1, 2]


async def test_a_checkpoint_that_is_not_in_its_block_is_found_out(network: Network) -> None:
    ids = await filled(network, 2)
    with pytest.raises(UntrueBlockError, match="does not hold transaction"):
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(1, ids[1]), 1))


async def test_a_feed_that_is_cut_says_so_and_can_be_resumed(network: Network) -> None:
    await filled(network, 3)
    network.bank.faults.cut_after_blocks = 2
    read: list[int] = []

    async def read_on() -> None:
        async for block in network.gateway().blocks(Scope(CHANNEL, Checkpoint(0))).blocks():
            read.append(block.number)  # noqa: PERF401 - what was read before the cut counts

    with pytest.raises(FeedInterruptedError):
        await read_on()
    assert read == list(range(len(read)))
    assert await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(len(read)), 3)) == list(range(len(read), 4))


async def test_following_survives_cuts_without_a_gap_or_a_repeat(network: Network) -> None:
    await filled(network, 4)
    network.bank.faults.cut_after_blocks = 2
    chain = Chain()
    feed = network.gateway().follow(Scope(CHANNEL, Checkpoint(0), 4), chain=chain, pause=at_once)
    blocks = [block async for block in feed]
    assert [block.number for block in blocks] == [0, 1, 2, 3, 4]
    assert chain.last == Link(4, blocks[-1].hash)
    assert network.bank.faults.cut_after_blocks is None


async def test_following_waits_for_what_is_yet_to_come(network: Network) -> None:
    async with aclosing(network.gateway().follow(Scope(CHANNEL, Checkpoint(1)), pause=at_once)) as blocks:
        reading = asyncio.ensure_future(anext(blocks))
        await network.bank.called("Deliver")
        await filled(network, 1)
        assert (await reading).number == 1


async def test_following_resumes_when_a_peer_is_not_ready(network: Network) -> None:
    await filled(network, 1)
    network.bank.faults.refuse["Deliver"] = Refusal(grpc.StatusCode.UNAVAILABLE, "starting")

    async def ready(failures: int) -> None:
        network.bank.faults.refuse.clear()

    feed = network.gateway().follow(Scope(CHANNEL, Checkpoint(0), 1), pause=ready)
    assert [block.number async for block in feed] == [0, 1]


class Scripted:
    """A feed that delivers some blocks and then breaks off, or ends where it is the last one."""

    def __init__(self, numbers: list[int], *, ends: bool) -> None:
        self._numbers = numbers
        self._ends = ends

    async def blocks(self) -> AsyncGenerator[Block, None]:
        for number in self._numbers:
            yield Block(number, b"%d" % number, b"%d" % (number - 1), b"", ())
        if not self._ends:
            raise FeedInterruptedError(Fault(grpc.StatusCode.UNAVAILABLE, "gone"))


async def test_failures_are_counted_from_the_last_block_on() -> None:
    """Who waits longer after each failure in a row begins anew once something has come."""
    script = [[0, 1], [], [], [2], [], [3]]
    asked: list[Checkpoint | None] = []
    counted: list[int] = []

    def open_feed(scope: Scope) -> BlockRequest:
        asked.append(scope.start)
        return cast("BlockRequest", Scripted(script[len(asked) - 1], ends=len(asked) == len(script)))

    async def pause(failures: int) -> None:
        counted.append(failures)

    feed = follow(open_feed, Scope(CHANNEL, Checkpoint(0)), Chain(), pause)
    assert [block.number async for block in feed] == [0, 1, 2, 3]
    assert counted == [1, 2, 3, 1, 2]
    assert asked == [Checkpoint(number) for number in (0, 2, 2, 2, 3, 3)]


async def test_a_feed_from_the_next_block_on_is_resumed_where_it_stood(network: Network) -> None:
    """What came while the connection was broken comes too: it is not begun again with the block that is then next."""
    feed = network.gateway().follow(Scope(CHANNEL), pause=at_once)
    async with aclosing(feed) as blocks:
        reading = asyncio.ensure_future(anext(blocks))
        await network.bank.called("Deliver")
        await filled(network, 1)
        assert (await reading).number == 1
        assert network.bank.wire is not None
        network.bank.wire.cut()
        clearing = network.contract(network.gateway(peer=network.peer("ClearingMSP")))
        for _ in range(2):
            await clearing.submit("put", "key", "value")
        assert [(await anext(blocks)).number for _ in range(2)] == [2, 3]


async def test_pauses_double_up_to_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    for failures in (1, 2, 3, 5, 6, 5_000):
        await doubling_pause(failures)
    assert slept == [0.1, 0.2, 0.4, 1.6, 2.0, 2.0]


@pytest.mark.parametrize(
    ("status", "name", "is_passing"),
    [
        (common_pb2.Status.SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", True),
        (common_pb2.Status.INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", True),
        (common_pb2.Status.BAD_REQUEST, "BAD_REQUEST", False),
        (common_pb2.Status.SUCCESS, "SUCCESS", False),
        (599, "599", False),
    ],
)
async def test_a_peer_that_cannot_now_is_asked_again_and_one_that_will_not_is_not(
    network: Network, status: int, name: str, is_passing: bool
) -> None:
    """SUCCESS is the end of what was asked for, and of a feed for ever there is none."""

    async def answers(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield events_pb2.DeliverResponse(status=status)

    network.bank._deliver = answers  # type: ignore[method-assign]
    with pytest.raises(FeedError, match=f"the peer answered {name}") as caught:
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0)))
    assert isinstance(caught.value, FeedInterruptedError) is is_passing


async def test_a_feed_that_fails_before_its_last_block_is_no_success(network: Network) -> None:
    async def answers(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield events_pb2.DeliverResponse(status=common_pb2.Status.SERVICE_UNAVAILABLE)

    network.bank._deliver = answers  # type: ignore[method-assign]
    with pytest.raises(FeedInterruptedError):
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0), 5))


async def test_a_feed_that_a_peer_ends_without_a_word_is_interrupted(network: Network) -> None:
    async def ends(*_: Any, **__: Any) -> AsyncIterator[Any]:
        return
        yield

    network.bank._deliver = ends  # type: ignore[method-assign]
    with pytest.raises(FeedInterruptedError, match="ended the feed"):
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0)))


@pytest.mark.parametrize(
    ("status", "is_passing"),
    [
        (grpc.StatusCode.ABORTED, True),
        (grpc.StatusCode.CANCELLED, True),
        (grpc.StatusCode.DEADLINE_EXCEEDED, True),
        (grpc.StatusCode.INTERNAL, True),
        (grpc.StatusCode.UNAVAILABLE, True),
        (grpc.StatusCode.UNKNOWN, True),
        (grpc.StatusCode.PERMISSION_DENIED, False),
        (grpc.StatusCode.UNIMPLEMENTED, False),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
async def test_a_feed_that_fails_is_resumed_unless_there_is_no_right_to_it(
    network: Network, status: grpc.StatusCode, is_passing: bool
) -> None:
    network.bank.faults.refuse["Deliver"] = Refusal(status, "no")
    with pytest.raises(FeedError) as caught:
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0), 0))
    assert isinstance(caught.value, FeedInterruptedError) is is_passing
    assert caught.value.fault.status is status


async def test_a_request_that_is_too_old_is_refused(network: Network) -> None:
    """Peers look at its time, so it has to be the one of the asking."""
    gateway = network.gateway()
    gateway._clock = lambda: 1_000_000_000  # type: ignore[misc]
    with pytest.raises(FeedError, match="BAD_REQUEST"):
        await numbers(gateway, Scope(CHANNEL, Checkpoint(0), 0))


async def test_another_past_is_found_out(network: Network) -> None:
    """A peer whose first block is not the one that was read before shows another ledger."""
    await filled(network, 2)
    chain = Chain(Link(1, b"\x00" * 32))
    with pytest.raises(UntrueBlockError, match="does not continue block 1"):
        [block async for block in network.gateway().follow(Scope(CHANNEL, Checkpoint(2)), chain=chain)]


def other_hash(block: Any) -> Any:
    if block.header.number == 1:
        block.header.previous_hash = b"\x00" * 32
    return block


async def test_a_block_with_another_previous_hash_is_found_out(network: Network) -> None:
    await filled(network, 2)
    network.bank.faults.alter_block = other_hash
    feed = network.gateway().follow(Scope(CHANNEL, Checkpoint(0)), pause=at_once)
    with pytest.raises(UntrueBlockError, match="block 1: it does not continue block 0"):
        [block async for block in feed]


@pytest.mark.parametrize("shown", [0, 2])
async def test_a_block_in_place_of_another_is_found_out(network: Network, shown: int) -> None:
    await filled(network, 2)
    another = network.channel.blocks[shown]
    network.bank.faults.alter_block = lambda block: another if block.header.number == 1 else block
    with pytest.raises(UntrueBlockError, match="in place of block 1"):
        await numbers(network.gateway(), Scope(CHANNEL, Checkpoint(0), 2))


async def test_a_gap_is_found_out(network: Network) -> None:
    await filled(network, 2)
    blocks = [block async for block in network.gateway().blocks(Scope(CHANNEL, Checkpoint(0), 2)).blocks()]
    chain = Chain()
    chain.check(blocks[0])
    with pytest.raises(UntrueBlockError, match="came after block 0"):
        chain.check(blocks[2])


async def test_who_is_no_member_gets_no_feed(network: Network) -> None:
    user = network.authorities["StrangerMSP"].issue("user")
    with pytest.raises(FeedError, match="FORBIDDEN"):
        await numbers(network.gateway(user, organisation="StrangerMSP"), Scope(CHANNEL, Checkpoint(0), 0))


async def test_an_unknown_channel_is_refused(network: Network) -> None:
    with pytest.raises(FeedError, match="NOT_FOUND") as caught:
        await numbers(network.gateway(), Scope("elsewhere", Checkpoint(0), 0))
    assert not isinstance(caught.value, FeedInterruptedError)


async def test_a_feed_is_bound_to_the_connection_s_certificate(network: Network) -> None:
    """A peer with mutual TLS refuses a request that names another certificate than the one shown to it."""
    good = network.peer()
    peer = Peer("bank", good._channel, tls_certificate_hash=b"\x00" * 32)
    with pytest.raises(FeedError, match="BAD_REQUEST"):
        await numbers(network.gateway(peer=peer), Scope(CHANNEL, Checkpoint(0), 0))


async def test_a_feed_that_nobody_listens_to_is_ended(network: Network) -> None:
    await filled(network, 1)
    ended = asyncio.Event()
    deliver = network.bank._deliver

    async def watched(*arguments: Any, **options: Any) -> Any:
        try:
            async for response in deliver(*arguments, **options):
                yield response
        finally:
            ended.set()

    network.bank._deliver = watched  # type: ignore[method-assign]
    async with aclosing(network.gateway().blocks(Scope(CHANNEL, Checkpoint(0))).blocks()) as blocks:
        await anext(blocks)
    await asyncio.wait_for(ended.wait(), 30)


async def test_a_request_may_be_signed_elsewhere(network: Network) -> None:
    gateway = Gateway(network.peer(), network.gateway().identity)
    request = gateway.blocks(Scope(CHANNEL, Checkpoint(0), 0))
    signature = network.user.key.sign(request._content, _es256())
    request.attach(signature)
    assert [block.number async for block in request.blocks()] == [0]


def _es256() -> Any:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.ECDSA(hashes.SHA256())
