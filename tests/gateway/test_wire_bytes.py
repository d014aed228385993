"""Whatever bytes come over the wire, every method answers in time that they are wrong, and never that we are."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pool import Default
from grpc import StatusCode, aio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.attestation.authority import Authority
from gateway.ledger import courier_service
from gateway.operators.permissions import BETWEEN_GATEWAYS, PERMITTED, READS
from gateway.operators.server import SERVICES
from settlement.parties import Role
from tests.expectations import PATIENCE_S
from tests.gateway.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXAMPLES: Final = 8
SILENCE_S: Final = 0.2
"""How long a stream is heard that may have nothing to say."""

HEALTH: Final = ("/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch")
REFLECTION: Final = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
EVERY: Final = (*PERMITTED, *BETWEEN_GATEWAYS)


def described(method: str) -> MethodDescriptor:
    """Give what the protocol says of a method."""
    service, _, name = method.removeprefix("/").partition("/")
    return Default().FindServiceByName(service).methods_by_name[name]


WATCHING: Final = frozenset(
    {each for each in EVERY if described(each).server_streaming and not described(each).client_streaming} | {HEALTH[1]}
)
STREAMING: Final = frozenset({each for each in EVERY if described(each).client_streaming} | {REFLECTION})
OUR_FAULT: Final = frozenset({StatusCode.INTERNAL, StatusCode.UNKNOWN, StatusCode.DATA_LOSS, StatusCode.UNIMPLEMENTED})

PEOPLE: Final = {
    Role.GATEWAY: ("banksh", ""),
    Role.BANK_OFFICER: ("banksh", "officer-1"),
    Role.TRADER: ("banksh", "trader-1"),
    Role.CLEARING_OFFICER: ("clearing", "officer-1"),
    Role.SUPERVISOR: ("regulator", "supervisor-1"),
    Role.CUSTOMS_OFFICER: ("customs", "customs-1"),
    Role.TAX_OFFICER: ("customs", "tax-1"),
    Role.CARRIER: ("customs", "carrier-1"),
}
"""Somebody of each role, so that whatever a method lets in is heard."""


def varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def field(number: int, value: int | bytes) -> bytes:
    """Write a field as it stands on the wire: a number, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


TEXTS: Final = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=20).map(str.encode),
    st.sampled_from(
        [
            b"banksh",
            b"\xff\xfe",
            b"\x00",
            b"'; DROP TABLE payments;--",
            "\u202efdp.exe".encode(),
            b"a" * 5000,
            b"5f3f2c1e-8f0a-4a53-9d3b-2f6f2c8e7a11",
            b'{"type":"OpenAccount"}',
            b"[" * 3000,
            b"-1e999",
            b"CNY",
        ]
    ),
)
NUMBERS: Final = st.one_of(st.integers(0, 300), st.sampled_from([2**31, 2**32 - 1, 2**63, 2**64 - 1]))


