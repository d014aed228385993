"""The operators' server: all services of one gateway on one address, for clients with a certificate."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import grpc
from grpc import aio
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio as health  # type: ignore[attr-defined]  # not in its stubs
from grpc_health.v1.health_pb2 import HealthCheckResponse
from grpc_reflection.v1alpha import reflection

from gateway.app import Gateway
from gateway.auth.callers import OwnPeople
from gateway.operators import sizes
from gateway.operators.accounts import Accounts
from gateway.operators.bills_of_lading import BillsOfLading
from gateway.operators.customs import Customs
from gateway.operators.days import Days
from gateway.operators.edge import Edge, Limits
from gateway.operators.financing import Financings
from gateway.operators.initiations import Initiations
from gateway.operators.participants import Participants
from gateway.operators.payments import AS_BYTES, Payments
from gateway.operators.permissions import PERMITTED
from gateway.operators.rulings import Rulings
from gateway.operators.supervision import Recording, Supervisions
from gateway.operators.trade import Trade
from gateway.operators.trade_documents import TradeDocuments
from gateway.projection.faults import FeedBrokenError
from gateway.tls import KEEPALIVE, TlsIdentity, reloading
from gateway.watched import Watched
from waitan.v1 import (
    accounts_pb2,
    accounts_pb2_grpc,
    bills_of_lading_pb2,
    bills_of_lading_pb2_grpc,
    customs_pb2,
    customs_pb2_grpc,
    days_pb2,
    days_pb2_grpc,
    documents_pb2,
    documents_pb2_grpc,
    financing_pb2,
    financing_pb2_grpc,
    initiations_pb2,
    initiations_pb2_grpc,
    participants_pb2,
    participants_pb2_grpc,
    payments_pb2,
    payments_pb2_grpc,
    rulings_pb2,
    rulings_pb2_grpc,
    supervision_pb2,
    supervision_pb2_grpc,
    trade_pb2,
    trade_pb2_grpc,
)

_PROTOCOL: Final = (
    payments_pb2,
    initiations_pb2,
    participants_pb2,
    accounts_pb2,
    days_pb2,
    trade_pb2,
    documents_pb2,
    customs_pb2,
    bills_of_lading_pb2,
    financing_pb2,
    rulings_pb2,
    supervision_pb2,
)

SERVICES: Final = tuple(
    service.full_name for file in _PROTOCOL for service in file.DESCRIPTOR.services_by_name.values()
)
"""By their descriptions, so that reflection has those of all: a service of signed commands alone uses no message of its
own file, whose description nothing else loads."""

CONNECTIONS_MAX: Final = 5000
"""How many connections a door has unless it is set otherwise, handshakes under way included."""

OPTIONS: Final = (
    ("grpc.max_receive_message_length", sizes.BATCH_MAX_BYTES),
    ("grpc.compression_enabled_algorithms_bitset", 1),
    ("grpc.max_concurrent_streams", 1000),
    *KEEPALIVE,
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.server_handshake_timeout_ms", 10_000),
    ("grpc.so_reuseport", 0),
)
"""An address has one server. Nothing is unpacked: 15 kB would do as much work here as 15 MB that were sent."""

GRACE_S: Final = 5.0
"""How long RPCs under way may take when the server stops."""


class Server:
    """A running gRPC server; `port` is where it listens."""

    def __init__(
        self,
        server: aio.Server,
        watched: Any,
        port: int,
        *,
        stop: Callable[[], None],
        close: Callable[[], Awaitable[None]],
        telling: "asyncio.Task[None]",
    ) -> None:
        self._server: Final = server
        self._health: Final = watched
        self._stop: Final = stop
        self._close: Final = close
        self._telling: Final = telling
        self.port: Final = port

    async def close(self) -> None:
        """Say that no more is taken, let what is under way finish, and stop."""
        self._telling.cancel()
        await asyncio.wait((self._telling,))
        await self._health.enter_graceful_shutdown()
        self._stop()
        await self._server.stop(GRACE_S)
        await self._close()


def empty(edge: Edge, connections_max: int = CONNECTIONS_MAX) -> aio.Server:
    """Make a server without services, behind an edge.

    Its methods are found by name, not registered one by one as generated code would have it: grpc.aio keeps a task for
    each registered method and with every call waits for all of them anew (120 methods took a tenth of a call's time).
    """
    options = (*OPTIONS, ("grpc.max_allowed_incoming_connections", connections_max))
    server = aio.server(interceptors=[edge], options=options)
    server.add_registered_method_handlers = _registers_nothing  # type: ignore[attr-defined]  # not in its stubs
    return server


def _registers_nothing(_: str, __: Any) -> None:
    """Leave methods to be found by name."""


async def serve(
    gateway: Gateway,
    address: str,
    identity: TlsIdentity,
    *,
    limits: Limits | None = None,
    connections_max: int = CONNECTIONS_MAX,
    renewed: Watched[TlsIdentity] | None = None,
) -> Server:
    """Start all services of a gateway on `host:port` (port 0: any); raises `OSError` where that cannot be had.

    Clients must show a certificate of the organisation's own CA, `identity.roots`. What is `renewed` is shown in the
    next handshake.
    """
    payments = Payments(gateway)
    people = OwnPeople(gateway.participant, gateway.participants, gateway.clock)
    edge = Edge(people, PERMITTED, AS_BYTES, limits, gateway.participant, noting=Recording(gateway))
    server = empty(edge, connections_max)
    payments_pb2_grpc.add_PaymentServiceServicer_to_server(payments, server)
    initiations_pb2_grpc.add_InitiationServiceServicer_to_server(Initiations(gateway), server)
    participants_pb2_grpc.add_ParticipantServiceServicer_to_server(Participants(gateway), server)
    accounts_pb2_grpc.add_AccountServiceServicer_to_server(Accounts(gateway), server)
    days_pb2_grpc.add_DayServiceServicer_to_server(Days(gateway), server)
    trade_pb2_grpc.add_TradeServiceServicer_to_server(Trade(gateway), server)
    customs_pb2_grpc.add_CustomsServiceServicer_to_server(Customs(gateway), server)
    documents_pb2_grpc.add_DocumentServiceServicer_to_server(TradeDocuments(gateway), server)
    bills_of_lading_pb2_grpc.add_BillOfLadingServiceServicer_to_server(BillsOfLading(gateway), server)
    financing_pb2_grpc.add_FinancingServiceServicer_to_server(Financings(gateway), server)
    rulings_pb2_grpc.add_RulingServiceServicer_to_server(Rulings(gateway), server)
    supervision_pb2_grpc.add_SupervisionServiceServicer_to_server(Supervisions(gateway), server)
    return await start(
        server,
        SERVICES,
        address,
        identity.server_credentials() if renewed is None else reloading(renewed),
        stop=payments.stop,
        close=payments.close,
        ready=None if gateway.is_serving else gateway.onboarded,
        stopped=gateway.follower.stopped,
    )


def go_on() -> None:
    """Stop nothing."""


async def nothing() -> None:
    """Close nothing."""


async def never() -> None:
    """Wait for what does not come."""
    await asyncio.Event().wait()


async def start(
    server: aio.Server,
    services: tuple[str, ...],
    address: str,
    credentials: grpc.ServerCredentials,
    *,
    stop: Callable[[], None] = go_on,
    close: Callable[[], Awaitable[None]] = nothing,
    ready: Callable[[], Awaitable[None]] | None = None,
    stopped: Callable[[], Awaitable[None]] = never,
) -> Server:
    """Add health and reflection for some services, bind, and start.

    `stop` is called when the server is about to stop, and `close` when it has stopped.
    Where something has to be `ready` first, what stands behind the services does not serve until then, and once
    `stopped` returns it serves no more; health says so.
    """
    watched = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(watched, server)
    reflection.enable_server_reflection((*services, "grpc.health.v1.Health", reflection.SERVICE_NAME), server)
    try:
        port = server.add_secure_port(address, credentials)
    except RuntimeError as error:
        raise OSError(f"{address} cannot be had: {error}") from None
    await server.start()
    await _set(watched, services, serves=ready is None)
    telling = asyncio.create_task(_tell(watched, services, ready, stopped))
    return Server(server, watched, port, stop=stop, close=close, telling=telling)


async def _tell(
    watched: Any,
    services: tuple[str, ...],
    ready: Callable[[], Awaitable[None]] | None,
    stopped: Callable[[], Awaitable[None]],
) -> None:
    """Let health say when the services begin to serve, and when they serve no more."""
    if ready is not None:
        try:
            await ready()
        except FeedBrokenError:
            return
        await _set(watched, services, serves=True)
    await stopped()
    await _set(watched, services, serves=False)


async def _set(watched: Any, services: tuple[str, ...], *, serves: bool) -> None:
    for service in ("", *services):
        await watched.set(service, HealthCheckResponse.SERVING if serves else HealthCheckResponse.NOT_SERVING)
