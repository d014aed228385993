"""The accounts of the ledger as their holders' staff read them.

GET /v1/accounts    a bank's own, an authority's staff those of all, as they stand now or after a block
"""

from typing import Annotated, Final

from aiohttp import web
from msgspec import Meta

from gateway.app import Gateway
from gateway.projection.balances import AccountView
from gateway.traders import asked
from gateway.traders.payments import answer
from gateway.traders.views import View
from settlement import money
from settlement.errors import Code, Refusal


class AccountsWanted(asked.Query):
    """What is told of accounts: as they stood after a block, if one is named."""

    block: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class AccountShown(View):
    """An account; `account` is its name in `/v1/statements/{account}`."""

    account: str
    participant: str
    currency: str
    kind: str
    state: str
    posted: str
    reserved: str
    available: str


class AccountsShown(View):
    """Accounts as they stood when the read model had so many blocks."""

    accounts: tuple[AccountShown, ...]
    height: int


class Accounts:
    """The route."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway: Final = gateway

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/accounts", self.list)

    async def list(self, request: web.Request) -> web.Response:
        """Show what stands on each account."""
        query = asked.read(request, AccountsWanted)
        self._gateway.require_serving()
        height = self._gateway.follower.height
        if query.block is not None:
            if query.block >= height:
                raise Refusal(Code.NOT_FOUND, "block")
            height = query.block + 1
        shown = tuple(self._shown(each, height - 1) for each in self._gateway.balances.accounts())
        return answer(AccountsShown(accounts=shown, height=height))

    def _shown(self, account: AccountView, block: int) -> AccountShown:
        stood, currency = self._gateway.balances.at(account, block=block), account.currency
        return AccountShown(
            account=name_of(account),
            participant=account.participant,
            currency=currency,
            kind=account.kind,
            state=account.state,
            posted=money.render(stood.posted_minor, currency),
            reserved=money.render(stood.reserved_minor, currency),
            available=money.render(stood.available_minor, currency),
        )


def name_of(account: AccountView) -> str:
    """Name an account of the ledger: `banksh-CNY`."""
    return f"{account.participant}-{account.currency}"
