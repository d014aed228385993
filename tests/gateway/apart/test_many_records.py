"""Pages of trade where there are many: every sum is of all there are, and what a list leaves out it says."""

import re
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from gateway.auth.scopes import Scope
from gateway.auth.signing import sign_command, sign_document
from gateway.client import WaitanClient
from gateway.traders.web.financing import SHOWN
from gateway.traders.web.frame import token_cookie
from settlement.customs import assessment
from settlement.customs.assessment import AssessTax, TaxAssessment
from settlement.customs.declaration import AcceptDeclaration
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.financing import DrawFinancing, Subject, VerifyFinancing, financing_id
from settlement.payments.documents import Kind
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import SignContract
from settlement.trade.invoice import AcceptInvoice, IssueInvoice, invoice_id
from tests.builders import TODAY, an_application, an_id, in_two_weeks
from tests.contracts.samples import open_account
from tests.customs_samples import declared, lodging, number, rates_approval, rates_entry
from tests.customs_world import FIRST, SECOND, TAX
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import NETWORK, House, register_traders
from tests.gateway.signing_browser import Browser
from tests.trade import SELLER, TRADER, a_proposal, an_invoice, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = 205
"""More than the 200 at which these pages once stopped without a word."""
WAITING, AT_ONCE = 30, 10
"""More declarations than a page has; those that are lodged at once have waited equally long."""
OLD = an_invoice("OLDEST-1", contract_id=contract.contract_id(some_terms("MANY-1")))


async def ask(house: House, at: str, person: str, commands: Sequence[Command]) -> None:
    """Let somebody sign many commands, which go as lists of a hundred."""
    signer = house.members[at].person(person)
    for start in range(0, len(commands), 100):
        signed = [sign_command(NETWORK, each, signer) for each in commands[start : start + 100]]
        outcomes = await house.gateways[at].ask(signed)
        assert {(each.code, each.where) for each in outcomes} == {("", "")}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[Doors]:
    """An invoice on which many loans are drawn, many declarations that are taxed, and some that wait for customs."""
    terms = some_terms("MANY-1")
    await register_traders(banksh=banksh, bankist=bankist)
    seller, buyer = (house.members[bank].person(TRADER) for bank in ("banksh", "bankist"))
    await ask(house, "banksh", TRADER, [a_proposal(terms)])
    for bank, person in (("banksh", seller), ("bankist", buyer)):
        signature = sign_document(NETWORK, terms, person)
        sign = SignContract(command_id=an_id(), contract_id=contract.contract_id(terms), signature=signature)
        await ask(house, bank, TRADER, [sign])
    issue = IssueInvoice(command_id=an_id(), terms=OLD, signature=sign_document(NETWORK, OLD, seller))
    await ask(house, "banksh", TRADER, [issue])
    await ask(house, "bankist", TRADER, [AcceptInvoice(command_id=an_id(), invoice_id=invoice_id(OLD))])
    await lend(house)
    await declare(house)
    await house.caught_up()
    async with doors_of(house, "banksh", "customs") as opened:
        yield opened


async def lend(house: House) -> None:
    """Let the seller apply for many loans on its invoice, and its bank draw them; the next ones only apply."""
    subject = Subject(kind=Kind.INVOICE, record_id=invoice_id(OLD))
    ends = {"consents_until": in_two_weeks()}
    numbers = [f"L-{place}" for place in range(2 * MANY)]
    await ask(house, "banksh", TRADER, [an_application("1.25", subject, number=each, **ends) for each in numbers])
    names = [financing_id("banksh", SELLER.identifier, each) for each in numbers[:MANY]]
    officer = "officer-1"
    await ask(house, "banksh", officer, [VerifyFinancing(command_id=an_id(), financing_id=each) for each in names])
    draw = [DrawFinancing(command_id=an_id(), financing_id=each, reference="B-1") for each in names]
    await ask(house, "banksh", officer, draw)


