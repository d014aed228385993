"""Hostile trade at the operators' door: characters that are not what they seem, bombs, and what is told nowhere."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Final

import grpc
import pytest
import pytest_asyncio
from grpc import StatusCode, aio
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.auth.signing import sign_document
from gateway.client import WaitanClient, WaitanError
from gateway.development.customers import TRADERS
from gateway.operation import metrics
from settlement.records import Command
from settlement.trade.contract_terms import ContractTerms
from settlement.trade.document import DocumentKind, IssueDocument
from settlement.trade.invoice import IssueInvoice
from settlement.trade.lading.commands import TransferBillOfLading
from tests.builders import an_application, an_id
from tests.customs_samples import declared, lodging, number
from tests.gateway.house import NETWORK, House, register_traders
from tests.lading import TEKSTIL, a_text, draft_command
from tests.trade import FABRIC, TRADER, a_document, a_proposal, an_invoice, some_terms
from waitan.v1 import common_pb2, payments_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY: Final = "CANARY7731"

HOSTILE: Final = {
    "a line end": f"{CANARY}\r\nX-Injected: 1",
    "a nul": f"{CANARY}\x00",
    "right to left": f"\u202e{CANARY}",
    "isolates": f"\u2066{CANARY}\u2069",
    "no width": f"{CANARY}\u200b",
    "look-alikes": f"{CANARY}\u0430\u0441",  # Cyrillic, as in a Latin "ac"
    "full width": f"{CANARY}\uff11",
    "a joined accent": f"{CANARY}e\u0301",
    "an escape": f"\x1b[31m{CANARY}",
}


def _invoice(text: str) -> Command:
    return IssueInvoice(command_id=an_id(), terms=an_invoice(text), signature="x")


def _paper(text: str) -> Command:
    return IssueDocument(command_id=an_id(), terms=a_document(DocumentKind.PACKING_LIST, number=text), signature="x")


def _issuer(text: str) -> Command:
    terms = a_document(DocumentKind.PACKING_LIST, issuer=text)
    return IssueDocument(command_id=an_id(), terms=terms, signature="x")


def _seller(text: str) -> Command:
    terms = some_terms()
    return a_proposal(replace(terms, seller=replace(terms.seller, name=text)))


NAMED: Final[dict[str, tuple[str, str, Callable[[str], Command]]]] = {
    "a contract's number": ("banksh", TRADER, lambda text: a_proposal(some_terms(text))),
    "a seller's name": ("banksh", TRADER, _seller),
    "a place of delivery": ("banksh", TRADER, lambda text: a_proposal(_delivered(text))),
    "goods": ("banksh", TRADER, lambda text: a_proposal(some_terms(lines=(replace(FABRIC, description=text),)))),
    "an invoice's number": ("banksh", TRADER, _invoice),
    "a document's number": ("banksh", TRADER, _paper),
    "a document's issuer": ("banksh", TRADER, _issuer),
    "a loan's number": ("banksh", TRADER, lambda text: an_application(number=text)),
    "a bill's id": (
        "banksh",
        TRADER,
        lambda text: TransferBillOfLading(command_id=an_id(), record_id=text, recipient=TEKSTIL),
    ),
    "a bill's reference": (
        "customs",
        "carrier-1",
        lambda text: replace(draft_command(), document=a_text().replace("YPLSHA2611001", _escaped(text))),
    ),
}
"""What a text of trade can be, who says it, and how."""


def _delivered(text: str) -> ContractTerms:
    terms = some_terms()
    return replace(terms, delivery=replace(terms.delivery, place=text))


def _escaped(text: str) -> str:
    """Write a text as it stands in JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def customers(banksh: WaitanClient, bankist: WaitanClient) -> AsyncIterator[None]:
    await register_traders(banksh=banksh, bankist=bankist)
    yield