def messages(parts: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Messages of some fields, whose values may be what `parts` gives."""
    fields = st.builds(field, st.integers(1, 46), st.one_of(NUMBERS, TEXTS, parts))
    return st.lists(fields, max_size=6).map(b"".join)


WIRE: Final = st.one_of(st.binary(max_size=60), st.recursive(messages(TEXTS), messages, max_leaves=6))


class Wire:
    """Connections of people of all roles, each to its organisation's door; and to the courier."""

    def __init__(self, house: House, courier_port: int) -> None:
        self._house: Final = house
        self._courier_port: Final = courier_port
        self._channels: Final[dict[tuple[str, str, int], aio.Channel]] = {}

    def channel(self, method: str, among: frozenset[Role] = frozenset(Role)) -> aio.Channel:
        """Give the connection of somebody who may call a method, of some roles."""
        roles = PERMITTED.get(method, frozenset({Role.BANK_OFFICER})) & among
        organisation, person = next(who for role, who in PEOPLE.items() if role in roles and role is not Role.GATEWAY)
        port, roots = self._house.servers[organisation].port, organisation
        if method in BETWEEN_GATEWAYS:
            (organisation, person), port, roots = PEOPLE[Role.GATEWAY], self._courier_port, "clearing"
        key = organisation, person, port
        if key not in self._channels:
            identity = self._house.identity(organisation, person, roots=roots)
            self._channels[key] = aio.secure_channel(f"localhost:{port}", identity.channel_credentials())
        return self._channels[key]

    async def status(self, method: str, data: bytes, among: frozenset[Role] = frozenset(Role)) -> StatusCode:
        """Send some bytes and give the status of the answer, or of the first of a stream."""
        channel = self.channel(method, among)
        try:
            if method in STREAMING:
                await channel.stream_stream(method, None, None)(iter((data,)), timeout=PATIENCE_S).read()
            elif method in WATCHING:
                call = channel.unary_stream(method, None, None)(data, timeout=PATIENCE_S)
                try:
                    await asyncio.wait_for(call.read(), SILENCE_S)
                except TimeoutError:
                    pass
                finally:
                    call.cancel()
            else:
                await channel.unary_unary(method, None, None)(data, timeout=PATIENCE_S)
        except aio.AioRpcError as error:
            return error.code()
        return StatusCode.OK

    async def ended(self, method: str, batches: list[bytes]) -> StatusCode:
        """Send some requests over one stream, hear all answers, and give the status with which it ends."""
        call: Any = self.channel(method).stream_stream(method, None, None)(iter(batches), timeout=PATIENCE_S)
        try:
            async for _ in call:
                pass
        except aio.AioRpcError as error:
            return error.code()
        return StatusCode.OK

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close(None)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wire(house: House) -> AsyncIterator[Wire]:
    clearing = house.gateways["clearing"]
    service = await courier_service.serve(
        house.courier,
        clearing.participants,
        clearing.clock,
        "localhost:0",
        house.identity("clearing"),
        grown=clearing.grown,
        authority=Authority(clearing),
    )
    wire = Wire(house, service.port)
    yield wire
    await wire.close()
    await service.close()


@pytest.mark.parametrize("method", [*EVERY, *HEALTH, REFLECTION])
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=WIRE)
async def test_no_bytes_are_our_fault_and_none_make_a_call_hang(wire: Wire, method: str, data: bytes) -> None:
    status = await wire.status(method, data)
    assert status not in OUR_FAULT
    assert status is not StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize("method", sorted(STREAMING))
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=st.lists(WIRE, max_size=5))
async def test_no_stream_of_bytes_is_our_fault_and_none_hangs(wire: Wire, method: str, batches: list[bytes]) -> None:
    """Many requests on one stream, or none: whichever is wrong, it ends, and in order."""
    status = await wire.ended(method, batches)
    assert status not in OUR_FAULT
    assert status not in {StatusCode.DEADLINE_EXCEEDED, StatusCode.CANCELLED}


@pytest.mark.parametrize("method", sorted(READS))
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=WIRE)
async def test_no_bytes_break_the_recording_of_a_read(wire: Wire, method: str, data: bytes) -> None:
    """At the regulator's gateway, which records what is asked before it answers."""
    status = await wire.status(method, data, frozenset({Role.SUPERVISOR}))
    assert status not in OUR_FAULT
    assert status is not StatusCode.DEADLINE_EXCEEDED


async def test_the_methods_are_those_of_the_services_that_are_served() -> None:
    found = {
        f"/{service}/{method.name}" for service in SERVICES for method in Default().FindServiceByName(service).methods
    }
    assert found == set(PERMITTED)


async def test_a_server_alone_knows_the_description_of_each_of_its_services() -> None:
    """In a process that has loaded nothing else, as a gateway's: reflection tells a client of each."""
    program = (
        "from gateway.operators.server import SERVICES\n"
        "from google.protobuf.descriptor_pool import Default\n"
        "print(*(Default().FindServiceByName(name).full_name for name in SERVICES))"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: ASYNC221 - a second
    assert told.stdout.split() == list(SERVICES)


NUMBERED: Final = {
    method: [each.number for each in described(method).input_type.fields if each.cpp_type == each.CPPTYPE_UINT64]
    for method in PERMITTED
}
"""The numbers of 64 bits that requests hold: places among events."""


@pytest.mark.parametrize("method", [method for method, numbers in NUMBERED.items() if numbers])
async def test_a_place_beyond_all_places_is_beyond_all_that_there_is(wire: Wire, method: str) -> None:
    """A watch from there on waits: for each method that names a place, whatever its size."""
    for number in NUMBERED[method]:
        for place in (2**63 - 1, 2**63, 2**64 - 1):
            assert await wire.status(method, field(number, place)) is StatusCode.OK, place


async def test_what_is_followed_goes_on_from_a_place() -> None:
    assert {method.rpartition("/")[2] for method, numbers in NUMBERED.items() if numbers} == {"WatchPayments"}


async def test_what_is_no_message_is_told_so(wire: Wire) -> None:
    for method in PERMITTED:
        assert await wire.status(method, b"\xff\xff\xff\xff") is StatusCode.INVALID_ARGUMENT, method
