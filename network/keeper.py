"""Watches over a network for as long as there is one: `python -m network.keeper BUILD`.

Where nodes are processes it starts again what ends by itself, as a restart policy does for containers; a node that ends
again at once is left alone longer each time. On either ground a SmartBFT orderer that stays behind the others for good
is started again (`network.laggards`). What hangs is left as it is.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from network import laggards, processes
from network.binaries import Binaries
from network.docker import Docker
from network.faults import NetworkFault
from network.ground import DOCKER, Ground, Standing
from network.native import Native
from network.nodes import Build, Node, orderers
from network.policies import tolerated
from network.render import read_topology
from network.topology import Consensus

LOOK_S: Final = 0.5
LOOK_AROUND_S: Final = 5.0
"""How long known processes alone are looked at: to read what every process of the machine is takes 20 ms."""
LOOK_AT_HEIGHTS_S: Final = 5.0
"""How long orderers are not asked how many blocks they have."""
_REST_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""How long a node is left alone that has ended so often within the last minute."""
_FORGIVEN_S: Final = 60.0


Heights = Callable[[Build, list[Node], str], Awaitable[Mapping[str, int]]]
"""Asks orderers how many blocks of a channel they have."""


class Keeper:
    """Starts again the nodes that have run since it began, and have ended."""

    def __init__(self, ground: Native, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._ground: Final = ground
        self._clock_s: Final = clock_s
        self._seen: Final[set[str]] = set()
        self._ids: tuple[int, ...] = ()
        self._looked_at_s = -LOOK_AROUND_S
        self._ends: Final[dict[str, list[float]]] = {}

    async def look(self) -> list[str]:
        """Start again what has ended; give the names. Nodes that never ran are not its business."""
        if self._clock_s() - self._looked_at_s < LOOK_AROUND_S and all(map(processes.is_alive, self._ids)):
            return []
        topology = read_topology(self._ground.build)
        nodes = {node.name: node for node in self._ground.site.nodes(topology)}
        alive = self._ground.alive()
        ended = [node for name, node in nodes.items() if name in self._seen and name not in alive]
        self._seen.update(alive)
        self._ids, self._looked_at_s = tuple(each.pid for each in alive.values()), self._clock_s()
        started = [node for node in ended if self._may_start(node)]
        for node in started:
            self._ground.begin(node)
        if ended:
            self._looked_at_s = -LOOK_AROUND_S
        return [node.name for node in started]

    def _may_start(self, node: Node) -> bool:
        now = self._clock_s()
        ends = [at for at in self._ends.get(node.name, []) if now - at < _FORGIVEN_S]
        rest_s = _REST_S[min(len(ends), len(_REST_S) - 1)]
        if ends and now - ends[-1] < rest_s:
            return False
        self._ends[node.name] = [*ends, now]
        return True


class OrderersKeeper:
    """Starts again the SmartBFT orderers that stay behind the others for good."""

    def __init__(
        self, ground: Ground, *, heights: Heights = laggards.heights, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._ground: Final = ground
        self._heights: Final = heights
        self._clock_s: Final = clock_s
        self._laggards: Final = laggards.Laggards()
        self._looked_at_s = -LOOK_AT_HEIGHTS_S
        self._awaited = ""

    async def look(self) -> list[str]:
        """Give the name of one that was started again; until it answers no other one is, for a quorum must agree."""
        if self._clock_s() - self._looked_at_s < LOOK_AT_HEIGHTS_S:
            return []
        self._looked_at_s = self._clock_s()
        topology = read_topology(self._ground.build)
        if topology.consensus is not Consensus.BFT:
            return []
        nodes = {node.name: node for node in orderers(topology)}
        heights = await self._heights(self._ground.build, list(nodes.values()), topology.network)
        stuck = self._laggards.stuck(heights, self._clock_s(), liars=tolerated(len(nodes)))
        if not stuck or (self._awaited and self._awaited not in heights):
            return []
        self._awaited = stuck[0]
        await self._ground.restart(nodes[self._awaited])
        return [self._awaited]


async def keep(build: Build) -> None:
    """Watch a network until it is gone."""
    standing = Standing.read(build)
    native = None if standing.ground == DOCKER else Native(build, Binaries.find(Path(standing.binaries)))
    ended = Keeper(native) if native else None
    orderers_keeper = OrderersKeeper(native or Docker(build))
    while build.network.is_file():
        try:
            for name in await orderers_keeper.look():
                _tell(f"{name} stayed behind the other orderers, and is started again")
            for name in await ended.look() if ended else ():
                _tell(f"{name} had ended, and is started again")
        except NetworkFault as fault:  # such as a daemon of Docker's that is away for a moment
            _tell(f"{fault.sentence} {' '.join(fault.details)}")
        except (OSError, ValueError) as error:  # such as a full disk, or an answer that is none
            _tell(f"{type(error).__name__}: {error}")
        await asyncio.sleep(LOOK_S)


def _tell(sentence: str) -> None:
    sys.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence}\n")
    sys.stdout.flush()


def main() -> int:
    """Keep the network that the command line names."""
    try:
        asyncio.run(keep(Build(Path(sys.argv[1]))))
    except NetworkFault as fault:
        sys.stderr.write(f"{fault.sentence} {fault.do}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
