"""Chaincode events come in order, go on after a checkpoint, and are those of valid transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from gateway.fabric_client import (
    ChaincodeEvent,
    Checkpoint,
    FeedError,
    FeedInterruptedError,
    Gateway,
    ValidationCode,
    key_signer,
)
from tests.fabric_client.conftest import CHAINCODE, CHANNEL, Network

pytestmark = pytest.mark.asyncio


async def told(network: Network, *names: str) -> list[ChaincodeEvent]:
    """Make transactions that tell an event each."""
    contract = network.contract()
    events = []
    for name in names:
        _, status = await contract.submit("tell", name, b"payload")
        events.append(ChaincodeEvent(status.block_number, status.transaction_id, CHAINCODE, name, b"payload"))
    return events


async def heard(network: Network, how_many: int, start: Checkpoint | None) -> list[ChaincodeEvent]:
    async with aclosing(network.gateway().chaincode_events(CHANNEL, CHAINCODE, start).events()) as events:
        return [await anext(events) for _ in range(how_many)]


async def test_events_come_from_a_block_on(network: Network) -> None:
    events = await told(network, "Settled", "Returned", "Recalled")
    assert await heard(network, 3, Checkpoint(0)) == events
    assert await heard(network, 1, Checkpoint(3)) == events[2:]


async def test_events_go_on_after_a_transaction(network: Network) -> None:
    events = await told(network, "Settled", "Returned")
    assert await heard(network, 1, Checkpoint(events[0].block_number, events[0].transaction_id)) == events[1:]


async def test_after_a_transaction_come_the_others_of_its_block(network: Network) -> None:
    contract = network.contract()
    network.channel.ordering.clear()
    transactions = [await contract.propose("tell", name, b"").endorse() for name in ("Settled", "Returned")]
    for transaction in transactions:
        await transaction.submit()
    await network.channel.resume()
    (event,) = await heard(network, 1, Checkpoint(1, transactions[0].transaction_id))
    assert event.name == "Returned"
    assert event.block_number == 1


async def test_invalid_transactions_tell_nothing(network: Network) -> None:
    network.channel.verdicts.append(ValidationCode.MVCC_READ_CONFLICT)
    transaction = await network.contract().propose("tell", "Refused", b"").endorse()
    await (await transaction.submit()).status()
    events = await told(network, "Settled")
    assert await heard(network, 1, Checkpoint(0)) == events


async def test_without_a_start_only_new_events_come(network: Network) -> None:
    await told(network, "Settled")
    hearing = asyncio.create_task(heard(network, 1, None))
    await network.bank.called("ChaincodeEvents")
    events = await told(network, "Returned")
    assert await hearing == events


async def test_a_cut_is_an_interruption_that_can_be_resumed(network: Network) -> None:
    (first,) = await told(network, "Settled")
    assert network.bank.wire is not None
    async with aclosing(network.gateway().chaincode_events(CHANNEL, CHAINCODE, Checkpoint(0)).events()) as events:
        assert await anext(events) == first
        network.bank.wire.cut()
        with pytest.raises(FeedInterruptedError):
            await anext(events)
    later = await told(network, "Returned")
    assert await heard(network, 1, Checkpoint(first.block_number, first.transaction_id)) == later


async def test_a_request_for_events_may_be_signed_elsewhere(network: Network) -> None:
    events = await told(network, "Settled")
    gateway = Gateway(network.peer(), network.gateway().identity)
    request = gateway.chaincode_events(CHANNEL, CHAINCODE, Checkpoint(0))
    signature = key_signer(network.user.key_pem)(request.digest)
    assert isinstance(signature, bytes)
    request.attach(signature)
    async with aclosing(request.events()) as heard_elsewhere:
        assert await anext(heard_elsewhere) == events[0]


async def test_a_peer_that_ends_the_stream_interrupts_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of events there is no end: whoever took it for one would wait for nothing."""

    async def ends(_: Any) -> AsyncIterator[Any]:
        return
        yield

    gateway = network.gateway()
    monkeypatch.setattr(gateway.peer, "chaincode_events", ends)
    with pytest.raises(FeedInterruptedError, match="ended the feed"):
        await anext(gateway.chaincode_events(CHANNEL, CHAINCODE).events())


async def test_who_is_no_member_hears_nothing(network: Network) -> None:
    stranger = network.gateway(network.authorities["StrangerMSP"].issue("user"), organisation="StrangerMSP")
    with pytest.raises(FeedError) as caught:
        await anext(stranger.chaincode_events(CHANNEL, CHAINCODE).events())
    assert not isinstance(caught.value, FeedInterruptedError)
