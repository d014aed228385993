"""The processes of a network one by one: how they are told, and what starts one again that hangs."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from gateway.cli.fabric import network as work
from gateway.cli.say import Say
from network import participation, processes, raising
from network.binaries import Binaries
from network.deploy import Deployed
from network.ground import State
from network.keeping import KEEPER
from network.native import Native
from network.nodes import Build, Node, chaincode, orderers
from network.render import render
from network.topology import Consensus, Topology
from tests.e2e.running import Terminal
from tests.network.conftest import BUILDER, Rendered
from tests.network.lifecycle import Grounded
from tests.network.test_words import free_range, release

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a native network needs Linux")


class Quiet:
    """A native network of which nothing runs but what a test starts; all is ended when the test is over."""

    def __init__(self, directory: Path) -> None:
        self.build = Build(directory / "net")
        self.topology = Topology.read().started(Consensus.RAFT, free_range())
        self.ground = Native(self.build, Binaries.find(release(directory / "release")))
        render(self.build, self.ground.site, self.topology, builder=BUILDER)
        self.ground.standing.write(self.build)
        self.ground.binaries.peer.write_text("#!/bin/sh\n[ $1 = version ] || exit 1\necho ' Version: v3.1.5'\n")
        self.terminal = Terminal(self.build.path)
        self.node = chaincode(self.topology.clearing)
        """A chaincode server, which listens before any peer calls it."""

    def start(self, *, hangs: bool = False) -> int:
        """Start the chaincode server; give its process id."""
        asyncio.run(self.ground.start(self.topology, [self.node]))
        pid = processes.leaders(self.build.path)[self.node.name].pid
        if hangs:
            os.kill(pid, signal.SIGSTOP)
        return pid

    def watch(self) -> int:
        """Start what has the keeper's name, and does nothing; give its process id."""
        words, log = (sys.executable, "-c", "import time; time.sleep(600)"), self.build.logs / "keeper.log"
        return processes.start(self.build.path, KEEPER, words, environment=os.environ, cwd=self.build.path, log=log)

    def status(self) -> tuple[dict[str, str], str]:
        """Ask for the status of a network that is not well: each process's state, and what to do."""
        told = self.terminal.json("network", "status", "--dir", self.build.path, exit_code=3)
        return {row["name"]: row["state"] for row in told["nodes"]}, told["error"]["do"]


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Quiet]:
    made = Quiet(tmp_path)
    yield made
    asyncio.run(processes.stop(made.build.path, first=(KEEPER,)))


def test_who_watches_is_told_with_the_others(net: Quiet) -> None:
    """Gone, or hanging: then what ends by itself stays down, and all would look well."""
    states, do = net.status()
    assert states[KEEPER] == "down"
    assert f"Start what is down: {net.build.command('up')}" in do
    pid = net.watch()
    assert net.status()[0][KEEPER] == "up"
    os.kill(pid, signal.SIGSTOP)
    states, do = net.status()
    assert states[KEEPER] == "hung"
    assert net.build.command(f"restart {KEEPER}") in do


def test_what_the_keeper_tells_is_read_as_any_log(net: Quiet) -> None:
    (net.build.logs / "keeper.log").write_text("one\ntwo\npeer0.banksh had ended, and is started again\n")
    told = net.terminal.json("network", "logs", KEEPER, "--lines", "1", "--dir", net.build.path)
    assert told == {"logs": {KEEPER: ["peer0.banksh had ended, and is started again"]}}
    assert KEEPER in net.terminal.json("network", "logs", "--dir", net.build.path)["logs"]


def test_a_keeper_that_hangs_is_started_again(net: Quiet) -> None:
    pid = net.watch()
    os.kill(pid, signal.SIGSTOP)
    net.terminal.json("network", "restart", KEEPER, "--dir", net.build.path)
    there = processes.leaders(net.build.path)[KEEPER]
    assert there.pid != pid
    assert State.of(there) is State.UP


