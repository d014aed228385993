"""Which peers can be asked now, and whether those are enough to change the contracts.

The channel wants a definition approved by the majority of its organisations (its policy LifecycleEndorsement), so one
bank whose peer is away need not keep all others waiting. Both authorities must be there: they run the contracts.
"""

import asyncio
import json
import time
from typing import Final, NamedTuple

from network.faults import NetworkFault, ToolFault
from network.ground import Ground
from network.nodes import Node
from network.topology import Organisation, Topology

ANSWER_S: Final = 10.0
"""How long a peer may take until it says how many blocks it has; one that is down or hangs never does."""
LEVEL_S: Final = 30.0
"""How long a peer that was away may take to fetch what the others have: before, it would judge by old definitions."""
_PAUSE_S: Final = 0.2
_SILENCE: Final = ("context deadline exceeded", "no answer within")
"""What Fabric's program, and who waits for it, say of a peer that takes a call and does not answer."""


class Presence(NamedTuple):
    """A network's peers: those that answer and have what the others have, and those that do not."""

    present: tuple[Node, ...]
    absent: tuple[Node, ...]

    def of(self, organisation: Organisation) -> list[Node]:
        """Give an organisation's peers that are present."""
        return [peer for peer in self.present if peer.organisation.name == organisation.name]

    def first(self, organisation: Organisation) -> Node:
        """Give the one to ask for an organisation that is present."""
        return self.of(organisation)[0]

    def organisations(self, topology: Topology) -> list[Organisation]:
        """Give the organisations that are present with a peer at least."""
        return [each for each in topology.organisations if self.of(each)]


async def height(ground: Ground, topology: Topology, peer: Node) -> int:
    """Say how many blocks a peer has; raises `ToolFault`."""
    told = await ground.peer(peer, "channel", "getinfo", "-c", topology.network)
    return int(json.loads(told[told.index("{") :])["height"])


def is_silence(fault: ToolFault) -> bool:
    """Say whether a peer that was asked gave no answer at all; one that has just begun, or not joined, says so."""
    return any(words in fault.output for words in _SILENCE)


async def look(ground: Ground, topology: Topology) -> Presence:
    """Ask every peer how many blocks it has, and wait for those that have fewer than another."""
    peers = ground.site.all_peers(topology)
    heights = await asyncio.gather(*(_height(ground, topology, peer) for peer in peers))
    reached = max(heights)
    level = await asyncio.gather(
        *(_is_level(ground, topology, peer, had, reached) for peer, had in zip(peers, heights, strict=True))
    )
    present = tuple(peer for peer, is_level in zip(peers, level, strict=True) if is_level)
    return Presence(present, tuple(peer for peer in peers if peer not in present))


async def sufficient(ground: Ground, topology: Topology) -> Presence:
    """Give who is present; raises `NetworkFault` where those cannot change the contracts."""
    found = await look(ground, topology)
    there, needed = found.organisations(topology), majority(len(topology.organisations))
    if len(there) >= needed and all(each in there for each in topology.authorities):
        return found
    missing = [each.name for each in topology.organisations if each not in there]
    raise NetworkFault(
        f"Of {len(topology.organisations)} organisations {needed} must approve the contracts, both authorities among"
        f" them; no peer can be asked of {', '.join(missing)}.",
        do=f"See which are down or hang: {ground.build.command('status')}; start them again:"
        f" {ground.build.command('up')}; then the same again.",
    )


def majority(organisations: int) -> int:
    """Say how many of some organisations are the majority (Fabric, common/policies/implicitmeta.go)."""
    return organisations // 2 + 1


async def _height(ground: Ground, topology: Topology, peer: Node) -> int:
    """Say how many blocks a peer has, and 0 of one that does not say in time."""
    try:
        async with asyncio.timeout(ANSWER_S):
            while True:
                try:
                    return await height(ground, topology, peer)
                except ToolFault:  # it may be starting
                    await asyncio.sleep(_PAUSE_S)
    except TimeoutError:
        return 0


async def _is_level(ground: Ground, topology: Topology, peer: Node, had: int, reached: int) -> bool:
    """Say whether a peer that had so many blocks has those that another one had, or gets them in time."""
    deadline = time.monotonic() + LEVEL_S
    while 0 < had < reached and time.monotonic() < deadline:
        await asyncio.sleep(_PAUSE_S)
        had = await _height(ground, topology, peer)
    return 0 < reached <= had
