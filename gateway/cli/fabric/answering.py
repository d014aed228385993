"""Whether the peers find their way to the contracts: gossip tells them of the endorsers some time after a start.

Each organisation's peers are asked what is there, once for each authority, as its gateway would ask.
"""

import asyncio
import tempfile
from collections.abc import Collection, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from gateway import config, credentials
from gateway.credentials import Credentials
from gateway.fabric_client import Contract, EvaluateError, Gateway, Peer
from gateway.settings import Config, CourierSettings
from network import doors
from network.faults import NetworkFault
from network.ground import Ground
from network.nodes import Build
from network.topology import Organisation, Topology

LIMIT_S: Final = 60.0
"""How long the peers may take in all."""
ABOUT: Final = "about"
"""The query that every certificate may ask."""
_PAUSE_S: Final = 0.2
_SHOWN: Final = 5
"""Of how many ways is told what was heard there last."""


class Asker(NamedTuple):
    """A gateway's settings, as this machine sees the network, and what it shows; its own peers' names, in order."""

    settings: Config
    shown: Credentials
    peers: tuple[str, ...]


class Way(NamedTuple):
    """A peer, and the MSP of an authority to whose contracts it is to find."""

    peer: str
    endorser: str


def askers(ground: Ground, topology: Topology) -> list[Asker]:
    """Give every organisation's gateway; raises `gateway.config.ConfigError`."""
    return [_asker(ground, topology, each) for each in topology.organisations]


def _asker(ground: Ground, topology: Topology, organisation: Organisation) -> Asker:
    text = doors.settings(ground.site.outside(ground.build.path), topology, organisation)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        # Who asks from here carries its own lists: no courier's door may be open yet.
        settings = msgspec.structs.replace(config.load(Path(file.name), {}), courier=CourierSettings())
    names = tuple(peer.name for peer in ground.site.peers(organisation))
    return Asker(settings, credentials.read(settings), names)


async def all_answer(
    build: Build, asked: Iterable[Asker], *, without: Collection[str] = (), limit_s: float = LIMIT_S
) -> None:
    """Wait until a query through every gateway's every own peer is answered by each authority's contracts.

    Peers named in `without` are not asked. Raises `NetworkFault`, which names who gets no answer, and from whom.
    """
    async with AsyncExitStack() as stack:
        ways: dict[Way, Contract] = {}
        for each in asked:
            for name, contract in await _contracts(stack, each, without):
                ways |= {Way(name, endorser): contract for endorser in each.settings.fabric.endorsers}
        heard = dict.fromkeys(ways, "no answer")
        try:
            async with asyncio.timeout(limit_s):
                await asyncio.gather(*(_answered(way, contract, heard) for way, contract in ways.items()))
        except TimeoutError:
            raise _silent(build, heard, limit_s) from None


async def _contracts(stack: AsyncExitStack, asker: Asker, without: Collection[str]) -> list[tuple[str, Contract]]:
    """Give the contracts as each of a gateway's own peers shows them; what is opened is the stack's to close."""
    settings, shown = asker.settings, asker.shown
    own = [
        (peer, tls)
        for peer, tls in zip(settings.fabric.peers, shown.peers, strict=True)
        if peer.msp == settings.fabric.msp
    ]
    found = []
    for name, (at, tls) in zip(asker.peers, own, strict=True):
        if name not in without:
            peer = await stack.enter_async_context(Peer.at(at.address, tls, name=name, server_name=at.name or None))
            gateway = Gateway(peer, shown.creator, shown.signer)
            found.append((name, gateway.contract(settings.network, settings.fabric.chaincode)))
    return found


async def _answered(way: Way, contract: Contract, heard: dict[Way, str]) -> None:
    """Ask until there is an answer; what was heard last stands in `heard`, and nothing once it is there."""
    while way in heard:
        try:
            await contract.evaluate(ABOUT, organisations=(way.endorser,))
        except EvaluateError as error:
            heard[way] = str(error)
            await asyncio.sleep(_PAUSE_S)
        else:
            del heard[way]


def _silent(build: Build, heard: dict[Way, str], limit_s: float) -> NetworkFault:
    first = min(heard)
    more = f", nor on {len(heard) - 1} more ways" if len(heard) > 1 else ""
    return NetworkFault(
        f"{first.peer} has had no answer from the contracts of {first.endorser} for {limit_s:.0f} s{more}.",
        do=f"See which are down or hang: {build.command('status')}; and what {first.peer} says:"
        f" {build.command(f'logs {first.peer}')}; then the same again.",
        details=tuple(f"{way.peer}, {way.endorser}: {heard[way]}" for way in sorted(heard)[:_SHOWN]),
    )
