"""The network's description: what it gives, and how a fault in it is told."""

import pytest

from network.faults import NetworkFault
from network.nodes import LOOPBACK, Part, Site, orderers
from network.topology import PORTS_EACH, Consensus, Topology

OURS = Topology.read()
TEXT = OURS.encode().decode()


def decode(text: str) -> Topology:
    return Topology.decode(text.encode(), "net.yaml")


def test_ours_has_the_five_organisations_of_the_development_network() -> None:
    from gateway.development.members import SHANGHAI

    ours = [(each.name, each.kind.value, each.title, each.bic) for each in OURS.organisations]
    assert ours == [(each.participant, each.kind.value, each.name, each.bic) for each in SHANGHAI]


def test_what_is_written_reads_the_same() -> None:
    assert decode(TEXT) == OURS


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("first_port: 17100\n", "frist_port: 17100\n", "frist_port"),
        ("kind: regulator", "kind: regulater", "$.organisations[1].kind"),
        ("name: banksh\n", "name: Bank SH\n", "organisations[3] (Bank SH): a name is"),
        ("bic: BUNDCNSHXXX", "bic: BUND", "organisations[3] (banksh): bic BUND"),
        ("  bic: BUNDCNSHXXX\n", "", "organisations[3] (banksh): a bank has a bic"),
        ("name: bankist\n", "name: banksh\n", "name banksh stands twice"),
        ("name: bankist\n", "name: authority\n", "a collection of the ledger's own"),
        ("BOSPTRISXXX", "BUNDCNSHXXX", "bic BUNDCNSHXXX stands twice"),
        ("kind: regulator", "kind: bank\n  bic: AAAACNSHXXX", "there must be one regulator, and there are 0"),
        ("  first_port: 17120\n", "  first_port: 17110\n", "of clearing and of regulator overlap"),
        ("  first_port: 17120\n", "  first_port: 65530\n", "leaves no room"),
        ("  - customs\n  - banksh\n", "  - customs\n", "SmartBFT needs 4 orderers"),
        ("  raft:\n  - clearing\n", "  raft:\n  - clearing\n  - regulator\n", "Raft needs an odd number"),
        ("  raft3:\n  - clearing\n", "  raft3:\n", "orderers.raft3: this is Raft with 3 orderers"),
        ("  raft:\n  - clearing\n", "  raft:\n  - nobody\n", "orderers.raft: nobody is no organisation here"),
        ("  raft:\n  - clearing\n", "", "nobody is named for raft"),
    ],
    ids=lambda text: text.strip().replace("\n", " ")[:30],
)
def test_a_fault_is_told_with_its_place(before: str, after: str, told: str) -> None:
    assert before in TEXT
    with pytest.raises(NetworkFault) as fault:
        decode(TEXT.replace(before, after, 1))
    assert fault.value.sentence.startswith("net.yaml")
    assert told in fault.value.sentence
    assert fault.value.do


def test_ports_do_not_begin_among_the_systems() -> None:
    """Wherever that is said: in the description, or as it is started."""
    with pytest.raises(NetworkFault) as fault:
        OURS.started(Consensus.RAFT, 80)
    assert "first_port 80 is the system's" in fault.value.sentence
    assert "--base-port" in fault.value.do, "the description is not at fault"


@pytest.mark.parametrize("in_containers", [False, True], ids=["native", "containers"])
@pytest.mark.parametrize("consensus", list(Consensus), ids=str)
def test_no_two_nodes_share_a_port(consensus: Consensus, *, in_containers: bool) -> None:
    topology = OURS.started(consensus, 30000)
    used = [port for node in Site(LOOPBACK, in_containers=in_containers).nodes(topology) for port in node.ports]  # type: ignore[arg-type]
    assert len(used) == len(set(used))
    assert min(used) == 30000
    assert max(used) < 30000 + PORTS_EACH * len(topology.organisations)


def test_smartbft_is_run_by_four_different_organisations() -> None:
    owners = [node.organisation.name for node in orderers(OURS.started(Consensus.BFT))]
    assert owners == ["clearing", "regulator", "customs", "banksh"]


def test_in_containers_each_authority_has_two_peers() -> None:
    topology = OURS.started(Consensus.RAFT)
    site = Site(LOOPBACK, in_containers=True)  # type: ignore[arg-type]
    names = [node.name for node in site.nodes(topology) if node.part is Part.PEER]
    assert names[:4] == ["peer0.clearing", "peer1.clearing", "peer0.regulator", "peer1.regulator"]
    assert len(names) == 7
