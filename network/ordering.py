"""What has to be ordered: handed to an orderer, and done when a peer shows it.

Fabric's program can wait for a block's event, but it begins to listen beside sending, and of a block that comes first
it never hears. So it is not told to wait: the peers are asked for what was to come of it.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Final

from network.faults import NetworkFault, ToolFault
from network.ground import Ground
from network.nodes import Node, orderers
from network.topology import Topology

LIMIT_S: Final = 120.0
"""How long it is tried in all: no attempt begins later."""
SHOWN_S: Final = 20.0
"""How long peers may take to show what an orderer took, before it is sent again: a leader may have died with it."""
_AGAIN_S: Final = 0.5
_LOOK_S: Final = 0.1
_PASSING: Final = (
    *("SERVICE_UNAVAILABLE", "no Raft leader", "connection refused", "Unavailable", "failed to create"),
    "no answer within",
    "ProposalResponsePayloads do not match",
    "is not part of the channel",
)
"""What an orderer or a peer says that has just begun, and what is said of one that hangs or is down.

The last two are said of peers at different heights: one has not seen an approval, or the configuration, yet.
"""

Send = Callable[[tuple[str, ...]], Awaitable[object]]
"""Runs Fabric's program, given the options that name an orderer; raises `ToolFault`."""


def at_orderer(ground: Ground, orderer: Node) -> tuple[str, ...]:
    """Give the options that tell Fabric's `peer` which orderer to use."""
    root = ground.seen(ground.build.tls_root(orderer.organisation))
    return ("-o", ground.site.address(orderer), "--tls", "--cafile", root)


async def ordered(
    ground: Ground,
    topology: Topology,
    send: Send,
    is_shown: Callable[[], Awaitable[bool]],
    what: str,
    *,
    shown_s: float = SHOWN_S,
    limit_s: float = LIMIT_S,
) -> None:
    """Send until peers show what was to come of it, to one orderer after the other; raises `NetworkFault`.

    What was sent twice is refused the second time, so a refusal counts only where nothing is shown.
    """
    deadline = time.monotonic() + limit_s
    for node in itertools.cycle(orderers(topology)):
        try:
            await send(at_orderer(ground, node))
        except ToolFault as fault:
            if await _shown(is_shown):
                return
            if time.monotonic() >= deadline or not _passes(fault):
                raise
            await asyncio.sleep(_AGAIN_S)
        else:
            if await _within(min(shown_s, deadline - time.monotonic()), is_shown):
                return
            if time.monotonic() >= deadline:
                break
    see = f"{ground.build.command('status')}; {ground.build.command('logs')}"
    raise NetworkFault(f"{what}: the peers do not show it.", do=f"See: {see}")


async def _within(limit_s: float, is_shown: Callable[[], Awaitable[bool]]) -> bool:
    deadline = time.monotonic() + limit_s
    while not await _shown(is_shown):
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(_LOOK_S)
    return True


async def _shown(is_shown: Callable[[], Awaitable[bool]]) -> bool:
    """Ask whether it is there; a peer that cannot be asked now does not show it now."""
    try:
        return await is_shown()
    except ToolFault as fault:
        if _passes(fault):
            return False
        raise


def _passes(fault: ToolFault) -> bool:
    return any(word in fault.output for word in _PASSING)
