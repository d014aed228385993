"""Invoices through signed lists: within their contract, each side in its role, never settled for more than they are."""

from typing import Any

import pytest
from msgspec.structs import replace

from chaincode.embedded.blocks import Validity
from settlement import money
from settlement.errors import Code, Refusal
from settlement.forms.answers import Answer
from settlement.trade import contract, invoice
from settlement.trade.contract import (
    AmendContract,
    ConfirmPerformance,
    SalesContract,
    TerminateContract,
    WithdrawProposal,
)
from settlement.trade.invoice import (
    AcceptInvoice,
    DisputeInvoice,
    Invoice,
    InvoiceEvent,
    InvoicePayment,
    InvoiceState,
    InvoiceTerms,
    IssueInvoice,
    NoteKind,
)
from tests.builders import an_id
from tests.evidence import for_invoice, trading
from tests.trade import (
    BUYER,
    SELLER,
    TRADER,
    a_note,
    a_noting,
    a_proposal,
    a_signature,
    a_signing,
    a_stranger,
    an_impostor,
    an_invoice,
    an_issue,
    carried,
    held,
    in_effect,
    of_scarves,
    registered,
    some_terms,
)
from tests.world import World

CONTRACT = contract.contract_id(some_terms())


@pytest.fixture
def trade(world: World) -> World:
    """A network with a contract in effect: 100,000.00 CNY, 5 % more at most."""
    in_effect(registered(world))
    return world


def issued(world: World, terms: InvoiceTerms | None = None) -> Invoice:
    """Let the seller issue an invoice."""
    terms = terms or an_invoice()
    world.must("banksh", an_issue(world, terms), by=TRADER)
    return held(world, Invoice, invoice.invoice_id(terms))


def accepted(world: World) -> Invoice:
    """Let the buyer accept one."""
    found = issued(world)
    world.must("bankist", AcceptInvoice(command_id=an_id(), invoice_id=found.record_id), by=TRADER)
    return held(world, Invoice, found.record_id)


def test_no_bank_accepts_or_disputes_for_the_customer_of_the_other(trade: World) -> None:
    """An invoice that the seller's bank lends on is not accepted by whom that bank certifies as the buyer."""
    found = issued(trade)
    impostor = an_impostor(trade, "banksh")
    acts = (
        AcceptInvoice(command_id=an_id(), invoice_id=found.record_id),
        DisputeInvoice(command_id=an_id(), invoice_id=found.record_id, reason="Short"),
    )
    assert carried(trade, "banksh", impostor, *acts) == [Answer(Code.NOT_FOUND, "invoice_id")] * 2


def counted(world: World) -> str:
    return money.render(held(world, SalesContract, CONTRACT, "bankist").invoiced_minor, "CNY")


def test_an_invoice_stands_with_both_banks_and_counts_under_its_contract(trade: World) -> None:
    found = issued(trade)
    assert found == held(trade, Invoice, found.record_id, "bankist")
    assert (found.state, found.trade, found.held_by) == (InvoiceState.ISSUED, CONTRACT, ("bankist", "banksh"))
    assert (found.signature.party, found.act.event) == (SELLER.identifier, "ISSUED")
    assert counted(trade) == "100000.00"
    assert held(trade, SalesContract, CONTRACT).act.event == "INVOICED"


def test_the_invoices_of_a_contract_stay_within_its_tolerance(trade: World) -> None:
    """To the last minor unit, over any number of invoices; what does not fit leaves nothing."""
    issued(trade)
    before = trade.state()
    over = an_issue(trade, of_scarves("INV-2", "5000.01"))
    assert trade.ask("banksh", over, by=TRADER).answers == ((Answer(Code.AM09, "amount"),),)
    assert {place for place in trade.state() if place not in before} == set()
    issued(trade, of_scarves("INV-2", "5000.00"))
    assert counted(trade) == "105000.00"
    assert trade.say("banksh", an_issue(trade, of_scarves("INV-3", "0.01")), by=TRADER) == [Answer(Code.AM09, "amount")]


