"""A live page shows what happens while one looks at it, says so to who hears it, and does not fold up what is open."""

import pytest
from msgspec.structs import replace
from playwright.async_api import BrowserContext, Page, expect

from gateway.auth.scopes import Scope
from gateway.auth.signing import sign_document
from gateway.client import WaitanClient
from settlement.customs.declaration import HoldGoods, LiftHold
from settlement.payments.commands import SubmitPayment
from settlement.trade import contract
from settlement.trade.contract import SignContract
from tests.browser.conftest import SILK_LEI, Doors, signed_in
from tests.builders import SILK, TODAY, an_id
from tests.customs_world import FIRST
from tests.gateway.house import NETWORK, a_fresh_payment
from tests.gateway.two_firms import ask
from tests.trade import SELLER, TRADER, a_proposal, some_terms
from waitan.v1.payments_pb2 import CREDIT_STATUS_CREDITED, ConfirmCreditRequest

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("chromium")]


def of_the_customer(reference: str, amount: str = "55.00") -> SubmitPayment:
    return a_fresh_payment(amount, debtor=replace(SILK, lei=SILK_LEI), end_to_end_id=reference)


async def credited(bankist: WaitanClient, payment: SubmitPayment) -> None:
    await bankist.confirm_credit(
        ConfirmCreditRequest(
            uetr=payment.uetr,
            status=CREDIT_STATUS_CREDITED,
            effective_date=TODAY,
            message_id=f"C-{payment.uetr[:8]}",
            created_at=f"{TODAY}T01:00:00Z",
        )
    )


async def is_live(page: Page) -> None:
    await expect(page.locator('[data-state="on"]')).to_have_text("Live")


async def test_a_payments_page_shows_its_credit_as_it_comes(
    page: Page, doors: Doors, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    payment = of_the_customer("LIVE-1")
    await banksh.submit(payment)
    await doors.house.caught_up()
    await signed_in(page.context, doors, "banksh")
    await page.goto(doors.url("banksh", f"/payments/{payment.uetr}"))
    await is_live(page)
    await expect(page.get_by_text("Waiting.")).to_be_visible()
    await page.locator("summary", has_text="As a table").click()
    await credited(bankist, payment)
    await expect(page.get_by_text("Waiting.")).to_have_count(0)
    await expect(page.locator("td", has_text="Credited to the beneficiary")).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("Updated")


@pytest.mark.parametrize(
    "whose",
    [
        (Scope.TRADER, "banksh", "/payments"),
        (Scope.DESK, "banksh", "/desk"),
        (Scope.DESK, "bankist", "/desk"),
        (Scope.SUPERVISOR, "regulator", "/payments"),
    ],
)
async def test_a_list_shows_a_payment_as_it_comes(
    page: Page, doors: Doors, banksh: WaitanClient, whose: tuple[Scope, str, str]
) -> None:
    scope, organisation, path = whose
    await signed_in(page.context, doors, organisation, scope)
    await page.goto(doors.url(organisation, path))
    await is_live(page)
    reference = f"LIVE-{scope.name}-{organisation}"
    await banksh.submit(of_the_customer(reference))
    await expect(page.locator("tbody tr", has_text=reference).first).to_be_visible()


async def test_the_network_counts_as_payments_come(page: Page, doors: Doors, banksh: WaitanClient) -> None:
    await signed_in(page.context, doors, "clearing", Scope.CLEARING)
    await page.goto(doors.url("clearing", "/network"))
    await is_live(page)
    settled = page.locator(".figures div", has_text="Payments settled").locator("dd")
    before = int((await settled.text_content() or "").replace(",", ""))
    await banksh.submit(of_the_customer("LIVE-NETWORK"))
    await expect(settled).to_have_text(f"{before + 1:,}")


async def test_who_cannot_follow_is_told_that_the_page_is_not_live(context: BrowserContext, doors: Doors) -> None:
    page = await context.new_page()
    await signed_in(context, doors, "banksh")
    await page.goto(doors.url("banksh", "/payments"))
    await is_live(page)
    await page.route("**/v1/events", lambda route: route.abort())
    await page.goto(doors.url("banksh", "/payments"))
    await expect(page.locator('[data-state="off"]')).to_contain_text("Not live")


async def test_a_trade_is_shown_as_it_goes_on(page: Page, doors: Doors, banksh: WaitanClient) -> None:
    """In the list, and on a record's page, where what the reader had unfolded and typed stays."""
    seller, terms = doors.house.members["banksh"].person(TRADER), some_terms("LIVE-TRADE")
    await signed_in(page.context, doors, "banksh", customer=SELLER.identifier)
    await page.goto(doors.url("banksh", "/trade"))
    await is_live(page)
    await banksh.ask_signed(NETWORK, a_proposal(terms), seller)
    await page.get_by_role("link", name="Contract LIVE-TRADE").click()
    await is_live(page)
    await page.locator("summary", has_text="Take the proposal back").click()
    await page.get_by_label("Reason").fill("Prices fell")
    signature = sign_document(NETWORK, terms, seller)
    command = SignContract(command_id=an_id(), contract_id=contract.contract_id(terms), signature=signature)
    await banksh.ask_signed(NETWORK, command, seller)
    await expect(page.locator("#stands")).to_contain_text("Signed by one")
    await expect(page.get_by_label("Reason")).to_be_visible()
    await expect(page.get_by_label("Reason")).to_have_value("Prices fell")
    await expect(page.get_by_role("heading", name="To be signed by your firm")).to_have_count(0)


async def test_customs_desk_counts_as_it_decides(page: Page, doors: Doors) -> None:
    await signed_in(page.context, doors, "customs", Scope.CUSTOMS)
    await page.goto(doors.url("customs", "/customs"))
    await is_live(page)
    goods = page.get_by_role("region", name="Goods held")
    await expect(goods).to_contain_text("None.")
    hold = HoldGoods(command_id=an_id(), declaration_id=doors.there.declaration, reason="Seen live")
    await ask(doors.house, ("customs", FIRST), hold)
    await expect(goods).to_contain_text("Seen live")
    lift = LiftHold(command_id=an_id(), declaration_id=doors.there.declaration, reason="In order")
    await ask(doors.house, ("customs", FIRST), lift)
    await expect(goods).to_contain_text("None.")
