"""Payments held against their documents: what has to be there, and how much may be paid for it."""

from typing import Any

import pytest
from msgspec.structs import replace

from settlement.customs.duty import Direction
from settlement.errors import Code
from settlement.forms import records
from settlement.forms.answers import Answer
from settlement.forms.journals import Event, asked
from settlement.payments.commands import PaymentName, ReferredDocument, StructuredRemittance
from settlement.payments.evidence import RequireReports
from settlement.payments.terms import Evidence, Share
from settlement.payments.undertaking import LedgerStatement
from settlement.trade.contract import contract_id
from settlement.trade.invoice import InvoiceState
from settlement.trade.seen import SOURCES
from tests import invariants
from tests.builders import TODAY, TOMORROW, a_payment, a_return, a_uetr, an_id
from tests.contracts.test_payments import changes, events
from tests.customs_samples import exported, lodging, number
from tests.evidence import (
    BUYER,
    FUNDS,
    SELLER,
    a_collection,
    accept,
    accepted,
    assessed,
    budget,
    for_declaration,
    for_invoice,
    issued,
    released,
    reports,
    the_invoice,
    trading,
    value,
)
from tests.rulings import ruled
from tests.trade import TRADER, a_note, a_noting, of_scarves, some_terms
from tests.world import World

NOBODYS = "0" * 32


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def told(world: World, bank: str, journal: str) -> list[tuple[str, int]]:
    """Give what the last event of a bank's journal tells of invoices."""
    found = world.journal(bank, journal)
    assert found is not None
    return [(each.event.value, each.amount_minor) for each in found.entries[-1].invoices]


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
    ruled(market, RequireReports(command_id=an_id(), since=TOMORROW))
    market.must("banksh", across)
    ruled(market, RequireReports(command_id=an_id(), since=TODAY))
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


def test_a_glimpse_of_a_document_shows_a_payment_what_the_whole_would(market: World) -> None:
    """A contract, an invoice with a note, two declarations, one held: read from the very bytes that are stored."""
    bill = accepted(market)
    market.must("banksh", a_noting(market, a_note(bill.record_id)), by=TRADER)
    found = released(market)
    suspected = replace(found.declared, number=number(7, Direction.EXPORT))  # the same goods again: held
    market.must("banksh", lodging(suspected), by=TRADER)
    seen = 0
    for source in SOURCES.values():
        for place, record in market.records(source.record):
            if source.sight is not None:
                glimpsed = records.glimpse(market.state()[place], source.sight)
                assert source.seen(glimpsed) == source.seen(record)
                assert glimpsed.held_by == record.held_by
                seen += 1
    assert seen == 8, "each at both who hold it"


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
    assert told(market, "banksh", journal) == [("PAID", 9_900_000)]
    assert the_invoice(market).state is InvoiceState.SETTLED
    returned = market.must("banksh", a_return(payment, journal, "500.00")).tx_id
    assert told(market, "bankist", returned) == [("REFUNDED", 50_000)]
    assert (the_invoice(market).state, the_invoice(market).open_minor) == (InvoiceState.PARTLY_SETTLED, 50_000)
    invariants.check(market)


def test_no_note_takes_an_invoice_below_what_was_paid(market: World) -> None:
    """Nor, at the same moment, does a payment take what a note is just taking away: one of the two is tried again."""
    found = accepted(market)
    market.must("bankist", for_invoice("99500.00", found))
    note = a_noting(market, a_note(found.record_id))  # of 1,000.00
    assert market.say("banksh", note, by=TRADER) == [Answer(Code.AM09, "terms.amount")]
    market.must("bankist", for_invoice("100.00", found))
    small = a_noting(market, a_note(found.record_id, amount="400.00"))
    rest = for_invoice("400.00", found)
    rivals = (
        market.endorse(market.sign("bankist", [rest])),
        market.endorse(market.sign("banksh", market.signed("banksh", TRADER, small))),
    )
    assert [each.answers[0][0].code for each in rivals] == ["", ""]
    assert [batch.validity.name for batch in market.commit(*rivals)] == ["VALID", "MVCC_READ_CONFLICT"]
    assert the_invoice(market).state is InvoiceState.SETTLED
    invariants.check(market)


