"""The tracker's lists and overviews: each reader what is its own, and figures that are the ledger's."""

import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.projection.activity import Spans
from gateway.traders import server
from gateway.traders.server import TradersServer
from gateway.traders.tokens import Tokens, mint
from gateway.traders.web import statements as pages_of_statements
from gateway.traders.web.readers import SECTIONS, Section
from settlement import money
from settlement.accounts.account import BlockAccount, UnblockAccount
from settlement.forms.journals import Event
from settlement.participants import RegisterCustomer
from settlement.payments.commands import WhenUnfunded
from settlement.rulings import WithdrawRuling, ruling_id
from tests.builders import SILK, an_id
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.gateway.test_tracker import page, sign_in
from tests.gateway.test_traders import LEI, OTHERS_LEI, a_token, door
from tests.trade import SELLER, TRADER, a_proposal, some_terms

__all__ = ["door"]

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = {
    Scope.TRADER: "banksh",
    Scope.DESK: "banksh",
    Scope.CLEARING: "clearing",
    Scope.CUSTOMS: "customs",
    Scope.SUPERVISOR: "regulator",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, door: TradersServer) -> AsyncIterator[dict[str, TradersServer]]:
    """The doors of a bank, of customs and of both authorities."""
    opened = {"banksh": door}
    for name in ("clearing", "customs", "regulator"):
        tokens = Tokens(house.members[name].service.certificate, network=NETWORK, participant=name)
        opened[name] = await server.serve(house.gateways[name], tokens, "127.0.0.1", 0)
    yield opened
    for name in ("clearing", "customs", "regulator"):
        await opened[name].close()


class Browsers:
    """A browser for each scope, signed in where that scope counts."""

    def __init__(self, house: House, doors: dict[str, TradersServer]) -> None:
        self._house = house
        self._doors = doors
        self._opened: list[aiohttp.ClientSession] = []

    async def of(self, scope: Scope, customer: str = LEI) -> aiohttp.ClientSession:
        """Give a browser that is signed in."""
        organisation = AT[scope]
        url = f"http://127.0.0.1:{self._doors[organisation].port}"
        browser = aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._opened.append(browser)
        token = mint(
            self._house.members[organisation].service.key,
            network=NETWORK,
            participant=organisation,
            customer=customer,
            now_s=int(time.time()),
            scope=scope,
        )
        status, _ = await sign_in(browser, token)
        assert status == 200
        return browser

    async def close(self) -> None:
        """Close all."""
        for browser in self._opened:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(house: House, doors: dict[str, TradersServer]) -> AsyncIterator[Browsers]:
    opened = Browsers(house, doors)
    yield opened
    await opened.close()


async def paid(house: House, banksh: WaitanClient, reference: str, amount: str = "700.00", lei: str = LEI) -> str:
    payment = a_fresh_payment(
        amount, debtor=replace(SILK, lei=lei), end_to_end_id=reference, when_unfunded=WhenUnfunded.REJECT
    )
    await banksh.submit(payment)
    await house.caught_up()
    return payment.uetr


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("section", SECTIONS, ids=[section.key for section in SECTIONS])
async def test_a_page_is_for_those_whom_the_table_names(browsers: Browsers, scope: Scope, section: Section) -> None:
    browser = await browsers.of(scope)
    status, _ = await page(browser, section.path)
    assert status == (200 if scope in section.readers else 404)


async def test_a_token_of_another_kind_of_organisation_does_not_count(browsers: Browsers, house: House) -> None:
    browser = await browsers.of(Scope.TRADER)
    for scope in (Scope.CLEARING, Scope.SUPERVISOR):
        status, text = await sign_in(browser, a_token(house, scope=scope))
        assert (status, "not valid here" in text) == (401, True)


async def test_a_trader_lists_its_own_payments_and_nobody_elses(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    own, others = await paid(house, banksh, "OWN-1"), await paid(house, banksh, "OTHERS-1", lei=OTHERS_LEI)
    for customer, seen, unseen in ((LEI, own, others), (OTHERS_LEI, others, own)):
        _, text = await page(await browsers.of(Scope.TRADER, customer), "/payments")
        assert (seen in text, unseen in text) == (True, False)
    _, text = await page(await browsers.of(Scope.DESK), "/payments")
    assert own in text
    assert others in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=FINDMESEVEN", True),
        ("q=FINDMEEIGHT", False),
        ("currency=CNY&least=777.00&most=777.00", True),
        ("currency=CNY&least=777.01", False),
        ("currency=EUR", False),
        ("status=RJCT", False),
        ("status=ACSC", True),
        ("since=2026-11-23&until=2026-11-23", True),
        ("since=2030-01-01", False),
    ],
)
async def test_a_filter_narrows_the_list(
    browsers: Browsers, house: House, banksh: WaitanClient, asked: str, found: bool
) -> None:
    uetr = await paid(house, banksh, "FINDMESEVEN", "777.00")
    status, text = await page(await browsers.of(Scope.TRADER), f"/payments?{asked}")
    assert (status, uetr in text) == (200, found)


