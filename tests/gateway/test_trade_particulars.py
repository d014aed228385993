"""What pages say of records of trade: in words of every language, whatever the kind and wherever it stands."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.traders.web import particulars
from gateway.traders.web.told import Told
from gateway.traders.web.words import TEXTS, Words
from settlement.customs.declaration import HELD
from settlement.errors import Refusal
from settlement.parties import Role
from settlement.payments.undertaking import Undertaking, UndertakingState
from settlement.trade import contract
from settlement.trade.contract import SalesContract
from settlement.trade.contract_terms import Collection, ContractTerms, PaymentMethod, PaymentTerms, require_terms
from settlement.trade.record import TradeRecord, kind_of
from tests import customs_world, lading
from tests.builders import a_conditional_payment
from tests.contracts.test_documents import issued as a_document
from tests.contracts.test_invoices import issued as an_invoice
from tests.customs_samples import an_actor
from tests.trade import SELLER, a_proposal, in_effect, registered, some_terms
from tests.world import World


@pytest.mark.parametrize("kind", particulars.KINDS, ids=kind_of)
def test_every_kind_state_and_event_has_a_word(kind: type[TradeRecord[Any]]) -> None:
    """Those of kinds that have a row; others are shown as the ledger writes them."""
    moves = kind.LIFECYCLE.moves
    states: set[StrEnum] = {*(state for state, _ in moves), *moves.values()} - {UndertakingState.PENDING}
    events: set[StrEnum] = {event for _, event in moves if event != "EXPIRED"}
    missing = {f"trade_state_{each.value}" for each in states} | {f"trade_event_{each.value}" for each in events}
    assert missing | {f"trade_kind_{kind_of(kind)}"} <= set(TEXTS)


def test_goods_that_are_held_have_a_word() -> None:
    """HELD is no state of the table, and is told in its place."""
    assert f"trade_state_{HELD}" in TEXTS


def a_contract_of(terms: ContractTerms) -> SalesContract:
    return contract.proposed(a_proposal(terms), an_actor("banksh", Role.TRADER, "trader-1", SELLER.identifier))


def require_told(record: TradeRecord[Any]) -> None:
    facts = particulars.facts(record)
    assert facts
    assert {key for key, _ in facts} <= set(TEXTS)
    for _, value in facts:
        assert value if isinstance(value, str) else value.text or value.key in TEXTS
    assert particulars.about(record) or particulars.amount(record)


def test_a_trade_is_told(world: World) -> None:
    """A contract, an invoice, a document."""
    require_told(in_effect(registered(world)))
    require_told(an_invoice(world))
    require_told(a_document(world))


@pytest.mark.parametrize("method", PaymentMethod)
@pytest.mark.parametrize("collection", [None, *Collection])
def test_every_way_to_pay_that_terms_may_name_has_words(method: PaymentMethod, collection: Collection | None) -> None:
    days = 30 if method is PaymentMethod.OPEN_ACCOUNT or collection is Collection.DA else 0
    terms = replace(some_terms(), payment=PaymentTerms(method=method, days=days, collection=collection))
    if (method is PaymentMethod.COLLECTION) is (collection is None):
        with pytest.raises(Refusal):
            require_terms(terms, version=1)
        return
    told = dict(particulars.facts(a_contract_of(terms)))["payment_terms"]
    assert isinstance(told, Told)
    assert all(("{amount}" in words) is bool(days) for words in TEXTS[told.key])


def test_goods_are_counted_in_words_where_their_unit_has_one() -> None:
    terms = some_terms()
    first, second = replace(terms.lines[0], unit="KGM"), replace(terms.lines[1], unit="NMP")
    told = [
        value
        for key, value in particulars.facts(a_contract_of(replace(terms, lines=(first, second))))
        if key == "goods"
    ]
    assert isinstance(told[0], Told)
    assert Words("en")(told[0].key, amount=told[0].text) + told[0].more[:1] == f"{Decimal(first.quantity):,} kg "
    assert isinstance(told[1], str)
    assert " NMP " in told[1]


def test_a_declaration_and_its_tax_are_told(world: World) -> None:
    require_told(customs_world.assessed(customs_world.working(world)))
    require_told(customs_world.the_declaration(world))


def test_a_conditional_payment_is_told(world: World) -> None:
    world.must("banksh", a_conditional_payment())
    require_told(next(found for _, found in world.records(Undertaking)))


def test_a_bill_of_lading_is_told() -> None:
    require_told(lading.a_bill())
