"""What is made of the Docker client's answers, of its silence, and of a network whose Compose file is lost."""

import asyncio
import os
from pathlib import Path

import pytest

from network import docker
from network.docker import Docker
from network.faults import NetworkFault, ToolFault
from network.ground import State
from network.nodes import Build
from network.topology import Consensus, Topology
from tests.network.test_docker import program


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    """Containers by a client that does as the script `answer` says, and writes down what it was asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (tmp_path / "answer").write_text("")
    program(programs, "docker", f'echo "$*" >> {tmp_path}/asked\n. {tmp_path}/answer')
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "net").mkdir()
    return Docker(Build(tmp_path / "net"))


def answer(ground: Docker, script: str) -> None:
    (ground.build.path.parent / "answer").write_text(script)


def asked(ground: Docker) -> list[str]:
    return (ground.build.path.parent / "asked").read_text().splitlines()


def test_where_the_client_fails_nobody_is_said_to_be_down(ground: Docker) -> None:
    """Nor is a port of a container that runs said to be another program's, nor anything removed beneath it."""
    topology = Topology.read().started(Consensus.RAFT)
    nodes = ground.site.nodes(topology)
    answer(ground, "echo permission denied >&2; exit 1")
    for step in (
        lambda: ground.states(nodes),
        lambda: ground.require_free_ports(topology),
        ground.stop,
        lambda: ground.restart(nodes[0]),
        lambda: ground.peer(ground.site.all_peers(topology)[0], "version"),
    ):
        with pytest.raises(ToolFault, match="docker ps failed") as fault:
            asyncio.run(step())
        assert fault.value.details == ("permission denied",)
    with pytest.raises(ToolFault, match="docker ps failed"):
        list(ground.log(nodes[0].name, 1))


def test_a_client_that_says_nothing_is_not_waited_for_without_end(
    ground: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "TOOL_S", 0.2)
    answer(ground, "exec sleep 600")
    with pytest.raises(ToolFault, match="docker ps failed") as fault:
        asyncio.run(ground.states([]))
    assert fault.value.details == ("no answer within 0.2 s",)


def test_a_compose_that_says_nothing_is_none(ground: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "ASK_S", 0.2)
    program(ground.build.path.parent / "bin", "docker-compose", "exec sleep 600")
    answer(ground, "case $1 in compose) exec sleep 600;; esac")
    with pytest.raises(NetworkFault, match="Compose is not"):
        Docker(ground.build)


def test_what_the_client_says_is_read(ground: Docker) -> None:
    nodes = ground.site.nodes(Topology.read().started(Consensus.RAFT))
    said = ("Up 3 s (healthy)", "Up 3 s (unhealthy)", "Up 3 s (health: starting)", "Up 3 s (Paused)")
    told = "".join(f"{node.name}\\t{words}\\n" for node, words in zip(nodes, said, strict=False))
    answer(ground, f"printf '{told}'")
    states = asyncio.run(ground.states(nodes[:5]))
    assert list(states.values()) == [State.UP, State.HUNG, State.STARTING, State.HUNG, State.DOWN]


@pytest.mark.parametrize("kept", [None, "", "services: {", "services"], ids=["gone", "empty", "torn", "other"])
def test_containers_whose_compose_file_is_lost_are_ended_all_the_same(ground: Docker, kept: str | None) -> None:
    """They bear their network's name; Compose would end none without the file."""
    if kept is not None:
        ground.build.compose.write_text(kept)
    answer(ground, "case \"$1 $2\" in 'ps -aq') echo c1; echo c2;; compose*) exit 1;; esac")
    asyncio.run(ground.stop())
    assert asked(ground)[-1] == "rm --force --volumes c1 c2"


def test_where_the_compose_file_is_whole_its_fault_is_told(ground: Docker) -> None:
    ground.build.compose.write_text("services: {}\n")
    answer(ground, "case $1 in compose) echo no such network; exit 1;; esac")
    with pytest.raises(ToolFault, match="compose down failed"):
        asyncio.run(ground.stop())
