"""Trade at the operators' door: a trader with its own certificate, and what it is told of its own firm's records."""

from collections.abc import AsyncIterator
from typing import Final

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.signing import sign_command, sign_document
from gateway.client import WaitanClient, WaitanError
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract
from settlement.trade.contract import SalesContract, SignContract
from settlement.trade.contract_terms import ContractTerms
from tests.builders import an_id
from tests.contracts.samples import register
from tests.gateway.house import NETWORK, House, register_traders
from tests.trade import SELLER, TRADER, a_proposal, some_terms
from waitan.v1.common_pb2 import SignedCommand

pytestmark = pytest.mark.asyncio(loop_scope="session")

NEIGHBOUR: Final = "5493001KJTIIGC8Y1R12"


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def customers(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[None]:
    """Both banks know their customers."""
    await register_traders(banksh=banksh, bankist=bankist)
    yield


@pytest_asyncio.fixture(loop_scope="session")
async def seller(house: House) -> AsyncIterator[WaitanClient]:
    """The seller's person, at its bank's gateway."""
    async with house.client("banksh", TRADER) as client:
        yield client


async def sign(house: House, client: WaitanClient, bank: str, terms: ContractTerms) -> None:
    """Let a party sign."""
    person = house.members[bank].person(TRADER)
    name = contract.contract_id(terms)
    signature = sign_document(NETWORK, terms, person)
    await client.ask_signed(NETWORK, SignContract(command_id=an_id(), contract_id=name, signature=signature), person)


async def refusal(client: WaitanClient, house: House, command: Command) -> tuple[str, str]:
    with pytest.raises(WaitanError) as raised:
        await client.ask_signed(NETWORK, command, house.members["banksh"].person(TRADER))
    return raised.value.code, raised.value.where


async def test_two_traders_bring_a_contract_into_effect(house: House, seller: WaitanClient) -> None:
    """Each at its own bank, with its own key; both read the same record and the same history."""
    terms = some_terms("C-1")
    await seller.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    await sign(house, seller, "banksh", terms)
    async with house.client("bankist", TRADER) as buyer:
        await sign(house, buyer, "bankist", terms)
        await house.caught_up()
        there = await buyer.trade_record(contract.contract_id(terms))
    here = await seller.trade_record(contract.contract_id(terms))
    assert (here.record.state, here.record.revision) == ("EFFECTIVE", 3)
    assert here.record.content == there.record.content
    record = msgspec.json.decode(here.record.content, type=SalesContract)
    assert (record.terms, len(record.signatures)) == (terms, 2)
    assert [act.event for act in here.acts] == ["PROPOSED", "SIGNED", "AGREED"]
    assert [act.event async for act in seller.timeline(record.record_id)] == ["PROPOSED", "SIGNED", "AGREED"]
    assert record.record_id in {each.record_id async for each in seller.trade_records(kind="contract")}


async def test_a_bank_carries_what_its_customer_has_signed(house: House, banksh: WaitanClient) -> None:
    """An officer brings it; it is the trader's all the same."""
    terms = some_terms("C-2")
    await banksh.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    found = await banksh.trade_record(contract.contract_id(terms))
    assert (found.acts[0].signer, found.acts[0].role, found.acts[0].party) == (TRADER, "trader", SELLER.identifier)


async def test_an_officer_proposes_nothing_itself(house: House, banksh: WaitanClient) -> None:
    with pytest.raises(WaitanError) as raised:
        await banksh.ask_signed(NETWORK, a_proposal(), house.members["banksh"].person("officer-1"))
    assert raised.value.code == "AG08"


async def test_another_customer_of_the_bank_is_told_that_there_is_none(house: House, banksh: WaitanClient) -> None:
    """Neither by name, nor in lists, whatever party it asks for, nor in a timeline."""
    terms = some_terms("C-3")
    await banksh.ask_signed(NETWORK, a_proposal(terms), house.members["banksh"].person(TRADER))
    await banksh.ask(register(NEIGHBOUR))
    issued = house.members["banksh"].ca.issue("neighbour", Role.TRADER, party=NEIGHBOUR)
    async with house.client("banksh", identity=house.shown(issued, "banksh")) as neighbour:
        for name in (contract.contract_id(terms), "f" * 32):
            for asked in (neighbour.trade_record(name), anext(neighbour.timeline(name))):
                with pytest.raises(WaitanError) as raised:
                    await asked
                assert raised.value.code == "NOT_FOUND"
        assert [each async for each in neighbour.trade_records(party=SELLER.identifier)] == []


async def test_a_certificate_of_no_firm_reads_nothing(house: House) -> None:
    issued = house.members["banksh"].ca.issue("nobody", Role.TRADER)
    async with house.client("banksh", identity=house.shown(issued, "banksh")) as nobody:
        with pytest.raises(WaitanError) as raised:
            await anext(nobody.trade_records())
    assert (raised.value.code, raised.value.where) == ("AG08", "party")


async def test_an_rpc_takes_the_command_of_its_name_alone(house: House, seller: WaitanClient) -> None:
    signed = sign_command(NETWORK, a_proposal(), house.members["banksh"].person(TRADER))
    request = SignedCommand(command=signed.command.encode(), certificate=signed.certificate, signature=signed.signature)
    with pytest.raises(WaitanError) as raised:
        await seller._act(seller._trade.SignContract, request)
    assert (raised.value.code, raised.value.where) == ("CH16", "command.type")


async def test_terms_that_are_not_in_order_are_told_by_their_field(house: House, seller: WaitanClient) -> None:
    wrong = a_proposal(some_terms(lines=(replace(some_terms().lines[0], unit="XXX"),)))
    assert await refusal(seller, house, wrong) == ("CH16", "terms.lines.0.unit")
