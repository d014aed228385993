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
from network import deploy, doorbell, participation, processes, raising
from network.binaries import Binaries
from network.deploy import Deployed
from network.faults import NetworkFault, ToolFault
from network.ground import State
from network.keeping import KEEPER
from network.native import Native
from network.nodes import Build, Node, Part, chaincode, orderers
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


@pytest.fixture
def few(net: Quiet, monkeypatch: pytest.MonkeyPatch) -> Quiet:
    """Let `up` start but the one process, and found nothing."""

    async def raised(ground: Native, *_: object) -> Deployed:
        await ground.start(net.topology, [net.node])
        return Deployed(1, "1-0", changed=False)

    async def begun(*_: object) -> None:
        return

    monkeypatch.setattr(raising, "raise_fabric", raised)
    monkeypatch.setattr(work, "_begin", begun)
    return net


def test_up_starts_again_what_is_stopped(few: Quiet) -> None:
    """And who watches over the network, so that what ends by itself is seen again."""
    pids = {few.node.name: few.start(hangs=True), KEEPER: few.watch()}
    os.kill(pids[KEEPER], signal.SIGSTOP)
    assert few.terminal.json("network", "up", "--dir", few.build.path)["ready"] is True
    there = processes.leaders(few.build.path)
    assert {name: State.of(there.get(name)) for name in pids} == dict.fromkeys(pids, State.UP)
    assert not {each.pid for each in there.values()} & set(pids.values())


def test_what_runs_and_answers_nobody_is_ended(net: Quiet, monkeypatch: pytest.MonkeyPatch) -> None:
    """No state of the process tells: the system takes calls for it, and nobody reads them."""
    monkeypatch.setattr(doorbell, "ANSWER_S", 0.5)
    listens = f"import socket, time; s = socket.create_server(('127.0.0.1', {net.node.port})); time.sleep(600)"
    words, log = (sys.executable, "-c", listens), net.ground.log_file(net.node.name)
    pid = processes.start(net.build.path, net.node.name, words, environment=os.environ, cwd=net.build.path, log=log)
    assert asyncio.run(processes.listening(net.node.port, alive=pid, wait_s=30.0))
    assert net.status()[0][net.node.name] == "hung"
    assert asyncio.run(raising.end_hung(net.ground, net.topology)) == [net.node.name]
    assert list(processes.leaders(net.build.path)) == [KEEPER]


def test_what_has_no_door_yet_is_starting(net: Quiet) -> None:
    """It is waited for, as what was started just now; to end it would be no help."""
    words = (sys.executable, "-c", "import time; time.sleep(600)")
    log = net.ground.log_file(net.node.name)
    processes.start(net.build.path, net.node.name, words, environment=os.environ, cwd=net.build.path, log=log)
    assert net.status()[0][net.node.name] == "starting"
    assert asyncio.run(raising.end_hung(net.ground, net.topology)) == []


def test_up_does_not_say_ready_where_something_hangs(few: Quiet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as what was started just now."""

    async def begun(*_: object) -> None:
        os.kill(processes.leaders(few.build.path)[few.node.name].pid, signal.SIGSTOP)

    monkeypatch.setattr(work, "_begin", begun)
    told = few.terminal.json("network", "up", "--dir", few.build.path, exit_code=3)
    assert (told["ready"], told["hung"], told["sequence"]) == (False, [few.node.name], 1)
    assert few.build.command("up") in told["error"]["do"]


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
async def test_a_peer_that_falls_silent_as_it_is_asked_to_join_stops_nobody_else(
    raft: Rendered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that says no to the channel does: it would never hold the ledger."""
    monkeypatch.setattr("network.presence.ANSWER_S", 0.0)
    ground = Grounded(raft.build, raft.topology)
    ground.channel.away = {"peer0.bankist"}
    peers = ground.site.all_peers(raft.topology)
    await deploy.join_peers(ground, peers)
    assert (await deploy.deploy(ground, raft.topology)).unapproved == ("bankist",)

    async def says_no(*_: object) -> str:
        raise ToolFault("peer channel join", "Error: proposal failed (err: bad proposal response 500: no such channel)")

    monkeypatch.setattr(ground, "peer", says_no)
    with pytest.raises(NetworkFault, match="peer channel join failed"):
        await deploy.join_peers(ground, peers)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Error: failed to create new connection: context deadline exceeded", State.HUNG),
        ("no answer within 90 s", State.HUNG),
        ("Error: failed to create new connection: connection refused", State.STARTING),
        ("Error: received bad response, status 500: Failed to get chain info, [waitan] not found", State.STARTING),
    ],
)
async def test_a_peer_that_says_no_is_there_and_one_that_says_nothing_hangs(
    raft: Rendered, monkeypatch: pytest.MonkeyPatch, said: str, wanted: State
) -> None:
    """What hangs, `up` would end; one that has just begun, or has no channel yet, is well soon."""
    ground = Grounded(raft.build, raft.topology)

    async def states(nodes: list[Node]) -> dict[str, State]:
        return {node.name: State.UP if node.part is Part.PEER else State.DOWN for node in nodes}

    async def peer(*_: object) -> str:
        raise ToolFault("peer", said)

    monkeypatch.setattr(ground, "states", states)
    monkeypatch.setattr(ground, "peer", peer)
    told = await raising.status(ground, raft.topology)
    assert {each.state for each in told if each.node.part is Part.PEER} == {wanted}


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
