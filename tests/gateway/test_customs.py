"""Customs at the operators' door: thirty declarations in one call, officers' decisions, and tax paid by a bank."""

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from gateway.cli.payments import return_request
from gateway.client import WaitanClient, WaitanError
from gateway.development.customers import TRADERS
from gateway.traders import server
from gateway.traders.tokens import Tokens, mint
from settlement.customs.assessment import AssessTax, ClaimRefund, GrantRefund, GuaranteeTax, TaxAssessment, fen
from settlement.customs.declaration import AcceptDeclaration, Declaration, HoldGoods, LiftHold, ReleaseGoods
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.participants import RegisterCustomer
from settlement.records import Command
from tests.builders import TODAY, an_id
from tests.contracts.samples import open_account
from tests.customs_samples import SILK, declared, lodging, number, rates_approval, rates_entry
from tests.customs_world import FIRST, SECOND, TAX
from tests.gateway.house import NETWORK, House
from tests.trade import TRADER
from waitan.v1.payments_pb2 import RESULT_SETTLED, PrepareReleaseRequest

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def harbour(house: House) -> AsyncIterator[None]:
    """Customs works: rates are in force, the treasury has its account, the banks know their customers."""
    for bank, trader in TRADERS.items():
        async with house.client(bank) as officer:
            await officer.ask(RegisterCustomer(command_id=an_id(), customer=trader.customer))
    await ask(house, "clearing", "officer-1", open_account("clearing"))
    await ask(house, "customs", FIRST, rates_entry())
    await ask(house, "customs", SECOND, rates_approval())
    await house.caught_up()
    yield


@pytest_asyncio.fixture(loop_scope="session")
async def trader(house: House) -> AsyncIterator[WaitanClient]:
    """The trader's person, at its bank's gateway."""
    async with house.client("banksh", TRADER) as client:
        yield client


async def ask(house: House, organisation: str, person: str, command: Command) -> None:
    """Let somebody ask through their own organisation's gateway."""
    async with house.client(organisation, person) as client:
        await client.ask_signed(NETWORK, command, house.members[organisation].person(person))
    await house.caught_up()


async def lodge(house: House, client: WaitanClient, *contents: Declared) -> list[Any]:
    outcomes = await client.lodge(NETWORK, map(lodging, contents), house.members["banksh"].person(TRADER))
    await house.caught_up()
    return outcomes


async def handled(house: House, content: Declared) -> TaxAssessment:
    """Let customs accept and assess; give the assessment."""
    name = declaration_id(content.number)
    await ask(house, "customs", FIRST, AcceptDeclaration(command_id=an_id(), declaration_id=name))
    await ask(house, "customs", TAX, AssessTax(command_id=an_id(), declaration_id=name))
    async with house.client("customs", TAX) as officer:
        found = msgspec.json.decode((await officer.trade_record(name)).record.content, type=Declaration)
        told = (await officer.trade_record(found.assessment)).record.content
    return msgspec.json.decode(told, type=TaxAssessment)


async def treasury(house: House) -> int:
    """Give what the treasury has, in fen."""
    async with house.client("clearing") as clearing:
        (account,) = await clearing.accounts("clearing", "CNY")
    return account.posted_minor


async def test_thirty_declarations_are_lodged_in_one_call(house: House, trader: WaitanClient) -> None:
    """Each is taken in or refused by itself, in one transaction; the trader sees its own."""
    contents = [declared(number=number(serial), transport_document=f"BL-{serial}") for serial in range(30)]
    contents[4] = declared(number=number(4), port="")
    contents[9] = declared(number=number(109), transport_document="BL-8")
    outcomes = await lodge(house, trader, *contents)
    assert [each.code for each in outcomes] == ["CH21" if place == 4 else "" for place in range(30)]
    assert outcomes[4].where == "declared.port"
    assert [each.status for each in outcomes].count("LODGED") == 28
    assert outcomes[9].status == "HELD"
    assert len({each.transaction_id for each in outcomes if not each.code}) == 1
    listed = [each.number async for each in trader.trade_records(kind="declaration")]
    assert set(listed) >= {content.number for place, content in enumerate(contents) if place != 4}
    held = [each.number async for each in trader.trade_records(kind="declaration", state="HELD")]
    assert contents[9].number in held


