"""Trade at the traders' door: one's own records by HTTP and on pages, and what one signs with one's own key."""

import base64
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import pytest
import pytest_asyncio

from gateway.auth.certifying import development_certifier
from gateway.auth.development import Issued
from gateway.auth.scopes import Scope
from gateway.auth.signing import Credential, sign_command, sign_document, signer
from gateway.client import WaitanClient
from gateway.ledger.port import OutcomeUnknownError
from gateway.traders import server
from gateway.traders.tokens import Tokens, mint
from gateway.traders.web.frame import token_cookie
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract, invoice
from settlement.trade.contract import SignContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.invoice import IssueInvoice
from tests.builders import an_id
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, register_traders
from tests.trade import SELLER, TRADER, a_proposal, an_invoice, some_terms
from tests.unit.test_certifying import a_request

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEIGHBOUR: Final = "5493001KJTIIGC8Y1R12"
COOKIE: Final = token_cookie("banksh")
COMMANDS: Final = "/v1/trade/commands"
Answer = tuple[int, dict[str, Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def http(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[aiohttp.ClientSession]:
    """The door of the seller's bank, which has two customers."""
    await register_traders(banksh=banksh, bankist=bankist)
    await banksh.ask(register(NEIGHBOUR))
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    door = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session
    await door.close()


def token(house: House, customer: str = SELLER.identifier, scope: Scope = Scope.TRADER) -> str:
    key = house.members["banksh"].service.key
    return mint(key, network=NETWORK, participant="banksh", customer=customer, now_s=int(time.time()), scope=scope)


def bearer(house: House, customer: str = SELLER.identifier, scope: Scope = Scope.TRADER) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(house, customer, scope)}"}


async def get(http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> Answer:
    async with http.get(path, headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def post(http: aiohttp.ClientSession, body: Any, headers: dict[str, str], path: str = COMMANDS) -> Answer:
    async with http.post(path, json=body, headers=headers) as response:
        return response.status, await response.json(content_type=None)


def signed(person: Credential, command: Command) -> dict[str, str]:
    """Sign a command as a program of a trader does."""
    made = sign_command(NETWORK, command, person)
    return {
        "command": made.command,
        "certificate": base64.b64encode(made.certificate).decode(),
        "signature": base64.b64encode(made.signature).decode(),
    }


def seller(house: House) -> Credential:
    return house.members["banksh"].person(TRADER)


def signing(house: House, terms: ContractTerms, person: Credential | None = None) -> SignContract:
    signature = sign_document(NETWORK, terms, person or seller(house))
    return SignContract(command_id=an_id(), contract_id=contract.contract_id(terms), signature=signature)


async def proposed(house: House, http: aiohttp.ClientSession, number: str, **others: Any) -> ContractTerms:
    terms = some_terms(number, **others)
    status, told = await post(http, signed(seller(house), a_proposal(terms)), bearer(house))
    assert status == 200, told
    return terms


async def test_a_trader_proposes_signs_and_reads_its_contract(house: House, http: aiohttp.ClientSession) -> None:
    """All over HTTP, with a key that the gateway never has."""
    terms = await proposed(house, http, "H-1")
    name = contract.contract_id(terms)
    command = signed(seller(house), signing(house, terms))
    first, again = await post(http, command, bearer(house)), await post(http, command, bearer(house))
    assert first[0] == again[0] == 200
    status, shown = await get(http, f"/v1/trade/records/{name}", bearer(house))
    assert (status, shown["state"], shown["number"]) == (200, "PARTLY_SIGNED", "H-1")
    assert shown["content"]["terms"]["amount"] == terms.amount
    assert [act["event"] for act in shown["acts"]] == ["PROPOSED", "SIGNED"]
    status, timeline = await get(http, f"/v1/trade/records/{name}/timeline", bearer(house))
    assert timeline["acts"] == shown["acts"]
    assert shown["acts"][1]["party"] == SELLER.identifier


async def test_a_list_is_narrowed_and_read_in_pages(house: House, http: aiohttp.ClientSession) -> None:
    for number in ("H-2", "H-3"):
        await proposed(house, http, number)
    found: list[str] = []
    cursor = ""
    while True:
        path = f"/v1/trade/records?kind=contract&state=DRAFT&limit=1{cursor and f'&cursor={cursor}'}"
        _, page = await get(http, path, bearer(house))
        found += [each["number"] for each in page["records"]]
        cursor = page.get("next", "")
        if not cursor:
            break
    assert {"H-2", "H-3"} <= set(found)
    assert len(found) == len(set(found))
    _, named = await get(http, "/v1/trade/records?number=H-2", bearer(house))
    assert [each["number"] for each in named["records"]] == ["H-2"]


async def test_another_customers_records_are_as_if_they_did_not_exist(
    house: House, http: aiohttp.ClientSession
) -> None:
    """By name, in lists, in a timeline; staff of the bank see them, clearing's tokens count at clearing alone."""
    name = contract.contract_id(await proposed(house, http, "H-4"))
    stranger = bearer(house, NEIGHBOUR)
    for path in (f"/v1/trade/records/{name}", f"/v1/trade/records/{name}/timeline", f"/v1/trade/records/{'f' * 32}"):
        status, told = await get(http, path, stranger)
        assert (status, told["code"]) == (404, "NOT_FOUND")
    assert (await get(http, "/v1/trade/records", stranger))[1] == {"records": []}
    assert (await get(http, f"/v1/trade/records/{name}", bearer(house, "officer-1", Scope.DESK)))[0] == 200
    assert (await get(http, f"/v1/trade/records/{name}", bearer(house, "officer-1", Scope.CLEARING)))[0] == 403


async def test_the_certificate_is_of_a_person_of_the_tokens_firm(house: House, http: aiohttp.ClientSession) -> None:
    """Neither another firm's, nor an officer's, nor another bank's; and a token of another firm brings nothing."""
    ca = house.members["banksh"].ca
    neighbours: Issued = ca.issue("neighbour", Role.TRADER, party=NEIGHBOUR)
    nobodys = ca.issue("nobody", Role.TRADER)
    people = [neighbours.credential, nobodys.credential, house.members["banksh"].person("officer-1")]
    people += [house.members["bankist"].person(TRADER)]
    for person in people:
        status, told = await post(http, signed(person, a_proposal(some_terms("H-5"))), bearer(house))
        assert (status, told["code"]) in {(403, "AG08"), (403, "DS0H")}
    own = signed(seller(house), a_proposal(some_terms("H-5")))
    status, told = await post(http, own, bearer(house, NEIGHBOUR))
    assert (status, told["code"], told["where"]) == (403, "AG08", "certificate")
    assert (await post(http, own, bearer(house, "officer-1", Scope.DESK)))[0] == 403


async def test_an_unknown_outcome_is_told_as_one(
    house: House, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(_: Any) -> None:
        raise OutcomeUnknownError("")

    monkeypatch.setattr(house.gateways["banksh"], "ask", lost)
    command = signed(seller(house), a_proposal(some_terms("S-unknown")))
    async with http.post(COMMANDS, json=command, headers=bearer(house)) as response:
        told = await response.json(content_type=None)
    assert (response.status, told["code"], response.headers["Retry-After"]) == (503, "OUTCOME_UNKNOWN", "2")


async def test_a_cookie_is_not_enough_to_ask(house: House, http: aiohttp.ClientSession) -> None:
    own = signed(seller(house), a_proposal(some_terms("H-6")))
    assert (await post(http, own, {"Cookie": f"{COOKIE}={token(house)}"}))[0] == 401
    assert (await post(http, own, {}))[0] == 401


async def test_what_is_not_a_signed_command_is_refused(house: House, http: aiohttp.ClientSession) -> None:
    good = signed(seller(house), a_proposal(some_terms("H-7")))
    other = signed(seller(house), a_proposal(some_terms("H-8")))
    cases: list[tuple[Any, int, str]] = [
        ({}, 422, "CH21"),
        ({**good, "more": "x"}, 422, "CH17"),
        ({**good, "certificate": "??"}, 422, "CH16"),
        ({**good, "certificate": "AAAA"}, 403, "AG08"),
        ({**good, "command": "{}"}, 400, "FF01"),
        ({**good, "command": f" {good['command']}"}, 400, "FF01"),
        ({**good, "command": good["command"].replace("H-7", "H-9")}, 403, "DS0H"),
        ({**good, "signature": other["signature"]}, 403, "DS0H"),
        ({**good, "signature": good["signature"][:-8]}, 403, "DS0H"),
    ]
    for body, expected, code in cases:
        status, told = await post(http, body, bearer(house))
        assert (status, told["code"]) == (expected, code), body


async def test_an_organisations_own_command_is_not_brought_so(house: House, http: aiohttp.ClientSession) -> None:
    """A trader signs what it likes; the ledger's table says what it may ask for."""
    status, told = await post(http, signed(seller(house), register()), bearer(house))
    assert (status, told["code"]) == (403, "AG08")


# Pages


async def page(http: aiohttp.ClientSession, path: str, held: str) -> tuple[int, str]:
    async with http.get(path, headers={"Cookie": f"{COOKIE}={held}"}) as response:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return response.status, await response.text()


async def test_pages_show_a_trade_with_all_that_belongs_to_it(
    house: House, http: aiohttp.ClientSession, bankist: WaitanClient
) -> None:
    """A contract that waits for one's signature says so; the invoice stands in the same timeline."""
    terms = await proposed(house, http, "H-10")
    name = contract.contract_id(terms)
    status, text = await page(http, f"/trade/records/{name}", token(house))
    assert (status, "To be signed by your firm" in text, "100,000.00 <small>CNY" in text) == (200, True, True)
    await post(http, signed(seller(house), signing(house, terms)), bearer(house))
    buyer = house.members["bankist"].person(TRADER)
    await bankist.ask_signed(NETWORK, signing(house, terms, buyer), buyer)
    bill = an_invoice("INV-10", contract_id=name)
    issue = IssueInvoice(command_id=an_id(), terms=bill, signature=sign_document(NETWORK, bill, seller(house)))
    await house.caught_up()
    assert (await post(http, signed(seller(house), issue), bearer(house)))[0] == 200
    _, text = await page(http, f"/trade/records/{name}", token(house))
    assert "To be signed" not in text
    assert all(word in text for word in ("In effect", "Invoice INV-10", "Signed by both", "Invoiced"))
    _, text = await page(http, f"/trade/records/{invoice.invoice_id(bill)}", token(house))
    assert all(word in text for word in ("Contract H-10", "Invoice INV-10", "2027-02-28"))
    _, text = await page(http, "/trade", token(house))
    assert f"/trade/records/{name}" in text


async def test_a_stranger_finds_no_page_of_it(house: House, http: aiohttp.ClientSession) -> None:
    name = contract.contract_id(await proposed(house, http, "H-11"))
    for path in (f"/trade/records/{name}", f"/trade/records/{'f' * 32}"):
        status, text = await page(http, path, token(house, NEIGHBOUR))
        assert (status, "Nothing that you may see" in text) == (404, True)
    assert name not in (await page(http, "/trade", token(house, NEIGHBOUR)))[1]


async def test_staff_read_pages_and_sign_nothing(house: House, http: aiohttp.ClientSession) -> None:
    name = contract.contract_id(await proposed(house, http, "H-12"))
    desk = token(house, "officer-1", Scope.DESK)
    status, text = await page(http, f"/trade/records/{name}", desk)
    assert (status, "To be signed" in text) == (200, False)
    assert (await page(http, "/trade/key", desk))[0] == 404
    own = signed(seller(house), a_proposal(some_terms("H-13")))
    assert (await post(http, own, {"Cookie": f"{COOKIE}={desk}"}, "/trade/commands"))[0] == 403


async def test_what_another_sites_page_sends_is_refused(house: House, http: aiohttp.ClientSession) -> None:
    """The same from a page of this door takes effect."""
    own = signed(seller(house), a_proposal(some_terms("H-14")))
    headers = {"Cookie": f"{COOKIE}={token(house)}"}
    for more in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        for path in ("/trade/commands", "/trade/certificate"):
            assert (await post(http, own, headers | more, path))[0] == 403
    assert (await post(http, own, headers, "/trade/commands"))[0] == 200


async def test_what_a_form_could_send_is_not_taken(house: House, http: aiohttp.ClientSession) -> None:
    """A form of another site can send text, and no JSON; a body is bounded besides."""
    headers = {"Cookie": f"{COOKIE}={token(house)}"}
    for path in ("/trade/commands", "/trade/certificate"):
        async with http.post(path, data="{}", headers=headers | {"Content-Type": "text/plain"}) as response:
            assert response.status == 415
        async with http.post(path, json={"request": "x" * 300_000}, headers=headers) as response:
            assert response.status == 413


async def test_a_gateway_that_does_not_certify_says_so(house: House, http: aiohttp.ClientSession) -> None:
    headers = {"Cookie": f"{COOKIE}={token(house)}"}
    status, told = await post(http, {"request": "x"}, headers, "/trade/certificate")
    assert (status, told["code"]) == (404, "NOT_FOUND")
    assert "Make a key" in (await page(http, "/trade/key", token(house)))[1]


async def test_a_certifier_certifies_for_the_tokens_firm(house: House, http: aiohttp.ClientSession) -> None:
    """Whatever the request says of itself."""
    member = house.members["banksh"]
    tokens = Tokens(member.service.certificate, network=NETWORK, participant="banksh")
    certifier = development_certifier(member.ca)
    door = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0, certifier=certifier)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
            headers = {"Cookie": f"{COOKIE}={token(house)}"}
            key, request = a_request()
            status, told = await post(session, {"request": request.decode()}, headers, "/trade/certificate")
            assert status == 200
            person = Credential(base64.b64decode(told["certificate"]), signer(key))
            body = signed(person, a_proposal(some_terms("H-15")))
            assert (await post(session, body, headers, "/trade/commands"))[0] == 200
            another = signed(person, a_proposal(some_terms("H-16")))
            assert (await post(session, another, bearer(house, NEIGHBOUR)))[0] == 403
    finally:
        await door.close()
