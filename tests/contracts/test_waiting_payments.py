"""Payments that wait for documents: what a document brings about, in the transaction that brings it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from chaincode.contracts import happenings
from chaincode.embedded.verification import verify
from settlement.customs.declaration import ReleaseGoods
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.awaiting import OF_ONE_PAYER_MAX
from settlement.payments.terms import Evidence, Share, Terms
from settlement.payments.undertaking import SettleUndertaking
from settlement.trade.budgets import Budget
from settlement.trade.contract import contract_id
from tests import invariants
from tests.builders import LATER, a_conditional_payment, a_return, about, an_id
from tests.contracts.samples import block, unblock
from tests.contracts.test_payments import events
from tests.customs_samples import exported
from tests.customs_world import FIRST
from tests.evidence import (
    a_collection,
    accept,
    assessed,
    budget,
    for_declaration,
    issued,
    release,
    released,
    reserve,
    the_invoice,
    trading,
    value,
)
from tests.rulings import ruled
from tests.trade import some_terms
from tests.world import World

NOBODYS = "0" * 32
UNTIL_LATER = Terms(expires_on=LATER)


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def test_the_release_of_a_declaration_settles_what_waits_for_it(market: World) -> None:
    """In the release's own transaction; customs needs to know nothing of it, and both banks are told."""
    found = assessed(market)
    amount = value(found)
    payment = a_collection(amount, terms=Terms(expires_on=LATER, released=(found.record_id,)))
    reserve(market, payment)
    before = market.balance("banksh")
    batch = release(market, found)
    assert market.balance("banksh") - before == found.declared.value_minor
    for bank in ("bankist", "banksh"):
        assert events(market, bank, batch) == [(Event.RESERVATION_SETTLED, "")]
    invariants.check(market)


def test_two_wait_for_one_release(market: World) -> None:
    found = assessed(market)
    for amount in ("10.00", "20.00"):
        reserve(market, a_collection(amount, terms=Terms(expires_on=LATER, released=(found.record_id,))))
    before = market.balance("banksh")
    release(market, found)
    assert market.balance("banksh") - before == 3_000
    invariants.check(market)


def test_a_bank_cannot_hold_up_a_document_by_what_it_lets_wait_for_it(market: World) -> None:
    """So many of its payments and no more, known document or not; another bank's still wait for it."""
    terms = Terms(expires_on=LATER, released=(NOBODYS,))
    asked = [a_collection("0.01", terms=terms) for _ in range(OF_ONE_PAYER_MAX + 1)]
    batch = market.ask("bankist", *asked)
    assert batch.codes == [[""] * OF_ONE_PAYER_MAX + [Code.WAITED_FOR_TOO_OFTEN]]
    assert market.account("bankist").reserved_minor == OF_ONE_PAYER_MAX
    market.must("banksh", a_conditional_payment(terms=terms))
    invariants.check(market)


def test_a_payment_that_is_refused_leaves_its_uetr_free_in_its_own_batch(market: World) -> None:
    """Also where it is refused last of all, for those that wait already; without its terms it settles."""
    terms = Terms(expires_on=LATER, released=(NOBODYS,))
    asked = [a_collection("0.01", terms=terms) for _ in range(OF_ONE_PAYER_MAX + 1)]
    plain = replace(asked[-1], terms=None)
    batch = market.ask("bankist", *asked, plain, plain)
    assert batch.codes == [[""] * OF_ONE_PAYER_MAX + [Code.WAITED_FOR_TOO_OFTEN, "", Code.DU03]]
    assert market.account("bankist").reserved_minor == OF_ONE_PAYER_MAX
    invariants.check(market)


