"""One organisation's gateway as a process over Fabric: its ledger, its courier, its doors, as the settings say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeVar

from gateway.app import Gateway
from gateway.attestation.authority import Authority, LocalAttestor
from gateway.attestation.port import Attestor
from gateway.attestation.remote import RemoteAttestor
from gateway.credentials import Credentials
from gateway.fabric_client import Deadlines, Keepalive, Peer
from gateway.ledger import courier_service
from gateway.ledger.courier import LocalCourier
from gateway.ledger.couriers import Couriers
from gateway.ledger.fabric import Channel, FabricLedger
from gateway.ledger.fabric_ways import Member
from gateway.ledger.port import Courier
from gateway.ledger.remote_courier import RemoteCourier
from gateway.limits import Open, Rates
from gateway.operation import door as operation
from gateway.operation import loop_lag, metrics, tracing
from gateway.operation.health import Health
from gateway.operators import server as operators
from gateway.operators.edge import Limits
from gateway.operators.reader_process import warm
from gateway.settings import Config, host_and_port
from gateway.traders import server as traders
from gateway.traders.server import TradersServer
from gateway.traders.tokens import Tokens

DEADLINES: Final = Deadlines()
"""5 s to endorse; where a peer is silent, another one is asked long before (gateway.ledger.fabric_ways)."""
GATHERING: Final = 1 / 3
"""For what share of the time that a large transaction took a courier waits, after it, for the next lists of those who
shared it. A transaction costs all processes of a network some 55 ms together, however few payments are in it."""


class ListenError(Exception):
    """An address cannot be had: `where` names the setting."""

    def __init__(self, where: str, address: str, reason: object) -> None:
        super().__init__(f"{address} cannot be had: {reason}")
        self.where: Final = where
        self.address: Final = address


class Running(NamedTuple):
    """A gateway that follows the ledger, the courier that is its own, and who knows how it is."""

    gateway: Gateway
    courier: Courier
    ledger: FabricLedger
    health: Health

    async def drain(self, drain_s: float) -> None:
        """Say that it is about to stop, and leave those who share out the callers time to hear it."""
        self.health.stop()
        await asyncio.sleep(drain_s)


class Opened(NamedTuple):
    """The ports of the doors; those that are not served are None."""

    grpc: int
    http: int
    courier: int | None
    operation: int | None


class _Open(Protocol):
    async def close(self) -> None:
        """Close."""


_Door = TypeVar("_Door", bound=_Open)


def fabric_ledger(config: Config, credentials: Credentials) -> FabricLedger:
    """Make the organisation's access to the ledger; nothing is sent yet."""
    fabric = config.fabric
    members = [
        Member(
            peer.msp,
            Peer.at(
                peer.address,
                tls,
                name=peer.name or peer.address,
                server_name=peer.name or None,
                deadlines=DEADLINES,
                keepalive=Keepalive(interval_s=fabric.keepalive_s),
            ),
        )
        for peer, tls in zip(fabric.peers, credentials.peers, strict=True)
    ]
    return FabricLedger(
        Channel(config.network, fabric.chaincode, fabric.endorsers),
        credentials.creator,
        credentials.signer,
        members,
        collections=None if fabric.msp in fabric.endorsers else (config.participant,),
    )


