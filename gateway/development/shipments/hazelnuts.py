"""Hazelnuts from Giresun to Shanghai: inspected, taxed and released by customs, and paid for when they are released."""

from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from gateway.development.members import new_id
from gateway.development.shipments import payments, steps
from gateway.development.shipments.firms import (
    BANKER_IST,
    BANKER_SH,
    CARRIER,
    CUSTOMS,
    FOODS,
    HAZELNUTS,
    SECOND,
    TAX,
    certified,
)
from gateway.development.shipments.papers import Papers
from gateway.development.shipments.steps import Paper
from gateway.development.shipments.story import Story
from settlement.customs.assessment import AssessmentState, AssessTax, TaxAssessment
from settlement.customs.declaration import (
    AcceptDeclaration,
    ClearDeclaration,
    Declaration,
    DeclarationState,
    LodgeDeclaration,
    OrderInspection,
    RecordInspection,
    RejectDeclaration,
    ReleaseGoods,
)
from settlement.customs.declared import Declared
from settlement.customs.duty import CNY
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.money import for_people as money
from settlement.payments.terms import Evidence, Share, Terms
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import DocumentHolder, DocumentKind, PresentDocument, TransferDocument, VerifyDocument
from settlement.trade.invoice import InvoiceTerms
from waitan.v1.payments_pb2 import RESULT_RESERVED, RESULT_SETTLED

CERTIFICATE: Final = Paper(
    DocumentKind.PHYTOSANITARY,
    "TR28-PHYTO-2026-041177",
    "Giresun Directorate of Agricultural Quarantine",
    "hazelnuts/phytosanitary-certificate.txt",
    days=90,
    hs_codes=("08022200",),
)
EXPORT: Final = Paper(
    DocumentKind.OTHER,
    "TR-IST-EXP-2026-0093312",
    "Ambarli Customs Directorate",
    "hazelnuts/turkish-export-declaration.txt",
)
_PATIENCE_DAYS: Final = 30


async def play(story: Story, papers: Papers) -> None:
    """Play it, from contract to payment."""
    terms = papers.read("hazelnuts/contract.json", ContractTerms)
    await certified(story.cast, HAZELNUTS, terms.seller)
    await certified(story.cast, FOODS, terms.buyer)
    contract = await steps.agree(story, terms, HAZELNUTS, FOODS)
    invoice_terms = replace(papers.read("hazelnuts/invoice.json", InvoiceTerms), contract_id=contract)
    invoice = await steps.bill_for(story, invoice_terms, HAZELNUTS, FOODS)
    await steps.ship(
        story,
        papers.text("hazelnuts/bill_of_lading.json"),
        trade=contract,
        carrier=CARRIER,
        shipper=HAZELNUTS,
        banks={"shipper_bank": "bankist", "consignee_bank": "banksh"},
    )
    certificate = await _certify(story, papers, terms, contract)
    first, second = (
        replace(papers.read(f"hazelnuts/{name}.json", Declared, of_customs=True), trade=contract)
        for name in ("declaration", "declaration-rejected")
    )
    uetr = await _undertake(
        story, papers, terms, Evidence(contract=contract, invoices=(Share(record_id=invoice),)), first
    )
    await _lodge(story, first, second)
    await _examine(story, first, certificate)
    await _tax(story, first)
    await _release(story, first, uetr)
    await story.reads_timeline(FOODS, contract)


async def _certify(story: Story, papers: Papers, terms: ContractTerms, contract: str) -> steps.Anchored:
    """Bring in what Turkish authorities say: the certificate goes on to customs in Shanghai."""
    seller, buyer = terms.seller, terms.buyer
    export = await steps.anchor(
        story,
        papers,
        EXPORT,
        HAZELNUTS,
        firm=seller.identifier,
        holder=DocumentHolder(participant="bankist", identifier=seller.identifier),
        does="anchors the Turkish export declaration, by its hash",
    )
    present = PresentDocument(command_id=new_id(), document_id=export.record_id, contract_id=contract)
    await story.signs(HAZELNUTS, "shows it to both sides of the contract", present)
    certificate = await steps.anchor(
        story,
        papers,
        CERTIFICATE,
        HAZELNUTS,
        firm=seller.identifier,
        holder=DocumentHolder(participant="banksh", identifier=buyer.identifier),
        does="gives the one phytosanitary certificate to the buyer",
    )
    show = PresentDocument(command_id=new_id(), document_id=certificate.record_id, contract_id=contract)
    await story.signs(FOODS, "shows it to both sides of the contract", show)
    customs = DocumentHolder(participant="customs")
    transfer = TransferDocument(command_id=new_id(), document_id=certificate.record_id, holder=customs)
    await story.signs(FOODS, "gives it on to customs", transfer)
    again = replace(transfer, command_id=new_id())
    await story.is_refused(FOODS, "gives it on a second time", again, Code.AG08)
    return certificate


