"""What comes to payments, for who follows one or all of its own, as server-sent events (gateway.traders.streaming).

GET /v1/payments/{uetr}/events    all that happened to a payment so far, and then what comes
GET /v1/events                    what comes to any of the holder's payments
"""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from gateway.app import Gateway
from gateway.projection.queries import EventView
from gateway.traders import views
from gateway.traders.edge import HOLDER
from gateway.traders.followers import AT_ONCE, Follower, Told
from gateway.traders.payment_followers import PaymentFollowers, payment_of
from gateway.traders.problems import problem
from gateway.traders.streaming import TOO_FAR_BACK, EventIds, Streaming
from gateway.traders.visibility import Visibility


class Stream:
    """The two routes."""

    def __init__(self, gateway: Gateway, visibility: Visibility, streaming: Streaming) -> None:
        self._gateway: Final = gateway
        self._visibility: Final = visibility
        self._streaming: Final = streaming
        self._followers: Final = PaymentFollowers(gateway, _shown)

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/payments/{uetr}/events", self.of_payment, allow_head=False)
        router.add_get("/v1/events", self.of_all, allow_head=False)

    async def close(self, _: web.Application) -> None:
        """Let everybody go, so that the door can close."""
        await self._followers.close()

    async def of_payment(self, request: web.Request) -> web.StreamResponse:
        """Follow one payment."""
        holder = request[HOLDER]
        view = self._visibility.payment(request.match_info["uetr"], holder)
        ids = EventIds(self._gateway, "events", holder)
        last, parties = ids.last(request) or 0, self._visibility.parties(holder)
        with self._streaming.admitted(holder), self._followers.payment(view, parties) as follower:
            follower.had = last
            events = self._gateway.queries.events_of(view.id)
            told = [_placed(each) for each in events if last < each.position <= follower.start]
            return await self._streaming.stream(request, follower, ids, [told])

    async def of_all(self, request: web.Request) -> web.StreamResponse:
        """Follow all of the holder's payments."""
        holder = request[HOLDER]
        ids = EventIds(self._gateway, "events", holder)
        last, parties = ids.last(request), self._visibility.parties(holder)
        test = self._visibility.test(holder)
        with self._streaming.admitted(holder), self._followers.all(parties, test) as follower:
            if not self._followers.resumed(follower, last):
                return problem(410, "", TOO_FAR_BACK)
            told = self._since(follower.start if last is None else last, follower)
            return await self._streaming.stream(request, follower, ids, told)

    def _since(self, position: int, follower: Follower) -> Iterator[Told]:
        """Tell what came after a position and before the follower was entered."""
        while position < follower.start:
            events = self._gateway.queries.events_after(position, limit=AT_ONCE)
            now = [each for each in events if each.position <= follower.start and self._is_own(each, follower)]
            yield list(map(_placed, now))
            position = events[-1].position

    def _is_own(self, event: EventView, follower: Follower) -> bool:
        if follower.parties is None:
            return True
        payment = payment_of(self._gateway, event)
        return payment is not None and follower.may_see(payment)


def _placed(event: EventView) -> tuple[int, bytes]:
    return event.position, _shown(event)


def _shown(event: EventView) -> bytes:
    return views.encode(views.followed(event))
