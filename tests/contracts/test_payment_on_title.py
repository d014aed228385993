"""Payments for a bill of lading: title and money pass together, or neither does."""

import pytest

from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.commands import SubmitPayment
from settlement.payments.terms import Terms
from settlement.payments.undertaking import PassAgainstPayment
from settlement.trade.lading.chain import BillParty
from tests import invariants
from tests.builders import LATER, about
from tests.contracts.samples import block, register
from tests.contracts.test_payments import changes, events
from tests.evidence import (
    a_collection,
    reserve,
    trading,
)
from tests.lading import OTHER_LEI, SILK_USCC, TEKSTIL, a_text, named
from tests.rulings import ruled
from tests.shipping import Shipping
from tests.trade import TRADER
from tests.world import World


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def issued_bill(world: World) -> Shipping:
    """Let a bill to the seller's order be issued, which the seller holds."""
    return Shipping(world, a_text(endorsee=named(SILK_USCC))).issued()


def on_title(shipping: Shipping, amount: str = "900.00") -> SubmitPayment:
    terms = Terms(expires_on=LATER, title=shipping.record_id, title_to=TEKSTIL.identifier)
    return a_collection(amount, terms=terms)


def passing(payment: SubmitPayment, journal: str, to: BillParty = TEKSTIL) -> PassAgainstPayment:
    return about(PassAgainstPayment, payment, journal, recipient=to)


def test_the_bill_and_the_money_move_in_one_transaction(market: World) -> None:
    made = issued_bill(market)
    payment = on_title(made)
    journal = reserve(market, payment)
    before = market.balance("banksh")
    batch = market.must("banksh", passing(payment, journal), by=TRADER)
    assert market.balance("banksh") - before == 90_000
    standing = made.copy("bankist").standing
    assert standing is not None
    assert standing.holder == TEKSTIL
    assert standing.title is not None
    assert standing.title.holder == TEKSTIL
    assert events(market, "banksh", batch) == [(Event.RESERVATION_SETTLED, "")]
    invariants.check(market)


def test_neither_moves_where_one_cannot(market: World) -> None:
    """A blocked account: the bill stays where it is. A payment of the title's own terms, or nobody."""
    made = issued_bill(market)
    payment = on_title(made)
    journal = reserve(market, payment)
    ruled(market, block("banksh"))
    before = market.state()
    asked = market.ask("banksh", passing(payment, journal), by=TRADER)
    assert asked.answers == ((Answer(Code.ACCOUNT_NOT_USABLE, "payment"),),)
    assert changes(before, market.state()) == {("banksh", "sequence")}
    elsewhere = BillParty(participant="bankfra", identifier=TEKSTIL.identifier[:-1] + "0")
    assert market.say("banksh", passing(payment, journal, elsewhere), by=TRADER) == [Answer(Code.CH16, "recipient")]


def test_a_bill_passes_to_a_customer_whom_its_bank_knows(market: World) -> None:
    """Its title would be with a firm for which nobody can act; no more than by an endorsement."""
    made = issued_bill(market)
    terms = Terms(expires_on=LATER, title=made.record_id, title_to=OTHER_LEI)
    payment = a_collection("900.00", terms=terms)
    journal = reserve(market, payment)
    stranger = BillParty(participant="bankist", identifier=OTHER_LEI)
    asked = passing(payment, journal, stranger)
    assert market.say("banksh", asked, by=TRADER) == [Answer(Code.NOT_FOUND, "recipient")]
    market.must("bankist", register(OTHER_LEI, name="A forwarder"))
    market.must("banksh", asked, by=TRADER)


def test_who_does_not_hold_the_bill_gets_no_money_for_it(market: World) -> None:
    made = issued_bill(market)
    payment = on_title(made)
    journal = reserve(market, payment)
    made.silk(made.transfer(TEKSTIL))
    refused = market.say("banksh", passing(payment, journal), by=TRADER)
    assert refused[0].code in {Code.NOT_IN_CONTROL, Code.NOT_TITLE_HOLDER}
    assert market.account("bankist").reserved_minor == 90_000


def test_title_that_passes_in_two_steps_settles_with_the_second(market: World) -> None:
    """Endorsed, then transferred: when both are with the buyer the money moves by itself."""
    made = issued_bill(market)
    reserve(market, on_title(made))
    before = market.balance("banksh")
    made.silk(made.endorse(TEKSTIL))
    assert market.balance("banksh") == before
    made.silk(made.transfer(TEKSTIL))
    assert market.balance("banksh") - before == 90_000


def test_title_with_the_buyers_number_at_another_bank_is_not_with_the_buyer(market: World) -> None:
    """The seller's bank can certify anybody under it: whoever gives the bill to such a one has no money for it."""
    impostor = BillParty(participant="banksh", identifier=TEKSTIL.identifier)
    market.must("banksh", register(TEKSTIL.identifier, name="Tekstil AS"))
    made = issued_bill(market)
    payment = on_title(made)
    journal = reserve(market, payment)
    assert market.say("banksh", passing(payment, journal, impostor), by=TRADER) == [Answer(Code.CH16, "recipient")]
    made.silk(made.endorse(impostor))
    made.silk(made.transfer(impostor))
    assert market.account("bankist").reserved_minor == 90_000
