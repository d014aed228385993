"""The tracker's pages: signing in, finding a payment, reading it in one's language; nobody else's is there."""

import html
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace
from yarl import URL

from gateway.client import WaitanClient
from gateway.projection.faults import FeedBrokenError
from gateway.traders.server import TradersServer
from tests.builders import SILK, a_uetr
from tests.gateway.house import House, a_fresh_payment
from tests.gateway.test_credit import a_return_request
from tests.gateway.test_traders import LEI, OTHERS_LEI, USCC, a_token, door
from tests.gateway.test_traders import http as programs

__all__ = ["door", "programs"]

pytestmark = pytest.mark.asyncio(loop_scope="session")


FORM = "application/x-www-form-urlencoded"


@pytest_asyncio.fixture(loop_scope="session")
async def browser(door: TradersServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser: it keeps cookies, and follows where it is led."""
    jar = aiohttp.CookieJar(unsafe=True)  # "unsafe" lets a host be an address
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}", cookie_jar=jar) as session:
        yield session


async def sign_in(browser: aiohttp.ClientSession, token: str) -> tuple[int, str]:
    async with browser.post("/sign-in", data={"token": token}) as response:
        return response.status, await response.text()


async def page(browser: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, str]:
    async with browser.get(path, headers=headers) as response:
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.text()


async def named(banksh: WaitanClient) -> str:
    """Settle a payment that names the trader; give its UETR."""
    payment = a_fresh_payment("2500.00", debtor=replace(SILK, lei=LEI))
    await banksh.submit(payment)
    return payment.uetr


async def test_who_is_not_signed_in_is_asked_for_a_token(browser: aiohttp.ClientSession) -> None:
    status, text = await page(browser, "/")
    assert (status, 'name="token"' in text) == (200, True)
    status, text = await page(browser, f"/payments/{a_uetr()}")
    assert (status, 'name="token"' in text) == (401, True)


async def test_the_first_page_says_how_to_get_a_token(browser: aiohttp.ClientSession) -> None:
    """At this very organisation, for each kind of reader that it has."""
    _, text = await page(browser, "/")
    assert "<code>waitan token --at banksh</code> for a customer" in text
    assert "<code>waitan token --at banksh --staff</code> for the bank" in text


async def test_a_token_that_does_not_count_is_not_kept(browser: aiohttp.ClientSession, house: House) -> None:
    for token in ("", "nonsense", a_token(house, participant="bankist")):
        status, text = await sign_in(browser, token)
        assert (status, "not valid here" in text) == (401, True)
    assert not list(browser.cookie_jar)


async def test_a_cookie_is_out_of_reach_of_scripts_and_other_sites(
    browser: aiohttp.ClientSession, house: House
) -> None:
    async with browser.post("/sign-in", data={"token": a_token(house)}, allow_redirects=False) as response:
        assert response.status == 303
        cookie = response.headers["Set-Cookie"]
    assert re.search("HttpOnly", cookie)
    assert re.search("SameSite=Strict", cookie)
    assert "Secure" not in cookie  # over plain HTTP on loopback a browser would not send it back
    proxied, form = {"X-Forwarded-Proto": "https"}, {"token": a_token(house)}
    async with browser.post("/sign-in", data=form, headers=proxied, allow_redirects=False) as response:
        assert "Secure" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"token=x", 415),
        ("multipart/form-data; boundary=b", b"--b--", 415),
        ("text/plain", b"token=x", 415),
        (f"{FORM}; charset=nonsense", b"token=x", 401),
        (FORM, b"token=\xff\xfe", 401),
        (FORM, b"token=%ff%fe", 401),
        (FORM, b"&".join(b"token=x" for _ in range(1000)), 401),
        (FORM, b"", 401),
        (FORM, b"token=" + b"x" * (300 << 10), 413),
    ],
    ids=range(9),
)
async def test_a_form_that_is_none_is_refused(
    browser: aiohttp.ClientSession, kind: str, body: bytes, status: int
) -> None:
    """Whoever sends it has no token yet: nothing of it is a fault of the gateway's."""
    async with browser.post("/sign-in", data=body, headers={"Content-Type": kind}) as response:
        assert response.status == status


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    ids=["cross-site", "same-site", "origin"],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
async def test_a_form_of_another_site_is_refused(
    browser: aiohttp.ClientSession, house: House, path: str, headers: dict[str, str]
) -> None:
    async with browser.post(path, data={"token": a_token(house)}, headers=headers) as response:
        assert response.status == 403
    assert not list(browser.cookie_jar)


async def test_a_trader_finds_its_payment_and_reads_its_life(
    browser: aiohttp.ClientSession, house: House, banksh: WaitanClient
) -> None:
    uetr = await named(banksh)
    await sign_in(browser, a_token(house))
    status, text = await page(browser, f"/find?q=%20{uetr.upper()}%20")
    assert status == 200
    for said in (uetr, "2,500.00 CNY", "Settled, final", "To be credited by the bank", "<svg", "ACSC"):
        assert said in text


async def test_a_payment_sent_back_in_part_has_gone_on_and_says_where_it_is(
    browser: aiohttp.ClientSession, house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    """In words too, for whoever sees no picture; it is stopped once all of it is sent back."""
    payment = a_fresh_payment("100.00", debtor=replace(SILK, lei=LEI))
    await banksh.submit(payment)
    await house.caught_up()
    await sign_in(browser, a_token(house))
    for amount, said in (("10.00", "Sent back in part"), ("90.00", "Sent back<")):
        await bankist.return_payment(a_return_request(payment, amount))
        await house.caught_up()
        text = (await page(browser, f"/payments/{payment.uetr}"))[1]
        assert said in text
        assert ("mark stopped" in text) is (amount == "90.00")
        assert len(re.findall('<li class="here">.*?it is here', text)) == 1


async def test_what_is_anothers_looks_like_what_is_not_there(
    browser: aiohttp.ClientSession, house: House, banksh: WaitanClient
) -> None:
    uetr, absent = await named(banksh), a_uetr()
    for customer in (OTHERS_LEI, USCC):
        await sign_in(browser, a_token(house, customer))
        theirs, nobodys = [await page(browser, f"/payments/{each}") for each in (uetr, absent)]
        assert theirs[0] == nobodys[0] == 404
        assert theirs[1].replace(uetr, absent) == nobodys[1]


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "已结算，终局"), ("tr", "Takas edildi, kesin")], ids=["zh", "tr"]
)
async def test_a_language_is_chosen_and_kept(
    browser: aiohttp.ClientSession, house: House, banksh: WaitanClient, language: str, said: str
) -> None:
    uetr = await named(banksh)
    await sign_in(browser, a_token(house))
    status, text = await page(browser, f"/language/{language}?to=/payments/{uetr}")
    assert (status, said in text, f'<html lang="{language}">' in text) == (200, True, True)
    assert said in (await page(browser, f"/payments/{uetr}"))[1]


