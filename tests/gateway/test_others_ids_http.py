"""Another's ids at the traders' door: the rows of tests.gateway.others_routes, pages included."""

import base64
import re
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import pytest
import pytest_asyncio

from chaincode.access import ACCESS
from gateway.auth.scopes import Scope
from gateway.auth.signing import sign_command
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from gateway.traders.web.frame import token_cookie
from settlement.parties import Kind, Role
from settlement.records import Command
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house
from tests.gateway.others_routes import ROUTES, ListedAt, Path
from tests.gateway.others_rows import Row
from tests.gateway.others_table import METHODS, RECORDS
from tests.gateway.two_firms import NEIGHBOUR, NOWHERE, Names, everything
from tests.trade import SELLER

pytestmark = pytest.mark.asyncio(loop_scope="session")

Asker = tuple[str, Scope, str]
"""At whose door, with which scope, for which customer or person."""

OUTSIDERS: Final[dict[str, Asker]] = {
    "another trader of the same bank": ("banksh", Scope.TRADER, NEIGHBOUR),
    "a firm that its bank does not know": ("banksh", Scope.TRADER, "984500WAITANNOBODY44"),
    "another trader of the buyer's bank": ("bankist", Scope.TRADER, NEIGHBOUR),
    "another bank's trader": ("bankfra", Scope.TRADER, NEIGHBOUR),
    "another bank's customer of the same number": ("bankfra", Scope.TRADER, SELLER.identifier),
    "another bank's desk": ("bankfra", Scope.DESK, "officer-1"),
}
NOT_AT_CUSTOMS: Final[dict[str, Asker]] = {
    "a bank's desk": ("customs", Scope.DESK, "customs-1"),
    "a carrier": ("customs", Scope.TRADER, "984500HP7XS0CARR1E86"),
}
"""Customs' door is for its own staff: whatever others ask there, they are not let in."""
OFFICER: Final[Asker] = ("customs", Scope.CUSTOMS, "customs-1")
DIFFERS: Final = frozenset({"x-request-id", "date"})


class Scene(NamedTuple):
    """A network on which two firms have something of everything, and its doors."""

    house: House
    doors: Doors
    there: Names


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_house(tmp_path_factory.mktemp("others")) as house:
        there = await everything(house)
        await house.caught_up()
        async with doors_of(house, "banksh", "bankist", "bankfra", "customs") as doors:
            yield Scene(house, doors, there)


async def said(doors: Doors, who: Asker, address: str) -> tuple[int, str, dict[str, str]]:
    """Ask as a program, or for a page as a browser does; give what is said, without the address in it."""
    at, scope, customer = who
    token = doors.token(at, scope, customer)
    if address.startswith("/v1/"):
        answer = await doors.ask(at, address, token)
    else:
        headers = {"Cookie": f"{token_cookie(at)}={token}", "Accept": "text/html"}
        answer = await doors.ask(at, address, headers=headers, allow_redirects=False)
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in DIFFERS}
    return answer.status, str(answer.body), headers


def without(told: tuple[int, str, dict[str, str]], names: Names) -> tuple[int, str, dict[str, str]]:
    """Give what was said without the names that stood in the question: a page fills its fields with them again."""
    status, body, headers = told
    location = headers.get("location", "")
    for name in names:
        body, location = body.replace(name, "…"), location.replace(name, "…")
    return status, body, {**headers, "location": location, "content-length": ""}


def addresses(row: Path | ListedAt) -> list[str]:
    """Give a row's address; of a route that takes a record of trade, once for each kind of record."""
    if "{contract}" not in row.address or isinstance(row, ListedAt):
        return [row.address]
    return [row.address.replace("{contract}", f"{{{kind}}}") for kind in RECORDS]


async def test_the_table_has_every_route_of_the_router(scene: Scene) -> None:
    member = scene.house.members["banksh"]
    tokens = Tokens(member.service.certificate, network=NETWORK, participant="banksh")
    router = Traders(scene.house.gateways["banksh"], tokens).application().router
    found = {
        f"{route.method} {route.resource.canonical}"
        for route in router.routes()
        if route.method != "HEAD" and route.resource is not None
    }
    assert found == set(ROUTES)


CASES: Final = [
    pytest.param(address, who, id=f"{address} by {who}")
    for row in ROUTES.values()
    if isinstance(row, Path)
    for address in addresses(row)
    for who in OUTSIDERS
]


@pytest.mark.parametrize(("address", "who"), CASES)
async def test_anothers_thing_is_answered_as_one_that_does_not_exist(scene: Scene, address: str, who: str) -> None:
    theirs, nobodys = [
        without(await said(scene.doors, OUTSIDERS[who], address.format(**names._asdict())), names)
        for names in (scene.there, NOWHERE)
    ]
    assert theirs == nobodys
    assert theirs[0] in ({403, 404} if OUTSIDERS[who][1] is Scope.DESK else {404})


