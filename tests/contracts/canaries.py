"""A day with a canary in every field that could carry one, and the collections in which each may sing."""

from typing import NamedTuple

from msgspec.structs import replace

from chaincode import keys
from gateway.development.customers import TRADERS
from settlement.customs.declaration import HoldGoods
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.financing import DrawFinancing, Subject, VerifyFinancing, financing_id
from settlement.parties import CashAccount, Party
from settlement.payments.commands import WhenUnfunded
from settlement.payments.documents import Kind as DocumentKind
from settlement.payments.initiation import initiation_id
from settlement.payments.terms import Evidence
from settlement.trade.contract import contract_id
from settlement.trade.document import DocumentHolder, IssueDocument
from settlement.trade.invoice import AcceptInvoice, DisputeInvoice, invoice_id
from tests.builders import (
    SILK,
    TEKSTIL,
    a_conditional_payment,
    a_confirmation,
    a_decline,
    a_payment,
    a_return,
    an_application,
    an_id,
    an_initiation,
    an_instruction,
    an_issuance_request,
)
from tests.contracts.samples import LEI, decline_issuance, register
from tests.contracts.test_accounts import burn
from tests.customs_samples import HAZELNUTS, declared
from tests.customs_world import assessed, working
from tests.evidence import reports
from tests.lading import BANKIST, a_text
from tests.shipping import Shipping
from tests.trade import (
    SCARVES,
    TRADER,
    a_document,
    a_signature,
    an_invoice,
    an_issue,
    in_effect,
    registered,
    some_terms,
)
from tests.world import World


class Canary(NamedTuple):
    """A text or an amount that was planted, and the collections that may hold it."""

    text: str
    collections: frozenset[str]


def planted(*collections: str, text: str) -> Canary:
    return Canary(text, frozenset(collections))


PARTIES = ("banksh", "bankist")
CANARIES = (
    planted(*PARTIES, text="CANARY DEBTOR"),
    planted(*PARTIES, text="CANARY CREDITOR"),
    planted(*PARTIES, text="CANARY STREET"),
    planted(*PARTIES, text="CANARYTOWN"),
    planted(*PARTIES, text="CANARY REMITTANCE"),
    planted(*PARTIES, text="CANARY-E2E"),
    planted(*PARTIES, text="CANARY-MSG"),
    planted(*PARTIES, text="CANARYACCOUNT1"),
    planted(*PARTIES, text="TR330006100519786457841326"),
    planted(*PARTIES, text="31415.92"),
    planted(*PARTIES, text="3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f"),
    planted(*PARTIES, text="CANARY-RETURN"),
    planted(*PARTIES, text="271.82"),
    planted(*PARTIES, text="CANARY STATEMENT"),
    planted("banksh", text="CANARY REJECTED"),
    planted("banksh", text="7777777.77"),
    planted("banksh", text="CANARY CUSTOMER"),
    planted("banksh", text=LEI),
    planted("banksh", text="6222CANARY0001"),
    planted("banksh", text="CANARY-FUNDING"),
    planted("banksh", text="CANARY-ISSUANCE"),
    planted("banksh", "clearing", text="CANARY DECLINED"),
    planted("banksh", text="CANARY INITIATED"),
    planted("banksh", text="161803.39"),
    planted("banksh", text="CANARY-INITIATION"),
    planted("banksh", text="CANARY NO"),
    planted(*PARTIES, text="CANARY-CONTRACT"),
    planted(*PARTIES, text="CANARY GOODS"),
    planted(*PARTIES, text="1414213.56"),
    planted("customs", *PARTIES, text="CANARY-BL"),
    planted("customs", *PARTIES, text="CANARY CARGO"),
    planted("customs", *PARTIES, text="CANARY PLEDGE"),
    planted(*PARTIES, text="CANARY-INVOICE"),
    planted(*PARTIES, text="CANARY DISPUTE"),
    planted("customs", text="CANARY-DOCUMENT"),
    planted(*PARTIES, text="CANARY CONDITIONAL"),
    planted(*PARTIES, text="57721.56"),
    planted(keys.AUTHORITY, *PARTIES, text="CANARY AWAITED"),
    planted("banksh", text="CANARY-LOAN"),
    planted("banksh", text="69314.71"),
    planted("banksh", text="CANARY BOOKING"),
    planted("banksh", "customs", text="CANARY NUTS"),
    planted("banksh", "customs", text="CANARY EXPORTER"),
    planted("banksh", "customs", text="CANARY-WAYBILL"),
    planted("banksh", "customs", text="2236067.97"),
    planted(text="CANARY REFUSED"),
    planted(text="8888888.88"),
)
"""Amounts stand in canonical text in commands; balances and what they were are looked for in `BALANCES`."""
UETR = "3f0c2f4e-8f4f-4f6e-9d3f-0a7b6c5d4e3f"


