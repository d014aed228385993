"""`waitan network ...` where it cannot be done: each time a sentence that says what to do, and nothing is left."""

import asyncio
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.cli.fabric.places import build_path
from gateway.cli.perform import INTERRUPTED
from gateway.development.data_directory import DataDirectory, Endpoints
from gateway.development.members import SHANGHAI
from network import lent_ports, processes, raising
from network.binaries import Binaries
from network.faults import NetworkFault
from network.ground import Standing
from network.native import Native
from network.nodes import Build
from network.topology import Consensus, Topology
from tests.e2e.running import COMMAND_S, WAITAN, Terminal

PROGRAMS = ("peer", "orderer")


def release(
    directory: Path, *, version: str = "v3.1.5", programs: tuple[str, ...] = PROGRAMS, builder: bool = True
) -> Path:
    """Lay out what looks like an unpacked release archive; give its bin directory."""
    files = [directory / "bin" / name for name in programs]
    files += [directory / "builders" / "ccaas" / "bin" / name for name in ("build", "detect", "release") if builder]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\necho 'peer:'\necho ' Version: {version}'\n")
        file.chmod(0o755)
    return directory / "bin"


def free_range(after: int = 20000) -> int:
    """Find a port from which on a hundred are free."""
    for first in range(after, 32000, 100):
        if not processes.taken("127.0.0.1", range(first, first + 100)):
            return first
    raise AssertionError("no hundred ports in a row are free")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "data")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "processes or containers"),
        (("--native", "--docker"), "processes or containers"),
        (("--native",), "Where are Fabric's programs"),
        (("--native", "--consensus", "kafka"), "There is no consensus kafka"),
        (("--native", "--consensus", "bft", "--orderers", "3"), "There is no consensus bft of 3"),
        (
            ("--native", "--orderers", "5"),
            "--consensus raft --orderers 1; --consensus raft --orderers 3; --consensus bft",
        ),
    ],
    ids=["neither", "both", "no-bin", "kafka", "bft-of-three", "raft-of-five"],
)
def test_what_was_not_said_is_asked(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    monkeypatch.delenv("WAITAN_FABRIC_BIN", raising=False)
    said = terminal.run("network", "up", *words, "--dir", tmp_path / "net", exit_code=2).errors
    assert told in " ".join(said.split())
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"programs": ("peer",)}, "holds no program orderer"),
        ({"programs": ()}, "holds no program peer and no orderer"),
        ({"builder": False}, "There is no builder for chaincode as a service"),
        ({"version": "v2.5.12"}, "is of version v2.5.12; this network needs Fabric 3"),
        ({"version": "unknown"}, "does not say which version"),
    ],
    ids=["no-orderer", "nothing", "no-builder", "fabric-2", "no-version"],
)
def test_binaries_that_do_not_serve_are_told(terminal: Terminal, tmp_path: Path, fault: dict, told: str) -> None:  # type: ignore[type-arg]
    binaries = release(tmp_path / "release", **fault)
    done = terminal.run("network", "up", "--native", "--bin", binaries, "--dir", tmp_path / "net", exit_code=3)
    said = " ".join(done.errors.split())
    assert told in said
    assert "--bin DIR" in said or "as it was unpacked" in said
    assert not (tmp_path / "net").exists()


