"""All that two firms and their banks can have on the ledger, one of each kind; and those whom none of it concerns.

The firms are the customers of banksh and bankist. What they have is named by `Names`, which can as well name things
that are nowhere.
"""

from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from gateway.auth.signing import sign_document
from gateway.development.customers import TRADERS
from settlement.customs.assessment import AssessTax
from settlement.customs.declaration import AcceptDeclaration, Declaration
from settlement.customs.handling import declaration_id
from settlement.financing import Subject, financing_id
from settlement.participants import RegisterCustomer
from settlement.parties import Role
from settlement.payments import initiation
from settlement.payments.documents import Kind
from settlement.records import Command
from settlement.trade import contract, document, invoice
from settlement.trade.contract import SignContract
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import DocumentKind, IssueDocument
from settlement.trade.invoice import IssueInvoice
from settlement.trade.lading import bill as bills
from settlement.trade.lading import manifest
from settlement.trade.lading.commands import ApproveBillOfLading, IssueBillOfLading
from tests.builders import (
    a_conditional_payment,
    a_redemption_request,
    a_uetr,
    an_application,
    an_id,
    an_initiation,
    an_instruction,
    an_issuance_request,
    in_two_weeks,
)
from tests.contracts.samples import open_account, register
from tests.customs_samples import declared, lodging, number, rates_approval, rates_entry
from tests.customs_world import FIRST, SECOND, TAX
from tests.gateway.house import BANKS, NETWORK, House, a_fresh_payment
from tests.lading import CARRIER_LEI, OTHER_CARRIER_LEI, SILK_USCC, a_text, draft_command, named
from tests.trade import SELLER, TRADER, a_document, a_proposal, an_invoice, some_terms
from waitan.v1 import trade_pb2

NEIGHBOUR: Final = "5493001KJTIIGC8Y1R12"
"""A firm that every bank has among its customers, and that has nothing on the ledger."""
OFFICER: Final = "officer-1"
CARRIER: Final = "carrier-1"


class Names(NamedTuple):
    """What things are called: things that are others' business, or that are not there at all."""

    uetr: str
    transaction_id: str
    waiting_uetr: str
    waiting_transaction_id: str
    initiation: str
    contract: str
    contract_number: str
    invoice: str
    document: str
    bill: str
    bill_number: str
    number: str
    declaration: str
    assessment: str
    financing: str
    issuance: str
    redemption: str
    account: str


NOWHERE: Final = Names(
    uetr=a_uetr(),
    transaction_id="ab" * 32,
    waiting_uetr=a_uetr(),
    waiting_transaction_id="cd" * 32,
    initiation="01" * 16,
    contract="02" * 16,
    contract_number="NOWHERE-1",
    invoice="03" * 16,
    document="04" * 16,
    bill="05" * 16,
    bill_number="NOWHERE-2",
    number=number(999),
    declaration="06" * 16,
    assessment="07" * 16,
    financing="08" * 16,
    issuance="NOWHERE-3",
    redemption="NOWHERE-4",
    account="6222020200999999",
)

Person = tuple[str, str]
"""An organisation, and a name that it has certified."""

SELLERS: Final[Person] = ("banksh", TRADER)
BUYERS: Final[Person] = ("bankist", TRADER)

OUTSIDERS: Final[dict[str, Person]] = {
    "another trader of the same bank": ("banksh", "neighbour"),
    "another trader of the buyer's bank": ("bankist", "neighbour"),
    "another bank's trader": ("bankfra", "stranger"),
    "another bank's officer": ("bankfra", OFFICER),
    "another bank's gateway": ("bankfra", ""),
    "a customs officer": ("customs", FIRST),
    "a tax officer": ("customs", TAX),
    "another carrier": ("customs", "other-carrier"),
}
"""Whom nothing of it concerns, but for what a row of the table says."""


async def ask(house: House, who: Person, *commands: Command) -> None:
    """Let a person ask at its own organisation's door."""
    async with house.client(*who) as client:
        for command in commands:
            await client.ask_signed(NETWORK, command, house.members[who[0]].person(who[1]))
    await house.caught_up()


def certify(house: House) -> None:
    """Certify the outsiders who are not there from the start."""
    for bank, name, role, party in (
        ("banksh", "neighbour", Role.TRADER, NEIGHBOUR),
        ("bankist", "neighbour", Role.TRADER, NEIGHBOUR),
        ("bankfra", "stranger", Role.TRADER, NEIGHBOUR),
        ("customs", "other-carrier", Role.CARRIER, OTHER_CARRIER_LEI),
    ):
        house.members[bank].people[name] = house.members[bank].ca.issue(name, role, party=party)


