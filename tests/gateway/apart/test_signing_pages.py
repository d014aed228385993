"""What a page has its reader sign, done by a program in the browser's place: the ledger takes it as it stands there."""

import html
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.auth.signing import sign_document
from gateway.client import WaitanClient
from settlement.commands import PERSONAL_DECODER
from settlement.customs.duty import Direction
from settlement.customs.handling import declaration_id
from settlement.financing import financing_id
from settlement.trade import contract, invoice
from settlement.trade.invoice import InvoiceTerms, IssueInvoice
from tests.builders import TODAY, an_id, in_two_weeks
from tests.customs_samples import number as numbered
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, register_traders
from tests.gateway.signing_browser import Browser
from tests.trade import BUYER, SELLER, TRADER, a_proposal, an_invoice, of_scarves, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[Doors]:
    await register_traders(banksh=banksh, bankist=bankist)
    async with doors_of(house, "banksh", "bankist") as opened:
        yield opened


async def in_effect(doors: Doors, banksh: WaitanClient, number: str) -> tuple[Browser, Browser, str]:
    """Bring a contract into effect, by its two pages."""
    terms = some_terms(number)
    name = contract.contract_id(terms)
    await banksh.ask_signed(NETWORK, a_proposal(terms), doors.house.members["banksh"].person(TRADER))
    await doors.house.caught_up()
    seller, buyer = Browser(doors, "banksh"), Browser(doors, "bankist")
    for each in (seller, buyer):
        assert (await each.sign(f"/trade/records/{name}"))[0] == 200
    return seller, buyer, name


async def invoiced(
    doors: Doors, banksh: WaitanClient, name: str, number: str, terms: InvoiceTerms | None = None
) -> str:
    bill = replace(terms or an_invoice(number), contract_id=name)
    person = doors.house.members["banksh"].person(TRADER)
    issue = IssueInvoice(command_id=an_id(), terms=bill, signature=sign_document(NETWORK, bill, person))
    await banksh.ask_signed(NETWORK, issue, person)
    await doors.house.caught_up()
    return invoice.invoice_id(bill)


async def test_a_trade_is_signed_on_pages_from_its_terms_to_the_loan_on_its_invoice(
    doors: Doors, banksh: WaitanClient
) -> None:
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    _, text = await buyer.page(f"/trade/records/{name}")
    assert ("In effect" in text, "To be signed by your firm" in text) == (True, False)
    bill = await invoiced(doors, banksh, name, "PAGES-1")
    path = f"/trade/records/{bill}"
    assert "To be signed" not in (await seller.page(path))[1]
    assert (await buyer.sign(path))[0] == 200
    assert "Accepted" in (await buyer.page(path))[1]
    number = f"L-{an_id()[:8]}"
    until = in_two_weeks()[:10]
    asked = f"{path}/sign/apply_for_financing?loan_number={number}&amount=6,000.00&currency=CNY&consents_until={until}"
    assert (await seller.sign(asked))[0] == 200
    loan = financing_id("banksh", SELLER.identifier, number)
    status, text = await seller.page(f"/trade/records/{loan}")
    assert (status, "6,000.00" in text, "Applied for" in text) == (200, True, True)
    desk = Browser(doors, "banksh", Scope.DESK, "officer-1")
    for reader in (seller, desk):
        _, text = await reader.page("/financing")
        assert loan in text
    for reader in (buyer, Browser(doors, "bankist", Scope.DESK, "officer-1")):
        assert loan not in (await reader.page("/financing"))[1]
        assert (await reader.page(f"/trade/records/{loan}"))[0] == 404


async def test_a_loan_is_applied_for_on_several_documents(doors: Doors, banksh: WaitanClient) -> None:
    """Named by their numbers; what nobody lends on, what is not there and what is named twice is not taken."""
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    numbers = [f"{name[:6]}-{place}" for place in "123"]
    bills = [await invoiced(doors, banksh, name, number, of_scarves(number, "1000.00")) for number in numbers]
    for bill in bills[:2]:
        assert (await buyer.sign(f"/trade/records/{bill}"))[0] == 200
    _, text = await seller.page(f"/trade/records/{bills[0]}")
    assert f"<code>invoice:{numbers[1]}</code>" in text
    assert f"<code>invoice:{numbers[2]}</code>" not in text  # the buyer has not accepted it
    loan = f"L-{an_id()[:8]}"
    asked = (
        f"/trade/records/{bills[0]}/sign/apply_for_financing"
        f"?loan_number={loan}&amount=2.00&currency=CNY&consents_until={in_two_weeks()[:10]}&also_on="
    )
    twice = f"{numbers[1]},{numbers[1]}"
    refused = {numbers[2]: 409, "NO-SUCH": 409, f"declaration:{numbers[1]}": 409, numbers[0]: 422, twice: 422}
    for wrong, status in refused.items():
        assert (await seller.page(asked + wrong))[0] == status, wrong
    assert (await seller.sign(f"{asked}+invoice:{numbers[1]}+,"))[0] == 200
    found = doors.house.gateways["banksh"].trade.find(financing_id("banksh", SELLER.identifier, loan), on=TODAY)
    assert found is not None
    assert [each.record_id for each in found.record.subjects] == bills[:2]  # type: ignore[attr-defined]


