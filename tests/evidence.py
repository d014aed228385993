"""Payments for goods that leave Shanghai: the buyer's bank pays the seller's, and names the documents."""

from typing import Any, Final

from gateway.development.customers import TRADERS
from settlement import money
from settlement.customs.assessment import AssessTax
from settlement.customs.declaration import AcceptDeclaration, Declaration, ReleaseGoods
from settlement.customs.declared import Declared
from settlement.forms.journals import Event
from settlement.payments.commands import RegulatoryReporting, ReportingDetail, SubmitPayment
from settlement.payments.terms import Evidence, Share
from settlement.trade import invoice
from settlement.trade.budgets import Budget
from settlement.trade.invoice import AcceptInvoice, Invoice, InvoiceTerms, invoice_id
from tests.builders import a_payment, an_id
from tests.customs_samples import exported
from tests.customs_world import FIRST, TAX, lodged, the_declaration, working
from tests.trade import TRADER, an_invoice, an_issue, held, in_effect
from tests.world import World

SELLER: Final = TRADERS["banksh"]
BUYER: Final = TRADERS["bankist"]
FUNDS: Final = "5000000.00"


def trading(world: World) -> World:
    """A contract is in effect, customs works, and the buyer's bank has money."""
    working(world)
    world.fund("bankist", FUNDS)
    in_effect(world)
    return world


def reports(*numbers: str, code: str = "121010") -> tuple[RegulatoryReporting, ...]:
    """Report a balance-of-payments code (goods) and declarations to China's authority."""
    return (RegulatoryReporting(details=(ReportingDetail(country="CN", code=code, information=numbers),)),)


def a_collection(amount: str, evidence: Evidence | None = None, *numbers: str, **others: Any) -> SubmitPayment:
    """Let the buyer's bank pay the seller's for goods."""
    given: dict[str, Any] = {
        "payer": "bankist",
        "payee": "banksh",
        "debtor": BUYER.party,
        "creditor": SELLER.party,
        "evidence": evidence,
        "regulatory_reporting": reports(*numbers),
    }
    return a_payment(amount, **(given | others))


def for_declaration(amount: str, found: Declaration, **others: Any) -> SubmitPayment:
    """Pay for the goods of one declaration."""
    evidence = Evidence(declarations=(Share(record_id=found.record_id),), **others.pop("also", {}))
    return a_collection(amount, evidence, found.number, **others)


def for_invoice(amount: str, found: Invoice, **others: Any) -> SubmitPayment:
    """Pay an invoice."""
    return a_collection(amount, Evidence(invoices=(Share(record_id=found.record_id),)), **others)


def assessed(world: World, content: Declared | None = None) -> Declaration:
    """Let the seller declare an export, and customs find it free of duty."""
    found = lodged(world, content or exported())
    world.must("customs", AcceptDeclaration(command_id=an_id(), declaration_id=found.record_id), by=FIRST)
    world.must("customs", AssessTax(command_id=an_id(), declaration_id=found.record_id), by=TAX)
    return the_declaration(world, content or exported())


def release(world: World, found: Declaration) -> Any:
    """Let customs release the goods."""
    return world.must("customs", ReleaseGoods(command_id=an_id(), declaration_id=found.record_id), by=FIRST)


def released(world: World, content: Declared | None = None) -> Declaration:
    """Let an export go."""
    found = assessed(world, content)
    release(world, found)
    return the_declaration(world, content or exported())


def issued(world: World, terms: InvoiceTerms | None = None) -> Invoice:
    """Let the seller issue an invoice."""
    terms = terms or an_invoice()
    world.must("banksh", an_issue(world, terms), by=TRADER)
    return the_invoice(world, terms)


def accept(world: World, found: Invoice) -> Any:
    """Let the buyer accept an invoice."""
    return world.must("bankist", AcceptInvoice(command_id=an_id(), invoice_id=found.record_id), by=TRADER)


def accepted(world: World, terms: InvoiceTerms | None = None) -> Invoice:
    """Issue and accept an invoice."""
    accept(world, issued(world, terms))
    return the_invoice(world, terms or an_invoice())


def the_invoice(world: World, terms: InvoiceTerms | None = None, bank: str = "banksh") -> Invoice:
    """Read a bank's copy of an invoice, as it stands with what was paid of it."""
    found = held(world, Invoice, invoice_id(terms or an_invoice()), bank)
    return invoice.standing(found, sum(each.paid_minor for each in budgets_of(world, found)))


def budgets_of(world: World, found: Any) -> list[Budget]:
    """Read what is used of a document; nothing where nobody has paid for it or lent on it."""
    return [budget for _, budget in world.records(Budget) if budget.record_id == found.record_id]


def budget(world: World, found: Any) -> Budget:
    """Read what is used of a document."""
    (only,) = budgets_of(world, found)
    return only


def value(found: Declaration, part: int = 100) -> str:
    """Give some percent of what was declared."""
    return money.render(found.declared.value_minor * part // 100, found.declared.currency)


def reserve(world: World, payment: SubmitPayment) -> str:
    """Let the buyer's bank take a payment on; give the transaction."""
    batch = world.must("bankist", payment)
    journal = world.journal("bankist", batch.tx_id)
    assert journal is not None
    assert [entry.event for entry in journal.entries] == [Event.PAYMENT_RESERVED]
    return batch.tx_id
