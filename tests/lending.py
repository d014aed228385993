"""Loans on documents of trade, as traders apply for them and their banks work on them."""

from typing import Any

from msgspec.structs import replace

from gateway.auth.signing import Credential, sign_command
from settlement.financing import (
    ApplyForFinancing,
    DrawFinancing,
    Financing,
    RejectFinancing,
    RepayFinancing,
    Subject,
    VerifyFinancing,
    financing_id,
)
from settlement.payments.documents import Kind
from settlement.trade.budgets import Budget
from settlement.trade.invoice import Invoice
from tests.builders import an_application, an_id
from tests.trade import SELLER, TRADER, a_trader
from tests.world import NETWORK, World


def on_invoice(found: Invoice, amount: str = "60000.00", **others: Any) -> ApplyForFinancing:
    return an_application(amount, Subject(kind=Kind.INVOICE, record_id=found.record_id), **others)


def applied(world: World, command: ApplyForFinancing, bank: str = "banksh") -> str:
    """Let the trader of a bank apply; give the financing's name."""
    world.must(bank, replace(command, lender=bank), by=TRADER)
    return financing_id(bank, a_trader(bank).identifier, command.number)


def applied_away(world: World, command: ApplyForFinancing, key: Credential) -> str:
    """Let the seller apply at the buyer's bank, with a key that this bank has certified; give the financing's name."""
    world.must("bankist", sign_command(NETWORK, replace(command, lender="bankist"), key))
    return financing_id("bankist", SELLER.identifier, command.number)


def verify(name: str) -> VerifyFinancing:
    return VerifyFinancing(command_id=an_id(), financing_id=name)


def draw(name: str) -> DrawFinancing:
    return DrawFinancing(command_id=an_id(), financing_id=name, reference="BOOKING-7")


def reject(name: str) -> RejectFinancing:
    return RejectFinancing(command_id=an_id(), financing_id=name, reason="not today")


def repay(name: str, amount: str, **others: Any) -> RepayFinancing:
    source = others or {"reference": "CASH-1"}
    return RepayFinancing(command_id=an_id(), financing_id=name, amount=amount, **source)


def stored(world: World, name: str, bank: str = "banksh") -> Financing:
    found = world.record(world.hidden(bank, "financing", name), Financing)
    assert found is not None
    return found


def lent(world: World, record_id: str) -> int:
    """Add up what is claimed of a document."""
    return sum(
        claim.amount_minor for _, each in world.records(Budget) if each.record_id == record_id for claim in each.claims
    )


def drawn(world: World, found: Invoice, amount: str = "60000.00") -> str:
    """Bring a loan on an invoice as far as drawn."""
    name = applied(world, on_invoice(found, amount))
    world.must("banksh", verify(name), draw(name))
    return name
