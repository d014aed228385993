"""Payments held against their documents: what has to be there, how much may be paid, what a document brings about."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chaincode.contracts import happenings
from chaincode.embedded.verification import verify
from settlement import money
from settlement.customs.declaration import Declaration, ReleaseGoods
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.forms.journals import Event
from settlement.payments.awaiting import OF_ONE_PAYER_MAX
from settlement.payments.commands import ReferredDocument, StructuredRemittance, SubmitPayment
from settlement.payments.evidence import RequireReports
from settlement.payments.terms import Evidence, Share, Terms
from settlement.payments.undertaking import PassAgainstPayment, SettleUndertaking
from settlement.trade.budgets import Budget
from settlement.trade.contract import contract_id
from settlement.trade.invoice import InvoiceState
from settlement.trade.lading.chain import BillParty
from tests import invariants
from tests.builders import LATER, TODAY, TOMORROW, a_conditional_payment, a_payment, a_return, a_uetr, about, an_id
from tests.contracts.samples import block, register, unblock
from tests.contracts.test_payments import changes, events
from tests.customs_samples import exported
from tests.customs_world import FIRST
from tests.evidence import (
    BUYER,
    SELLER,
    a_collection,
    accept,
    accepted,
    assessed,
    for_declaration,
    for_invoice,
    issued,
    release,
    released,
    reports,
    the_invoice,
    trading,
)
from tests.lading import SILK_USCC, TEKSTIL, a_text, named
from tests.shipping import Shipping
from tests.trade import TRADER, a_note, a_noting, some_terms
from tests.world import World

NOBODYS = "0" * 32
UNTIL_LATER = Terms(expires_on=LATER)


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def value(found: Declaration, part: int = 100) -> str:
    """Give some percent of what was declared."""
    return money.render(found.declared.value_minor * part // 100, found.declared.currency)


def budget(world: World, found: Any) -> Budget:
    """Read what is used of a document."""
    ((_, record),) = [(place, each) for place, each in world.records(Budget) if each.record_id == found.record_id]
    return record


# What has to be there


def test_a_payment_for_released_goods_settles_and_counts(market: World) -> None:
    found = released(market)
    market.must("bankist", for_declaration(value(found, 60), found))
    assert budget(market, found).paid_minor == found.declared.value_minor * 60 // 100
    invariants.check(market)


def test_what_is_not_there_refuses_it_and_leaves_nothing(market: World) -> None:
    """A declaration that is not released, and one that is on no ledger, look alike."""
    found = assessed(market)
    unknown = a_collection("1.00", Evidence(declarations=(Share(record_id=NOBODYS),)))
    before = market.state()
    answers = market.ask("bankist", for_declaration("1.00", found), unknown).answers
    assert answers == ((Answer(Code.RR04, "evidence.declarations.0"),) * 2,)
    assert changes(before, market.state()) == {("bankist", "sequence")}


def test_a_document_of_others_is_as_if_it_were_not_there(market: World) -> None:
    """Who is named in none of its places cannot tell it from one that does not exist."""
    found = released(market)
    strange = for_declaration("1.00", found, creditor=replace(SELLER.party, uscc="", lei="5493001KJTIIGC8Y1R12"))
    absent = replace(strange, evidence=Evidence(declarations=(Share(record_id=NOBODYS),)))
    assert market.say("bankist", strange, absent) == [Answer(Code.RR04, "evidence.declarations.0")] * 2


def test_an_invoice_is_there_once_its_buyer_has_accepted_it(market: World) -> None:
    found = issued(market)
    assert market.say("bankist", for_invoice("1.00", found)) == [Answer(Code.RR04, "evidence.invoices.0")]
    accept(market, found)
    market.must("bankist", for_invoice("40000.00", found))
    assert (the_invoice(market).state, the_invoice(market).settled_minor) == (InvoiceState.PARTLY_SETTLED, 4_000_000)
    assert the_invoice(market) == the_invoice(market, bank="bankist")


DISAGREEING: list[tuple[dict[str, Any], Code, str]] = [
    ({"debtor": replace(BUYER.party, lei="")}, Code.CH21, "debtor.lei"),
    ({"creditor": replace(SELLER.party, uscc="")}, Code.CH21, "creditor.lei"),
    ({"debtor": replace(BUYER.party, lei="5493001KJTIIGC8Y1R12")}, Code.RR05, "evidence.invoices.0"),
    ({"regulatory_reporting": ()}, Code.RR04, "regulatory_reporting"),
    ({"regulatory_reporting": reports("NUMBER", code="")}, Code.RR04, "regulatory_reporting"),
    (
        {
            "remittance": "",
            "structured_remittance": (
                StructuredRemittance(documents=(ReferredDocument(type_code="CINV", number="ANOTHER"),)),
            ),
        },
        Code.RR05,
        "structured_remittance",
    ),
]


@pytest.mark.parametrize(("wrong", "code", "where"), DISAGREEING)
def test_a_payment_agrees_with_its_documents(market: World, wrong: dict[str, Any], code: Code, where: str) -> None:
    payment = for_invoice("1.00", accepted(market))
    assert market.say("bankist", replace(payment, **wrong)) == [Answer(code, where)]


def test_a_payment_for_declared_goods_reports_the_declaration(market: World) -> None:
    found = released(market)
    payment = for_declaration("1.00", found)
    another = replace(payment, regulatory_reporting=reports("220120260000000009"))
    assert market.say("bankist", another) == [Answer(Code.RR04, "regulatory_reporting")]


def test_the_regulator_says_from_when_every_payment_across_the_border_reports(market: World) -> None:
    """Before that date, and within China, a payment without documents reports nothing; after it RR04."""
    across = a_payment()
    within = replace(across, creditor=across.debtor, uetr=a_uetr())
    market.must("regulator", RequireReports(command_id=an_id(), since=TOMORROW), by="supervisor-1")
    market.must("banksh", across)
    market.must("regulator", RequireReports(command_id=an_id(), since=TODAY), by="supervisor-1")
    reported = replace(a_payment(), regulatory_reporting=reports())
    assert market.say("banksh", a_payment(), within, reported) == [
        Answer(Code.RR04, "regulatory_reporting"),
        Answer(""),
        Answer(""),
    ]
    never = RequireReports(command_id=an_id(), since="some day")
    assert market.say("regulator", never, by="supervisor-1") == [Answer(Code.CH16, "since")]


def test_shares_make_up_the_payment(market: World) -> None:
    found, bill = released(market), accepted(market)
    shares = (Share(record_id=found.record_id, amount="10.00"), Share(record_id=NOBODYS, amount="5.00"))
    divided = a_collection("20.00", Evidence(declarations=shares), found.number)
    assert market.say("bankist", divided) == [Answer(Code.AM09, "evidence.declarations")]
    both = Evidence(declarations=(Share(record_id=found.record_id),), invoices=(Share(record_id=bill.record_id),))
    market.must("bankist", a_collection("20.00", both, found.number))
    assert (budget(market, found).paid_minor, budget(market, bill).paid_minor) == (2_000, 2_000)


# How much may be paid


def test_no_more_is_paid_than_was_declared(market: World) -> None:
    """I4, over several payments; what was sent back may be paid again."""
    found = released(market)
    first = for_declaration(value(found, 70), found)
    journal = market.must("bankist", first).tx_id
    above = for_declaration(value(found, 31), found)
    assert market.say("bankist", above) == [Answer(Code.AM09, "evidence.declarations.0")]
    market.must("bankist", for_declaration(value(found, 30), found))
    assert market.say("bankist", for_declaration("0.01", found)) == [Answer(Code.AM09, "evidence.declarations.0")]
    market.must("banksh", a_return(first, journal, value(found, 10)))
    assert budget(market, found).paid_minor == found.declared.value_minor * 90 // 100
    market.must("bankist", for_declaration(value(found, 10), found))
    assert market.say("bankist", for_declaration("0.01", found)) == [Answer(Code.AM09, "evidence.declarations.0")]
    invariants.check(market)


def test_tolerance_is_what_the_contract_grants(market: World) -> None:
    """Five percent, where the payment names the contract that the declaration belongs to; none otherwise."""
    named_contract = contract_id(some_terms())
    found = released(market, exported(trade=named_contract))
    plain = for_declaration(value(found, 101), found)
    assert market.say("bankist", plain) == [Answer(Code.AM09, "evidence.declarations.0")]
    also = {"contract": named_contract}
    assert market.say("bankist", for_declaration(value(found, 106), found, also=also)) == [
        Answer(Code.AM09, "evidence.declarations.0")
    ]
    market.must("bankist", for_declaration(value(found, 105), found, also=also))


def test_of_two_that_race_for_the_last_of_a_budget_one_wins(market: World) -> None:
    """In one batch the first; in two that run at the same moment the one that is on the block first."""
    found = released(market)
    market.must("bankist", for_declaration(value(found, 50), found))
    pair = [for_declaration(value(found, 50), found) for _ in range(2)]
    together = market.endorse(market.sign("bankist", pair))
    assert [answer.code for answer in together.answers[0]] == ["", Code.AM09]
    market.fund("bankfra", "5000000.00")
    rivals = [
        market.endorse(market.sign(bank, [replace(pair[0], payer=bank, instructing_agent=bic)]))
        for bank, bic in (("bankist", "BOSPTRISXXX"), ("bankfra", "MAINDEFFXXX"))
    ]
    assert [each.answers[0][0].code for each in rivals] == ["", ""]
    assert [batch.validity.name for batch in market.commit(*rivals)].count("VALID") == 1
    assert budget(market, found).paid_minor == found.declared.value_minor


def test_a_credit_note_takes_from_what_may_be_paid(market: World) -> None:
    """I4 for an invoice: its total with its notes, then it is settled."""
    found = accepted(market)
    market.must("banksh", a_noting(market, a_note(found.record_id)), by=TRADER)
    assert market.say("bankist", for_invoice("99000.01", found)) == [Answer(Code.AM09, "evidence.invoices.0")]
    payment = for_invoice("99000.00", found)
    journal = market.must("bankist", payment).tx_id
    assert (the_invoice(market).state, the_invoice(market).act.reason) == (InvoiceState.SETTLED, payment.uetr)
    market.must("banksh", a_return(payment, journal, "500.00"))
    assert (the_invoice(market).act.event, the_invoice(market).act.reason) == ("REFUNDED", payment.uetr)
    assert (the_invoice(market).state, the_invoice(market).open_minor) == (InvoiceState.PARTLY_SETTLED, 50_000)


def test_another_currency_counts_at_the_dated_rate(market: World) -> None:
    """100.00 EUR at 8.0512 are 805.12 CNY; a currency without a rate of the month is RR05."""
    market.open_accounts("EUR")
    market.fund("bankist", "1000.00", "EUR")
    found = released(market)
    market.must("bankist", for_declaration("100.00", found, currency="EUR"))
    assert budget(market, found).paid_minor == 80_512
    market.fund("bankist", "100000", "JPY")
    yen = for_declaration("1000", found, currency="JPY")
    assert market.say("bankist", yen) == [Answer(Code.RR05, "currency")]


# What a document brings about


def reserve(world: World, payment: SubmitPayment) -> str:
    """Let the buyer's bank take a payment on; give the transaction."""
    batch = world.must("bankist", payment)
    assert events(world, "bankist", batch) == [(Event.PAYMENT_RESERVED, "")]
    return batch.tx_id


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
    market.must("regulator", block("banksh"), by="supervisor-1")
    release(market, found)
    assert market.account("bankist").reserved_minor == 1_000
    market.must("regulator", unblock("banksh"), by="supervisor-1")
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


