"""Statements: what moved on an account, as JSON, CSV or ISO 20022, a page at a time.

GET /v1/statements/{account}    staff: an account of the ledger, with its balances (`banksh-CNY`; at banksh also `CNY`)
                                a trader: a number that its bank registered for it, with what its payments moved

The ledger keeps the accounts of banks. A customer's account is its bank's to keep, so its statement has no balances:
as ISO 20022 it is camt.054, the other camt.053. A page of a ledger account begins with the balance that the one before
ended with, and its lines add up to the one that it ends with.
"""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Final, TypeVar

from aiohttp import web
from msgspec import Meta
from msgspec.structs import replace

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.cursors import Cursors
from gateway.projection.balances import AccountView
from gateway.projection.days import END, BlockPosition
from gateway.projection.entries import Cursor as Line
from gateway.projection.search import Wanted
from gateway.traders import asked, statement_views
from gateway.traders.accounts import name_of
from gateway.traders.edge import HOLDER
from gateway.traders.payments import Cursor, Date
from gateway.traders.statement_views import StatementPage
from gateway.traders.tokens import Holder
from gateway.traders.visibility import Visibility, is_held, sees_parties
from settlement.accounts.account import CASH
from settlement.errors import Code, Refusal
from settlement.participants import Customer, Participant
from settlement.parties import Party
from settlement.payments.commands import SubmitPayment
from settlement.payments.payment import SettlementState

T = TypeVar("T")

LIMIT_MAX: Final = 1000
WHOLE_MAX: Final = 50_000
"""How many lines a statement that is fetched in one piece has at most: some 20 MB."""
_NAME: Final = re.compile(r"(?:(?P<participant>[a-z][a-z0-9]{1,30})-)?(?P<currency>[A-Z]{3})").fullmatch
_FIRST_DATE: Final = "1000-01-01"
_LAST_DATE: Final = "9999-12-31"


class StatementWanted(asked.Query):
    """Which days' movements, both inclusive: business days of the ledger. By default the last one's.

    For a customer's account the dates are settlement dates, by default all.
    """

    from_date: Date = ""
    to_date: Date = ""
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=LIMIT_MAX)] = 500


