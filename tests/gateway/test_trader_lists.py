"""Lists of payments by HTTP: one's own alone, narrowed and in pages; and who may ask for what."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import KIND, Scope
from gateway.client import WaitanClient
from gateway.traders.permissions import OPEN, PERMITTED
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from settlement.parties import Agent, CashAccount, Kind
from tests.builders import SILK, TEKSTIL, a_uetr
from tests.contracts.samples import register
from tests.gateway.doors import LEI, OTHERS_LEI, Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACCOUNT: Final = "6222020200998877"
WORD: Final = "Zyzzyva"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    for name in (LEI, OTHERS_LEI):
        await banksh.ask(register(name, accounts=(ACCOUNT,) if name == LEI else ()))
    async with doors_of(house, "banksh", "bankist", "clearing", "regulator", "customs") as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def paid(doors: Doors, banksh: WaitanClient) -> list[str]:
    """Pay: five times for the customer, in one by its account; once for the other, once for nobody here."""
    own = [
        a_fresh_payment(f"{amount}.00", debtor=replace(SILK, lei=LEI), end_to_end_id=f"E2E-{amount}", remittance=WORD)
        for amount in (1, 2, 3, 4)
    ]
    own.append(a_fresh_payment("5.00", debtor_account=CashAccount(other=ACCOUNT), remittance=WORD))
    elsewhere = Agent(bic="DEUTDEFFXXX")  # where an account may have the same number
    others = [
        a_fresh_payment("6.00", creditor=replace(TEKSTIL, lei=OTHERS_LEI), remittance=WORD),
        a_fresh_payment("7.00", remittance=WORD, debtor_account=CashAccount(other=ACCOUNT), debtor_agent=elsewhere),
    ]
    for payment in (*own, *others):
        await banksh.submit(payment)
    await doors.house.caught_up()
    return [each.uetr for each in (*own, *others)]


async def listed(doors: Doors, at: str, token: str, **query: Any) -> list[str]:
    """Give the UETRs of all pages."""
    found: list[str] = []
    while True:
        answer = await doors.ask(at, "/v1/payments", token, params=query)
        assert answer.status == 200, answer.body
        found += [each["uetr"] for each in answer.body["payments"]]
        if "next" not in answer.body:
            return found
        query["cursor"] = answer.body["next"]


async def test_each_lists_what_is_its_own_newest_first(doors: Doors, paid: list[str]) -> None:
    newest_first = paid[::-1]
    own, other = newest_first[2:], newest_first[1:2]
    for customer, expected in ((LEI, own), (OTHERS_LEI, other), ("724500VKKSH9QOLTFR81", [])):
        assert await listed(doors, "banksh", doors.token("banksh", customer=customer), q=WORD) == expected
    for at, scope in (("banksh", Scope.DESK), ("bankist", Scope.DESK), ("regulator", Scope.SUPERVISOR)):
        assert await listed(doors, at, doors.token(at, scope, "person-1"), q=WORD) == newest_first
    clearing = doors.token("clearing", Scope.CLEARING, "officer-1")
    assert (await listed(doors, "clearing", clearing, payer="banksh"))[: len(paid)] == newest_first


async def test_pages_of_any_size_give_the_same_payments(doors: Doors, paid: list[str]) -> None:
    token = doors.token("banksh")
    whole = await listed(doors, "banksh", token)
    assert set(paid[:5]) <= set(whole)
    for limit in (1, 2, 200):
        assert await listed(doors, "banksh", token, limit=limit) == whole


async def test_a_list_is_narrowed_by_its_fields(doors: Doors, paid: list[str]) -> None:
    token = doors.token("banksh")
    for query, expected in (
        ({"end_to_end_id": "E2E-2"}, [paid[1]]),
        ({"currency": "CNY", "min_amount": "2", "max_amount": "3.00", "q": WORD}, [paid[2], paid[1]]),
        ({"q": "zyzzy", "counterparty": "bankist", "state": "SETTLED", "limit": 2}, paid[4::-1]),
        ({"q": WORD, "state": "REJECTED"}, []),
        ({"q": WORD, "to_date": "2020-01-01"}, []),
    ):
        assert await listed(doors, "banksh", token, **query) == expected, query


@pytest.mark.parametrize(
    ("query", "code", "where"),
    [
        ("limit=0", "CH16", "limit"),
        ("limit=201", "CH16", "limit"),
        ("limit=1&limit=2", "CH16", "limit"),
        ("canary_7731=1", "CH17", "query"),
        ("state=settled", "CH16", "state"),
        ("min_amount=1", "CH21", "currency"),
        ("min_amount=1e3&currency=CNY", "CH16", "min_amount"),
        ("min_amount=1.001&currency=CNY", "CH20", "min_amount"),
        ("from_date=2026-02-30", "CH16", "from_date"),
        ("cursor=AAAAAAAAAAAAAAAAAAAAAA", "CH16", "cursor"),
        ("cursor=%00", "CH16", "cursor"),
        ("currency=%E2%80%AE", "CH16", "currency"),
    ],
)
async def test_a_query_that_is_not_in_order_names_its_field(doors: Doors, query: str, code: str, where: str) -> None:
    answer = await doors.ask("banksh", f"/v1/payments?{query}", doors.token("banksh"))
    assert (answer.status, answer.body["code"], answer.body["where"]) == (422, code, where)
    assert "7731" not in str(answer)


async def test_a_cursor_is_its_holder_s_and_no_number(doors: Doors, paid: list[str]) -> None:
    """A client that changes it, or takes another's, learns nothing; two of one place at two doors are two."""
    token = doors.token("banksh")
    cursor = (await doors.ask("banksh", "/v1/payments?limit=1", token)).body["next"]
    assert len(cursor) == 32
    for holder, sent in ((doors.token("banksh", customer=OTHERS_LEI), cursor), (token, cursor[::-1])):
        answer = await doors.ask("banksh", f"/v1/payments?cursor={sent}", holder)
        assert (answer.status, answer.body["code"]) == (422, "CH16")


