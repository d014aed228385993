"""The whole gateway over Fabric: from a payment at the door to the answer that its own peer's feed shows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateway.fabric_client import ValidationCode
from gateway.tls import TlsIdentity
from tests.gateway.fabric_house import FabricHouse, a_fabric_house, msp
from tests.gateway.house import a_fresh_payment
from waitan.v1.payments_pb2 import RESULT_SETTLED

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FabricHouse]:
    async with a_fabric_house(tmp_path_factory.mktemp("fabric")) as opened:
        yield opened


async def test_a_payment_at_a_banks_door_settles_on_the_channel_and_is_in_both_banks_read_models(
    house: FabricHouse,
) -> None:
    payment = a_fresh_payment("12.00")
    async with house.client("banksh") as client:
        assert (await client.submit(payment)).result == RESULT_SETTLED
    await house.caught_up()
    for bank in ("banksh", "bankist"):
        found = house.gateways[bank].queries.payment(payment.uetr)
        assert found is not None
        assert found.command.amount == "12.00"


async def test_clearings_gateway_makes_the_transactions_of_the_banks(house: FabricHouse) -> None:
    async with house.client("banksh") as client:
        await client.submit(a_fresh_payment("1.00"))
    assert not [name for name, _ in house.peer("banksh").calls if name in ("Endorse", "Submit")]


async def test_a_batch_that_conflicts_or_is_endorsed_differently_is_endorsed_again(house: FabricHouse) -> None:
    house.channel.verdicts.append(int(ValidationCode.MVCC_READ_CONFLICT))
    house.endorsers.answers_otherwise.add(msp("regulator"))
    async with house.client("banksh") as client:
        assert (await client.submit(a_fresh_payment("1.00"))).result == RESULT_SETTLED


async def test_a_contradicted_outcome_is_resolved_by_sending_the_list_again(house: FabricHouse) -> None:
    """The authorities' peers contradict each other once: the list's number then tells what became of it."""
    lying = house.peer("regulator")
    lying.faults.status_code = int(ValidationCode.MVCC_READ_CONFLICT)
    height = len(house.channel.blocks)
    async with house.client("banksh") as client:
        paying = asyncio.create_task(client.submit(a_fresh_payment("1.00")))
        await house.gateways["banksh"].follower.reached(height)
        lying.faults.status_code = None
        assert (await paying).result == RESULT_SETTLED


async def test_until_an_organisation_is_on_the_ledger_its_gateway_says_that_it_does_not_serve(tmp_path: Path) -> None:
    async with a_fabric_house(tmp_path, begins=False) as house:
        identity = TlsIdentity(
            house.members["clearing"].service.certificate,
            house.members["clearing"].service.key,
            house.members["clearing"].ca.root.certificate,
        )
        address = f"localhost:{house.doors['clearing'].grpc}"
        async with grpc.aio.secure_channel(address, identity.channel_credentials()) as channel:
            watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
            states = aiter(watch)
            assert (await anext(states)).status == health_pb2.HealthCheckResponse.NOT_SERVING
            await house.begin()
            assert (await anext(states)).status == health_pb2.HealthCheckResponse.SERVING
            watch.cancel()