class Statements:
    """The route."""

    def __init__(self, gateway: Gateway, visibility: Visibility) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._thread: Final = ThreadPoolExecutor(1, f"statements-{gateway.participant}")

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/statements/{account}", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """Show what moved on an account of the holder."""
        write = statement_views.writer(request)
        page = await self.page(request[HOLDER], request.match_info["account"], asked.read(request, StatementWanted))
        return write(page, now_ms=self._gateway.clock())

    async def page(self, holder: Holder, account: str, query: StatementWanted) -> StatementPage:
        """Give a page of an account of the holder; raises `Refusal`."""
        for date, where in ((query.from_date, "from_date"), (query.to_date, "to_date")):
            asked.date(date, where)
        self._gateway.require_serving()
        of = self._of_customer if holder.scope is Scope.TRADER else self._of_ledger
        return await of(holder, account, query)

    async def whole(self, holder: Holder, account: str, query: StatementWanted) -> StatementPage:
        """Give a statement in one piece, as far as that has at most WHOLE_MAX lines; raises `Refusal`."""
        first = page = await self.page(holder, account, query)
        lines = [*page.lines]
        while page.next and len(lines) < WHOLE_MAX:
            following = replace(query, from_date=page.from_date, to_date=page.to_date, cursor=page.next)
            page = await self.page(holder, account, following)
            lines += page.lines
        return replace(
            first,
            lines=tuple(lines),
            is_last=page.is_last,
            is_over=page.is_over,
            next=page.next,
            closing_minor=page.closing_minor,
            available_minor=page.available_minor,
        )

    async def _of_ledger(self, holder: Holder, name: str, query: StatementWanted) -> StatementPage:
        """Give a page of an account of the ledger; raises `Refusal`."""
        account, owner = self._account(name)
        date = self._gateway.days.latest(account.currency)
        from_date, to_date = query.from_date or date, query.to_date or date
        first, last = self._gateway.days.between(account.currency, from_date or _FIRST_DATE, to_date or _LAST_DATE)
        cursors = self._cursors(holder, name)
        number, after = 1, Line(*first, -1)
        if query.cursor:
            number, *place = cursors.open(query.cursor, "cursor", numbers=4)
            after = Line(*place)
        lines = await self._apart(
            lambda: self._gateway.entries.page(account, after=after, last=last, limit=query.limit + 1)
        )
        is_last, lines = len(lines) <= query.limit, lines[: query.limit]
        opening = lines[0].balance_minor - lines[0].amount_minor if lines else self._stood(account, first)
        end = self._gateway.balances.before(account, last)
        return StatementPage(
            account=name_of(account),
            currency=account.currency,
            owner=Party(name=owner.organisation.name),
            from_date=from_date,
            to_date=to_date,
            limit=query.limit,
            number=number,
            is_last=is_last,
            is_over=last != END,
            opening_minor=opening,
            closing_minor=lines[-1].balance_minor if lines else opening,
            available_minor=end.available_minor if is_last else None,
            lines=tuple(
                statement_views.of_ledger(each, account.currency, parties=sees_parties(holder)) for each in lines
            ),
            next="" if is_last else cursors.seal(number + 1, *lines[-1].cursor),
        )

    async def _of_customer(self, holder: Holder, name: str, query: StatementWanted) -> StatementPage:
        """Give a page of what payments moved on a customer's account, newest payments first; raises `Refusal`."""
        customer, own = self._customer(holder), self._participant(self._gateway.participant)
        if customer is None or name not in customer.accounts:
            raise Refusal(Code.NOT_FOUND, "account")
        cursors = self._cursors(holder, name)
        number, before = 1, None
        if query.cursor:
            number, position = cursors.open(query.cursor, "cursor", numbers=2)
            before = self._gateway.queries.first_from(position)
        alone = Customer(identifier=customer.identifier, name=customer.name, accounts=(name,))
        bic = own.organisation.bic
        wanted = Wanted(
            parties=(name,), state=SettlementState.SETTLED, first_date=query.from_date, last_date=query.to_date
        )
        await self._gateway.indexed()
        page = await self._apart(
            lambda: self._gateway.search.page(
                wanted, may_see=lambda payment: any(sides_of(payment, alone, bic)), before=before, limit=query.limit
            )
        )
        queries = self._gateway.queries
        return StatementPage(
            account=name,
            currency="",
            owner=Party(name=customer.name),
            from_date=query.from_date,
            to_date=query.to_date,
            limit=query.limit,
            number=number,
            is_last=page.before is None,
            lines=tuple(
                line
                for view in page.payments
                for line in statement_views.of_customer(
                    view, queries.events_of(view.id), sides_of(view.command, alone, bic)
                )
            ),
            next="" if page.before is None else cursors.seal(number + 1, queries.place_of(page.before)),
        )

    def _account(self, name: str) -> tuple[AccountView, Participant]:
        """Find an account of the ledger; a bank's read model has the bank's own alone."""
        found = _NAME(name)
        participant = (found["participant"] or self._gateway.participant) if found else ""
        account = self._gateway.balances.account(participant, found["currency"], CASH) if found else None
        if account is None:
            raise Refusal(Code.NOT_FOUND, "account")
        return account, self._participant(participant)

    def _participant(self, name: str) -> Participant:
        return self._gateway.participants()[name]

    def _customer(self, holder: Holder) -> Customer | None:
        return self._gateway.queries.customer(self._gateway.participant, holder.customer)

    def _cursors(self, holder: Holder, name: str) -> Cursors:
        return Cursors(self._gateway, f"statements|{holder.scope}|{holder.name}|{name}")

    def _stood(self, account: AccountView, place: BlockPosition) -> int:
        return self._gateway.balances.before(account, place).posted_minor

    async def _apart(self, work: Callable[[], T]) -> T:
        """Read journals in a thread: one page at a time, and nobody else waits."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def sides_of(payment: SubmitPayment, customer: Customer, bank_bic: str) -> tuple[bool, bool]:
    """Say whether a payment debits a customer's account, and whether it credits one."""
    return (
        is_held(payment.debtor_account, customer, own=payment.debtor_agent.bic == bank_bic),
        is_held(payment.creditor_account, customer, own=payment.creditor_agent.bic == bank_bic),
    )
