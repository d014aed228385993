"""Where the goods of a trade are, and where its money is: two lanes of its records, and a word for each.

What is said follows from what the reader may see: who does not see the bill of lading is not told who holds it. Nothing
here is in a language: what is said is named by keys of gateway.traders.web.words.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from gateway.projection.trade import TradeView
from gateway.traders.web.names import NOBODY, Names, firms_in
from settlement import money
from settlement.customs.assessment import AssessmentState, TaxAssessment, fen
from settlement.customs.declaration import HELD, Declaration, DeclarationState
from settlement.customs.duty import CNY, Direction
from settlement.financing import Financing, FinancingState
from settlement.payments.undertaking import Undertaking, UndertakingState
from settlement.trade.contract import SalesContract
from settlement.trade.document import TradeDocument
from settlement.trade.invoice import Invoice
from settlement.trade.lading.bill import BillOfLading
from settlement.trade.lading.chain import BillParty, BillState
from settlement.trade.record import TradeRecord

_OF_GOODS: Final = (SalesContract, TradeDocument, Declaration, BillOfLading)
_LENT: Final = frozenset({FinancingState.DRAWN, FinancingState.PARTLY_REPAID, FinancingState.DEFAULTED})
_LET_GO: Final = frozenset({DeclarationState.RELEASED, DeclarationState.CLEARED})
_OWED: Final = frozenset({AssessmentState.ASSESSED, AssessmentState.OVERDUE})


class Location(NamedTuple):
    """Where the goods are: the key of a sentence, and who is named in it, if anybody."""

    key: str
    who: str = ""


class Whereabouts(NamedTuple):
    """A trade at a glance. `sums` are keys of words, and amounts; a lane's records stand in their order of time."""

    place: Location
    sums: tuple[tuple[str, str], ...]
    goods: tuple[TradeView, ...]
    money: tuple[TradeView, ...]


def of(views: Sequence[TradeView], names: Names = NOBODY) -> Whereabouts:
    """Tell a trade from its records, the contract among them or not."""
    in_order = sorted(views, key=lambda view: view.id)
    return Whereabouts(
        place=_place(in_order, names),
        sums=tuple(_sums([view.record for view in in_order])),
        goods=tuple(view for view in in_order if isinstance(view.record, _OF_GOODS)),
        money=tuple(view for view in in_order if not isinstance(view.record, _OF_GOODS)),
    )


def _place(views: Sequence[TradeView], names: Names) -> Location:
    """Say where the goods are: what is furthest on their way counts, but for what stops them."""
    records: list[TradeRecord[Any]] = [view.record for view in views]
    bills = [each for each in records if isinstance(each, BillOfLading)]
    declarations = [each for each in records if isinstance(each, Declaration)]
    imports = [each for each in declarations if each.declared.direction is Direction.IMPORT]
    states = {bill.state for bill in bills}
    if BillState.DELIVERED in states:
        return Location("goods_delivered")
    if any(each.status == HELD for each in declarations):
        return Location("goods_held")
    if any(each.state is DeclarationState.INSPECTION_ORDERED for each in declarations):
        return Location("goods_inspected")
    if any(each.state in _LET_GO for each in imports):
        return Location("goods_released")
    if BillState.SURRENDERED_FOR_DELIVERY in states:
        return Location("goods_surrendered")
    issued = [bill for bill in bills if bill.standing is not None and not bill.LIFECYCLE.is_terminal(bill.state)]
    if issued:
        standing = issued[-1].standing
        assert standing is not None
        return Location("goods_shipped", _name(standing.holder, records, names))
    if any(each not in imports and each.state in _LET_GO for each in declarations):
        return Location("goods_cleared")
    return Location("goods_not_shipped")


def _name(who: BillParty, records: Iterable[TradeRecord[Any]], names: Names) -> str:
    """Name a holder: a firm of the trade by its name alone, whoever else with its bank."""
    return firms_in(records).get(who.identifier) or names.called(who.called)


def _sums(records: Sequence[TradeRecord[Any]]) -> Iterable[tuple[str, str]]:
    """Add up what is invoiced, paid, set aside, lent and owed as tax; what there is none of is left out."""
    invoices = [each for each in records if isinstance(each, Invoice)]
    for currency in dict.fromkeys(each.terms.currency for each in invoices):
        own = [each for each in invoices if each.terms.currency == currency]
        yield "sum_invoiced", _written(sum(each.total_minor for each in own), currency)
        yield "sum_paid", _written(sum(each.settled_minor for each in own), currency)
    for each in records:
        if isinstance(each, Undertaking) and each.state is UndertakingState.RESERVED:
            yield "sum_reserved", _written(each.amount_minor, each.currency)
        if isinstance(each, Financing) and each.state in _LENT:
            yield "sum_lent", _written(each.outstanding_minor, each.currency)
        if isinstance(each, TaxAssessment) and each.state in _OWED:
            yield "sum_tax_owed", _written(fen(each.total), CNY)
        if isinstance(each, TaxAssessment) and each.state is AssessmentState.PAID:
            yield "sum_tax_paid", _written(fen(each.total) + fen(each.interest or "0.00"), CNY)


def _written(minor: int, currency: str) -> str:
    return money.for_people(money.render(minor, currency), currency)
