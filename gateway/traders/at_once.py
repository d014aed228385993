"""Payments whose answers are at hand are told before a request is routed: most requests of those who follow one.

What a request meets on its long way it meets here: its token is read, its holder is held to its rate, it has a name, a
count and a log line, and who has the answer already is told 304. Whatever is not plainly so goes the long way, which
decides and says why: here nothing is refused.
"""

import time
from typing import Final

from aiohttp import hdrs, web

from gateway.app import Gateway
from gateway.auth.scopes import Scope
from gateway.limits import Rates, TooManyError
from gateway.operation import request_ids
from gateway.projection.at_hand import AtHand
from gateway.traders.edge import Tagged, Tally, asker_of
from gateway.traders.problems import NO_STORE
from gateway.traders.tokens import TokenError, Tokens, TokensUnknowableError

_PREFIX: Final = "/v1/payments/"
ROUTE: Final = "/v1/payments/{uetr}"
_SCHEME: Final = "Bearer "


class AtOnce:
    """Answers from what is at hand."""

    def __init__(self, gateway: Gateway, tokens: Tokens, rates: Rates, at_hand: AtHand[Tagged]) -> None:
        self._gateway: Final = gateway
        self._tokens: Final = tokens
        self._rates: Final = rates
        self._at_hand: Final = at_hand
        self._tally: Final = Tally(gateway.participant, "GET", ROUTE)

    def answer(self, request: web.BaseRequest) -> web.Response | None:
        """Answer, or leave it to the long way."""
        path = request.raw_path
        if request.method != hdrs.METH_GET or not path.startswith(_PREFIX) or self._gateway.follower.failure:
            return None
        start_s = time.perf_counter()
        given = request.headers.getall(hdrs.AUTHORIZATION, ())
        if len(given) != 1 or not given[0].startswith(_SCHEME):
            return None
        try:
            holder = self._tokens.holder(given[0][len(_SCHEME) :])
            if holder.scope is Scope.SUPERVISOR:  # what a supervisor reads is recorded first
                return None
            told = self._at_hand.get(path[len(_PREFIX) :], asker_of(holder))
            if told is None:
                return None
            self._rates.require((holder.issuer, holder.name))
        except (TokenError, TokensUnknowableError, TooManyError):
            return None
        name = request_ids.named(request.headers.get(request_ids.HEADER, ""))
        headers = {hdrs.ETAG: told.etag, request_ids.HEADER: name, **NO_STORE}
        if hdrs.IF_NONE_MATCH in request.headers and told.is_known_to(request):
            response = web.Response(status=304, headers=headers)
        else:
            response = web.Response(body=told.body, content_type="application/json", headers=headers)
        self._tally.count(response.status, time.perf_counter() - start_s, name)
        return response
