"""Statements: what moved on an account within some days, to be read, or fetched as JSON, CSV or ISO 20022."""

from typing import Any, Final

from aiohttp import web

from gateway.auth.scopes import Scope
from gateway.traders import asked, statement_views
from gateway.traders.accounts import name_of
from gateway.traders.statement_views import LineShown, StatementPage
from gateway.traders.statements import LIMIT_MAX, Statements, StatementWanted
from gateway.traders.web.filters import Filters
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from settlement import money
from settlement.accounts.account import CASH
from settlement.errors import Code, Refusal
from settlement.forms.journals import Event

LINES: Final = 50
"""How many lines a page has."""


class StatementPages:
    """The pages `/statements` and, for what is fetched, `/statements/{account}/{form}`."""

    def __init__(self, frame: Frame, statements: Statements) -> None:
        self._frame: Final = frame
        self._statements: Final = statements

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/statements", self._frame.read(self.read, "statements"))
        router.add_get("/statements/{account}/{form}", self._frame.read(self.fetch, "statements"))

    async def read(self, request: web.Request, reader: Reader) -> Page:
        """Show an account's movements."""
        accounts = self._accounts(reader)
        account = request.query.get("account", "") or next(iter(accounts), "")
        since, until = request.query.get("from_date", ""), request.query.get("to_date", "")
        filled: dict[str, Any] = {"accounts": accounts, "account": account, "fault": "", "statement": None}
        filled |= {"since": since, "until": until, "older": "", "first": ""}
        if not account:
            return Page("statements.html", filled)
        try:
            wanted = StatementWanted(
                from_date=asked.date(since, "since"),
                to_date=asked.date(until, "until"),
                cursor=request.query.get("cursor", ""),
                limit=LINES,
            )
        except Refusal as refusal:
            return Page("statements.html", filled | {"fault": refusal.where}, status=422)
        page = await self._statements.page(reader.holder, account, wanted)
        here = {"account": account, "from_date": since, "to_date": until}
        filled |= {
            "statement": page,
            "balances": _balances(page),
            "lines": [_line(each.shown, self._frame.names()) for each in page.lines],
            "older": _address(**here, cursor=page.next) if page.next else "",
            "first": _address(**here) if wanted.cursor else "",
            "fetch": {form: _address(f"/{account}/{form}", **here) for form in statement_views.WRITERS},
        }
        return Page("statements.html", filled)

    async def fetch(self, request: web.Request, reader: Reader) -> web.Response:
        """Give a statement as a file, whole."""
        write = statement_views.WRITERS.get(request.match_info["form"])
        if write is None:
            raise Refusal(Code.NOT_FOUND, "form")
        wanted = StatementWanted(
            from_date=asked.date(request.query.get("from_date", ""), "since"),
            to_date=asked.date(request.query.get("to_date", ""), "until"),
            limit=LIMIT_MAX,
        )
        page = await self._statements.whole(reader.holder, request.match_info["account"], wanted)
        return write(page, now_ms=self._frame.gateway.clock())

    def _accounts(self, reader: Reader) -> list[str]:
        """Name the accounts of which a reader has statements."""
        gateway = self._frame.gateway
        if reader.scope is Scope.TRADER:
            customer = gateway.queries.customer(gateway.participant, reader.holder.customer)
            return list(customer.accounts) if customer else []
        own = gateway.participant if reader.scope is Scope.DESK else ""
        return [name_of(each) for each in gateway.balances.accounts(own) if each.kind == CASH]


def _address(below: str = "", **query: str) -> str:
    return Filters().address(f"/statements{below}", **query)


def _balances(page: StatementPage) -> list[tuple[str, str]]:
    """Give the balances at the ends of a page, by their words' keys; a customer's account has none here."""
    told = (("opening", page.opening_minor), ("closing", page.closing_minor), ("available", page.available_minor))
    return [
        (key, money.for_people(money.render(minor, page.currency), page.currency))
        for key, minor in told
        if minor is not None
    ]


def _line(shown: LineShown, names: dict[str, str]) -> dict[str, Any]:
    """Show a movement: with whom, as far as the reader may know."""
    is_debit = shown.amount.startswith("-")
    # A return goes the other way than its payment, whose debtor and creditor these are.
    pays_creditor = is_debit is (shown.kind != Event.PAYMENT_RETURNED.value)
    party = shown.creditor if pays_creditor else shown.debtor
    return {
        "at": shown.booked_at,
        "kind": shown.kind,
        "with": (party.name if party else "") or names.get(shown.counterparty, shown.counterparty),
        "reference": shown.end_to_end_id or shown.reference,
        "uetr": shown.uetr,
        "amount": money.for_people(shown.amount, shown.currency),
        "balance": money.for_people(shown.balance, shown.currency) if shown.balance else "",
    }
