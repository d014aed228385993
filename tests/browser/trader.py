"""What a trader does on its pages, by a hand: it makes a key, and signs all that the rules let its firm sign."""

import ssl

from playwright.async_api import expect

from gateway.auth.certifying import development_certifier
from gateway.auth.scopes import Scope
from settlement.customs.duty import Direction
from tests.browser.conftest import Doors, signed_in
from tests.browser.hand import Hand
from tests.builders import in_two_weeks
from tests.customs_samples import number
from tests.trade import BUYER, SELLER


async def makes_a_key(hand: Hand, doors: Doors) -> None:
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


async def signs(hand: Hand, doors: Doors) -> None:
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
    await _proposes(hand, doors)
    await _issues(hand, doors)
    await _declares(hand, doors)
    await _shows_papers(hand, doors)
    await _reads_what_it_does_not_sign(hand, doors)


async def _proposes(hand: Hand, doors: Doors) -> None:
    """A contract from its first page to the firm's own signature; an amendment of another is read."""
    await hand.go(doors.url("banksh", "/trade"))
    await hand.follow("Propose a contract")
    await _fills_in_terms(hand)
    await _fills_in_goods(hand)
    await hand.press("Read and sign")
    await expect(hand.page.locator("dd", has_text="100,000.00 CNY")).to_be_visible()
    await hand.sign()
    await expect(hand.page.get_by_role("heading", level=1)).to_have_text("Contract HAND-9")
    await hand.sign()
    await expect(hand.page.locator("#stands")).to_contain_text("Signed by one")
    await hand.disclose("Take the proposal back")
    await hand.fill("Reason", "Another price")
    await hand.press("Read and sign")
    await hand.sign()
    await expect(hand.page.locator(".acts li", has_text="Another price")).to_be_visible()
    await hand.go(doors.url("banksh", f"/trade/records/{doors.there.contract}"))
    await hand.disclose("Propose an amendment")
    await hand.fill("Price per unit 2", "100.00")
    await hand.press("Read and sign")
    await expect(hand.page.get_by_role("heading", level=1)).to_have_text("Propose an amendment")


async def _fills_in_terms(hand: Hand) -> None:
    """Both firms, the delivery, how it is paid, and the dates."""
    for label, option in (
        ("Your firm", "sells"),
        ("The other side's bank", "Bosphorus Bankasi"),
        ("Incoterms rule", "FOB"),
        ("Edition of Incoterms", "2020"),
        ("How the buyer pays", "On open account, days after the bill of lading"),
    ):
        await hand.choose(label, option)
    for label, text in (
        ("Number", "HAND-9"),
        ("Date of the terms", "2026-11-23"),
        ("Your firm's name", SELLER.name),
        ("Your country (two letters)", "CN"),
        ("Your town", "Shanghai"),
        ("Your street (may be empty)", "Sichuan Middle Road"),
        ("Your building number (may be empty)", "276"),
        ("Your post code (may be empty)", "200002"),
        ("The other side's name", BUYER.name),
        ("The other side's LEI or USCC", BUYER.identifier),
        ("Their country (two letters)", "tr"),
        ("Their town", "Istanbul"),
        ("Their street (may be empty)", ""),
        ("Their building number (may be empty)", ""),
        ("Their post code (may be empty)", ""),
        ("Currency", "CNY"),
        ("Place or port of that rule", "Shanghai"),
        ("After how many days (may be empty)", "60"),
        ("More may be invoiced, per cent (may be empty)", "5"),
        ("To be shipped by", "2027-01-15"),
        ("The contract ends on", "2027-06-30"),
        ("Governing law", "CISG"),
    ):
        await hand.fill(label, text)


async def _fills_in_goods(hand: Hand) -> None:
    """Two lines are filled in, with an empty one between them."""
    await hand.press("More lines of goods")
    for place, (goods, code, many, unit, price) in enumerate(
        (
            ("Woven silk fabric", "5007201900", "1,000", "metres (MTR)", "58.00"),
            ("", "", "", "pieces (H87)", ""),
            ("Silk scarves", "621410", "420", "pieces (H87)", "100"),
            ("", "", "", "sets (SET)", ""),
        ),
        1,
    ):
        await hand.fill(f"Goods {place}", goods)
        await hand.fill(f"HS code {place}", code)
        await hand.fill(f"Quantity {place}", many)
        await hand.choose(f"Unit {place}", unit)
        await hand.fill(f"Price per unit {place}", price)


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
