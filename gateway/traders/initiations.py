"""A trader asks its bank to pay, and follows what the bank says.

POST /v1/payments          a pain.001.001.09, or the same in JSON: every payment in it is recorded, or none is
GET  /v1/initiations/{id}  how one stands; as application/xml, a pain.002 of its whole message

`Idempotency-Key` names the request: with the same content again it is answered as it first was (`Idempotency-Hit`),
with other content 422, while it is under way 409. What the key names follows from the ledger, so it is so after any
restart; keys of two traders are two keys.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from msgspec.structs import replace

from gateway.app import Gateway
from gateway.releases import Releases
from gateway.traders import bodies
from gateway.traders import initiation_views as views
from gateway.traders.accepting import JSON, XML, chosen
from gateway.traders.edge import HOLDER
from gateway.traders.payments import answer as reply
from gateway.traders.problems import problem, refused
from gateway.traders.strict_json import decode
from settlement import identifiers
from settlement.errors import Code, Refusal
from settlement.iso20022 import customer_initiation
from settlement.iso20022.customer_initiation import Asked
from settlement.payments import initiation
from settlement.payments.initiation import InitiatePayments, Initiation, Instruction
from settlement.records import Record

VALID_DAYS: Final = 5
"""For how many days after the requested execution date the bank may release, unless it is set otherwise."""

OK: Final = 200
_KEY: Final = re.compile(r'(?P<quote>"?)(?P<key>[!#-~]{1,200})(?P=quote)').fullmatch


class PaymentsAsked(Record):
    """What a trader asks for, in JSON: the fields of the message, and each payment as an instruction."""

    message_id: str
    created_at: str
    instructions: tuple[Instruction, ...]


class Initiations:
    """The two routes, for the customers of one bank."""

    def __init__(self, gateway: Gateway, *, valid_days: int = VALID_DAYS) -> None:
        self._gateway: Final = gateway
        self._valid_days: Final = valid_days
        self._releases: Final = Releases(gateway)
        self._under_way: Final[set[str]] = set()

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_post("/v1/payments", self.initiate)
        router.add_get("/v1/initiations/{id}", self.show)

    async def initiate(self, request: web.Request) -> web.StreamResponse:
        """Record what a pain.001 asks for."""
        holder = request[HOLDER]
        command_id = _command_id(holder.customer, request.headers.getall("Idempotency-Key", ()))
        body = await bodies.take(request, (XML, "text/xml", JSON))
        if command_id in self._under_way:
            return _try_again(problem(409, "", "A request with this Idempotency-Key is under way."))
        self._under_way.add(command_id)
        try:
            asked = Asked(holder.customer, command_id, self._valid_days, holder.fingerprint)
            return await self._recorded(request, body, asked)
        finally:
            self._under_way.discard(command_id)

    async def show(self, request: web.Request) -> web.Response:
        """Show one to the trader who asked for it; any other is as if it did not exist."""
        customer = request[HOLDER].customer
        view = self._releases.find(request.match_info["id"])
        own = self._gateway.participant
        if (view.bank, view.record.customer) != (own, customer):
            raise Refusal(Code.NOT_FOUND, "initiation_id")
        if not _wants_xml(request):
            return reply(views.shown(view.record, self._releases.status(view)))
        message = self._gateway.initiations.of_message(own, customer, view.record.message_id)
        return self._report([(each.record, self._releases.status(each)) for each in message])

    async def _recorded(self, request: web.Request, body: bytes, asked: Asked) -> web.Response:
        self._gateway.require_serving()
        before = self._before(asked.command_id)
        try:
            command = await self._read(request, body, asked)
        except Refusal:
            if before:
                return _other_content()
            raise
        if not before:
            found = self._found(command)
            self._require_unused(command)
            (outcome,) = await self._gateway.ask([command])
            if not outcome.code:
                return self._answer(request, found)
            before = self._before(asked.command_id)  # another gateway of this bank may have been asked the same
            if outcome.code != Code.COMMAND_ID_REUSED or not before:
                raise Refusal(Code(outcome.code), outcome.where)
        if not _is_same(command, before):
            return _other_content()
        response = self._answer(request, before)
        response.headers["Idempotency-Hit"] = "true"
        return response

    async def _read(self, request: web.Request, body: bytes, asked: Asked) -> InitiatePayments:
        """Read what is asked for; raises `Refusal`."""
        if request.content_type == JSON:
            return _command(decode(body, PaymentsAsked), asked)
        return await asyncio.to_thread(customer_initiation.read, body, asked, bank_bic=self._bank_bic())

    def _before(self, command_id: str) -> list[Initiation]:
        views_ = self._gateway.initiations.of_command(self._gateway.participant, command_id)
        return [view.record for view in views_]

    def _found(self, command: InitiatePayments) -> list[Initiation]:
        """Give what the ledger is going to record; raises `Refusal` as the ledger would."""
        customer = self._gateway.queries.customer(self._gateway.participant, command.customer)
        now_ms = self._gateway.clock()
        return list(initiation.initiated(command, customer=customer, bank_bic=self._bank_bic(), at_ms=now_ms))

    def _require_unused(self, command: InitiatePayments) -> None:
        """Refuse a UETR that the bank has used (DU03): released, it would be refused anyway."""
        given = [each.uetr for each in command.instructions if each.uetr]
        used = self._gateway.queries.used(self._gateway.participant, given)
        for place, each in enumerate(command.instructions):
            if each.uetr in used:
                raise Refusal(Code.DU03, f"instructions.{place}.uetr")

    def _answer(self, request: web.Request, records: Sequence[Initiation]) -> web.Response:
        asked = [views.as_asked(record) for record in records]
        if _wants_xml(request):
            response = self._report([(record, initiation.status_of(record)) for record in asked], status=201)
        else:
            response = reply(views.answer(asked), 201)
        response.headers["Location"] = f"/v1/initiations/{asked[0].initiation_id}"
        return response

    def _report(self, told: Sequence[views.Told], status: int = OK) -> web.Response:
        body, etag = views.report(told, bank_bic=self._bank_bic(), now_ms=self._gateway.clock())
        headers = {"ETag": etag} if status == OK else {}
        return web.Response(body=body, status=status, content_type=XML, charset="utf-8", headers=headers)

    def _bank_bic(self) -> str:
        return self._gateway.participants()[self._gateway.participant].organisation.bic


def _command_id(customer: str, given: Sequence[str]) -> str:
    """Name the command: it follows from the key and whose it is."""
    if not given:
        raise Refusal(Code.CH21, "Idempotency-Key")
    key = _KEY(given[0])
    if key is None or len(given) > 1:
        raise Refusal(Code.CH16, "Idempotency-Key")
    return hashlib.sha256(f"idempotency|{customer}|{key['key']}".encode()).hexdigest()[:32]


def _command(body: PaymentsAsked, asked: Asked) -> InitiatePayments:
    """Say a body in JSON as the command that a pain.001 of the same content would be; BICs have eleven characters."""
    return InitiatePayments(
        requested_by=asked.requested_by,
        command_id=asked.command_id,
        customer=asked.customer,
        message_id=body.message_id,
        created_at=body.created_at,
        valid_days=asked.valid_days,
        instructions=tuple(
            replace(each, creditor_agent=replace(each.creditor_agent, bic=_bic(each.creditor_agent.bic)))
            for each in body.instructions
        ),
    )


def _bic(text: str) -> str:
    """Give a BIC its eleven characters; what is none stays as it is, for the checks to refuse."""
    try:
        return identifiers.bic(text)
    except Refusal:
        return text


def _is_same(command: InitiatePayments, before: Sequence[Initiation]) -> bool:
    """Say whether a message asks for what was recorded: all of it, in its order."""
    recorded = replace(command, instructions=tuple(record.instruction for record in before))
    return recorded == command and all(
        (record.message_id, record.created_at) == (command.message_id, command.created_at) for record in before
    )


def _other_content() -> web.Response:
    return refused(Code.COMMAND_ID_REUSED, "Idempotency-Key", status=422)


def _try_again(response: web.Response) -> web.Response:
    response.headers["Retry-After"] = "1"
    return response


def _wants_xml(request: web.Request) -> bool:
    return chosen(request, (JSON, XML)) == XML
