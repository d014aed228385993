"""A trader's own declarations, over HTTP: how they stand with customs, and what is owed on them.

GET /v1/declarations            the trader's, a page at a time, oldest first
GET /v1/declarations/{number}   one, with its tax and all that happened to it; another's is 404
"""

from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta

from gateway.app import Gateway
from gateway.cursors import Cursors
from gateway.projection.trade import ActView, TradeView
from gateway.traders import asked
from gateway.traders.edge import HOLDER
from gateway.traders.payments import Cursor, answer, answer_page
from gateway.traders.views import View
from settlement import dates
from settlement.customs import assessment
from settlement.customs.assessment import TaxAssessment
from settlement.customs.declaration import Declaration
from settlement.customs.duty import CNY
from settlement.customs.handling import declaration_id
from settlement.errors import Code, Refusal

LIMIT_MAX: Final = 200


class DeclarationsWanted(asked.Query):
    """What narrows a list of declarations; what is absent does not."""

    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 50


class DeclarationSummary(View):
    """A declaration in a list. `status` is its state, or HELD while its goods are held."""

    number: str
    direction: str
    status: str
    currency: str
    transport_document: str
    lodged_on: str
    declaration_id: str
    trade: str = ""


class TaxShown(View):
    """What is assessed on a declaration; `owed` is what is to be paid today, with interest if it is overdue."""

    number: str
    state: str
    due_on: str
    duty: str
    consumption_tax: str
    vat: str
    late_declaration_fee: str
    total: str
    owed: str = ""
    uetr: str = ""


class DeclarationActShown(View):
    """Something that happened: what, by whom, when, why, and where it stands on the ledger."""

    event: str
    participant: str
    role: str
    at: str
    transaction_id: str
    block: int
    reason: str = ""


class DeclarationShown(DeclarationSummary, kw_only=True):
    """A declaration by itself."""

    version: int
    complete_by: str = ""
    tax: TaxShown | None = None
    acts: tuple[DeclarationActShown, ...] = ()


class DeclarationPage(View):
    """Some declarations, and the cursor of those after them."""

    declarations: tuple[DeclarationSummary, ...] = ()
    next: str = ""


class Declarations:
    """The two routes."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/declarations", self.list)
        router.add_get("/v1/declarations/{number}", self.show)

    async def list(self, request: web.Request) -> web.Response:
        """Give the next declarations of a trader."""
        self._gateway.require_serving()
        customer, query = request[HOLDER].customer, asked.read(request, DeclarationsWanted)
        cursors = Cursors(self._gateway, f"declarations|{customer}")
        after = cursors.open(query.cursor, "cursor")[0] if query.cursor else 0
        found = self._gateway.trade.page(
            on=self._today(), limit=query.limit, after=after, kind="declaration", party=customer
        )
        following = cursors.seal(found[-1].id) if len(found) == query.limit else ""
        page = DeclarationPage(declarations=tuple(map(_summary, found)), next=following)
        return answer_page(page, query, following)

    async def show(self, request: web.Request) -> web.Response:
        """Show one to the trader whose it is."""
        self._gateway.require_serving()
        customer = request[HOLDER].customer
        name = declaration_id(request.match_info["number"])
        view = self._gateway.trade.find(name, on=self._today(), kind="declaration", party=customer)
        if view is None:
            raise Refusal(Code.NOT_FOUND, "number")
        record = _declaration(view)
        acts = self._gateway.trade.history(name, party=customer)
        shown = DeclarationShown(
            **{field: getattr(_summary(view), field) for field in DeclarationSummary.__struct_fields__},
            version=record.version,
            complete_by=record.complete_by,
            tax=self._tax(record),
            acts=tuple(map(_act, acts)),
        )
        return answer(shown)

    def _tax(self, record: Declaration) -> TaxShown | None:
        view = self._gateway.trade.find(record.assessment, on=self._today(), kind="tax_assessment")
        if view is None or not isinstance(view.record, TaxAssessment):
            return None
        found, day = view.record, self._gateway.initiations.day(CNY)
        on = day.date if day else found.assessed_on
        is_open = assessment.state_on(found, on) in assessment.OPEN
        return TaxShown(
            number=found.number,
            state=assessment.state_on(found, on).value,
            due_on=found.due_on,
            duty=found.duty,
            consumption_tax=found.consumption_tax,
            vat=found.vat,
            late_declaration_fee=found.late_declaration_fee,
            total=found.total,
            owed=assessment.yuan(assessment.owed(found, on).total_minor) if is_open else "",
            uetr=found.payment.uetr if found.payment else "",
        )

    def _today(self) -> str:
        return dates.day_of(self._gateway.clock())


def _declaration(view: TradeView) -> Declaration:
    assert isinstance(view.record, Declaration)
    return view.record


def _summary(view: TradeView) -> DeclarationSummary:
    record = _declaration(view)
    return DeclarationSummary(
        number=record.number,
        direction=record.declared.direction.value,
        status=record.status,
        currency=record.declared.currency,
        transport_document=record.declared.transport_document,
        lodged_on=record.lodged_on,
        declaration_id=record.record_id,
        trade=record.trade,
    )


def _act(view: ActView) -> DeclarationActShown:
    return DeclarationActShown(
        event=view.act.event,
        participant=view.act.participant,
        role=view.act.role.value,
        at=dates.render(view.act.at_ms),
        transaction_id=view.tx_id,
        block=view.block,
        reason=view.act.reason,
    )
