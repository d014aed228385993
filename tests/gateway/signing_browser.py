"""A trader's browser, by a program: it signs what stands on a page, as the page's module does."""

import base64
import html
import json
import re
from typing import Any, Final

import msgspec

from gateway.auth.scopes import Scope
from gateway.auth.signing import Credential, sign_document
from gateway.traders.web.frame import token_cookie
from settlement.forms import consent
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.invoice import InvoiceTerms, NoteTerms
from tests.gateway.doors import Doors
from tests.gateway.house import NETWORK
from tests.trade import BUYER, SELLER, TRADER

FIRMS: Final = {"banksh": SELLER.identifier, "bankist": BUYER.identifier}


class Browser:
    """A trader's, signed in at its bank."""

    def __init__(self, doors: Doors, at: str, scope: Scope = Scope.TRADER, customer: str = "") -> None:
        self._doors = doors
        self._at = at
        token = doors.token(at, scope, customer or FIRMS[at])
        self._cookie = {"Cookie": f"{token_cookie(at)}={token}"}
        self._person: Credential = doors.house.members[at].person(TRADER)

    async def page(self, path: str, **headers: str) -> tuple[int, str]:
        answer = await self._doors.ask(self._at, path, headers=self._cookie | headers)
        return answer.status, answer.body

    async def sign(self, path: str) -> tuple[int, Any]:
        """Do what the page's module does with what stands on the page."""
        status, text = await self.page(path)
        assert status == 200, text
        shown = html.unescape(re.findall(r"data-text>([^<]*)</pre>", text)[0])
        asked = re.findall(r'data-command="([^"]*)"', text)
        command = shown
        if asked:
            terms = msgspec.json.decode(shown, type=ContractTerms | InvoiceTerms | NoteTerms)
            signature = sign_document(NETWORK, terms, self._person)
            command = json.dumps(
                json.loads(html.unescape(asked[0])) | {"signature": signature}, separators=(",", ":"), sort_keys=True
            )
        signed = self._person.sign(consent.command_to_sign(NETWORK, command.encode()))
        body = {
            "command": command,
            "certificate": base64.b64encode(self._person.certificate).decode(),
            "signature": base64.b64encode(signed).decode(),
        }
        answer = await self._doors.ask(self._at, "/trade/commands", method="POST", headers=self._cookie, json=body)
        await self._doors.house.caught_up()
        return answer.status, answer.body
