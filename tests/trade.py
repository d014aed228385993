"""A trade by default: silk from Shanghai to Istanbul, between the customers of two banks, and how they sign."""

from typing import Any, Final, TypeVar

from msgspec.structs import replace

from gateway.auth.signing import Credential, sign_command, sign_document
from gateway.development.customers import TRADERS
from settlement.forms.answers import Answer
from settlement.participants import Customer, RegisterCustomer
from settlement.parties import Role
from settlement.records import Command
from settlement.trade import contract, document
from settlement.trade.contract import ProposeContract, SalesContract, SignContract
from settlement.trade.contract_terms import Collection, ContractTerms, Delivery, PaymentMethod, PaymentTerms
from settlement.trade.document import DocumentHolder, DocumentKind, DocumentTerms
from settlement.trade.goods import Line
from settlement.trade.invoice import InvoiceTerms, IssueInvoice, IssueNote, NoteKind, NoteTerms
from settlement.trade.record import TradeRecord, kind_of
from settlement.trade.signing import SignableTerms
from settlement.trade.traders import Trader
from tests.builders import TODAY, an_id
from tests.world import NETWORK, NOW, World

T = TypeVar("T", bound=TradeRecord[Any])

TRADER: Final = "trader-1"


def a_trader(bank: str) -> Trader:
    """Give the customer of a bank, as a contract names it."""
    party = TRADERS[bank].party
    assert party.address is not None
    identifier = TRADERS[bank].customer.identifier
    return Trader(identifier=identifier, name=party.name, address=party.address, bank=bank)


SELLER: Final = a_trader("banksh")
BUYER: Final = a_trader("bankist")
FABRIC: Final = Line(
    hs_code="5007201900",
    description="Woven silk fabric",
    quantity="1000",
    unit="MTR",
    unit_price="58.00",
    amount="58000.00",
)
SCARVES: Final = Line(
    hs_code="621410",
    description="Silk scarves",
    quantity="420",
    unit="H87",
    unit_price="100.00",
    amount="42000.00",
)


def some_terms(number: str = "HST-2026-0417", **others: Any) -> ContractTerms:
    """Agree on something."""
    terms = ContractTerms(
        number=number,
        version=1,
        agreed_on=TODAY,
        seller=SELLER,
        buyer=BUYER,
        currency="CNY",
        amount="100000.00",
        lines=(FABRIC, SCARVES),
        delivery=Delivery(rule="CIF", version="2020", place="Ambarli, Istanbul"),
        payment=PaymentTerms(method=PaymentMethod.COLLECTION, collection=Collection.DP),
        latest_shipment_on="2027-01-15",
        expires_on="2027-06-30",
        law="CISG",
        tolerance_pct=5,
    )
    return replace(terms, **others)


def a_proposal(terms: ContractTerms | None = None) -> ProposeContract:
    """Propose terms."""
    return ProposeContract(command_id=an_id(), terms=terms or some_terms())


def a_signature(world: World, document: SignableTerms, bank: str, person: str = TRADER) -> str:
    """Let one of a bank's people sign a document."""
    return sign_document(NETWORK, document, world.person(bank, person))


def a_signing(world: World, terms: ContractTerms, bank: str, person: str = TRADER) -> SignContract:
    """Let one of a bank's people sign terms."""
    return SignContract(
        command_id=an_id(),
        contract_id=contract.contract_id(terms),
        signature=a_signature(world, terms, bank, person),
    )


def an_invoice(number: str = "INV-1", **others: Any) -> InvoiceTerms:
    """Invoice all of it."""
    terms = InvoiceTerms(
        number=number,
        contract_id=contract.contract_id(some_terms()),
        seller=SELLER.identifier,
        buyer=BUYER.identifier,
        issued_on=TODAY,
        due_on="2027-02-28",
        currency="CNY",
        amount="100000.00",
        lines=(FABRIC, SCARVES),
    )
    return replace(terms, **others)


def of_scarves(number: str, amount: str) -> InvoiceTerms:
    """Invoice one lot of scarves at a price."""
    line = replace(SCARVES, quantity="1", unit_price=amount, amount=amount)
    return an_invoice(number, amount=amount, lines=(line,))