def test_two_invoices_that_race_for_the_rest_are_not_both_issued(trade: World) -> None:
    """Endorsed on the same state, one of two batches is valid."""
    both = [
        trade.endorse(
            trade.sign("banksh", trade.signed("banksh", TRADER, an_issue(trade, of_scarves(number, "60000.00"))))
        )
        for number in ("INV-2", "INV-3")
    ]
    assert sorted(batch.validity.name for batch in trade.commit(*both)) == ["MVCC_READ_CONFLICT", Validity.VALID.name]
    assert counted(trade) == "60000.00"


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"number": ""}, Answer(Code.CH21, "terms.number")),
        ({"contract_id": "f" * 32}, Answer(Code.NOT_FOUND, "terms.contract_id")),
        ({"buyer": SELLER.identifier}, Answer(Code.CH16, "terms.buyer")),
        ({"seller": BUYER.identifier}, Answer(Code.CH16, "terms.seller")),
        ({"currency": "EUR"}, Answer(Code.CH16, "terms.currency")),
        ({"amount": "100000.01"}, Answer(Code.SUM_WRONG, "terms.amount")),
        ({"issued_on": "2026-13-01"}, Answer(Code.CH16, "terms.issued_on")),
        ({"due_on": "2026-11-22"}, Answer(Code.CH16, "terms.due_on")),
        ({"due_on": ""}, Answer(Code.CH21, "terms.due_on")),
        ({"lines": ()}, Answer(Code.CH21, "terms.lines")),
    ],
)
def test_an_invoice_says_what_its_contract_says(trade: World, changed: dict[str, Any], answer: Answer) -> None:
    assert trade.say("banksh", an_issue(trade, an_invoice(**changed)), by=TRADER) == [answer]


def test_the_seller_issues_with_its_own_signature(trade: World) -> None:
    """Not the buyer, and not with a signature on another invoice."""
    terms = an_invoice()
    assert trade.say("bankist", an_issue(trade, terms, "bankist"), by=TRADER) == [Answer(Code.AG08, "seller")]
    other = a_signature(trade, an_invoice("INV-2"), "banksh")
    wrong = IssueInvoice(command_id=an_id(), terms=terms, signature=other)
    assert trade.say("banksh", wrong, by=TRADER) == [Answer(Code.DS0H, "signature")]


def test_a_number_is_used_once_under_a_contract(trade: World) -> None:
    issued(trade)
    again = an_issue(trade, of_scarves("INV-1", "1.00"))
    assert trade.say("banksh", again, by=TRADER) == [Answer(Code.ALREADY_EXISTS, "terms.number")]


def test_an_amendment_does_not_go_below_what_is_invoiced(trade: World) -> None:
    """Neither when it is proposed, nor when, while it was being signed, more was invoiced than it allows."""
    line = replace(some_terms().lines[1], quantity="1", unit_price="1000.00", amount="1000.00")
    smaller = some_terms(version=2, amount="1000.00", lines=(line,))
    amend = AmendContract(command_id=an_id(), terms=smaller)
    trade.must("bankist", amend, a_signing(trade, smaller, "bankist"), by=TRADER)
    issued(trade, of_scarves("INV-1", "1050.01"))
    last = a_signing(trade, smaller, "banksh")
    assert trade.say("banksh", last, by=TRADER) == [Answer(Code.AM09, "terms.amount")]
    withdraw = WithdrawProposal(command_id=an_id(), contract_id=CONTRACT, reason="Too small by now")
    trade.must("banksh", withdraw, by=TRADER)
    again = replace(amend, command_id=an_id())
    assert trade.say("bankist", again, by=TRADER) == [Answer(Code.AM09, "terms.amount")]