def test_an_orderer_of_another_release_than_its_peer_is_told(tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    (binaries / "orderer").write_text("#!/bin/sh\necho 'orderer:'\necho ' Version: v2.5.12'\n")
    with pytest.raises(NetworkFault, match=r"/orderer is of version v2\.5\.12; this network needs Fabric 3"):
        Binaries.find(binaries)


def test_a_program_for_another_machine_is_told(tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    (binaries / "peer").write_bytes(b"\x7fELF of another machine")
    with pytest.raises(NetworkFault, match=r"/peer cannot be run: Exec format error\.$"):
        Binaries.find(binaries)


@pytest.mark.parametrize(
    ("reserved", "first", "is_told"),
    [("", 40000, True), ("", 32700, True), ("", 17100, False), ("40000-40099,50000", 40000, False)],
    ids=["within", "reaching into", "below", "kept back"],
)
def test_ports_that_the_system_lends_are_warned_of(tmp_path: Path, reserved: str, first: int, *, is_told: bool) -> None:
    (tmp_path / "ip_local_port_range").write_text("32768\t60999\n")
    (tmp_path / "ip_local_reserved_ports").write_text(f"{reserved}\n")
    topology = Topology.read().started(Consensus.RAFT, first)
    told = lent_ports.warning(topology.ports, tmp_path)
    assert bool(told) is is_told
    assert not is_told or f"to {first + 99} are among those that the system lends" in told


def test_where_the_system_does_not_say_what_it_lends_nothing_is_warned_of(tmp_path: Path) -> None:
    assert lent_ports.warning(Topology.read().ports, tmp_path) == ""


def test_where_the_archive_was_unpacked_is_as_good_as_its_bin(tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    assert Binaries.find(tmp_path / "release") == Binaries.find(binaries)


def test_a_used_port_is_named_with_who_wants_it(terminal: Terminal, tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    port = free_range()
    with socket.create_server(("127.0.0.1", port)):
        words = ("--native", "--bin", binaries, "--dir", tmp_path / "net", "--base-port", str(port))
        done = terminal.run("network", "up", *words, exit_code=3)
    assert f"Port {port}, which peer0.clearing would use, is taken" in " ".join(done.errors.split())
    assert "--base-port" in done.errors
    assert not (tmp_path / "net").exists(), "a network with these ports would be in the way of one with others"


def test_a_node_that_ends_at_once_is_told_with_its_last_words(terminal: Terminal, tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    (binaries / "orderer").write_text(
        "#!/bin/sh\n[ \"$1\" != version ] || { echo ' Version: v3.1.5'; exit; }\necho 'panic: no disk'\nexit 1\n"
    )
    words = ("--native", "--bin", binaries, "--dir", tmp_path / "net", "--base-port", str(free_range()))
    done = terminal.run("network", "up", *words, exit_code=3)
    assert "ended at once" in done.errors
    terminal.run("network", "down", "--volumes", "--dir", tmp_path / "net")
    assert not (tmp_path / "net").exists()


def test_a_half_made_directory_is_told_and_down_removes_it(terminal: Terminal, tmp_path: Path) -> None:
    binaries = release(tmp_path / "release")
    (tmp_path / "net" / "organisations" / "clearing").mkdir(parents=True)
    Standing(ground="native", binaries=str(binaries)).write(Build(tmp_path / "net"))
    words = ("--native", "--bin", binaries, "--dir", tmp_path / "net")
    told = " ".join(terminal.run("network", "up", *words, exit_code=3).errors.split())
    assert "is half made: an earlier start was broken off" in told
    terminal.run("network", "down", "--volumes", "--dir", tmp_path / "net")
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize("kept", [b"", b"{", b'{"ground": 1}'], ids=["empty", "torn", "other"])
def test_down_removes_a_directory_of_which_nobody_knows_what_it_stands_on(
    terminal: Terminal, tmp_path: Path, kept: bytes
) -> None:
    (tmp_path / "net" / "organisations").mkdir(parents=True)
    Build(tmp_path / "net").standing.write_bytes(kept)
    terminal.run("network", "down", "--volumes", "--dir", tmp_path / "net")
    assert not (tmp_path / "net").exists()


def test_down_removes_keys_and_ledger_where_no_container_can_run(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a daemon nobody can be asked; without --volumes that is told, for then nothing is done."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "net" / "organisations").mkdir(parents=True)
    Standing(ground="docker").write(Build(tmp_path / "net"))
    terminal.run("network", "down", "--dir", tmp_path / "net", exit_code=3)
    told = terminal.run("network", "down", "--volumes", "--dir", tmp_path / "net").out
    assert "no container of this network runs here" in " ".join(told.split())
    assert not (tmp_path / "net").exists()


@pytest.mark.parametrize(
    ("info", "compose", "is_left"),
    [
        ("echo permission denied >&2; exit 1", "exit 0", True),
        ("echo 'Cannot connect to the Docker daemon' >&2; exit 1", "exit 0", False),
        ("exit 0", "test $2 = version", True),
    ],
    ids=["not-allowed", "no-daemon", "compose-fails"],
)
def test_down_removes_nothing_beneath_containers_that_may_run(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, info: str, compose: str, *, is_left: bool
) -> None:
    programs, net = tmp_path / "bin", tmp_path / "net"
    programs.mkdir()
    script = programs / "docker"
    script.write_text(f"#!/bin/sh\ncase $1 in info) {info};; compose) {compose};; esac\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/bin:/usr/bin")
    (net / "organisations").mkdir(parents=True)
    (net / "compose.yaml").write_text("services: {}\n")
    Standing(ground="docker").write(Build(net))
    terminal.run("network", "down", "--volumes", "--dir", net, exit_code=3 if is_left else 0)
    assert net.exists() is is_left


def test_a_network_has_one_path_whichever_way_leads_to_it(tmp_path: Path) -> None:
    """Processes are known by the path of their network: through a link they would not be found, and not be stopped."""
    (tmp_path / "real" / "net").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert build_path(tmp_path / "link" / "net") == (tmp_path / "real" / "net").resolve()


@pytest.mark.parametrize("case", ["docker", "one more", "another BIC", "other orderers"])
def test_a_network_is_not_taken_over_as_another(tmp_path: Path, case: str) -> None:
    """Neither to run on something else, nor with organisations that are not in it or are others there."""
    build, topology = Build(tmp_path / "net"), Topology.read()
    ground = Native(build, Binaries.find(release(tmp_path / "release")))
    topology = topology.started(Consensus.RAFT, free_range())
    asyncio.run(raising.prepare(ground, topology))
    last = topology.organisations[-1]
    wanted, told = topology, "was made to run on docker"
    if case == "docker":
        Standing(ground="docker").write(build)
    elif case == "one more":
        sixth = replace(last, name="bankfra", bic="MAINDEFFXXX", first_port=0)
        wanted, told = replace(topology, organisations=(*topology.organisations, sixth)).placed(), "without bankfra"
    elif case == "another BIC":
        changed = (*topology.organisations[:-1], replace(last, bic="MAINDEFFXXX"))
        wanted, told = replace(topology, organisations=changed), "with another bankist"
    else:
        owners = {**topology.orderers, Consensus.RAFT: ("regulator",)}
        wanted, told = replace(topology, orderers=owners), "with another orderers"
    with pytest.raises(NetworkFault) as fault:
        asyncio.run(raising.prepare(ground, wanted))
    assert told in fault.value.sentence
    assert "--volumes" not in fault.value.do, "who starts a network does not want to hear how its ledger is deleted"
    assert build.command("up") in fault.value.do


def test_down_is_content_where_there_is_nothing(terminal: Terminal, tmp_path: Path) -> None:
    told = terminal.run("network", "down", "--volumes", "--dir", tmp_path / "net").out
    assert told.strip() == f"There is no network in {tmp_path / 'net'}."


@pytest.mark.parametrize("word", ["status", "deploy", "logs"])
def test_without_a_network_one_is_told_how_to_start_it(terminal: Terminal, tmp_path: Path, word: str) -> None:
    done = terminal.run("network", word, "--dir", tmp_path / "net", exit_code=3)
    assert "There is no network in" in done.errors
    assert "waitan network up" in " ".join(done.errors.split())


def test_a_command_for_copying_reaches_its_network_and_no_other() -> None:
    """Also where its directory has a blank in its name."""
    assert Build(Path("/banks/my net")).command("down") == "waitan network down --dir '/banks/my net'"


def test_networks_that_do_not_run_are_not_compared(terminal: Terminal, tmp_path: Path) -> None:
    told = terminal.json("bench", "networks", tmp_path / "bft", tmp_path / "raft", exit_code=3)
    assert told["error"]["message"] == f"There is no network in {tmp_path / 'bft'}."


def a_network_on_fabric(directory: Path) -> None:
    """Lay out a build directory as far as commands of clients read it; nothing of it runs."""
    DataDirectory(directory).create()
    for each in SHANGHAI:
        DataDirectory(directory).write_endpoints(each.participant, Endpoints(grpc="127.0.0.1:9", http="", courier=""))
    Standing(ground="native", binaries="/release/bin").write(Build(directory))


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("account", "list"), 3, "waitan network status --dir"),
        (("up", "--grpc-port", "0", "--http-port", "0"), 2, "waitan network up --dir"),
        (
            ("participant", "add", "bankfra", "RHEIDEFFXXX"),
            2,
            "waitan network add-bank bankfra --bic RHEIDEFFXXX --dir",
        ),
    ],
    ids=["nobody answers", "up", "a bank more"],
)
def test_of_a_network_on_fabric_one_is_told_the_commands_for_it(
    tmp_path: Path, words: tuple[str, ...], exit_code: int, told: str
) -> None:
    directory = tmp_path / "net"
    a_network_on_fabric(directory)
    before = (directory / "network.json").read_bytes()
    said = " ".join(Terminal(directory).run(*words, exit_code=exit_code).errors.split())
    assert told in said
    assert "waitan up" not in said
    assert (directory / "network.json").read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="a native network needs Linux")
def test_who_breaks_a_start_off_is_told_what_runs_on(terminal: Terminal, tmp_path: Path) -> None:
    """And the same again goes on; `down` ends and removes what there is."""
    binaries, net = release(tmp_path / "release"), tmp_path / "net"
    version = "[ \"$1\" != version ] || { echo ' Version: v3.1.5'; exit; }"
    for name in PROGRAMS:  # they start, and never listen
        (binaries / name).write_text(f"#!/bin/sh\n{version}\nexec sleep 600\n")
    words = ("network", "up", "--native", "--bin", binaries, "--dir", net, "--base-port", str(free_range()))
    up = subprocess.Popen([WAITAN, *words], stdout=subprocess.PIPE, text=True, env=terminal.environment())
    assert up.stdout
    told = up.stdout.readline()
    while len(processes.leaders(net)) < 2:
        assert up.poll() is None
    up.send_signal(signal.SIGINT)
    told += up.communicate(timeout=COMMAND_S)[0]
    assert up.returncode == INTERRUPTED
    assert "Broken off. What was started runs on" in told
    assert f"waitan network down --dir {net}" in told
    assert processes.leaders(net)
    terminal.run("network", "down", "--volumes", "--dir", net)
    assert not processes.leaders(net)
    assert not net.exists()
