"""What the regulator reads is on the ledger, with those whom it concerns, before it is told (REQUIREMENTS P4)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Final

import aiohttp
import pytest
import pytest_asyncio
from grpc import StatusCode

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient, WaitanError
from gateway.development.customers import TRADERS
from gateway.ledger.lists import Outcome
from gateway.ledger.port import LedgerUnreachableError
from gateway.operators.permissions import PERMITTED, READS
from gateway.traders import permissions
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from gateway.traders.web.frame import token_cookie
from settlement.participants import RegisterCustomer
from settlement.parties import Role
from settlement.trade import contract
from tests.builders import a_uetr, an_id
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.trade import TRADER, a_proposal, some_terms
from waitan.v1 import payments_pb2, supervision_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

WHO: Final = ("regulator", "supervisor-1")
PUBLIC: Final = frozenset(
    {"ListParticipants", "GetParticipant", "ListCurrencies", "ListDays", "ListNotices", "ListReads"}
    | {"GetRules", "ListRulings"}
)
"""What a supervisor may read that is nobody's business of its own, or is about reads, or is the authorities' own."""


@pytest_asyncio.fixture(loop_scope="session")
async def supervisor(house: House) -> AsyncIterator[WaitanClient]:
    """A supervisor who says why."""
    address = f"localhost:{house.servers['regulator'].port}"
    async with WaitanClient(address, house.identity(*WHO), reason="Inspection 2026-17: 100 %") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def paid(house: House, banksh: WaitanClient) -> str:
    payment = a_fresh_payment("3.00")
    await banksh.submit(payment)
    await house.caught_up()
    return payment.uetr


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def proposed(house: House) -> str:
    """Name a contract between customers of banksh and bankist."""
    terms = some_terms("SUPERVISED-1")
    for bank in ("banksh", "bankist"):
        async with house.client(bank) as client:
            await client.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS[bank].customer))
    async with house.client("banksh", TRADER) as client:
        await client.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    await house.caught_up()
    return contract.contract_id(terms)


async def reads(house: House, at: str, person: str = "officer-1", **of: str) -> list[supervision_pb2.SupervisoryRead]:
    """Give what an organisation is told of the regulator's reads."""
    await house.caught_up()
    async with house.client(at, person) as client:
        return [each async for each in client.supervisory_reads(**of)]


async def test_a_read_is_told_to_those_whose_data_it_showed(house: House, supervisor: WaitanClient, paid: str) -> None:
    """By whom, what, about what, and why; to nobody else."""
    await supervisor.payment(paid)
    for bank in ("banksh", "bankist"):
        told = (await reads(house, bank))[-1]
        assert (told.participant, told.subject, told.reason, told.times) == (bank, paid, "Inspection 2026-17: 100 %", 1)
        assert told.question == "/waitan.v1.PaymentService/GetPayment"
        assert told.by == house.members["regulator"].person(WHO[1]).fingerprint
    assert paid not in {each.subject for each in await reads(house, "bankfra")}
    assert {each.participant for each in await reads(house, *WHO) if each.subject == paid} == {"banksh", "bankist"}


async def test_a_list_concerns_everybody_and_a_named_one_its_own(house: House, supervisor: WaitanClient) -> None:
    await supervisor.accounts("bankfra")
    assert (await reads(house, "bankfra"))[-1].subject == "bankfra"
    assert "bankfra" not in {each.subject for each in await reads(house, "banksh")}
    await supervisor.accounts()
    for bank in ("banksh", "bankfra"):
        assert (await reads(house, bank))[-1].question == "/waitan.v1.AccountService/ListAccounts"
        assert (await reads(house, bank))[-1].subject == ""


async def test_what_is_not_there_is_nobodys(house: House, supervisor: WaitanClient) -> None:
    before = house.ledger.ledger.height
    with pytest.raises(WaitanError):
        await supervisor.payment(a_uetr())
    assert house.ledger.ledger.height == before


