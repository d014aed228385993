"""Silk from Shanghai to Istanbul: declared for export, shipped, and paid for as the bill of lading passes."""

from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from gateway.development.members import new_id
from gateway.development.shipments import lending, payments, steps
from gateway.development.shipments.firms import BANKER_IST, BANKER_SH, CARRIER, CUSTOMS, SILK, TAX, TEKSTIL
from gateway.development.shipments.papers import Papers
from gateway.development.shipments.steps import Paper
from gateway.development.shipments.story import Story
from settlement.customs.assessment import AssessTax
from settlement.customs.declaration import (
    AcceptDeclaration,
    Declaration,
    DeclarationState,
    LodgeDeclaration,
    ReleaseGoods,
)
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.financing import Subject
from settlement.money import for_people as money
from settlement.payments.documents import Kind
from settlement.payments.terms import Evidence, Share, Terms
from settlement.trade.contract import ConfirmPerformance, ContractState, SalesContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import DocumentHolder, DocumentKind, PresentDocument
from settlement.trade.invoice import InvoiceTerms
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty
from settlement.trade.lading.commands import (
    AnswerSurrender,
    EndorseBillOfLading,
    Manner,
    Purpose,
    RecordDelivery,
    SurrenderBillOfLading,
    TransferBillOfLading,
)
from waitan.v1.payments_pb2 import RESULT_RESERVED

IMPORT: Final = Paper(
    DocumentKind.OTHER,
    "TR-IST-IMP-2026-0417806",
    "Ambarli Customs Directorate",
    "textiles/turkish-import-declaration.txt",
)
_PATIENCE_DAYS: Final = 30


async def play(story: Story, papers: Papers) -> None:
    """Play it, from contract to delivery."""
    terms = papers.read("textiles/contract.json", ContractTerms)
    contract = await steps.agree(story, terms, SILK, TEKSTIL)
    invoice_terms = replace(papers.read("textiles/invoice.json", InvoiceTerms), contract_id=contract)
    invoice = await steps.bill_for(story, invoice_terms, SILK, TEKSTIL)
    declared = replace(papers.read("textiles/declaration.json", Declared, of_customs=True), trade=contract)
    await _export(story, declared)
    bill = await steps.ship(
        story,
        papers.text("textiles/bill_of_lading.json"),
        trade=contract,
        carrier=CARRIER,
        shipper=SILK,
        banks={"shipper_bank": "banksh", "endorsee_bank": "banksh"},
    )
    evidence = Evidence(
        contract=contract,
        invoices=(Share(record_id=invoice),),
        declarations=(Share(record_id=declaration_id(declared.number)),),
        bill_of_lading=bill,
    )
    subjects = (
        Subject(kind=Kind.INVOICE, record_id=invoice),
        Subject(kind=Kind.DECLARATION, record_id=declaration_id(declared.number)),
    )
    loan = await lending.advance(story, terms, subjects)
    uetr = await _undertake(story, papers, terms, evidence, declared)
    await _against_payment(story, terms, bill, uetr)
    await lending.repay(story, loan, uetr)
    await _deliver(story, papers, terms, bill, contract)


async def _export(story: Story, declared: Declared) -> None:
    """Declare the goods for export; they bear no duty, and customs lets them go."""
    name = {"declaration_id": declaration_id(declared.number)}
    client = await story.cast.client(SILK.organisation, SILK.name)
    person = story.cast.credential(SILK.organisation, SILK.name)
    command = LodgeDeclaration(command_id=new_id(), customs="customs", declared=declared)
    outcomes = await client.lodge(story.cast.network, [command], person)
    taken = [each.status for each in outcomes] == ["LODGED"]
    story.finds(SILK, f"declares the goods for export: {declared.number}", holds=taken)
    again = replace(command, command_id=new_id())
    told = await client.lodge(story.cast.network, [again], person)
    story.finds(
        SILK,
        "lodges it again, and is refused: a number is registered once",
        holds=[each.code for each in told] == [Code.DECLARATION_NUMBER_USED],
    )
    await story.signs(CUSTOMS, "accepts the declaration", AcceptDeclaration(command_id=new_id(), **name))
    await story.signs(TAX, "finds it free of duty", AssessTax(command_id=new_id(), **name))
    await story.signs(CUSTOMS, "releases the goods for export", ReleaseGoods(command_id=new_id(), **name))
    await story.record(SILK, declaration_id(declared.number), Declaration, DeclarationState.RELEASED)


