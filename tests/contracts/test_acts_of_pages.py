"""What pages have traders sign about papers that they hold: the ledger takes it as it stands there."""

from typing import Any

import pytest

from gateway.auth.signing import sign_document
from gateway.traders.web import signable, signed_acts
from gateway.traders.web.signable import Case
from settlement import canonical
from settlement.commands import PERSONAL_DECODER
from settlement.parties import Role
from settlement.payments.undertaking import PassAgainstPayment, Undertaking
from settlement.records import Command
from settlement.trade import document
from settlement.trade.document import DocumentKind, DocumentState, IssueDocument, TradeDocument
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.record import TradeRecord
from tests.builders import about, an_id
from tests.contracts.test_payment_on_title import issued_bill, on_title
from tests.customs_samples import an_actor
from tests.evidence import reserve, trading
from tests.lading import TEKSTIL
from tests.trade import BUYER, SELLER, TRADER, a_document, held
from tests.world import NETWORK, World


@pytest.fixture
def market(world: World) -> World:
    """A trade is agreed, and the buyer's bank has money."""
    return trading(world)


def before(record: TradeRecord[Any], firm: str, *whole: TradeRecord[Any]) -> Case:
    """Put a firm before a record and others of its trade."""
    bank = {SELLER.identifier: "banksh", BUYER.identifier: "bankist"}[firm]
    return Case(record, an_actor(bank, Role.TRADER, "", firm), whole=whole, organisations=("bankist", "customs"))


def offered(case: Case) -> set[str]:
    return {act.key for act in signed_acts.acts_of(case)}


def made(key: str, case: Case, **fields: str) -> Command:
    (act,) = [each for each in signed_acts.acts_of(case) if each.key == key]
    said = signable.to_sign(act, case, fields)
    command: Command = canonical.decode(said.command.encode(), PERSONAL_DECODER)
    return command


def test_a_bill_is_presented_against_the_payment_that_waits_for_it(market: World) -> None:
    """By who holds it; where there is no such bill, or it is another's, nothing is offered."""
    shipping = issued_bill(market)
    payment = on_title(shipping)
    journal = reserve(market, payment)
    (waiting, *_) = [record for _, record in market.records(Undertaking)]
    bill = held(market, BillOfLading, shipping.record_id)
    assert "hand_over_bill" not in offered(before(waiting, SELLER.identifier))
    assert "hand_over_bill" not in offered(before(waiting, BUYER.identifier, bill))
    command = made("hand_over_bill", before(waiting, SELLER.identifier, bill))
    assert isinstance(command, PassAgainstPayment)
    assert command.payment == about(PassAgainstPayment, payment, journal, recipient=TEKSTIL).payment
    balance = market.balance("banksh")
    market.must("banksh", command, by=TRADER)
    assert market.balance("banksh") - balance == 90_000
    settled = next(record for _, record in market.records(Undertaking))
    given = shipping.copy("banksh")
    assert given.standing is not None
    assert given.standing.holder == TEKSTIL
    assert "hand_over_bill" not in offered(before(settled, SELLER.identifier, given))


def test_a_bill_is_confirmed_by_its_holder_and_contested_by_who_stands_on_it(market: World) -> None:
    shipping = issued_bill(market)
    market.must("banksh", made("confirm_bill", before(shipping.copy("banksh"), SELLER.identifier)), by=TRADER)
    contest = made("dispute_bill", before(shipping.copy("banksh"), SELLER.identifier), reason="Stolen")
    market.must("banksh", contest, by=TRADER)
    assert shipping.copy("banksh").is_disputed
    assert offered(before(shipping.copy("banksh"), SELLER.identifier)) == set()


def test_a_document_is_shown_and_given_on_by_its_holder_and_revoked_by_its_issuer(market: World) -> None:
    terms = a_document(DocumentKind.INSURANCE)
    signature = sign_document(NETWORK, terms, market.person("banksh", TRADER))
    market.must("banksh", IssueDocument(command_id=an_id(), terms=terms, signature=signature), by=TRADER)
    name = document.document_id(terms, "banksh", SELLER.identifier)

    def stands(bank: str = "banksh") -> TradeDocument:
        return held(market, TradeDocument, name, bank)

    seller = before(stands(), SELLER.identifier)
    assert offered(seller) == {"present_document", "transfer_document", "revoke_document"}
    market.must("banksh", made("present_document", seller, to_organisation="customs"), by=TRADER)
    assert "customs" in stands("customs").held_by
    giving = made("transfer_document", before(stands(), SELLER.identifier), to=f"{BUYER.identifier}@bankist")
    market.must("banksh", giving, by=TRADER)
    assert stands("bankist").holder.identifier == BUYER.identifier
    assert offered(before(stands(), SELLER.identifier)) == {"revoke_document"}
    assert offered(before(stands("bankist"), BUYER.identifier)) == {"present_document", "transfer_document"}
    market.must("banksh", made("revoke_document", before(stands(), SELLER.identifier), reason="Not insured"), by=TRADER)
    assert stands().state is DocumentState.REVOKED
    assert offered(before(stands(), SELLER.identifier)) == set()


def test_what_there_is_one_original_of_alone_is_given_on(market: World) -> None:
    terms = a_document(DocumentKind.PACKING_LIST)
    signature = sign_document(NETWORK, terms, market.person("banksh", TRADER))
    market.must("banksh", IssueDocument(command_id=an_id(), terms=terms, signature=signature), by=TRADER)
    name = document.document_id(terms, "banksh", SELLER.identifier)
    keys = offered(before(held(market, TradeDocument, name), SELLER.identifier))
    assert keys == {"present_document", "revoke_document"}