@pytest.mark.parametrize("what", NAMED)
async def test_characters_that_are_not_what_they_seem_are_refused_and_told_nowhere(house: House, what: str) -> None:
    """In numbers, names and words of every kind of trade; the refusal names the field, and nothing repeats the text."""
    bank, name, build = NAMED[what]
    person = house.members[bank].person(name)
    with capture_logs() as lines:
        async with house.client(bank, name) as client:
            for case, text in HOSTILE.items():
                with pytest.raises(WaitanError) as raised:
                    await client.ask_signed(NETWORK, build(text), person)
                error = raised.value
                assert error.is_refusal, (case, error)
                assert error.status in {StatusCode.INVALID_ARGUMENT, StatusCode.NOT_FOUND}, (case, error)
                assert CANARY not in f"{error} {error.where} {error.meaning} {error.violations}", case
    assert {"call"} <= {line["event"] for line in lines}
    assert CANARY not in str(lines)
    assert CANARY not in metrics.exposition().decode()


async def test_what_trade_says_is_in_no_log_line_whether_done_or_refused(house: House) -> None:
    """A contract that is drawn up, signed, asked for and refused: numbers, names, goods, prices and places."""
    terms = replace(_delivered(f"{CANARY} Terminal"), number=f"{CANARY}-1")
    goods = declared(number=number(4711), counterparty=f"{CANARY} Findik", transport_document=f"{CANARY}-T")
    person = house.members["banksh"].person(TRADER)
    with capture_logs() as lines:
        async with house.client("banksh", TRADER) as client:
            await client.ask_signed(NETWORK, a_proposal(terms), person)
            with pytest.raises(WaitanError) as raised:
                await client.ask_signed(NETWORK, a_proposal(terms), person)
            assert raised.value.code == "ALREADY_EXISTS"
            assert CANARY not in str(raised.value)
            paper = a_document(DocumentKind.PACKING_LIST, number=f"{CANARY}-P")
            signature = sign_document(NETWORK, paper, person)
            await client.ask_signed(
                NETWORK, IssueDocument(command_id=an_id(), terms=paper, signature=signature), person
            )
            for outcome in await client.lodge(NETWORK, [lodging(goods)], person):
                assert CANARY not in str(outcome)
            found = [each async for each in client.trade_records(number=terms.number)]
            assert len(found) == 1
    await house.caught_up()
    assert {"call", "on the ledger"} <= {line["event"] for line in lines}
    for private in (CANARY, FABRIC.description, "58.00", TRADERS["bankist"].party.name):
        assert private not in str(lines), private
        assert private not in metrics.exposition().decode(), private


@pytest.mark.parametrize(
    ("method", "request_of"),
    [
        ("TradeService/ProposeContract", lambda padding: common_pb2.SignedCommand(command=padding)),
        ("PaymentService/SubmitMessage", lambda padding: payments_pb2.SubmitMessageRequest(document=padding)),
        ("BillOfLadingService/VerifyEnvelope", lambda padding: common_pb2.SignedCommand(command=padding)),
    ],
)
@pytest.mark.parametrize(
    ("compression", "status"),
    [
        (grpc.Compression.Gzip, StatusCode.UNIMPLEMENTED),
        (grpc.Compression.NoCompression, StatusCode.RESOURCE_EXHAUSTED),
    ],
)
async def test_a_bomb_is_not_unpacked(
    house: House,
    method: str,
    request_of: Callable[[bytes], object],
    compression: grpc.Compression,
    status: StatusCode,
) -> None:
    """Sixty-four megabytes of nothing, whole or as small as gRPC's compression makes them, are not even read."""
    credentials = house.identity("banksh", TRADER if "Trade" in method else "officer-1").channel_credentials()
    data = request_of(bytes(64 << 20)).SerializeToString()  # type: ignore[attr-defined]
    async with aio.secure_channel(
        f"localhost:{house.servers['banksh'].port}", credentials, compression=compression
    ) as channel:
        with pytest.raises(aio.AioRpcError) as raised:
            await channel.unary_unary(f"/waitan.v1.{method}", None, None)(data)
        assert raised.value.code() is status
