"""Another's ids, at both doors: what is not one's own is answered as what does not exist, to the byte.

The tables (tests.gateway.others_table, others_routes) have every method and every route. An outsider asks for what
there is, and for what there is not: the two answers are the same, and so is the work behind them.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, NamedTuple

import pytest
import pytest_asyncio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc import StatusCode, aio
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from chaincode.access import ACCESS
from gateway.auth.signing import Credential, credential
from gateway.client.signing import signed_message
from gateway.operators import codec
from gateway.operators.permissions import PERMITTED
from gateway.projection.store import Reader
from settlement.parties import Kind, Role
from settlement.records import Command
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house
from tests.gateway.others_rows import Listed, Row
from tests.gateway.others_table import BESIDE, METHODS, RECORDS
from tests.gateway.two_firms import NOWHERE, OUTSIDERS, Names, Person, everything
from waitan.v1 import common_pb2, documents_pb2  # noqa: F401 - so that its descriptor is known

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROLES: Final = {
    "neighbour": Role.TRADER,
    "stranger": Role.TRADER,
    "officer-1": Role.BANK_OFFICER,
    "": Role.GATEWAY,
    "customs-1": Role.CUSTOMS_OFFICER,
    "tax-1": Role.TAX_OFFICER,
    "other-carrier": Role.CARRIER,
}


DIRECTORY: Final = "SELECT body FROM records WHERE kind = ? ORDER BY collection, key"
"""Who takes part: read anew whenever a block has changed it, and no name that is asked for is in the question."""


class Scene(NamedTuple):
    """A network on which two firms have something of everything."""

    house: House
    there: Names


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_house(tmp_path_factory.mktemp("others")) as house:
        yield Scene(house, await everything(house))


class Work(NamedTuple):
    """What an answer took: questions to the read model; and for each transaction its reads, writes and length."""

    questions: list[str]
    transactions: list[tuple[int, int, int]]


@pytest.fixture
def work(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Work:
    done = Work([], [])
    rows, endorse = Reader.rows, scene.house.ledger.ledger.endorse

    def counted(self: Reader, question: str, bindings: Sequence[Any] = ()) -> list[Any]:
        if question != DIRECTORY:
            done.questions.append(question)
        return rows(self, question, bindings)

    def weighed(*given: Any) -> Any:
        endorsed = endorse(*given)
        done.transactions.append((len(endorsed.reads), len(endorsed.writes), len(endorsed.response)))
        return endorsed

    monkeypatch.setattr(Reader, "rows", counted)
    monkeypatch.setattr(scene.house.ledger.ledger, "endorse", weighed)
    return done


def descriptor(method: str) -> MethodDescriptor:
    _, service, name = method.split("/")
    return Default().FindServiceByName(service).methods_by_name[name]


def person(house: House, who: Person) -> Credential:
    member = house.members[who[0]]
    return member.person(who[1]) if who[1] else credential(member.service.certificate, member.service.key)


def signer(house: House, who: Person, kind: type[Command]) -> tuple[Credential, bool]:
    """Say who signs where somebody brings a command, and whether the ledger lets such a one ask for it at all.

    Whoever brings it, if it may ask for it; otherwise another outsider of the same organisation who may.
    """
    kinds = {"customs": Kind.CUSTOMS}
    for each in (who, *(other for other in OUTSIDERS.values() if other[0] == who[0])):
        if (ROLES[each[1]], kinds.get(each[0], Kind.BANK)) in ACCESS[kind]:
            return person(house, each), True
    return person(house, who), False


def requests(house: House, who: Person, method: str, row: Row | Listed, names: Names) -> list[tuple[Message, bool]]:
    """Make each request in which a method takes what a row names, and say whether the ledger lets its signer ask."""
    made = row.build(names)
    if isinstance(made, Message):
        return [(made, True)]
    kind = GetMessageClass(descriptor(method).input_type)
    by, may_ask = signer(house, who, type(made))
    consent = signed_message(NETWORK, made, by)
    if kind is common_pb2.SignedCommand:
        return [(consent, may_ask)]
    inner = descriptor(method).input_type.fields_by_name["own"].message_type
    assert inner is not None
    own = GetMessageClass(inner)
    return [
        (kind(signed=consent), may_ask),
        (kind(own=codec.write(made, own)), (Role.GATEWAY, Kind.BANK) in ACCESS[type(made)] and who[0] != "customs"),
    ]


class Told(NamedTuple):
    """What a caller is told: the status, its words, its details, or the answer."""

    status: StatusCode
    words: str
    body: bytes


async def told(house: House, who: Person, method: str, request: Message) -> Told:
    async with aio.secure_channel(
        f"localhost:{house.servers[who[0]].port}", house.identity(*who).channel_credentials()
    ) as channel:
        try:
            answer = await channel.unary_unary(method, None, None)(request.SerializeToString())
        except aio.AioRpcError as error:
            metadata: dict[str, Any] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]  # untyped
            return Told(error.code(), error.details() or "", metadata["grpc-status-details-bin"])
    return Told(StatusCode.OK, "", answer)


async def test_the_table_has_every_method_that_the_servers_tell_of(scene: Scene) -> None:
    """As reflection gives them: what a client can find."""
    found = set()
    house = scene.house
    async with aio.secure_channel(
        f"localhost:{house.servers['bankfra'].port}", house.identity("bankfra", "officer-1").channel_credentials()
    ) as channel:
        ask = ServerReflectionStub(channel).ServerReflectionInfo
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        async for response in ask(iter((request,))):
            for service in response.list_services_response.service:
                if service.name.startswith("waitan."):
                    methods = Default().FindServiceByName(service.name).methods
                    found |= {f"/{service.name}/{each.name}" for each in methods}
    assert found == set(METHODS) == set(PERMITTED)


CASES: Final = [
    pytest.param(method, row, who, id=f"{method.rpartition('/')[2]} by {who}")
    for method, row in METHODS.items()
    for who in OUTSIDERS
    if isinstance(row, Row) and who not in row.concerns
]


@pytest.mark.parametrize(("method", "row", "who"), CASES)
async def test_anothers_id_is_answered_as_one_that_does_not_exist(
    scene: Scene, work: Work, method: str, row: Row, who: str
) -> None:
    """The same bytes after the same work. Who may not ask at all is told that, whatever it names."""
    asker, house = OUTSIDERS[who], scene.house
    pairs = zip(
        requests(house, asker, method, row, scene.there), requests(house, asker, method, row, NOWHERE), strict=True
    )
    for (theirs, may_ask), (nobodys, _) in pairs:
        answer = await alike(house, asker, method, (theirs, nobodys), work)
        is_let_in = may_ask and ROLES[asker[1]] in PERMITTED[method]
        assert answer.status is (StatusCode.NOT_FOUND if is_let_in else StatusCode.PERMISSION_DENIED)
        assert not is_let_in or row.where.encode() in answer.body


async def alike(house: House, who: Person, method: str, asked: tuple[Message, Message], work: Work) -> Told:
    """Ask for what is others' and for what is nowhere, and give the one answer to both."""
    await told(house, who, method, asked[1])  # what a gateway keeps at hand is read before anything is counted
    answers, took = [], []
    for request in asked:
        work.questions.clear()
        work.transactions.clear()
        answers.append(await told(house, who, method, request))
        took.append((list(work.questions), list(work.transactions)))
    assert answers[0] == answers[1]
    assert took[0] == took[1]
    return answers[0]


