"""Orderers that stay behind the others for good, though they answer.

A SmartBFT orderer that has fallen behind fetches the blocks that it missed. Where one is being decided at that moment,
Fabric 3.1.5's (SmartBFT 1.0.1) can stop there for ever: the controller hands a decision to a view that has ended, and
the view changer waits for the controller. It serves its old blocks, logs nothing and takes no part, and nobody notices
until one more fails and there is no quorum. Started again, it is well. One that stops when there is no quorum any more
is as high as the others, and is not found here.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from network import participation
from network.faults import NetworkFault
from network.nodes import Build, Node

STUCK_S: Final = 20.0
"""How long an orderer may have fewer blocks than another and get none: one that catches up gets them within seconds."""
ANSWER_S: Final = 2.0
"""How long an orderer may take to say how many blocks it has; one that hangs is nobody's business here."""


class Laggards:
    """What orderers have said of their heights, and since when they have neither grown nor been level."""

    def __init__(self) -> None:
        self._heights: dict[str, int] = {}
        self._since_s: dict[str, float] = {}

    def stuck(self, heights: Mapping[str, int], now_s: float, *, liars: int = 1) -> list[str]:
        """Take what orderers say of their heights now, and name those that are stuck.

        Those that say nothing are forgotten. `now_s` is on the monotonic clock. What one more than `liars` have reached
        counts: a height that no more than those name may be a lie, and would have all others started again.
        """
        reached = min(sorted(heights.values())[-(liars + 1) :], default=0)
        still = {name for name, height in heights.items() if height == self._heights.get(name) and height < reached}
        since = {name: self._since_s[name] if name in still else now_s for name in heights}
        stuck = sorted(name for name in still if now_s - since[name] >= STUCK_S)
        self._heights = {name: height for name, height in heights.items() if name not in stuck}
        self._since_s = {name: since[name] for name in self._heights}
        return stuck


async def heights(build: Build, orderers: list[Node], channel: str) -> dict[str, int]:
    """Ask orderers how many blocks they have, those that answer."""

    async def ask(orderer: Node) -> int | None:
        try:
            async with asyncio.timeout(ANSWER_S):
                return await participation.channel_height(build, orderer, channel)
        except (NetworkFault, OSError, ValueError):  # an answer that is none, too
            return None

    told = await asyncio.gather(*map(ask, orderers))
    return {each.name: height for each, height in zip(orderers, told, strict=True) if height is not None}
