"""The tracker in a real browser: every button and field of every page does what it says."""

import re
import ssl
from typing import Final

import pytest
from playwright.async_api import Page, expect

from gateway.auth.certifying import development_certifier
from gateway.auth.scopes import Scope
from gateway.traders.server import Traders
from gateway.traders.tokens import Tokens
from settlement.customs.duty import Direction
from tests.browser.conftest import PAYMENTS, Doors, signed_in
from tests.browser.hand import Hand
from tests.builders import in_two_weeks
from tests.customs_samples import number
from tests.gateway.house import NETWORK
from tests.trade import SELLER

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
    await _makes_a_key(hand, doors)
    await _signs(hand, doors)
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


async def _makes_a_key(hand: Hand, doors: Doors) -> None:
    """The seller has none yet; its bank certifies out of sight."""
    await signed_in(hand.page.context, doors, "banksh", Scope.TRADER, SELLER.identifier)
    await hand.go(doors.url("banksh", "/trade"))
    await hand.follow("My key")
    await hand.go(doors.url("banksh", f"/trade/records/{doors.there.bill}/sign/transfer_bill?to=bankist"))
    await hand.follow("Make a key")
    await hand.fill("Your name", "Shen Lihua")
    await hand.press("Make a key")
    await expect(hand.page.get_by_text("The key waits for its certificate.")).to_be_visible()
    request = await hand.page.get_by_label("Give this request to your bank").input_value()
    hand.used.add(("field", "Give this request to your bank"))
    certify = development_certifier(doors.house.members["banksh"].ca)
    certificate = ssl.DER_cert_to_PEM_cert(certify(request.encode(), SELLER.identifier))
    await hand.fill("The certificate that it gives you", certificate)
    await hand.press("Take the certificate")
    await expect(hand.page.get_by_text("You can sign with this key.")).to_be_visible()


async def _signs(hand: Hand, doors: Doors) -> None:
    """What the rules let the seller do with a contract, an invoice and a bill of lading, each once."""
    there, state = doors.there, hand.page.locator("#stands")
    await hand.go(doors.url("banksh", f"/trade/records/{there.bill}"))
    await hand.disclose("Apply for a loan on it")
    await hand.fill("Your number for the loan", "HAND-1")
    await hand.fill("Amount", "1,500.00")
    await hand.fill("Currency", "CNY")
    await hand.fill("The bank may look until", in_two_weeks()[:10])
    await hand.fill("Secured by these as well (may be empty)", f"declaration:{number(7)}")
    await hand.press("Read and sign")
    await hand.page.locator("summary", has_text="The exact text").click()
    await hand.disclose("The exact text")
    await hand.sign()
    await expect(state).to_contain_text("Issued")
    await hand.go(doors.url("banksh", f"/trade/records/{there.bill}"))
    await hand.disclose("Confirm that you hold it")
    await hand.press("Read and sign")
    await hand.page.go_back()
    await hand.disclose("Surrender")
    await hand.choose("For what", "The goods")
    await hand.press("Read and sign")
    await hand.page.go_back()
    await hand.disclose("Endorse")
    await hand.choose("How", "To a name's order")
    await hand.fill("To whom (may be empty)", "789000M2RX5C8V1DPT81@bankist")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator(".acts li", has_text="Endorsed to order")).to_be_visible()
    await hand.disclose("Transfer")
    await hand.fill("To whom", "789000M2RX5C8V1DPT81@bankist")
    await hand.fill("Reason (may be empty)", "Documents against payment")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator(".acts li", has_text="Documents against payment")).to_be_visible()
    await hand.go(doors.url("banksh", f"/trade/records/{there.bill}"))
    await hand.disclose("Contest who holds it")
    await hand.fill("Reason", "Given by mistake")
    await hand.press("Read and sign")
    await _issues(hand, doors)
    await _declares(hand, doors)
    await _shows_papers(hand, doors)
    await _reads_what_it_does_not_sign(hand, doors)