@pytest.mark.parametrize("route", [route for route, row in ROUTES.items() if isinstance(row, ListedAt)])
async def test_what_is_others_is_in_no_list(scene: Scene, route: str) -> None:
    row = ROUTES[route]
    assert isinstance(row, ListedAt)
    for who, asker in OUTSIDERS.items():
        theirs, nobodys = [
            without(await said(scene.doors, asker, row.address.format(**names._asdict())), names)
            for names in (scene.there, NOWHERE)
        ]
        assert theirs == nobodys, who
        assert not [name for name in scene.there if name in theirs[1] + theirs[2]["location"]], who


@pytest.mark.parametrize("who", NOT_AT_CUSTOMS)
async def test_customs_door_is_for_its_own_staff(scene: Scene, who: str) -> None:
    """No other token counts there, so nothing is told from one thing to another."""
    at, scope, customer = NOT_AT_CUSTOMS[who]
    token = scene.doors.token(at, scope, customer)
    for row in ROUTES.values():
        if isinstance(row, Path) and row.address.startswith("/v1/"):
            for names in (scene.there, NOWHERE):
                answer = await scene.doors.ask(at, row.address.format(**names._asdict()), token)
                assert (answer.status, answer.body["code"]) == (403, "AG08"), row


async def test_an_officer_reads_what_is_declared_and_nothing_else(scene: Scene) -> None:
    """Neither the carrier's bill, which stands with customs too, nor contract, invoice or loan; nor any payment."""
    for kind in RECORDS:
        expected = 200 if kind in ("declaration", "assessment") else 404
        for form in ("/v1/trade/records/{}", "/v1/trade/records/{}/timeline", "/trade/records/{}"):
            told = await said(scene.doors, OFFICER, form.format(getattr(scene.there, kind)))
            assert told[0] == expected, (kind, form)
    for address in (
        "/v1/bills/{bill}",
        "/v1/payments/{uetr}",
        "/v1/payments",
        "/v1/events",
        "/v1/declarations/{number}",
    ):
        told = await said(scene.doors, OFFICER, address.format(**scene.there._asdict()))
        assert told[0] == 403, address
    told = await said(scene.doors, OFFICER, "/v1/trade/records")
    assert scene.there.declaration in told[1]
    assert not {scene.there.bill, scene.there.contract, scene.there.invoice} & set(re.findall("[0-9a-f]{32}", told[1]))


async def test_all_of_it_is_there_for_the_firm_itself(scene: Scene) -> None:
    """Otherwise an outsider's finding nothing would prove nothing."""
    own = ("banksh", Scope.TRADER, SELLER.identifier)
    for row in ROUTES.values():
        if not isinstance(row, Path) or row.address.endswith("/events"):
            continue
        for address in addresses(row):
            told = await said(scene.doors, own, address.format(**scene.there._asdict()))
            assert told[0] == 200, address


TRADERS_COMMANDS: Final = [
    pytest.param(row, id=method.rpartition("/")[2])
    for method, row in METHODS.items()
    if isinstance(row, Row)
    and isinstance(made := row.build(NOWHERE), Command)
    and (Role.TRADER, Kind.BANK) in ACCESS[type(made)]
]


@pytest.mark.parametrize("row", TRADERS_COMMANDS)
@pytest.mark.parametrize(("at", "person"), [("banksh", "neighbour"), ("bankist", "neighbour"), ("bankfra", "stranger")])
async def test_what_a_trader_signs_about_others_is_answered_as_about_nothing(
    scene: Scene, row: Row, at: str, person: str
) -> None:
    """What stands in METHODS for the other door, brought to this one."""
    headers = {"Content-Type": "application/json"}
    told = []
    for names in (scene.there, NOWHERE):
        made: Any = row.build(names)
        signed = sign_command(NETWORK, made, scene.house.members[at].person(person))
        body = {
            "command": signed.command,
            "certificate": base64.b64encode(signed.certificate).decode(),
            "signature": base64.b64encode(signed.signature).decode(),
        }
        token = scene.doors.token(at, customer=NEIGHBOUR)
        answer = await scene.doors.ask(at, "/v1/trade/commands", token, "POST", headers=headers, json=body)
        told.append((answer.status, answer.body))
    assert told[0] == told[1]
    assert (told[0][0], told[0][1]["code"]) == (404, "NOT_FOUND")


async def test_another_banks_desk_is_shown_its_own_payments_alone(scene: Scene) -> None:
    own = a_fresh_payment("1.00", payee="bankfra")
    async with scene.house.client("banksh") as bank:
        await bank.submit(own)
    await scene.house.caught_up()
    token = scene.doors.token("bankfra", Scope.DESK, "officer-1")
    told = await scene.doors.ask("bankfra", "/v1/payments", token)
    assert [each["uetr"] for each in told.body["payments"]] == [own.uetr]