async def test_too_many_declarations_are_refused_whole(house: House, trader: WaitanClient) -> None:
    for count, code in ((0, "CH21"), (101, "CH17")):
        with pytest.raises(WaitanError) as raised:
            await trader.lodge(NETWORK, [lodging()] * count, house.members["banksh"].person(TRADER))
        assert (raised.value.code, raised.value.where) == (code, "declarations")


async def test_a_tax_is_said_as_two_officers_sign_it(house: House, trader: WaitanClient, banksh: WaitanClient) -> None:
    """What PayTax would pay: above the bank's limit one officer proposes it and another releases it."""
    content = declared(number=number(407), transport_document="BL-407")
    await lodge(house, trader, content)
    found = await handled(house, content)
    said = await banksh.prepare_release(PrepareReleaseRequest(assessment_id=found.record_id))
    assert (said.assessment_id, said.amount, said.payee) == (found.record_id, found.total, "clearing")
    assert said.requested_by
    assert (await banksh.submit(said)).result == RESULT_SETTLED
    unknown = PrepareReleaseRequest(assessment_id=found.record_id, debtor_account="NOBODYS")
    with pytest.raises(WaitanError) as raised:
        await banksh.prepare_release(unknown)
    assert (raised.value.code, raised.value.where) == ("AC01", "debtor_account")


async def test_a_bank_pays_its_customers_tax_once(house: House, trader: WaitanClient, banksh: WaitanClient) -> None:
    """What is owed today, to the treasury's account; asked again, it is answered with the first outcome."""
    content = declared(number=number(401), transport_document="BL-401")
    await lodge(house, trader, content)
    found = await handled(house, content)
    owed = await trader.tax_owed(found.record_id)
    assert (owed.state, owed.total, owed.interest, owed.due_on) == ("ASSESSED", found.total, "0.00", found.due_on)
    before_minor = await treasury(house)
    first = await banksh.pay_tax(found.record_id)
    again = await banksh.pay_tax(found.record_id)
    assert (first.result, again.result) == (RESULT_SETTLED, RESULT_SETTLED)
    assert (again.uetr, again.is_repeat) == (first.uetr, True)
    await house.caught_up()
    async with house.client("clearing") as clearing:
        paid = await clearing.payment(first.uetr)
    assert await treasury(house) - before_minor == fen(found.total)
    assert (paid.payment.amount, paid.payment.purpose) == (found.total, "TAXS")
    assert (await trader.tax_owed(found.record_id)).total == "0.00"
    name = found.declaration
    await ask(house, "customs", FIRST, HoldGoods(command_id=an_id(), declaration_id=name, reason="Labels"))
    await ask(house, "customs", FIRST, LiftHold(command_id=an_id(), declaration_id=name, reason="Replaced"))
    await ask(house, "customs", SECOND, ReleaseGoods(command_id=an_id(), declaration_id=name))
    history = (await trader.trade_record(name)).acts
    assert [act.event for act in history][-4:] == ["DUTY_PAID", "HELD", "HOLD_LIFTED", "RELEASED"]


async def test_a_bank_guarantees_its_customers_tax(house: House, trader: WaitanClient, banksh: WaitanClient) -> None:
    content = declared(number=number(402), transport_document="BL-402")
    await lodge(house, trader, content)
    found = await handled(house, content)
    guarantee = GuaranteeTax(
        command_id=an_id(), assessment_id=found.record_id, reference="LG-1", expires_on="2027-01-31"
    )
    await banksh.ask(guarantee)
    record = (await banksh.trade_record(found.declaration)).record
    assert record.state == "DUTY_GUARANTEED"