def test_a_payment_writes_no_document_anew(market: World) -> None:
    """One record of the authorities for each invoice and declaration; the rest is told in the journals."""
    found, bill = released(market), accepted(market)
    both = Evidence(
        contract=contract_id(some_terms()),
        declarations=(Share(record_id=found.record_id),),
        invoices=(Share(record_id=bill.record_id),),
    )
    before = market.state()
    market.must("bankist", a_collection("20.00", both, found.number))
    changed = changes(before, market.state())
    assert {kind for _, kind in changed} == {"account", "budget", "journal", "sequence"}
    assert {collection for collection, kind in changed if kind == "budget"} == {"authority"}


def test_a_bank_that_holds_an_invoice_is_told_who_else_has_paid_it(market: World) -> None:
    """The buyer pays from an account at a third bank, which holds neither contract nor invoice."""
    market.fund("bankfra", FUNDS)
    found = accepted(market)
    payment = replace(for_invoice("40.00", found), payer="bankfra", instructing_agent="MAINDEFFXXX")
    batch = market.must("bankfra", payment)
    assert told(market, "bankist", batch.tx_id) == [("PAID_IN_PART", 4_000)]
    assert events(market, "bankist", batch) == [(Event.INVOICE_PAID, "")]
    assert the_invoice(market).open_minor == 10_000_000 - 4_000
    invariants.check(market)


def test_a_bank_that_only_holds_an_invoice_learns_its_share_and_no_more(market: World) -> None:
    """Of each invoice by itself: neither what the whole payment comes to, nor what was sent back, nor its currency."""
    market.open_accounts("EUR")
    market.fund("bankfra", FUNDS, "EUR")
    one, other = (accepted(market, of_scarves(number, "7000.00")) for number in ("INV-1", "INV-2"))
    shares = Share(record_id=one.record_id, amount="10.00"), Share(record_id=other.record_id, amount="755.44")
    payment = replace(
        a_collection("765.44", Evidence(invoices=shares), payer="bankfra", currency="EUR"),
        instructing_agent="MAINDEFFXXX",
    )
    paid = market.must("bankfra", payment)
    back = market.must("banksh", a_return(payment, paid.tx_id, "382.72"))
    statement = LedgerStatement(
        payment=PaymentName(journal=paid.tx_id, uetr=payment.uetr), payer="bankfra", payee="banksh"
    )
    for batch, told_of in (
        (paid, [(one, "PAID_IN_PART", 8_051), (other, "PAID_IN_PART", 608_220)]),
        (back, [(one, "REFUNDED", 4_025), (other, "REFUNDED", 304_110)]),
    ):
        journal = market.journal("bankist", batch.tx_id)
        assert journal is not None
        assert [(entry.event, asked(bytes(entry.command))) for entry in journal.entries] == [
            (Event.INVOICE_PAID, statement)
        ] * 2
        found = [
            [(each.invoice_id, each.event, each.amount_minor) for each in entry.invoices] for entry in journal.entries
        ]
        assert found == [[(invoice.record_id, event, minor)] for invoice, event, minor in told_of]
        raw = records.encode(journal, b"")
        assert not [each for each in (b"765.44", b"755.44", b"382.72", b"EUR") if each in raw]
    invariants.check(market)


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


def test_nobody_reads_of_documents_off_the_keys(market: World) -> None:
    """Neither a record id nor a number stands in any key of the authorities' lists."""
    found = released(market)
    market.must("bankist", for_declaration("7.00", found))
    kinds = ("budget", "awaited", "awaited_documents")
    named_keys = [place for place in market.state() if place.key.partition("/")[0] in kinds]
    assert named_keys
    assert {place.collection for place in named_keys} == {"authority"}
    assert not any(found.record_id in place.key or found.number in place.key for place in market.state())
