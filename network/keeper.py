"""Starts again what ends by itself: `python -m network.keeper BUILD`, for as long as a native network runs.

Containers have a restart policy; processes have this. A node that ends again at once is left alone longer each time.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from network import processes
from network.binaries import Binaries
from network.faults import NetworkFault
from network.ground import Standing
from network.native import Native
from network.nodes import Build, Node
from network.render import read_topology

LOOK_S: Final = 0.5
LOOK_AROUND_S: Final = 5.0
"""How long known processes alone are looked at: to read what every process of the machine is takes 20 ms."""
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
        for name in await keeper.look():
            sys.stdout.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {name} had ended, and is started again\n")
            sys.stdout.flush()
        await asyncio.sleep(LOOK_S)


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
