"""What goes wrong, as a page, for whoever reads one: in the reader's language what was wrong, its code, and what to do.

Every problem becomes a page here and nowhere else, also those that are met before a page is looked for: too many
requests, another site's form, a form that is none. Who asks for a page prefers text/html, as browsers do; at the
address of a page, whoever does not prefer JSON. Programs are told problem details.
"""

import math
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from gateway.ledger.port import LedgerUnreachableError
from gateway.operation import bugs
from gateway.projection.faults import FeedBrokenError
from gateway.traders.accepting import HTML, JSON, chosen
from gateway.traders.edge import Handler
from gateway.traders.problems import AGAIN_S, NO_STORE, Problem
from gateway.traders.tokens import TokenError, TokensUnknowableError
from gateway.traders.web.frame import IS_PAGE, READER, Frame, Page, sign_in_page
from gateway.traders.web.readers import Reader
from gateway.traders.web.words import TEXTS, span

_OTHER: Final = 400
_UNAUTHORISED: Final = 401
_KEPT: Final = (hdrs.RETRY_AFTER, hdrs.WWW_AUTHENTICATE, hdrs.ALLOW)
"""What a page says in its head as the problem does."""


def on_pages(frame: Frame) -> Middleware:
    """Make the middleware that shows problems as pages."""

    @web.middleware
    async def show(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if not isinstance(response, Problem) or not _reads_pages(request):
            return response
        try:
            page = frame.render(request, _page(frame, request, response), request.get(READER) or _known(frame, request))
        except Exception as error:  # noqa: BLE001 - what is told of one error is not lost by another
            bugs.report(error, method=request.method)
            return response
        page.headers.update(NO_STORE)
        page.headers.update({name: response.headers[name] for name in _KEPT if name in response.headers})
        return page

    return show


def _known(frame: Frame, request: web.Request) -> Reader | None:
    """Say who reads, if that can be said: whoever is signed in keeps the way to its pages."""
    try:
        return frame.reader(request)
    except (TokenError, TokensUnknowableError, LedgerUnreachableError, FeedBrokenError):
        return None


def _reads_pages(request: web.Request) -> bool:
    offered = (HTML, JSON) if request.get(IS_PAGE) else (JSON, HTML)
    return chosen(request, offered) == HTML


def _page(frame: Frame, request: web.Request, problem: Problem) -> Page:
    if problem.status == _UNAUTHORISED:
        return sign_in_page(refused=frame.token_cookie in request.cookies, status=problem.status)
    named = (f"wrong_{each}" for each in (problem.code, problem.status, _OTHER))
    said = next(each for each in named if each in TEXTS)
    facts = (("code", problem.code), ("field", problem.where), ("bug_reference", problem.reference))
    wait_s = float(problem.headers.get(hdrs.RETRY_AFTER, AGAIN_S))
    return Page(
        "problem.html",
        {
            "said": said,
            "field": problem.where,
            "wait": span(frame.words(request), 1000 * math.ceil(wait_s)),
            "facts": [(key, value) for key, value in facts if value],
        },
        problem.status,
    )