def test_without_a_contract_in_effect_nothing_is_invoiced(world: World) -> None:
    """Neither before both have signed, nor after notice, nor after its last date."""
    registered(world)
    world.must("banksh", a_proposal(), by=TRADER)
    issue = an_issue(world, an_invoice())
    assert world.say("banksh", issue, by=TRADER) == [Answer(Code.MOVE_NOT_ALLOWED, "contract.DRAFT")]
    second = some_terms("C-2", expires_on="2027-01-15")
    in_effect(world, second)
    under = an_issue(world, an_invoice(contract_id=contract.contract_id(second)))
    notice = TerminateContract(command_id=an_id(), contract_id=contract.contract_id(second), reason="No goods")
    assert world.say("banksh", notice, under, by=TRADER)[1] == Answer(Code.MOVE_NOT_ALLOWED, "contract.TERMINATED")
    world.clock.now_ms += 54 * 24 * 3600 * 1000
    assert world.say("banksh", under, by=TRADER) == [Answer(Code.LAPSED, "terms.contract_id")]


def test_the_buyer_accepts_or_disputes(trade: World) -> None:
    """Each once, the seller neither, and a stranger is told that there is none."""
    name = issued(trade).record_id
    accept = AcceptInvoice(command_id=an_id(), invoice_id=name)
    dispute = DisputeInvoice(command_id=an_id(), invoice_id=name, reason="Three metres short")
    assert trade.say("banksh", accept, dispute, by=TRADER) == [Answer(Code.AG08, "buyer")] * 2
    none = [Answer(Code.NOT_FOUND, "invoice_id")]
    assert carried(trade, "bankfra", a_stranger(trade), accept) == none
    trade.must("bankist", dispute, by=TRADER)
    disputed = held(trade, Invoice, name)
    assert (disputed.state, disputed.act.reason) == (InvoiceState.DISPUTED, "Three metres short")
    trade.must("bankist", replace(accept, command_id=an_id()), by=TRADER)
    refused = Answer(Code.MOVE_NOT_ALLOWED, "invoice.ACCEPTED")
    again = replace(dispute, command_id=an_id())
    assert trade.say("bankist", again, by=TRADER) == [refused]


def test_a_credit_note_makes_room_and_a_debit_note_takes_it(trade: World) -> None:
    """Both change the invoice and the contract's count; after a debit note the buyer accepts anew."""
    found = accepted(trade)
    trade.must("banksh", a_noting(trade, a_note(found.record_id)), by=TRADER)
    after = held(trade, Invoice, found.record_id, "bankist")
    assert (after.total_minor, after.state, counted(trade)) == (9_900_000, InvoiceState.ACCEPTED, "99000.00")
    assert after.act.reason == "CN-1: Three metres short"
    debit = a_note(found.record_id, NoteKind.DEBN, "6000.00", number="DN-1", reason="Dearer freight")
    trade.must("banksh", a_noting(trade, debit), by=TRADER)
    after = held(trade, Invoice, found.record_id)
    assert (after.total_minor, after.state, counted(trade)) == (10_500_000, InvoiceState.ISSUED, "105000.00")
    more = a_note(found.record_id, NoteKind.DEBN, "0.01", number="DN-2")
    assert trade.say("banksh", a_noting(trade, more), by=TRADER) == [Answer(Code.AM09, "amount")]


@pytest.mark.parametrize("how", ["performed", "terminated", "lapsed"])
def test_under_a_contract_that_has_ended_there_are_credit_notes_alone(world: World, how: str) -> None:
    """That is how what was invoiced is undone; nothing is added to it any more."""
    terms = some_terms(expires_on="2027-01-15")
    in_effect(registered(world), terms)
    found = issued(world)
    credit = a_noting(world, a_note(found.record_id))
    debit = a_noting(world, a_note(found.record_id, NoteKind.DEBN, number="DN-1"))
    refused = Answer(Code.MOVE_NOT_ALLOWED, f"contract.{how.upper()}")
    if how == "performed":
        for bank in ("banksh", "bankist"):
            world.must(bank, ConfirmPerformance(command_id=an_id(), contract_id=CONTRACT), by=TRADER)
    elif how == "terminated":
        world.must("banksh", TerminateContract(command_id=an_id(), contract_id=CONTRACT, reason="No goods"), by=TRADER)
    else:
        world.clock.now_ms += 54 * 24 * 3600 * 1000
        refused = Answer(Code.LAPSED, "contract_id")
    assert world.say("banksh", debit, by=TRADER) == [refused]
    world.must("banksh", credit, by=TRADER)
    assert (held(world, Invoice, found.record_id).total_minor, counted(world)) == (9_900_000, "99000.00")