# Pay on title


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
    market.must("regulator", block("banksh"), by="supervisor-1")
    before = market.state()
    asked = market.ask("banksh", passing(payment, journal), by=TRADER)
    assert asked.answers == ((Answer(Code.ACCOUNT_NOT_USABLE, "payment"),),)
    assert changes(before, market.state()) == {("banksh", "sequence")}
    elsewhere = BillParty(participant="bankfra", identifier=TEKSTIL.identifier[:-1] + "0")
    assert market.say("banksh", passing(payment, journal, elsewhere), by=TRADER) == [Answer(Code.CH16, "recipient")]


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


def test_a_ledger_with_evidence_is_proved(market: World, tmp_path: Path) -> None:
    """All of it read anew from the disk: books, signatures, and what the ledger told by itself."""
    found = assessed(market)
    reserve(market, a_collection("10.00", terms=Terms(expires_on=LATER, released=(found.record_id,))))
    market.must("bankist", for_declaration("7.00", found, also={"credit_waits": True}))
    release(market, found)
    report = verify(tmp_path / "ledger")
    assert report.problems == ()
    assert report.settled == 2


def test_nobody_reads_of_documents_off_the_keys(market: World) -> None:
    """Neither a record id nor a number stands in any key of the authorities' lists."""
    found = released(market)
    market.must("bankist", for_declaration("7.00", found))
    kinds = ("budget", "awaited", "awaited_documents")
    named_keys = [place for place in market.state() if place.key.partition("/")[0] in kinds]
    assert named_keys
    assert {place.collection for place in named_keys} == {"authority"}
    assert not any(found.record_id in place.key or found.number in place.key for place in market.state())
