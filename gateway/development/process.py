"""One process that is a whole development network: the ledger, every organisation's gateway, the courier, the doors."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType
from typing import Final, NamedTuple

from gateway.app import Gateway, wall_clock_ms
from gateway.attestation.authority import Authority, LocalAttestor
from gateway.auth.certifying import development_certifier
from gateway.development.data_directory import DataDirectory, Endpoints
from gateway.development.members import Member, first_of
from gateway.ledger import courier_service
from gateway.ledger.courier import LocalCourier
from gateway.ledger.couriers import Couriers
from gateway.ledger.embedded import EmbeddedNetwork
from gateway.ledger.port import Courier
from gateway.limits import Open, Rates
from gateway.operation import door as operation
from gateway.operation import loop_lag
from gateway.operation.health import Health
from gateway.operators import server as operators
from gateway.operators.edge import Limits
from gateway.operators.reader_process import warm
from gateway.tls import TlsIdentity
from gateway.traders import server as traders
from gateway.traders.tokens import Tokens
from settlement.participants import AUTHORITIES
from settlement.parties import Kind

HOST: Final = "127.0.0.1"


class Ports(NamedTuple):
    """Where one organisation listens; 0 takes a free port."""

    grpc: int = 0
    http: int = 0


class Allowed(NamedTuple):
    """What one caller may ask at each door: calls a second for long and at once, calls open at a time; and connections.

    A development network has the usual limits of both doors; who measures what a door can do has others.
    """

    rate_per_s: float
    burst: int
    calls_max: int
    connections_max: int


class PortInUseError(Exception):
    """A port is taken."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port


def consecutive(members: Mapping[str, Member], grpc: int, http: int) -> dict[str, Ports]:
    """Give organisations ports one after another, in their order; from 0 on, free ones."""
    return {name: Ports(grpc and grpc + place, http and http + place) for place, name in enumerate(members)}


