"""Reading again over HTTP: who has an answer is told so while it says the same, and a list leads to its next page."""

import re
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import pytest
import pytest_asyncio

from gateway.auth.scopes import Scope
from gateway.traders.operations import EVENTS, OPERATIONS
from tests.gateway.doors import Answer, Doors, doors_of
from tests.gateway.house import House, a_fresh_payment, a_house
from tests.gateway.others_routes import ROUTES, Path
from tests.gateway.two_firms import Names, everything
from tests.initiation_messages import a_message
from tests.trade import SELLER

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR_MS: Final = 3_600_000


class Scene(NamedTuple):
    """A network on which two firms have something of everything, and the door of the seller's bank."""

    house: House
    doors: Doors
    names: Names


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with a_house(tmp_path_factory.mktemp("again")) as house:
        names = await everything(house)
        await house.caught_up()
        async with doors_of(house, "banksh", "regulator") as doors:
            yield Scene(house, doors, names)


def seller(scene: Scene) -> str:
    return scene.doors.token("banksh", customer=SELLER.identifier)


def desk(scene: Scene) -> str:
    return scene.doors.token("banksh", Scope.DESK, "officer-1")


OF_A_TRADER: Final = [
    row.address
    for route, row in ROUTES.items()
    if isinstance(row, Path) and route in OPERATIONS and EVENTS not in OPERATIONS[route].gives
]
READ: Final = [
    *((address, "*/*", Scope.TRADER) for address in OF_A_TRADER),
    ("/v1/initiations/{initiation}", "application/xml", Scope.TRADER),
    ("/v1/statements/{account}", "application/xml", Scope.TRADER),
    ("/v1/statements/{account}", "text/csv", Scope.TRADER),
    ("/v1/statements/CNY", "*/*", Scope.DESK),
    ("/v1/statements/CNY", "application/xml", Scope.DESK),
    ("/v1/accounts", "*/*", Scope.DESK),
    ("/v1/payments", "*/*", Scope.DESK),
    ("/v1/trade/records", "*/*", Scope.DESK),
    ("/v1/openapi.json", "*/*", Scope.DESK),
]
"""What is read, as what, by whom."""


@pytest.mark.parametrize(("address", "accept", "scope"), READ)
async def test_who_has_an_answer_is_told_so_while_it_says_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, address: str, accept: str, scope: Scope
) -> None:
    """Also where the bytes differ every time: by the time at which a message is made, or by a signature."""
    token, path = desk(scene) if scope is Scope.DESK else seller(scene), address.format(**scene.names._asdict())
    first = await read(scene, path, token, accept)
    gateway = scene.house.gateways["banksh"]
    then = gateway.clock
    with monkeypatch.context() as later:
        later.setattr(gateway, "clock", lambda: then() + HOUR_MS)
        again = await read(scene, path, token, accept)
        assert again.headers["Etag"] == first.headers["Etag"]
        assert (again.body == first.body) or first.headers["Etag"].startswith('W/"')
        known = {"Accept": accept, "If-None-Match": first.headers["Etag"]}
        not_modified = await scene.doors.ask("banksh", path, token, headers=known)
        assert (not_modified.status, not_modified.body) == (304, "")
        assert not_modified.headers["Etag"] == first.headers["Etag"]
        other = await scene.doors.ask("banksh", path, token, headers={**known, "If-None-Match": '"other", W/"another"'})
        assert other.status == 200


async def read(scene: Scene, path: str, token: str, accept: str) -> Answer:
    answer = await scene.doors.ask("banksh", path, token, headers={"Accept": accept})
    assert answer.status == 200, answer.body
    return answer


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/csv"])
async def test_what_has_changed_is_told_again(scene: Scene, accept: str) -> None:
    before = await read(scene, "/v1/statements/CNY", desk(scene), accept)
    await scene.house.gateways["banksh"].payments.submit([a_fresh_payment("1.00")])
    await scene.house.caught_up()
    known = {"Accept": accept, "If-None-Match": before.headers["Etag"]}
    after = await scene.doors.ask("banksh", "/v1/statements/CNY", desk(scene), headers=known)
    assert (after.status, after.headers["Etag"] == before.headers["Etag"]) == (200, False)


async def test_a_form_of_an_answer_is_no_other_form(scene: Scene) -> None:
    tags = [
        (await read(scene, "/v1/statements/CNY", desk(scene), accept)).headers["Etag"]
        for accept in ("application/json", "application/xml", "text/csv")
    ]
    assert len(set(tags)) == len(tags)


LISTS: Final = {
    "/v1/payments?limit=1&counterparty=bankist": ("payments", Scope.DESK),
    "/v1/trade/records?limit=1&kind=invoice": ("records", Scope.DESK),
    "/v1/trade/records?limit=2": ("records", Scope.DESK),
    "/v1/statements/CNY?limit=1": ("lines", Scope.DESK),
    "/v1/declarations?limit=1": ("declarations", Scope.TRADER),
}


@pytest.mark.parametrize("address", LISTS)
async def test_a_page_links_to_the_next_one_of_the_same_list(scene: Scene, address: str) -> None:
    """Whoever follows the links reads what one long page has, in the same order, each once."""
    name, scope = LISTS[address]
    token, path = desk(scene) if scope is Scope.DESK else seller(scene), address.partition("?")[0]
    whole = re.sub("limit=[0-9]+", "limit=200", address)
    expected = (await read(scene, whole, token, "*/*")).body[name]
    found: list[Any] = []
    following = address.partition("?")[2]
    for _ in range(len(expected) + 2):
        answer = await read(scene, f"{path}?{following}", token, "*/*")
        found += answer.body.get(name, [])
        link = answer.headers.get("Link", "")
        assert bool(link) == ("next" in answer.body)
        if not link:
            break
        following = re.fullmatch('<[?]([^>]*)>; rel="next"', link)[1]  # type: ignore[index]
        assert f"cursor={answer.body['next']}" in following
    assert found == expected


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("route", [route for route, operation in OPERATIONS.items() if operation.query is None])
async def test_a_route_that_reads_no_query_takes_none(scene: Scene, route: str, method: str) -> None:
    """Whether what is asked for is there, is at hand already, or is not: a word that nobody reads is no narrowing."""
    asked, _, address = route.partition(" ")
    row = ROUTES[route]
    address = row.address if isinstance(row, Path) else address
    if asked == "POST":
        method = "POST"
    elif method == "HEAD" and EVENTS in OPERATIONS[route].gives:
        return  # 405
    path = address.format(**scene.names._asdict())
    if route == "GET /v1/payments/{uetr}":
        await read(scene, path, seller(scene), "*/*")
    sent: dict[str, Any] = {"data": a_message()} if method == "POST" else {}
    for query in ("x=1", "limit=1", "=", "%", "%00"):
        answer = await scene.doors.ask("banksh", f"{path}?{query}", seller(scene), method, **sent)
        assert answer.status == 422, query
        if method != "HEAD":
            assert (answer.body["code"], answer.body["where"]) == ("CH17", "query"), query
