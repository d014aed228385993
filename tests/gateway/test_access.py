"""Who gets in at the operators' door, and who may call what."""

from typing import Final

import grpc
import pytest
from cryptography import x509
from google.protobuf.descriptor import FileDescriptor
from grpc import StatusCode, aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from gateway.auth.development import Issued
from gateway.client import WaitanClient, WaitanError
from gateway.operators.permissions import BETWEEN_GATEWAYS, PERMITTED
from gateway.operators.server import SERVICES
from settlement.participants import RevokeCertificates
from settlement.parties import Role
from tests.builders import an_id, an_issuance_request
from tests.expectations import PATIENCE_S
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import (
    accounts_pb2,
    attestations_pb2,
    bills_of_lading_pb2,
    courier_pb2,
    customs_pb2,
    days_pb2,
    documents_pb2,
    financing_pb2,
    initiations_pb2,
    participants_pb2,
    payments_pb2,
    rulings_pb2,
    supervision_pb2,
    trade_pb2,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

OF_ORGANISATIONS: Final = (
    payments_pb2, initiations_pb2, participants_pb2, accounts_pb2, days_pb2, supervision_pb2, rulings_pb2,
)  # fmt: skip
OF_TRADE: Final = (trade_pb2, documents_pb2, customs_pb2, bills_of_lading_pb2, financing_pb2)


def methods(*files: FileDescriptor) -> set[str]:
    found = [service for file in files for service in file.services_by_name.values()]
    return {f"/{service.full_name}/{method.name}" for service in found for method in service.methods}


async def refusal_of(client: WaitanClient) -> WaitanError:
    async with client:
        with pytest.raises(WaitanError) as raised:
            await client.accounts()
    return raised.value


async def test_the_table_of_permissions_is_total() -> None:
    assert set(PERMITTED) == methods(
        *(file.DESCRIPTOR for file in (*OF_ORGANISATIONS, *OF_TRADE)),
    )
    assert set(BETWEEN_GATEWAYS) == methods(courier_pb2.DESCRIPTOR, attestations_pb2.DESCRIPTOR)


async def test_a_trader_and_a_carrier_call_what_is_about_trade_alone() -> None:
    of_trade = methods(*(file.DESCRIPTOR for file in OF_TRADE)) | {
        *(f"/waitan.v1.PaymentService/{name}" for name in ("AcceptChange", "PassAgainstPayment")),
        "/waitan.v1.RulingService/GetRules",
    }
    for method, roles in PERMITTED.items():
        assert method in of_trade or not roles & {Role.TRADER, Role.CARRIER}, method


async def test_without_a_certificate_nobody_gets_in(house: House) -> None:
    roots = house.members["banksh"].ca.root.certificate
    address = f"localhost:{house.servers['banksh'].port}"
    async with aio.secure_channel(address, grpc.ssl_channel_credentials(roots)) as channel:
        call = channel.unary_unary("/waitan.v1.AccountService/ListAccounts", None, None)
        with pytest.raises(aio.AioRpcError) as raised:
            await call(b"", timeout=PATIENCE_S)
    assert raised.value.code() is StatusCode.UNAVAILABLE


async def test_another_organisations_people_do_not_get_in(house: House) -> None:
    stranger = house.identity("bankist", "officer-1", roots="banksh")
    error = await refusal_of(house.client("banksh", identity=stranger))
    assert error.status is StatusCode.UNAVAILABLE
    assert error.is_unreachable


@pytest.mark.parametrize(
    ("role", "participant"),
    [(Role.CLEARING_OFFICER, "banksh"), (Role.SUPERVISOR, "banksh"), (Role.BANK_OFFICER, "bankist")],
)
async def test_a_certificate_that_claims_what_its_ca_may_not_give_is_refused(
    house: House, role: Role, participant: str
) -> None:
    issued = house.members["banksh"].ca.issue("impostor", role, participant=participant)
    error = await refusal_of(house.client("banksh", identity=house.shown(issued, "banksh")))
    assert (error.code, error.status) == ("AG08", StatusCode.PERMISSION_DENIED)


async def test_a_trader_does_not_call_the_operators_door(house: House) -> None:
    issued = house.members["banksh"].ca.issue("trader-1", Role.TRADER)
    error = await refusal_of(house.client("banksh", identity=house.shown(issued, "banksh")))
    assert (error.code, error.where) == ("AG08", "certificate")


async def test_a_supervisor_reads_but_does_not_submit(house: House) -> None:
    async with house.client("regulator", "supervisor-1") as supervisor:
        assert await supervisor.accounts()
        for asked in (supervisor.submit(a_fresh_payment()), supervisor.ask(an_issuance_request())):
            with pytest.raises(WaitanError) as raised:
                await asked
            assert raised.value.code == "AG08"


async def test_a_certificate_that_was_revoked_does_not_get_in_any_more(house: House) -> None:
    issued: Issued = house.members["bankfra"].ca.issue("leaver", Role.BANK_OFFICER)
    identity = house.shown(issued, "bankfra")
    async with house.client("bankfra", identity=identity) as leaver:
        assert await leaver.accounts()
        serial = f"{x509.load_pem_x509_certificate(issued.certificate).serial_number:x}"
        async with house.client("bankfra") as officer:
            await officer.ask(RevokeCertificates(command_id=an_id(), serials=(serial,)))
        with pytest.raises(WaitanError) as raised:
            await leaver.accounts()
    assert raised.value.code == "DS0H"


async def test_health_and_reflection_are_there_for_whoever_has_a_certificate(house: House) -> None:
    address = f"localhost:{house.servers['banksh'].port}"
    async with aio.secure_channel(address, house.identity("banksh").channel_credentials()) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", *SERVICES):
            status = await health.Check(health_pb2.HealthCheckRequest(service=service))
            assert status.status == health_pb2.HealthCheckResponse.SERVING
        reflection = reflection_pb2_grpc.ServerReflectionStub(channel)
        call = reflection.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        answer = await anext(aiter(call))
        named = {service.name for service in answer.list_services_response.service}
        assert set(SERVICES) < named