async def test_what_is_not_ones_to_sign_has_no_page(doors: Doors, banksh: WaitanClient) -> None:
    """Neither what another side signs, nor what the record does not let anybody do now, nor for staff."""
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    bill = await invoiced(doors, banksh, name, "PAGES-2")
    desk = Browser(doors, "bankist", Scope.DESK, "officer-1")
    for reader, path in (
        (seller, f"{bill}/sign/accept_invoice"),
        (seller, f"{bill}/sign/apply_for_financing?loan_number=1&amount=1.00&currency=CNY&consents_until=2099-01-01"),
        (desk, f"{bill}/sign/accept_invoice"),
        (buyer, f"{bill}/sign/apply_for_financing"),
        (buyer, f"{bill}/sign/nonsense"),
        (buyer, f"{name}/sign/sign_contract"),
        (buyer, f"{'f' * 32}/sign/sign_contract"),
    ):
        assert (await reader.page(f"/trade/records/{path}"))[0] == 404, path
    assert (await buyer.page(f"/trade/records/{bill}/sign/accept_invoice"))[0] == 200
    status, text = await buyer.page(f"/trade/records/{bill}/sign/dispute_invoice?reason=")
    assert (status, "Reason: has to be filled in (CH21)" in text) == (422, True)


async def test_a_form_that_is_wrong_comes_back_as_it_was_filled_in(doors: Doors, banksh: WaitanClient) -> None:
    """With its fault at the field, and what to write; what is in order can be changed from where it is read."""
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    bill = await invoiced(doors, banksh, name, "PAGES-6")
    assert (await buyer.sign(f"/trade/records/{bill}"))[0] == 200
    path = f"/trade/records/{bill}/sign/apply_for_financing"
    typed = "loan_number=L-%22%3E7&currency=CNY&consents_until=2026-12-01&amount="
    status, text = await seller.page(f"{path}?{typed}1234,56")
    assert (status, "as in 1,234.56 (CH16). Nothing was signed." in text) == (422, True)
    for name, value in (("loan_number", "L-&#34;&gt;7"), ("amount", "1234,56"), ("consents_until", "2026-12-01")):
        assert f'name="{name}" autocomplete="off" spellcheck="false" value="{value}"' in text
    assert re.findall(r'<input id="([^"]*)"[^>]*aria-invalid="true"', text) == ["apply_for_financing-amount"]
    assert 'aria-describedby="apply_for_financing-amount-fault"' in text
    assert 'id="apply_for_financing-amount-fault"' in text
    status, text = await seller.page(f"{path}?{typed}1,234.5")
    assert (status, "<dd>1,234.50 CNY</dd>" in text, "aria-invalid" in text) == (200, True, False)
    assert 'spellcheck="false" value="1,234.5"' in text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("{own}/trade/records/abc/sign/x?reason=a%20b", "/trade/records/abc/sign/x?reason=a%20b"),
        ("{own}/payments", "/trade"),
        ("http://evil.example/trade/records/abc", "/trade"),
        ("{own}//evil.example/trade/records/abc", "/trade"),
        ("http://[", "/trade"),
        ("", "/trade"),
    ],
)
async def test_who_makes_a_key_is_led_back_to_what_it_came_to_sign(doors: Doors, referer: str, back: str) -> None:
    """And nowhere else."""
    seller = Browser(doors, "banksh")
    status, text = await seller.page("/trade/key", Referer=referer.format(own=doors.url("banksh", "")))
    assert (status, re.findall(r'</h1><p><a href="([^"]*)"', text)) == (200, [back])


async def test_the_timeline_of_a_trade_names_who_did_what(doors: Doors, banksh: WaitanClient) -> None:
    """Firms and banks by their names, which the contract says; money in the words of its terms."""
    seller, _, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    _, text = await seller.page(f"/trade/records/{name}")
    assert f"Bosphorus Bankasi · {html.escape(BUYER.name)}" in text
    assert "Documentary collection" in text or "On open account" in text or "In advance" in text
    assert re.search(r"<dd>[0-9,.]+ m ", text)


async def test_a_choice_that_was_made_stays_chosen(doors: Doors, banksh: WaitanClient) -> None:
    seller, _, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    bill = await invoiced(doors, banksh, name, "PAGES-7")
    note = f"note_kind=DEBN&number=&issued_on={TODAY}&amount=1&reason=Freight"
    status, text = await seller.page(f"/trade/records/{bill}/sign/issue_note?{note}")
    assert (status, '<option value="DEBN" selected>' in text, "Amount, CNY" in text) == (422, True, True)


