"""Who watches over a network's orderers: those that stay behind for good are started again, on either ground."""

import itertools
import sys
from pathlib import Path

import pytest

from network import processes
from network.docker import Docker
from network.faults import NetworkFault, ToolFault
from network.ground import Standing
from network.keeper import LOOK_AT_HEIGHTS_S, OrderersKeeper, keep
from network.keeping import KEEPER
from network.laggards import STUCK_S
from network.nodes import Build, Node, orderers
from network.topology import Consensus, Topology
from tests.expectations import PATIENCE_S

LOOKS = int(STUCK_S / LOOK_AT_HEIGHTS_S) + 2


class Daemon:
    """A `docker` that writes down what it is asked, knows one container of each name, and does as `script` says."""

    def __init__(self, directory: Path, script: str = "") -> None:
        self._asked = directory / "asked"
        program = directory / "docker"
        program.write_text(
            f'#!/bin/sh\necho "$@" >> {self._asked}\n{script}\n'
            'case "$1" in ps) for word; do case "$word" in *service=*) echo "id-of-${word##*=}";; esac; done;; esac\n'
        )
        program.chmod(0o755)

    @property
    def restarted(self) -> list[str]:
        return [line.split()[1] for line in self._asked.read_text().splitlines() if line.startswith("restart ")]


def a_network(directory: Path, consensus: Consensus) -> tuple[Build, Topology]:
    """Lay out as much of a network of containers as one reads who watches over it."""
    build, topology = Build(directory / "net"), Topology.read().started(consensus)
    build.logs.mkdir(parents=True)
    build.topology.write_bytes(topology.encode())
    Standing(ground="docker").write(build)
    return build, topology


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return Daemon(tmp_path)


@pytest.mark.asyncio
@pytest.mark.parametrize("consensus", list(Consensus), ids=str)
async def test_a_container_whose_orderer_stays_behind_is_started_again(
    tmp_path: Path, daemon: Daemon, consensus: Consensus
) -> None:
    """With SmartBFT, once, as of one look after the other it has got no block and others have."""
    build, topology = a_network(tmp_path, consensus)
    grown = itertools.count(10)
    names = [node.name for node in orderers(topology)]

    async def heights(_build: Build, _orderers: list[Node], _channel: str) -> dict[str, int]:
        level = next(grown)
        return {name: 9 if name == names[-1] else level for name in names}

    now_s = 0.0
    keeper = OrderersKeeper(Docker(build), heights=heights, clock_s=lambda: now_s)
    told: list[str] = []
    for _ in range(LOOKS):
        told += await keeper.look()
        now_s += LOOK_AT_HEIGHTS_S
    wanted = [names[-1]] if consensus is Consensus.BFT else []
    assert told == wanted
    assert daemon.restarted == [f"id-of-{name}" for name in wanted]


@pytest.mark.asyncio
async def test_no_second_orderer_is_started_again_before_the_first_one_answers(tmp_path: Path, daemon: Daemon) -> None:
    """Of four three must agree."""
    build, topology = a_network(tmp_path, Consensus.BFT)
    names = [node.name for node in orderers(topology)]
    level, now_s, away = 10, 0.0, set[str]()

    async def heights(_build: Build, _orderers: list[Node], _channel: str) -> dict[str, int]:
        return {name: 9 if name in names[2:] else level for name in names if name not in away}

    keeper = OrderersKeeper(Docker(build), heights=heights, clock_s=lambda: now_s)

    async def looks() -> list[str]:
        nonlocal level, now_s
        told = []
        for _ in range(LOOKS):
            told += await keeper.look()
            away.update(told)
            level, now_s = level + 1, now_s + LOOK_AT_HEIGHTS_S
        return told

    first = await looks()
    assert len(first) == 1
    assert await looks() == []
    away.clear()
    again = await looks()
    assert len(again) == 1
    assert daemon.restarted == [f"id-of-{name}" for name in (*first, *again)]


@pytest.mark.asyncio
@pytest.mark.usefixtures("daemon")
async def test_whatever_goes_wrong_is_told_and_the_watch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build, _ = a_network(tmp_path, Consensus.BFT)
    build.network.write_text("{}")
    wrong = iter([OSError("the disk is full"), ValueError("no number"), NetworkFault("The daemon is away.")])

    async def look(_keeper: OrderersKeeper) -> list[str]:
        for fault in wrong:
            raise fault
        build.network.unlink()
        return []

    monkeypatch.setattr(OrderersKeeper, "look", look)
    monkeypatch.setattr("network.keeper.LOOK_S", 0.0)
    await keep(build)
    told = capsys.readouterr().out
    assert all(words in told for words in ("the disk is full", "no number", "The daemon is away."))


@pytest.mark.asyncio
async def test_a_daemon_that_will_not_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    Daemon(tmp_path, script='[ "$1" != restart ] || { echo "Error: no such container" >&2; exit 1; }')
    build, topology = a_network(tmp_path, Consensus.BFT)
    with pytest.raises(ToolFault) as fault:
        await Docker(build).restart(orderers(topology)[0])
    assert fault.value.details == ("Error: no such container",)


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform != "linux", reason="processes are found again in /proc")
@pytest.mark.parametrize("consensus", [Consensus.BFT, Consensus.RAFT3], ids=str)
async def test_over_containers_somebody_watches_where_orderers_may_stay_behind(
    tmp_path: Path, daemon: Daemon, consensus: Consensus
) -> None:
    """Once, however often it is called for; and it is found and ended by the network's path."""
    build, _ = a_network(tmp_path, consensus)
    build.network.write_text("{}")
    ground = Docker(build)
    ground.keep()
    ground.keep()
    try:
        watching = [each.node for each in processes.running(build.path) if each.leads]
        assert watching == ([KEEPER] if consensus is Consensus.BFT else [])
    finally:
        await processes.stop(build.path, first=(KEEPER,), wait_s=PATIENCE_S)
    assert processes.running(build.path) == []
