"""A network of one's own description: other names, other BICs, other banks and more of them, no customs."""

import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.cli.fabric.network import Choices, chosen_line, wanted
from gateway.cli.failures import Failure
from gateway.cli.up import PURSE
from gateway.development.data_directory import DataDirectory
from gateway.development.example_payment import Sum, payment
from gateway.development.morning import prepare, today
from gateway.development.process import running
from network.channel import genesis
from network.ground import Standing
from network.nodes import Build, Site
from network.render import render
from network.topology import Consensus, Topology
from network.update import configuration
from settlement.accounts.issuance import Issuance
from settlement.participants import Participant
from tests.e2e.running import Terminal
from tests.network.conftest import BUILDER
from tests.network.test_words import a_network_on_fabric, free_range, release

OWN = Path(__file__).with_name("own_topology.yaml")
SEVEN = Path(__file__).with_name("seven_topology.yaml")
BANKS = ("bankfra", "bankmuc", "bankvie")


def rendered(directory: Path, consensus: Consensus = Consensus.RAFT) -> tuple[Build, Topology]:
    build, topology = Build(directory), Topology.read(OWN).started(consensus)
    render(build, Site(directory), topology, builder=BUILDER)
    return build, topology


@pytest.mark.parametrize("consensus", list(Consensus), ids=str)
def test_the_channel_is_of_those_who_are_named(tmp_path: Path, consensus: Consensus) -> None:
    build, topology = rendered(tmp_path / "net", consensus)
    block = genesis(build, Site(tmp_path / "net"), topology).SerializeToString()
    root = configuration(block).channel_group
    owners = {f"{name}MSP" for name in topology.orderers[consensus]}
    assert set(root.groups["Application"].groups) == {f"{each.name}MSP" for each in topology.organisations}
    assert set(root.groups["Orderer"].groups) == owners
    assert len(owners) == {Consensus.RAFT: 1, Consensus.RAFT3: 3, Consensus.BFT: 5}[consensus]


@pytest.mark.parametrize(
    ("consensus", "orderers", "chosen"),
    [
        ("raft", None, Consensus.RAFT),
        ("raft", 1, Consensus.RAFT),
        ("raft", 3, Consensus.RAFT3),
        ("bft", None, Consensus.BFT),
        ("bft", 5, Consensus.BFT),
        ("bft", 4, None),
        ("raft", 5, None),
        (None, 3, Consensus.RAFT3),
    ],
)
def test_how_many_orderers_there_may_be_is_what_the_description_says(
    consensus: str | None, orderers: int | None, chosen: Consensus | None
) -> None:
    choices = Choices(consensus=consensus, orderers=orderers)
    if chosen is not None:
        assert chosen_line(choices, Topology.read(OWN)) is chosen
        return
    with pytest.raises(Failure, match=f"There is no consensus {consensus} of {orderers} orderers"):
        chosen_line(choices, Topology.read(OWN))


@pytest.mark.parametrize("consensus", list(Consensus), ids=str)
def test_how_orderers_agree_may_stand_in_the_description(tmp_path: Path, consensus: Consensus) -> None:
    """And what is said at the start goes before it."""
    described = tmp_path / "mine.yaml"
    described.write_text(f"{OWN.read_text()}consensus: {consensus}\n")
    build = Build(tmp_path / "net")
    assert wanted(build, described, Choices()).consensus is consensus
    assert wanted(build, described, Choices(consensus="bft")).consensus is Consensus.BFT


@pytest.mark.parametrize("described", [None, OWN], ids=["nothing said", "the description"])
def test_a_network_that_is_there_is_asked_for_as_it_was_made(tmp_path: Path, described: Path | None) -> None:
    build, usual = Build(tmp_path / "net"), Topology.read(OWN)
    made = usual.started(Consensus.BFT, 21000)
    render(build, Site(build.path), made, builder=BUILDER)
    assert wanted(build, described, Choices()) == made
    assert wanted(build, described, Choices(consensus="raft", base_port=22000)) == usual.started(Consensus.RAFT, 22000)


def test_up_alone_starts_a_network_as_it_was(tmp_path: Path) -> None:
    """Its directory knows its programs, its ports and how its orderers agree; what is said to be other is refused."""
    build, port = Build(tmp_path / "net"), free_range()
    made = Topology.read(OWN).started(Consensus.RAFT3, port)
    render(build, Site(build.path), made, builder=BUILDER)
    Standing(ground="native", binaries=str(release(tmp_path / "release"))).write(build)
    terminal = Terminal(tmp_path)
    with socket.create_server(("127.0.0.1", port)):
        alone = terminal.json("network", "up", "--dir", build.path, exit_code=3)["error"]
        other = terminal.json("network", "up", "--dir", build.path, "--consensus", "bft", exit_code=3)["error"]
    assert alone["message"] == f"Port {port}, which peer0.ccp would use, is taken by another program."
    assert f"made with other choices (raft3 with 3 orderers, ports from {port})" in other["message"]
    assert build.command("up") in other["do"]


