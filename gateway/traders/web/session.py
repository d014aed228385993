"""Signing in and out, and the choice of a language: what a browser keeps, in cookies, and nothing is kept here.

The token is in a cookie that scripts cannot read and that other sites' requests do not carry.
"""

from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from gateway.traders import bodies
from gateway.traders.tokens import TokenError
from gateway.traders.web.frame import LANGUAGE_COOKIE, Frame, lead, sign_in_page
from gateway.traders.web.readers import sections_of
from gateway.traders.web.words import LANGUAGES

_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS_MAX: Final = 8
YEAR_S: Final = 365 * 24 * 3600


class Session:
    """The pages before and after all others."""

    def __init__(self, frame: Frame) -> None:
        self._frame: Final = frame

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/", self._frame.open(self.home))
        router.add_get("/language/{code}", self._frame.open(self.language))
        router.add_post("/sign-in", self._frame.open(self.sign_in))
        router.add_post("/sign-out", self._frame.open(self.sign_out))

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Lead to the reader's first section, or ask for the token."""
        try:
            reader = self._frame.reader(request)
        except TokenError:
            return self._frame.render(request, sign_in_page())
        return lead(sections_of(reader)[0].path)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Take a token, if it counts here."""
        require_own(request)
        token = _field(await bodies.take(request, {_FORM}), "token").strip()
        try:
            self._frame.reader_of(token)
        except TokenError:
            return self._frame.render(request, sign_in_page(refused=True, status=401))
        answer = lead("/")
        _keep(request, answer, self._frame.token_cookie, token)
        return answer

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """Forget the token."""
        require_own(request)
        answer = lead("/")
        answer.del_cookie(self._frame.token_cookie, path="/")
        return answer

    async def language(self, request: web.Request) -> web.StreamResponse:
        """Remember a language, and go back to where it was chosen."""
        to = request.query.get("to", "/")
        # A page of this door alone: what begins with two strokes would lead to another host.
        answer = lead(to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/")
        if request.match_info["code"] in LANGUAGES:
            _keep(request, answer, LANGUAGE_COOKIE, request.match_info["code"], max_age_s=YEAR_S)
        return answer


def _field(form: bytes, name: str) -> str:
    """Read a field of a form; empty where it is not there, or the form cannot be read: it holds no token then."""
    try:
        return parse_qs(form.decode("ascii"), errors="strict", max_num_fields=_FIELDS_MAX).get(name, [""])[0]
    except ValueError:
        return ""


def require_own(request: web.Request) -> None:
    """Refuse a form that another site sent (browsers say so: Fetch Metadata, and the Origin of RFC 6454)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "")
    if site not in ("same-origin", "none") or (origin and origin.partition("://")[2] != request.host):
        raise web.HTTPForbidden


def _keep(
    request: web.Request, answer: web.StreamResponse, name: str, value: str, *, max_age_s: int | None = None
) -> None:
    # A proxy that ends TLS before a loopback address says so; who claims it without one keeps its cookie to itself.
    is_secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
    answer.set_cookie(name, value, max_age=max_age_s, path="/", httponly=True, samesite="Strict", secure=is_secure)
