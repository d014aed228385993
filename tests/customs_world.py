"""A network whose customs works: rates are in force, the treasury has its account, traders are known to their banks."""

from typing import Any, Final

from settlement.customs.assessment import AssessTax, TaxAssessment
from settlement.customs.declaration import AcceptDeclaration, Declaration
from settlement.customs.declared import Declared
from settlement.customs.handling import declaration_id
from settlement.parties import CashAccount
from settlement.payments.commands import SubmitPayment
from tests.builders import BICS, a_payment, an_id
from tests.contracts.samples import open_account
from tests.customs_samples import TERMS, declared, lodging, rates_approval, rates_entry
from tests.trade import TRADER, held, registered
from tests.world import World

FIRST: Final = "customs-1"
SECOND: Final = "customs-2"
TAX: Final = "tax-1"


def working(world: World) -> World:
    """Let customs work."""
    registered(world)
    world.must("clearing", open_account("clearing"), by="officer-1")
    world.must("customs", rates_entry(), by=FIRST)
    world.must("customs", rates_approval(), by=SECOND)
    return world


def lodged(world: World, content: Declared | None = None, **others: Any) -> Declaration:
    """Let the trader of banksh lodge a declaration."""
    content = content or declared()
    world.must("banksh", lodging(content, **others), by=TRADER)
    return the_declaration(world, content)


def the_declaration(world: World, content: Declared | None = None, holder: str = "customs") -> Declaration:
    """Read an organisation's copy of a declaration."""
    return held(world, Declaration, declaration_id((content or declared()).number), holder)


def accepted(world: World, content: Declared | None = None, **others: Any) -> Declaration:
    """Let customs accept one."""
    found = lodged(world, content, **others)
    world.must("customs", AcceptDeclaration(command_id=an_id(), declaration_id=found.record_id), by=FIRST)
    return the_declaration(world, content)


def assessed(world: World, content: Declared | None = None) -> TaxAssessment:
    """Let customs assess one."""
    found = accepted(world, content)
    world.must("customs", AssessTax(command_id=an_id(), declaration_id=found.record_id), by=TAX)
    return the_assessment(world, content)


def the_assessment(world: World, content: Declared | None = None, holder: str = "customs") -> TaxAssessment:
    """Read an organisation's copy of the present assessment of a declaration."""
    return held(world, TaxAssessment, the_declaration(world, content).assessment, holder)


def a_tax_payment(found: TaxAssessment, amount: str = "", **others: Any) -> SubmitPayment:
    """Pay an assessment to the treasury's account: its total unless an amount is named."""
    return a_payment(
        amount or found.total,
        payee="clearing",
        instructed_agent=BICS["clearing"],
        creditor=TERMS.treasury_holder,
        creditor_account=CashAccount(other=TERMS.treasury_account),
        purpose="TAXS",
        assessment_id=found.record_id,
        **others,
    )