async def test_clearing_sees_amounts_and_identifications_and_no_party(doors: Doors, paid: list[str]) -> None:
    token = doors.token("clearing", Scope.CLEARING, "officer-1")
    one = (await doors.ask("clearing", f"/v1/payments/{paid[0]}", token)).body
    some = (await doors.ask("clearing", "/v1/payments", token)).body["payments"]
    for shown in (one, *some):
        assert shown["amount"]
        assert shown["uetr"]
        assert not {"debtor", "creditor", "remittance"} & set(shown)
    assert WORD not in str((one, some))
    refused = await doors.ask("clearing", f"/v1/payments?q={WORD}", token)
    assert (refused.status, refused.body["code"]) == (422, "CH17")


def routes_of(house: House) -> set[str]:
    """Give every route for programs that a door has."""
    certificate = house.members["banksh"].service.certificate
    tokens = Tokens(certificate, network=NETWORK, participant="banksh")
    router = Traders(house.gateways["banksh"], tokens).application().router
    return {
        f"{route.method} {route.resource.canonical}"
        for route in router.routes()
        if route.resource and route.resource.canonical.startswith("/v1/") and route.method != "HEAD"
    }


async def test_every_route_stands_in_the_table_and_the_table_has_no_other(house: House) -> None:
    assert routes_of(house) == set(PERMITTED) | OPEN


async def test_whoever_the_table_does_not_name_is_not_let_in(doors: Doors, paid: list[str]) -> None:
    """Every route with every scope at every kind of organisation, with one's own ids and with nobody's."""
    kinds = {"banksh": Kind.BANK, "clearing": Kind.CLEARING, "regulator": Kind.REGULATOR, "customs": Kind.CUSTOMS}
    for route, permitted in PERMITTED.items():
        method, path = route.split(" ")
        at_path = path.format(uetr=a_uetr(), id="0" * 32, account="CNY", number="0" * 18)
        for at, kind in kinds.items():
            anonymous = await doors.ask(at, at_path, method=method)
            assert (anonymous.status, anonymous.body["code"]) == (401, "AG08"), route
            for scope in Scope:
                if path.endswith("events") and scope in permitted and KIND[scope] is kind:
                    continue  # it would be followed: tests of streams do
                answer = await doors.ask(at, at_path, doors.token(at, scope, LEI), method=method)
                is_let_in = scope in permitted and KIND[scope] is kind
                assert (answer.status != 403) is is_let_in, (route, at, scope, answer)
                if not is_let_in:
                    assert (answer.status, answer.body["code"]) == (403, "AG08")
