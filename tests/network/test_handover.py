"""What this program, perhaps as root, does with files in directories where containers write."""

import asyncio
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from network import deploy, handover
from network.docker import UNPRIVILEGED, Docker
from network.faults import NetworkFault
from network.nodes import Build, Site
from network.package import package
from network.render import render
from network.settings import CCAAS_IN_IMAGE
from network.topology import Consensus, Topology
from tests.network.test_docker import Installing, program

as_root = pytest.mark.skipif(os.getuid() != handover.ROOT, reason="only root gives files to another")


@pytest.fixture
def topology() -> Topology:
    return Topology.read().started(Consensus.RAFT)


@pytest.fixture
def ground(tmp_path: Path, topology: Topology, monkeypatch: pytest.MonkeyPatch) -> Docker:
    """A network of containers that was made, and never runs: whatever Docker is asked succeeds."""
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin", "docker", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    build = Build(tmp_path / "net")
    render(build, Site(Path("/network"), in_containers=True), topology, builder=CCAAS_IN_IMAGE)
    return Docker(build)


@as_root
def test_what_a_container_links_to_stays_its_owners(ground: Docker, topology: Topology, tmp_path: Path) -> None:
    """A file of the host that a peer's container names in its data, and all in a directory of it, too."""
    data = ground.build.path / "nodes" / "peer0.banksh" / "data"
    data.mkdir()
    shadow = tmp_path / "etc" / "shadow"
    shadow.parent.mkdir()
    shadow.write_text("of root")
    (data / "file").symlink_to(shadow)
    (data / "folder").symlink_to(shadow.parent)
    asyncio.run(ground.start(topology, []))
    assert [path.stat().st_uid for path in (shadow, shadow.parent)] == [0, 0]


@as_root
def test_containers_may_read_what_root_made_for_them(ground: Docker, topology: Topology) -> None:
    """Read models of the founding too; what a container has made is left as it made it."""
    founded, made = ground.build.read / "banksh" / "model.sqlite", ground.build.read / "banksh" / "other"
    founded.parent.mkdir()
    founded.write_text("of the founding")
    made.write_text("of a container")
    os.chown(made, 4711, 4711)
    asyncio.run(ground.start(topology, []))
    for path in (ground.build.path, founded, ground.build.organisation("banksh") / "gateway.key"):
        assert path.stat().st_uid == UNPRIVILEGED, path
    assert made.stat().st_uid == 4711


def test_what_is_gone_meanwhile_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database deletes files as it pleases; and a link that leads nowhere is no fault."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    given: list[Any] = []

    def chown(name: Any, *_: Any, **how: Any) -> None:
        if name == "b":
            raise FileNotFoundError
        given.append(name if how.get("follow_symlinks") is False else "followed")

    monkeypatch.setattr(os, "chown", chown)
    handover.hand_over(tmp_path, 1, 1, made_by=os.getuid())
    assert sorted(given) == ["a", "c", "dangling", "followed"], "the directory itself is held open"


@pytest.mark.asyncio
async def test_a_package_is_not_written_through_a_link(tmp_path: Path, topology: Topology) -> None:
    """A peer's container that was taken over would have root overwrite any file of the host."""
    build, site = Build(tmp_path / "net"), Site(Path("/network"), in_containers=True)
    render(build, site, topology, builder=CCAAS_IN_IMAGE)
    victim = tmp_path / "of another"
    victim.write_bytes(before := package(build, site, topology.clearing, label="other", address="b:1"))
    peers = site.all_peers(topology)
    for peer in peers:
        (build.node(peer) / "data").mkdir()
        (build.node(peer) / "data" / "another.tgz").symlink_to(victim)
    mounts = {
        peer.name: [(build.node(peer), site.directory(peer)), (build.channel, site.root / "channel")] for peer in peers
    }
    ground = Installing((build, site, topology), mounts)
    await deploy.deploy_beside(ground, topology, "another", {each.name: "a:1" for each in topology.authorities})
    assert ground.installed
    assert victim.read_bytes() == before


def test_what_is_written_anew_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "package"
    file.write_text("before")
    file.chmod(0o644)
    handover.write_new(file, b"a key")
    assert file.read_bytes() == b"a key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_read_model_is_opened_through_a_link(ground: Docker, topology: Topology, tmp_path: Path) -> None:
    """The founding writes read models from here, where a gateway's container wrote before."""
    (ground.build.read / "banksh").mkdir()
    (ground.build.read / "banksh" / "model.sqlite").symlink_to(tmp_path / "anything")
    with pytest.raises(NetworkFault, match=r"/read/banksh/model\.sqlite is a link") as fault:
        asyncio.run(ground.start(topology, []))
    assert "Delete it" in fault.value.do
