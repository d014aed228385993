"""One more bank in a network: who may join, and who goes on joining."""

import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from network import raising
from network.faults import NetworkFault
from network.joining import Bank, around, join
from network.nodes import Build
from network.render import render
from network.topology import Consensus, Topology
from tests.network.lifecycle import Grounded
from tests.network.test_words import free_range


def test_who_was_broken_off_while_joining_goes_on_and_nobody_joins_twice() -> None:
    topology = Topology.read().started(Consensus.RAFT)
    newcomer = Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank")
    first = around(topology, newcomer)
    assert first[0] == topology
    assert around(first[1], newcomer) == first
    for other in (newcomer._replace(bic="MAINDEFFXXX"), newcomer._replace(name="bankmain")):
        with pytest.raises(NetworkFault, match="is on this network already"):
            around(first[1], other)
    with pytest.raises(NetworkFault, match="is on this network already"):
        around(topology, Bank("banksh", "BUNDCNSHXXX", ""))


def test_a_bank_may_be_given_its_ports_once() -> None:
    """One used port among the twenty after the others' would keep every bank out."""
    topology = Topology.read().started(Consensus.RAFT)
    newcomer = Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank", first_port=18000)
    _, after = around(topology, newcomer)
    assert after.organisation("bankfra").ports == range(18000, 18020)
    assert around(after, newcomer._replace(first_port=0)) == around(after, newcomer) == (topology, after)
    with pytest.raises(NetworkFault, match="has its ports already, from 18000"):
        around(after, newcomer._replace(first_port=19000))
    with pytest.raises(NetworkFault, match="overlap") as fault:
        around(topology, newcomer._replace(first_port=17110))
    assert "--base-port" in fault.value.do


@pytest.mark.asyncio
async def test_a_used_port_of_a_network_that_is_there_is_freed_and_one_of_who_joins_may_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own ports stand in its channel and settings: to begin elsewhere would be another network, and no ledger."""
    topology = Topology.read().started(Consensus.RAFT, free_range())
    ground = Grounded(Build(tmp_path / "net"), topology)

    async def told(port: int, join: Callable[[], Awaitable[object]]) -> str:
        with socket.create_server(("127.0.0.1", port)), pytest.raises(NetworkFault, match=f"Port {port}") as fault:
            await join()
        return fault.value.do

    monkeypatch.setattr(raising, "ELSEWHERE", (topology.first_port, 22100))
    assert "the same again with --base-port 22100" in await told(
        topology.first_port, lambda: raising.prepare(ground, topology)
    )
    render(ground.build, ground.site, topology, builder=ground.builder)
    first, newcomers = topology.first_port, free_range(topology.first_port + 100)
    bank = Bank("bankfra", "RHEIDEFFXXX", "Rheinufer Bank", first_port=newcomers)
    assert await told(first, lambda: raising.prepare(ground, topology)) == "End that program."
    assert await told(first, lambda: join(ground, topology, bank, print)) == "End that program."
    assert "give bankfra other ports: the same again with --base-port" in await told(
        newcomers, lambda: join(ground, topology, bank, print)
    )
