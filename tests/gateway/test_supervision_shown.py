"""What the regulator has read is shown to whom it concerns: over HTTP to programs, and on a page to people."""

import html
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio

from gateway import reasons
from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.operators.permissions import READS as METHODS
from gateway.traders import openapi
from gateway.traders.permissions import READS as ROUTES
from gateway.traders.web.frame import token_cookie
from gateway.traders.web.reads import ASKED, PAGE
from gateway.traders.web.words import TEXTS
from tests.builders import a_uetr
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import House, a_fresh_payment

pytestmark = pytest.mark.asyncio(loop_scope="session")

STAFF: Final = {
    "banksh": Scope.DESK,
    "bankfra": Scope.DESK,
    "customs": Scope.CUSTOMS,
    "clearing": Scope.CLEARING,
    "regulator": Scope.SUPERVISOR,
}
REASON: Final = "Inspection <b>2026-18</b>"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house, *STAFF) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def paid(house: House, banksh: WaitanClient) -> str:
    payment = a_fresh_payment("3.00")
    await banksh.submit(payment)
    await house.caught_up()
    return payment.uetr


async def reads(doors: Doors, at: str, query: str = "") -> Any:
    """Give what a program of an organisation's staff is told."""
    await doors.house.caught_up()
    answer = await doors.ask(at, f"/v1/reads{query}", doors.token(at, STAFF[at], "officer-1"))
    assert answer.status == 200, answer.body
    return answer.body


async def page(doors: Doors, at: str, path: str = "/reads", scope: Scope | None = None) -> tuple[int, str]:
    """Give what a browser of an organisation's staff is shown."""
    await doors.house.caught_up()
    cookie = f"{token_cookie(at)}={doors.token(at, scope or STAFF[at], 'officer-1')}"
    answer = await doors.ask(at, path, headers={"Cookie": cookie, "Accept": "text/html"})
    return answer.status, str(answer.body)


async def supervise(doors: Doors, path: str, reason: str = REASON) -> None:
    token = doors.token("regulator", Scope.SUPERVISOR, "supervisor-1")
    answer = await doors.ask("regulator", path, token, headers={reasons.HEADER: reasons.said(reason)})
    assert answer.status == 200, answer.body


async def test_a_program_is_told_of_what_concerns_its_organisation(doors: Doors, paid: str) -> None:
    """As by gRPC: a bank of its own, an authority of everybody's; the newest first."""
    await supervise(doors, f"/v1/payments/{paid}")
    newest = (await reads(doors, "banksh"))["reads"][0]
    assert {name: newest[name] for name in ("participant", "question", "subject", "reason", "times")} == {
        "participant": "banksh",
        "question": "GET /v1/payments/{uetr}",
        "subject": paid,
        "reason": REASON,
        "times": 1,
    }
    assert re.fullmatch("[0-9a-f]{64}", newest["by"])
    for other in ("bankfra", "customs"):
        told = await reads(doors, other)
        assert paid not in {each.get("subject") for each in told.get("reads", ())}
        assert {each["participant"] for each in told.get("reads", ())} <= {other}
        assert await reads(doors, other, "?participant=banksh") == {}
    for authority in ("clearing", "regulator"):
        told = await reads(doors, authority)
        assert {each["participant"] for each in told["reads"] if each.get("subject") == paid} == {"banksh", "bankist"}


async def test_a_list_goes_on_where_a_page_ended(doors: Doors, paid: str) -> None:
    for number in range(3):
        await supervise(doors, f"/v1/payments/{paid}", f"Reading {number}")
    told, cursor = [], ""
    for _ in range(3):
        found = await reads(doors, "banksh", f"?limit=1&participant=banksh{cursor}")
        told += [each["reason"] for each in found["reads"]]
        cursor = f"&cursor={found['next']}"
    assert told == ["Reading 2", "Reading 1", "Reading 0"]


