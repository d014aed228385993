"""What describes a network that lives outlasts a full disk, a loss of power and a lost file; so does its ledger."""

import asyncio
import errno
import os
from pathlib import Path
from typing import Any

import pytest

from network import raising
from network.binaries import Binaries
from network.faults import NetworkFault
from network.ground import Standing
from network.joining import Bank, around
from network.native import Native
from network.nodes import Build
from network.render import read_topology, write_shared
from network.topology import Consensus, Topology
from tests.e2e.running import Terminal
from tests.network.test_words import release


class Unstarted(Native):
    """The ground of a network of which nothing is started, so whoever has its ports is not in its way."""

    def __init__(self, directory: Path) -> None:
        super().__init__(Build(directory / "net"), Binaries.find(release(directory / "release")))

    async def require_free_ports(self, topology: Topology, *, otherwise: str = "") -> None:
        pass


@pytest.fixture
def ground(tmp_path: Path) -> Native:
    return Unstarted(tmp_path)


@pytest.fixture
def topology() -> Topology:
    return Topology.read().started(Consensus.RAFT)


@pytest.fixture
def lived(ground: Native, topology: Topology) -> Build:
    """A network that was made, and has a ledger."""
    asyncio.run(raising.prepare(ground, topology))
    data = ground.build.path / "nodes" / "peer0.clearing" / "data"
    data.mkdir()
    (data / "ledger").write_text("blocks")
    return ground.build


def test_a_full_disk_leaves_the_description_as_it_was(
    ground: Native, topology: Topology, lived: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, after = around(topology, Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank"))
    before = lived.topology.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_shared(lived, ground.site, after)
    assert lived.topology.read_bytes() == before
    monkeypatch.undo()
    assert read_topology(lived) == topology


def test_what_is_put_in_place_is_on_the_disk_first(
    ground: Native, topology: Topology, lived: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, after = around(topology, Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank"))
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append(f"on disk: {Path(os.readlink(f'/proc/self/fd/{handle}')).name}")  # noqa: PTH115 - bytes of no path
        fsync(handle)

    def replaced(source: Any, target: Any) -> None:
        done.append(f"in place: {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    (lived.fabric("bankfra")).mkdir(parents=True)
    (lived.fabric("bankfra") / "tls-ca.crt").write_bytes(b"")
    write_shared(lived, ground.site, after)
    for name in ("topology", "network"):
        at = done.index(f"on disk: {name}.new")
        assert done[at + 1].startswith(f"in place: {name}.")
        assert done[at + 2] == "on disk: net", "the directory, which has the new name"


def test_what_is_unchanged_is_left_where_containers_see_it(ground: Native, topology: Topology, lived: Build) -> None:
    settings = lived.organisation("banksh") / "gateway.toml"
    before = settings.stat()
    write_shared(lived, ground.site, topology)
    assert (settings.stat().st_ino, settings.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", [None, b"", b"{"], ids=["gone", "empty", "torn"])
def test_up_writes_anew_what_clients_read(
    ground: Native, topology: Topology, lived: Build, content: bytes | None
) -> None:
    """It follows from the description; a ledger is never called half made."""
    before = lived.network.read_bytes()
    lived.network.unlink()
    if content is not None:
        lived.network.write_bytes(content)
    assert asyncio.run(raising.prepare(ground, topology)) == topology
    assert lived.network.read_bytes() == before


def test_up_and_status_say_that_the_description_of_a_ledger_is_gone(
    ground: Native, topology: Topology, lived: Build, tmp_path: Path
) -> None:
    lived.topology.unlink()
    with pytest.raises(NetworkFault, match=r"holds a ledger, and its description \(topology\.yaml\) is gone") as fault:
        asyncio.run(raising.prepare(ground, topology))
    assert "from a backup" in fault.value.do
    told = " ".join(Terminal(tmp_path).run("network", "status", "--dir", lived.path, exit_code=3).errors.split())
    assert "its description (topology.yaml) is gone" in told
    assert (lived.path / "nodes" / "peer0.clearing" / "data" / "ledger").is_file()
    Terminal(tmp_path).run("network", "down", "--volumes", "--dir", lived.path)
    assert not lived.path.exists()


@pytest.mark.parametrize("kept", [None, b"", b"{", b'{"ground": 1}'], ids=["gone", "empty", "torn", "other"])
def test_up_writes_anew_on_what_a_network_stands(
    ground: Native, topology: Topology, lived: Build, tmp_path: Path, kept: bytes | None
) -> None:
    lived.standing.unlink()
    if kept is not None:
        lived.standing.write_bytes(kept)
    told = " ".join(Terminal(tmp_path).run("network", "status", "--dir", lived.path, exit_code=3).errors.split())
    assert "standing.json of the network in" in told
    asyncio.run(raising.prepare(ground, topology))
    assert Standing.read(lived) == ground.standing


@pytest.mark.parametrize("kept", [None, b"{"], ids=["gone", "torn"])
def test_a_network_of_containers_is_known_by_its_compose_file(
    ground: Native, topology: Topology, lived: Build, kept: bytes | None
) -> None:
    """Else processes would be started beside its containers."""
    lived.standing.unlink()
    if kept is not None:
        lived.standing.write_bytes(kept)
    lived.compose.write_text("services: {}\n")
    with pytest.raises(NetworkFault, match="was made to run on docker"):
        asyncio.run(raising.prepare(ground, topology))