def embedded(build: Build) -> DataDirectory:
    """Give its members and their keys as a network on the embedded ledger that has not run yet."""
    build.read.rmdir()
    for file in build.path.glob("organisations/*/endpoints.json"):
        file.unlink()
    return DataDirectory(build.path)


@pytest.mark.asyncio
async def test_its_day_begins_and_its_banks_pay(tmp_path: Path) -> None:
    """What `waitan network up` does before it opens the doors, on the embedded ledger."""
    build, topology = rendered(tmp_path / "net")
    async with running(embedded(build)) as network:
        funds = dict.fromkeys(BANKS, PURSE)
        for _ in range(2):
            await prepare(network.gateways, network.members, funds=funds, date=today())
        clearing = network.gateways[topology.clearing.name]
        assert {each.organisation.participant for each in clearing.queries.records(Participant)} == {"ccp", "watch"} | {
            *BANKS
        }
        assert len(clearing.queries.records(Issuance)) == len(BANKS) * len(PURSE)
        payer, payee = (network.members[name].profile for name in BANKS[1:])
        paid = payment(payer, payee, Sum("12.00", "EUR"), date=today(), text="Own")
        assert [each.code for each in await network.gateways[payer.participant].ask([paid])] == [""]


@pytest.mark.asyncio
async def test_a_bank_that_joins_later_is_not_funded_when_the_network_is_started_again(tmp_path: Path) -> None:
    """Money comes onto the ledger as officers confirm it, not by a restart."""
    build, _ = rendered(tmp_path / "net")
    async with running(embedded(build)) as network:
        await prepare(network.gateways, network.members, funds=dict.fromkeys(BANKS[:2], PURSE), date=today())
        await prepare(network.gateways, network.members, funds=dict.fromkeys(BANKS, PURSE), date=today())
        issued = {each.participant for each in network.gateways["ccp"].queries.records(Issuance)}
    assert issued == set(BANKS[:2])


def test_the_demo_says_whom_it_needs(tmp_path: Path) -> None:
    build, _ = rendered(tmp_path / "net")
    told = Terminal(tmp_path).json("demo", "--network", "--dir", build.path, exit_code=2)["error"]["message"]
    assert told.startswith("The demo's day needs clearing (WTCHCNSHXXX), regulator (regulator), customs (customs),")
    assert f"the network in {build.path} has none" in told


@pytest.mark.parametrize("there", ["nothing", "half", "keys"])
def test_the_demo_names_what_starts_a_network_on_fabric(tmp_path: Path, there: str) -> None:
    """Not the option for a directory of its own, and not the program for one machine."""
    place = tmp_path / "net"
    if there == "keys":
        a_network_on_fabric(place)
        (place / "organisations" / "banksh" / "ca.key").write_text("torn")
    elif there == "half":
        (place / "organisations").mkdir(parents=True)
    error = Terminal(tmp_path).json("demo", "--network", "--dir", place, exit_code=3)["error"]
    assert str(place) in error["message"]
    start = "waitan network status" if there == "keys" else "waitan network up --native --bin DIR"
    assert error["do"].endswith(f"{start} --dir {place}")


def test_who_is_asked_where_nobody_is_named_is_found_by_kind(tmp_path: Path) -> None:
    """Nobody answers here; who was asked stands in what is told."""
    build, _ = rendered(tmp_path / "net")
    DataDirectory(build.path).members()  # certifies the people
    terminal = Terminal(build.path)
    for words, asked in (
        (("account", "list"), "ccp"),
        (("ruling", "list"), "watch"),
        (("issuance", "request", "1.00", "EUR"), "bankfra"),
        (("pay", "1.00", "EUR", "--from", "bankvie", "--to", "bankmuc"), "bankvie"),
    ):
        told = " ".join(terminal.run(*words, exit_code=3).errors.split())
        assert f"The gateway of {asked} at 127.0.0.1:" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "Bosphorus Bankası"}, "banksh: the ledger will not take its title Bosphorus Bankası (CH16)."),
        ({"bic": "BUNDZZSHXXX"}, "banksh: the ledger will not take its bic BUNDZZSHXXX (RC01)."),
    ],
    ids=["title", "country"],
)
def test_what_the_ledger_would_refuse_is_refused_before_anything_is_made(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    ours = Topology.read()
    organisations = tuple(replace(each, **change) if each.name == "banksh" else each for each in ours.organisations)
    described = tmp_path / "mine.yaml"
    described.write_bytes(replace(ours, organisations=organisations).encode())
    words = ("--native", "--bin", release(tmp_path / "release"), "--dir", tmp_path / "net", "--topology", described)
    done = Terminal(tmp_path).run("network", "up", *words, "--base-port", str(free_range()), exit_code=2)
    assert told in " ".join(done.errors.split())
    assert not (tmp_path / "net").exists()
