"""Contracts brought to a channel: with those who can be asked, and to the others later, at the same sequence."""

import pytest
from msgspec.structs import replace

from network import deploy
from network.faults import NetworkFault
from network.nodes import Build, Site
from network.presence import look, majority
from network.render import render
from network.topology import Consensus, Topology
from tests.network.conftest import BUILDER
from tests.network.lifecycle import Grounded

NAMES = ["clearing", "regulator", "customs", "banksh", "bankist"]


@pytest.fixture(scope="module")
def rendered_twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Topology]:
    """A build directory in which the authorities have two peers each."""
    ours = Topology.read().started(Consensus.RAFT)
    organisations = tuple(replace(each, peers=2 if each.endorses else 1) for each in ours.organisations)
    build, topology = Build(tmp_path_factory.mktemp("twice") / "net"), replace(ours, organisations=organisations)
    render(build, Site(build.path), topology, builder=BUILDER)
    return build, topology


@pytest.fixture
def ground(rendered_twice: tuple[Build, Topology], monkeypatch: pytest.MonkeyPatch) -> Grounded:
    """A network on whose channel nothing is yet, with peers that are not waited for."""
    monkeypatch.setattr("network.presence.ANSWER_S", 0.0)
    monkeypatch.setattr("network.presence.LEVEL_S", 0.0)
    return Grounded(*rendered_twice)


async def deployed(ground: Grounded) -> deploy.Deployed:
    ground.channel.ordered.clear()
    return await deploy.deploy(ground, ground.channel.topology)


def approved(ground: Grounded, name: str = "waitan") -> list[str]:
    """Name who has approved what is committed."""
    there = ground.channel.committed[name]
    return [each for each in NAMES if ground.channel._has(name, each, there)]


@pytest.mark.asyncio
async def test_all_approve_and_one_commits_and_a_second_time_nothing_is_done(ground: Grounded) -> None:
    first = await deployed(ground)
    assert (first.sequence, first.changed, first.unapproved, first.unasked) == (1, True, (), ())
    assert approved(ground) == NAMES
    assert sorted(ground.channel.installed) == [
        "peer0.clearing",
        "peer0.regulator",
        "peer1.clearing",
        "peer1.regulator",
    ]
    assert await deployed(ground) == first._replace(changed=False)
    assert ground.channel.ordered == []


@pytest.mark.asyncio
async def test_a_bank_whose_peer_is_away_keeps_nobody_waiting_and_is_brought_along_at_the_same_sequence(
    ground: Grounded,
) -> None:
    ground.channel.away = {"peer0.bankist"}
    first = await deployed(ground)
    assert (first.sequence, first.changed, first.unapproved) == (1, True, ("bankist",))
    assert approved(ground) == NAMES[:-1]
    ground.channel.away = set()
    again = await deployed(ground)
    assert (again.sequence, again.changed, again.unapproved) == (1, False, ())
    assert ground.channel.ordered == ["approve bankist"]
    assert approved(ground) == NAMES


@pytest.mark.asyncio
async def test_who_has_approved_and_is_away_since_is_not_told_to_be_behind(ground: Grounded) -> None:
    await deployed(ground)
    ground.channel.away = {"peer0.bankist"}
    assert (await deployed(ground)).unapproved == ()


@pytest.mark.asyncio
async def test_an_authoritys_second_peer_gets_the_package_when_it_is_back(ground: Grounded) -> None:
    ground.channel.away = {"peer0.clearing"}
    first = await deployed(ground)
    assert (first.changed, first.unapproved, first.unasked) == (True, (), ("peer0.clearing",))
    assert "peer0.clearing" not in ground.channel.installed
    ground.channel.away = set()
    assert (await deployed(ground)).unasked == ()
    assert ground.channel.installed["peer0.clearing"] == ground.channel.installed["peer1.clearing"]
    assert ground.channel.ordered == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "away",
    [
        {"peer0.regulator", "peer1.regulator"},
        {"peer0.customs", "peer0.banksh", "peer0.bankist"},
    ],
    ids=["an authority", "a majority"],
)
async def test_without_both_authorities_or_a_majority_nothing_is_begun(ground: Grounded, away: set[str]) -> None:
    ground.channel.away = away
    with pytest.raises(NetworkFault) as fault:
        await deployed(ground)
    missing = [each for each in NAMES if {f"peer0.{each}"} & away]
    assert fault.value.sentence.endswith(f"no peer can be asked of {', '.join(missing)}.")
    assert "waitan network status" in fault.value.do
    assert (ground.channel.installed, ground.channel.approvals) == ({}, {})


@pytest.mark.asyncio
@pytest.mark.parametrize("is_committed", [True, False])
async def test_a_version_that_was_approved_with_another_package_is_approved_again(
    ground: Grounded, *, is_committed: bool
) -> None:
    """Else the organisation's peers would never find the contracts: they go by the package that was approved."""
    await deployed(ground)
    right = ground.channel.approvals["waitan", "clearing"]
    ground.channel.approvals["waitan", "clearing"] = right._replace(package="waitan:0ther")
    if not is_committed:
        ground.channel.committed.clear()
    await deployed(ground)
    assert ground.channel.approvals["waitan", "clearing"] == right
    assert ground.channel.ordered == ["approve clearing", *([] if is_committed else ["commit"])]


@pytest.mark.asyncio
async def test_a_peer_that_is_behind_is_not_asked_to_judge(ground: Grounded) -> None:
    """It knows an earlier sequence, and would refuse the next one."""
    ground.channel.heights = {"peer0.bankist": 3}
    found = await look(ground, ground.channel.topology)
    assert [peer.name for peer in found.absent] == ["peer0.bankist"]


@pytest.mark.asyncio
async def test_a_peer_that_catches_up_meanwhile_is_present(ground: Grounded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.presence.ANSWER_S", 60.0)
    monkeypatch.setattr("network.presence.LEVEL_S", 60.0)
    told = iter([3, 5])
    asked = ground.peer

    async def peer(node: object, *arguments: str) -> str:
        ground.channel.heights = (
            {"peer0.bankist": next(told, 7)} if getattr(node, "name", "") == "peer0.bankist" else {}
        )
        return await asked(node, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ground, "peer", peer)
    assert (await look(ground, ground.channel.topology)).absent == ()


@pytest.mark.asyncio
async def test_another_address_beside_is_another_package_with_the_next_sequence(ground: Grounded) -> None:
    """The servers of a comparison may be elsewhere the next time."""
    topology = ground.channel.topology
    first = await deploy.deploy_beside(ground, topology, "single", dict.fromkeys(NAMES, "127.0.0.1:9"))
    assert await deploy.deploy_beside(ground, topology, "single", dict.fromkeys(NAMES, "127.0.0.1:9")) == first
    other = await deploy.deploy_beside(ground, topology, "single", dict.fromkeys(NAMES, "127.0.0.1:10"))
    assert other != first
    assert ground.channel.committed["single"].sequence == 2
    assert ground.channel.approvals["single", "clearing"].package == other["clearing"]
    assert ground.channel.committed.keys() == {"single"}


def test_a_majority_is_more_than_half() -> None:
    assert [majority(number) for number in (1, 2, 3, 4, 5, 6)] == [1, 2, 2, 3, 3, 4]