@pytest.mark.parametrize("method", [name for name, row in METHODS.items() if isinstance(row, Listed)])
async def test_what_is_others_is_in_no_list(scene: Scene, method: str) -> None:
    row, house = METHODS[method], scene.house
    assert isinstance(row, Listed)
    for who, asker in OUTSIDERS.items():
        if who in row.concerns:
            continue
        answer = await told(house, asker, method, row.build(scene.there))
        if ROLES[asker[1]] in PERMITTED[method]:
            assert answer == Told(StatusCode.OK, "", b""), who
        else:
            assert answer.status is StatusCode.PERMISSION_DENIED, who
    owner = await told(house, ("banksh", "officer-1"), method, row.build(scene.there))
    assert owner.body, "the list would have had something"


@pytest.mark.parametrize("what", BESIDE)
async def test_a_payment_that_names_what_is_others_is_answered_as_if_that_did_not_exist(
    scene: Scene, work: Work, what: str
) -> None:
    """The documents, tax or initiation that another bank's payment names; and its UETR, used by others or not."""
    build, method = BESIDE[what], "/waitan.v1.PaymentService/SubmitPayment"
    for who in ("another bank's officer", "another bank's gateway"):
        asker = OUTSIDERS[who]
        requests = build(scene.there), build(NOWHERE)
        for each in requests:
            each.payment.instruction_id = each.payment.message_id = "SAME"  # type: ignore[attr-defined]
        answer = await alike(scene.house, asker, method, requests, work)
        assert answer.status not in {StatusCode.OK, StatusCode.INTERNAL, StatusCode.UNKNOWN}, what


async def test_all_of_it_is_there_for_those_whom_it_concerns(scene: Scene) -> None:
    """Otherwise an outsider's finding nothing would prove nothing."""
    house, there = scene.house, scene.there
    async with house.client("banksh") as bank:
        for uetr in (there.uetr, there.waiting_uetr):
            assert (await bank.payment(uetr)).transaction_id
        for name in RECORDS:
            assert (await bank.trade_record(getattr(there, name))).record.number
        assert (await bank.initiation(there.initiation)).customer
        assert there.issuance in {each.issuance_id for each in await bank.issuances()}
        assert there.redemption in {each.redemption_id for each in await bank.redemptions()}
        assert (await bank.bill_of_lading(there.bill)).number == there.bill_number


async def test_who_watches_hears_nothing_of_others(scene: Scene) -> None:
    """From the first event on, up to one of its own."""
    house, own = scene.house, a_fresh_payment("1.00", payee="bankfra")
    async with house.client("banksh") as bank, house.client("bankfra") as outsider:
        await bank.submit(own)
        async for event in outsider.watch():
            assert event.payer == "bankfra" or event.payee == "bankfra"
            if event.uetr == own.uetr:
                break
