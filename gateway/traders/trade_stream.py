"""What comes to records of trade, for who follows its own, as server-sent events (gateway.traders.streaming).

GET /v1/trade/events    what happens to any record that the holder may see
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from gateway.app import Gateway
from gateway.projection.trade import ActView
from gateway.traders import trade_views, views
from gateway.traders.edge import HOLDER
from gateway.traders.followers import AT_ONCE, EVERY, Follower, Followers, Told
from gateway.traders.problems import problem
from gateway.traders.streaming import TOO_FAR_BACK, EventIds, Streaming
from gateway.traders.tokens import Holder
from gateway.traders.trade import Trade
from gateway.traders.visibility import Visibility


class TradeFollowers(Followers[ActView]):
    """All who follow trade: a firm its own records, staff all that its organisation holds and it may see."""

    def __init__(self, gateway: Gateway, show: Callable[[ActView], bytes]) -> None:
        super().__init__(gateway, show)
        self._firms = 0
        """How many follow for a firm: without them nobody need know whose a record is."""

    @contextmanager
    def follow(self, party: str, kinds: tuple[str, ...], parties: tuple[str, ...] | None) -> Iterator[Follower]:
        """Follow the records of a firm, or (empty) of all; of some kinds, or of all."""
        self._firms += bool(party)
        try:
            with self.one([party or EVERY], lambda act: not kinds or act.kind in kinds, parties) as follower:
                yield follower
        finally:
            self._firms -= bool(party)

    def last(self) -> int:
        """Give the position of the last act."""
        return self.gateway.trade.last_act()

    def after(self, position: int) -> list[ActView]:
        """Read the next acts."""
        return self.gateway.trade.acts_after(position, limit=AT_ONCE)

    def is_further_back(self, position: int, events: int, *, before: int) -> bool:
        """Say whether more than so many acts came since."""
        return self.gateway.trade.is_further_back(position, events, before=before)

    def concerned(self, event: ActView) -> set[Follower]:
        """Say whom an act concerns: the firms that may see its record now, and who sees all."""
        firms = self.gateway.trade.parties(event.record_id, event.kind) if self._firms else []
        found = set().union(self.of(EVERY), *map(self.of, firms))
        return {follower for follower in found if follower.may_see(event)}


class TradeStream:
    """The route."""

    def __init__(self, gateway: Gateway, visibility: Visibility, streaming: Streaming, trade: Trade) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._streaming: Final = streaming
        self._trade: Final = trade
        self._followers: Final = TradeFollowers(gateway, _shown)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route."""
        router.add_get("/v1/trade/events", self.of_all, allow_head=False)

    async def close(self, _: web.Application) -> None:
        """Let everybody go, so that the door can close."""
        await self._followers.close()

    async def of_all(self, request: web.Request) -> web.StreamResponse:
        """Follow the holder's records."""
        holder = request[HOLDER]
        ids = EventIds(self._gateway, "trade events", holder)
        last = ids.last(request)
        party, kinds = self._trade.party(holder), self._trade.kinds(holder)
        parties = self._visibility.parties(holder)
        with self._streaming.admitted(holder), self._followers.follow(party, kinds, parties) as follower:
            if not self._followers.resumed(follower, last):
                return problem(410, "", TOO_FAR_BACK)
            told = self._since(follower.start if last is None else last, follower.start, holder)
            return await self._streaming.stream(request, follower, ids, told)

    def _since(self, position: int, until: int, holder: Holder) -> Iterator[Told]:
        """Tell what came after a position, as far as the follower is not told by itself."""
        party, kinds = self._trade.party(holder), self._trade.kinds(holder)
        while position < until:
            acts = self._gateway.trade.acts_after(position, limit=AT_ONCE, party=party, kinds=kinds, until=until)
            yield list(map(_placed, acts))
            if len(acts) < AT_ONCE:
                return
            position = acts[-1].position


def _placed(act: ActView) -> tuple[int, bytes]:
    return act.position, _shown(act)


def _shown(act: ActView) -> bytes:
    return views.encode(trade_views.act(act))
