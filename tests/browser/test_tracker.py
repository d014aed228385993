"""The tracker in a real browser: every button and field of every page does what it says."""

import re
from typing import Final

import pytest
from playwright.async_api import Page, expect

from gateway.auth.scopes import Scope
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from tests.browser import trader
from tests.browser.conftest import PAYMENTS, Doors, signed_in
from tests.browser.hand import Hand
from tests.gateway.house import NETWORK

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("chromium")]

NO_PAGES: Final = ("/v1/", "/static/", "/healthz", "/language/", "/{rest}", "/statements/")
"""What is no page: what programs ask, what pages load, the choice of a language, statements to be fetched."""


async def test_every_button_and_field_does_what_it_says(page: Page, doors: Doors) -> None:
    hand = Hand(page)
    await _signs_in_and_out(hand, doors)
    await _finds(hand, doors)
    await _filters(hand, doors)
    await _looks_closer(hand, doors)
    await _reads_statements(hand, doors)
    await _walks_the_frame(hand, doors)
    await trader.makes_a_key(hand, doors)
    await trader.signs(hand, doors)
    await _looks_for_trade(hand, doors)
    await _goes_through_customs(hand, doors)
    await _is_supervised(hand, doors)
    assert hand.seen - hand.used == set()
    assert _unvisited(hand, doors) == set()


