"""Another's ids, at both doors: what is not one's own is answered as what does not exist, to the byte.

One table: each method and route that names a payment or what a customer asked for. An outsider asks for what there is,
and for what there is not; the two answers are the same.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
import pytest_asyncio
from google.protobuf.message import Message
from grpc import StatusCode, aio

from settlement.payments import initiation
from tests.builders import SILK_ACCOUNT, SILK_LEI, TODAY, a_uetr, an_id, an_initiation, an_instruction
from tests.contracts.samples import register
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import initiations_pb2, payments_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTSIDER: Final = "bankfra"
DIFFERS: Final = frozenset({"x-request-id", "date", "retry-after"})


class Names(NamedTuple):
    """Ids of a payment and of a customer's request: either there, and others' business, or not there at all."""

    uetr: str
    transaction_id: str
    initiation_id: str


def grpc(service: str, method: str, build: Callable[[Names], Message]) -> Any:
    return pytest.param(f"/waitan.v1.{service}/{method}", build, id=f"gRPC {method}")


def a_return(names: Names) -> Message:
    return payments_pb2.ReturnPaymentRequest(
        uetr=names.uetr, return_id=an_id()[:30], currency="CNY", amount="1.00", settlement_date=TODAY,
        reason="AC04", message_id=an_id()[:30],
    )  # fmt: skip


def a_message(names: Names, kind: payments_pb2.MessageKind) -> Message:
    return payments_pb2.GetMessageRequest(uetr=names.uetr, kind=kind)


def a_decline(names: Names) -> Message:
    own = initiations_pb2.InitiationDecline(command_id=an_id(), initiation_id=names.initiation_id, reason="MS03")
    return initiations_pb2.DeclineInitiationRequest(own=own)


METHODS: Final = [
    grpc("PaymentService", "GetPayment", lambda names: payments_pb2.GetPaymentRequest(uetr=names.uetr)),
    grpc(
        "PaymentService",
        "GetPayment",
        lambda names: payments_pb2.GetPaymentRequest(uetr=names.uetr, transaction_id=names.transaction_id),
    ),
    grpc("PaymentService", "GetMessage", lambda names: a_message(names, payments_pb2.MESSAGE_KIND_PACS_008)),
    grpc("PaymentService", "GetMessage", lambda names: a_message(names, payments_pb2.MESSAGE_KIND_PACS_002)),
    grpc(
        "PaymentService",
        "ConfirmCredit",
        lambda names: payments_pb2.ConfirmCreditRequest(uetr=names.uetr, status=payments_pb2.CREDIT_STATUS_CREDITED),
    ),
    grpc("PaymentService", "ReturnPayment", a_return),
    grpc(
        "InitiationService",
        "GetInitiation",
        lambda names: initiations_pb2.GetInitiationRequest(initiation_id=names.initiation_id),
    ),
    grpc(
        "InitiationService",
        "ReleaseInitiation",
        lambda names: initiations_pb2.ReleaseInitiationRequest(initiation_id=names.initiation_id),
    ),
    grpc("InitiationService", "DeclineInitiation", a_decline),
]

ROUTES: Final = [
    "/v1/payments/{uetr}",
    "/v1/payments/{uetr}/events",
    "/v1/certificates/{uetr}",
    "/v1/initiations/{initiation_id}",
]


@pytest_asyncio.fixture(loop_scope="session")
async def there(house: House) -> Names:
    """A payment between two other banks, and what a customer of one of them asked for."""
    banksh = house.gateways["banksh"]
    async with house.client("banksh") as client:
        await client.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
        payment = a_fresh_payment()
        outcome = await client.submit(payment)
    asked = an_initiation(an_instruction())
    assert [each.code for each in await banksh.ask([asked])] == [""]
    await house.caught_up()
    return Names(payment.uetr, outcome.transaction_id, initiation.initiation_id(SILK_LEI, asked.message_id, 0))


NOWHERE: Final = Names(a_uetr(), "ab" * 32, "cd" * 16)


async def told(house: House, method: str, request: Message, person: str = "officer-1") -> tuple[StatusCode, str, bytes]:
    """Ask at the outsider's door; give the status, its text and its details."""
    credentials = house.identity(OUTSIDER, person).channel_credentials()
    async with aio.secure_channel(f"localhost:{house.servers[OUTSIDER].port}", credentials) as channel:
        with pytest.raises(aio.AioRpcError) as raised:
            await channel.unary_unary(method, None, None)(request.SerializeToString())
    error = raised.value
    metadata: dict[str, Any] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]  # pairs, untyped
    return error.code(), error.details() or "", metadata["grpc-status-details-bin"]


@pytest.mark.parametrize(("method", "build"), METHODS)
async def test_anothers_id_is_answered_as_one_that_does_not_exist(
    house: House, there: Names, method: str, build: Callable[[Names], Message]
) -> None:
    others, nowhere = await told(house, method, build(there)), await told(house, method, build(NOWHERE))
    assert others == nowhere
    assert others[0] is StatusCode.NOT_FOUND


@pytest.mark.parametrize("route", ROUTES)
async def test_anothers_id_is_404_over_http_as_one_that_does_not_exist(house: House, there: Names, route: str) -> None:
    async with doors_of(house, OUTSIDER, "banksh") as doors, house.client(OUTSIDER) as client:
        await client.ask(register("529900T8BM49AURSDO55", accounts=()))
        for at, customer in ((OUTSIDER, "529900T8BM49AURSDO55"), ("banksh", "724500VKKSH9QOLTFR81")):
            token = doors.token(at, customer=customer)
            others, nowhere = [
                await heard(doors, at, route.format(**names._asdict()), token) for names in (there, NOWHERE)
            ]
            assert others == nowhere
            assert others[0] == 404


async def heard(doors: Doors, at: str, path: str, token: str) -> tuple[int, Any, dict[str, str]]:
    answer = await doors.ask(at, path, token)
    return answer.status, answer.body, {k.lower(): v for k, v in answer.headers.items() if k.lower() not in DIFFERS}


async def test_lists_of_anothers_are_empty(house: House, there: Names) -> None:
    async with house.client(OUTSIDER) as client:
        assert [each async for each in client.initiations()] == []
        assert await client.issuances("banksh") == []
        assert await client.redemptions("banksh") == []
        assert [each for each in await client.accounts("banksh") if each.kind == "cash"] == []
