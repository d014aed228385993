"""Where the goods of a trade are, and its money: told from whatever records of it one may see."""

from typing import Any

import pytest
from msgspec.structs import replace

from gateway.projection.trade import TradeView
from gateway.traders.web import whereabouts
from gateway.traders.web.whereabouts import Location
from gateway.traders.web.words import TEXTS
from settlement.customs.declaration import Declaration, DeclarationState, Hold
from settlement.trade.invoice import Invoice, invoice_id
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillState
from settlement.trade.record import TradeRecord, kind_of
from tests import lading
from tests.customs_samples import a_declaration, exported, lodging
from tests.lading import TEKSTIL
from tests.trade import an_invoice, an_issue, held, in_effect, registered
from tests.world import World

HOLD = Hold(participant="customs", reason="Random check", placed_at_ms=1)


def views(*records: TradeRecord[Any]) -> list[TradeView]:
    return [TradeView(at, kind_of(type(each)), each.status, 1, each) for at, each in enumerate(records, 1)]


def place(*records: TradeRecord[Any]) -> Location:
    found = whereabouts.of(views(*records)).place
    assert found.key in TEXTS
    return found


def imported(state: DeclarationState, **others: Any) -> Declaration:
    return a_declaration(state=state, **others)


def export(state: DeclarationState) -> Declaration:
    return a_declaration(lodging(exported()), state=state)


def ended(state: BillState) -> BillOfLading:
    return replace(lading.a_bill(), state=state)


@pytest.mark.parametrize(
    ("records", "key"),
    [
        ((), "goods_not_shipped"),
        ((export(DeclarationState.LODGED),), "goods_not_shipped"),
        ((lading.a_draft(),), "goods_not_shipped"),
        ((export(DeclarationState.RELEASED),), "goods_cleared"),
        ((ended(BillState.VOIDED),), "goods_not_shipped"),
        ((lading.a_bill(), export(DeclarationState.RELEASED)), "goods_shipped"),
        ((ended(BillState.SURRENDERED_FOR_DELIVERY), export(DeclarationState.CLEARED)), "goods_surrendered"),
        ((lading.a_bill(), imported(DeclarationState.ASSESSED)), "goods_shipped"),
        ((lading.a_bill(), imported(DeclarationState.INSPECTION_ORDERED)), "goods_inspected"),
        ((lading.a_bill(), imported(DeclarationState.INSPECTION_ORDERED, holds=(HOLD,))), "goods_held"),
        ((lading.a_bill(), imported(DeclarationState.RELEASED)), "goods_released"),
        ((ended(BillState.DELIVERED), imported(DeclarationState.RELEASED)), "goods_delivered"),
    ],
)
def test_what_is_furthest_on_the_way_counts_but_for_what_stops_it(records: tuple[Any, ...], key: str) -> None:
    assert place(*records).key == key


def test_who_holds_the_bill_is_named_as_the_contract_names_it(world: World) -> None:
    bill = lading.transfer(lading.endorse(lading.a_bill(), TEKSTIL, "silk"), TEKSTIL, "silk")
    assert place(bill) == Location("goods_shipped", TEKSTIL.called)
    sale = in_effect(registered(world))
    assert place(sale, bill) == Location("goods_shipped", sale.terms.buyer.name)


def test_records_stand_in_their_lanes_in_the_order_of_time(world: World) -> None:
    """An invoice's sums are told with them."""
    sale = in_effect(registered(world))
    world.must("banksh", an_issue(world, an_invoice()), by="trader-1")
    bill = held(world, Invoice, invoice_id(an_invoice()))
    told = whereabouts.of(list(reversed(views(sale, bill, lading.a_bill()))))
    assert [view.kind for view in told.goods] == ["contract", "bill_of_lading"]
    assert [view.kind for view in told.money] == ["invoice"]
    assert told.sums == (("sum_invoiced", "100,000.00 CNY"), ("sum_paid", "0.00 CNY"))
