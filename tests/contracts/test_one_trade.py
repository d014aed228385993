"""The documents that a payment names belong together, and each still counts: one trade, its parties, nothing undone."""

from typing import Any, Final, NamedTuple

import pytest

from settlement.customs.declaration import CancelDeclaration, Declaration, RejectDeclaration
from settlement.customs.handling import declaration_id
from settlement.errors import Code
from settlement.forms.answers import Answer
from settlement.participants import Customer, RegisterCustomer
from settlement.payments.commands import SubmitPayment
from settlement.payments.documents import Kind
from settlement.payments.terms import Evidence, Share, Terms
from settlement.payments.undertaking import Change, ProposeChange
from settlement.trade import seen
from settlement.trade.budgets import Budget
from settlement.trade.contract import TerminateContract, contract_id
from settlement.trade.invoice import Invoice
from settlement.trade.lading.commands import ConvertBillOfLading, DisputeBillOfLading, Purpose, VoidBillOfLading
from tests.builders import LATER, about, an_id
from tests.customs_samples import exported
from tests.customs_world import FIRST, lodged
from tests.evidence import (
    a_collection,
    accepted,
    assessed,
    for_declaration,
    issued,
    release,
    released,
    reserve,
    trading,
)
from tests.lading import OTHER_LEI, PAPER, SILK_USCC, TEKSTIL_LEI, a_text, named
from tests.shipping import Shipping
from tests.trade import TRADER, an_invoice, in_effect, of_scarves, some_terms
from tests.world import World

CONTRACT: Final = contract_id(some_terms())
OTHER: Final = some_terms("HST-OTHER")
REFERENCE: Final = "YPLSHA2611001"
"""The number of the bill of lading that `a_text` writes."""


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def shipped(world: World, trade: str = CONTRACT, **written: Any) -> Shipping:
    return Shipping(world, a_text(**written), trade=trade).issued()


def paying(
    contract: str = "",
    invoice: Invoice | None = None,
    declaration: Declaration | None = None,
    bill: Shipping | None = None,
) -> SubmitPayment:
    """Pay a little for all of it."""
    evidence = Evidence(
        contract=contract,
        invoices=(Share(record_id=invoice.record_id),) if invoice else (),
        declarations=(Share(record_id=declaration.record_id),) if declaration else (),
        bill_of_lading=bill.record_id if bill else "",
    )
    return a_collection("1.00", evidence, *([declaration.number] if declaration else []))


def said(world: World, payment: SubmitPayment) -> tuple[str, str]:
    (answer,) = world.say("bankist", payment)
    return answer.code, answer.where


TAKEN: Final = ("", "")


def test_documents_of_one_contract_belong_together(market: World) -> None:
    """By their records: whatever numbers are written in them."""
    goods = released(market, exported(trade=CONTRACT, invoices=("ANOTHER",)))
    assert said(market, paying(CONTRACT, accepted(market), goods, shipped(market))) == TAKEN


def test_an_invoice_of_another_contract_is_of_another_trade(market: World) -> None:
    in_effect(market, OTHER)
    found = accepted(market)
    assert said(market, paying(contract_id(OTHER), found)) == (Code.RR05, "evidence.invoices.0")
    assert said(market, paying(CONTRACT, found)) == TAKEN


class Written(NamedTuple):
    """What a declaration says: of which trade it is, and the numbers that it names; and what is told of it then."""

    trade: str
    invoice: str
    bill: str
    told: tuple[str, str]


WRITTEN: Final = (
    Written("", "INV-1", REFERENCE, TAKEN),
    Written("", "INV-1", "ANOTHER", (Code.RR05, "evidence.bill_of_lading")),
    Written("", "ANOTHER", "ANOTHER", (Code.RR05, "evidence.declarations.0")),
    Written("", "ANOTHER", REFERENCE, (Code.RR05, "evidence.declarations.0")),
    Written(CONTRACT, "ANOTHER", REFERENCE, TAKEN),
    Written(CONTRACT, "ANOTHER", "ANOTHER", (Code.RR05, "evidence.bill_of_lading")),
    Written(contract_id(OTHER), "INV-1", REFERENCE, (Code.RR05, "evidence.declarations.0")),
)


