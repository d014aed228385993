"""A network of containers: what its Compose file says, and what is said where Docker is not as it should be."""

import json
import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePath

import msgspec
import pytest

from network import deploy, sources
from network.compose import IMAGES, compose
from network.docker import Docker
from network.faults import NetworkFault
from network.joining import widened
from network.nodes import Build, Node, Part, Site
from network.render import render
from network.settings import CCAAS_IN_IMAGE
from network.topology import Consensus, Kind, Organisation, Topology
from tests.network.lifecycle import Lifecycle

ROOT = Path(__file__).parents[2]
SECRETS = ("ca.key", "officer-1.key", "officer-2.key", "tls-ca.key", "supervisor-1.key", "chaincode-client.key")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Site, Topology]:
    build = Build(tmp_path_factory.mktemp("build"))
    site = Site(Path("/network"), in_containers=True)
    topology = Topology.read().started(Consensus.BFT)
    render(build, site, topology, builder=CCAAS_IN_IMAGE)
    return build, site, topology


@pytest.fixture(scope="module")
def file(built: tuple[Build, Site, Topology]) -> dict[str, dict[str, dict[str, object]]]:
    build, site, topology = built
    decoded: dict[str, dict[str, dict[str, object]]] = msgspec.yaml.decode(compose(build, site, topology, user="7:8"))
    return decoded


