"""A network of Fabric's own programs for the contract tests: one that runs, or one that is raised for them.

The contracts are deployed there once more under another name, with the same collections and the same endorsement, and
served from the tests' own process to the authorities' peers.
"""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from msgspec.structs import replace

from certification.authority import Authority, Issued
from chaincode.port import Place
from chaincode.shim import ChaincodeServer, Settings, Tls
from gateway import config, credentials
from gateway.cli.fabric.network import ground_of
from network import render
from network.deploy import deploy_beside
from network.doors import SETTINGS
from network.faults import NetworkFault
from network.lock import held
from network.material import CA
from network.native import Native
from network.nodes import LOOPBACK, Build
from network.nodes import chaincode as chaincode_of
from network.topology import PORTS_EACH, Kind, Organisation, Topology
from tests.builders import PROFILES
from tests.peers.endorsing import OK, Dialled, Endorsers
from tests.peers.losing import Forger, lost
from tests.peers.served import PUT, WRITES, Served, written

NAMES: Final = ("WAITAN_NETWORK", "WAITAN_FABRIC_BIN")
NONE_NAMED: Final = "WAITAN_NETWORK names no running network, and WAITAN_FABRIC_BIN no release binaries"
LOCK_S: Final = 120.0
_AS_DESCRIBED: Final = 0
_FROM, _OTHERS_FROM = 900, 180
"""Where, from the first port of a run, the ports begin of the usual organisations, and of those that the tests add."""


def is_named() -> bool:
    """Whether the environment names a network, or what one can be raised from."""
    return any(name in os.environ for name in NAMES)


@contextmanager
def found(directory: Path) -> Iterator[Build]:
    """Find the network, or raise one with every organisation of the tests."""
    from tests.network.test_real_network import FIRST_PORT, raised

    if "WAITAN_NETWORK" in os.environ:
        yield Build(Path(os.environ["WAITAN_NETWORK"]))
        return
    description = directory / "topology.yaml"
    description.write_bytes(_with_all(Topology.read(), FIRST_PORT).encode())
    with raised(directory / "net", _AS_DESCRIBED, "--topology", str(description)) as network:
        yield Build(network.path)


def _with_all(usual: Topology, first_port: int) -> Topology:
    """Add to the usual description whoever takes part in the tests and is not in it, on ports that no test has."""
    there = {each.name for each in usual.organisations}
    others = [each for each in PROFILES if each.participant not in there]
    placed = [replace(each, first_port=0) for each in usual.organisations]
    for number, each in enumerate(others):
        ports = first_port + _OTHERS_FROM + PORTS_EACH * number
        placed.append(Organisation(each.participant, Kind(each.kind), each.name, each.bic, first_port=ports))
    return replace(usual, first_port=first_port + _FROM, organisations=tuple(placed))


class Peers(NamedTuple):
    """A peer of each authority with the contracts on it, and what it takes to change their state by other means."""

    endorsers: Endorsers
    chaincodes: Mapping[str, Served]
    forgers: Sequence[Forger]

    async def put(self, writes: Mapping[Place, bytes | None]) -> int:
        """Write; give the block."""
        proposed = await self.endorsers.propose(PUT, {WRITES: written(writes)})
        assert [answer.status for answer in proposed.answers] == [OK, OK], proposed.answers
        return await self.endorsers.commit(proposed)

    async def lose(self, places: Collection[Place]) -> int:
        """Have there be private values that neither peer has; give the block. It takes a minute."""
        proposed = await self.endorsers.propose(PUT, {WRITES: written({})})
        return await self.endorsers.commit(lost(proposed, self.endorsers.chaincode, places, self.forgers))


@asynccontextmanager
async def deployed(build: Build) -> AsyncIterator[Peers]:
    """Deploy the contracts once more, and serve them meanwhile; skips where the network is no place for that."""
    ground, topology = ground_of(build), render.read_topology(build)
    if not isinstance(ground, Native):
        pytest.skip("the network runs in containers, which do not reach a chaincode server of this process")
    lacking = {each.participant for each in PROFILES} - {each.name for each in topology.organisations}
    if lacking:
        pytest.skip(f"the network lacks whom the tests need: waitan network add-bank {', '.join(sorted(lacking))}")
    name = f"contracts-{secrets.token_hex(4)}"
    addresses = {each.name: f"{LOOPBACK}:{_free_port()}" for each in topology.authorities}
    async with _alone(build):
        ids = await deploy_beside(ground, topology, name, addresses)
    async with AsyncExitStack() as stack:
        chaincodes = {each.name: Served() for each in topology.authorities}
        for each in topology.authorities:
            tls = build.node(chaincode_of(each)) / "tls"
            own = Tls.read(key=tls / "server.key", certificate=tls / "server.crt", peer_ca=tls / "ca.crt")
            settings = Settings(ids[each.name], addresses[each.name], tls=own, drain_max_s=0)
            server = ChaincodeServer(chaincodes[each.name].invoke, settings)
            await server.start()
            stack.push_async_callback(server.drain)
        endorsers = await stack.enter_async_context(_endorsers(build, topology, name))
        yield Peers(endorsers, chaincodes, [_forger(build, each) for each in topology.authorities])


def _forger(build: Build, organisation: Organisation) -> Forger:
    root = Issued.read(build.organisation(organisation.name), CA)
    return Forger.of(Authority(organisation.name, root), organisation.msp)


def _endorsers(build: Build, topology: Topology, name: str) -> Endorsers:
    """Reach a peer of each authority as Clearing's gateway does."""
    settings = config.load(build.organisation(topology.clearing.name) / SETTINGS, {})
    shown = credentials.read(settings)
    at: dict[str, Dialled] = {}
    for peer, tls in zip(settings.fabric.peers, shown.peers, strict=True):
        at.setdefault(peer.msp, Dialled(peer.name, peer.address, tls))
    peers = [at[each.msp] for each in topology.authorities]
    return Endorsers(shown.creator, shown.signer, peers, topology.network, name)


@asynccontextmanager
async def _alone(build: Build) -> AsyncIterator[None]:
    """Hold the network's lock, once nobody else does: another worker of the same run may be deploying too."""
    with contextlib.ExitStack() as stack:
        async with asyncio.timeout(LOCK_S):
            while True:
                try:
                    stack.enter_context(held(build, "the contract tests"))
                    break
                except NetworkFault:
                    await asyncio.sleep(0.1)
        yield


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
