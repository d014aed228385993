"""The HTTP doors of a house: opened for tests, with tokens for whoever a test lets ask."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, NamedTuple

import aiohttp

from gateway.attestation.authority import Authority, LocalAttestor
from gateway.attestation.port import Attestor
from gateway.auth.scopes import Scope
from gateway.limits import Rates
from gateway.traders import server
from gateway.traders.tokens import Tokens, mint
from tests.gateway.house import NETWORK, House

LEI: Final = "5493001KJTIIGC8Y1R12"
OTHERS_LEI: Final = "529900T8BM49AURSDO55"


class Answer(NamedTuple):
    """What a door said; `body` is JSON read, else text."""

    status: int
    body: Any
    headers: dict[str, str]


class Doors:
    """The doors of some organisations; every request is a connection's next one."""

    def __init__(self, house: House, ports: dict[str, int], session: aiohttp.ClientSession) -> None:
        self.house: Final = house
        self.ports: Final = ports
        self._session: Final = session

    def url(self, at: str, path: str) -> str:
        """Give the address of a path at an organisation's door."""
        return f"http://127.0.0.1:{self.ports[at]}{path}"

    def token(self, at: str, scope: Scope = Scope.TRADER, customer: str = LEI, **others: Any) -> str:
        """Mint a token with the key of an organisation's gateway."""
        given = {"network": NETWORK, "participant": at, "now_s": int(time.time()), **others}
        key = self.house.members[given.pop("key_of", at)].service.key
        return mint(key, customer=customer, scope=scope, **given)

    async def ask(
        self,
        at: str,
        path: str,
        token: str = "",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        **how: Any,
    ) -> Answer:
        """Ask, and read the answer."""
        given = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        async with self._session.request(method, self.url(at, path), headers=given, **how) as response:
            is_json = response.content_type.endswith("json")
            body = await response.json(content_type=None) if is_json else await response.text()
            return Answer(response.status, body, dict(response.headers))


def at_hand(house: House, name: str) -> list[Attestor]:
    """Give both authorities, in this process, as an organisation asks them."""
    return [LocalAttestor(Authority(house.gateways[each]), name) for each in ("clearing", "regulator")]


@asynccontextmanager
async def doors_of(
    house: House,
    *names: str,
    rates: Rates | None = None,
    attestors: Callable[[House, str], Sequence[Attestor]] = at_hand,
) -> AsyncIterator[Doors]:
    """Open the HTTP doors of some organisations."""
    async with AsyncExitStack() as stack:
        ports = {}
        for name in names:
            tokens = Tokens(house.members[name].service.certificate, network=NETWORK, participant=name)
            opened = await server.serve(
                house.gateways[name],
                tokens,
                "127.0.0.1",
                0,
                rates=rates or Rates(100_000, 100_000),
                attestors=attestors(house, name),
            )
            stack.push_async_callback(opened.close)
            ports[name] = opened.port
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Doors(house, ports, session)
