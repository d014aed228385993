"""What Clearing reads of its own account, the treasury's: it has the journals of both parties, and is one of them."""

from pathlib import Path
from typing import Final

import pytest

from gateway.projection.entries import Line
from settlement.customs.assessment import ClaimRefund, GrantRefund
from settlement.customs.declaration import ReleaseGoods
from settlement.forms.journals import Event
from settlement.payments.undertaking import SettleUndertaking
from tests.builders import BICS, TOMORROW, a_conditional_payment, a_payment, a_return, about, an_id
from tests.contracts.test_undertakings import go_to
from tests.customs_world import FIRST, TAX, a_tax_payment, assessed, working
from tests.gateway.feeds import Reading
from tests.gateway.test_read_model_questions import read_all
from tests.trade import TRADER
from tests.world import World

pytestmark = pytest.mark.asyncio

SEEN_BY: Final = ("clearing", "regulator")
"""Of whom the regulator has both parties' journals too, and is neither."""
FUNDS: Final = 100_000_000


def lines_of(reading: Reading, participant: str) -> list[Line]:
    account = reading.balances.account(participant, "CNY")
    assert account is not None
    return list(reading.entries.lines(account))


def totals_of(reading: Reading, participant: str) -> list[tuple[int, ...]]:
    """Give of each day: how many debits and credits, how much of each, and what came and went without a payment."""
    account = reading.balances.account(participant, "CNY")
    assert account is not None
    return [each[1:] for each in reading.balances.totals(account)]


@pytest.mark.parametrize("organisation", SEEN_BY)
async def test_a_tax_is_one_payment_and_its_refund_one_return(world: World, tmp_path: Path, organisation: str) -> None:
    """Each is one line of the treasury's and of the bank's account, and none is left unexplained (I15)."""
    found = assessed(working(world))
    tax = a_tax_payment(found)
    owed_minor = int(found.total.replace(".", ""))
    beside = a_payment("7.00")
    journal = world.must("banksh", tax, beside).tx_id
    asked = {"command_id": an_id(), "assessment_id": found.record_id}
    world.must("banksh", ClaimRefund(amount="5.00", reason="Short-landed", **asked), by=TRADER)
    world.must("customs", ReleaseGoods(command_id=an_id(), declaration_id=found.declaration), by=FIRST)
    world.must("customs", GrantRefund(**asked | {"command_id": an_id()}), by=TAX)
    world.must("clearing", a_return(tax, journal, "5.00"))
    reading = await read_all(world, tmp_path, organisation)
    assert [(line.kind, line.amount_minor, line.uetr) for line in lines_of(reading, "clearing")] == [
        (Event.PAYMENT_SETTLED, owed_minor, tax.uetr),
        (Event.PAYMENT_RETURNED, -500, tax.uetr),
    ]
    assert [(line.kind, line.amount_minor) for line in lines_of(reading, "banksh")] == [
        ("ISSUED", FUNDS),
        (Event.PAYMENT_SETTLED, -owed_minor),
        (Event.PAYMENT_SETTLED, -700),
        (Event.PAYMENT_RETURNED, 500),
    ]
    assert totals_of(reading, "clearing") == [(1, 1, 500, owed_minor, 0)]
    assert totals_of(reading, "banksh")[-1] == (2, 1, owed_minor + 700, 500, FUNDS)
    (paid,) = reading.queries.payments(tax.uetr)
    assert (paid.is_duplicate, paid.returned_minor) == (False, 500)


@pytest.mark.parametrize("organisation", [*SEEN_BY, "banksh"])
async def test_what_the_ledger_tells_of_a_payment_to_the_treasury_is_taken_once(
    world: World, tmp_path: Path, organisation: str
) -> None:
    """A conditional one: the ledger tells both banks of its settlement, and of both journals one is taken."""
    tax = a_conditional_payment("9.00", payee="clearing", instructed_agent=BICS["clearing"])
    working(world)
    journal = world.must("banksh", tax).tx_id
    go_to(world, TOMORROW)
    world.must("banksh", about(SettleUndertaking, tax, journal))
    reading = await read_all(world, tmp_path, organisation)
    if organisation in SEEN_BY:
        (line,) = lines_of(reading, "clearing")
        assert (line.kind, line.amount_minor, line.uetr) == (Event.RESERVATION_SETTLED, 900, tax.uetr)
        assert totals_of(reading, "clearing") == [(0, 1, 0, 900, 0)]
    assert [line.amount_minor for line in lines_of(reading, "banksh")] == [FUNDS, -900]
    (paid,) = reading.queries.payments(tax.uetr)
    assert [each.kind for each in reading.queries.events_of(paid.id)] == [
        Event.PAYMENT_RESERVED,
        Event.RESERVATION_SETTLED,
    ]