def require_free(ports: Mapping[str, Ports]) -> None:
    """Look whether all ports can be had; raises `PortInUseError`."""
    for port in (port for pair in ports.values() for port in pair if port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                raise PortInUseError(port) from None


class Network:
    """A network whose gateways run in this process, before its doors are opened."""

    def __init__(
        self,
        ledger: EmbeddedNetwork,
        members: dict[str, Member],
        gateways: dict[str, Gateway],
        couriers: dict[str, LocalCourier],
    ) -> None:
        self.ledger: Final = ledger
        self.members: Final = MappingProxyType(members)
        self.gateways: Final = MappingProxyType(gateways)
        self.couriers: Final = MappingProxyType(couriers)
        self.authorities: Final = MappingProxyType(
            {name: Authority(gateways[name]) for name, each in members.items() if each.profile.kind in AUTHORITIES}
        )
        self.health: Final = Health(gateways.values)

    async def caught_up(self) -> None:
        """Wait until every gateway has read what is on the ledger."""
        last = self.ledger.ledger.height - 1
        if last >= 0:
            await asyncio.gather(*(gateway.follower.reached(last) for gateway in self.gateways.values()))


@asynccontextmanager
async def running(directory: DataDirectory, clock: Callable[[], int] = wall_clock_ms) -> AsyncIterator[Network]:
    """Open the ledger and start every organisation's gateway; at the end finish what is under way.

    `clock` gives milliseconds since 1970, to the ledger and to all who use it.

    Raises `NoNetworkError`, what opening the ledger raises, and `LedgerCorruptError` where a gateway has read more of
    the ledger than is there.
    """
    members = directory.members()
    directory.require_ledger()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(loop_lag.watched())
        ledger = EmbeddedNetwork.open(directory.ledger, network=directory.description().network, clock=clock)
        stack.push_async_callback(ledger.close)
        access = {name: ledger.client(name, member.service.credential, clock) for name, member in members.items()}
        couriers = {name: LocalCourier(client, participant=name) for name, client in access.items()}
        for each in couriers.values():
            stack.push_async_callback(each.close)
        gateways = {}
        for name, member in members.items():
            gateways[name] = gateway = Gateway(
                participant=name,
                ledger=access[name],
                courier=_courier(name, couriers, first_of(members, Kind.CLEARING).participant),
                credential=member.service.credential,
                directory=directory.read,
                clock=clock,
            )
            stack.push_async_callback(gateway.close)
            access[name].require_seen(gateway.follower.height)
            await gateway.start()
        network = Network(ledger, members, gateways, couriers)
        await network.caught_up()
        yield network


def _courier(name: str, couriers: Mapping[str, LocalCourier], clearing: str) -> Courier:
    """Give an organisation clearing's courier, and its own for when that one cannot be reached.

    All of them are in this process, so they hand their lists over without a wire. Gateways of other processes do so at
    the service that an authority's courier has besides (`waitan.v1.CourierService`).
    """
    if name == clearing:
        return couriers[name]
    return Couriers(couriers[clearing], couriers[name])


@asynccontextmanager
async def doors(
    network: Network, directory: DataDirectory, ports: Mapping[str, Ports], allowed: Allowed | None = None
) -> AsyncIterator[Mapping[str, Endpoints]]:
    """Open every gateway's doors, and keep in the directory where they are; raises `PortInUseError`.

    The two authorities, who are members of every collection, carry lists for gateways of other processes as well.
    """
    require_free(ports)
    await asyncio.to_thread(warm)
    async with AsyncExitStack() as stack:
        opened = {}
        for name, gateway in network.gateways.items():
            opened[name] = await _open(network, gateway, ports[name], allowed, stack)
            directory.write_endpoints(name, opened[name])
        yield opened


@asynccontextmanager
async def operation_door(network: Network, port: int) -> AsyncIterator[int]:
    """Serve metrics and health of all gateways of this process (port 0: any); raises `PortInUseError`."""
    try:
        opened = await operation.serve(network.health, HOST, port)
    except OSError:
        raise PortInUseError(port) from None
    try:
        yield opened.port
    finally:
        await opened.close()


async def _open(
    network: Network, gateway: Gateway, ports: Ports, allowed: Allowed | None, stack: AsyncExitStack
) -> Endpoints:
    member = network.members[gateway.participant]
    certificate = member.service.certificate
    identity = TlsIdentity(certificate, member.service.key, member.ca.root.certificate)
    tokens = Tokens(certificate, network=gateway.network, participant=gateway.participant)
    try:
        limits = allowed and Limits(Rates(allowed.rate_per_s, allowed.burst), Open(allowed.calls_max))
        grpc = await operators.serve(gateway, f"{HOST}:{ports.grpc}", identity, limits=limits)
    except OSError:
        raise PortInUseError(ports.grpc) from None
    stack.push_async_callback(grpc.close)
    try:
        rates = allowed and Rates(allowed.rate_per_s, allowed.burst)
        connections_max = allowed.connections_max if allowed else traders.CONNECTIONS_MAX
        certifier = development_certifier(member.ca) if member.profile.kind is Kind.BANK else None
        http = await traders.serve(
            gateway,
            tokens,
            HOST,
            ports.http,
            rates=rates,
            connections_max=connections_max,
            certifier=certifier,
            attestors=[LocalAttestor(each, gateway.participant) for each in network.authorities.values()],
        )
    except OSError:
        raise PortInUseError(ports.http) from None
    stack.push_async_callback(http.close)
    courier = ""
    if member.profile.kind in AUTHORITIES:
        courier = f"{HOST}:{await _serve_courier(network, gateway, identity, stack)}"
    return Endpoints(grpc=f"{HOST}:{grpc.port}", http=f"http://{HOST}:{http.port}", courier=courier)


async def _serve_courier(network: Network, gateway: Gateway, identity: TlsIdentity, stack: AsyncExitStack) -> int:
    """Carry the lists of gateways in other processes, and attest payments for them; give the port."""
    service = await courier_service.serve(
        network.couriers[gateway.participant],
        gateway.participants,
        gateway.clock,
        f"{HOST}:0",
        identity,
        grown=gateway.grown,
        participant=gateway.participant,
        authority=network.authorities[gateway.participant],
    )
    stack.push_async_callback(service.close)
    return service.port
