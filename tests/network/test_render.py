"""The build directory: what is in it is what Fabric, the gateways and the ledger each expect."""

import errno
import io
import json
import os
import stat
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from gateway import config, credentials
from gateway.development.data_directory import DataDirectory
from network import private_data
from network.doors import SETTINGS
from network.nodes import Build, Node, Part, gateway
from network.ownership import is_whole, remove
from network.package import package, package_id
from settlement import identity
from settlement.participants import Participant
from tests.network.conftest import BUILDER, Rendered


def listened_on(rendered: Rendered, node: Node) -> list[int]:
    """Read from a node's own settings where it listens."""
    place = rendered.build.node(node)
    match node.part:
        case Part.PEER:
            core = yaml.safe_load((place / "core.yaml").read_text())
            peer = core["peer"]
            found = [peer["listenAddress"], peer["chaincodeListenAddress"], core["operations"]["listenAddress"]]
        case Part.ORDERER:
            orderer = yaml.safe_load((place / "orderer.yaml").read_text())
            addresses = [orderer[door]["ListenAddress"] for door in ("Operations", "Admin")]
            found = [f":{orderer['General']['ListenPort']}", *addresses]
        case Part.CHAINCODE:
            packed = rendered.build, rendered.site, node.organisation
            with tarfile.open(fileobj=io.BytesIO(package(*packed))) as outer:
                code = outer.extractfile("code.tar.gz")
                assert code
                with tarfile.open(fileobj=code) as inner:
                    connection = inner.extractfile("connection.json")
                    assert connection
                    found = [json.load(connection)["address"]]
        case Part.GATEWAY:
            doors = tomllib.loads((rendered.build.organisation(node.organisation.name) / SETTINGS).read_text())
            found = [door["listen"] for door in doors.values() if isinstance(door, dict) and "listen" in door]
    return [int(address.rpartition(":")[2]) for address in found]


def test_a_nodes_ports_are_all_on_which_it_listens(rendered: Rendered) -> None:
    """One that was forgotten would be found taken when the network is half begun."""
    nodes = rendered.site.nodes(rendered.topology)
    assert {node.name: sorted(node.ports) for node in nodes} == {
        node.name: sorted(listened_on(rendered, node)) for node in nodes
    }


