"""Starts again what ends by itself: `python -m network.keeper BUILD`, for as long as a native network runs.

Containers have a restart policy; processes have this. A node that ends again at once is left alone longer each time.
A SmartBFT orderer that stays behind the others for good is ended (`network.laggards`). What hangs is left as it is.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from network import laggards, processes
from network.binaries import Binaries
from network.faults import NetworkFault
from network.ground import Standing
from network.native import Native
from network.nodes import Build, Node, orderers
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


class Keeper:
    """Watches the nodes that have run since it began."""

    def __init__(self, ground: Native) -> None:
        self._ground: Final = ground
        self._seen: Final[set[str]] = set()
        self._ids: tuple[int, ...] = ()
        self._looked_at = 0.0
        self._ends: Final[dict[str, list[float]]] = {}
        self._laggards: Final = laggards.Laggards()
        self._looked_at_heights = 0.0

    async def look(self) -> list[str]:
        """Start again what has ended; give the names. Nodes that never ran are not its business."""
        if time.monotonic() - self._looked_at < LOOK_AROUND_S and all(map(processes.is_alive, self._ids)):
            return []
        topology = read_topology(self._ground.build)
        nodes = {node.name: node for node in self._ground.site.nodes(topology)}
        alive = self._ground.alive()
        ended = [node for name, node in nodes.items() if name in self._seen and name not in alive]
        self._seen.update(alive)
        self._ids, self._looked_at = tuple(each.pid for each in alive.values()), time.monotonic()
        started = [node for node in ended if self._may_start(node)]
        for node in started:
            self._ground.begin(node)
        if ended:
            self._looked_at = 0.0
        return [node.name for node in started]

    async def end_laggards(self) -> list[str]:
        """End the orderers that stay behind for good; give the names."""
        if time.monotonic() - self._looked_at_heights < LOOK_AT_HEIGHTS_S:
            return []
        self._looked_at_heights = time.monotonic()
        topology = read_topology(self._ground.build)
        if topology.consensus is not Consensus.BFT:
            return []
        nodes = {node.name: node for node in orderers(topology)}
        heights = await laggards.heights(self._ground.build, list(nodes.values()), topology.network)
        stuck = self._laggards.stuck(heights, time.monotonic())
        for name in stuck:
            await self._ground.stop(nodes[name])
        return stuck

    def _may_start(self, node: Node) -> bool:
        now = time.monotonic()
        ends = [at for at in self._ends.get(node.name, []) if now - at < _FORGIVEN_S]
        rest_s = _REST_S[min(len(ends), len(_REST_S) - 1)]
        if ends and now - ends[-1] < rest_s:
            return False
        self._ends[node.name] = [*ends, now]
        return True


async def keep(build: Build) -> None:
    """Watch a network until it is gone."""
    keeper = Keeper(Native(build, Binaries.find(Path(Standing.read(build).binaries))))
    while build.network.is_file():
        for name in await keeper.end_laggards():
            _tell(f"{name} stayed behind the other orderers, and is ended")
        for name in await keeper.look():
            _tell(f"{name} had ended, and is started again")
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
