"""A network of Fabric's own programs: it comes up, settles, takes a sixth bank, and stands up again when hit.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.fabric.network import ground_of
from network import deploy as deploying
from network import processes
from network.nodes import Build
from network.topology import Topology
from tests.e2e.running import Terminal

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(300),
]

UNREACHABLE, UNKNOWN = 3, 4
ATTEMPTS = 20
UP_S = 240.0
"""How long a network may take to come up, on a machine that does much else."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
FIRST_PORT = int(os.environ.get("WAITAN_FABRIC_PORT", "24100")) + 1000 * _WORKER
"""Each worker of a parallel run has a network of its own; two runs on one machine begin at different ports."""


class Network:
    """A network that runs, and a terminal whose data directory it is."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path = path
        self.told = told
        self.terminal = Terminal(path)

    def pay(self) -> dict[str, Any]:
        """Pay once, in a process of its own; it must settle."""
        import json

        told: dict[str, Any] = json.loads(self.terminal.start("pay", "10.00", "CNY", "--json").out)
        return told

    def pays_again(self) -> None:
        """Pay until a payment settles: what is unreachable now is asked again, by the same sort of command."""
        for _ in range(ATTEMPTS):
            try:
                self.pay()
            except AssertionError as error:
                if not any(f": {code}\n" in str(error) for code in (UNREACHABLE, UNKNOWN)):
                    raise
            else:
                return
        raise AssertionError("nothing settles any more")

    def pid(self, node: str) -> int:
        """Give a node's process id."""
        return processes.leaders(self.path)[node].pid

    def nodes(self) -> list[str]:
        """Name the nodes that run."""
        return sorted(processes.leaders(self.path))

    def becomes_well(self) -> None:
        """Ask for the status until all is well."""
        for _ in range(ATTEMPTS):
            try:
                self.terminal.start("network", "status", "--dir", self.path)
            except AssertionError:
                continue
            return
        self.terminal.start("network", "status", "--dir", self.path)


@contextmanager
def hung(network: Network, node: str) -> Iterator[None]:
    """Stop a node meanwhile."""
    pid = network.pid(node)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def raised(path: Path, first_port: int, *words: str) -> Iterator[Network]:
    import json

    terminal = Terminal(path)
    try:
        ports = ("--base-port", str(first_port))
        up: tuple[str | Path, ...] = ("network", "up", "--native", "--dir", path, *ports, *words, "--json")
        told = json.loads(terminal.start(*up, wait_s=UP_S).out)
        yield Network(path, told)
    finally:
        terminal.start("network", "down", "--volumes", "--dir", path)
    assert processes.running(path) == []
    assert not path.exists()


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with raised(tmp_path_factory.mktemp("fabric") / "net", FIRST_PORT) as network:
        yield network


@pytest.mark.parametrize(
    ("words", "orderers"),
    [(("--consensus", "bft"), 4), (("--orderers", "3"), 3)],
    ids=["bft", "raft-of-three"],
)
def test_more_orderers_settle_as_well(tmp_path: Path, words: tuple[str, ...], orderers: int) -> None:
    with raised(tmp_path / "net", FIRST_PORT + 500, *words) as network:
        network.pay()
        nodes = network.terminal.json("network", "status", "--dir", network.path)["nodes"]
        assert sum(node["name"].startswith("orderer.") for node in nodes) == orderers


def test_a_payment_settles_and_all_is_well(network: Network) -> None:
    network.pay()
    network.becomes_well()


def test_up_again_starts_nothing_twice(network: Network) -> None:
    network.becomes_well()
    before = {name: each.pid for name, each in processes.leaders(network.path).items()}
    words = ("--native", "--dir", network.path, "--base-port", str(FIRST_PORT), "--json")
    network.terminal.start("network", "up", *words)
    assert {name: each.pid for name, each in processes.leaders(network.path).items()} == before


def test_what_is_deployed_is_not_deployed_again(network: Network) -> None:
    import json

    told = json.loads(network.terminal.start("network", "deploy", "--dir", network.path, "--json").out)
    assert told["changed"] is False