def test_what_came_first_goes_on_first_and_the_rest_when_asked(market: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than go on in one transaction: the others wait until a bank asks, as for a date."""
    monkeypatch.setattr(happenings, "AT_ONCE_MAX", 1)
    found = assessed(market)
    terms = Terms(expires_on=LATER, released=(found.record_id,))
    first, second = a_collection("1.00", terms=terms), a_collection("2.00", terms=terms)
    reserve(market, first)
    journal = reserve(market, second)
    release(market, found)
    assert market.account("bankist").reserved_minor == 200
    market.must("banksh", about(SettleUndertaking, second, journal))
    assert market.account("bankist").reserved_minor == 0


def test_a_batch_may_take_a_payment_on_and_release_what_it_waits_for(market: World) -> None:
    """The second list of a transaction sees what the first wrote, and settles it."""
    found = assessed(market)
    payment = a_collection("10.00", terms=Terms(expires_on=LATER, released=(found.record_id,)))
    released_by = market.signed("customs", FIRST, ReleaseGoods(command_id=an_id(), declaration_id=found.record_id))
    before = market.balance("banksh")
    batch = market.carry(market.sign("bankist", [payment]), market.sign("customs", released_by))
    assert batch.codes == [[""], [""]]
    assert market.balance("banksh") - before == 1_000
    invariants.check(market)


def test_a_release_stands_though_the_payment_cannot_settle(market: World) -> None:
    """The account is blocked at that moment: the goods go, the payment waits, and settles when a bank asks."""
    found = assessed(market)
    payment = a_collection("10.00", terms=Terms(expires_on=LATER, released=(found.record_id,)))
    journal = reserve(market, payment)
    ruled(market, block("banksh"))
    release(market, found)
    assert market.account("bankist").reserved_minor == 1_000
    ruled(market, unblock("banksh"))
    market.must("banksh", about(SettleUndertaking, payment, journal))
    assert market.account("bankist").reserved_minor == 0


def test_what_cannot_go_on_as_a_whole_leaves_nothing_of_itself(market: World) -> None:
    """Its credit would be one too many that waits for another document: no money moves, and yet the goods go."""
    found = assessed(market)
    evidence = Evidence(declarations=(Share(record_id=NOBODYS),), credit_waits=True)
    waiting = a_collection("10.00", evidence, terms=Terms(expires_on=LATER, released=(found.record_id,)))
    reserve(market, waiting)
    market.must("bankist", *(a_collection("0.01", evidence) for _ in range(OF_ONE_PAYER_MAX)))
    before = market.balance("banksh")
    batch = release(market, found)
    assert market.balance("banksh") == before
    assert market.account("bankist").reserved_minor == 1_000
    assert not any(market.journal(bank, batch.tx_id) for bank in ("bankist", "banksh"))
    invariants.check(market)


def test_a_payment_waits_for_all_its_evidence(market: World) -> None:
    """Contract, declaration, invoice: the last one to be there settles it, and it counts in both budgets."""
    found, bill = assessed(market), issued(market)
    evidence = Evidence(
        contract=contract_id(some_terms()),
        invoices=(Share(record_id=bill.record_id),),
        declarations=(Share(record_id=found.record_id),),
    )
    payment = a_collection("500.00", evidence, found.number, terms=UNTIL_LATER)
    journal = reserve(market, payment)
    release(market, found)
    assert market.say("banksh", about(SettleUndertaking, payment, journal)) == [
        Answer(Code.RR04, "evidence.invoices.0")
    ]
    batch = accept(market, bill)
    assert events(market, "banksh", batch) == [(Event.RESERVATION_SETTLED, "")]
    assert (budget(market, found).paid_minor, budget(market, bill).paid_minor) == (50_000, 50_000)
    assert the_invoice(market).settled_minor == 50_000
    invariants.check(market)


def test_it_may_wait_for_what_is_on_no_ledger_yet(market: World) -> None:
    """A record id follows from a document's natural id, so a document can be named before it is lodged."""
    content = exported()
    evidence = Evidence(declarations=(Share(record_id=declaration_id(content.number)),))
    reserve(market, a_collection("500.00", evidence, content.number, terms=UNTIL_LATER))
    before = market.balance("banksh")
    released(market, content)
    assert market.balance("banksh") - before == 50_000


def test_what_a_budget_has_not_left_stays_reserved(market: World) -> None:
    """The goods are paid for by another payment meanwhile: the release settles as many as the budget has room for."""
    found = assessed(market)
    whole = for_declaration(value(found), found, terms=UNTIL_LATER)
    part = for_declaration("0.01", found, terms=UNTIL_LATER)
    reserve(market, whole)
    journal = reserve(market, part)
    release(market, found)
    assert market.account("bankist").reserved_minor == 1
    assert market.say("bankist", about(SettleUndertaking, part, journal)) == [
        Answer(Code.AM09, "evidence.declarations.0")
    ]
    invariants.check(market)


def test_settled_before_its_documents_the_credit_waits_and_is_told_when_they_are_there(market: World) -> None:
    """G003 at once, DOCUMENTS_COMPLETE in the release's transaction; it counts in the budget from then on."""
    found = assessed(market)
    payment = for_declaration("700.00", found, also={"credit_waits": True})
    before = market.balance("banksh")
    batch = market.must("bankist", payment)
    assert market.balance("banksh") - before == 70_000
    for bank in ("bankist", "banksh"):
        assert events(market, bank, batch) == [(Event.PAYMENT_SETTLED, ""), (Event.CREDIT_STATED, "")]
    assert not list(market.records(Budget))
    market.must("banksh", a_return(payment, batch.tx_id, "200.00"))
    done = release(market, found)
    for bank in ("bankist", "banksh"):
        assert events(market, bank, done) == [(Event.DOCUMENTS_COMPLETE, "")]
    assert budget(market, found).paid_minor == 50_000
    market.must("banksh", a_return(payment, batch.tx_id, "100.00"))
    assert budget(market, found).paid_minor == 40_000
    invariants.check(market)


def test_a_ledger_with_evidence_is_proved(market: World, tmp_path: Path) -> None:
    """All of it read anew from the disk: books, signatures, and what the ledger told by itself."""
    found = assessed(market)
    reserve(market, a_collection("10.00", terms=Terms(expires_on=LATER, released=(found.record_id,))))
    market.must("bankist", for_declaration("7.00", found, also={"credit_waits": True}))
    release(market, found)
    report = verify(tmp_path / "ledger")
    assert report.problems == ()
    assert report.settled == 2
