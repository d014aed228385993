"""`waitan ledger verify` and what was paid of invoices: the authorities' budgets and the banks' journals agree."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from chaincode.embedded.verification import verify
from settlement.forms.journals import Event, Journal
from settlement.records import Record
from settlement.trade.budgets import Budget
from tests.builders import a_return
from tests.evidence import accepted, for_declaration, for_invoice, released, trading, value
from tests.ledgers.test_verification import forged, problems
from tests.world import World


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def test_a_ledger_on_which_invoices_are_paid_is_sound(market: World, directory: Path) -> None:
    """In part, twice in a batch, for a declaration, and something sent back."""
    invoice, goods = accepted(market), released(market)
    payment = for_invoice("100.00", invoice)
    batch = market.must("bankist", payment, for_invoice("50.00", invoice), for_declaration(value(goods, 10), goods))
    market.must("banksh", a_return(payment, batch.tx_id, "30.00"))
    assert verify(directory).problems == ()


def raised(record: Record) -> Record:
    assert isinstance(record, Budget)
    return replace(record, paid_minor=record.paid_minor + 1)


def kept_from_the_budget(_: Record) -> None:
    return None


def silent(record: Record) -> Record:
    """Tell a bank of the payment, and not of what it pays."""
    assert isinstance(record, Journal)
    return replace(record, entries=tuple(replace(each, invoices=()) for each in record.entries))


def passed_on(record: Record) -> Record:
    """Tell a bank that its invoice was paid more than it was."""
    assert isinstance(record, Journal)
    (entry,) = record.entries
    (paid,) = entry.invoices
    more = replace(paid, amount_minor=paid.amount_minor + 1)
    return replace(record, entries=(entry, replace(entry, event=Event.INVOICE_PAID, by="", invoices=(more,))))


FORGERIES: dict[str, tuple[Callable[[Record], Record | None], str, tuple[str, ...], str]] = {
    "a budget of more": (raised, "budget", ("authority",), "moved by 10001 minor units, the journals explain 10000"),
    "a payment past the budget": (
        kept_from_the_budget,
        "budget",
        ("authority",),
        "moved by 0 minor units, the journals explain 10000",
    ),
    "a payment that no bank hears of": (
        silent,
        "journal",
        ("banksh", "bankist"),
        "moved by 10000 minor units, the journals explain 0",
    ),
    "two tales": (
        silent,
        "journal",
        ("banksh",),
        "is told to one bank with other payments of invoices than to another",
    ),
    "a tale to others": (passed_on, "journal", ("banksh",), "is told of a payment of its invoice that nobody made"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_what_a_dishonest_endorser_says_of_a_paid_invoice_is_found(market: World, directory: Path, case: str) -> None:
    change, kind, collections, told = FORGERIES[case]
    invoice = accepted(market)
    endorsed = market.endorse(market.sign("bankist", [for_invoice("100.00", invoice)]))
    for place in list(endorsed.writes):
        if place.collection in collections and place.key.split("/")[0] == kind:
            endorsed = forged(market, endorsed, place, change)
    (batch,) = market.commit(endorsed)
    assert f"block {batch.block}, transaction 0: " in problems(directory)
    assert told in problems(directory)
