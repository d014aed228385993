"""FinancingService: a trader applies with its own certificate, its bank verifies, and learns a number."""

from collections.abc import AsyncIterator
from uuid import uuid4

import msgspec
import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.auth.signing import sign_document
from gateway.client import WaitanClient, WaitanError
from settlement.financing import (
    DrawFinancing,
    Financing,
    FinancingState,
    RejectFinancing,
    RepayFinancing,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.iso20022 import writing
from settlement.payments.commands import ReferredDocument, StructuredRemittance
from settlement.payments.documents import Kind
from settlement.trade import contract
from settlement.trade.advance import SetAdvanceRate
from settlement.trade.contract import SignContract
from settlement.trade.invoice import AcceptInvoice, IssueInvoice, invoice_id
from tests.builders import an_application, an_id, in_two_weeks
from tests.evidence import a_collection
from tests.gateway.house import NETWORK, House, a_fresh_payment, register_traders
from tests.trade import SELLER, TRADER, a_proposal, an_invoice, of_scarves, some_terms
from waitan.v1 import payments_pb2 as pb

pytestmark = pytest.mark.asyncio(loop_scope="session")

TERMS = some_terms("FINANCED-1")
INVOICE = an_invoice(contract_id=contract.contract_id(TERMS))
LATER = replace(of_scarves("INV-2", "1000.00"), contract_id=contract.contract_id(TERMS))
"""An invoice that the buyer has not accepted yet."""
SUBJECT = Subject(kind=Kind.INVOICE, record_id=invoice_id(INVOICE))


@pytest_asyncio.fixture(scope="session", loop_scope="session", autouse=True)
async def invoiced(house: House, banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[None]:
    """Two traders have a contract, and the seller has invoiced it; one of two invoices is accepted."""
    seller, buyer = (house.members[bank].person(TRADER) for bank in ("banksh", "bankist"))
    await register_traders(banksh=banksh, bankist=bankist)
    await banksh.ask_signed(NETWORK, a_proposal(TERMS), seller)
    for client, person in ((banksh, seller), (bankist, buyer)):
        signature = sign_document(NETWORK, TERMS, person)
        command = SignContract(command_id=an_id(), contract_id=contract.contract_id(TERMS), signature=signature)
        await client.ask_signed(NETWORK, command, person)
    for terms in (INVOICE, LATER):
        issue = IssueInvoice(command_id=an_id(), terms=terms, signature=sign_document(NETWORK, terms, seller))
        await banksh.ask_signed(NETWORK, issue, seller)
    await bankist.ask_signed(NETWORK, AcceptInvoice(command_id=an_id(), invoice_id=invoice_id(INVOICE)), buyer)
    yield


async def applied(house: House, number: str, amount: str) -> str:
    """Let the seller apply, with its own certificate, at its bank's door."""
    person = house.members["banksh"].person(TRADER)
    command = an_application(amount, SUBJECT, number=number, consents_until=in_two_weeks())
    async with house.client("banksh", TRADER) as client:
        await client.ask_signed(NETWORK, command, person)
    return financing_id("banksh", SELLER.identifier, number)


async def stored(house: House, client: WaitanClient, name: str) -> Financing:
    await house.caught_up()
    content = (await client.trade_record(name)).record.content
    return msgspec.json.decode(content, type=Financing)


async def test_a_loan_goes_its_way_through_the_door(house: House, banksh: WaitanClient) -> None:
    """Asked in the bank's own name or signed by an officer; the record tells where it stands."""
    name = await applied(house, "L-1", "60000.00")
    await banksh.ask(VerifyFinancing(command_id=an_id(), financing_id=name))
    officer = house.members["banksh"].person("officer-1")
    await banksh.ask_signed(NETWORK, DrawFinancing(command_id=an_id(), financing_id=name, reference="B-7"), officer)
    other = await applied(house, "L-2", "40000.01")
    await banksh.ask(VerifyFinancing(command_id=an_id(), financing_id=other))
    told = await stored(house, banksh, other)
    assert [(each.fits, each.amount) for each in told.remaining] == [(False, "40000.00")]
    await banksh.ask(RejectFinancing(command_id=an_id(), financing_id=other, reason="too much"))
    await banksh.ask(RepayFinancing(command_id=an_id(), financing_id=name, amount="60000.00", reference="CASH"))
    assert (await stored(house, banksh, name)).state is FinancingState.REPAID


def a_pacs_008(amount: str, number: str) -> bytes:
    """Let the buyer pay, in a message that names an invoice and a declaration."""
    remittance = StructuredRemittance(documents=(ReferredDocument(type_code="CINV", number=number),))
    payment = a_collection(
        amount,
        None,
        "220120260000000118",
        remittance="",
        structured_remittance=(remittance,),
        instruction_id=uuid4().hex,
    )
    return writing.payment_message(payment, sent_at="2026-11-23T01:00:00.000Z")


async def test_a_message_is_held_against_the_documents_that_it_names(
    house: House, bankist: WaitanClient, banksh: WaitanClient
) -> None:
    """By their numbers, as RfrdDocInf and RgltryRptg give them; with terms it waits, and its report says so."""
    await banksh.submit(a_fresh_payment("100.00"))  # so that the buyer's bank has money
    assert (await bankist.submit_message(a_pacs_008("10.00", LATER.number))).outcome.result == pb.RESULT_SETTLED
    refusals = []
    for number in (LATER.number, "NO-SUCH"):
        with pytest.raises(WaitanError) as raised:
            await bankist.submit_message(a_pacs_008("10.00", number), holds_evidence=True)
        refusals.append((raised.value.code, raised.value.where))
    assert refusals == [
        ("RR04", "evidence.invoices.0"),
        ("RR04", "structured_remittance.0.documents.0"),
    ]
    reserved = await bankist.submit_message(
        a_pacs_008("10.00", LATER.number), holds_evidence=True, terms=pb.Terms(expires_on="2026-11-27")
    )
    assert reserved.outcome.result == pb.RESULT_RESERVED
    assert b"<TxSts>ACSP</TxSts>" in reserved.status_report
    assert b"FctvIntrBkSttlmDt" not in reserved.status_report
    await house.caught_up()
    told = await banksh.payment(reserved.outcome.uetr)
    assert told.payment.evidence.invoices[0].record_id == invoice_id(LATER)
    assert [(each.where, each.number) for each in told.conditions] == [
        ("evidence.invoices.0", LATER.number),
        ("evidence.declarations.0", ""),
    ]


async def test_to_others_it_is_not_there(house: House, bankist: WaitanClient) -> None:
    name = await applied(house, "L-3", "1.00")
    await house.caught_up()
    with pytest.raises(WaitanError) as read:
        await bankist.trade_record(name)
    with pytest.raises(WaitanError) as verified:
        await bankist.ask(VerifyFinancing(command_id=an_id(), financing_id=name))
    assert (read.value.code, verified.value.code) == ("NOT_FOUND", "NOT_FOUND")


async def test_an_officer_sets_no_advance_rate(house: House, banksh: WaitanClient) -> None:
    rate = SetAdvanceRate(command_id=an_id(), effective_from="2027-01-01", percent=80)
    with pytest.raises(WaitanError) as raised:
        await banksh.ask_signed(NETWORK, rate, house.members["banksh"].person("officer-1"))
    assert raised.value.code == "AG08"
    async with house.client("regulator", "supervisor-1") as client:
        await client.ask_signed(NETWORK, rate, house.members["regulator"].person("supervisor-1"))
