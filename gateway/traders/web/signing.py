"""Signing in the browser: the pages on which a trader's key is made and an act is read, and where what is signed goes.

The key is made by the browser (WebCrypto, not extractable) and stays in it. What leaves the page is a request for a
certificate, which shows that its sender has the key; and, for each signing, the command with its certificate and
signature. (ADR 0020)
"""

import base64
import re
from collections.abc import Mapping
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
from gateway.traders.web import contracting, signed_acts
from gateway.traders.web.frame import Frame, Page
from gateway.traders.web.readers import Reader
from gateway.traders.web.session import require_own
from gateway.traders.web.signable import (
    Act,
    Case,
    Field,
    case_of,
    field_at,
    is_left_out,
    to_sign,
    understood,
)
from gateway.traders.web.trade import Row, offered_in_forms, row
from settlement.errors import Code, Refusal
from settlement.records import Record
from settlement.trade.contract import SalesContract
from settlement.trade.record import TradeRecord, kind_of

PROPOSE: Final = "/trade/propose"
"""Where a contract is proposed."""
_JSON: Final = ("application/json",)
_MORE: Final = "more"
"""What a form says besides its fields when it is to have more lines of goods."""
_COUNT: Final = re.compile(r"[0-9]{1,3}").fullmatch


class CertificateRequest(Record):
    """A request for a certificate: PKCS #10, in PEM."""

    request: str


class Certified(View):
    """A certificate (DER), in standard base64."""

    certificate: str


class SigningPages:
    """The pages `/trade/key`, `/trade/propose` and `/trade/records/{id}/sign/{act}`, and what their module posts."""

    def __init__(self, frame: Frame, trade: Trade, certifier: Certifier | None) -> None:
        self._frame: Final = frame
        self._trade: Final = trade
        self._certifier: Final = certifier

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/trade/key", self._frame.read(self.key, "trade"))
        router.add_get("/trade/records/{id}/sign/{act}", self._frame.read(self.act, "trade"))
        router.add_get(PROPOSE, self._frame.read(self.propose, "trade"))
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
        case = self._case(found.record, reader)._replace(lines=_lines(request))
        acts = {act.key: act for act in signed_acts.acts_of(case)}
        act = acts.get(request.match_info["act"])
        if act is None:
            raise Refusal(Code.NOT_FOUND, "act")
        return self._read(request, act, case, row(found))

    async def propose(self, request: web.Request, reader: Reader) -> Page:
        """Ask for the terms of a contract, and show what is signed when they are filled in."""
        if reader.scope is not Scope.TRADER:
            raise Refusal(Code.NOT_FOUND, "act")
        case = self._beginning(reader)._replace(lines=_lines(request))
        return self._read(request, contracting.PROPOSAL, case, None)

    def _read(self, request: web.Request, act: Act, case: Case, shown: Row | None) -> Page:
        """Show what is signed; or the form anew, where it is not filled in, or more lines are asked for."""
        asked, names, query = act.asks(case), self._frame.names(), request.query
        filled = {
            "act": act,
            "fields": tuple(_typed(field, query) for field in asked) if query else asked,
            "shown": shown,
            "address": request.path,
            "names": names,
            **offered_in_forms(case, names),
        }
        if act.more_lines and (not query or _MORE in query):
            return Page("fill_in.html", filled | {"code": ""})
        try:
            for field in asked:
                if field.form == "documents":
                    named = query.get(field.name, "")
                    beside = signed_acts.securing(self._frame.gateway, case, named, self._trade.today())
                    case = case._replace(beside=beside)
            made = to_sign(act, case, query)
        except Refusal as refusal:
            return _not_to_be_signed(refusal, filled)
        given = [(field, understood(field, query)) for field in asked if not is_left_out(field, query)]
        return Page("sign.html", filled | {"to_sign": made, "given": [(field, said) for field, said in given if said]})

    def _case(self, record: TradeRecord[Any], reader: Reader) -> Case:
        """Put the reader's firm before a record, beside it those of its trade that the firm may see."""
        trade, today, firm = self._frame.gateway.trade, self._trade.today(), reader.holder.customer
        whole = trade.every(on=today, trade=record.trade or record.record_id, party=firm)
        return case_of(self._frame.gateway, record, firm, today, [each.record for each in whole])

    def _beginning(self, reader: Reader) -> Case:
        """Put the reader's firm where a trade begins, beside it the firm's latest contract."""
        trade, today, firm = self._frame.gateway.trade, self._trade.today(), reader.holder.customer
        latest = trade.page(on=today, limit=1, newest_first=True, kind=kind_of(SalesContract), party=firm)
        case = case_of(self._frame.gateway, None, firm, today, [each.record for each in latest])
        return case._replace(name=reader.name)

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
    """Give the page of what is signed from which the reader came to make a key; empty if it came from elsewhere."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_own = came_from.netloc == request.host and came_from.path.startswith(("/trade/records/", PROPOSE))
    return urlunsplit(("", "", came_from.path, came_from.query, "")) if is_own else ""


def _lines(request: web.Request) -> int:
    """Say how many lines of goods the reader wants a form to have: those it had, and more where it asks for more."""
    said = request.query.get("lines", "")
    had = int(said) if _COUNT(said) else 0
    return had + contracting.LINES if _MORE in request.query else had


def _typed(field: Field, query: Mapping[str, str]) -> Field:
    return field._replace(value=query.get(field.name, "").strip())


def _not_to_be_signed(refusal: Refusal, filled: dict[str, Any]) -> Page:
    """Show the form again as it was filled in, and say which field has to be otherwise, and why."""
    name = field_at(refusal.where)
    at = next((field for field in filled["fields"] if field.name == name), None)
    wrong = {"at": at, "where": refusal.where, "code": refusal.code.value}
    return Page("fill_in.html", filled | wrong, OUTCOMES[refusal.code].http)