def test_what_hangs_is_named_with_the_command_that_starts_it_again(net: Quiet) -> None:
    pid = net.start(hangs=True)
    states, do = net.status()
    assert states[net.node.name] == "hung"
    assert f"End what hangs and start it again: {net.build.command(f'restart {net.node.name}')}" in do
    net.terminal.json("network", "restart", net.node.name, "--dir", net.build.path)
    there = processes.leaders(net.build.path)
    assert there[net.node.name].pid != pid
    assert State.of(there[net.node.name]) is State.UP
    assert KEEPER in there, "who was ended meanwhile watches again"


def test_only_what_there_is_is_started_again(net: Quiet) -> None:
    told = net.terminal.json("network", "restart", "peer0.bansh", "--dir", net.build.path, exit_code=2)["error"]
    assert told["message"] == "Nothing here is called peer0.bansh."
    assert told["do"].startswith("Did you mean peer0.banksh?")


def test_up_does_not_say_ready_where_something_hangs(net: Quiet, monkeypatch: pytest.MonkeyPatch) -> None:
    """All else was started: what hangs is no reason to leave the others down."""
    done: list[str] = []

    async def raised(*_: object) -> Deployed:
        done.append("raised")
        return Deployed(1, "1-0", changed=False)

    async def begun(*_: object) -> None:
        done.append("begun")

    monkeypatch.setattr(raising, "raise_fabric", raised)
    monkeypatch.setattr(work, "_begin", begun)
    net.start()
    told = net.terminal.json("network", "up", "--dir", net.build.path)
    assert told["ready"] is True
    os.kill(processes.leaders(net.build.path)[net.node.name].pid, signal.SIGSTOP)
    told = net.terminal.json("network", "up", "--dir", net.build.path, exit_code=3)
    assert done == ["raised", "begun"] * 2
    assert (told["ready"], told["hung"], told["sequence"]) == (False, [net.node.name], 1)
    assert net.build.command(f"restart {net.node.name}") in told["error"]["do"]


@pytest.mark.asyncio
async def test_who_hangs_is_not_asked_to_join(raft: Rendered, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has joined when it was first started; one bank's peer that hangs would keep the others down."""
    monkeypatch.setattr("network.presence.ANSWER_S", 0.0)
    ground, hung, joined = Grounded(raft.build, raft.topology), {"peer0.bankist"}, list[str]()

    async def states(nodes: list[Node]) -> dict[str, State]:
        return {node.name: State.HUNG if node.name in hung else State.UP for node in nodes}

    async def join(_build: Build, those: list[Node], _channel: str) -> None:
        joined.extend(node.name for node in those)

    monkeypatch.setattr(ground, "states", states)
    monkeypatch.setattr(participation, "join", join)
    ground.channel.away = hung
    deployed = await raising.raise_fabric(ground, raft.topology, lambda _: None)
    assert deployed.unapproved == ("bankist",)
    assert joined == [node.name for node in orderers(raft.topology)]
    assert sorted(ground.channel.joined) == ["peer0.banksh", "peer0.clearing", "peer0.customs", "peer0.regulator"]


@pytest.mark.asyncio
async def test_whoever_deploys_finds_it_watched_afterwards(raft: Rendered, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Grounded(raft.build, raft.topology)

    async def answered(*_: object, **__: object) -> None:
        return

    monkeypatch.setattr(work, "ground_of", lambda _build: ground)
    monkeypatch.setattr("gateway.cli.fabric.answering.all_answer", answered)
    await work.deploy(Say(as_json=True), raft.build.path)
    assert ground.is_watched


def test_what_gateways_meet_at_the_founding_is_no_line_of_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as a peer that fails while it still begins: the next one is asked, and nobody need know."""
    Terminal(tmp_path).run("network", "up", "--native", "--bin", tmp_path, "--dir", tmp_path / "net", exit_code=3)
    structlog.get_logger().warning("a peer fails, others are asked first")
    structlog.get_logger().error("a gateway has failed")
    said = capsys.readouterr()
    assert "a peer fails" not in said.out + said.err
    assert "a gateway has failed" in said.err