async def test_what_cannot_be_recorded_is_not_read(
    house: House, supervisor: WaitanClient, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is recorded before it is read, not after."""
    lists, steps = house.gateways["regulator"].lists, []
    submit, events_of = lists.submit, house.gateways["regulator"].queries.events_of

    async def carried(asked: Sequence[bytes], **how: Any) -> list[Outcome]:
        outcomes = await submit(asked, **how)
        steps.append("recorded")
        return outcomes

    def read(view: Any) -> Any:
        steps.append("read")
        return events_of(view)

    monkeypatch.setattr(lists, "submit", carried)
    monkeypatch.setattr(house.gateways["regulator"].queries, "events_of", read)
    await supervisor.message(paid, payments_pb2.MESSAGE_KIND_PACS_002)
    assert steps == ["recorded", "read"]

    async def unreachable(_: Sequence[bytes], **__: Any) -> list[Outcome]:
        raise LedgerUnreachableError

    monkeypatch.setattr(lists, "submit", unreachable)
    with pytest.raises(WaitanError) as raised:
        await supervisor.message(paid, payments_pb2.MESSAGE_KIND_PACS_002)
    assert (raised.value.status, steps) == (StatusCode.UNAVAILABLE, ["recorded", "read"])


async def test_whom_a_read_comes_to_concern_while_it_is_recorded_is_told_too(
    house: House, supervisor: WaitanClient, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another bank's payment of the same UETR arrives meanwhile: the answer may show that one as well."""
    lists = house.gateways["regulator"].lists
    submit = lists.submit

    async def carried(asked: Sequence[bytes], **how: Any) -> list[Outcome]:
        monkeypatch.setattr(lists, "submit", submit)
        outcomes = await submit(asked, **how)
        async with house.client("bankist") as client:
            await client.submit(a_fresh_payment("1.00", payer="bankist", payee="bankfra", uetr=paid))
        await house.caught_up()
        return outcomes

    monkeypatch.setattr(lists, "submit", carried)
    with suppress(WaitanError):  # a UETR that two payers used is no longer one payment's
        await supervisor.payment(paid)
    assert [each.subject for each in await reads(house, "bankfra")].count(paid) == 1
    assert [each.subject for each in await reads(house, "banksh")].count(paid) == 1


async def test_reads_that_come_together_go_together(house: House, supervisor: WaitanClient, paid: str) -> None:
    """Many at once take a few transactions, and each of them is counted."""
    before, counted = house.ledger.ledger.height, sum(each.times for each in await reads(house, "banksh"))
    await asyncio.gather(*(supervisor.payment(paid) for _ in range(40)))
    assert house.ledger.ledger.height - before < 40
    assert sum(each.times for each in await reads(house, "banksh")) - counted == 40


async def test_a_reason_that_is_none_is_refused_and_nothing_is_read(house: House, paid: str) -> None:
    address, identity = f"localhost:{house.servers['regulator'].port}", house.identity(*WHO)
    for reason in ("x" * 141, "line\nend", "\u202egnp"):
        before = house.ledger.ledger.height
        async with WaitanClient(address, identity, reason=reason) as client:
            with pytest.raises(WaitanError) as raised:
                await client.payment(paid)
        assert (raised.value.code, raised.value.where) == ("CH16", "reason")
        assert house.ledger.ledger.height == before


async def test_a_bank_s_own_reads_are_its_own_affair(house: House, banksh: WaitanClient, paid: str) -> None:
    before = house.ledger.ledger.height
    await banksh.payment(paid)
    assert house.ledger.ledger.height == before


async def test_every_method_by_which_a_supervisor_reads_is_recorded() -> None:
    """A method that is added is in the table of reads, changes something, or is named here as nobody's business."""
    reading = {
        method
        for method, roles in PERMITTED.items()
        if Role.SUPERVISOR in roles
        and method.rpartition("/")[2].startswith(("Get", "List", "Watch", "Export", "Verify"))
        and method.rpartition("/")[2] not in PUBLIC | {"VerifyDocument"}
    }
    assert reading == READS


async def test_every_route_by_which_a_supervisor_reads_is_recorded(house: House) -> None:
    """Pages included; what is left shows nothing of anybody's."""
    tokens = Tokens(house.members["regulator"].service.certificate, network=NETWORK, participant="regulator")
    router = Traders(house.gateways["regulator"], tokens).application().router
    reading = {
        f"GET {route.resource.canonical}"
        for route in router.routes()
        if route.method == "GET" and route.resource is not None
    }
    programs = {route for route, scopes in permissions.PERMITTED.items() if Scope.SUPERVISOR in scopes}
    assert programs - {"GET /v1/reads"} == {route for route in permissions.READS if route.startswith("GET /v1/")}
    pages = {route for route in reading if not route.startswith("GET /v1/")} - permissions.READS.keys()
    frame = ("/", "/healthz", "/language/{code}", "/static/{name}", "/{rest}")
    others = ("/desk", "/desk/proposals", "/desk/initiations", "/customs", "/trade/key", "/trade/propose", "/reads")
    assert pages == {f"GET {path}" for path in (*frame, *others)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house, "regulator", "banksh") as opened:
        yield opened


async def test_over_http_and_on_pages_it_is_the_same(house: House, doors: Doors, paid: str) -> None:
    """Also where the answer was at hand, and where the reader is told that nothing has changed."""
    token = doors.token("regulator", Scope.SUPERVISOR, "supervisor-1")
    headers = {"Waitan-Reason": "Inspection"}
    first = await doors.ask("regulator", f"/v1/payments/{paid}", token, headers=headers)
    assert first.status == 200, first.body
    known = headers | {"If-None-Match": first.headers["Etag"]}
    again = await doors.ask("regulator", f"/v1/payments/{paid}", token, headers=known)
    assert (first.status, again.status) == (200, 304)
    cookie = {"Cookie": f"{token_cookie('regulator')}={token}", "Accept": "text/html"}
    assert (await doors.ask("regulator", f"/payments/{paid}", headers=cookie)).status == 200
    bearer = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.head(doors.url("regulator", f"/v1/payments/{paid}"), headers=bearer) as response,
    ):
        assert response.status == 200  # which tells that it is there, and how long it is
    assert (await doors.ask("regulator", "/v1/statements/banksh-CNY", token)).status == 200
    told = [(each.question, each.subject, each.reason) for each in await reads(house, "banksh")][-5:]
    assert told == [
        ("GET /v1/payments/{uetr}", paid, "Inspection"),
        ("GET /v1/payments/{uetr}", paid, "Inspection"),
        ("GET /payments/{uetr}", paid, ""),
        ("GET /v1/payments/{uetr}", paid, ""),
        ("GET /v1/statements/{account}", "banksh-CNY", ""),
    ]