async def test_a_seller_invoices_credits_and_declares_on_pages(doors: Doors, banksh: WaitanClient) -> None:
    """As forms of the contract and of the invoice make it; the buyer, on its own page, accepts what it comes to."""
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    path, number = f"/trade/records/{name}", f"PAGES-{an_id()[:8]}"
    _, text = await seller.page(path)
    assert ("Issue an invoice" in text, "Lodge a declaration" in text) == (True, True)
    issue = f"{path}/sign/issue_invoice?number={number}&issued_on={TODAY}&due_on=2027-02-28&quantity_1=10&quantity_2="
    bill = invoice.invoice_id(replace(an_invoice(number), contract_id=name))
    _, text = await seller.page(issue)
    assert (f'data-after="/trade/records/{bill}"' in text, "580.00 CNY" in text) == (True, True)
    assert (await seller.sign(issue))[0] == 200
    note = f"note_kind=CREN&number=CN-1&issued_on={TODAY}&amount=80.00&reason=One+metre+short"
    assert (await seller.sign(f"/trade/records/{bill}/sign/issue_note?{note}"))[0] == 200
    assert (await buyer.sign(f"/trade/records/{bill}"))[0] == 200
    _, text = await buyer.page(f"/trade/records/{bill}")
    assert ("500.00 CNY" in text, "Accepted" in text) == (True, True)
    declaration = numbered(int(an_id()[:7], 16), Direction.EXPORT)
    goods = "hs_code_1=50072031&quantity_1=10&origin_1=CN&value_1=580.00&quantity_2="
    said = (
        f"customs=customs&declared_as=WHOLE&number={declaration}&counterparty=Bosphorus&procedure=0110"
        f"&transport_mode=1&transport_document=B{number}&port=CNSHA&country=TR&incoterm=CIF&packages=1"
        f"&gross_weight_kg=3&net_weight_kg=2&invoices={number}&{goods}"
    )
    assert (await seller.page(f"{path}/sign/lodge_declaration?{said.replace('CNSHA', 'Pudong')}"))[0] == 422
    assert (await seller.sign(f"{path}/sign/lodge_declaration?{said}"))[0] == 200
    _, text = await seller.page(f"/trade/records/{declaration_id(declaration)}")
    assert ("Lodged" in text, f"B{number}" in text) == (True, True)


async def test_a_reason_is_what_is_signed_and_shown(doors: Doors, banksh: WaitanClient) -> None:
    seller, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    path = f"/trade/records/{name}/sign/terminate_contract?reason=Goods+%3Cnever%3E+came"
    _, text = await buyer.page(path)
    command = PERSONAL_DECODER.decode(html.unescape(re.findall(r"data-text>([^<]*)</pre>", text)[0]))
    assert isinstance(command, contract.TerminateContract)
    assert command.reason == "Goods <never> came"
    assert "<never>" not in text
    assert (await buyer.sign(path))[0] == 200
    _, text = await seller.page(f"/trade/records/{name}")
    assert ("Ended by notice" in text, "Goods &lt;never&gt; came" in text) == (True, True)


async def test_the_same_page_signed_twice_takes_effect_once(doors: Doors, banksh: WaitanClient) -> None:
    _, buyer, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    bill = await invoiced(doors, banksh, name, "PAGES-3")
    path = f"/trade/records/{bill}/sign/dispute_invoice?reason=Two+metres+short"
    _, text = await buyer.page(path)
    assert text == (await buyer.page(path))[1]
    assert (await buyer.sign(path))[0] == 200


async def test_trade_is_narrowed_by_words_kind_and_state(doors: Doors, banksh: WaitanClient) -> None:
    number = f"P-{an_id()[:8]}"
    seller, _, name = await in_effect(doors, banksh, number)
    bill = await invoiced(doors, banksh, name, "PAGES-4")
    for query, seen in (
        (f"q={number}", {name}),
        (f"q={number}&kind=contract&state=EFFECTIVE", {name}),
        (f"q={number}&state=DRAFT", set()),
        (f"q={number}&kind=nonsense&state=nonsense", {name}),
        ("q=PAGES-4+scarves&kind=invoice", {bill}),
        ("q=PAGES-4+hazelnuts", set()),
    ):
        status, text = await seller.page(f"/trade?{query}")
        found = {each for each in (name, bill) if f"/trade/records/{each}" in text}
        assert (status, found) == (200, seen), query


async def test_goods_and_money_of_a_trade_stand_on_one_page(doors: Doors, banksh: WaitanClient) -> None:
    seller, _, name = await in_effect(doors, banksh, f"P-{an_id()[:8]}")
    bill = await invoiced(doors, banksh, name, "PAGES-5")
    for record in (name, bill):
        _, text = await seller.page(f"/trade/records/{record}")
        assert "Where the goods and the money are" in text
        assert "not shipped yet" in text
        assert re.search(r"Invoiced</dt><dd>100,000.00<small>CNY", text)
        assert re.search(r"Paid</dt><dd>0.00<small>CNY", text)
        other = bill if record == name else name
        assert f'/trade/records/{other}"' in text
