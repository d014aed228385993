"""A chaincode's stream, behind a peer's Gateway service, that refuses, breaks off, delays: no batch is half done."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest
import pytest_asyncio

from gateway.development.customers import TRADERS
from gateway.ledger import fabric, fabric_ways
from gateway.ledger.port import BatchConflictError, Carried, LedgerUnreachableError
from settlement.errors import Code
from settlement.participants import RegisterCustomer
from tests.builders import an_id
from tests.expectations import PATIENCE_S
from tests.fakes.served_chaincode import ServedChaincode
from tests.gateway.fabric_house import AUTHORITIES, FabricHouse, a_fabric_house, a_ledger, msp
from tests.gateway.house import a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="module")

VALIDATION_CODES: Final = 2
"""Where they stand in a block's metadata (BlockMetadataIndex.TRANSACTIONS_FILTER)."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FabricHouse]:
    async with a_fabric_house(tmp_path_factory.mktemp("fabric")) as house:
        yield house


@pytest.fixture
def house(opened: FabricHouse) -> Iterator[FabricHouse]:
    """A network whose chaincodes' streams are all well."""
    yield opened
    opened.mend()


def stream(house: FabricHouse, participant: str) -> ServedChaincode:
    return house.ledger.servers[msp(participant)]


def codes(carried: Carried) -> list[str]:
    return [answer.code for answers in carried.answers for answer in answers]


@pytest.mark.parametrize("at", AUTHORITIES)
async def test_a_stream_that_breaks_off_in_a_batch_sends_nothing_and_is_opened_again(
    house: FabricHouse, at: str
) -> None:
    server = stream(house, at)

    async def cut(_: Any) -> None:
        await (await server.peer()).cut()

    batch = await house.sign("banksh", a_fresh_payment("1.00"))
    height = len(house.channel.blocks)
    server.faults.pace = cut
    async with a_ledger(house) as ledger:
        with pytest.raises(LedgerUnreachableError, match="chaincode stream terminated"):
            await ledger.carry([batch])
        assert len(house.channel.blocks) == height
        server.faults.pace = None
        assert codes(await ledger.carry([batch])) == [""]


@pytest.mark.parametrize("at", AUTHORITIES)
@pytest.mark.parametrize("request_", ["GET_STATE_MULTIPLE", "WRITE_BATCH_STATE"])
async def test_a_request_that_the_peer_refuses_fails_the_whole_batch(
    house: FabricHouse, at: str, request_: str
) -> None:
    """What the peer says of its database is told to nobody."""
    batch = await house.sign("banksh", a_fresh_payment("1.00"))
    height = len(house.channel.blocks)
    stream(house, at).faults.refusals[request_] = "leveldb: disk failure at CANARY"
    async with a_ledger(house) as ledger:
        with pytest.raises(LedgerUnreachableError, match="the peer refused a request of the chaincode") as raised:
            await ledger.carry([batch])
        assert "CANARY" not in str(raised.value)
        assert len(house.channel.blocks) == height
        stream(house, at).faults.refusals.clear()
        assert codes(await ledger.carry([batch])) == [""]


async def test_a_batch_whose_reads_are_answered_after_anothers_gets_its_own_answers(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two couriers at once: all that the first one's batch reads comes once the second one's is on its block."""
    monkeypatch.setattr(fabric_ways, "SILENT_S", PATIENCE_S)
    registering = RegisterCustomer(command_id=an_id(), customer=TRADERS["bankist"].customer)
    theirs, ours = await house.sign("bankist", registering, b"{}"), await house.sign("banksh", a_fresh_payment("1.00"))
    held, first = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def hold_the_first(message: Any) -> None:
        if not first.done():
            first.set_result(message.txid)
        if message.txid == first.result():
            await held.wait()

    for name in AUTHORITIES:
        stream(house, name).faults.pace = hold_the_first
    async with a_ledger(house) as one, a_ledger(house, participant="regulator") as other:
        carrying = asyncio.create_task(one.carry([theirs]))
        await first
        second = await other.carry([ours])
        assert not carrying.done()
        held.set()
        assert (codes(second), codes(await carrying)) == ([""], ["", Code.FF01])


async def test_of_two_batches_that_read_the_same_one_counts_and_the_other_is_a_conflict(
    house: FabricHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger's own check of versions, of two transactions in one block."""
    monkeypatch.setattr(fabric, "COMMIT_S", PATIENCE_S)
    batch = await house.sign("banksh", a_fresh_payment("1.00"))
    house.channel.ordering.clear()
    async with a_ledger(house) as one, a_ledger(house, participant="regulator") as other:
        carrying = [asyncio.create_task(each.carry([batch])) for each in (one, other)]
        while house.channel.waiting < len(carrying):  # noqa: ASYNC110 - other tasks' progress
            await asyncio.sleep(0.01)
        await house.channel.resume()
        done = await asyncio.gather(*carrying, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == [BatchConflictError.__name__, Carried.__name__]
    assert list(house.channel.blocks[-1].metadata.metadata[VALIDATION_CODES]) == [0, 11]