@pytest.mark.parametrize("to", ["/payments?q=%E4%B8%9D%26&status=RJCT", "/payments/x"])
async def test_a_change_of_language_leads_back_to_where_it_was_chosen(
    browser: aiohttp.ClientSession, house: House, to: str
) -> None:
    await sign_in(browser, a_token(house))
    _, text = await page(browser, to)
    link = html.unescape(re.findall(r'href="(/language/tr[^"]*)"', text)[0])
    async with browser.get(URL(link, encoded=True), allow_redirects=False) as response:
        assert response.headers["Location"] == to


async def test_an_address_cannot_break_out_of_its_header(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/language/tr", params={"to": "/x\r\nSet-Cookie: a=b"}, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/x%0D%0ASet-Cookie:%20a=b")


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
async def test_a_change_of_language_leads_nowhere_else(browser: aiohttp.ClientSession, to: str) -> None:
    async with browser.get("/language/tr", params={"to": to}, allow_redirects=False) as response:
        assert response.headers["Location"] == "/"


async def test_who_signs_out_is_a_stranger_again(
    browser: aiohttp.ClientSession, house: House, banksh: WaitanClient
) -> None:
    uetr = await named(banksh)
    await sign_in(browser, a_token(house))
    async with browser.post("/sign-out") as response:
        assert response.ok
    assert (await page(browser, f"/payments/{uetr}"))[0] == 401


async def test_a_gateway_that_has_stopped_says_so_on_its_pages(browser: aiohttp.ClientSession, house: House) -> None:
    await sign_in(browser, a_token(house))
    follower = house.gateways["banksh"].follower
    follower.failure = FeedBrokenError("as if a block did not follow")
    try:
        for path in ("/", "/payments", "/find"):
            status, text = await page(browser, path)
            assert (status, "does not answer right now" in text) == (503, True)
    finally:
        follower.failure = None


async def test_an_address_that_nothing_has_is_a_page_for_people_and_a_problem_for_programs(
    browser: aiohttp.ClientSession,
) -> None:
    status, text = await page(browser, "/nothing/here", Accept="text/html")
    assert (status, "There is no such page" in text) == (404, True)
    for path, accept in (("/nothing", "application/json"), ("/nothing", "*/*"), ("/v1/nothing", "*/*")):
        async with browser.get(path, headers={"Accept": accept}) as response:
            assert (response.status, response.content_type) == (404, "application/problem+json")


async def test_what_was_typed_is_shown_as_text(browser: aiohttp.ClientSession, house: House) -> None:
    await sign_in(browser, a_token(house))
    status, text = await page(browser, "/find?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert status == 200
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