def _unvisited(hand: Hand, doors: Doors) -> set[str]:
    """Name the pages, by their routes, of which none was looked at."""
    member = doors.house.members["banksh"]
    tokens = Tokens(member.service.certificate, network=NETWORK, participant="banksh")
    resources = Traders(doors.house.gateways["banksh"], tokens).application().router.resources()
    pages = {each.canonical: each for each in resources if not each.canonical.startswith(NO_PAGES)}
    return {
        name
        for name, each in pages.items()
        if "GET" in {route.method for route in each}
        and not any(re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", name), path) for path in hand.visited)
    }


async def _signs_in_and_out(hand: Hand, doors: Doors) -> None:
    await hand.go(doors.url("banksh", "/"))
    await hand.fill("Access token", "nonsense")
    await hand.press("Sign in")
    await expect(hand.page.get_by_role("alert")).to_contain_text("not valid here")
    await hand.fill("Access token", doors.token("banksh"))
    await hand.press("Sign in")
    await expect(hand.page.get_by_text("Signed in as Huangpu Silk Co")).to_be_visible()
    await hand.press("Sign out")
    await expect(hand.page.get_by_label("Access token")).to_be_visible()
    await hand.fill("Access token", doors.token("banksh", Scope.DESK))
    await hand.press("Sign in")
    await expect(hand.page).to_have_url(doors.url("banksh", "/desk"))


async def _finds(hand: Hand, doors: Doors) -> None:
    await hand.follow("Find")
    await hand.fill("What are you looking for?", "SILKORDER07")
    await hand.press("Find")
    await expect(hand.page.locator("tbody tr")).to_have_count(1)
    await expect(hand.page.locator("tbody tr")).to_contain_text("800.00 CNY")


async def _filters(hand: Hand, doors: Doors) -> None:
    rows = hand.page.locator("tbody tr")
    await hand.follow("Clear")
    await hand.fill("Reference, name or number", "silkorder")
    await hand.press("Filter")
    await expect(rows).to_have_count(25)
    await hand.follow("Older")
    await expect(rows).to_have_count(25)
    await hand.follow("Older")
    await expect(rows).to_have_count(PAYMENTS - 50)
    await hand.follow("Newest")
    await expect(rows).to_have_count(25)
    await hand.fill("Reference, name or number", "SILKORDER03")
    await hand.press("Filter")
    await expect(rows).to_have_count(1)
    await hand.follow("Clear")
    await hand.choose("Status", "Rejected")
    await hand.press("Filter")
    await expect(rows).to_contain_text(["99,999,999.00"])
    await hand.choose("Status", "Any")
    await hand.choose("Bank", "Bosphorus Bankasi")
    await hand.choose("Currency", "CNY")
    await hand.fill("Amount from", "2,800.00")
    await hand.fill("Amount to", "3000")
    await hand.press("Filter")
    await expect(rows).to_have_count(3)
    await hand.fill("Value date from", "2030-01-01")
    await hand.press("Filter")
    await expect(hand.page.get_by_text("No payments.")).to_be_visible()
    await hand.fill("Value date from", "2020-01-01")
    await hand.fill("Value date to", "2020-01-02")
    await hand.press("Filter")
    await expect(hand.page.get_by_text("No payments.")).to_be_visible()
    await hand.fill("Value date to", "")
    await hand.fill("Amount from", "1.001")
    await hand.press("Filter")
    await expect(hand.page.get_by_role("alert")).to_contain_text("Amount from is not understood")


async def _looks_closer(hand: Hand, doors: Doors) -> None:
    await hand.go(doors.url("banksh", "/payments?q=SILKORDER03"))
    await hand.page.get_by_role("link", name=re.compile("SILKORDER03")).click()
    await expect(hand.page.get_by_role("heading", name="Payment", exact=True)).to_be_visible()
    await hand.look()
    await hand.disclose("As a table")
    await hand.disclose("Where it stands on the ledger")
    await hand.follow("Desk")
    await hand.disclose("As a table")
    await hand.follow("All payments")
    await expect(hand.page.get_by_role("heading", name="Payments")).to_be_visible()


async def _reads_statements(hand: Hand, doors: Doors) -> None:
    await hand.follow("Trade")
    await expect(hand.page.get_by_text("No records of trade.").or_(hand.page.locator("tbody tr")).first).to_be_visible()
    await hand.follow("Statements")
    await hand.choose("Account", "banksh-CNY")
    await hand.press("Show")
    await expect(hand.page.locator("tbody tr")).to_have_count(50)
    await hand.follow("Next page")
    await expect(hand.page.locator("tbody th").first).to_be_visible()
    await hand.follow("First page")
    await expect(hand.page.locator("tbody tr")).to_have_count(50)
    for form, begins in (("JSON", b'{"account":"banksh-CNY"'), ("CSV", b'"line",'), ("ISO 20022", b"<?xml")):
        async with hand.page.expect_download() as download:
            await hand.page.get_by_role("link", name=form, exact=True).click()
        assert (await (await download.value).path()).read_bytes().startswith(begins)
        hand.used.add(("link", form))
    await hand.fill("From day", "2020-01-01")
    await hand.fill("To day", "2020-01-02")
    await hand.press("Show")
    await expect(hand.page.get_by_text("Nothing moved.")).to_be_visible()


async def _walks_the_frame(hand: Hand, doors: Doors) -> None:
    await hand.page.keyboard.press("Tab")
    await expect(hand.page.get_by_role("link", name="Skip to content")).to_be_focused()
    await hand.page.keyboard.press("Enter")
    await expect(hand.page).to_have_url(re.compile("#content$"))
    hand.used.add(("link", "Skip to content"))
    for language, said in (("中文", "对账单"), ("Türkçe", "Ekstreler"), ("English", "Statements")):
        await hand.follow(language, looking=language == "English")
        await expect(hand.page.get_by_role("heading", level=1)).to_have_text(said)
    await signed_in(hand.page.context, doors, "clearing", Scope.CLEARING)
    await hand.go(doors.url("clearing", "/"))
    await expect(hand.page).to_have_url(doors.url("clearing", "/network"))
    await hand.disclose("As a table")
    await hand.follow("All rejected payments")
    await expect(hand.page.locator("tbody tr")).to_contain_text(["99,999,999.00"])
    await hand.follow("Network")
    await hand.follow("Payments")
    await hand.page.get_by_role("link", name=re.compile("Waitan tracker")).click()
    await expect(hand.page).to_have_url(doors.url("clearing", "/network"))
    await hand.go(doors.url("banksh", "/network"))
    await expect(hand.page.get_by_role("alert")).to_have_text("This page is not for your token.")
    await hand.follow("Home")
    await expect(hand.page).to_have_url(doors.url("banksh", "/desk"))


async def _looks_for_trade(hand: Hand, doors: Doors) -> None:
    rows = hand.page.locator("tbody tr")
    await hand.follow("Trade")
    await hand.fill("Party, goods, ship or number", "scarves")
    await hand.choose("Record", "Contract")
    await hand.choose("State", "In effect")
    await hand.press("Filter")
    await expect(rows).to_have_count(1)
    await hand.follow("Clear")
    await hand.follow("Financing")
    await expect(rows.filter(has_text="HAND-1")).to_contain_text("1,500.00 CNY")


async def _goes_through_customs(hand: Hand, doors: Doors) -> None:
    await signed_in(hand.page.context, doors, "customs", Scope.CUSTOMS)
    await hand.go(doors.url("customs", "/"))
    await expect(hand.page).to_have_url(doors.url("customs", "/customs"))
    await hand.follow("All declarations")
    await expect(hand.page.locator("tbody tr")).to_have_count(2)
    await hand.follow("Customs")
    await hand.page.get_by_role("link", name="Tax assessed").click()
    await expect(hand.page.locator("tbody tr")).to_contain_text(["Tax assessed"])
    await hand.follow("Find")
    await hand.fill("What are you looking for?", "OTHERS-T")
    await hand.press("Find")
    await expect(hand.page.locator("tbody tr")).to_have_count(1)


async def _is_supervised(hand: Hand, doors: Doors) -> None:
    """A supervisor looks at a payment thirty times, and the bank reads of it, from the newest to the oldest."""
    await signed_in(hand.page.context, doors, "regulator", Scope.SUPERVISOR)
    for _ in range(30):
        await hand.page.goto(doors.url("regulator", f"/payments/{doors.there.uetr}"))
    await signed_in(hand.page.context, doors, "banksh", Scope.DESK)
    await hand.go(doors.url("banksh", "/desk/proposals"))
    await hand.go(doors.url("banksh", "/desk"))
    await hand.page.get_by_role("link", name=re.compile("Asked for by customers: ")).click()
    await expect(hand.page).to_have_url(doors.url("banksh", "/desk/initiations"))
    await hand.look()
    await hand.disclose("Particulars")
    await hand.go(doors.url("banksh", "/desk"))
    await hand.follow("Reads")
    rows = hand.page.locator("tbody tr", has_text=doors.there.uetr)
    await expect(rows.nth(24)).to_be_visible()  # of 25 records, each of one read or of several that came at once
    await expect(rows.first).to_contain_text("A payment")
    await hand.follow("Older")
    await expect(rows.first).to_be_visible()
    await hand.follow("Newest")
    await rows.first.get_by_role("link", name=doors.there.uetr).click()
    await expect(hand.page.get_by_role("heading", name="Payment", exact=True)).to_be_visible()