async def everything(house: House) -> Names:
    """Let the firms and their banks do something of every kind, and say what it is called."""
    certify(house)
    for bank in BANKS:
        async with house.client(bank) as client:
            await client.ask(register(NEIGHBOUR))
            if bank in TRADERS:
                await client.ask(RegisterCustomer(command_id=an_id(), customer=TRADERS[bank].customer))
    paid, waiting = await _payments(house)
    issuance, redemption = an_issuance_request(), a_redemption_request("1.00")
    async with house.client("banksh") as client:
        await client.ask(issuance)
        await client.ask(redemption)
    terms = some_terms("OTHERS-1")
    contract_id, invoice_id, document_id = await _trade(house, terms)
    declaration, assessment = await _declaration(house)
    application = an_application("1.00", Subject(kind=Kind.INVOICE, record_id=invoice_id), number="OTHERS-L")
    await ask(house, SELLERS, replace(application, consents_until=in_two_weeks()))
    async with house.client("regulator", "supervisor-1") as client:
        await client.accounts("banksh")  # a read, recorded with banksh
    return Names(
        uetr=paid[0],
        transaction_id=paid[1],
        waiting_uetr=waiting[0],
        waiting_transaction_id=waiting[1],
        initiation=await _initiation(house),
        contract=contract_id,
        contract_number=terms.number,
        invoice=invoice_id,
        document=document_id,
        bill=await _bill(house, contract_id),
        bill_number="OTHERS-B",
        number=number(7),
        declaration=declaration,
        assessment=assessment,
        financing=financing_id("banksh", SELLER.identifier, "OTHERS-L"),
        issuance=issuance.issuance_id,
        redemption=redemption.redemption_id,
        account=str(TRADERS["banksh"].account.other),
    )


async def _payments(house: House) -> tuple[tuple[str, str], tuple[str, str]]:
    """One that has settled, and one that waits."""
    seller, buyer = TRADERS["banksh"], TRADERS["bankist"]
    parties: dict[str, Any] = {"debtor": seller.party, "debtor_account": seller.account, "creditor": buyer.party}
    settled = a_fresh_payment("12.34", **parties)
    waiting = replace(a_conditional_payment("56.78", **parties), instruction_id="OTHERS-W")
    async with house.client("banksh") as client:
        first, second = await client.submit(settled), await client.submit(waiting)
    return (settled.uetr, first.transaction_id), (waiting.uetr, second.transaction_id)


async def _initiation(house: House) -> str:
    seller = TRADERS["banksh"]
    asked = an_initiation(
        an_instruction(debtor=seller.party, debtor_account=seller.account), customer=SELLER.identifier
    )
    (outcome,) = await house.gateways["banksh"].ask([asked])
    assert not outcome.code, outcome
    await house.caught_up()
    return initiation.initiation_id(SELLER.identifier, asked.message_id, 0)


async def _trade(house: House, terms: ContractTerms) -> tuple[str, str, str]:
    """A contract in effect, an invoice of it, and a document that the seller has issued."""
    await ask(house, SELLERS, a_proposal(terms))
    name = contract.contract_id(terms)
    for who in (SELLERS, BUYERS):
        signature = sign_document(NETWORK, terms, house.members[who[0]].person(who[1]))
        await ask(house, who, SignContract(command_id=an_id(), contract_id=name, signature=signature))
    person = house.members["banksh"].person(TRADER)
    bill, paper = an_invoice(contract_id=name), a_document(DocumentKind.PACKING_LIST, issuer=SELLER.name)
    await ask(
        house,
        SELLERS,
        IssueInvoice(command_id=an_id(), terms=bill, signature=sign_document(NETWORK, bill, person)),
        IssueDocument(command_id=an_id(), terms=paper, signature=sign_document(NETWORK, paper, person)),
    )
    return name, invoice.invoice_id(bill), document.document_id(paper, "banksh", SELLER.identifier)


async def _bill(house: House, trade: str) -> str:
    """A bill of lading to the order of the seller, in its hands."""
    text = a_text(transportDocumentReference="OTHERS-B", endorsee=named(SILK_USCC))
    name = bills.bill_id(CARRIER_LEI, "OTHERS-B", "")
    carrier = house.members["customs"].person(CARRIER)
    await ask(house, ("customs", CARRIER), draft_command(text, trade=trade))
    async with house.client(*SELLERS) as client:
        terms = (await client.bill_of_lading(name)).terms_checksum
    await ask(house, SELLERS, ApproveBillOfLading(command_id=an_id(), record_id=name, terms=terms))
    token = manifest.signed(text, carrier.certificate, carrier.sign)
    await ask(house, ("customs", CARRIER), IssueBillOfLading(command_id=an_id(), record_id=name, manifest=token))
    return name


async def _declaration(house: House) -> tuple[str, str]:
    """A declaration that customs has accepted and assessed."""
    await ask(house, ("clearing", OFFICER), open_account("clearing"))
    await ask(house, ("customs", FIRST), rates_entry())
    await ask(house, ("customs", SECOND), rates_approval())
    content = declared(number=number(7), transport_document="OTHERS-T")
    async with house.client(*SELLERS) as client:
        (told,) = await client.lodge(NETWORK, [lodging(content)], house.members["banksh"].person(TRADER))
    assert not told.code, told
    await house.caught_up()
    name = declaration_id(content.number)
    await ask(house, ("customs", FIRST), AcceptDeclaration(command_id=an_id(), declaration_id=name))
    await ask(house, ("customs", TAX), AssessTax(command_id=an_id(), declaration_id=name))
    async with house.client("customs", FIRST) as client:
        shown: trade_pb2.GetTradeRecordResponse = await client.trade_record(name)
    return name, msgspec.json.decode(shown.record.content, type=Declaration).assessment
