"""A connection to a peer: how long an answer may take, how large it may be, and how a dead one is noticed."""

import asyncio
import socket
from contextlib import aclosing
from typing import Any, Final

import grpc
import pytest
from grpc import ChannelConnectivity

from gateway.fabric_client import (
    Checkpoint,
    Deadlines,
    EndorseError,
    FeedInterruptedError,
    Gateway,
    Keepalive,
    Peer,
    Scope,
)
from gateway.fabric_client import channel as channels
from tests.fabric_client.conftest import CHANNEL, PATIENCE, Network
from tests.fakes.wire import Wire

pytestmark = pytest.mark.asyncio

LARGE: Final = b"v" * (5 << 20)
"""What a transaction's envelope has twice, in what was asked and in what was written; gRPC's own limit is 4 MiB."""
SOON: Final = Keepalive(interval_s=0.2, timeout_s=5.0)
"""A busy machine may take a while over an answer."""
SOON_S: Final = 30.0
"""Half of what gRPC takes by itself to notice that a connection died."""


def reached(network: Network, **options: Any) -> Gateway:
    """Speak to the bank's peer over a connection of one's own."""
    peer = Peer.at(network.bank.address, network.tls("BankMSP"), server_name=network.bank.server_name, **options)
    network.open_peers.append(peer)
    return network.gateway(peer=peer)


def wire(network: Network) -> Wire:
    assert network.bank.wire is not None
    return network.bank.wire


async def asked_after(network: Network) -> None:
    """Wait until the peer has been asked some times whether it lives, while nothing else was sent."""
    async with asyncio.timeout(SOON_S):
        for _ in range(5):
            wire(network).sent.clear()
            await wire(network).sent.wait()


async def test_each_stage_tells_the_peer_how_long_it_may_take(network: Network) -> None:
    left_s: dict[str, float] = {}
    enter = network.bank._enter

    async def watched(method: str, request: Any, context: Any) -> None:
        left_s[method] = context.time_remaining()
        await enter(method, request, context)

    network.bank._enter = watched  # type: ignore[method-assign]
    deadlines = Deadlines(evaluate_s=1_000, endorse_s=2_000, submit_s=3_000, commit_status_s=4_000)
    contract = network.contract(reached(network, deadlines=deadlines))
    await contract.evaluate("put", "key", "value")
    _, status = await contract.submit("put", "key", "value")
    told = {method: round(seconds, -3) for method, seconds in left_s.items()}
    assert told == {"Evaluate": 1_000, "Endorse": 2_000, "Submit": 3_000, "CommitStatus": 4_000}
    await network.gateway().commit_of(CHANNEL, status.transaction_id).status(timeout_s=5_000)
    assert round(left_s["CommitStatus"], -3) == 5_000


async def test_left_alone_a_stage_takes_five_seconds_and_a_commit_a_minute() -> None:
    """Endorsers answer in a fraction of a second, or hang; a commit waits for the orderers and for all before it."""
    assert Deadlines() == Deadlines(evaluate_s=5.0, endorse_s=5.0, submit_s=5.0, commit_status_s=60.0)


async def test_large_transactions_and_blocks_pass(network: Network) -> None:
    _, status = await network.contract().submit("put", "key", LARGE)
    scope = Scope(CHANNEL, Checkpoint(status.block_number), status.block_number)
    (block,) = [block async for block in network.gateway().blocks(scope).blocks()]
    assert block.transactions[0].sets.public[0].writes[0].value == LARGE


async def test_what_no_peer_would_take_is_not_sent(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MESSAGE_MAX_BYTES", 1 << 20)
    with pytest.raises(EndorseError) as caught:
        await network.contract().propose("put", "key", LARGE[: 2 << 20]).endorse()
    assert caught.value.fault.status is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert network.bank.calls == []


async def test_a_feed_whose_connection_died_without_a_word_breaks_off(network: Network) -> None:
    feed = reached(network, keepalive=SOON).blocks(Scope(CHANNEL, Checkpoint(0))).blocks()
    async with aclosing(feed) as blocks:
        await anext(blocks)
        wire(network).silence()
        with pytest.raises(FeedInterruptedError) as caught:
            await asyncio.wait_for(anext(blocks), SOON_S)
    assert caught.value.fault.status is grpc.StatusCode.UNAVAILABLE


async def test_a_feed_that_is_silent_for_long_is_still_looked_after(network: Network) -> None:
    """Left alone, gRPC asks a few times whether the other side lives, and then once a minute."""
    feed = reached(network, keepalive=SOON._replace(timeout_s=SOON_S)).blocks(Scope(CHANNEL, Checkpoint(0))).blocks()
    async with aclosing(feed) as blocks:
        await anext(blocks)
        reading = asyncio.ensure_future(anext(blocks))
        await asked_after(network)
        assert not reading.done()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_connection_that_died_between_two_calls_is_noticed(network: Network) -> None:
    """Otherwise the next payment would be sent into it, and wait for its deadline."""
    gateway = reached(network, keepalive=SOON)
    contract = network.contract(gateway)
    await contract.evaluate("put", "key", "value")
    await asked_after(network)
    wire(network).silence()
    channel = gateway.peer._channel
    await asyncio.wait_for(channel.wait_for_state_change(grpc.ChannelConnectivity.READY), SOON_S)
    assert await contract.evaluate("put", "key", "value") == b"put"


async def test_a_peer_that_lets_nobody_finish_connecting_is_given_up(network: Network) -> None:
    """It may hang with its door open; gRPC itself would wait for 20 s."""
    with socket.create_server(("127.0.0.1", 0)) as hung:
        address = f"127.0.0.1:{hung.getsockname()[1]}"
        async with channels.open_channel(address, network.tls("BankMSP"), connect_s=0.2) as channel:
            async with asyncio.timeout(10):
                while (state := channel.get_state(try_to_connect=True)) is not ChannelConnectivity.TRANSIENT_FAILURE:
                    await channel.wait_for_state_change(state)


async def test_no_proxy_of_the_environment_is_asked_for_a_peer(
    network: Network, nobodys_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("grpc_proxy", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{nobodys_port}")
    assert await network.contract(reached(network)).evaluate("put", "key", "value") == b"put"


async def test_closing_a_peer_ends_what_is_under_way(network: Network) -> None:
    gateway = reached(network)
    async with aclosing(gateway.blocks(Scope(CHANNEL, Checkpoint(0))).blocks()) as blocks:
        await anext(blocks)
        async with gateway.peer:
            pass
        with pytest.raises((FeedInterruptedError, asyncio.CancelledError)):
            await asyncio.wait_for(anext(blocks), SOON_S)


async def test_a_peer_is_asked_no_more_often_than_it_allows() -> None:
    """Peers hang up on who pings more often than once a minute (peer.keepalive.minInterval)."""
    assert Keepalive().interval_s > 60
    assert (Keepalive().interval_s, Keepalive().timeout_s) == (65.0, 20.0)


async def test_two_connections_to_one_address_are_two(network: Network) -> None:
    """What one member has shown to a peer is never used for another."""
    shown = network.tls("BankMSP")
    for _ in range(2):
        peer = Peer.at(network.bank.address, shown, server_name=network.bank.server_name, deadlines=PATIENCE)
        network.open_peers.append(peer)
        await network.contract(network.gateway(peer=peer)).evaluate("put", "key", "value")
    assert wire(network).joined == 2