def test_a_sixth_bank_joins_while_payments_go_on(network: Network) -> None:
    import json

    words = ("network", "add-bank", "bankfra", "--bic", "RHEIDEFFXXX", "--dir", network.path, "--json")
    with ThreadPoolExecutor(1) as pool:
        joining = pool.submit(network.terminal.start, *words)
        paid = [network.pay()]
        while not joining.done():
            paid.append(network.pay())
    told = json.loads(joining.result().out)
    accounts = network.terminal.start("account", "list", "--at", "bankfra", "--json").out
    assert told["participant"] == "bankfra"
    assert len(paid) > 1
    assert '"bankfra"' in accounts
    network.becomes_well()


def test_a_bank_joins_past_a_peer_that_hangs_and_that_one_is_brought_along_later(network: Network) -> None:
    """The majority approves; who was away approves the same sequence once it is asked again."""
    deploy = ("network", "deploy", "--dir", network.path)
    with hung(network, "peer0.customs"):
        words = ("network", "add-bank", "bankham", "--bic", "ELBEDEHHXXX", "--dir", network.path)
        joined = network.terminal.json(*words)
        assert joined["not_approved"] == ["customs"]
        again = network.terminal.json(*deploy)
        assert (again["changed"], again["not_approved"]) == (False, ["customs"])
        network.pay()
    for _ in range(ATTEMPTS):
        told = network.terminal.json(*deploy)
        if "not_approved" not in told:
            break
    assert told == {"sequence": joined["sequence"], "version": again["version"], "changed": False}
    assert "customsMSP" in approvals(network)


def approvals(network: Network) -> frozenset[str]:
    """Give the MSPs that have approved what is committed, as clearing's peer knows it."""
    ground, topology = ground_of(Build(network.path)), Topology.read(Build(network.path).topology)
    peer = ground.site.peers(topology.clearing)[0]
    return asyncio.run(deploying.committed(ground, topology, peer)).approved


@pytest.mark.parametrize(
    "node",
    [
        "chaincode.clearing",
        "chaincode.regulator",
        "gateway.banksh",
        "gateway.clearing",
        "orderer.clearing",
        "peer0.banksh",
        "peer0.clearing",
        "peer0.regulator",
    ],
)
def test_what_is_killed_stands_up_again_and_payments_go_on(network: Network, node: str) -> None:
    pid = network.pid(node)
    os.kill(pid, signal.SIGKILL)
    network.pays_again()
    network.becomes_well()
    assert network.pid(node) != pid


def test_a_bank_peer_that_hangs_stops_nobody_else(network: Network) -> None:
    network.pays_again()  # after another test's fault, peers may still be finding one another
    with hung(network, "peer0.customs"):
        network.pay()
        told = network.terminal.json("network", "status", "--dir", network.path, exit_code=UNREACHABLE)
        assert [node["name"] for node in told["nodes"] if node["state"] == "hung"] == ["peer0.customs"]
    network.becomes_well()


def test_the_demos_day_ends_as_it_does_on_one_machine(network: Network) -> None:
    """Both shipments included, every step of them; the next day is open, and the others pay on it."""
    import json

    on_fabric = json.loads(
        network.terminal.start("demo", "--network", "--dir", network.path, "--json", wait_s=UP_S).out
    )
    network.pay()
    alone = json.loads(network.terminal.start("demo", "--json", wait_s=UP_S).out)
    assert on_fabric["conclusion"] == alone["conclusion"]
    assert on_fabric["conclusion"].endswith("chain verified")
    assert on_fabric["fates"] == alone["fates"]
    told = [[(each["who"], each["code"]) for each in shipment["steps"]] for shipment in on_fabric["shipments"]]
    wanted = [[(each["who"], each["code"]) for each in shipment["steps"]] for shipment in alone["shipments"]]
    assert told == wanted
    assert len(told) == 3
    assert all(map(len, told[1:]))