async def declare(house: House) -> None:
    """Let the trader lodge many declarations, and customs assess them."""
    await ask(house, "clearing", "officer-1", [open_account("clearing")])
    await ask(house, "customs", FIRST, [rates_entry()])
    await ask(house, "customs", SECOND, [rates_approval()])
    contents = [declared(number=number(place), transport_document=f"BL-{place}") for place in range(MANY)]
    names = [declaration_id(each.number) for each in contents]
    await ask(house, "banksh", TRADER, [lodging(each) for each in contents])
    await ask(house, "customs", FIRST, [AcceptDeclaration(command_id=an_id(), declaration_id=each) for each in names])
    await ask(house, "customs", TAX, [AssessTax(command_id=an_id(), declaration_id=each) for each in names])
    for first in range(0, WAITING, AT_ONCE):
        contents = [to_be_looked_at(first + place) for place in range(AT_ONCE)]
        await ask(house, "banksh", TRADER, [lodging(each) for each in contents])


def to_be_looked_at(place: int) -> Declared:
    """Say what waits for customs: the first has waited longest."""
    return declared(number=number(MANY + place), transport_document=f"BL-{MANY + place}")


def figures(text: str) -> dict[str, str]:
    """Read the figures at the top of a page."""
    return dict(re.findall(r"<div><dt>([^<]*)</dt><dd>(?:<a [^>]*>)?([^<]*)(?:</a>)?</dd></div>", text))


async def test_all_loans_are_counted_and_added_up(doors: Doors) -> None:
    """By the bank's desk and by who applied; a list that has not all says so, and leads to all."""
    for reader in (Browser(doors, "banksh", Scope.DESK), Browser(doors, "banksh")):
        _, text = await reader.page("/financing")
        told = figures(text)
        assert (told["Applied for"], told["Drawn"]) == (str(MANY), str(MANY))
        assert told["Outstanding, CNY"] == f"{MANY * 1.25:,.2f}"
        assert text.count(f"The newest {SHOWN} of {MANY}.") == 2
        lists = re.findall(r"The newest 50 of \d+\. <a href=\"([^\"]*)\"", text)
        assert lists == [f"/trade?kind=financing&amp;state={each}" for each in ("loans_to_look_at", "loans_running")]
        for each in lists:
            _, listed = await reader.page(each.replace("&amp;", "&"))
            assert (listed.count("/trade/records/"), "More</a>" in listed) == (25, True)


async def test_a_trade_shows_every_loan_on_its_documents(doors: Doors) -> None:
    """The oldest too, though many were made after it."""
    _, text = await Browser(doors, "banksh", Scope.DESK).page(f"/trade/records/{invoice_id(OLD)}")
    oldest = financing_id("banksh", SELLER.identifier, "L-0")
    assert f'href="/trade/records/{oldest}"' in text


async def at_customs(doors: Doors, path: str) -> str:
    token = doors.token("customs", Scope.CUSTOMS, "customs-1")
    answer = await doors.ask("customs", path, headers={"Cookie": f"{token_cookie('customs')}={token}"})
    return str(answer.body)


async def test_customs_counts_all_of_its_day_and_adds_up_all_tax(doors: Doors) -> None:
    text = await at_customs(doors, "/customs")
    found = doors.house.gateways["customs"].queries.records(TaxAssessment)
    owed = sum(assessment.owed(each, TODAY).total_minor for each in found)
    told = figures(text)
    assert len(found) == MANY
    assert told["Lodged today"] == str(MANY + WAITING)
    assert told["Tax owed, CNY"] == f"{owed / 100:,.2f}"
    assert re.findall(r"The newest 10 of (\d+)\. <a href=\"([^\"]*)\"", text) == [
        (str(MANY), "/trade?kind=tax_assessment")
    ]


async def test_what_waits_longest_for_customs_stands_first_and_the_rest_on_pages(doors: Doors) -> None:
    names = [f"/trade/records/{declaration_id(to_be_looked_at(place).number)}" for place in range(WAITING)]
    text = await at_customs(doors, "/customs")
    waits = text[text.index('id="waiting"') : text.index("that have waited longest")]
    longest = set(names[:AT_ONCE])
    assert set(re.findall(r"/trade/records/\w+", waits)) == longest
    (path,) = re.findall(rf"The 10 that have waited longest, of {WAITING}\. <a href=\"([^\"]*)\"", text)
    seen: list[str] = []
    while path:
        text = await at_customs(doors, path.replace("&amp;", "&"))
        assert '<option value="waits_for_customs" selected>' in text
        seen += re.findall(r"/trade/records/\w+", text)
        more = re.search(r'href="([^"]+)" rel="next"', text)
        path = more[1] if more else ""
    assert sorted(seen) == sorted(names)
    assert set(seen[-AT_ONCE:]) == longest