@asynccontextmanager
async def running(config: Config, credentials: Credentials) -> AsyncIterator[Running]:
    """Follow the ledger and be ready to ask it, without doors; at the end finish what is under way."""
    await asyncio.to_thread(Path(config.data).mkdir, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        if config.tracing.endpoint:
            stop = tracing.start(config.tracing.endpoint, config.tracing.share, config.participant)
            stack.push_async_callback(asyncio.to_thread, stop)
        await stack.enter_async_context(loop_lag.watched())
        ledger = fabric_ledger(config, credentials)
        stack.push_async_callback(ledger.close)
        own = LocalCourier(
            ledger,
            in_flight=config.courier.in_flight,
            participant=config.participant,
            gathering=GATHERING,
        )
        stack.push_async_callback(own.close)
        gateway = Gateway(
            participant=config.participant,
            ledger=ledger,
            courier=own if config.courier.serve else _courier(config, credentials, own, stack),
            credential=credentials.signing,
            directory=Path(config.data),
            under_way_max=config.under_way_max,
        )
        stack.push_async_callback(gateway.close)
        await gateway.start()
        yield Running(gateway, own, ledger, Health(lambda: (gateway,)))


def _courier(config: Config, credentials: Credentials, own: LocalCourier, stack: AsyncExitStack) -> Courier:
    """Give the couriers in the order in which they are asked, one's own last."""
    remotes = [
        RemoteCourier(at.address, identity)
        for at, identity in zip(config.courier.at, credentials.couriers, strict=True)
    ]
    for remote in remotes:
        stack.push_async_callback(remote.close)
    return Couriers(*remotes, own)


@asynccontextmanager
async def doors(config: Config, credentials: Credentials, running: Running) -> AsyncIterator[Opened]:
    """Open a gateway's doors; raises `ListenError`."""
    await asyncio.to_thread(warm)
    async with AsyncExitStack() as stack:
        watching = courier = None
        if config.operation.listen:  # the first to open and the last to close: it tells how the others are
            address = host_and_port(config.operation.listen)
            watching = await _opened(
                "operation.listen", config.operation.listen, operation.serve(running.health, *address), stack
            )
        metrics.CERTIFICATE_EXPIRES.labels(config.participant).set_function(credentials.service_expires_s)
        grpc = await _opened(
            "grpc.listen", config.grpc.listen, _serve_operators(config, credentials, running.gateway), stack
        )
        attestors = _attestors(config, credentials, running.gateway, stack)
        http = await _opened(
            "http.listen", config.http.listen, _serve_traders(config, credentials, running.gateway, attestors), stack
        )
        if config.courier.serve:
            courier = await _opened(
                "courier.listen", config.courier.listen, _serve_courier(config, credentials, running), stack
            )
        yield Opened(
            grpc.port,
            http.port,
            None if courier is None else courier.port,
            None if watching is None else watching.port,
        )


async def _serve_operators(config: Config, credentials: Credentials, gateway: Gateway) -> operators.Server:
    rates = Rates(config.grpc.rate_per_s, config.grpc.burst)
    return await operators.serve(
        gateway,
        config.grpc.listen,
        credentials.service,
        limits=Limits(rates, Open(config.grpc.calls_max), credentials.revoked),
        connections_max=config.grpc.connections_max,
        renewed=credentials.renewed,
    )


async def _serve_traders(
    config: Config, credentials: Credentials, gateway: Gateway, attestors: tuple[Attestor, ...]
) -> TradersServer:
    tokens = Tokens(
        credentials.service.certificate,
        network=gateway.network,
        participant=gateway.participant,
        issuers_=credentials.issuers,
        revocations=credentials.revocations,
    )
    tls = _Renewing(config, credentials) if config.http.ends_tls else None
    return await traders.serve(
        gateway,
        tokens,
        *config.http.address,
        tls=None if tls is None else tls.context,
        arriving=None if tls is None else tls.renew,
        initiation_days=config.http.initiation_days,
        rates=Rates(config.http.rate_per_s, config.http.burst),
        connections_max=config.http.connections_max,
        of_one_address_max=config.http.of_one_address_max,
        attestors=attestors,
    )


def _attestors(
    config: Config, credentials: Credentials, gateway: Gateway, stack: AsyncExitStack
) -> tuple[Attestor, ...]:
    """Give those that attest payments: where couriers are, and this gateway itself where it is one."""
    found: list[Attestor] = [LocalAttestor(Authority(gateway), gateway.participant)] if config.courier.serve else []
    for at, identity in zip(config.courier.at, credentials.couriers, strict=True):
        remote = RemoteAttestor(at.address, identity)
        stack.push_async_callback(remote.close)
        found.append(remote)
    return tuple(found)


async def _serve_courier(config: Config, credentials: Credentials, running: Running) -> operators.Server:
    gateway = running.gateway
    return await courier_service.serve(
        running.courier,
        gateway.participants,
        gateway.clock,
        config.courier.listen,
        credentials.service._replace(roots=credentials.senders or credentials.service.roots),
        grown=None if credentials.senders else gateway.grown,
        participant=gateway.participant,
        authority=Authority(gateway),
    )


async def _opened(where: str, address: str, opening: Awaitable[_Door], stack: AsyncExitStack) -> _Door:
    """Open a door, and close it with the others."""
    try:
        door = await opening
    except OSError as error:
        raise ListenError(where, address, error) from None
    stack.push_async_callback(door.close)
    return door


class _Renewing:
    """TLS 1.2 or later with the service's certificate, for clients without one, as its files are at each handshake."""

    def __init__(self, config: Config, credentials: Credentials) -> None:
        self._files: Final = config.service.certificate, config.service.key
        self._renewed: Final = credentials.renewed
        self._version = self._renewed.version
        self.context: Final = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(*self._files)

    def renew(self) -> None:
        """Load the files again where they have changed."""
        version = self._renewed.version
        if version != self._version:
            self._version = version
            self.context.load_cert_chain(*self._files)
