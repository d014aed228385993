"""Who watches over processes: what ends by itself is started again, and rests the longer the more often it ends."""

from pathlib import Path
from typing import Final

import pytest

from network import processes
from network.binaries import Binaries
from network.keeper import LOOK_AROUND_S, LOOK_S, Keeper
from network.native import Native
from network.nodes import Build, Node
from network.processes import Running
from network.topology import Consensus, Topology

pytestmark = pytest.mark.asyncio

PEER: Final = "peer0.banksh"
ORDERER: Final = "orderer.clearing"


class Nodes(Native):
    """Processes that run for as long as a test lets them; `started` tells when which one was started again."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        build = Build(directory)
        build.topology.write_bytes(Topology.read().started(Consensus.RAFT).encode())
        super().__init__(build, Binaries(directory, directory, "3.1.5"))
        self.now_s = 0.0
        self.runs = {PEER, ORDERER}
        self.ends_at_once = False
        self.started: list[tuple[float, str]] = []
        self.looked_around = 0
        monkeypatch.setattr(processes, "is_alive", lambda pid: self._name(pid) in self.runs)

    def alive(self) -> dict[str, Running]:
        self.looked_around += 1
        return {name: Running(number, name, leads=True, state="S") for number, name in self._numbered()}

    def begin(self, node: Node) -> int:
        self.started.append((self.now_s, node.name))
        if not self.ends_at_once:
            self.runs.add(node.name)
        return 0

    def _numbered(self) -> list[tuple[int, str]]:
        return [(number, name) for number, name in enumerate((PEER, ORDERER)) if name in self.runs]

    def _name(self, pid: int) -> str:
        return (PEER, ORDERER)[pid]

    async def watched(self, keeper: Keeper, for_s: float) -> list[str]:
        """Let the keeper look, as often as it does, for some time; give what it said that it started."""
        told: list[str] = []
        until_s = self.now_s + for_s
        while self.now_s < until_s:
            told += await keeper.look()
            self.now_s += LOOK_S
        return told


@pytest.fixture
def nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nodes:
    return Nodes(tmp_path, monkeypatch)


@pytest.fixture
def keeper(nodes: Nodes) -> Keeper:
    return Keeper(nodes, clock_s=lambda: nodes.now_s)


async def test_what_ended_is_started_again_at_once_and_nothing_else(nodes: Nodes, keeper: Keeper) -> None:
    """No peer of customs ran since it looks, so none is missed."""
    assert await nodes.watched(keeper, 1.0) == []
    nodes.runs.remove(PEER)
    assert await keeper.look() == [PEER]
    assert await nodes.watched(keeper, 60.0) == []
    assert nodes.started == [(1.0, PEER)]


async def test_what_ends_again_and_again_rests_longer_each_time_and_is_never_given_up(
    nodes: Nodes, keeper: Keeper
) -> None:
    await keeper.look()
    nodes.runs.remove(PEER)
    nodes.ends_at_once = True
    told = await nodes.watched(keeper, 50.0)
    times = [at_s for at_s, _ in nodes.started]
    assert times == [0.0, 0.5, 1.5, 3.5, 8.5, 18.5, 28.5, 38.5, 48.5]
    assert told == [PEER] * len(times)


async def test_after_a_minute_in_which_it_ran_an_end_is_the_first_again(nodes: Nodes, keeper: Keeper) -> None:
    await keeper.look()
    nodes.ends_at_once = True
    nodes.runs.remove(PEER)
    await nodes.watched(keeper, 10.0)
    nodes.ends_at_once = False
    await nodes.watched(keeper, 70.0)
    nodes.runs.remove(PEER)
    nodes.ends_at_once = True
    begun = nodes.now_s
    nodes.started.clear()
    await nodes.watched(keeper, 2.0)
    assert [at_s - begun for at_s, _ in nodes.started] == [0.0, 0.5, 1.5]


async def test_while_all_run_the_machine_is_searched_rarely(nodes: Nodes, keeper: Keeper) -> None:
    """To read what every process of the machine is takes 20 ms."""
    await nodes.watched(keeper, 4 * LOOK_AROUND_S)
    assert nodes.looked_around == 4