@pytest.mark.parametrize("written", WRITTEN)
def test_what_says_of_no_trade_is_tied_by_what_is_written_in_it(market: World, written: Written) -> None:
    """A declaration names its invoices and its bill of lading; that they name each other ties them to no contract."""
    in_effect(market, OTHER)
    content = exported(trade=written.trade, invoices=(written.invoice,), transport_document=written.bill)
    bill, invoice, goods = shipped(market, trade=""), accepted(market), released(market, content)
    for under in ("", CONTRACT):
        assert said(market, paying(under, invoice, goods, bill)) == written.told


def test_nothing_ties_a_bill_to_a_contract_but_its_record_or_a_declaration(market: World) -> None:
    bill = shipped(market, trade="")
    assert said(market, paying(CONTRACT, accepted(market), bill=bill)) == (Code.RR05, "evidence.bill_of_lading")
    assert said(market, paying(bill=bill)) == TAKEN
    goods = released(market, exported(transport_document=REFERENCE))
    assert said(market, paying(CONTRACT, declaration=goods)) == (Code.RR05, "evidence.declarations.0")
    assert said(market, paying(declaration=goods, bill=bill)) == TAKEN
    other = shipped(market, trade="", transportDocumentReference="ANOTHER")
    assert said(market, paying(declaration=goods, bill=other)) == (Code.RR05, "evidence.bill_of_lading")


def test_one_payment_pays_invoices_of_several_contracts(market: World) -> None:
    """Where it names nothing else: each is between the same two, and is counted by itself."""
    in_effect(market, OTHER)
    both = accepted(market), accepted(market, an_invoice(contract_id=contract_id(OTHER)))
    shares = tuple(Share(record_id=each.record_id, amount="1.00") for each in both)
    assert said(market, a_collection("2.00", Evidence(invoices=shares))) == TAKEN
    goods = released(market)
    mixed = Evidence(invoices=shares, declarations=(Share(record_id=goods.record_id),))
    assert said(market, a_collection("2.00", mixed, goods.number)) == (Code.RR05, "evidence.invoices.1")


def test_a_declaration_is_between_the_payments_parties(market: World) -> None:
    """Its other side stands in it by name: the payment's, however it is spaced, dotted and capitalised."""
    for place, (name, told) in enumerate(
        (("BOSPHORUS TEKSTIL AS", TAKEN), ("Totally Other GmbH", (Code.RR05, "evidence.declarations.0")))
    ):
        number = f"22012026000000012{place}"
        found = released(market, exported(number=number, counterparty=name, transport_document=f"T{place}"))
        assert said(market, for_declaration("1.00", found)) == told


def test_a_bill_made_out_to_another_firm_is_of_another_trade(market: World) -> None:
    customer = Customer(identifier=OTHER_LEI, name="Another buyer")
    market.must("bankfra", RegisterCustomer(command_id=an_id(), customer=customer))
    made_out: tuple[tuple[dict[str, Any], tuple[str, str]], ...] = (
        ({"isToOrder": False, "consignee": named(TEKSTIL_LEI)}, TAKEN),
        ({"endorsee": named(SILK_USCC)}, TAKEN),
        ({"isToOrder": False, "consignee": named(OTHER_LEI)}, (Code.RR05, "evidence.bill_of_lading")),
        ({"endorsee": named(OTHER_LEI)}, (Code.RR05, "evidence.bill_of_lading")),
    )
    for place, (written, told) in enumerate(made_out):
        bill = shipped(market, transportDocumentReference=f"B{place}", **written)
        assert said(market, paying(CONTRACT, bill=bill)) == told


# What no longer counts


