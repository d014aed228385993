"""Bills of lading at the operators' doors: each person at its own organisation, from draft to delivery."""

import json
import time
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
import pytest
import pytest_asyncio

from gateway.auth.scopes import Scope
from gateway.client import WaitanClient, WaitanError
from gateway.traders import server
from gateway.traders.tokens import Tokens, mint
from gateway.traders.web.frame import token_cookie
from gateway.traders.web.words import TEXTS
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.lading import bill as bills
from settlement.trade.lading import document, manifest
from settlement.trade.lading.chain import Action, BillParty, BillState
from settlement.trade.lading.commands import (
    AnswerSurrender,
    ApproveBillOfLading,
    DisputeBillOfLading,
    EndorseBillOfLading,
    IssueBillOfLading,
    Manner,
    Purpose,
    RecordDelivery,
    SurrenderBillOfLading,
    TransferBillOfLading,
)
from tests.builders import an_id
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, register_traders
from tests.lading import BANKSH, CARRIER_LEI, OTHER_LEI, SILK_USCC, TEKSTIL, a_text, draft_command, named
from tests.trade import TRADER, a_proposal, some_terms
from waitan.v1 import bills_of_lading_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

SILK: Final = ("banksh", TRADER)
TEKSTILS: Final = ("bankist", TRADER)
CARRIER: Final = ("customs", "carrier-1")
OFFICER: Final = ("banksh", "officer-1")


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def customers(banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[None]:
    """Both banks know their customers."""
    await register_traders(banksh=banksh, bankist=bankist)
    yield


class Desk:
    """Lets people ask at their own organisations' doors, each with its own certificate."""

    def __init__(self, house: House) -> None:
        self.house: Final = house

    async def ask(self, who: tuple[str, str], *commands: Command) -> None:
        async with self.house.client(*who) as client:
            for command in commands:
                await client.ask_signed(NETWORK, command, self.house.members[who[0]].person(who[1]))
        await self.house.caught_up()

    async def refused(self, who: tuple[str, str], command: Command) -> tuple[str, str]:
        with pytest.raises(WaitanError) as raised:
            await self.ask(who, command)
        return raised.value.code, raised.value.where

    async def bill(self, who: tuple[str, str], record_id: str) -> pb.BillOfLading:
        async with self.house.client(*who) as client:
            return await client.bill_of_lading(record_id)

    async def issued(self, reference: str, *, trade: str = "") -> str:
        """Bring a bill to the order of its shipper into the shipper's hands; give its id."""
        text = a_text(transportDocumentReference=reference, endorsee=named(SILK_USCC))
        record_id = bills.bill_id(CARRIER_LEI, reference, "")
        carrier = self.house.members["customs"].person("carrier-1")
        token = manifest.signed(text, carrier.certificate, carrier.sign)
        await self.ask(CARRIER, draft_command(text, trade=trade))
        terms = (await self.bill(SILK, record_id)).terms_checksum
        approval = ApproveBillOfLading(command_id=an_id(), record_id=record_id, terms=terms)
        await self.ask(SILK, approval)
        await self.ask(CARRIER, IssueBillOfLading(command_id=an_id(), record_id=record_id, manifest=token))
        return record_id


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


def transfer(record_id: str, to: BillParty, reason: str = "") -> TransferBillOfLading:
    return TransferBillOfLading(command_id=an_id(), record_id=record_id, recipient=to, reason=reason)


def endorse(record_id: str, to: BillParty) -> EndorseBillOfLading:
    return EndorseBillOfLading(command_id=an_id(), record_id=record_id, manner=Manner.ENDORSE_TO_ORDER, endorsee=to)


async def test_a_bill_goes_from_carrier_to_buyer_and_back(desk: Desk) -> None:
    """Each at its own door; everybody concerned reads the same bill, and who holds it, after each step."""
    name = await desk.issued("DOOR-1")
    for who in (SILK, CARRIER, OFFICER):
        found = await desk.bill(who, name)
        assert (found.number, found.state, found.holder.identifier) == ("DOOR-1", pb.BILL_STATE_ISSUED, SILK_USCC)
        assert (found.title_holder.identifier, found.may_endorse, found.to_order) == (SILK_USCC, True, True)
    await desk.ask(SILK, endorse(name, TEKSTIL), transfer(name, BANKSH, "collection D/P"))
    await desk.ask(OFFICER, transfer(name, TEKSTIL))
    found = await desk.bill(TEKSTILS, name)
    assert (found.holder.identifier, found.title_holder.identifier) == (TEKSTIL.identifier, TEKSTIL.identifier)
    surrender = SurrenderBillOfLading(command_id=an_id(), record_id=name, purpose=Purpose.SURRENDER_FOR_DELIVERY)
    await desk.ask(TEKSTILS, surrender)
    asked = await desk.bill(TEKSTILS, name)
    assert asked.requested_by.identifier == TEKSTIL.identifier
    await desk.ask(
        CARRIER,
        AnswerSurrender(command_id=an_id(), record_id=name, request=asked.head, accepted=True),
        RecordDelivery(command_id=an_id(), record_id=name),
    )
    found = await desk.bill(SILK, name)
    assert found.state == pb.BILL_STATE_DELIVERED
    assert [link.action for link in found.links][-2:] == ["SURRENDER_FOR_DELIVERY", "SACC"]
    assert found.links[1].previous
    assert found.document_checksum == document.checksum(found.document)


async def test_a_bill_is_in_the_timeline_of_its_trade(desk: Desk, house: House) -> None:
    """What the traders did with the contract and what was done with the bill are one story, told to each of them."""
    terms = some_terms("DOOR-C2")
    trade = contract.contract_id(terms)
    await desk.ask(SILK, a_proposal(terms))
    name = await desk.issued("DOOR-2", trade=trade)
    await desk.ask(SILK, transfer(name, TEKSTIL, "sale"))
    for who in (SILK, TEKSTILS):
        async with house.client(*who) as client:
            acts = [act async for act in client.timeline(trade)]
        told = [(act.kind, act.event) for act in acts]
        assert told[0] == ("contract", "PROPOSED")
        assert told[-1] == ("bill_of_lading", "TRANSFER")
        assert (acts[-1].reason, acts[-1].to) == ("sale", f"{TEKSTIL.identifier}@bankist")
    async with house.client(*SILK) as client:
        events = [act.event async for act in client.timeline(trade)]
        assert events == ["PROPOSED", "DRAFT", "APPROVE", "ISSUE", "TRANSFER"]
        found = await client.trade_record(name)
    assert (found.record.kind, found.record.trade, found.record.state) == ("bill_of_lading", trade, "ISSUED")


async def test_who_is_not_on_a_bill_is_told_that_there_is_none(desk: Desk, house: House, banksh: WaitanClient) -> None:
    name = await desk.issued("DOOR-3")
    await banksh.ask(register(OTHER_LEI, "Somebody Else Ltd"))
    issued = house.members["banksh"].ca.issue("stranger", Role.TRADER, party=OTHER_LEI)
    async with house.client("banksh", identity=house.shown(issued, "banksh")) as stranger:
        for asked in (stranger.bill_of_lading(name), stranger.envelope(name), stranger.bill_of_lading("0" * 32)):
            with pytest.raises(WaitanError) as raised:
                await asked
            assert (raised.value.code, raised.value.where) == ("NOT_FOUND", "record_id")
    with pytest.raises(WaitanError) as raised:
        await desk.bill(TEKSTILS, name)
    assert raised.value.code == "NOT_FOUND"


async def test_a_party_that_is_written_out_of_a_draft_sees_it_no_more(desk: Desk) -> None:
    """A consignee of the first draft is not told of the second, in which it does not stand."""
    first = a_text(transportDocumentReference="DOOR-4", isToOrder=False, consignee=named())
    await desk.ask(CARRIER, draft_command(first))
    name = bills.bill_id(CARRIER_LEI, "DOOR-4", "")
    assert (await desk.bill(TEKSTILS, name)).consignee.identifier == TEKSTIL.identifier
    await desk.ask(CARRIER, draft_command(a_text(transportDocumentReference="DOOR-4")))
    assert (await desk.bill(SILK, name)).to_order
    with pytest.raises(WaitanError) as raised:
        await desk.bill(TEKSTILS, name)
    assert raised.value.code == "NOT_FOUND"


async def test_refusals_name_the_field(desk: Desk) -> None:
    name = await desk.issued("DOOR-5")
    assert await desk.refused(OFFICER, transfer(name, TEKSTIL)) == ("NOT_IN_CONTROL", "record_id")
    nobody = BillParty(participant="bankfra", identifier=TEKSTIL.identifier)
    assert await desk.refused(SILK, transfer(name, nobody)) == ("NOT_FOUND", "recipient")
    assert await desk.refused(("bankist", "officer-1"), transfer(name, BANKSH)) == ("NOT_FOUND", "record_id")


async def test_a_bill_is_exported_and_an_envelope_is_verified(desk: Desk, house: House) -> None:
    """Made at one bank, checked at another; then the ledger goes on, and the envelope is known to be of before."""
    name = await desk.issued("DOOR-6")
    await desk.ask(SILK, endorse(name, TEKSTIL), transfer(name, TEKSTIL))
    async with house.client(*SILK) as seller, house.client(*TEKSTILS) as buyer:
        envelope = await seller.envelope(name)
        got = await buyer.verified(envelope)
        assert (got.exported_by, got.number, got.state, got.on_ledger) == ("banksh", "DOOR-6", "ISSUED", "CURRENT")
        assert (got.holder.identifier, got.title_holder.identifier) == (TEKSTIL.identifier, TEKSTIL.identifier)
        assert json.loads(envelope)["transportDocument"]["transportDocumentReference"] == "DOOR-6"
        await desk.ask(TEKSTILS, transfer(name, BANKSH, "pledged"))
        assert (await buyer.verified(envelope)).on_ledger == "EARLIER"
        with pytest.raises(WaitanError) as raised:
            await buyer.verified(envelope.replace(b"DOOR-6", b"DOOR-7"))
        assert raised.value.code == "CHAIN_BROKEN"
        with pytest.raises(WaitanError) as raised:
            await buyer.verified(b"{}")
        assert raised.value.code == "FF01"
    async with house.client("bankfra", "officer-1") as outsider:
        assert (await outsider.verified(envelope)).on_ledger == "UNKNOWN"


async def test_a_dispute_is_told(desk: Desk) -> None:
    name = await desk.issued("DOOR-8")
    await desk.ask(SILK, DisputeBillOfLading(command_id=an_id(), record_id=name, reason="our key was stolen"))
    found = await desk.bill(CARRIER, name)
    assert (found.dispute.reason, found.dispute.ruling) == ("our key was stolen", "")
    assert await desk.refused(SILK, transfer(name, TEKSTIL)) == ("IN_DISPUTE", "record_id")


@pytest_asyncio.fixture(loop_scope="session")
async def http(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """A program of a trader's, at its bank's door."""
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    door = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as session:
        yield session
    await door.close()


def bearer(house: House, customer: str = "", scope: Scope = Scope.TRADER) -> dict[str, str]:
    key, now_s = house.members["banksh"].service.key, int(time.time())
    token = mint(key, customer=customer, scope=scope, network=NETWORK, participant="banksh", now_s=now_s)
    return {"Authorization": f"Bearer {token}"}


async def test_a_holder_reads_its_bill_over_http_and_takes_proof_away(
    desk: Desk, house: House, http: aiohttp.ClientSession
) -> None:
    """To the bank's desk as well; to another customer of the bank there is no such bill."""
    name = await desk.issued("DOOR-9")
    for headers in (bearer(house, SILK_USCC), bearer(house, "desk-1", Scope.DESK)):
        async with http.get(f"/v1/bills/{name}", headers=headers) as response:
            shown = await response.json()
        assert (response.status, shown["state"], shown["holder"]["identifier"]) == (200, "ISSUED", SILK_USCC)
        assert shown["title_holder"] == {"participant": "banksh", "identifier": SILK_USCC}
        assert shown["document"]["transportDocumentReference"] == "DOOR-9"
        assert [link["action"] for link in shown["links"]] == ["ISSUE"]
    async with http.get(f"/v1/bills/{name}/envelope", headers=bearer(house, SILK_USCC)) as response:
        envelope = await response.read()
    async with house.client(*TEKSTILS) as buyer:
        assert (await buyer.verified(envelope)).number == "DOOR-9"
    for path in (f"/v1/bills/{name}", f"/v1/bills/{name}/envelope", f"/v1/bills/{'0' * 32}"):
        async with http.get(path, headers=bearer(house, OTHER_LEI)) as response:
            assert (response.status, (await response.json(content_type=None))["code"]) == (404, "NOT_FOUND")
        async with http.get(path) as response:
            assert response.status == 401


async def test_the_page_of_a_bill_tells_from_whose_hand_into_whose(
    desk: Desk, house: House, http: aiohttp.ClientSession
) -> None:
    """In words of each language; no state and no action of a bill is without one."""
    name = await desk.issued("DOOR-10")
    await desk.ask(SILK, endorse(name, TEKSTIL), transfer(name, BANKSH, "collection D/P"))
    bank = house.members["bankist"].profile.name
    for language, passed_on in (("en", "Passed on"), ("zh", "转交"), ("tr", "Devredildi")):
        token = bearer(house, SILK_USCC)["Authorization"].removeprefix("Bearer ")
        headers = {"Cookie": f"{token_cookie('banksh')}={token}", "Accept-Language": language}
        async with http.get(f"/trade/records/{name}", headers=headers) as response:
            page = await response.text()
        assert response.status == 200
        for told in (passed_on, "CNSHA → TRIST", f"{TEKSTIL.identifier} ({bank})", "collection D/P", "YPLU1234569"):
            assert told in page, told
    words = [f"trade_event_{each.value}" for each in Action] + [f"trade_state_{each.value}" for each in BillState]
    assert all(key in TEXTS for key in words)
