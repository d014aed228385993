"""What a bank lends on: documents that the other side has accepted, and goods that nobody holds or contests."""

import pytest

from settlement.customs.declaration import (
    AcceptDeclaration,
    CancelDeclaration,
    HoldGoods,
    LiftHold,
    OrderInspection,
    RecordInspection,
)
from settlement.errors import Code
from settlement.financing import (
    FinancingState,
    Subject,
)
from settlement.forms.answers import Answer
from settlement.payments.documents import Kind
from settlement.trade.invoice import DisputeInvoice, NoteKind
from settlement.trade.lading.commands import DisputeBillOfLading
from tests.builders import an_application, an_id
from tests.customs_samples import exported
from tests.customs_world import FIRST, lodged
from tests.evidence import accept, accepted, for_invoice, issued, trading
from tests.lading import BANKIST, BANKSH, SILK, SILK_USCC, TEKSTIL, a_text, named
from tests.lending import applied, draw, on_invoice, stored, verify
from tests.shipping import OFFICER, Shipping
from tests.trade import TRADER, a_note, a_noting
from tests.world import World


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def told(world: World, name: str, bank: str = "banksh") -> list[Answer]:
    """Ask a bank to look, and write nothing."""
    return world.say(bank, verify(name))


NOT_ELIGIBLE = [Answer(Code.NOT_ELIGIBLE, "subjects.0")]


def test_a_buyer_borrows_nothing_on_what_it_owes(market: World) -> None:
    """The seller's invoice is free for the seller, whatever the buyer asks its bank for."""
    found = accepted(market)
    name = applied(market, on_invoice(found, "100000.00"), "bankist")
    assert told(market, name, "bankist") == NOT_ELIGIBLE
    sellers = applied(market, on_invoice(found, "100000.00"))
    market.must("banksh", verify(sellers))
    assert stored(market, sellers).state is FinancingState.VERIFIED


def test_a_loan_is_secured_by_the_applicants_own_documents(market: World) -> None:
    """One that the bank does not hold, or in which the applicant has no part, looks like one that is not there."""
    issued(market)
    absent = applied(market, an_application("1.00"))
    assert market.say("banksh", verify(absent)) == [Answer(Code.NOT_FOUND, "subjects.0")]


def test_a_bank_lends_on_an_invoice_that_its_buyer_owes(market: World) -> None:
    """Not on one that is merely issued, or disputed, or that a debit note has put before the buyer again."""
    found = issued(market)
    name = applied(market, on_invoice(found, "1000.00"))
    assert told(market, name) == NOT_ELIGIBLE
    dispute = DisputeInvoice(command_id=an_id(), invoice_id=found.record_id, reason="short by 3 bales")
    market.must("bankist", dispute, by=TRADER)
    assert told(market, name) == NOT_ELIGIBLE
    accept(market, found)
    assert told(market, name) == [Answer("")]
    market.must("banksh", verify(name))
    market.must("banksh", a_noting(market, a_note(found.record_id, NoteKind.DEBN)), by=TRADER)
    assert market.say("banksh", draw(name)) == NOT_ELIGIBLE
    accept(market, found)
    market.must("banksh", draw(name))


def test_a_bank_lends_on_no_invoice_that_is_paid_in_full(market: World) -> None:
    """Which the invoice by itself does not say, but its budget."""
    found = accepted(market)
    name = applied(market, on_invoice(found, "1000.00"))
    market.must("bankist", for_invoice("99999.99", found))
    assert told(market, name) != NOT_ELIGIBLE
    market.must("bankist", for_invoice("0.01", found))
    assert told(market, name) == NOT_ELIGIBLE


def test_a_bank_lends_on_a_declaration_that_customs_has_accepted(market: World) -> None:
    """Not on one that is merely lodged, nor on goods that somebody holds, nor where they were found to be others."""
    found = lodged(market, exported())
    name = applied(market, an_application("10.00", Subject(kind=Kind.DECLARATION, record_id=found.record_id)))
    assert told(market, name) == NOT_ELIGIBLE
    about = {"declaration_id": found.record_id, "reason": "random check"}
    market.must("customs", AcceptDeclaration(command_id=an_id(), declaration_id=found.record_id), by=FIRST)
    assert told(market, name) == [Answer("")]
    market.must("regulator", HoldGoods(command_id=an_id(), **about), by="supervisor-1")
    assert told(market, name) == NOT_ELIGIBLE
    market.must("regulator", LiftHold(command_id=an_id(), **about), by="supervisor-1")
    market.must("banksh", verify(name))
    seen = RecordInspection(
        command_id=an_id(), declaration_id=found.record_id, is_as_declared=False, findings="other goods"
    )
    market.must("customs", OrderInspection(command_id=an_id(), **about), seen, by=FIRST)
    assert market.say("banksh", draw(name)) == NOT_ELIGIBLE
    market.must("customs", CancelDeclaration(command_id=an_id(), **about), by=FIRST)
    assert market.say("banksh", draw(name)) == NOT_ELIGIBLE


def test_a_bank_lends_on_a_bill_of_lading_in_its_customers_hands_or_its_own(market: World) -> None:
    """Not to a shipper who has passed it on, nor on one that is contested or surrendered."""
    shipped = Shipping(market, a_text(endorsee=named(SILK_USCC))).issued()
    name = applied(market, an_application("10.00", Subject(kind=Kind.BILL_OF_LADING, record_id=shipped.record_id)))
    assert told(market, name) == [Answer("")]
    shipped.silk(shipped.endorse(BANKSH), shipped.transfer(BANKSH, "pledged"))
    assert told(market, name) == [Answer("")]
    market.must("banksh", shipped.endorse(SILK), shipped.transfer(SILK), by=OFFICER)
    shipped.silk(shipped.transfer(TEKSTIL))
    assert told(market, name) == NOT_ELIGIBLE
    shipped.tekstil(shipped.transfer(SILK))
    contest = DisputeBillOfLading(command_id=an_id(), record_id=shipped.record_id, reason="stolen")
    shipped.tekstil(contest)
    assert told(market, name) == NOT_ELIGIBLE


def test_a_pledged_bill_secures_a_loan_of_the_bank_that_holds_it(market: World) -> None:
    """The buyer's bank holds it for the seller's, and knows its own customer alone."""
    shipped = Shipping(market, a_text(endorsee=named(SILK_USCC))).issued()
    subject = Subject(kind=Kind.BILL_OF_LADING, record_id=shipped.record_id)
    shipped.silk(shipped.endorse(BANKIST), shipped.transfer(BANKIST, "pledged"))
    elsewhere = applied(market, an_application("10.00", subject), "bankist")
    assert told(market, elsewhere, "bankist") == [Answer(Code.NOT_FOUND, "subjects.0")]
    market.must("bankist", shipped.endorse(TEKSTIL), shipped.transfer(BANKSH), by=OFFICER)
    own = applied(market, an_application("10.00", subject))
    assert told(market, own) == NOT_ELIGIBLE
