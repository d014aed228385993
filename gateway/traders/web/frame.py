"""What every page stands on: who reads, in which language, the frame around the content, and what goes wrong.

A family of pages takes a `Frame`, and hands its handlers to `Frame.read`: they are given the reader, return a `Page`,
and raise `Refusal` like everything else. Pages work without a script; where a page is `live`, one small module puts
what the server draws anew in place of what it drew before.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import jinja2
from aiohttp import web

from gateway.app import Gateway
from gateway.ledger.port import LedgerUnreachableError
from gateway.traders.web.readers import Reader, Section, is_offered, sections_of
from gateway.traders.web.signable import together
from gateway.traders.web.words import NAMES, Words, chosen
from settlement.parties import Kind

LANGUAGE_COOKIE: Final = "waitan_language"
STATIC: Final = {
    "tracker.css": "text/css",
    "pictures.css": "text/css",
    "tracker.js": "text/javascript",
    "signing.js": "text/javascript",
    "mark.svg": "image/svg+xml",
}
"""What pages load, all of it from here, with its media type."""

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# With "no-referrer" a browser names no origin to our own forms either, and they would be refused (session.require_own).
_HEADERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}
_PACKAGE: Final = "gateway.traders.web"


class Page(NamedTuple):
    """A template, what fills it in, and how it is answered."""

    template: str
    filled: Mapping[str, Any]
    status: int = 200


_NOT_FOR_YOU: Final = Page("problem.html", {"said": "not_for_you", "field": "", "wait": "", "facts": ()}, 404)


def token_cookie(participant: str) -> str:
    """Name the cookie that has the token for an organisation's pages.

    Cookies know hosts and not ports: on one machine organisations would take one another's away.
    """
    return f"waitan_token_{participant}"


PageHandler = Callable[[web.Request, Reader], Awaitable[Page | web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
READER: Final = web.RequestKey("reader", Reader)
"""Who reads, once that is known."""
IS_PAGE: Final = web.RequestKey("is_page", bool)
"""Set where a page is asked for."""
ReaderOf = Callable[[str], Reader]
"""Say who reads, by the token; raises `TokenError` and `TokensUnknowableError`."""


class Frame:
    """The frame of one gateway's pages."""

    def __init__(self, gateway: Gateway, reader_of: ReaderOf) -> None:
        self.gateway: Final = gateway
        self.token_cookie: Final = token_cookie(gateway.participant)
        self.reader_of: Final = reader_of
        self._templates: Final = jinja2.Environment(
            loader=jinja2.PackageLoader(_PACKAGE),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(moment=moment, clock=clock, iso=iso, together=together)
        static = resources.files(_PACKAGE).joinpath("static")
        self._static: Final = {name: static.joinpath(name).read_bytes() for name in STATIC}

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the route of what pages load."""
        router.add_get("/static/{name}", self.static)

    def add_rest_to(self, router: web.UrlDispatcher) -> None:
        """Add a page for addresses that nothing has; after all other routes. Programs are told as ever."""
        router.add_get("/{rest:(?!v1/|healthz).*}", self.nothing)

    async def nothing(self, _: web.Request) -> web.Response:
        """Say that nothing is there."""
        raise web.HTTPNotFound

    async def static(self, request: web.Request) -> web.Response:
        """Give a style sheet, the script or the mark."""
        name = request.match_info["name"]
        if name not in self._static:
            raise web.HTTPNotFound
        return web.Response(body=self._static[name], content_type=STATIC[name], charset="utf-8")

    def reader(self, request: web.Request) -> Reader:
        """Say who reads; raises as `ReaderOf` does."""
        return self.reader_of(request.cookies.get(self.token_cookie, ""))

    def read(self, handler: PageHandler, section: str) -> Handler:
        """Make a handler of a page that readers of a section may see."""

        async def answer(request: web.Request) -> web.StreamResponse:
            reader = request[READER] = self.reader(request)
            if not is_offered(section, reader):
                return self.render(request, _NOT_FOR_YOU, reader)
            made = await handler(request, reader)
            return self.render(request, made, reader) if isinstance(made, Page) else made

        return self.open(answer)

    def open(self, handler: Handler) -> Handler:
        """Make a handler of a page for everybody; what goes wrong becomes a page too (gateway.traders.web.wrong)."""

        async def answer(request: web.Request) -> web.StreamResponse:
            request[IS_PAGE] = True
            return await handler(request)

        return answer

    def render(self, request: web.Request, page: Page, reader: Reader | None = None) -> web.Response:
        """Answer with a page in the reader's language."""
        language = self.language(request)
        sections = sections_of(reader) if reader else []
        html = self._templates.get_template(page.template).render(
            t=Words(language),
            language=language,
            languages=NAMES,
            here=request.path_qs if request.method in ("GET", "HEAD") else "/",
            reader=reader,
            sections=sections,
            section=_section_at(request.path, sections),
            institution=self.name_of(self.gateway.participant),
            participant=self.gateway.participant,
            is_bank=self._is_bank(),
            **page.filled,
        )
        return web.Response(text=html, status=page.status, content_type="text/html", headers=_HEADERS)

    @staticmethod
    def language(request: web.Request) -> str:
        """Choose the reader's language."""
        return chosen(request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("Accept-Language", ""))

    def words(self, request: web.Request) -> Words:
        """Give the words of the reader's language."""
        return Words(self.language(request))

    def names(self) -> dict[str, str]:
        """Give the organisations' names for people; raises `LedgerUnreachableError`."""
        return {name: each.organisation.name for name, each in self.gateway.participants().items()}

    def name_of(self, participant: str) -> str:
        """Give an organisation's name for people, its short name where the read model does not say."""
        try:
            return self.names().get(participant, participant)
        except LedgerUnreachableError:
            return participant

    def _is_bank(self) -> bool:
        try:
            own = self.gateway.participants().get(self.gateway.participant)
        except LedgerUnreachableError:
            return False
        return own is not None and own.organisation.kind is Kind.BANK


def sign_in_page(*, refused: bool = False, status: int = 200) -> Page:
    """Make the page that asks for a token."""
    return Page("sign_in.html", {"refused": refused}, status)


def lead(path: str) -> web.Response:
    """Lead to another page of this door (RFC 9110, 15.4.4). What no address has (RFC 3986) is written as one has it."""
    return web.Response(status=303, headers={"Location": quote(path, safe="/?&=%+:@!$'()*,;~-._")})


def moment(at_ms: int | None) -> str:
    """Write a moment for people: `2026-11-23 01:02:03`, in UTC."""
    return "" if at_ms is None else f"{_utc(at_ms):%Y-%m-%d %H:%M:%S}"


def clock(at_ms: int | None) -> str:
    """Write the time of a day: `01:02:03`, in UTC."""
    return "" if at_ms is None else f"{_utc(at_ms):%H:%M:%S}"


def iso(at_ms: int) -> str:
    """Write a moment for programs, as `datetime` of a `time` element."""
    return f"{_utc(at_ms):%Y-%m-%dT%H:%M:%SZ}"


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _section_at(path: str, sections: list[Section]) -> str:
    return next((each.key for each in sections if path == each.path or path.startswith(f"{each.path}/")), "")