def test_once_something_of_an_invoice_was_paid_there_is_no_debit_note(world: World) -> None:
    """The seller alone would make a debt that its buyer has not accepted: for that there is another invoice."""
    found = accepted(trading(world))
    more = a_noting(world, a_note(found.record_id, NoteKind.DEBN))
    for amount, state in (("40000.00", "PARTLY_SETTLED"), ("60000.00", "SETTLED")):
        world.must("bankist", for_invoice(amount, found))
        assert world.say("banksh", more, by=TRADER) == [Answer(Code.MOVE_NOT_ALLOWED, f"invoice.{state}")]


def test_an_invoice_credited_in_full_is_settled(trade: World) -> None:
    found = issued(trade)
    trade.must("banksh", a_noting(trade, a_note(found.record_id, amount="100000.00")), by=TRADER)
    after = held(trade, Invoice, found.record_id)
    assert (after.state, after.open_minor, counted(trade)) == (InvoiceState.SETTLED, 0, "0.00")


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"invoice_id": "f" * 32}, Answer(Code.NOT_FOUND, "terms.invoice_id")),
        ({"currency": "EUR"}, Answer(Code.CH16, "terms.currency")),
        ({"amount": "100000.01"}, Answer(Code.AM09, "terms.amount")),
        ({"amount": "0.00"}, Answer(Code.AM01, "terms.amount")),
        ({"reason": ""}, Answer(Code.CH21, "terms.reason")),
        ({"number": "x" * 36}, Answer(Code.CH16, "terms.number")),
    ],
)
def test_a_note_that_is_not_in_order_is_refused(trade: World, changed: dict[str, Any], answer: Answer) -> None:
    note = replace(a_note(issued(trade).record_id), **changed)
    assert trade.say("banksh", a_noting(trade, note), by=TRADER) == [answer]


def test_a_note_counts_once_and_is_the_sellers(trade: World) -> None:
    name = issued(trade).record_id
    trade.must("banksh", a_noting(trade, a_note(name)), by=TRADER)
    again = a_noting(trade, a_note(name))
    assert trade.say("banksh", again, by=TRADER) == [Answer(Code.ALREADY_EXISTS, "terms.number")]
    buyers = a_noting(trade, a_note(name, number="CN-2"), "bankist")
    assert trade.say("bankist", buyers, by=TRADER) == [Answer(Code.AG08, "seller")]


def test_payments_settle_what_is_open_and_no_more(trade: World) -> None:
    """In parts or at once; what is returned is open again. An invoice stands as its payments say."""
    found = accepted(trade)
    steps = [
        (4_000_000, InvoiceState.PARTLY_SETTLED, InvoiceEvent.PAID_IN_PART, 4_000_000),
        (10_000_000, InvoiceState.SETTLED, InvoiceEvent.PAID, 6_000_000),
        (9_500_000, InvoiceState.PARTLY_SETTLED, InvoiceEvent.REFUNDED, 500_000),
        (0, InvoiceState.ACCEPTED, InvoiceEvent.REFUNDED, 9_500_000),
    ]
    before_minor = 0
    for paid_minor, state, event, amount_minor in steps:
        stands = invoice.standing(found, paid_minor)
        assert (stands.state, stands.open_minor) == (state, 10_000_000 - paid_minor)
        told = invoice.payment_of(found.record_id, before_minor, paid_minor, found.total_minor)
        assert told == InvoicePayment(invoice_id=found.record_id, event=event, amount_minor=amount_minor)
        before_minor = paid_minor
    assert invoice.payment_of(found.record_id, 7, 7, found.total_minor) is None


def test_what_is_not_accepted_is_not_paid(trade: World) -> None:
    with pytest.raises(Refusal) as told:
        invoice.standing(issued(trade), 1)
    assert (told.value.code, told.value.where) == (Code.MOVE_NOT_ALLOWED, "invoice.ISSUED")
