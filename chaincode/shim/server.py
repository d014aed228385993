"""The server that peers dial (protos.Chaincode/Connect), its health, and its end."""

import asyncio
import contextlib
import signal
from typing import Any, Final

import grpc
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer

from chaincode.shim.admission import Admission
from chaincode.shim.errors import AddressError
from chaincode.shim.health import HealthDoor
from chaincode.shim.running import Chaincode
from chaincode.shim.settings import Settings
from chaincode.shim.stream import PeerStream, State

log = structlog.get_logger()

SERVICE: Final = "protos.Chaincode"
CLOSING_MAX_S: Final = 3.0
"""How long the streams may take to end, once nothing runs; each may send its last messages for 2 s (stream)."""


class ChaincodeServer:
    """Serves one chaincode to every peer that dials it; each peer has a stream, and they share the places to run."""

    def __init__(self, chaincode: Chaincode, settings: Settings) -> None:
        self.port = 0
        """The port on which it listens, once it has started."""
        self._chaincode: Final = chaincode
        self._settings: Final = settings
        self._admission: Final = Admission(settings.running_max, settings.waiting_max)
        self._streams: Final[set[PeerStream]] = set()
        self._health: Final[Any] = HealthServicer()
        self.health_door: Final = HealthDoor(lambda: self._serves)
        self._serves = False
        self._server: grpc.aio.Server | None = None

    @property
    def in_flight(self) -> int:
        """How many transactions run or wait."""
        return self._admission.inside

    @property
    def peers(self) -> int:
        """How many streams are ready for transactions."""
        return sum(stream.state is State.READY for stream in self._streams)

    async def serve(self) -> None:
        """Start, serve until SIGTERM or SIGINT, and drain. It has to run in the main thread."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        await self.start()
        try:
            await stop.wait()
        finally:
            await self.drain()

    async def start(self) -> None:
        """Listen; AddressError where that cannot be, such as when a port is taken."""
        server = grpc.aio.server(options=_options(self._settings))
        handlers = {"Connect": grpc.stream_stream_rpc_method_handler(self._connect)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        self.port = _listen(server, self._settings)
        await self._open_health_door()
        await server.start()
        self._server = server
        for service in ("", SERVICE):
            await self._health.set(service, health_pb2.HealthCheckResponse.SERVING)
        self._serves = True
        log.info("chaincode server started", chaincode_id=self._settings.chaincode_id, port=self.port)

    async def drain(self) -> None:
        """Refuse new transactions, let those that run end (up to `drain_max_s`), then end the streams and stop."""
        if self._server is None:
            return
        self._serves = False
        await self._health.enter_graceful_shutdown()
        self._admission.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._admission.empty(), self._settings.drain_max_s)
        if self._admission.inside:
            log.error("transactions cut off", count=self._admission.inside)
        for stream in self._streams:
            stream.end()
        await self._server.stop(grace=CLOSING_MAX_S)
        await self.health_door.close()
        self._server = None
        log.info("chaincode server stopped")

    async def _open_health_door(self) -> None:
        address = self._settings.health_address
        if not address:
            return
        try:
            await self.health_door.open(address)
        except OSError:
            raise AddressError(address) from None

    async def _connect(self, _requests: Any, context: Any) -> None:
        stream = PeerStream(self._chaincode, self._settings, self._admission, context)
        self._streams.add(stream)
        try:
            await stream.run()
        finally:
            self._streams.discard(stream)


def _options(settings: Settings) -> list[tuple[str, int]]:
    """Sizes and pings as Fabric's own chaincode servers have them (fabric-chaincode-go, shim/internal/server.go).

    What is sent is measured before (exchange). A peer asks once a minute whether we live: one that does so a little
    early must not be hung up on, with all its transactions.
    """
    return [
        ("grpc.max_receive_message_length", settings.message_max_bytes),
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.http2.ping_timeout_ms", 20_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", 30_000),
        # Two servers on one port would share its connections, and a peer would find now one, now the other.
        ("grpc.so_reuseport", 0),
    ]


def _listen(server: grpc.aio.Server, settings: Settings) -> int:
    tls = settings.tls
    try:
        if tls is None:
            return server.add_insecure_port(settings.address)
        credentials = grpc.ssl_server_credentials(
            [(tls.key, tls.certificate)], root_certificates=tls.peer_ca, require_client_auth=True
        )
        return server.add_secure_port(settings.address, credentials)
    except RuntimeError:
        raise AddressError(settings.address) from None