async def test_nobody_pays_anothers_tax(
    house: House, trader: WaitanClient, bankist: WaitanClient, banksh: WaitanClient
) -> None:
    """To another bank an assessment is not there; an account that is not the customer's pays nothing."""
    content = declared(number=number(403), transport_document="BL-403")
    await lodge(house, trader, content)
    found = await handled(house, content)
    for client, account, code in ((bankist, "", "NOT_FOUND"), (banksh, "6222020200000000", "AC01")):
        with pytest.raises(WaitanError) as raised:
            await client.pay_tax(found.record_id, account)
        assert raised.value.code == code


async def test_a_trader_handles_nothing(house: House, trader: WaitanClient) -> None:
    """Nor does a bank's officer: the door of a bank takes no decision of customs from its people."""
    command = ReleaseGoods(command_id=an_id(), declaration_id="0" * 32)
    with pytest.raises(WaitanError) as raised:
        await trader.ask_signed(NETWORK, command, house.members["banksh"].person(TRADER))
    assert raised.value.code == "AG08"


async def test_notices_of_rates_are_told_to_everybody(house: House, trader: WaitanClient) -> None:
    (notice,) = await trader.notices()
    assert (notice.notice_id, notice.state) == ("GAC-2026-11", "IN_FORCE")


@pytest_asyncio.fixture(loop_scope="session")
async def http(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """A program of the trader's, at its bank's door."""
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    door = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session
    await door.close()


async def read(house: House, http: aiohttp.ClientSession, path: str, customer: str) -> tuple[int, dict[str, Any]]:
    key, now_s = house.members["banksh"].service.key, int(time.time())
    token = mint(key, customer=customer, network=NETWORK, participant="banksh", now_s=now_s)
    async with http.get(path, headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status, await response.json(content_type=None)


async def test_a_trader_reads_its_own_declarations_over_http(
    house: House, trader: WaitanClient, http: aiohttp.ClientSession
) -> None:
    """A page at a time; one with its tax and its story; to another customer of the bank it is not there."""
    content = declared(number=number(404), transport_document="BL-404")
    await lodge(house, trader, content, declared(number=number(405), transport_document="BL-405"))
    found = await handled(house, content)
    status, shown = await read(house, http, f"/v1/declarations/{content.number}", SILK.identifier)
    assert (status, shown["status"], shown["tax"]["owed"]) == (200, "ASSESSED", found.total)
    assert [act["event"] for act in shown["acts"]] == ["LODGED", "ACCEPTED", "ASSESSED"]
    listed: list[str] = []
    path = "/v1/declarations?limit=3"
    while path:
        _, page = await read(house, http, path, SILK.identifier)
        listed += [each["number"] for each in page.get("declarations", [])]
        path = f"/v1/declarations?limit=3&cursor={page['next']}" if page.get("next") else ""
    assert {number(404), number(405)} <= set(listed)
    assert len(listed) == len(set(listed))
    stranger = "5493001KJTIIGC8Y1R12"
    assert await read(house, http, "/v1/declarations", stranger) == (200, {})
    status, problem = await read(house, http, f"/v1/declarations/{content.number}", stranger)
    assert (status, problem["code"]) == (404, "NOT_FOUND")


async def test_tax_is_sent_back_from_the_treasury(house: House, trader: WaitanClient, banksh: WaitanClient) -> None:
    """Claimed by the trader, granted by a tax officer, returned at clearing's own door."""
    content = declared(number=number(406), transport_document="BL-406")
    await lodge(house, trader, content)
    found = await handled(house, content)
    paid = await banksh.pay_tax(found.record_id)
    claim = ClaimRefund(command_id=an_id(), assessment_id=found.record_id, amount="1000.00", reason="Short-landed")
    await trader.ask_signed(NETWORK, claim, house.members["banksh"].person(TRADER))
    release = ReleaseGoods(command_id=an_id(), declaration_id=found.declaration)
    await ask(house, "customs", FIRST, release)
    await ask(house, "customs", TAX, GrantRefund(command_id=an_id(), assessment_id=found.record_id))
    async with house.client("clearing") as clearing:
        details = await clearing.payment(paid.uetr)
        await clearing.return_payment(return_request(details, "1000.00", "CUST", TODAY, partial=True))
    await house.caught_up()
    record = (await trader.trade_record(found.record_id)).record
    assert record.state == "REFUNDED"