@pytest.mark.parametrize(
    "asked",
    ["since=yesterday", "least=1.00", "currency=CNY&most=1.001", "currency=XXX&least=1", "currency=CNY&least=777,00"],
)
async def test_a_filter_that_is_not_understood_is_told(browsers: Browsers, asked: str) -> None:
    status, text = await page(await browsers.of(Scope.TRADER), f"/payments?{asked}")
    assert (status, "is not understood" in text) == (422, True)


async def test_a_decimal_comma_finds_no_other_amount(browsers: Browsers, house: House, banksh: WaitanClient) -> None:
    """Without its comma it would be a hundred times as much: the page says how amounts are written."""
    uetr = await paid(house, banksh, "FINDMEDEAR", "77700.00")
    browser = await browsers.of(Scope.TRADER)
    async with browser.get("/find", params={"q": "777,00 CNY"}) as response:
        text = await response.text()
    assert (response.status, uetr in text, "behind a point: 1,234.56" in text) == (422, False, True)
    assert 'value="777,00"' in text
    async with browser.get("/find", params={"q": "77,700.00 CNY"}) as response:
        assert uetr in await response.text()


@pytest.mark.parametrize("asked", ["777.00 CNY", "777.00CNY", "FINDMESEVEN", "777 cny"])
async def test_what_somebody_has_in_hand_leads_to_the_payment(
    browsers: Browsers, house: House, banksh: WaitanClient, asked: str
) -> None:
    uetr = await paid(house, banksh, "FINDMESEVEN", "777.00")
    browser = await browsers.of(Scope.TRADER)
    async with browser.get("/find", params={"q": asked}) as response:
        assert response.status == 200
        assert uetr in await response.text()


async def test_a_desk_lists_what_its_bank_has_still_to_credit(
    browsers: Browsers, house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    """And nothing that it sent itself; to others than a desk this narrows nothing."""
    sent = await paid(house, banksh, "SENT-1")
    received = a_fresh_payment("7.00", payer="bankist", payee="banksh", end_to_end_id="TO-CREDIT-1")
    await bankist.submit(received)
    await house.caught_up()
    desk, trader = await browsers.of(Scope.DESK), await browsers.of(Scope.TRADER)
    _, text = await page(desk, "/desk")
    waits = text[text.index('id="waiting"') : text.rindex('href="/payments?status=to_be_credited"')]
    assert (received.uetr in waits, sent in waits) == (True, False)
    _, text = await page(desk, "/payments?status=to_be_credited")
    assert (received.uetr in text, sent in text) == (True, False)
    _, text = await page(trader, "/payments?status=to_be_credited")
    assert (sent in text, "To be credited by you" in text) == (True, False)


async def test_a_number_leads_its_parties_to_the_contract_and_nobody_else(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS["banksh"].customer))
    terms = some_terms("FOUND-BY-NUMBER")
    await banksh.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    await house.caught_up()
    for scope, customer, may_see in (
        (Scope.TRADER, SELLER.identifier, True),
        (Scope.TRADER, LEI, False),
        (Scope.DESK, "", True),
        (Scope.CLEARING, "", False),
    ):
        browser = await browsers.of(scope, customer or "officer-1")
        async with browser.get("/find", params={"q": terms.number}, allow_redirects=False) as response:
            assert response.headers["Location"].startswith("/trade/records/") is may_see