def test_keys_are_for_their_owner_alone(rendered: Rendered) -> None:
    for path in rendered.build.path.rglob("*"):
        if path.suffix == ".key" or path.parent.name == "keystore":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        if path.is_dir() and (any(path.glob("*.key")) or path.name == "keystore"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path


def test_clients_read_it_as_a_data_directory(raft: Rendered) -> None:
    directory = DataDirectory(raft.build.path)
    assert directory.exists
    members = directory.members()
    assert list(members) == ["clearing", "regulator", "customs", "banksh", "bankist"]
    assert directory.people("banksh") == ["gateway", "officer-1", "officer-2", "trader-1"]
    node = gateway(raft.topology.organisation("banksh"))
    assert directory.endpoints("banksh").grpc == f"127.0.0.1:{node.port}"


def test_the_ledger_accepts_everybody_whom_an_organisation_certifies(raft: Rendered) -> None:
    for member in DataDirectory(raft.build.path).members().values():
        participant = Participant(organisation=member.organisation)
        for issued in (member.service, *member.people.values()):
            now = x509.load_pem_x509_certificate(issued.certificate).not_valid_before_utc
            known = identity.identify(issued.credential.certificate, participant, round(now.timestamp() * 1000))
            assert known.participant == member.participant


def test_the_root_on_the_ledger_is_the_one_that_the_msp_trusts(raft: Rendered) -> None:
    for member in DataDirectory(raft.build.path).members().values():
        trusted = raft.build.fabric(member.participant) / "msp" / "cacerts" / "ca.pem"
        assert member.organisation.root == trusted.read_text()
        assert member.organisation.msp == raft.topology.organisation(member.participant).msp


@pytest.mark.parametrize("name", ["clearing", "regulator", "customs", "banksh", "bankist"])
def test_every_gateway_takes_its_settings(raft: Rendered, name: str) -> None:
    settings = config.load(raft.build.organisation(name) / SETTINGS, {})
    credentials.read(settings)
    assert settings.fabric.endorsers == ("clearingMSP", "regulatorMSP")
    assert settings.fabric.peers[0].msp == f"{name}MSP"
    assert {"clearingMSP", "regulatorMSP"} <= {peer.msp for peer in settings.fabric.peers}
    assert settings.courier.serve == (name in ("clearing", "regulator"))


def test_gossip_is_quick_and_history_is_off(rendered: Rendered) -> None:
    for node in rendered.site.all_peers(rendered.topology):
        core: dict[str, Any] = yaml.safe_load((rendered.build.node(node) / "core.yaml").read_bytes())
        gossip = core["peer"]["gossip"]
        names = ("reconnectInterval", "publishStateInfoInterval", "requestStateInfoInterval", "aliveTimeInterval")
        assert [gossip[name] for name in names] == ["2s", "1s", "1s", "1s"]
        assert gossip["aliveExpirationTimeout"] == "5s"
        assert core["ledger"]["history"]["enableHistoryDatabase"] is False
        assert core["chaincode"]["externalBuilders"] == [{"name": "ccaas_builder", "path": str(BUILDER)}]
        assert core["peer"]["localMspId"] == node.organisation.msp


def test_in_containers_nodes_are_met_by_name_and_listen_everywhere(containers: Rendered) -> None:
    site = containers.site
    for node in site.nodes(containers.topology):
        if node.part is Part.PEER:
            core = yaml.safe_load((containers.build.node(node) / "core.yaml").read_bytes())
            assert core["peer"]["address"] == f"{node.name}:{node.port}"
            assert core["peer"]["listenAddress"] == f"0.0.0.0:{node.port}"
            assert core["peer"]["fileSystemPath"] == f"/waitan/nodes/{node.name}/data"
        if node.part is not Part.GATEWAY:
            certificate = x509.load_pem_x509_certificate((containers.build.node(node) / "tls/server.crt").read_bytes())
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            assert node.name in names.get_values_for_type(x509.DNSName)


def test_each_participant_has_a_collection_with_both_authorities_and_the_authorities_one_alone(raft: Rendered) -> None:
    policies = {each["name"]: each["policy"] for each in private_data.collections(raft.topology)}
    assert list(policies) == ["authority", "clearing", "regulator", "customs", "banksh", "bankist"]
    assert policies["authority"] == "OR('clearingMSP.member', 'regulatorMSP.member')"
    assert policies["clearing"] == "OR('clearingMSP.member', 'regulatorMSP.member')"
    assert policies["banksh"] == "OR('bankshMSP.member', 'clearingMSP.member', 'regulatorMSP.member')"


def test_no_collection_is_pushed_or_expires_and_members_alone_read_it(raft: Rendered) -> None:
    for each in private_data.collections(raft.topology):
        assert (each["maxPeerCount"], each["requiredPeerCount"], each["blockToLive"]) == (0, 0, 0)
        assert (each["memberOnlyRead"], each["memberOnlyWrite"]) == (True, False)


def test_both_authorities_endorse(raft: Rendered) -> None:
    assert private_data.endorsement(raft.topology) == "AND('clearingMSP.peer', 'regulatorMSP.peer')"


def test_the_same_package_has_the_same_id(raft: Rendered) -> None:
    clearing, regulator = raft.topology.authorities
    ids = [package_id(package(raft.build, raft.site, each)) for each in (clearing, clearing, regulator)]
    assert ids[0] == ids[1] != ids[2]


def test_two_who_remove_a_network_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one has listed the other has deleted: here between any two steps of the first."""
    build = Build(tmp_path / "net")
    for folder in ("organisations", "nodes", "logs"):
        for name in "abc":
            (build.path / folder / name).mkdir(parents=True)
    build.standing.write_text("{}")
    rmdir = os.rmdir

    def gone_before(path: str, *, dir_fd: int | None = None) -> None:
        rmdir(path, dir_fd=dir_fd)
        raise FileNotFoundError(errno.ENOENT, "gone", path)

    monkeypatch.setattr(os, "rmdir", gone_before)
    remove(build)
    monkeypatch.undo()
    remove(build)
    assert not build.path.exists()


def test_a_directory_that_was_not_finished_is_known(raft: Rendered, tmp_path: Path) -> None:
    assert is_whole(raft.build)
    assert not is_whole(Build(tmp_path))
