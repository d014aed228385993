"""The server's door: who may dial it, what it says of its health, and how it ends."""

import ast
import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from fabric_protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chaincode import shim
from chaincode.shim import AddressError, ChaincodeServer, Response, Settings, ShimError, Stub, Tls
from tests.expectations import PATIENCE_S
from tests.fakes.fabric_msp import Authority, Issued
from tests.fakes.peer import FakePeer, Faults
from tests.shim.serving import CHAINCODE_ID, Gate, count, idle, serving

ROOT = Path(__file__).resolve().parents[2]
OURS = Authority("ClearingMSP")
THEIRS = Authority("BankshMSP")
SERVER = OURS.issue("chaincode")
TLS = Tls(SERVER.key_pem, SERVER.certificate_pem, OURS.root.certificate_pem)


def credentials(identity: Issued | None, trusts: Authority = OURS) -> grpc.ChannelCredentials:
    """How a peer dials: with a certificate, or without, and trusting one CA."""
    if identity is None:
        return grpc.ssl_channel_credentials(trusts.root.certificate_pem)
    return grpc.ssl_channel_credentials(trusts.root.certificate_pem, identity.key_pem, identity.certificate_pem)


@pytest.mark.asyncio
async def test_a_peer_of_the_same_organisation_may_dial() -> None:
    async with (
        serving(count, tls=TLS) as server,
        FakePeer(server.port, credentials=credentials(OURS.issue("peer0"))) as peer,
    ):
        assert (await peer.execute(b"a")).response.payload == b"1"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "dialled",
    [
        lambda: credentials(None),
        lambda: credentials(THEIRS.issue("peer0")),
        lambda: credentials(OURS.issue("peer0", until=timedelta(days=-1))),
        lambda: credentials(OURS.issue("peer0"), trusts=THEIRS),
        lambda: None,
    ],
    ids=["no-certificate", "another-organisation", "expired", "server-not-trusted", "plain-text"],
)
async def test_nobody_else_gets_as_far_as_a_stream(dialled: Callable[[], grpc.ChannelCredentials | None]) -> None:
    async with serving(count, tls=TLS) as server:
        with pytest.raises(ConnectionError):
            async with FakePeer(server.port, credentials=dialled()):
                pass
        assert server.peers == 0


def test_a_private_key_is_in_no_repr() -> None:
    assert "PRIVATE" not in repr(Settings(CHAINCODE_ID, "localhost:0", TLS))


def test_tls_is_read_from_files(tmp_path: Path) -> None:
    for name, content in (("key", TLS.key), ("certificate", TLS.certificate), ("peer_ca", TLS.peer_ca)):
        (tmp_path / name).write_bytes(content)
    assert Tls.read(**{name: tmp_path / name for name in ("key", "certificate", "peer_ca")}) == TLS


