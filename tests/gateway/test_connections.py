"""A connection to a gateway, a courier or an authority: it goes there directly, and one that hangs is noticed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import grpc
import pytest

from gateway import tls
from gateway.tls import TlsIdentity
from tests.fakes.fabric_msp import Authority
from tests.fakes.wire import Wire

PINGS: Final = 6
"""And what else a client says by itself, so many that some are pings for which nothing was said before."""
SOON_S: Final = 30.0
"""Half of what gRPC takes by itself."""


def test_a_connection_that_died_is_noticed_within_forty_seconds() -> None:
    assert sum(value for name, value in tls.KEEPALIVE if name.endswith("_ms")) == 40_000


def an_identity() -> TlsIdentity:
    authority = Authority("BankMSP")
    issued = authority.issue("gateway")
    return TlsIdentity(issued.certificate_pem, issued.key_pem, authority.root.certificate_pem)


@pytest.mark.asyncio
async def test_no_proxy_of_the_environment_is_asked(nobodys_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("grpc_proxy", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{nobodys_port}")
    identity = an_identity()
    server = grpc.aio.server()
    port = server.add_secure_port("127.0.0.1:0", identity.server_credentials())
    await server.start()
    try:
        async with identity.channel(f"localhost:{port}") as channel:
            await asyncio.wait_for(channel.channel_ready(), SOON_S)
    finally:
        await server.stop(None)


@pytest.mark.asyncio
async def test_a_connection_whose_other_side_hangs_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes what is sent and says nothing, as a process does that was stopped: its kernel answers for it.

    Also where nothing has been said for long: a watch sends nothing but pings, of which gRPC by itself sends two.
    """
    sooner = tuple((name, value // 2 if "timeout" in name else value // 60) for name, value in tls.KEEPALIVE)
    monkeypatch.setattr(tls, "KEEPALIVE", sooner)
    identity = an_identity()
    told = asyncio.Event()

    async def talks(*_: Any) -> AsyncIterator[bytes]:
        yield b"first"
        await told.wait()

    server = grpc.aio.server(options=(("grpc.http2.min_ping_interval_without_data_ms", 1),))
    handlers = {"Follow": grpc.unary_stream_rpc_method_handler(talks)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("waitan.Talk", handlers),))
    wire = Wire(server.add_secure_port("127.0.0.1:0", identity.server_credentials()))
    await server.start()
    await wire.open()
    try:
        async with identity.channel(f"localhost:{wire.port}") as channel:
            follow: Any = channel.unary_stream
            call = follow("/waitan.Talk/Follow")(b"")
            assert await call.read() == b"first"
            async with asyncio.timeout(SOON_S):
                for _ in range(PINGS):
                    wire.sent.clear()
                    await wire.sent.wait()
            wire.silence()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await asyncio.wait_for(call.read(), SOON_S)
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    finally:
        told.set()
        await server.stop(None)
        await wire.close()
