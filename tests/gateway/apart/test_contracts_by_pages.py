"""A trade that begins on pages: proposed by one firm, signed by both, amended; what others ask for is not there."""

import html
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient
from settlement.trade import contract
from tests.builders import TODAY, an_id
from tests.gateway.doors import Doors, doors_of
from tests.gateway.house import House, register_traders
from tests.gateway.signing_browser import Browser
from tests.trade import BUYER, FABRIC, SELLER, some_terms

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "/trade/propose"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[Doors]:
    await register_traders(banksh=banksh, bankist=bankist)
    async with doors_of(house, "banksh", "bankist") as opened:
        yield opened


def agreed(**others: str) -> dict[str, str]:
    said = {
        "agreed_on": TODAY,
        "incoterm": "CIF",
        "edition": "2020",
        "place": "Ambarli, Istanbul",
        "payment": "OPEN_ACCOUNT",
        "days": "60",
        "latest_shipment_on": "2027-01-15",
        "expires_on": "2027-06-30",
        "law": "CISG",
        "description_1": FABRIC.description,
        "hs_code_1": FABRIC.hs_code,
        "quantity_1": "1,000",
        "unit_1": "MTR",
        "unit_price_1": "58.00",
        "lines": "1",
    }
    return said | others


def asked(number: str, **others: str) -> str:
    """Give the address to which the form of a proposal leads."""
    said = {
        "side": "SELLER",
        "number": number,
        "own_name": SELLER.name,
        "own_country": "CN",
        "own_town_name": "Shanghai",
        "other_name": BUYER.name,
        "other_identifier": BUYER.identifier,
        "other_bank": "bankist",
        "other_country": "TR",
        "other_town_name": "Istanbul",
        "currency": "CNY",
    }
    return f"{PAGE}?{urlencode(said | agreed() | others)}"


async def test_a_trade_begins_on_pages(doors: Doors) -> None:
    """Proposed and signed by the seller, signed by the buyer; the buyer proposes other terms, and both sign those."""
    number = f"F-{an_id()[:8]}"
    name = contract.contract_id(some_terms(number))
    path = f"/trade/records/{name}"
    seller, buyer = Browser(doors, "banksh"), Browser(doors, "bankist")
    assert 'href="/trade/propose"' in (await seller.page("/trade"))[1]
    _, text = await seller.page(asked(number))
    assert (f'data-after="{path}"' in text, "58,000.00 CNY" in text) == (True, True)
    assert (await seller.sign(asked(number)))[0] == 200
    for each in (seller, buyer):
        assert (await each.sign(path))[0] == 200
    amend = f"{path}/sign/amend_contract?{urlencode(agreed(unit_price_1='60', payment='COLLECTION_DP', days=''))}"
    _, text = await buyer.page(amend)
    assert ("60,000.00 CNY" in text, f'data-after="{path}"' in text) == (True, True)
    assert (await buyer.sign(amend))[0] == 200
    _, text = await seller.page(path)
    assert ("Amendment proposed" in text, "60,000.00" in text) == (True, True)
    assert "Propose an amendment" not in text
    for each in (seller, buyer):
        assert (await each.sign(path))[0] == 200
    _, text = await seller.page(path)
    assert ("In effect" in text, "60,000.00" in text, "D/P" in text) == (True, True, True)
    _, text = await seller.page(PAGE)
    assert 'value="Shanghai"' in text  # as the latest contract has it


async def test_more_lines_are_asked_for_without_a_script_and_nothing_is_lost(doors: Doors) -> None:
    seller = Browser(doors, "banksh")
    status, text = await seller.page(f"{asked('KEPT-1', law='')}&more=1")
    assert (status, "Goods 3" in text, "Goods 4" in text) == (200, True, False)
    assert ('role="alert"' in text, 'value="KEPT-1"' in text, "data-sign" in text) == (False, True, False)
    status, text = await seller.page(f"{PAGE}?lines=99999999999999999999")
    assert (status, "Goods 3" in text) == (422, False)


async def test_what_is_wrong_with_a_proposal_is_said_at_its_field(doors: Doors) -> None:
    seller = Browser(doors, "banksh")
    for said, told in (
        ({"unit_price_1": "58,5"}, "Price per unit 1: write digits"),
        ({"other_town_name": "Boğaziçi"}, "Their town: only Latin letters"),
        ({"days": ""}, "After how many days: has to be filled in"),
        ({"other_bank": "nobank"}, "The other side's bank: not in order"),
    ):
        status, text = await seller.page(asked("WRONG-1", **said))
        assert (status, told in html.unescape(text), "data-sign" in text) == (422, True, False), said


async def test_a_contract_is_proposed_by_traders_alone(doors: Doors) -> None:
    desk = Browser(doors, "banksh", Scope.DESK, "officer-1")
    assert (await desk.page(PAGE))[0] == 404
    assert (await desk.page(asked("DESK-1")))[0] == 404
    assert PAGE not in (await desk.page("/trade"))[1]