@pytest.mark.parametrize(
    "query", ["?cursor=1", "?limit=0", "?limit=1000", "?participant=a&participant=b", "?of=banksh"]
)
async def test_a_question_out_of_order_is_refused(doors: Doors, query: str) -> None:
    answer = await doors.ask("banksh", f"/v1/reads{query}", doors.token("banksh", Scope.DESK, "officer-1"))
    assert answer.status == 422


async def test_a_trader_is_told_of_none(doors: Doors, paid: str) -> None:
    """What concerns a bank may be about any of its customers (ADR 0028)."""
    await supervise(doors, f"/v1/payments/{paid}")
    answer = await doors.ask("banksh", "/v1/reads", doors.token("banksh"))
    assert (answer.status, answer.body["code"]) == (403, "AG08")
    status, text = await page(doors, "banksh", scope=Scope.TRADER)
    assert (status, "not for your token" in text, paid in text) == (404, True, False)


async def test_people_read_in_words_what_was_asked_about_what_and_why(doors: Doors, paid: str) -> None:
    """It leads to the payment; what a supervisor wrote is shown as text."""
    await supervise(doors, f"/v1/payments/{paid}")
    status, text = await page(doors, "banksh")
    assert status == 200
    row = next(each for each in text.split("<tr>") if paid in each)
    assert "A payment" in row
    assert f'<a href="/payments/{paid}">' in row
    assert html.escape(REASON) in row
    assert REASON not in text
    assert paid not in (await page(doors, "bankfra"))[1]


async def test_of_a_list_it_is_said_that_it_may_show_anything_and_to_an_authority_whose(doors: Doors) -> None:
    await supervise(doors, "/v1/payments", "")
    text = (await page(doors, "bankfra"))[1]
    newest = text.split("<tr>")[2]
    assert all(said in newest for said in ("A list of payments", "may show anything", "not said"))
    assert "Whose" not in text
    assert "Whose" in (await page(doors, "clearing"))[1]


async def test_older_ones_are_on_further_pages(doors: Doors, paid: str) -> None:
    for number in range(PAGE + 1):
        await supervise(doors, f"/v1/payments/{paid}", f"Page {number}")
    _, text = await page(doors, "banksh")
    assert f"Page {PAGE}<" in text
    assert "Page 0<" not in text
    older = re.findall(r'href="(/reads\?cursor=[\w-]+)"', text)[0]
    _, text = await page(doors, "banksh", older)
    assert "Page 0<" in text
    assert 'href="/reads"' in text
    assert (await page(doors, "banksh", "/reads?cursor=x"))[0] == 422


async def test_a_supervisor_who_looks_at_the_reads_is_not_recorded_for_that(doors: Doors) -> None:
    before = doors.house.ledger.ledger.height
    assert (await page(doors, "regulator"))[0] == 200
    await reads(doors, "regulator")
    assert doors.house.ledger.ledger.height == before


async def test_every_question_that_is_recorded_has_a_word() -> None:
    assert set(ASKED) == METHODS | set(ROUTES)
    assert set(ASKED.values()) <= set(TEXTS)


async def test_the_interface_description_says_where_a_reason_is_given_and_that_it_is_recorded() -> None:
    for path, methods in openapi.document()["paths"].items():
        shown = methods.get("get", {})
        headers = {each["name"] for each in shown.get("parameters", ()) if each["in"] == "header"}
        is_read = f"GET {path}" in ROUTES
        assert (reasons.HEADER in headers, "recorded" in shown.get("description", "")) == (is_read, is_read), path


async def test_what_is_nobodys_is_told_to_nobody(doors: Doors) -> None:
    """A payment that does not exist."""
    token, absent = doors.token("regulator", Scope.SUPERVISOR, "supervisor-1"), a_uetr()
    assert (await doors.ask("regulator", f"/v1/payments/{absent}", token)).status == 404
    assert absent not in {each.get("subject") for each in (await reads(doors, "regulator")).get("reads", ())}
