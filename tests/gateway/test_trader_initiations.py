"""A trader asks its bank to pay, over HTTP: recorded once, shown to it alone, and followed to the bank's word."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from lxml import etree

from gateway.client import WaitanClient
from gateway.ledger.lists import Outcome
from gateway.ledger.port import OutcomeUnknownError
from gateway.limits import Room
from gateway.traders import bodies, server
from gateway.traders.server import TradersServer
from gateway.traders.tokens import Tokens, mint
from tests.builders import SILK_ACCOUNT, SILK_LEI, a_decline, a_uetr
from tests.contracts.samples import register
from tests.expectations import PATIENCE_S
from tests.gateway.house import NETWORK, House, a_fresh_payment
from tests.initiation_messages import a_group, a_message, a_transfer
from tests.unit.iso20022 import samples
from waitan.v1.initiations_pb2 import INITIATION_STATE_EXPIRED, ReleaseInitiationRequest

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHERS_LEI: Final = "529900T8BM49AURSDO55"
NAMESPACE: Final = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"}


class Said(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        import json

        return dict(json.loads(self.body))

    def texts(self, name: str) -> list[str]:
        found = etree.fromstring(self.body).findall(f".//p:{name}", NAMESPACE)
        return [element.text or "" for element in found]


class Trader:
    """A customer of the paying bank, at its door."""

    def __init__(self, house: House, http: aiohttp.ClientSession) -> None:
        self._house: Final = house
        self._http: Final = http

    def token(self, customer: str = SILK_LEI) -> str:
        key = self._house.members["banksh"].service.key
        return mint(key, network=NETWORK, participant="banksh", customer=customer, now_s=int(time.time()))

    async def ask(
        self,
        message: str | bytes,
        key: str | None = "",
        *,
        customer: str = SILK_LEI,
        content_type: str = "application/xml",
        **headers: str,
    ) -> Said:
        """Post a message, under a fresh key unless one is given (None: without)."""
        sent = {"Authorization": f"Bearer {self.token(customer)}", "Content-Type": content_type}
        sent |= {} if key is None else {"Idempotency-Key": key or uuid4().hex}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = message.encode() if isinstance(message, str) else message
        async with self._http.post("/v1/payments", data=data, headers=sent) as response:
            return Said(response.status, response.headers.copy(), await response.read())

    async def look(self, path: str, *, customer: str = SILK_LEI, **headers: str) -> Said:
        """Get something."""
        sent = {"Authorization": f"Bearer {self.token(customer)}", **headers}
        async with self._http.get(path, headers=sent) as response:
            return Said(response.status, response.headers.copy(), await response.read())

    async def asked(self, message: str = "") -> str:
        """Ask for one payment; give its name."""
        said = await self.ask(message or a_message())
        assert said.status == 201, said.body
        return str(said.json["initiations"][0]["id"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(house: House, banksh: WaitanClient) -> AsyncIterator[TradersServer]:
    """The paying bank's door, with two customers."""
    await banksh.ask(register(SILK_LEI, accounts=(SILK_ACCOUNT,)))
    await banksh.ask(register(OTHERS_LEI, "Pudong Porcelain", accounts=("1",)))
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    opened = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def trader(house: House, door: TradersServer) -> AsyncIterator[Trader]:
    """A trader with a connection."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{door.port}") as http:
        yield Trader(house, http)


async def test_a_message_is_recorded_and_answered_where_each_payment_stands(trader: Trader) -> None:
    uetr = a_uetr()
    said = await trader.ask(a_message(a_group(a_transfer("1.00"), a_transfer("2.00", uetr=uetr)), message_id="HTTP-1"))
    assert said.status == 201
    assert said.headers["Cache-Control"] == "no-store"
    first, second = said.json["initiations"]
    assert (said.json["message_id"], said.headers["Location"]) == ("HTTP-1", f"/v1/initiations/{first['id']}")
    assert (first["state"], first["status"], first["amount"], first["end_to_end_id"]) == (
        "INITIATED",
        "ACTC",
        "1.00",
        "E2E-1",
    )
    assert second["uetr"] == uetr
    shown = await trader.look(said.headers["Location"])
    assert (shown.status, shown.json["id"], shown.json["state"]) == (200, first["id"], "INITIATED")


async def test_who_asked_stands_on_the_ledger_as_the_tokens_fingerprint(trader: Trader, banksh: WaitanClient) -> None:
    shown = await banksh.initiation(await trader.asked())
    assert len(shown.requested_by) == 64
    assert shown.customer == SILK_LEI


async def test_the_trader_follows_its_payment_to_the_end(trader: Trader, banksh: WaitanClient) -> None:
    """Released by an officer: the initiation names the payment, and the trader may look that up too."""
    name = await trader.asked()
    outcome = await banksh.release(ReleaseInitiationRequest(initiation_id=name))
    shown = (await trader.look(f"/v1/initiations/{name}")).json
    assert (shown["state"], shown["status"], shown["uetr"]) == ("RELEASED", "ACSC", outcome.uetr)
    assert "decided_at" in shown


async def test_a_no_is_told_with_its_reason(trader: Trader, banksh: WaitanClient) -> None:
    name = await trader.asked()
    await banksh.ask(a_decline(name, "AC06", text="Ask your adviser"))
    shown = (await trader.look(f"/v1/initiations/{name}")).json
    assert (shown["state"], shown["status"], shown["status_reason"], shown["text"]) == (
        "DECLINED",
        "RJCT",
        "AC06",
        "Ask your adviser",
    )


async def test_what_ran_out_is_told_so(trader: Trader, banksh: WaitanClient) -> None:
    name = await trader.asked(a_message(a_group(execution_date="2026-11-10")))
    shown = (await trader.look(f"/v1/initiations/{name}")).json
    assert (shown["state"], shown["status_reason"]) == ("EXPIRED", "DS24")
    assert (await banksh.initiation(name)).state == INITIATION_STATE_EXPIRED


async def test_a_bank_says_for_how_long_it_may_release(house: House, trader: Trader) -> None:
    """Here not beyond the execution date."""
    tokens = Tokens(house.members["banksh"].service.certificate, network=NETWORK, participant="banksh")
    strict = await server.serve(house.gateways["banksh"], tokens, "127.0.0.1", 0, initiation_days=0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{strict.port}") as http:
            [asked] = (await Trader(house, http).ask(a_message())).json["initiations"]
    finally:
        await strict.close()
    assert asked["expires_on"] == asked["execution_date"]


async def test_a_pain_002_is_there_for_who_wants_one(trader: Trader, banksh: WaitanClient) -> None:
    """As the answer, and later: about the whole message, each payment with its own status."""
    message = a_message(a_group(a_transfer(end_to_end_id="A"), a_transfer(end_to_end_id="B")), message_id="HTTP-XML")
    said = await trader.ask(message, Accept="application/xml")
    assert (said.status, said.texts("GrpSts"), said.texts("TxSts")) == (201, ["ACTC"], ["ACTC", "ACTC"])
    first, _ = said.texts("AcctSvcrRef")
    assert said.headers["Location"] == f"/v1/initiations/{first}"
    outcome = await banksh.release(ReleaseInitiationRequest(initiation_id=first))
    later = await trader.look(said.headers["Location"], Accept="application/xml")
    assert (later.texts("OrgnlMsgId"), later.texts("GrpSts")) == (["HTTP-XML"], ["PART"])
    assert (later.texts("TxSts"), later.texts("OrgnlUETR")) == (["ACSC", "ACTC"], [outcome.uetr])
    for each in (said, later):
        samples.schema("pain.002.001.10").assertValid(etree.fromstring(each.body))


async def test_the_same_again_is_answered_as_it_was(trader: Trader, banksh: WaitanClient) -> None:
    """Whatever has become of it since, under another token, and with other white space in it."""
    key, message = uuid4().hex, a_message()
    first = await trader.ask(message, key)
    await banksh.ask(a_decline(first.json["initiations"][0]["id"]))
    again = await trader.ask(message.replace("<GrpHdr>", "\n <GrpHdr>"), f'"{key}"')
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Location"] == first.headers["Location"]
    assert ("Idempotency-Hit" in first.headers, again.headers["Idempotency-Hit"]) == (False, "true")


async def test_a_key_with_other_content_is_refused(trader: Trader) -> None:
    key = uuid4().hex
    await trader.ask(a_message(), key)
    for other in (a_message(), "no message"):
        said = await trader.ask(other, key)
        assert (said.status, said.json["code"], said.json["where"]) == (422, "COMMAND_ID_REUSED", "Idempotency-Key")


async def test_a_refused_message_leaves_its_key_free(trader: Trader) -> None:
    key = uuid4().hex
    assert (await trader.ask(a_message(count=7), key)).status == 422
    assert (await trader.ask(a_message(), key)).status == 201


async def test_the_same_key_of_two_traders_is_two_keys(trader: Trader) -> None:
    key = uuid4().hex
    assert (await trader.ask(a_message(), key)).status == 201
    theirs = a_message().replace(SILK_ACCOUNT, "1")
    assert (await trader.ask(theirs, key, customer=OTHERS_LEI)).status == 201


async def test_while_it_is_under_way_it_is_not_begun_again(
    house: House, trader: Trader, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, key, message = house.gateways["banksh"], uuid4().hex, a_message()
    ask, begun, go = gateway.ask, asyncio.Event(), asyncio.Event()

    async def slowly(commands: Any) -> list[Outcome]:
        begun.set()
        await go.wait()
        return await ask(commands)

    monkeypatch.setattr(gateway, "ask", slowly)
    first = asyncio.create_task(trader.ask(message, key))
    await begun.wait()
    async with asyncio.timeout(PATIENCE_S):  # where it is begun again, it waits as the first does
        said = await trader.ask(message, key)
    assert (said.status, said.headers["Retry-After"]) == (409, "1")
    go.set()
    assert (await first).status == 201


async def test_an_unknown_outcome_is_no_refusal(house: House, trader: Trader, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway, key, message = house.gateways["banksh"], uuid4().hex, a_message()
    ask = gateway.ask

    async def lost(commands: Any) -> list[Outcome]:
        await ask(commands)
        raise OutcomeUnknownError("")

    monkeypatch.setattr(gateway, "ask", lost)
    said = await trader.ask(message, key)
    assert (said.status, said.json["code"], said.headers["Retry-After"]) == (503, "OUTCOME_UNKNOWN", "2")
    monkeypatch.undo()
    again = await trader.ask(message, key)
    assert (again.status, again.headers["Idempotency-Hit"]) == (201, "true")


async def test_a_message_identification_counts_once(trader: Trader) -> None:
    message = a_message()
    assert (await trader.ask(message)).status == 201
    said = await trader.ask(message)
    assert (said.status, said.json["code"], said.json["where"]) == (409, "DU01", "message_id")


async def test_a_used_uetr_is_refused(trader: Trader, banksh: WaitanClient) -> None:
    payment = a_fresh_payment("1.00")
    await banksh.submit(payment)
    said = await trader.ask(a_message(a_group(a_transfer(uetr=payment.uetr))))
    assert (said.status, said.json["code"], said.json["where"]) == (409, "DU03", "instructions.0.uetr")


async def test_all_that_is_wrong_is_told_at_its_element(trader: Trader) -> None:
    said = await trader.ask(a_message(a_group(a_transfer("0.00")), count=2))
    assert (said.status, said.headers["Content-Type"]) == (422, "application/problem+json")
    told = {(each["code"], each["where"].rpartition("/")[2]) for each in said.json["errors"]}
    assert told == {("AM18", "NbOfTxs"), ("AM01", "InstdAmt")}
    assert said.json["code"] == "AM18"


NOT_TAKEN: Final[dict[str, tuple[dict[str, Any], int, str]]] = {
    "no key": ({"key": None}, 422, "CH21"),
    "a key with a space": ({"key": "a b"}, 422, "CH16"),
    "a key with one quote": ({"key": '"abc'}, 422, "CH16"),
    "a long key": ({"key": "k" * 201}, 422, "CH16"),
    "no XML": ({"message": "{}"}, 400, "FF01"),
    "nothing": ({"message": ""}, 400, "FF01"),
    "a DTD": ({"message": '<!DOCTYPE x [<!ENTITY a "b">]>' + a_message().partition("\n")[2]}, 400, "FF01"),
    "a pacs.008": ({"message": samples.payment_xml()}, 400, "FF01"),
    "text": ({"content_type": "text/plain"}, 415, ""),
    "compressed": ({"message": gzip.compress(a_message().encode()), "Content_Encoding": "gzip"}, 415, ""),
    "too large": ({"message": a_message() + " " * bodies.MAX_BYTES}, 413, ""),
    "a stranger": ({"customer": "529900NOBODYHASREGIS"}, 403, "AG08"),
    "another's account": ({"customer": OTHERS_LEI}, 422, "AC01"),
}


@pytest.mark.parametrize("case", NOT_TAKEN)
async def test_what_is_not_taken_is_told_why(trader: Trader, case: str) -> None:
    given, status, code = NOT_TAKEN[case]
    said = await trader.ask(**{"message": a_message(), **given})
    assert (said.status, said.json.get("code", "")) == (status, code)


async def test_a_body_of_unknown_length_is_bounded_too(trader: Trader) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    said = await trader.ask(endless())  # type: ignore[arg-type]
    assert said.status == 413


NOT_THEIRS: Final = ("0" * 32, "%00", "%ed%a0%80", "x" * 2000)


async def test_anybody_elses_initiation_is_as_if_it_did_not_exist(trader: Trader) -> None:
    name = await trader.asked()
    asked = [(name, OTHERS_LEI), *((each, SILK_LEI) for each in NOT_THEIRS)]
    answers = [
        await trader.look(f"/v1/initiations/{each}", customer=customer, Accept=accept)
        for each, customer in asked
        for accept in ("application/json", "application/xml")
    ]
    assert {(said.status, said.body) for said in answers} == {(404, answers[0].body)}


async def test_without_a_token_nothing_is_asked(trader: Trader) -> None:
    for said in (
        await trader.ask(a_message(), Authorization="Bearer x"),
        await trader.look("/v1/initiations/00", Authorization=""),
    ):
        assert (said.status, said.json["code"]) == (401, "AG08")


async def test_no_answer_holds_what_was_refused(trader: Trader) -> None:
    said = await trader.ask(a_message().replace("Invoice 2026-118", "CANARY").replace(">100.00<", ">0.00<"))
    assert said.status == 422
    assert b"CANARY" not in said.body


async def test_where_there_is_no_room_a_trader_is_told_429_and_when_to_come_again(
    house: House, trader: Trader, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = house.gateways["banksh"]
    full = Room(1)
    monkeypatch.setattr(gateway, "room", full)
    message, key = a_message(), uuid4().hex
    with full.hold(1):
        said = await trader.ask(message, key)
    assert (said.status, said.json["code"]) == (429, "RATE_LIMITED")
    assert int(said.headers["Retry-After"]) >= 1
    assert (await trader.ask(message, key)).status == 201
