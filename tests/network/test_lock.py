"""One command at a time changes a network, and one that was killed keeps nobody out."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from network.faults import NetworkFault
from network.ground import Standing
from network.lock import LOCK, held
from network.nodes import Build
from network.ownership import require_usable
from tests.e2e.running import ROOT, Terminal
from tests.network.test_words import a_network_on_fabric, free_range, release

HOLDER = (
    "import pathlib, sys; from network.lock import held; from network.nodes import Build\n"
    "with held(Build(pathlib.Path(sys.argv[1])), 'waitan network up'): print('held', flush=True); input()"
)


def test_who_comes_second_is_told_who_is_at_work(tmp_path: Path) -> None:
    build = Build(tmp_path / "net")
    with held(build, "waitan network up"), pytest.raises(NetworkFault) as fault, held(build, "waitan network deploy"):
        raise AssertionError("it was held twice")
    who = f"waitan network up (process {os.getpid()})"
    assert fault.value.sentence == f"{who} is at work on the network in {build.path}."
    assert "Wait until it is done" in fault.value.do


def test_what_a_killed_command_left_behind_keeps_nobody_out(tmp_path: Path) -> None:
    build = Build(tmp_path / "net")
    with subprocess.Popen(
        (sys.executable, "-c", HOLDER, build.path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(NetworkFault, match=rf"\(process {holder.pid}\) is at work"), held(build, "another"):
            pass
        holder.send_signal(signal.SIGKILL)
    assert (build.path / LOCK).is_file()
    require_usable(build)
    with held(build, "another"):
        pass
    assert not (build.path / LOCK).exists()


def test_a_directory_that_was_made_for_the_lock_alone_goes_with_it(tmp_path: Path) -> None:
    with held(Build(tmp_path / "net"), "waitan network up"):
        assert (tmp_path / "net").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "net").exists()
    with held(Build(tmp_path / "net"), "waitan network up"):
        (tmp_path / "net" / "logs").mkdir()
    assert [each.name for each in (tmp_path / "net").iterdir()] == ["logs"]
    with held(Build(tmp_path), "waitan network down"):
        pass
    assert tmp_path.is_dir(), "it was there before"


def test_who_opened_a_file_that_its_holder_takes_away_holds_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would hold a file that nobody finds, and whoever comes next would hold another."""
    build, real = Build(tmp_path), fcntl.flock
    before = iter([(tmp_path / LOCK).unlink])

    def flock(handle: int, how: int) -> None:
        for leave in before:
            leave()
        real(handle, how)

    monkeypatch.setattr("network.lock.fcntl.flock", flock)
    with held(build, "the first"):
        assert (tmp_path / LOCK).is_file()
        with pytest.raises(NetworkFault, match="the first"), held(build, "the second"):
            pass


@pytest.mark.parametrize(
    "words",
    [
        ("up", "--native"),
        ("deploy",),
        ("restart", "peer0.banksh"),
        ("add-bank", "bankfra", "--bic", "RHEIDEFFXXX"),
        ("down", "--volumes"),
    ],
    ids=lambda words: words[0],
)
def test_while_one_command_is_at_work_no_other_changes_the_network(tmp_path: Path, words: tuple[str, ...]) -> None:
    net, binaries = tmp_path / "net", release(tmp_path / "release")
    a_network_on_fabric(net)
    Standing(ground="native", binaries=str(binaries)).write(Build(net))
    before = sorted(net.rglob("*"))
    more = ("--bin", str(binaries), "--base-port", str(free_range())) if words[0] == "up" else ()
    with held(Build(net), "waitan network up"):
        done = Terminal(tmp_path).run("network", *words, *more, "--dir", net, exit_code=3)
    assert f"waitan network up (process {os.getpid()}) is at work" in " ".join(done.errors.split())
    assert sorted(net.rglob("*")) == before
