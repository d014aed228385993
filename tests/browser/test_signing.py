"""Signing in a real browser: its key is made there and stays there, and what it signs the ledger takes."""

import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Route

from gateway.auth.certifying import development_certifier
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.traders import server
from gateway.traders.tokens import Tokens
from gateway.traders.web.frame import token_cookie
from settlement.participants import RegisterCustomer
from settlement.trade import contract
from settlement.trade.contract_terms import ContractTerms
from tests.browser.conftest import Doors
from tests.builders import an_id
from tests.gateway.house import NETWORK, House
from tests.trade import SELLER, TRADER, a_proposal, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    """The door of a bank that certifies what its customers' browsers ask."""
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS["banksh"].customer))
    member = house.members["banksh"]
    tokens = Tokens(member.service.certificate, network=NETWORK, participant="banksh")
    door = await server.serve(
        house.gateways["banksh"], tokens, "127.0.0.1", 0, certifier=development_certifier(member.ca)
    )
    opened = Doors(house)
    opened.ports["banksh"] = door.port
    yield opened
    await door.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext, desk: Doors) -> Page:
    """A page of the seller's browser, signed in."""
    token = desk.token("banksh", customer=SELLER.identifier)
    await context.add_cookies([{"name": token_cookie("banksh"), "value": token, "url": desk.url("banksh")}])
    return await context.new_page()


async def proposed(house: House, banksh: WaitanClient, number: str) -> ContractTerms:
    """Let the seller propose a contract from elsewhere."""
    terms = some_terms(number)
    await banksh.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    return terms


async def with_key(page: Page, desk: Doors) -> None:
    """Let the browser make a key, and have it certified."""
    await page.goto(desk.url("banksh", "/trade/key"))
    await page.get_by_label("Your name").fill("Shen Lihua")
    await page.get_by_role("button", name="Make a key").click()
    await page.get_by_text("You can sign with this key. Shen Lihua").wait_for()


async def test_a_contract_is_signed_with_a_key_of_the_browser(
    house: House, banksh: WaitanClient, page: Page, desk: Doors
) -> None:
    """What the page shows is what is signed; the timeline then tells who did it."""
    terms = await proposed(house, banksh, "B-1")
    name = contract.contract_id(terms)
    await page.goto(desk.url("banksh", f"/trade/records/{name}"))
    assert await page.get_by_role("button", name="Sign", exact=True).is_hidden()
    await page.get_by_role("link", name="Make a key").click()
    back = page.get_by_role("link", name="Back to what you were about to sign")
    await page.get_by_label("Your name").fill("Shen Lihua")
    await page.get_by_role("button", name="Make a key").click()
    await page.get_by_text("You can sign with this key. Shen Lihua").wait_for()
    await back.click()
    await page.get_by_role("button", name="Sign", exact=True).click()
    await page.get_by_text("Signed by one").first.wait_for()
    found = await banksh.trade_record(name)
    assert [act.event for act in found.acts] == ["PROPOSED", "SIGNED"]
    assert (found.acts[1].signer, found.acts[1].party) == ("Shen Lihua", SELLER.identifier)
    assert await page.get_by_text("Shen Lihua, Bank of the Bund").count() == 1


async def test_the_key_cannot_be_read(page: Page, desk: Doors) -> None:
    """Not even by the page itself: WebCrypto hands it to nobody."""
    await with_key(page, desk)
    told = await page.evaluate(
        """async () => {
            const database = await new Promise((done) => {
                const opening = indexedDB.open("waitan", 1);
                opening.onsuccess = () => done(opening.result);
            });
            const own = await new Promise((done) => {
                const asking = database.transaction("keys").objectStore("keys").get("mine");
                asking.onsuccess = () => done(asking.result);
            });
            const tries = ["jwk", "pkcs8"].map((form) => crypto.subtle.exportKey(form, own.privateKey)
                .then(() => "read", (error) => error.name));
            return [own.privateKey.extractable, ...await Promise.all(tries)];
        }"""
    )
    assert told == [False, "InvalidAccessError", "InvalidAccessError"]


async def test_a_text_that_was_changed_in_the_page_is_not_taken(
    house: House, banksh: WaitanClient, page: Page, desk: Doors
) -> None:
    """The signature is then on another document than the one on the ledger."""
    terms = await proposed(house, banksh, "B-2")
    await with_key(page, desk)
    original = contract.contract_id(terms)

    async def altered(route: Route) -> None:
        response = await route.fetch()
        body = (await response.text()).replace("100000.00", "100.00")
        await route.fulfill(response=response, body=body)

    await page.route(f"**/trade/records/{original}", altered)
    await page.goto(desk.url("banksh", f"/trade/records/{original}"))
    await page.get_by_role("button", name="Sign", exact=True).click()
    await page.get_by_text("Not signed: The signature does not hold.").wait_for()
    await page.get_by_text("(DS0H, signature)").wait_for()
    assert (await banksh.trade_record(original)).record.state == "DRAFT"


async def test_a_certificate_of_another_key_is_not_taken(house: House, page: Page, desk: Doors) -> None:
    """Where the bank certifies out of sight, the page shows the request, and takes the answer to it alone."""
    await page.goto(desk.url("banksh", "/trade/key"))
    await page.evaluate("document.querySelector('[data-key]').dataset.certifies = 'no'")
    await page.get_by_label("Your name").fill("Shen Lihua")
    await page.get_by_role("button", name="Make a key").click()
    await page.get_by_text("The key waits for its certificate.").wait_for()
    request = await page.get_by_label("Give this request to your bank").input_value()
    other = house.members["banksh"].people[TRADER].certificate.decode()
    await page.get_by_label("The certificate that it gives you").fill(other)
    await page.get_by_role("button", name="Take the certificate").click()
    await page.get_by_text("This certificate is of another key.").wait_for()
    certificate = development_certifier(house.members["banksh"].ca)(request.encode(), SELLER.identifier)
    await page.get_by_label("The certificate that it gives you").fill(ssl.DER_cert_to_PEM_cert(certificate))
    await page.get_by_role("button", name="Take the certificate").click()
    await page.get_by_text("You can sign with this key.").wait_for()