async def _undertake(story: Story, papers: Papers, terms: ContractTerms, evidence: Evidence, declared: Declared) -> str:
    """Let the buyer's bank set the price aside until the title is the buyer's: documents against payment."""
    payment = payments.of_goods(
        story.cast,
        terms,
        date=papers.business_date,
        uetr=str(uuid4()),
        payer="bankist",
        payee="banksh",
        reports=(declared.number,),
        invoice=declared.invoices[0],
        evidence=evidence,
        terms_of_payment=Terms(
            expires_on=papers.later(_PATIENCE_DAYS), title=evidence.bill_of_lading, title_to=terms.buyer.identifier
        ),
    )
    client = await story.cast.client(BANKER_IST.organisation, BANKER_IST.name)
    outcome = await client.submit(payment)
    amount = money(payment.amount, payment.currency)
    story.finds(BANKER_IST, f"undertakes to pay {amount} against the title", holds=outcome.result == RESULT_RESERVED)
    story.payments.append(payment.uetr)
    return payment.uetr


async def _against_payment(story: Story, terms: ContractTerms, bill: str, uetr: str) -> None:
    """Let the title go to the buyer; in the same transaction the money goes to the seller's bank."""
    buyer = BillParty(participant="bankist", identifier=terms.buyer.identifier)
    endorse = EndorseBillOfLading(command_id=new_id(), record_id=bill, manner=Manner.ENDORSE_TO_ORDER, endorsee=buyer)
    await story.is_refused(TEKSTIL, "endorses the bill to itself, which it cannot see", endorse, Code.NOT_FOUND)
    await story.signs(SILK, "endorses the bill to the buyer's order", replace(endorse, command_id=new_id()))
    transfer = TransferBillOfLading(command_id=new_id(), record_id=bill, recipient=buyer)
    await story.signs(SILK, "gives the bill to the buyer", transfer)
    settled = await story.is_settled(BANKER_SH, uetr)
    story.finds(BANKER_SH, "is paid in the transaction that gave the buyer the bill", holds=settled)
    await story.is_refused(
        SILK, "gives it away a second time", replace(transfer, command_id=new_id()), Code.NOT_IN_CONTROL
    )


async def _deliver(story: Story, papers: Papers, terms: ContractTerms, bill: str, contract: str) -> None:
    """Let the buyer have the goods; what Turkish customs says comes in as a document."""
    surrender = SurrenderBillOfLading(command_id=new_id(), record_id=bill, purpose=Purpose.SURRENDER_FOR_DELIVERY)
    await story.signs(TEKSTIL, "surrenders the bill for the goods", surrender)
    asked = (await story.record(CARRIER, bill, BillOfLading, "PENDING_SURRENDER_FOR_DELIVERY")).standing
    assert asked is not None
    answer = AnswerSurrender(command_id=new_id(), record_id=bill, request=asked.head, accepted=True)
    await story.signs(CARRIER, "accepts it", answer)
    released = await steps.anchor(
        story,
        papers,
        IMPORT,
        TEKSTIL,
        firm=terms.buyer.identifier,
        holder=DocumentHolder(participant="bankist", identifier=terms.buyer.identifier),
        does="anchors the Turkish import declaration, by its hash",
    )
    present = PresentDocument(command_id=new_id(), document_id=released.record_id, contract_id=contract)
    await story.signs(TEKSTIL, "shows it to both sides of the contract", present)
    await story.signs(CARRIER, "has delivered the goods", RecordDelivery(command_id=new_id(), record_id=bill))
    for who in (TEKSTIL, SILK):
        confirm = ConfirmPerformance(command_id=new_id(), contract_id=contract)
        await story.signs(who, "confirms that nothing is left to do", confirm)
    found = await story.record(SILK, contract, SalesContract, ContractState.PERFORMED)
    story.finds(SILK, "reads the contract: PERFORMED", holds=found.number == terms.number)
    await story.reads_timeline(SILK, contract)
