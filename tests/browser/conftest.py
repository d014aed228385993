"""A real Chromium before the doors of a bank, of clearing and of the regulator. Without one these tests are skipped."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, async_playwright, expect

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.traders import server
from gateway.traders.tokens import Tokens, mint
from gateway.traders.web.frame import token_cookie
from settlement.payments.commands import WhenUnfunded
from tests.browser.chromium import found
from tests.builders import SILK
from tests.gateway.house import NETWORK, House, a_fresh_payment, a_house
from tests.gateway.two_firms import NEIGHBOUR, NOWHERE, Names, everything

SILK_LEI: Final = NEIGHBOUR
PAYMENTS: Final = 55
"""Three pages of a list, and two of a statement."""
PATIENCE_MS: Final = 60_000
"""How long a page may take to show what is expected: a machine that others use too is slow, not wrong."""

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with a word where no browser is installed."""
    if found() is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed here"))


class Doors:
    """Where each organisation's pages are, and tokens for them."""

    def __init__(self, house: House, there: Names = NOWHERE) -> None:
        self.house: Final = house
        self.ports: Final[dict[str, int]] = {}
        self.there: Final = there
        """What two firms have on the ledger, of everything one: the seller's bank is banksh."""

    def url(self, organisation: str, path: str = "") -> str:
        """Give the address of a page."""
        return f"http://127.0.0.1:{self.ports[organisation]}{path}"

    def token(self, organisation: str, scope: Scope = Scope.TRADER, customer: str = SILK_LEI) -> str:
        """Make a token that counts there."""
        return mint(
            self.house.members[organisation].service.key,
            network=NETWORK,
            participant=organisation,
            customer=customer if scope is Scope.TRADER else "officer-1",
            now_s=int(time.time()),
            scope=scope,
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A network of these tests' own: they count what is on it."""
    async with a_house(tmp_path_factory.mktemp("network")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def banksh(house: House) -> AsyncIterator[WaitanClient]:
    """An officer of the paying bank."""
    async with house.client("banksh") as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bankist(house: House) -> AsyncIterator[WaitanClient]:
    """An officer of the receiving bank."""
    async with house.client("bankist") as client:
        yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def doors(house: House, banksh: WaitanClient) -> AsyncIterator[Doors]:
    """The doors, behind them some fifty payments of a customer, one that was rejected; a trade of two other firms."""
    there = await everything(house)
    debtor = replace(SILK, lei=SILK_LEI)
    for number in range(PAYMENTS):
        await banksh.submit(a_fresh_payment(f"{number + 1}00.00", debtor=debtor, end_to_end_id=f"SILKORDER{number:02}"))
    await banksh.submit(
        a_fresh_payment("99999999.00", debtor=debtor, end_to_end_id="TOO-MUCH", when_unfunded=WhenUnfunded.REJECT)
    )
    await house.caught_up()
    opened = Doors(house, there)
    async with AsyncExitStack() as stack:
        for name in ("banksh", "bankist", "clearing", "customs", "regulator"):
            tokens = Tokens(house.members[name].service.certificate, network=NETWORK, participant=name)
            door = await server.serve(house.gateways[name], tokens, "127.0.0.1", 0)
            stack.push_async_callback(door.close)
            opened.ports[name] = door.port
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found())
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser that nobody has used."""
    opened = await chromium.new_context(locale="en-GB", reduced_motion="reduce")
    yield opened
    await opened.close()


async def signed_in(
    context: BrowserContext,
    doors: Doors,
    organisation: str,
    scope: Scope = Scope.TRADER,
    customer: str = SILK_LEI,
) -> None:
    """Let a browser have a token, as signing in does."""
    token = doors.token(organisation, scope, customer)
    await context.add_cookies([{"name": token_cookie(organisation), "value": token, "url": doors.url(organisation)}])


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page that must not complain: no script fails, and nothing is kept out by the policy."""
    page = await context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # That a page is not there, or not for this token, a browser calls an error too.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            complaints.append(message.text)

    def fail(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", hear)
    page.on("pageerror", fail)
    yield page
    assert not complaints
