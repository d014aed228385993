"""Figures at the top of pages: those of what waits lead to the list that they count, to the last row."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from gateway.development.customers import TRADERS
from gateway.traders.web.frame import token_cookie
from settlement.participants import RegisterCustomer
from settlement.payments.commands import WhenUnfunded
from settlement.payments.release import SetReleaseLimit
from settlement.rulings import WithdrawRuling, ruling_id
from tests.builders import TODAY, an_id, an_initiation, an_instruction
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.gateway.two_firms import everything
from tests.trade import SELLER

pytestmark = pytest.mark.asyncio(loop_scope="session")

READERS: Final[Mapping[str, tuple[str, Scope]]] = {
    "/desk": ("banksh", Scope.DESK),
    "/financing": ("banksh", Scope.DESK),
    "/customs": ("customs", Scope.CUSTOMS),
    "/network": ("clearing", Scope.CLEARING),
}
SUMS: Final = ("Tax owed, CNY",)
"""Figures that are no numbers of rows."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House) -> AsyncIterator[Doors]:
    await everything(house)
    async with doors_of(house, "banksh", "customs", "clearing") as opened:
        yield opened


async def shown(doors: Doors, at: str, scope: Scope, path: str) -> str:
    token = doors.token(at, scope, "officer-1")
    answer = await doors.ask(at, path, headers={"Cookie": f"{token_cookie(at)}={token}"})
    assert answer.status == 200, path
    return str(answer.body)


async def linked(doors: Doors, page: str) -> dict[str, tuple[str, str]]:
    """Give a page's figures that lead to a list: by their words, what they say and where they lead."""
    text = await shown(doors, *READERS[page], page)
    found = re.findall(r'<dd><a href="([^"]+)" aria-label="([^"]+): ([^"]+)">', text)
    return {words: (value, html.unescape(href)) for href, words, value in found}


async def rows(doors: Doors, page: str, href: str) -> int:
    """Count the rows of a list, page by page; of a part of the same page, those of that."""
    path, _, anchor = href.partition("#")
    if anchor:
        text = await shown(doors, *READERS[page], page)
        section = text[text.index(f'id="{anchor}"') :]
        return section[: section.index("</section>")].count("<tr>") - 1
    number = 0
    while path:
        text = await shown(doors, *READERS[page], path)
        number += "".join(re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)).count("<tr>")
        more = re.search(r'href="([^"]+)" rel="next"', text)
        path = html.unescape(more[1]) if more else ""
    return number


async def something_waits(house: House, banksh: WaitanClient, bankist: WaitanClient) -> str:
    """Let everything wait that a desk counts; give the name of the proposal."""
    await banksh.submit(a_fresh_payment("70.00"))
    await house.caught_up()
    await bankist.submit(a_fresh_payment("7.00", payer="bankist", payee="banksh"))
    await banksh.submit(a_fresh_payment("99999999.00", when_unfunded=WhenUnfunded.REJECT))
    await banksh.submit(replace(a_fresh_payment("5.00"), settlement_date="2020-01-02"))
    await banksh.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS["banksh"].customer))
    seller = TRADERS["banksh"]
    instruction = an_instruction("12.50", debtor=seller.party, debtor_account=seller.account)
    asked = an_initiation(instruction, customer=SELLER.identifier, message_id=f"M-{an_id()[:8]}")
    (outcome,) = await house.gateways["banksh"].ask([asked])
    assert not outcome.code, outcome
    limit = SetReleaseLimit(command_id=an_id(), participant="banksh", currency="EUR", amount="900000.00")
    await banksh.ask_signed(NETWORK, limit, house.members["banksh"].person("officer-1"))
    await house.caught_up()
    return ruling_id(limit)


async def test_a_figure_of_what_waits_leads_to_the_list_that_it_counts(
    doors: Doors, house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    """Each has something to count, and its list as many rows."""
    proposal = await something_waits(house, banksh, bankist)
    told = await linked(doors, "/desk")
    assert set(told) == {
        *("To be credited by you", "Rejected today", "Asked for by customers", "For a second officer"),
    }
    for words, (value, href) in told.items():
        assert int(value) > 0, words
        assert await rows(doors, "/desk", href) == int(value), words
    withdrawal = WithdrawRuling(command_id=an_id(), ruling_id=proposal, reason="Tried")
    await banksh.ask_signed(NETWORK, withdrawal, house.members["banksh"].person("officer-1"))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/financing", {"Applied for", "Reserved", "Drawn", "In default"}),
        ("/customs", {"Held", "To be inspected", *SUMS}),
        ("/network", {"Participants active", "Currencies open", "Rejected today"}),
    ],
)
async def test_so_do_those_of_other_overviews(doors: Doors, page: str, words: set[str]) -> None:
    told = await linked(doors, page)
    assert set(told) == words
    for key, (value, href) in told.items():
        number = await rows(doors, page, href)
        if key not in SUMS:
            assert number == int(value.partition(" / ")[2] or value), key
        elif float(value.replace(",", "")):
            assert number, key


async def test_what_was_asked_for_is_shown_with_what_an_officer_looks_at(
    doors: Doors, house: House, banksh: WaitanClient, bankist: WaitanClient
) -> None:
    await something_waits(house, banksh, bankist)
    text = await shown(doors, "banksh", Scope.DESK, "/desk/initiations")
    row = text[text.rindex("<tr>") :]
    instruction = an_instruction("12.50")
    for word in (SELLER.name, "12.50 CNY", instruction.creditor.name, instruction.creditor_agent.bic, TODAY):
        assert html.escape(word) in row, word
    trader = doors.token("banksh", Scope.TRADER, SELLER.identifier)
    answer = await doors.ask("banksh", "/desk/initiations", headers={"Cookie": f"{token_cookie('banksh')}={trader}"})
    assert answer.status == 404
