"""Certificates and keys of a network that are torn or gone: each is named, with what to do."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fabric_protos.common.configtx_pb2 import ConfigUpdate

from certification.authority import Authority
from gateway.cli.fabric import network as work
from gateway.cli.failures import Failure
from gateway.cli.say import Say
from gateway.development.data_directory import DataDirectory
from network import participation
from network.faults import DamagedFault
from network.material import Authorities
from network.nodes import Build, orderers
from network.update import signed
from tests.e2e.running import Terminal
from tests.network.conftest import Rendered
from tests.network.lifecycle import Grounded


@pytest.fixture
def build(raft: Rendered, tmp_path: Path) -> Build:
    """A network's directory to spoil, with people."""
    copied = Build(tmp_path / "net")
    shutil.copytree(raft.build.path, copied.path)
    DataDirectory(copied.path).members()
    return copied


@pytest.mark.asyncio
@pytest.mark.parametrize("is_gone", [False, True], ids=["torn", "gone"])
@pytest.mark.parametrize("name", ["gateway.crt", "gateway.key", "ca.crt"])
async def test_a_gateways_certificate_or_key_is_named(
    raft: Rendered, build: Build, monkeypatch: pytest.MonkeyPatch, name: str, *, is_gone: bool
) -> None:
    """The settings were not written by who is told of them: no setting is to be mended, but a file."""
    file = build.organisation("banksh") / name
    file.unlink() if is_gone else file.write_text("torn")
    monkeypatch.setattr(work, "ground_of", lambda _build: Grounded(build, raft.topology))
    with pytest.raises(Failure) as failure:
        await work.deploy(Say(as_json=True), build.path)
    assert str(file) in failure.value.sentence
    assert "Restore it from a copy" in failure.value.do


def test_an_officers_torn_key_is_not_told_as_a_gateway_that_does_not_answer(build: Build) -> None:
    terminal, place = Terminal(build.path), build.organisation("clearing")
    (place / "officer-1.key").write_text("torn")
    told = terminal.json("account", "list", "--at", "clearing", exit_code=3)["error"]
    assert told["message"] == f"{place}/officer-1.crt or officer-1.key cannot be read."
    assert "Restore them from a copy" in told["do"]


@pytest.mark.parametrize(
    ("fault", "told_as"),
    [("over", "expired on "), ("not yet", "is valid from "), ("another's", "was not issued by banksh's CA")],
)
def test_an_officers_certificate_that_no_gateway_takes_is_told_as_such(build: Build, fault: str, told_as: str) -> None:
    """The gateway hangs up on it, so without a look at it no more would be known than that there is no answer."""
    terminal, place, now = Terminal(build.path), build.organisation("banksh"), datetime.now(UTC)
    members = DataDirectory(build.path).members()
    authority = Authority("banksh", members["bankist" if fault == "another's" else "banksh"].ca.root)
    begins = now + timedelta(days=2) if fault == "not yet" else now - timedelta(days=2)
    validity = timedelta(days=1 if fault == "over" else 10)
    authority.issue("officer-1", now=begins, validity=validity).write(place, "officer-1")
    told = terminal.json("account", "list", "--at", "banksh", exit_code=3)["error"]
    assert told["message"].startswith(f"The certificate {place}/officer-1.crt {told_as}")
    assert "waitan identity --at banksh NAME" in told["do"]


@pytest.mark.parametrize("place", ["organisations/banksh/ca", "organisations/banksh/fabric/tls-ca"])
@pytest.mark.parametrize("suffix", ["crt", "key"])
def test_a_cas_certificate_or_key_is_named(raft: Rendered, build: Build, place: str, suffix: str) -> None:
    (build.path / f"{place}.{suffix}").write_text("torn")
    with pytest.raises(DamagedFault) as fault:
        Authorities.read(build, raft.topology.organisation("banksh"))
    assert f"{build.path / place}.crt or its key cannot be read" in fault.value.sentence


def test_an_administrators_key_is_named(build: Build) -> None:
    directory = build.fabric("banksh") / "admin-msp"
    (directory / "keystore" / "key.pem").write_text("torn")
    with pytest.raises(DamagedFault, match=r"keystore/key\.pem cannot be read"):
        signed("waitan", ConfigUpdate(), [("bankshMSP", directory)])


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["admin.key", "admin.crt", "tls-ca.crt"])
@pytest.mark.parametrize("is_gone", [False, True], ids=["torn", "gone"])
async def test_what_is_shown_to_an_orderers_administration_door_is_named(
    raft: Rendered, build: Build, name: str, *, is_gone: bool
) -> None:
    orderer = orderers(raft.topology)[0]
    file = build.fabric(orderer.organisation.name) / name
    file.unlink() if is_gone else file.write_text("torn")
    with pytest.raises(DamagedFault) as fault:
        await participation.channel_height(build, orderer, "waitan")
    assert name in fault.value.sentence
    assert str(file.parent) in fault.value.sentence
