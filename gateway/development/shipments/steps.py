"""Steps that both shipments have: a contract that two traders sign, an invoice, a bill of lading, documents."""

import os
from typing import NamedTuple

from gateway.auth.signing import sign_document
from gateway.development.members import new_id
from gateway.development.shipments.papers import Papers
from gateway.development.shipments.story import Person, Story
from settlement.money import for_people as money
from settlement.trade import contract, invoice
from settlement.trade.contract import ProposeContract, SignContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import (
    DocumentHolder,
    DocumentKind,
    DocumentTerms,
    IssueDocument,
    TradeDocument,
    commitment,
)
from settlement.trade.invoice import AcceptInvoice, InvoiceTerms, IssueInvoice
from settlement.trade.lading import bill, chain, manifest
from settlement.trade.lading import document as lading
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.commands import ApproveBillOfLading, DraftBillOfLading, IssueBillOfLading
from settlement.trade.record import record_id


async def agree(story: Story, terms: ContractTerms, seller: Person, buyer: Person) -> str:
    """Bring a contract into effect; give its record_id."""
    name = contract.contract_id(terms)
    what = f"proposes contract {terms.number}, {money(terms.amount, terms.currency)}"
    await story.signs(seller, what, ProposeContract(command_id=new_id(), terms=terms))
    for who in (seller, buyer):
        person = story.cast.credential(who.organisation, who.name)
        signature = sign_document(story.cast.network, terms, person)
        does = "signs it" if who is seller else "signs it too: the contract is in effect"
        await story.signs(who, does, SignContract(command_id=new_id(), contract_id=name, signature=signature))
    return name


async def bill_for(story: Story, terms: InvoiceTerms, seller: Person, buyer: Person) -> str:
    """Issue an invoice, and accept it; give its record_id."""
    person = story.cast.credential(seller.organisation, seller.name)
    signature = sign_document(story.cast.network, terms, person)
    command = IssueInvoice(command_id=new_id(), terms=terms, signature=signature)
    await story.signs(seller, f"invoices {money(terms.amount, terms.currency)}: {terms.number}", command)
    name = invoice.invoice_id(terms)
    await story.signs(buyer, "accepts the invoice", AcceptInvoice(command_id=new_id(), invoice_id=name))
    return name


async def ship(story: Story, text: str, *, trade: str, carrier: Person, shipper: Person, banks: dict[str, str]) -> str:
    """Let the carrier write a bill of lading, the shipper approve it, the carrier issue it; give its record_id."""
    document = lading.canonical_text(text.encode())
    written = lading.read(document)
    draft = DraftBillOfLading(command_id=new_id(), document=document, trade=trade, **banks)  # type: ignore[arg-type]
    number = written.transport_document_reference
    kind = "to order" if written.is_to_order else "straight"
    await story.signs(carrier, f"writes bill of lading {number}, {kind}", draft)
    issuer = written.document_parties.issuing_party.identifier()
    name = bill.bill_id(issuer, number, written.transport_document_sub_reference)
    read = await story.record(shipper, name, BillOfLading, "DRAFT")
    approval = ApproveBillOfLading(command_id=new_id(), record_id=name, terms=chain.digest(read.terms))
    await story.signs(shipper, "finds it in order", approval)
    person = story.cast.credential(carrier.organisation, carrier.name)
    token = manifest.signed(document, person.certificate, person.sign)
    issue = IssueBillOfLading(command_id=new_id(), record_id=name, manifest=token)
    await story.signs(carrier, "issues it, and the shipper holds it: goods on board", issue)
    return name


class Anchored(NamedTuple):
    """A document that is anchored: its record_id, and the salt of its commitment, which goes with its body."""

    record_id: str
    salt: bytes
    body: bytes

    @property
    def commitment(self) -> str:
        """What whoever has both gives to show that it is the one."""
        return commitment(self.salt, self.body)


class Paper(NamedTuple):
    """A document outside the ledger: what it is, its number, who drew it up, its file, and how long it counts."""

    kind: DocumentKind
    number: str
    issuer: str
    file: str
    days: int = 0
    hs_codes: tuple[str, ...] = ()


async def anchor(
    story: Story, papers: Papers, paper: Paper, who: Person, *, firm: str, holder: DocumentHolder, does: str
) -> Anchored:
    """Anchor a document by its salted hash, as a firm (empty: as an organisation): its body stays off the ledger."""
    body, salt = papers.text(paper.file).encode(), os.urandom(16)
    terms = DocumentTerms(
        kind=paper.kind,
        number=papers.named(paper.number),
        issuer=paper.issuer,
        holder=holder,
        issued_on=papers.issued_on(1),
        commitment=commitment(salt, body),
        media_type="text/plain",
        valid_until=papers.issued_on(-paper.days) if paper.days else "",
        hs_codes=paper.hs_codes,
    )
    person = story.cast.credential(who.organisation, who.name)
    signature = sign_document(story.cast.network, terms, person)
    await story.signs(who, does, IssueDocument(command_id=new_id(), terms=terms, signature=signature))
    name = record_id(TradeDocument, who.organisation, firm or who.organisation, terms.kind.value, terms.number)
    return Anchored(name, salt, body)
