"""The tracker's pages. They work without a script; a person signs in with the token that programs send as a bearer.

The token is kept in a cookie that scripts cannot read and that other sites' requests do not carry; nothing is kept
here. What a page shows is what the HTTP interface would answer to the same token.
"""

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

import jinja2
from aiohttp import web

from gateway.app import Gateway
from gateway.projection.queries import PaymentView
from gateway.traders.tokens import TokenError
from gateway.traders.web import life, timeline
from gateway.traders.web.words import LANGUAGES, NAMES, chosen, words
from settlement import dates, identifiers, money
from settlement.errors import Code, Refusal
from settlement.parties import CashAccount, Party

TOKEN_COOKIE: Final = "waitan_token"  # noqa: S105 - the name, no token
LANGUAGE_COOKIE: Final = "waitan_language"
YEAR_S: Final = 365 * 24 * 3600
_POLICY: Final = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS: Final = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}

PaymentOf = Callable[[str, str], PaymentView]
"""Give the payment of a UETR as the bearer of a token may see it; raises `TokenError` and `Refusal`."""


class Pages:
    """The pages of one bank's door."""

    def __init__(self, gateway: Gateway, payment_of: PaymentOf, require_token: Callable[[str], object]) -> None:
        self._gateway: Final = gateway
        self._payment_of: Final = payment_of
        self._require_token: Final = require_token
        self._templates: Final = jinja2.Environment(
            loader=jinja2.PackageLoader("gateway.traders.web"), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._style: Final = resources.files("gateway.traders.web").joinpath("static", "tracker.css").read_bytes()

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/", self.home)
        router.add_get("/find", self.find)
        router.add_get("/payments/{uetr}", self.payment)
        router.add_get("/language/{code}", self.language)
        router.add_get("/tracker.css", self.style)
        router.add_post("/sign-in", self.sign_in)
        router.add_post("/sign-out", self.sign_out)

    async def home(self, request: web.Request) -> web.Response:
        """Ask for a payment, or first for the token."""
        if not self._is_signed_in(request):
            return self._page(request, "sign_in.html", refused=False)
        return self._page(request, "find.html", uetr="", missing=False)

    async def find(self, request: web.Request) -> web.Response:
        """Lead to a payment by its UETR."""
        asked = request.query.get("uetr", "").strip().lower()
        try:
            return _lead(f"/payments/{identifiers.uetr(asked)}")
        except Refusal:
            return self._page(request, "find.html", http=404, uetr=asked[:64], missing=True)

    async def payment(self, request: web.Request) -> web.Response:
        """Show a payment; one that is not the reader's looks like one that does not exist."""
        uetr = request.match_info["uetr"]
        try:
            view = self._payment_of(uetr, request.cookies.get(TOKEN_COOKIE, ""))
        except TokenError:
            return self._page(request, "sign_in.html", http=401, refused=TOKEN_COOKIE in request.cookies)
        except Refusal as refusal:
            if refusal.code is Code.ED06:
                raise
            return self._page(request, "find.html", http=404, uetr=uetr[:64], missing=True)
        names = {name: each.organisation.name for name, each in self._gateway.participants().items()}
        told = life.of(view, self._gateway.queries.events_of(view.id), names)
        text = words(self._language(request))
        picture = timeline.draw(told, text, title=text("timeline_of", uetr=view.uetr))
        return self._page(request, "payment.html", life=told, picture=picture, **_shown(view))

    async def language(self, request: web.Request) -> web.StreamResponse:
        """Remember a language, and go back to where it was chosen."""
        to = request.query.get("to", "/")
        # A page of this door alone: what begins with two strokes would lead to another host.
        answer = _lead(to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/")
        if request.match_info["code"] in LANGUAGES:
            self._keep(request, answer, LANGUAGE_COOKIE, request.match_info["code"], max_age_s=YEAR_S)
        return answer

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Take a token, if it counts here."""
        _require_own(request)
        token = str((await request.post()).get("token", "")).strip()
        try:
            self._require_token(token)
        except TokenError:
            return self._page(request, "sign_in.html", http=401, refused=True)
        answer = _lead("/")
        self._keep(request, answer, TOKEN_COOKIE, token)
        return answer

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """Forget the token."""
        _require_own(request)
        answer = _lead("/")
        answer.del_cookie(TOKEN_COOKIE, path="/")
        return answer

    async def style(self, _: web.Request) -> web.Response:
        """Give the style sheet."""
        return web.Response(body=self._style, content_type="text/css", charset="utf-8")

    def _is_signed_in(self, request: web.Request) -> bool:
        try:
            self._require_token(request.cookies.get(TOKEN_COOKIE, ""))
        except TokenError:
            return False
        return True

    @staticmethod
    def _language(request: web.Request) -> str:
        return chosen(request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("Accept-Language", ""))

    def _page(self, request: web.Request, name: str, *, http: int = 200, **filled: Any) -> web.Response:
        language = self._language(request)
        page = self._templates.get_template(name).render(
            t=words(language),
            language=language,
            languages=NAMES,
            here=quote(request.path, safe="/"),
            signed_in=self._is_signed_in(request),
            moment=lambda at_ms: "" if at_ms is None else dates.render(at_ms),
            **filled,
        )
        return web.Response(text=page, status=http, content_type="text/html", headers=_HEADERS)

    @staticmethod
    def _keep(
        request: web.Request, answer: web.StreamResponse, name: str, value: str, *, max_age_s: int | None = None
    ) -> None:
        answer.set_cookie(
            name, value, max_age=max_age_s, path="/", httponly=True, samesite="Strict", secure=request.secure
        )


def _lead(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _require_own(request: web.Request) -> None:
    """Refuse a form that another site sent (browsers say so: Fetch Metadata, and the Origin of RFC 6454)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "")
    if site not in ("same-origin", "none") or (origin and origin.partition("://")[2] != request.host):
        raise web.HTTPForbidden


def _shown(view: PaymentView) -> Mapping[str, Any]:
    command = view.command
    facts = [
        ("from", _party(command.debtor, command.debtor_account)),
        ("bank", command.debtor_agent.bic),
        ("to", _party(command.creditor, command.creditor_account)),
        ("bank", command.creditor_agent.bic),
        ("reference", command.end_to_end_id),
        ("about", command.remittance),
        ("value_date", command.settlement_date),
        ("block", str(view.block)),
        ("transaction", view.tx_id),
    ]
    return {
        "uetr": view.uetr,
        "status": view.status.status,
        "amount": life.grouped(money.render(view.amount_minor, view.currency), view.currency),
        "facts": [(key, value) for key, value in facts if value],
    }


def _party(party: Party, account: CashAccount | None) -> str:
    number = (account.iban or account.other) if account else ""
    return " · ".join(part for part in (party.name or party.any_bic, party.lei or party.uscc, number) if part)
