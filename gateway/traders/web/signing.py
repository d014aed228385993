"""Signing in the browser: the pages on which a trader's key is made and an act is read, and where what is signed goes.

The key is made by the browser (WebCrypto, not extractable) and stays in it. What leaves the page is a request for a
certificate, which shows that its sender has the key; and, for each signing, the command with its certificate and
signature. (ADR 0020)
"""

import base64
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from aiohttp import web

from gateway.auth.certifying import Certifier
from gateway.auth.scopes import Scope
from gateway.outcomes import OUTCOMES
from gateway.traders import bodies
from gateway.traders.payments import answer
from gateway.traders.permissions import ForbiddenError
from gateway.traders.strict_json import decode
from gateway.traders.tokens import Holder
from gateway.traders.trade import SignedCommand, Trade
from gateway.traders.views import View
from gateway.traders.web import signed_acts
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.session import require_own
from gateway.traders.web.signable import Case, case_of, field_at, to_sign, understood
from gateway.traders.web.trade import offered_in_forms, row
from settlement.errors import Code, Refusal
from settlement.records import Record
from settlement.trade.record import TradeRecord

_JSON: Final = ("application/json",)


class CertificateRequest(Record):
    """A request for a certificate: PKCS #10, in PEM."""

    request: str


class Certified(View):
    """A certificate (DER), in standard base64."""

    certificate: str


class SigningPages:
    """The pages `/trade/key` and `/trade/records/{id}/sign/{act}`, and what their module posts."""

    def __init__(self, frame: Frame, trade: Trade, certifier: Certifier | None) -> None:
        self._frame: Final = frame
        self._trade: Final = trade
        self._certifier: Final = certifier

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/trade/key", self._frame.read(self.key, "trade"))
        router.add_get("/trade/records/{id}/sign/{act}", self._frame.read(self.act, "trade"))
        router.add_post("/trade/certificate", self.certificate)
        router.add_post("/trade/commands", self.ask)

    async def key(self, request: web.Request, reader: Reader) -> Page:
        """Show the page on which a trader's key is made."""
        if reader.scope is not Scope.TRADER:
            raise Refusal(Code.NOT_FOUND, "key")
        return Page("trade_key.html", {"certifies": self._certifier is not None, "back": _to_be_signed(request)})

    async def act(self, request: web.Request, reader: Reader) -> Page:
        """Show what is signed, as it was filled in; NOT_FOUND for what is not the reader's to sign now."""
        found = self._trade.find(reader.holder, request.match_info["id"])
        if reader.scope is not Scope.TRADER:
            raise Refusal(Code.NOT_FOUND, "act")
        case = self._case(found.record, reader)
        acts = {act.key: act for act in signed_acts.acts_of(case)}
        act = acts.get(request.match_info["act"])
        if act is None:
            raise Refusal(Code.NOT_FOUND, "act")
        asked = act.asks(case)
        typed = tuple(field._replace(value=request.query.get(field.name, "").strip()) for field in asked)
        names = self._frame.names()
        filled = {
            "act": act,
            "fields": typed,
            "shown": row(found),
            "names": names,
            **offered_in_forms(case, names),
        }
        try:
            for field in asked:
                if field.form == "documents":
                    named = request.query.get(field.name, "")
                    beside = signed_acts.securing(self._frame.gateway, case, named, self._trade.today())
                    case = case._replace(beside=beside)
            made = to_sign(act, case, request.query)
        except Refusal as refusal:
            return _not_to_be_signed(refusal, filled)
        given = [(field, understood(field, request.query)) for field in asked]
        return Page("sign.html", filled | {"to_sign": made, "given": [(field, said) for field, said in given if said]})

    def _case(self, record: TradeRecord[Any], reader: Reader) -> Case:
        """Put the reader's firm before a record, beside it those of its trade that the firm may see."""
        trade, today, firm = self._frame.gateway.trade, self._trade.today(), reader.holder.customer
        whole = trade.every(on=today, trade=record.trade or record.record_id, party=firm)
        return case_of(self._frame.gateway, record, firm, today, [each.record for each in whole])

    async def certificate(self, request: web.Request) -> web.Response:
        """Certify the browser's key for the reader's firm, where this gateway does so; NOT_FOUND where it does not."""
        holder = self._trader(request)
        asked = decode(await bodies.take(request, _JSON), CertificateRequest)
        if self._certifier is None:
            raise Refusal(Code.NOT_FOUND, "certificate")
        certificate = self._certifier(asked.request.encode(), holder.customer)
        return answer(Certified(certificate=base64.b64encode(certificate).decode()))

    async def ask(self, request: web.Request) -> web.Response:
        """Carry what the reader has signed to the ledger."""
        holder = self._trader(request)
        given = decode(await bodies.take(request, _JSON), SignedCommand)
        return answer(await self._trade.carry(holder, given))

    def _trader(self, request: web.Request) -> Holder:
        """Say which trader's page asks; what another site's page sends is refused."""
        require_own(request)
        reader = self._frame.reader(request)
        if reader.scope is not Scope.TRADER:
            raise ForbiddenError
        return reader.holder


def _to_be_signed(request: web.Request) -> str:
    """Give the page of a record from which the reader came to make a key; empty if it came from elsewhere."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_own = came_from.netloc == request.host and came_from.path.startswith("/trade/records/")
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_own else ""


def _not_to_be_signed(refusal: Refusal, filled: dict[str, Any]) -> Page:
    """Show the form again as it was filled in, and say which field has to be otherwise, and why."""
    name = field_at(refusal.where)
    at = next((field for field in filled["fields"] if field.name == name), None)
    wrong = {"at": at, "where": refusal.where, "code": refusal.code.value}
    return Page("not_signed.html", filled | wrong, OUTCOMES[refusal.code].http)
