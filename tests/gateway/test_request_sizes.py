"""How large a request may be at the operators' door: what is small on the wire and large in memory is not read."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import grpc
import pytest
import pytest_asyncio
from grpc import StatusCode, aio

from gateway.client import WaitanClient
from gateway.operators import codec, server, sizes
from gateway.wire_errors import WaitanError, read
from settlement.payments import parts
from settlement.payments.commands import SubmitPayment
from tests.expectations import PATIENCE_S
from tests.gateway.house import House, a_fresh_payment
from waitan.v1 import customs_pb2, payments_pb2

pytestmark = pytest.mark.asyncio(loop_scope="session")

EMPTY_PART: Final = b"\x0a\x00"
"""The first field, a message that holds nothing."""
SUBMIT: Final = "/waitan.v1.PaymentService/SubmitPayment"
STREAM: Final = "/waitan.v1.PaymentService/SubmitPayments"
FRAMES: Final = 32
"""How far from where memory is taken its caller in a test may be."""
LODGE: Final = "/waitan.v1.CustomsService/LodgeDeclarations"


@pytest_asyncio.fixture(loop_scope="session")
async def channel(house: House) -> AsyncIterator[aio.Channel]:
    address = f"localhost:{house.servers['banksh'].port}"
    async with aio.secure_channel(address, house.identity("banksh", "officer-1").channel_credentials()) as opened:
        yield opened


async def refused(call: Any) -> tuple[str, str]:
    """Say with which code a call was refused, and where."""
    with pytest.raises(aio.AioRpcError) as raised:
        await call
    error: WaitanError = read(raised.value, acted=False)
    return error.code, error.where


async def test_a_batch_of_very_many_parts_is_not_read(channel: aio.Channel) -> None:
    """Eight million payments without content have 16 MB, and would take four gigabytes."""
    very_many = EMPTY_PART * (sizes.PARTS_MAX + 1) + EMPTY_PART * sizes.SMALL_BYTES
    stream: Any = channel.stream_stream(STREAM, None, None)

    async def batches() -> AsyncIterator[bytes]:
        yield very_many

    assert await refused(stream(batches()).read()) == ("FF01", "")
    lodge: Any = channel.unary_unary(LODGE, None, None)
    assert await refused(lodge(very_many)) == ("FF01", "")


async def test_a_batch_of_too_many_is_told_so(channel: aio.Channel) -> None:
    lodge: Any = channel.unary_unary(LODGE, None, None)
    many = customs_pb2.LodgeDeclarationsRequest(declarations=[{"command": b"{}"}] * 101)
    assert await refused(lodge(many.SerializeToString())) == ("CH17", "declarations")


async def test_a_request_has_two_mebibytes(channel: aio.Channel) -> None:
    submit: Any = channel.unary_unary(SUBMIT, None, None)
    request = payments_pb2.SubmitPaymentRequest(payment=codec.write(a_fresh_payment(), payments_pb2.Payment))
    request.payment.remittance = "x" * (sizes.REQUEST_MAX_BYTES - 2 * request.ByteSize())
    assert (await refused(submit(request.SerializeToString())))[0] == "CH16"
    request.payment.remittance = "x" * sizes.REQUEST_MAX_BYTES
    assert await refused(submit(request.SerializeToString())) == ("FF01", "")


async def test_a_list_within_a_request_is_not_read_where_no_rule_allows_it(channel: aio.Channel) -> None:
    submit: Any = channel.unary_unary(SUBMIT, None, None)
    request = payments_pb2.SubmitPaymentRequest(payment=codec.write(a_fresh_payment(), payments_pb2.Payment))
    request.payment.regulatory_reporting.extend(payments_pb2.RegulatoryReporting() for _ in range(1001))
    assert await refused(submit(request.SerializeToString())) == ("CH17", "regulatory_reporting")


@pytest.mark.parametrize(
    ("data", "at_most_two"),
    [
        (b"", True),
        (b"\x0a\x00\x0a\x00", True),
        (b"\x0a\x00\x0a\x00\x0a\x00", False),
        (b"\x0a\x04\x0a\x00\x0a\x00", True),  # what is within is not counted
        (b"\x08\xff\xff\xff\xff\x0f\x0a\x00", True),
        (b"\x09" + bytes(8) + b"\x0d" + bytes(4), True),
        (b"\x0a\x80\x01" + bytes(128) + b"\x0a\x00", True),
        (b"\x0a\x80\x01" + bytes(127), False),
        (b"\x0a\x05\x00", False),
        (b"\x0b\x0c", False),  # a group, in which anything could be
        (b"\x0a", False),
        (b"\x0a\xff", False),
        (b"\x0e", False),
    ],
)
async def test_parts_are_counted_as_they_stand_on_the_wire(data: bytes, *, at_most_two: bool) -> None:
    assert sizes.has_at_most(2, data) is at_most_two


async def test_every_batch_of_the_protocol_is_counted_in_full() -> None:
    """As large as the largest that is let in: 500 payments, and what is in them."""
    request = payments_pb2.SubmitPaymentsRequest(payments=[codec.write(a_fresh_payment(), payments_pb2.Payment)] * 500)
    data = request.SerializeToString()
    assert (sizes.has_at_most(500, data), sizes.has_at_most(499, data)) == (True, False)
    assert not sizes.is_too_large(data, sizes.BATCH_MAX_BYTES)


async def test_what_is_sent_is_not_remembered_whatever_its_length() -> None:
    """Tables of what was seen before are bounded by how much they hold: one could fill them with megabytes each.

    What else this process does meanwhile, and what is made once, does not count: blocks as long as a text do, and
    those that were taken from here.
    """
    message: Any = codec.write(a_fresh_payment(), payments_pb2.Payment)
    size_bytes = len(f"{0:08}" * 20_000)
    tracemalloc.start(FRAMES)
    try:
        for number in range(20):
            text = f"{number:08}" * 20_000
            message.debtor_agent.name = text
            message.instructing_agent = text
            codec.read(message, SubmitPayment, payer="banksh", payee="bankist", requested_by="x")
            codec.normal_bic(text)
            assert not parts.is_bic(text)
            assert not parts.is_day(text)
        message.Clear()
        del text
        taken_here = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__, all_frames=True)])
    finally:
        tracemalloc.stop()
    assert [trace.size for trace in taken_here.traces if trace.size >= size_bytes] == []


async def test_nothing_is_unpacked(house: House) -> None:
    """What is packed small and unpacks to much would cost its sender next to nothing (as over HTTP)."""
    address = f"localhost:{house.servers['banksh'].port}"
    credentials = house.identity("banksh", "officer-1").channel_credentials()
    async with aio.secure_channel(address, credentials, compression=grpc.Compression.Gzip) as packing:
        call: Any = packing.unary_unary(SUBMIT, None, None)
        with pytest.raises(aio.AioRpcError) as raised:
            await call(b"\0" * 100_000)
    assert raised.value.code() is StatusCode.UNIMPLEMENTED


async def test_a_door_has_so_many_connections_and_no_more(house: House) -> None:
    """Handshakes that never end are among them; when one leaves, another has room."""
    opened = await server.serve(house.gateways["banksh"], "127.0.0.1:0", house.identity("banksh"), connections_max=2)
    try:
        held = [await asyncio.open_connection("127.0.0.1", opened.port) for _ in range(2)]
        held.append(await asyncio.open_connection("127.0.0.1", opened.port))
        ended = [asyncio.create_task(until_it_ends(reader)) for reader, _ in held]
        await asyncio.wait(ended, timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        assert [each.done() for each in ended] == [False, False, True]
        for _, writer in held:
            writer.transport.abort()
        await asyncio.gather(*ended)
        async with asyncio.timeout(PATIENCE_S):
            while not await has_room(house, opened.port):
                pass
    finally:
        await opened.close()


async def until_it_ends(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(1):
            pass


async def has_room(house: House, port: int) -> bool:
    try:
        async with WaitanClient(f"localhost:{port}", house.identity("banksh", "officer-2")) as client:
            return bool(await client.accounts())
    except WaitanError:
        return False