def test_a_bill_counts_until_it_is_disputed_or_ended(market: World) -> None:
    """Not while nobody knows whose it is, nor once it is void, or a paper that the ledger does not see."""
    gone = Answer(Code.RR04, "evidence.bill_of_lading")
    disputed, void, paper = (shipped(market, transportDocumentReference=each) for each in ("DIS", "VOI", "PAP"))
    for each in (disputed, void, paper):
        assert market.say("bankist", paying(bill=each)) == [Answer("")]
    disputed.silk(DisputeBillOfLading(command_id=an_id(), record_id=disputed.record_id, reason="stolen"))
    void.silk(void.surrender(Purpose.SURRENDER_FOR_AMENDMENT, "COD"))
    void.carrier(void.answer())
    void.carrier(VoidBillOfLading(command_id=an_id(), record_id=void.record_id, reason="never loaded"))
    paper.silk(paper.surrender(Purpose.SURRENDER_FOR_AMENDMENT, "SWTP"))
    paper.carrier(paper.answer())
    paper.carrier(ConvertBillOfLading(command_id=an_id(), record_id=paper.record_id, paper=PAPER))
    for each in (disputed, void, paper):
        assert market.say("bankist", paying(bill=each)) == [gone]


def test_a_terminated_contract_is_no_evidence(market: World) -> None:
    found = accepted(market)
    terminate = TerminateContract(command_id=an_id(), contract_id=CONTRACT, reason="no goods came")
    market.must("bankist", terminate, by=TRADER)
    assert said(market, paying(CONTRACT, found)) == (Code.RR04, "evidence.contract")


def test_what_customs_rejects_or_the_trader_cancels_is_worth_nothing(market: World) -> None:
    """So nothing is lent on it, nor paid for it, whatever was declared."""
    for place, end in enumerate((CancelDeclaration, RejectDeclaration)):
        found = lodged(market, exported(number=f"22012026000000013{place}", transport_document=f"T{place}"))
        command = end(command_id=an_id(), declaration_id=found.record_id, reason="other goods")
        if end is CancelDeclaration:
            market.must("banksh", command, by=TRADER)
        else:
            market.must("customs", command, by=FIRST)
        (record,) = {each for _, each in market.records(Declaration) if each.record_id == found.record_id}
        document = seen.as_paid(Kind.DECLARATION, record, Budget(record_id=record.record_id))
        assert (document.value_minor, document.limit_minor, document.is_there) == (0, 0, False)


def test_what_is_divided_among_documents_is_not_lowered(market: World) -> None:
    """Nobody has said for which of them less is paid; of one document alone it is clear."""
    one, other = (accepted(market, of_scarves(number, "700.00")) for number in ("INV-1", "INV-2"))
    shares = tuple(Share(record_id=each.record_id, amount="5.00") for each in (one, other))
    terms, lower = Terms(expires_on=LATER, not_before=LATER), Change(amount="9.00")
    for evidence, told in (
        (Evidence(invoices=shares), Answer(Code.CH17, "change.amount")),
        (Evidence(invoices=(Share(record_id=one.record_id),)), Answer("")),
    ):
        payment = a_collection("10.00", evidence, terms=terms)
        journal = reserve(market, payment)
        assert market.say("bankist", about(ProposeChange, payment, journal, change=lower)) == [told]


def test_what_a_payment_waited_for_agrees_with_it_when_it_comes(market: World) -> None:
    """The documents are not there when it is taken on, and then turn out to be of another trade: it does not settle."""
    in_effect(market, OTHER)
    terms = Terms(expires_on=LATER)
    found = issued(market)
    evidence = Evidence(contract=contract_id(OTHER), invoices=(Share(record_id=found.record_id),))
    assert said(market, a_collection("1.00", evidence, terms=terms)) == (Code.RR05, "evidence.invoices.0")
    goods = exported(counterparty="Totally Other GmbH")
    later = Evidence(declarations=(Share(record_id=declaration_id(goods.number)),))
    payment = a_collection("1.00", later, goods.number, terms=terms)
    reserve(market, payment)
    before = market.balance("banksh")
    release(market, assessed(market, goods))
    assert market.balance("banksh") == before