def a_note(invoice_id: str, kind: NoteKind = NoteKind.CREN, amount: str = "1000.00", **others: Any) -> NoteTerms:
    """Credit or debit something."""
    terms = NoteTerms(
        number="CN-1",
        invoice_id=invoice_id,
        kind=kind,
        issued_on=TODAY,
        currency="CNY",
        amount=amount,
        reason="Three metres short",
    )
    return replace(terms, **others)


def an_issue(world: World, terms: InvoiceTerms, bank: str = "banksh") -> IssueInvoice:
    """Let a seller sign and issue an invoice."""
    return IssueInvoice(command_id=an_id(), terms=terms, signature=a_signature(world, terms, bank))


def a_noting(world: World, terms: NoteTerms, bank: str = "banksh") -> IssueNote:
    """Let a seller sign and issue a note."""
    return IssueNote(command_id=an_id(), terms=terms, signature=a_signature(world, terms, bank))


BODY: Final = b"%PDF-1.7 a certificate"
SALT: Final = b"0123456789abcdef"


def a_document(kind: DocumentKind = DocumentKind.ORIGIN, **others: Any) -> DocumentTerms:
    """Describe a document that the seller holds first."""
    terms = DocumentTerms(
        kind=kind,
        number="CCPIT-26-1188",
        issuer="China Council for the Promotion of International Trade",
        holder=DocumentHolder(participant="banksh", identifier=SELLER.identifier),
        issued_on=TODAY,
        commitment=document.commitment(SALT, BODY),
        media_type="application/pdf",
        valid_until="2027-05-22" if document.KINDS[kind].lapses else "",
        hs_codes=(FABRIC.hs_code,),
    )
    return replace(terms, **others)


def registered(world: World) -> World:
    """Let both banks register their customers."""
    for bank in TRADERS:
        world.must(bank, RegisterCustomer(command_id=an_id(), customer=TRADERS[bank].customer))
    return world


def in_effect(world: World, terms: ContractTerms | None = None) -> SalesContract:
    """Bring a contract into effect."""
    terms = terms or some_terms()
    world.must("banksh", a_proposal(terms), by=TRADER)
    for bank in ("banksh", "bankist"):
        world.must(bank, a_signing(world, terms, bank), by=TRADER)
    return held(world, SalesContract, contract.contract_id(terms))


def held(world: World, kind: type[T], record_id: str, bank: str = "banksh") -> T:
    """Read an organisation's copy of a record."""
    found = world.record(world.hidden(bank, kind_of(kind), record_id), kind)
    assert found is not None
    return found


def carried(world: World, bank: str, person: Credential, *commands: Command) -> list[Answer]:
    """Let an organisation carry what somebody has signed, and write nothing."""
    return list(world.endorse(world.sign(bank, [sign_command(NETWORK, each, person) for each in commands])).answers[0])


def a_stranger(world: World, bank: str = "bankfra") -> Credential:
    """Let a bank register another firm, and certify somebody for it."""
    identifier = "5493001KJTIIGC8Y1R12"
    world.must(bank, RegisterCustomer(command_id=an_id(), customer=Customer(identifier=identifier, name="A stranger")))
    return world.members[bank].ca.issue("stranger", Role.TRADER, party=identifier, now=NOW).credential


def of_others(world: World) -> str:
    """Let the buyer propose a contract to another customer of the seller's bank; give its record_id."""
    terms = some_terms(seller=replace(a_trader("banksh"), identifier="5493001KJTIIGC8Y1R12"))
    world.must("bankist", a_proposal(terms), by=TRADER)
    return contract.contract_id(terms)


def an_impostor(world: World, bank: str) -> Credential:
    """Let one side's bank register the firm on the other side, and certify somebody under its number."""
    other = next(trader for name, trader in TRADERS.items() if name != bank)
    world.must(bank, RegisterCustomer(command_id=an_id(), customer=other.customer))
    return world.members[bank].ca.issue("impostor", Role.TRADER, party=other.customer.identifier, now=NOW).credential