async def test_a_page_follows_another_without_a_gap_or_a_repeat(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    made = {await paid(house, banksh, f"PAGESOF{number}", "1.00") for number in range(27)}
    browser = await browsers.of(Scope.DESK)
    seen: list[str] = []
    path = "/payments?q=PAGESOF"
    while path:
        _, text = await page(browser, path)
        seen += re.findall(r'href="/payments/([0-9a-f-]{36})"', text)
        older = re.search(r'href="([^"]+)" rel="next"', text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


async def test_clearing_reads_amounts_and_banks_and_no_party(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    uetr = await paid(house, banksh, "CLEAREDONE", "321.00")
    for scope, reads_parties in ((Scope.CLEARING, False), (Scope.SUPERVISOR, True)):
        browser = await browsers.of(scope)
        for path in (f"/payments/{uetr}", "/payments", "/payments?q=CLEAREDONE"):
            _, text = await page(browser, path)
            assert "321.00" in text
            assert (SILK.name in text) is reads_parties
        _, text = await page(browser, f"/payments?q={SILK.name.split()[0]}")
        assert (uetr in text) is reads_parties


async def test_a_desk_shows_what_stands_on_each_account(browsers: Browsers, house: House, banksh: WaitanClient) -> None:
    await paid(house, banksh, "DESK-1", "12.34")
    _, text = await page(await browsers.of(Scope.DESK), "/desk")
    gateway = house.gateways["banksh"]
    for account in gateway.balances.accounts("banksh"):
        posted_minor = gateway.balances.at(account).posted_minor
        whole, point, decimals = money.render(posted_minor, account.currency).partition(".")
        assert f"{int(whole):,}{point}{decimals}" in text
    assert "DESK-1" in text


async def test_a_statement_is_fetched_whole_however_many_pages_it_has(
    browsers: Browsers, house: House, banksh: WaitanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody at a browser sees that a file ends in the middle of a day."""
    for _ in range(7):
        await paid(house, banksh, "FETCHED", "1.23")
    browser = await browsers.of(Scope.DESK)

    async def fetched() -> str:
        async with browser.get("/statements/banksh-CNY/csv") as response:
            assert (response.status, "Link" in response.headers) == (200, False)
            return await response.text()

    whole = await fetched()
    assert whole.count("FETCHED") == 7
    monkeypatch.setattr(pages_of_statements, "LIMIT_MAX", 3)
    assert await fetched() == whole


async def test_the_network_shows_who_takes_part_and_why_payments_were_rejected(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    await paid(house, banksh, "TOO-MUCH", "99999999.00")
    for scope in (Scope.CLEARING, Scope.SUPERVISOR):
        _, text = await page(await browsers.of(scope), "/network")
        for participant in house.gateways["clearing"].participants().values():
            assert participant.organisation.name in text
        assert "AM04" in text
        assert "Fully backed" in text
        assert 'badge stopped">No<' not in text


async def test_the_network_shows_what_waits_for_a_second_person(
    browsers: Browsers, house: House, banksh: WaitanClient
) -> None:
    """To both authorities, with who asked; and no longer when it was taken back."""
    block = BlockAccount(command_id=an_id(), participant="bankfra", currency="CNY", reason="Order 31")
    withdrawal = WithdrawRuling(command_id=an_id(), ruling_id=ruling_id(block), reason="mistaken")
    told = {}
    for command, by in ((block, "supervisor-1"), (withdrawal, "supervisor-2")):
        async with house.client("regulator", by) as client:
            await client.ask_signed(NETWORK, command, house.members["regulator"].person(by))
        await house.caught_up()
        for scope in (Scope.CLEARING, Scope.SUPERVISOR):
            _, told[command, scope] = await page(await browsers.of(scope), "/network")
    for scope in (Scope.CLEARING, Scope.SUPERVISOR):
        assert "Waits for a second person" in told[block, scope]
        assert f"<code>{ruling_id(block)}</code></td><td>supervisor-1" in told[block, scope]
        assert ruling_id(block) not in told[withdrawal, scope]


async def test_a_bank_reads_at_its_desk_why_its_account_is_blocked(browsers: Browsers, house: House) -> None:
    """As long as it is."""
    desk = await browsers.of(Scope.DESK)
    names: dict[str, Any] = {"participant": "banksh", "currency": "JPY", "reason": "Order <32>"}
    for kind, is_told in ((BlockAccount, True), (UnblockAccount, False)):
        for by, confirms in (("supervisor-1", False), ("supervisor-2", True)):
            command = kind(command_id=an_id(), confirms=confirms, **names)
            async with house.client("regulator", by) as client:
                await client.ask_signed(NETWORK, command, house.members["regulator"].person(by))
            await house.caught_up()
            _, text = await page(desk, "/desk")
            assert ("Order &lt;32&gt;" in text) is (is_told is confirms), (kind, by)


async def test_a_days_payments_are_counted_each_once(house: House, banksh: WaitanClient) -> None:
    await paid(house, banksh, "COUNTED-1", "1.00")
    await paid(house, banksh, "COUNTED-2", "99999999.00")
    gateway = house.gateways["clearing"]
    events = Counter(event.kind for event in gateway.queries.events_after(0, limit=100_000))
    day = gateway.activity.since(0, spans=7, limit=100_000)
    # What was reserved, by other tests on this network, has been decided once its reservation is over.
    assert day.settled == events[Event.PAYMENT_SETTLED] + events[Event.RESERVATION_SETTLED]
    assert day.rejected == events[Event.PAYMENT_REJECTED] + events[Event.RESERVATION_ENDED]
    assert len(day.spans) == 7
    assert [span.at_ms for span in day.spans] == sorted(span.at_ms for span in day.spans)
    newest = gateway.activity.since(0, spans=7, limit=1)
    assert (newest.settled, newest.rejected) == (0, 1)
    assert (day.is_cut, newest.is_cut) == (False, True)
    assert gateway.activity.since(gateway.follower.height, spans=7, limit=10) == Spans()
