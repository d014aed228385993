"""Whose a directory is: `up` writes no keys among another's files, and `down` deletes none of them."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.development.data_directory import DataDirectory
from network import raising
from network.faults import NetworkFault
from network.ground import Standing
from network.lock import LOCK, held
from network.nodes import Build
from network.ownership import Left, remove, require_usable
from network.topology import Consensus, Topology
from tests.e2e.running import Terminal
from tests.network.conftest import Rendered
from tests.network.test_durable import Unstarted
from tests.network.test_words import free_range, release


def tree(directory: Path) -> dict[str, bytes]:
    """Give all that lies in a directory, by path: a file's content, and where a link leads."""
    found = {}
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        found[name] = bytes(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else b""
    return found


def a_project(directory: Path) -> dict[str, bytes]:
    """Lay out somebody's project whose names are those of a network's; give what lies in it."""
    for name in (
        "compose.yaml",
        "topology.yaml",
        "logs/app.log",
        "read/book",
        "nodes/a/data/x",
        "channel/genesis.block",
    ):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text("mine")
    return tree(directory)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_down_deletes_nothing_of_a_project_that_has_names_in_common_with_a_network(
    terminal: Terminal, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    before = a_project(project)
    told = terminal.run("network", "down", "--volumes", "--dir", project).out
    assert f"There is no network in {project}" in told
    assert "are removed" not in told
    assert tree(project) == before


def test_up_does_not_advise_to_delete_such_a_project(terminal: Terminal, tmp_path: Path) -> None:
    before = a_project(tmp_path / "project")
    binaries = release(tmp_path / "release")
    words = ("--native", "--bin", binaries, "--dir", tmp_path / "project", "--base-port", str(free_range()))
    told = " ".join(terminal.run("network", "up", *words, exit_code=3).errors.split())
    assert "holds other files (channel, compose.yaml, logs), and no network" in told
    assert "network down" not in told
    assert tree(tmp_path / "project") == before


def test_down_leaves_an_embedded_network_whole(terminal: Terminal, tmp_path: Path) -> None:
    """It has organisations/, network.json and read/ as well: its keys would be gone, and its ledger an orphan."""
    directory = DataDirectory(tmp_path / "embedded")
    directory.create()
    for folder in (directory.ledger, directory.read):
        folder.mkdir()
        (folder / "file").write_text("of a day")
    before = tree(directory.path)
    terminal.run("network", "down", "--volumes", "--dir", directory.path)
    assert tree(directory.path) == before


def test_nothing_is_removed_where_an_embedded_ledger_lies_as_well(tmp_path: Path) -> None:
    build = Build(tmp_path)
    Standing(ground="native").write(build)
    (tmp_path / "ledger").mkdir()
    (tmp_path / "organisations").mkdir()
    with pytest.raises(NetworkFault, match="holds the ledger of another network"):
        remove(build)
    assert (tmp_path / "organisations").is_dir()


@pytest.mark.parametrize("kind", ["absent", "file", "empty"])
def test_down_says_where_there_is_no_network(terminal: Terminal, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "place"
    if kind == "file":
        place.write_text("mine")
    elif kind == "empty":
        place.mkdir()
    for more in ((), ("--volumes",)):
        told = terminal.run("network", "down", *more, "--dir", place).out
        assert f"There is no network in {place}" in told
        assert "are removed" not in told
        assert terminal.json("network", "down", *more, "--dir", place)["removed"] is False
    assert place.exists() is (kind != "absent")


def test_nothing_is_made_beside_what_is_not_a_networks(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("two years of work")
    with pytest.raises(NetworkFault, match=r"holds other files \(thesis.txt\)"):
        require_usable(Build(tmp_path))


def test_removing_leaves_what_is_not_a_networks_and_names_it(terminal: Terminal, tmp_path: Path) -> None:
    build = Build(tmp_path / "net")
    (build.path / "nodes" / "peer0.clearing").mkdir(parents=True)
    Standing(ground="native").write(build)
    (build.path / "thesis.txt").write_text("two years of work")
    told = terminal.run("network", "down", "--volumes", "--dir", build.path).out
    assert f"{build.path} holds other files, and these are left: thesis.txt" in told
    assert tree(build.path) == {"thesis.txt": b"two years of work"}


@pytest.mark.parametrize("name", ["logs", "read", "nodes"])
def test_a_link_goes_and_what_it_led_to_is_left_and_named(terminal: Terminal, tmp_path: Path, name: str) -> None:
    build = Build(tmp_path / "net")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "book").write_text("mine")
    (build.path / "organisations").mkdir(parents=True)
    (build.path / name).symlink_to(tmp_path / "elsewhere")
    Standing(ground="native").write(build)
    told = terminal.run("network", "down", "--volumes", "--dir", build.path).out
    assert f"What {name} led to is left: {tmp_path / 'elsewhere'}" in told
    assert not build.path.exists()
    assert tree(tmp_path / "elsewhere") == {"book": b"mine"}


@pytest.mark.parametrize("lost", ["standing.json", "topology.yaml", "network.json", "organisations", "nodes"])
def test_a_network_that_has_lost_something_is_removed_all_the_same(tmp_path: Path, lost: str) -> None:
    rendered = Rendered(tmp_path / "net", Consensus.RAFT)
    Standing(ground="native").write(rendered.build)
    place = rendered.build.path / lost
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    Terminal(tmp_path).run("network", "down", "--volumes", "--dir", rendered.build.path)
    assert not rendered.build.path.exists()


class Killed(BaseException):
    """Ends a command as `kill -9` does: nobody cleans up."""


def killing(monkeypatch: pytest.MonkeyPatch, name: str, at: int) -> None:
    """Have a function of `os` called so many times, and end whoever calls it once more."""
    works: Callable[..., Any] = getattr(os, name)
    left = at

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return works(*arguments, **named)

    monkeypatch.setattr(os, name, counted)


@pytest.mark.parametrize(
    ("name", "at"), [("replace", 0), ("mkdir", 1), ("mkdir", 2), ("mkdir", 5), ("mkdir", 40), ("replace", 1)]
)
def test_a_start_that_was_killed_is_told_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, at: int
) -> None:
    """Whatever was made by then; what says that it is a network's is there before anything else."""
    ground, topology = Unstarted(tmp_path), Topology.read().started(Consensus.RAFT)
    build = ground.build
    build.path.mkdir()
    (build.path / LOCK).write_text("waitan network up (process 1)")
    killing(monkeypatch, name, at)
    with pytest.raises(Killed):
        asyncio.run(raising.prepare(ground, topology))
    monkeypatch.undo()
    with pytest.raises(NetworkFault, match="is half made"):
        asyncio.run(raising.prepare(ground, topology))
    Terminal(tmp_path).run("network", "down", "--volumes", "--dir", build.path)
    assert not build.path.exists()


def test_a_start_that_was_killed_before_it_made_anything_is_gone_on_with_or_removed(tmp_path: Path) -> None:
    build = Build(tmp_path / "net")
    build.path.mkdir()
    (build.path / LOCK).write_text("waitan network up (process 1)")
    require_usable(build)
    Terminal(tmp_path).run("network", "down", "--volumes", "--dir", build.path)
    assert not build.path.exists()


@pytest.mark.parametrize("at", [0, 1, 2, 4])
def test_a_removal_that_was_broken_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """What says that it is a network's goes last."""
    rendered = Rendered(tmp_path / "net", Consensus.RAFT)
    Standing(ground="native").write(rendered.build)
    shutil.rmtree(rendered.build.path / "organisations")
    killing(monkeypatch, "unlink", at)
    with pytest.raises(Killed):
        remove(rendered.build)
    monkeypatch.undo()
    Terminal(tmp_path).run("network", "down", "--volumes", "--dir", rendered.build.path)
    assert not rendered.build.path.exists()


def test_who_removes_a_network_leaves_the_lock_of_who_makes_one_anew(tmp_path: Path) -> None:
    build = Build(tmp_path / "net")
    with held(build, "waitan network down"):
        remove(build)
        build.path.mkdir()
        (build.path / LOCK).write_text("waitan network up (process 1)")
    assert (build.path / LOCK).is_file()


@pytest.mark.parametrize("stray", ["core", ".DS_Store"])
def test_a_stray_file_keeps_nobody_from_starting_a_network_again(tmp_path: Path, stray: str) -> None:
    ground, topology = Unstarted(tmp_path), Topology.read().started(Consensus.RAFT)
    build = ground.build
    asyncio.run(raising.prepare(ground, topology))
    (build.path / stray).write_text("")
    assert asyncio.run(raising.prepare(ground, topology)) == topology


@pytest.mark.skipif(sys.platform != "linux", reason="a native network needs Linux")
def test_a_core_dump_of_a_node_goes_with_its_network(tmp_path: Path) -> None:
    """The system writes it to where the program runs; there are keys in it."""
    ground, topology = Unstarted(tmp_path), Topology.read().started(Consensus.RAFT)
    asyncio.run(raising.prepare(ground, topology))
    ground.binaries.peer.write_text("#!/bin/sh\necho memory > core\n")
    os.waitpid(ground.begin(ground.site.all_peers(topology)[0]), 0)
    assert [path.read_text() for path in ground.build.path.rglob("core")] == ["memory\n"]
    assert remove(ground.build) == Left()
    assert not ground.build.path.exists()