async def _issues(hand: Hand, doors: Doors) -> None:
    """An invoice for some of what was sold, and a note to it, each once; what was filled in wrongly is corrected."""
    contract, day = doors.url("banksh", f"/trade/records/{doors.there.contract}"), in_two_weeks()[:10]
    await hand.go(contract)
    await hand.disclose("Issue an invoice")
    await hand.fill("Number", "HAND-2")
    await hand.fill("Date of issue", day)
    await hand.fill("To be paid by", day)
    await hand.fill("Quantity 1", "10,5")
    await hand.fill("Quantity 2", "")
    await hand.press("Read and sign")
    await expect(hand.page.get_by_role("alert")).to_contain_text("Quantity 1: write digits")
    await expect(hand.page.get_by_label("Quantity 1")).to_be_focused()
    await expect(hand.page.get_by_label("Number")).to_have_value("HAND-2")
    await hand.follow("Back to the record")
    await hand.page.go_back()
    await hand.fill("Quantity 1", "10")
    await hand.press("Read and sign")
    await expect(hand.page.locator("dd", has_text="580.00 CNY")).to_be_visible()
    await hand.disclose("Change what was filled in")
    await hand.sign()
    await expect(hand.page.get_by_role("heading", level=1)).to_have_text("Invoice HAND-2")
    await hand.disclose("Issue a credit or debit note")
    await hand.choose("Which way", "Less: a credit note")
    await hand.fill("Number", "HAND-3")
    await hand.fill("Date of issue", day)
    await hand.fill("Amount, CNY", "80.00")
    await hand.fill("Reason", "One metre short")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator(".acts li", has_text="HAND-3: One metre short")).to_be_visible()


async def _declares(hand: Hand, doors: Doors) -> None:
    """An export of some of it is lodged, corrected, and withdrawn before customs has accepted it."""
    await hand.go(doors.url("banksh", f"/trade/records/{doors.there.contract}"))
    await hand.disclose("Lodge a declaration")
    await hand.choose("Customs", "Shanghai Single Window")
    await hand.choose("Declared", "In full")
    for label, text in (
        ("Number", number(4711, Direction.EXPORT)),
        ("Other side", "Bosphorus Tekstil A.S."),
        ("Supervision mode", "0110"),
        ("Mode of transport (1: sea)", "1"),
        ("Bill of lading or waybill", "HAND-4"),
        ("Port (UN/LOCODE)", "CNSHA"),
        ("Country they go to or come from", "TR"),
        ("Incoterms rule (may be empty)", "CIF"),
        ("Packages (may be empty)", "1"),
        ("Gross weight, kg (may be empty)", "3"),
        ("Net weight, kg (may be empty)", "2"),
        ("Invoices (may be empty)", "HAND-2"),
        ("Certificates (may be empty)", ""),
        ("HS code 1", "50072031"),
        ("Quantity 1", "10"),
        ("Origin 1", "CN"),
        ("Value 1", "580.00"),
        *((label, "") for label in ("HS code 2", "Quantity 2", "Origin 2", "Value 2")),
    ):
        await hand.fill(label, text)
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator("#stands")).to_contain_text("Lodged")
    await hand.disclose("Correct the declaration")
    await hand.fill("Quantity 1", "9")
    await hand.fill("Reason", "Miscounted")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator(".acts li", has_text="Miscounted")).to_be_visible()
    await hand.disclose("Withdraw the declaration")
    await hand.fill("Reason", "Not shipped")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator("#stands")).to_contain_text("Cancelled")


async def _shows_papers(hand: Hand, doors: Doors) -> None:
    """A document is shown to customs; that it is revoked is read, and not signed."""
    await hand.go(doors.url("banksh", f"/trade/records/{doors.there.document}"))
    await hand.disclose("Present")
    await hand.choose("To whom it is shown", "Shanghai Single Window")
    await hand.press("Read and sign")
    await hand.sign()
    await hand.disclose("Revoke")
    await hand.fill("Reason", "Wrong goods")
    await hand.press("Read and sign")


async def _reads_what_it_does_not_sign(hand: Hand, doors: Doors) -> None:
    """A notice is filled in and read, and the other side never gets it."""
    await hand.go(doors.url("banksh", f"/trade/records/{doors.there.contract}"))
    await hand.disclose("Where it stands on the ledger")
    await hand.disclose("Confirm performance")
    await hand.press("Read and sign")
    await expect(hand.page.get_by_role("heading", level=1)).to_have_text("Confirm performance")
    await hand.page.go_back()
    await hand.disclose("End the contract")
    await hand.fill("Reason", "Goods never came")
    await hand.press("Read and sign")
    await expect(hand.page.locator("dd", has_text="Goods never came")).to_be_visible()


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
    await hand.follow("Reads")
    rows = hand.page.locator("tbody tr", has_text=doors.there.uetr)
    await expect(rows.nth(24)).to_be_visible()  # of 25 records, each of one read or of several that came at once
    await expect(rows.first).to_contain_text("A payment")
    await hand.follow("Older")
    await expect(rows.first).to_be_visible()
    await hand.follow("Newest")
    await rows.first.get_by_role("link", name=doors.there.uetr).click()
    await expect(hand.page.get_by_role("heading", name="Payment", exact=True)).to_be_visible()
