"""A deployment ends when a query through every peer is answered by each authority's contracts."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import grpc
import pytest
import pytest_asyncio

from gateway.cli.fabric.answering import ABOUT, Asker, all_answer, askers
from gateway.config import load
from gateway.credentials import read
from network.docker import Docker
from network.faults import NetworkFault
from network.nodes import Build, Site
from tests.expectations import PATIENCE_S
from tests.fakes.fabric_gateway import FakePeer, Refusal
from tests.fakes.proposals import opened
from tests.gateway.fabric_house import AUTHORITIES, FabricHouse, a_fabric_house, msp
from tests.network.conftest import Rendered

SOON_S = 5.0
"""Long enough for every peer that answers at all, on a machine that does much else."""
"""How long is waited for who will never answer."""
PEERS = {"clearing": 2, "regulator": 1, "banksh": 2}


class Asked(NamedTuple):
    """Gateways that ask, and the house in which they do."""

    house: FabricHouse
    gateways: list[Asker]
    build: Build

    def peer(self, name: str) -> FakePeer:
        number, _, owner = name.removeprefix("peer").partition(".")
        return self.house.peer(owner, int(number))


@pytest_asyncio.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Asked]:
    async with a_fabric_house(tmp_path, begins=False, names=tuple(PEERS), **PEERS) as house:
        gateways = []
        for name, count in PEERS.items():
            settings = load(house.settings(name, name="-asking"), {})
            gateways.append(Asker(settings, read(settings), tuple(f"peer{number}.{name}" for number in range(count))))
        for peer in (peer for its in house.peers.values() for peer in its):
            peer.calls.clear()
        yield Asked(house, gateways, Build(tmp_path / "the net"))


def questions(peer: FakePeer) -> list[str]:
    """Say of whom a peer was asked what there is."""
    return sorted(
        request.target_organizations[0]
        for method, request in peer.calls
        if method == "Evaluate" and opened(request.proposed_transaction.proposal_bytes).arguments[0] == ABOUT.encode()
    )


@pytest.mark.asyncio
async def test_every_peer_is_asked_for_each_authoritys_contracts(asked: Asked) -> None:
    await all_answer(asked.build, asked.gateways, limit_s=PATIENCE_S)
    for name, peers in asked.house.peers.items():
        for peer in peers:
            assert questions(peer) == sorted(map(msp, AUTHORITIES)), name


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["peer1.banksh", "peer1.clearing", "peer0.regulator"])
async def test_a_peer_without_an_answer_is_named(asked: Asked, name: str) -> None:
    asked.peer(name).faults.refuse["Evaluate"] = Refusal(grpc.StatusCode.UNAVAILABLE, "no endorsers found")
    with pytest.raises(NetworkFault) as fault:
        await all_answer(asked.build, asked.gateways, limit_s=SOON_S)
    assert fault.value.sentence.startswith(f"{name} has had no answer from the contracts of clearingMSP for 5 s")
    assert asked.build.command(f"logs {name}") in fault.value.do
    assert [detail.split(":")[0] for detail in fault.value.details] == [f"{name}, clearingMSP", f"{name}, regulatorMSP"]
    assert "no endorsers found" in fault.value.details[0]


@pytest.mark.asyncio
async def test_an_authority_whose_contracts_nobody_finds_is_named(asked: Asked) -> None:
    asked.house.endorsers.refusals["regulatorMSP"] = (grpc.StatusCode.UNAVAILABLE, "chaincode is not ready")
    with pytest.raises(NetworkFault) as fault:
        await all_answer(asked.build, asked.gateways, limit_s=SOON_S)
    assert fault.value.sentence == (
        "peer0.banksh has had no answer from the contracts of regulatorMSP for 5 s, nor on 4 more ways."
    )


@pytest.mark.asyncio
async def test_who_could_not_be_asked_before_is_not_waited_for(asked: Asked) -> None:
    asked.peer("peer1.banksh").faults.refuse["Evaluate"] = Refusal(grpc.StatusCode.UNAVAILABLE, "down")
    await all_answer(asked.build, asked.gateways, without={"peer1.banksh"}, limit_s=PATIENCE_S)
    assert questions(asked.peer("peer1.banksh")) == []
    assert questions(asked.peer("peer0.banksh"))


@pytest.mark.asyncio
async def test_who_answers_later_is_waited_for(asked: Asked) -> None:
    peer = asked.peer("peer1.banksh")
    peer.faults.refuse["Evaluate"] = Refusal(grpc.StatusCode.UNAVAILABLE, "not yet")
    evaluate = peer._enter

    async def enter(method: str, request: object, context: object) -> None:
        if method == "Evaluate" and len(questions(peer)) > 3:
            peer.faults.refuse.clear()
        await evaluate(method, request, context)

    peer._enter = enter  # type: ignore[method-assign]
    await all_answer(asked.build, asked.gateways, limit_s=PATIENCE_S)


class Containers(Docker):
    """A ground of containers without a daemon: nothing is asked of one."""

    def __init__(self, rendered: Rendered) -> None:
        self.build, self.site = rendered.build, Site(Path("/network"), in_containers=True)  # type: ignore[misc]


def test_peers_in_containers_are_asked_on_loopback_every_one(containers: Rendered) -> None:
    """Of an authority both: a native network of the same description has one."""
    ground = Containers(containers)
    found = {each.settings.participant: each for each in askers(ground, containers.topology)}
    assert found["clearing"].peers == ("peer0.clearing", "peer1.clearing")
    assert found["banksh"].peers == ("peer0.banksh",)
    peers = found["banksh"].settings.fabric.peers
    assert [peer.name for peer in peers] == [
        "peer0.banksh",
        "peer0.clearing",
        "peer1.clearing",
        "peer0.regulator",
        "peer1.regulator",
    ]
    assert all(peer.address.startswith("127.0.0.1:") for peer in peers)
    assert len({peer.address for peer in peers}) == len(peers)


def test_where_a_build_directory_lies_as_this_machine_sees_it(tmp_path: Path, containers: Rendered) -> None:
    site = containers.site.outside(tmp_path)
    peer = site.peers(containers.topology.clearing)[1]
    assert (site.address(peer), site.directory(peer)) == (
        f"127.0.0.1:{peer.port}",
        Build(tmp_path).node(peer),
    )