def test_every_node_is_a_service_and_the_authorities_have_two_peers(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    _, site, topology = built
    assert list(file["services"]) == [node.name for node in site.nodes(topology)]
    assert {"peer1.clearing", "peer1.regulator", "orderer.banksh"} <= set(file["services"])
    assert "peer1.banksh" not in file["services"]


def test_no_service_is_root_or_without_a_health_check(file: dict[str, dict[str, dict[str, object]]]) -> None:
    for service in file["services"].values():
        assert service["user"] == "7:8"
        assert service["cap_drop"] == ["ALL"]
        health: dict[str, object] = service["healthcheck"]  # type: ignore[assignment]
        assert (health["start_period"], health["retries"]) == ("120s", 3)
        assert service["restart"] == "unless-stopped"


def test_every_container_is_asked_for_its_own_word_of_its_health(
    file: dict[str, dict[str, dict[str, object]]],
) -> None:
    """Not for a port alone, which a program that hangs has, too; a chaincode server is told where to give its word."""
    for name, service in file["services"].items():
        test = service["healthcheck"]["test"][-1]  # type: ignore[index]
        port = re.match(r"exec 3<>/dev/tcp/127\.0\.0\.1/(\d+);", test)
        assert port, name
        assert "GET /healthz" in test
        assert "200 OK" in test
        if name.startswith("chaincode."):
            environment: dict[str, str] = service["environment"]  # type: ignore[assignment]
            assert environment["CHAINCODE_HEALTH_ADDRESS"] == f"127.0.0.1:{port[1]}"
            assert not environment["CHAINCODE_SERVER_ADDRESS"].endswith(f":{port[1]}")


def test_whatever_is_published_is_published_on_loopback_once(file: dict[str, dict[str, dict[str, object]]]) -> None:
    ports = [port for service in file["services"].values() for port in service["ports"]]  # type: ignore[attr-defined]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len(set(ports)) == len(ports)


def test_a_container_sees_no_key_of_a_person_or_a_ca(file: dict[str, dict[str, dict[str, object]]]) -> None:
    for name, service in file["services"].items():
        for mount in service["volumes"]:  # type: ignore[attr-defined]
            source = mount.partition(":")[0]
            if not source.startswith("/"):
                continue
            seen = [Path(source)] if Path(source).is_file() else list(Path(source).rglob("*"))
            assert not [path for path in seen if path.name in SECRETS], name


class Installing(Docker):
    """Peers that install whatever they are handed, and what every peer's container sees at that moment."""

    def __init__(self, built: tuple[Build, Site, Topology], mounts: dict[str, list[tuple[Path, PurePath]]]) -> None:
        # No daemon is looked for: nothing is asked of one.
        self.build, self.site, _ = built  # type: ignore[misc]
        self._mounts = mounts
        self._channel = Lifecycle(built[2])
        self.installed: list[str] = []
        self.seen_keys: dict[str, set[str]] = {name: set() for name in mounts}

    async def peer(self, peer: Node, *arguments: str) -> str:
        file = None
        if arguments[2] == "install":
            inside = PurePath(arguments[3])
            source, target = next(mount for mount in self._mounts[peer.name] if inside.is_relative_to(mount[1]))
            file = source / inside.relative_to(target)
            self.installed.append(peer.name)
            for name, mounted in self._mounts.items():
                self.seen_keys[name] |= {key for source, _ in mounted for key in keys_in(source)}
        return self._channel.ask(peer, arguments, file)


def keys_in(place: Path) -> Iterator[str]:
    """Give the private keys under a path, by a line of each; those within chaincode packages, too."""
    for file in [place] if place.is_file() else sorted(place.rglob("*")):
        if file.suffix == ".tgz":
            with tarfile.open(file) as package, tarfile.open(fileobj=package.extractfile("code.tar.gz")) as code:
                text = json.load(code.extractfile("connection.json"))["client_key"]  # type: ignore[arg-type]
                yield text.splitlines()[2]
        elif file.is_file() and b"PRIVATE KEY" in (content := file.read_bytes()):
            yield content.decode().splitlines()[2]


@pytest.mark.asyncio
async def test_no_peer_sees_another_organisations_key_not_even_while_a_package_is_installed(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    """An authority's package holds the key with which its peers call its contracts."""
    build, site, topology = built
    peers = site.all_peers(topology)
    mounts: dict[str, list[tuple[Path, PurePath]]] = {}
    for peer in peers:
        words = [mount.split(":") for mount in file["services"][peer.name]["volumes"]]  # type: ignore[attr-defined]
        mounts[peer.name] = [(Path(source), PurePath(target)) for source, target, *_ in words if source[0] == "/"]
    owned = {each.name: set(keys_in(build.organisation(each.name))) for each in topology.organisations}
    for node in site.nodes(topology):
        if build.node(node).is_dir():
            owned[node.organisation.name] |= set(keys_in(build.node(node)))
    left = build.channel / "another.clearing.tgz"
    left.write_bytes(b"what an earlier version left there")
    ground = Installing(built, mounts)
    await deploy.deploy_beside(ground, topology, "another", {each.name: "a:1" for each in topology.authorities})
    assert sorted(ground.installed) == ["peer0.clearing", "peer0.regulator", "peer1.clearing", "peer1.regulator"]
    for peer in peers:
        assert ground.seen_keys[peer.name]
        assert ground.seen_keys[peer.name] <= owned[peer.organisation.name], peer.name
    assert not list(build.path.rglob("*.tgz"))


def test_what_a_container_does_not_write_is_mounted_to_be_read(file: dict[str, dict[str, dict[str, object]]]) -> None:
    for service in file["services"].values():
        for mount in service["volumes"]:  # type: ignore[attr-defined]
            source, _, rest = mount.partition(":")
            assert source in file["volumes"] or rest.endswith(":ro")


def test_who_runs_is_left_as_it_is_when_a_bank_joins(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    """Nothing in another's service says who else takes part, so Compose has no reason to make it again."""
    build, site, topology = built
    bank = Organisation(name="bankfra", kind=Kind.BANK, bic="RHEIDEFFXXX", title="Rheinufer Bank")
    after = msgspec.yaml.decode(compose(build, site, widened(topology, bank), user="7:8"))["services"]
    assert {name: after[name] for name in file["services"]} == file["services"]
    assert set(after) - set(file["services"]) == {"peer0.bankfra", "gateway.bankfra"}


def test_every_peer_sees_every_organisations_root_for_tls(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    """In the channel's directory: a directory that is mounted shows what is written to it later, too."""
    build, site, topology = built
    for node in site.all_peers(topology):
        assert f"{build.channel}:/network/channel:ro" in file["services"][node.name]["volumes"]  # type: ignore[operator]
    for each in topology.organisations:
        root = build.fabric(each.name) / "tls-ca.crt"
        assert build.tls_root(each).parent == build.channel
        assert build.tls_root(each).read_bytes() == root.read_bytes()


def test_a_volume_keeps_the_data_of_every_node_that_has_any(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    build, site, topology = built
    kept = [node for node in site.nodes(topology) if node.part is not Part.CHAINCODE]
    assert len(file["volumes"]) == len(kept)
    for volume in file["volumes"].values():
        assert volume["driver_opts"]["device"].startswith(str(build.path))  # type: ignore[index]


def test_fabrics_images_are_the_official_ones_and_ours_are_built_here(
    built: tuple[Build, Site, Topology], file: dict[str, dict[str, dict[str, object]]]
) -> None:
    images = {service["image"] for service in file["services"].values()}
    assert images == {
        "hyperledger/fabric-peer:3.1.5",
        "hyperledger/fabric-orderer:3.1.5",
        *(f"{name}:{sources.tag()}" for name in IMAGES.values()),
    }
    build = file["services"]["chaincode.clearing"]["build"]
    assert (ROOT / build["dockerfile"]).is_file()  # type: ignore[index]


def test_a_changed_source_is_another_image(tmp_path: Path) -> None:
    """Compose never builds an image anew that it finds by its name; what Python keeps beside a source is no change."""
    names = sources.copied()
    assert {"requirements-run.lock", "settlement", "chaincode", "gateway"} <= set(names)
    dockerfile = tmp_path / sources.DOCKERFILE
    dockerfile.parent.mkdir(parents=True)
    shutil.copy(ROOT / sources.DOCKERFILE, dockerfile)
    (tmp_path / "gateway").mkdir()
    source = tmp_path / "gateway" / "edge.py"
    source.write_text("a = 1\n")
    before = sources.tag(tmp_path)
    assert re.fullmatch("[0-9a-f]{12}", before)
    (tmp_path / "gateway" / "__pycache__").mkdir()
    (tmp_path / "gateway" / "__pycache__" / "edge.pyc").write_bytes(b"a")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_edge.py").write_text("a = 1\n")
    assert sources.tag(tmp_path) == before
    source.write_text("a = 2\n")
    changed = sources.tag(tmp_path)
    source.rename(source.with_name("other.py"))
    renamed = sources.tag(tmp_path)
    dockerfile.write_text(dockerfile.read_text() + "USER 7\n")
    assert len({before, changed, renamed, sources.tag(tmp_path)}) == 4


COMPOSE = shutil.which("docker-compose") or shutil.which("docker")


@pytest.mark.skipif(COMPOSE is None, reason="neither docker compose nor docker-compose is there to read the file")
def test_compose_reads_the_file_as_it_is_meant(built: tuple[Build, Site, Topology], tmp_path: Path) -> None:
    build, site, topology = built
    place = tmp_path / "compose.yaml"
    place.write_bytes(compose(build, site, topology, user="7:8"))
    words = (str(COMPOSE), *(("compose",) if Path(str(COMPOSE)).name == "docker" else ()), "-f", str(place))
    if subprocess.run([*words, "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker is there without its Compose plugin")
    told = subprocess.run([*words, "config", "--services"], capture_output=True, text=True, check=True)
    assert set(told.stdout.split()) == {node.name for node in site.nodes(topology)}


def program(directory: Path, name: str, script: str) -> None:
    file = directory / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({}, "There is no docker on the PATH."),
        ({"docker": "exit 1"}, "The Docker daemon does not answer."),
        ({"docker": '[ "$1" = info ]'}, "Docker is here, and Compose is not."),
    ],
    ids=["no docker", "no daemon", "no compose"],
)
def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: dict[str, str], said: str
) -> None:
    for name, script in programs.items():
        program(tmp_path, name, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NetworkFault, match=said) as fault:
        Docker(Build(tmp_path))
    assert fault.value.do


@pytest.mark.parametrize(
    "words", [("docker", '[ "$1" != compose ] || exit 0; [ "$1" = info ]'), ("docker-compose", "exit 0")]
)
def test_either_compose_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, str]) -> None:
    program(tmp_path, "docker", '[ "$1" = info ]')
    program(tmp_path, *words)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Docker(Build(tmp_path)).standing.ground == "docker"