async def _undertake(story: Story, papers: Papers, terms: ContractTerms, evidence: Evidence, declared: Declared) -> str:
    """Let the buyer's bank undertake to pay on release: the amount is set aside until then. Give the UETR."""
    name = declaration_id(declared.number)
    payment = payments.of_goods(
        story.cast,
        terms,
        date=papers.business_date,
        uetr=str(uuid4()),
        payer="banksh",
        payee="bankist",
        reports=(declared.number,),
        invoice=declared.invoices[0],
        evidence=replace(evidence, declarations=(Share(record_id=name),)),
        terms_of_payment=Terms(expires_on=papers.later(_PATIENCE_DAYS), released=(name,)),
    )
    client = await story.cast.client("banksh")
    outcome = await client.submit(payment)
    amount = money(payment.amount, payment.currency)
    story.finds(BANKER_SH, f"undertakes to pay {amount} on release: set aside", holds=outcome.result == RESULT_RESERVED)
    story.payments.append(payment.uetr)
    return payment.uetr


async def _lodge(story: Story, first: Declared, second: Declared) -> None:
    """Lodge both declarations in one call; one is accepted."""
    client = await story.cast.client(FOODS.organisation, FOODS.name)
    commands = [LodgeDeclaration(command_id=new_id(), customs="customs", declared=each) for each in (first, second)]
    person = story.cast.credential(FOODS.organisation, FOODS.name)
    outcomes = await client.lodge(story.cast.network, commands, person)
    taken = [each.status for each in outcomes] == ["LODGED", "LODGED"]
    story.finds(FOODS, "lodges two import declarations in one call", holds=taken)
    accept = AcceptDeclaration(command_id=new_id(), declaration_id=declaration_id(first.number))
    await story.signs(CUSTOMS, f"accepts {first.number}, hazelnut kernels", accept)
    reject = RejectDeclaration(
        command_id=new_id(),
        declaration_id=declaration_id(second.number),
        reason="Goods not described: 'Nuts'; no phytosanitary certificate",
    )
    await story.signs(CUSTOMS, f"rejects {second.number}: 'Nuts', and no certificate", reject)


async def _examine(story: Story, declared: Declared, certificate: steps.Anchored) -> None:
    """Inspect the goods, with the certificate in hand."""
    name = {"declaration_id": declaration_id(declared.number)}
    order = OrderInspection(command_id=new_id(), reason="Plant product: quarantine, aflatoxins", **name)
    await story.signs(CUSTOMS, "orders an inspection", order)
    await story.is_refused(
        SECOND, "releases the goods before it", ReleaseGoods(command_id=new_id(), **name), Code.INSPECTION_OPEN
    )
    verify = VerifyDocument(command_id=new_id(), document_id=certificate.record_id, commitment=certificate.commitment)
    await story.signs(CUSTOMS, "compares the certificate with its hash: it is the one", verify)
    found = RecordInspection(
        command_id=new_id(), is_as_declared=True, findings="800 bags, sealed; aflatoxins 1.9 ug/kg", **name
    )
    await story.signs(SECOND, "has seen the goods: 800 bags, as declared", found)


async def _tax(story: Story, declared: Declared) -> None:
    """Assess duty and VAT, and let the importer's bank pay them to the treasury."""
    name = declaration_id(declared.number)
    await story.signs(TAX, "assesses duty and VAT", AssessTax(command_id=new_id(), declaration_id=name))
    found = await story.record(TAX, name, Declaration, DeclarationState.ASSESSED)
    assessment = await story.record(BANKER_SH, found.assessment, TaxAssessment, AssessmentState.ASSESSED)
    asked = f"reads what is owed: duty {money(assessment.duty, CNY)}, VAT {money(assessment.vat, CNY)}"
    story.finds(BANKER_SH, asked, holds=assessment.declaration == name)
    release = ReleaseGoods(command_id=new_id(), declaration_id=name)
    await story.is_refused(CUSTOMS, "releases the goods untaxed", release, Code.TAX_NOT_COVERED)
    client = await story.cast.client(BANKER_SH.organisation, BANKER_SH.name)
    outcome = await client.pay_tax(assessment.record_id)
    paid = f"pays {money(assessment.total, CNY)} to the treasury, on the ledger"
    story.finds(BANKER_SH, paid, holds=outcome.result == RESULT_SETTLED)
    story.payments.append(outcome.uetr)


async def _release(story: Story, declared: Declared, uetr: str) -> None:
    """Release the goods; the payment that waited for it settles in the same transaction."""
    name = declaration_id(declared.number)
    await story.signs(CUSTOMS, "releases the goods", ReleaseGoods(command_id=new_id(), declaration_id=name))
    settled = await story.is_settled(BANKER_IST, uetr)
    story.finds(BANKER_IST, "is paid in the transaction that released them", holds=settled)
    await story.signs(CUSTOMS, "clears the file", ClearDeclaration(command_id=new_id(), declaration_id=name))
    found = await story.record(FOODS, name, Declaration, DeclarationState.CLEARED)
    story.finds(FOODS, "reads its declaration: CLEARED", holds=bool(found.released_on))