@pytest.mark.parametrize(
    "wrong",
    [
        {"chaincode_id": ""},
        {"address": ""},
        {"running_max": 0},
        {"waiting_max": -1},
        {"message_max_bytes": 4095},
        {"transaction_max_s": 0},
        {"registration_max_s": 0},
        {"drain_max_s": -1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ShimError):
        Settings(**({"chaincode_id": CHAINCODE_ID, "address": "localhost:0"} | wrong))


def test_left_alone_a_server_takes_what_a_peer_sends_and_answers_before_it_gives_up() -> None:
    """A peer endorses 2,500 proposals at a time, and waits 30 s for a chaincode (core.yaml)."""
    usual = Settings(CHAINCODE_ID, "localhost:0")
    assert usual.waiting_max >= 2_500
    assert usual.transaction_max_s < 30


@pytest.mark.asyncio
async def test_a_taken_port_is_an_error_that_names_the_address() -> None:
    async with serving(idle) as server:
        second = ChaincodeServer(idle, Settings(CHAINCODE_ID, f"localhost:{server.port}"))
        with pytest.raises(AddressError) as caught:
            await second.start()
        assert caught.value.address == f"localhost:{server.port}"
        await second.drain()


async def health(port: int, service: str) -> Any:
    """What the health service says."""
    async with grpc.aio.insecure_channel(f"localhost:{port}") as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        return (await health_pb2_grpc.HealthStub(channel).Check(request)).status


async def not_serving(port: int, service: str) -> None:
    """Wait until the health service says so."""
    async with grpc.aio.insecure_channel(f"localhost:{port}") as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        async for told in health_pb2_grpc.HealthStub(channel).Watch(request):
            if told.status == health_pb2.HealthCheckResponse.NOT_SERVING:
                return


@pytest.mark.asyncio
@pytest.mark.parametrize("service", ["", "protos.Chaincode"])
async def test_health_says_serving_until_the_server_drains(service: str) -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    async with (
        serving(count, drain_max_s=PATIENCE_S) as server,
        FakePeer(server.port, faults=Faults(pace=gate)) as peer,
    ):
        assert await health(server.port, service) == health_pb2.HealthCheckResponse.SERVING
        transaction = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        draining = asyncio.create_task(server.drain())
        await not_serving(server.port, service)
        gate.opened.set()
        await asyncio.gather(transaction, draining)


async def asked(port: int, request: bytes = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n") -> bytes:
    """What the health door answers to a request; nothing where it hangs up."""
    reader, writer = await asyncio.open_connection("localhost", port)
    writer.write(request)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.asyncio
async def test_the_health_door_says_the_same_in_plain_http() -> None:
    """To the health check of a container, which has no client of gRPC."""
    gate = Gate("GET_STATE_MULTIPLE")
    async with (
        serving(count, tls=TLS, drain_max_s=PATIENCE_S, health_address="localhost:0") as server,
        FakePeer(server.port, credentials=credentials(OURS.issue("peer0")), faults=Faults(pace=gate)) as peer,
    ):
        port = server.health_door.port
        assert (await asked(port)).startswith(b"HTTP/1.0 200 OK\r\n")
        transaction = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        draining = asyncio.create_task(server.drain())
        await asyncio.sleep(0)
        assert (await asked(port)).startswith(b"HTTP/1.0 503 ")
        gate.opened.set()
        await asyncio.gather(transaction, draining)
    with pytest.raises(OSError, match="Connect call failed"):
        await asked(port)


@pytest.mark.asyncio
@pytest.mark.parametrize("request_", [b"", b"GET /healthz", b"x" * 10_000], ids=["nothing", "half", "endless"])
async def test_what_is_no_request_is_not_answered_at_the_health_door(request_: bytes) -> None:
    async with serving(idle, health_address="localhost:0") as server:
        with contextlib.suppress(ConnectionResetError):  # of what it has not read, the system may say so
            assert await asked(server.health_door.port, request_) == b""
        assert (await asked(server.health_door.port)).startswith(b"HTTP/1.0 200 OK\r\n")


@pytest.mark.asyncio
async def test_a_health_door_that_cannot_open_is_an_error_that_names_its_address() -> None:
    async with serving(idle, health_address="localhost:0") as server:
        address = f"localhost:{server.health_door.port}"
        with pytest.raises(AddressError) as caught:
            await ChaincodeServer(idle, Settings(CHAINCODE_ID, "localhost:0", health_address=address)).start()
        assert caught.value.address == address


@pytest.mark.asyncio
async def test_draining_ends_what_runs_and_takes_nothing_new() -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    async with (
        serving(count, drain_max_s=PATIENCE_S) as server,
        FakePeer(server.port, faults=Faults(pace=gate)) as peer,
    ):
        running = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        draining = asyncio.create_task(server.drain())
        await not_serving(server.port, "")
        assert (await peer.execute(b"b")).error.startswith("the chaincode server is stopping (reference ")
        assert not draining.done()
        gate.opened.set()
        assert (await running).response.payload == b"1"
        assert await peer.ended is grpc.StatusCode.OK
        await draining


@pytest.mark.asyncio
async def test_draining_waits_for_the_last_of_several() -> None:
    gate = Gate("GET_STATE_MULTIPLE")

    async def chaincode(stub: Stub) -> Response:
        return await (count(stub) if stub.args == (b"late",) else idle(stub))

    async with (
        serving(chaincode, drain_max_s=PATIENCE_S) as server,
        FakePeer(server.port, faults=Faults(pace=gate)) as peer,
    ):
        late = asyncio.create_task(peer.execute(b"late"))
        await gate.reached.wait()
        assert (await peer.execute(b"early")).type == "COMPLETED"
        draining = asyncio.create_task(server.drain())
        await not_serving(server.port, "")
        assert not draining.done()
        gate.opened.set()
        assert (await late).response.payload == b"1"
        await draining


@pytest.mark.asyncio
async def test_draining_sends_every_answer_before_it_ends_the_stream() -> None:
    """Also those that all become ready at one time, and are more than a connection takes at once."""
    ready = asyncio.Event()

    async def talkative(_: Stub) -> Response:
        await ready.wait()
        return Response(payload=b"v" * 20_000)

    async with serving(talkative, drain_max_s=PATIENCE_S) as server, FakePeer(server.port) as peer:
        running = [asyncio.create_task(peer.execute()) for _ in range(30)]
        async with asyncio.timeout(PATIENCE_S):
            while server.in_flight < len(running):
                await peer.send(type=ChaincodeMessage.KEEPALIVE)
        draining = asyncio.create_task(server.drain())
        await not_serving(server.port, "")
        ready.set()
        outcomes = await asyncio.gather(*running)
        await draining
    assert [outcome.type for outcome in outcomes] == ["COMPLETED"] * 30


@pytest.mark.asyncio
async def test_a_stream_that_ends_sends_what_was_answered_on_it() -> None:
    ready = asyncio.Event()

    async def talkative(_: Stub) -> Response:
        await ready.wait()
        return Response(payload=b"v" * 20_000)

    async with serving(talkative) as server, FakePeer(server.port) as peer:
        running = [asyncio.create_task(peer.execute()) for _ in range(30)]
        async with asyncio.timeout(PATIENCE_S):
            while server.in_flight < len(running):
                await peer.send(type=ChaincodeMessage.KEEPALIVE)
        (stream,) = server._streams
        ready.set()
        await server._admission.empty()
        stream.end()
        outcomes = await asyncio.gather(*running)
    assert [outcome.type for outcome in outcomes] == ["COMPLETED"] * 30


@pytest.mark.asyncio
async def test_draining_waits_no_longer_than_it_was_told() -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    async with (
        serving(count, drain_max_s=0.05) as server,
        FakePeer(server.port, faults=Faults(pace=gate)) as peer,
    ):
        running = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        await server.drain()
        with pytest.raises(ConnectionError):
            await running


@pytest.mark.asyncio
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_what_runs_come_to_its_end(name: signal.Signals) -> None:
    gate = Gate("GET_STATE_MULTIPLE")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shim.counting", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int((await process.stdout.readline()).split()[1])
    async with FakePeer(port, faults=Faults(pace=gate)) as peer:
        running = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        process.send_signal(name)
        while (await peer.execute(tx_id="probe")).error[:35] != "the chaincode server is stopping (r":
            pass
        gate.opened.set()
        assert (await running).response.payload == b"1"
    assert await process.wait() == 0


@pytest.mark.asyncio
async def test_a_server_that_is_killed_leaves_the_peer_with_an_error() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shim.counting", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    port = int((await process.stdout.readline()).split()[1])
    gate = Gate("GET_STATE_MULTIPLE")
    async with FakePeer(port, faults=Faults(pace=gate)) as peer:
        running = asyncio.create_task(peer.execute(b"a"))
        await gate.reached.wait()
        process.kill()
        with pytest.raises(ConnectionError):
            await running
    await process.communicate()


def test_the_package_stands_alone() -> None:
    """It may be lifted out: beside the standard library it needs Fabric's messages, gRPC, and a few libraries."""
    needed = set()
    for path in Path(shim.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                needed.add(node.module)
            elif isinstance(node, ast.Import):
                needed |= {alias.name for alias in node.names}
    foreign = {name.partition(".")[0] for name in needed if not name.startswith("chaincode.shim")}
    allowed = {"cryptography", "fabric_protos", "google", "grpc", "grpc_health", "structlog"}
    assert foreign - sys.stdlib_module_names == allowed