def trade(world: World) -> None:
    """A contract with canaries in it, signed by both parties."""
    goods = replace(SCARVES, description="CANARY GOODS", quantity="1", unit_price="1414213.56", amount="1414213.56")
    terms = some_terms("CANARY-CONTRACT", lines=(goods,), amount=goods.amount)
    in_effect(registered(world), terms)
    bill = an_invoice("CANARY-INVOICE", contract_id=contract_id(terms), amount=goods.amount, lines=(goods,))
    world.must("banksh", an_issue(world, bill), by=TRADER)
    dispute = DisputeInvoice(command_id=an_id(), invoice_id=invoice_id(bill), reason="CANARY DISPUTE")
    world.must("bankist", dispute, by=TRADER)
    world.must("bankist", AcceptInvoice(command_id=an_id(), invoice_id=invoice_id(bill)), by=TRADER)
    paper = a_document(number="CANARY-DOCUMENT", holder=DocumentHolder(participant="customs"))
    signature = a_signature(world, paper, "customs", "customs-1")
    world.must("customs", IssueDocument(command_id=an_id(), terms=paper, signature=signature), by="customs-1")


def shipment(world: World) -> None:
    """A bill of lading with canaries in it, in the hands of its second holder."""
    made = Shipping(world, a_text(transportDocumentReference="CANARY-BL", carrierClauses=["CANARY CARGO"])).issued()
    made.silk(made.transfer(BANKIST, "CANARY PLEDGE"))


def customs(world: World) -> None:
    """A declaration with canaries in it, taxed and held."""
    goods = replace(HAZELNUTS, description="CANARY NUTS", value="2236067.97")
    content = declared(lines=(goods,), counterparty="CANARY EXPORTER", transport_document="CANARY-WAYBILL")
    assessed(working(world), content)
    hold = HoldGoods(command_id=an_id(), declaration_id=declaration_id(content.number), reason="Random check")
    world.must("regulator", hold, by="supervisor-1")


def lending(world: World) -> None:
    """A conditional payment, one whose credit waits for a document, and a loan on the invoice."""
    conditional = a_conditional_payment("57721.56", remittance="CANARY CONDITIONAL")
    awaiting = a_payment(
        "3.00",
        debtor=TRADERS["banksh"].party,
        creditor=TRADERS["bankist"].party,
        creditor_account=TRADERS["bankist"].account,
        remittance="CANARY AWAITED",
        evidence=Evidence(bill_of_lading="0" * 32, credit_waits=True),
        regulatory_reporting=reports(),
    )
    world.must("banksh", conditional, awaiting)
    bill = invoice_id(an_invoice("CANARY-INVOICE", contract_id=contract_id(some_terms("CANARY-CONTRACT"))))
    loan = an_application("69314.71", Subject(kind=DocumentKind.INVOICE, record_id=bill), number="CANARY-LOAN")
    world.must("banksh", loan, by=TRADER)
    name = financing_id("banksh", TRADERS["banksh"].customer.identifier, "CANARY-LOAN")
    draw = DrawFinancing(command_id=an_id(), financing_id=name, reference="CANARY BOOKING")
    world.must("banksh", VerifyFinancing(command_id=an_id(), financing_id=name), draw)


def live(world: World) -> None:
    """A day with a canary in every field that could carry one."""
    address = replace(SILK.address, street_name="CANARY STREET", town_name="CANARYTOWN") if SILK.address else None
    payment = a_payment(
        "31415.92",
        uetr=UETR,
        debtor=Party(name="CANARY DEBTOR", address=address),
        creditor=replace(TEKSTIL, name="CANARY CREDITOR"),
        remittance="CANARY REMITTANCE",
        end_to_end_id="CANARY-E2E",
        message_id="CANARY-MSG",
        debtor_account=CashAccount(other="CANARYACCOUNT1"),
    )
    journal = world.must("banksh", payment, register(name="CANARY CUSTOMER")).tx_id
    customer = register(name="CANARY CUSTOMER")
    world.must("banksh", replace(customer, customer=replace(customer.customer, accounts=("6222CANARY0001",))))
    world.must("bankist", a_confirmation(payment, journal, additional=("CANARY STATEMENT",)))
    world.must("bankist", a_return(payment, journal, "271.82", return_id="CANARY-RETURN"))
    asked_for = an_instruction(
        "161803.39", remittance="CANARY INITIATED", debtor_account=CashAccount(other="6222CANARY0001")
    )
    world.must("banksh", an_initiation(asked_for, message_id="CANARY-INITIATION"))
    world.must("banksh", a_decline(initiation_id(LEI, "CANARY-INITIATION", 0), text="CANARY NO"))
    world.must("bankfra", register(identifier="91350100M000100Y43", name="Main Tools GmbH"))
    rejected = a_payment("7777777.77", when_unfunded=WhenUnfunded.REJECT, remittance="CANARY REJECTED")
    refused = a_payment("8888888.88", remittance="CANARY REFUSED")
    assert world.ask("banksh", rejected, refused).codes == [[Code.AM04, Code.UNFUNDED]]
    asked = replace(an_issuance_request("5.00", issuance_id="CANARY-ISSUANCE"), funding_reference="CANARY-FUNDING")
    world.must("banksh", asked)
    world.must("clearing", replace(decline_issuance("CANARY-ISSUANCE"), reason="CANARY DECLINED"), by="officer-1")
    burn(world, "9.00")
    trade(world)
    customs(world)
    shipment(world)
    lending(world)