async def noted(doors: Doors, path: str) -> tuple[set[str], set[str]]:
    """Let a supervisor ask for a path, of a stream only its beginning; give what was recorded: subjects, and whose."""
    house, token = doors.house, doors.token("regulator", Scope.SUPERVISOR, "supervisor-1")
    kept = house.gateways["regulator"].supervisory_reads
    await house.caught_up()
    last = max((each.id for each in kept.page(limit=100_000)), default=0)
    is_page = not path.startswith("/v1/")
    cookie = {"Cookie": f"{token_cookie('regulator')}={token}", "Accept": "text/html"}
    headers = cookie if is_page else {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(doors.url("regulator", path), headers=headers, allow_redirects=False),
    ):
        await house.caught_up()
    found = [each.record for each in kept.page(after=last, limit=1000)]
    return {read.subject for each in found for read in each.reads}, {each.participant for each in found}


@pytest.mark.parametrize("name", ["account=x", "account=banksh-CNY", "uetr={uetr}", "participant=banksh"])
async def test_a_name_that_a_route_does_not_heed_hides_no_read(
    doors: Doors, house: House, paid: str, proposed: str, name: str
) -> None:
    """Programs are refused it; each page is recorded as without it, but the statements' page heeds an account."""
    everybody = house.gateways["regulator"].participants().keys() - {"regulator"}
    banks = {"banksh", "bankist"}
    query = name.format(uetr=a_uetr())
    of = {"uetr": banks, "id": banks, "account": {"bankfra"}}
    for route in permissions.READS:
        path = route.removeprefix("GET ")
        concerned = next((whose for part, whose in of.items() if f"{{{part}}}" in path), everybody)
        if path == "/statements" and query == "account=banksh-CNY":
            concerned = {"banksh"}
        asked = path.format(uetr=paid, id=proposed, account="bankfra-EUR", form="csv", act="sign")
        subjects, whose = await noted(doors, f"{asked}?{query}")
        if path.startswith("/v1/"):
            assert (route, subjects | whose) == (route, set())
            continue
        assert (route, whose) == (route, concerned)
        if "{" not in path and path != "/statements":
            assert (route, subjects) == (route, {""})


async def test_of_more_records_than_are_looked_through_everybody_is_told(
    doors: Doors, house: House, supervisor: WaitanClient, proposed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds one beyond the limit would otherwise not learn of the read; at the limit the holders alone do."""
    for limit, told in ((1, False), (0, True)):
        monkeypatch.setattr("gateway.supervision._OF_A_TRADE_MAX", limit)
        _, whose = await noted(doors, f"/v1/trade/records/{proposed}/timeline")
        assert ("bankfra" in whose, "banksh" in whose) == (told, True)
        before = len(await reads(house, "bankfra"))
        assert [each.record_id async for each in supervisor.trade_records(number="SUPERVISED-1")] == [proposed]
        assert len(await reads(house, "bankfra")) - before == told


async def test_who_follows_is_recorded_when_it_begins(house: House, supervisor: WaitanClient, paid: str) -> None:
    async for _ in supervisor.watch():
        break
    assert (await reads(house, "bankfra"))[-1].question == "/waitan.v1.PaymentService/WatchPayments"


async def test_a_bank_is_told_of_no_other_s(house: House, supervisor: WaitanClient) -> None:
    for bank in ("banksh", "bankfra"):
        await supervisor.accounts(bank)
    assert await reads(house, "banksh", participant="bankfra") == []
    assert {each.participant for each in await reads(house, "banksh")} == {"banksh"}
