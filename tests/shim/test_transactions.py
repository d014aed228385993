"""What a chaincode learns about a transaction, and what it can answer."""

import asyncio
import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from chaincode.shim import ProposalError, Response, Stub
from tests.fakes.peer import FakePeer, Faults
from tests.shim.serving import count, serving

pytestmark = pytest.mark.asyncio


def a_certificate(attributes: bytes | None) -> bytes:
    """A certificate as Fabric CA issues it, with the extension that holds attributes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "courier")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
    )
    if attributes is not None:
        oid = ObjectIdentifier("1.2.3.4.5.6.7.8.1")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, attributes), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


async def test_a_chaincode_sees_what_was_proposed() -> None:
    seen: dict[str, Any] = {}

    async def look(stub: Stub) -> Response:
        for name in ("args", "tx_id", "channel_id", "timestamp_ms", "creator", "transient"):
            seen[name] = getattr(stub, name)
        return Response(payload=b"seen")

    async with serving(look) as server, FakePeer(server.port) as peer:
        outcome = await peer.execute(
            b"settle",
            b"\x00\xff",
            tx_id="a" * 64,
            channel_id="shanghai",
            timestamp_ms=1_700_000_000_987,
            msp_id="RegulatorMSP",
            certificate=b"PEM",
            transient={"lists": b"\x01", "empty": b""},
        )
    assert outcome.response.payload == b"seen"
    assert seen == {
        "args": (b"settle", b"\x00\xff"),
        "tx_id": "a" * 64,
        "channel_id": "shanghai",
        "timestamp_ms": 1_700_000_000_987,
        "creator": ("RegulatorMSP", b"PEM"),
        "transient": {"lists": b"\x01", "empty": b""},
    }


@pytest.mark.parametrize(
    ("extension", "attributes"),
    [
        (json.dumps({"attrs": {"waitan.role": "gateway"}}).encode(), {"waitan.role": "gateway"}),
        (b'{"attrs":{}}', {}),
        (None, {}),
        (b"not JSON", ProposalError),
        (b"\xff", ProposalError),
        (b"[]", ProposalError),
        (b'{"attrs": {"waitan.role": 1}}', ProposalError),
    ],
)
async def test_attributes_come_from_the_creators_certificate(
    extension: bytes | None, attributes: Mapping[str, str] | type[Exception]
) -> None:
    found: list[Any] = []

    async def look(stub: Stub) -> Response:
        try:
            found.append(stub.creator.attributes)
        except ProposalError as error:
            found.append(type(error))
        return Response()

    async with serving(look) as server, FakePeer(server.port) as peer:
        await peer.execute(certificate=a_certificate(extension))
    assert found == [attributes]


async def test_an_event_goes_out_with_the_answer() -> None:
    """The last one set is the one."""

    async def tell(stub: Stub) -> Response:
        stub.set_event("Forgotten")
        stub.set_event("Settled", b"7")
        return Response()

    async with serving(tell) as server, FakePeer(server.port) as peer:
        event = (await peer.execute()).event
        assert (event.event_name, event.payload) == ("Settled", b"7")


@pytest.mark.parametrize(
    ("init", "status", "type_"),
    [
        (False, 200, "COMPLETED"),
        (False, 404, "COMPLETED"),
        (False, 500, "COMPLETED"),
        (True, 200, "COMPLETED"),
        (True, 499, "COMPLETED"),
        (True, 500, "ERROR"),
        (True, 501, "ERROR"),
    ],
)
async def test_a_response_reaches_the_client_as_it_is(*, init: bool, status: int, type_: str) -> None:
    """Only an INIT that failed is an ERROR."""

    async def answer(stub: Stub) -> Response:
        return Response(status, b"payload", "message")

    async with serving(answer) as server, FakePeer(server.port) as peer:
        outcome = await peer.execute(init=init)
        assert outcome.type == type_
        if type_ == "COMPLETED":
            response = outcome.response
            assert (response.status, response.payload, response.message) == (status, b"payload", "message")
        else:
            assert outcome.error == "message"


async def test_three_thousand_transactions_on_one_stream_none_lost() -> None:
    """64 are in flight at a time, and the peer answers their requests in any order."""
    order = random.Random(7)

    async def shuffled(_: object) -> None:
        for _turn in range(order.randrange(4)):
            await asyncio.sleep(0)

    async with serving(count) as server, FakePeer(server.port, faults=Faults(pace=shuffled)) as peer:
        waiting = asyncio.Queue[int]()
        for number in range(3000):
            waiting.put_nowait(number)

        async def client() -> list[bool]:
            answers = []
            while not waiting.empty():
                number = waiting.get_nowait()
                outcome = await peer.execute(b"key-%d" % number, tx_id=f"tx-{number}")
                answers.append(outcome.type == "COMPLETED" and outcome.response.payload == b"1")
            return answers

        answers = [answer for each in await asyncio.gather(*(client() for _ in range(64))) for answer in each]
        assert len(answers) == 3000
        assert all(answers)
        assert len(peer.state.values) == 3000
        assert peer.dropped == []
        assert server.in_flight == 0


async def test_no_more_transactions_run_at_one_time_than_may() -> None:
    """The others wait their turn, in the order in which they came."""
    running = most = 0
    begun = []
    gate = asyncio.Event()
    all_in = asyncio.Event()

    async def hold(stub: Stub) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        begun.append(int(stub.args[0]))
        if running == 3:
            all_in.set()
        await gate.wait()
        running -= 1
        return Response()

    async with serving(hold, running_max=3) as server, FakePeer(server.port) as peer:
        transactions = [asyncio.create_task(peer.execute(b"%d" % number)) for number in range(9)]
        await all_in.wait()
        gate.set()
        outcomes = await asyncio.gather(*transactions)
    assert [outcome.type for outcome in outcomes] == ["COMPLETED"] * 9
    assert most == 3
    assert begun == list(range(9))
