"""A gateway's settings: what is wrong is told with its place, and what may have been meant."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.config import ConfigError, load
from gateway.credentials import read
from gateway.development.members import Member
from gateway.settings import HttpDoor
from settlement.parties import Role
from tests.builders import PROFILES
from tests.gateway.fabric_house import msp

SETTINGS = f"""
participant = "banksh"
network = "waitan"
data = "read"
[service]
certificate = "gateway.crt"
key = "gateway.key"
root = "ca.crt"
[grpc]
listen = "127.0.0.1:7104"
[http]
listen = "127.0.0.1:8104"
[fabric]
msp = "{msp("banksh")}"
chaincode = "waitan"
certificate = "gateway.crt"
key = "gateway.key"
endorsers = ["{msp("clearing")}"]
[[fabric.peers]]
msp = "{msp("banksh")}"
address = "127.0.0.1:7051"
tls_root = "ca.crt"
[[fabric.peers]]
msp = "{msp("clearing")}"
address = "127.0.0.1:7061"
tls_root = "ca.crt"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    member = next(Member(each) for each in PROFILES if each.participant == "banksh")
    member.keys.write(tmp_path)
    path = tmp_path / "gateway.toml"
    path.write_text(SETTINGS)
    return path


def test_settings_in_order_are_read_with_paths_from_the_files_directory(file: Path) -> None:
    config = load(file, {})
    assert config.data == str(file.parent / "read")
    assert read(config).signing.certificate
    assert not config.http.ends_tls


def test_the_settings_of_the_guide_are_in_order(tmp_path: Path) -> None:
    """As they stand, and with those that are there as comments, which show what is so without them."""
    guide = Path(__file__).resolve().parents[2] / "docs" / "guide" / "gateway.md"
    (settings,) = re.findall(r"```toml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    plain, full = tmp_path / "plain.toml", tmp_path / "full.toml"
    plain.write_text(settings, encoding="utf-8")
    full.write_text(re.sub(r"^# (?=\w+ = )", "", settings, flags=re.MULTILINE), encoding="utf-8")
    given, all_of_it = load(plain, {}), load(full, {})
    assert all_of_it.courier.listen
    assert all_of_it.courier.roots == (str(tmp_path / "banksh/ca.crt"),)
    assert all_of_it.fabric.peers[0].name == "peer0.banksh"
    assert all_of_it.http.ends_tls
    assert replace(all_of_it.http, tls=None, connections_per_address_max=None) == given.http
    assert all_of_it.operation == given.operation
    assert all_of_it.courier.in_flight == given.courier.in_flight
    assert all_of_it.fabric.keepalive_s == given.fabric.keepalive_s


def test_the_environment_stands_above_the_file(file: Path) -> None:
    environment = {
        "WAITAN_GATEWAY_GRPC_LISTEN": "0.0.0.0:1",
        "WAITAN_GATEWAY_FABRIC_ENDORSERS": msp("clearing"),
        "WAITAN_GATEWAY_LOG_LEVEL": "debug",
        "WAITAN_GATEWAY_UNDER_WAY_MAX": "10",
    }
    config = load(file, environment)
    assert (config.log.level, config.under_way_max) == ("debug", 10)
    assert config.grpc.listen == "0.0.0.0:1"
    assert config.fabric.endorsers == (msp("clearing"),)


@pytest.mark.parametrize(
    ("old", "new", "where", "hint"),
    [
        ("participant =", "particpant =", "particpant", "participant"),
        ("tls_root =", "tls_rot =", "fabric.peers[0].tls_rot", "tls_root"),
        ('listen = "127.0.0.1:7104"', 'listen = "7104"', "grpc.listen", "host:port"),
        ('listen = "127.0.0.1:7104"', "listen = 7104", "grpc.listen", ""),
        ('root = "ca.crt"', 'root = "nowhere.crt"', "service.root", ""),
        ('key = "gateway.key"', 'key = "officer-1.key"', "service.key", "belong together"),
        ('key = "gateway.key"', 'key = "gateway.crt"', "service.key", ""),
        ('participant = "banksh"', 'participant = "bankist"', "service.certificate", "waitan.participant=bankist"),
        (f'endorsers = ["{msp("clearing")}"]', "endorsers = []", "fabric.endorsers", ""),
        (f'endorsers = ["{msp("clearing")}"]', 'endorsers = ["otherMSP"]', "fabric.peers", "otherMSP"),
        ("[grpc]", "[courier]\nserve = true\n[grpc]", "courier.listen", "host:port"),
        ("[grpc]", "[courier]\nin_flight = 3\n[grpc]", "courier.in_flight", ""),
        ("[grpc]", "[operation]\nlisten = '9104'\n[grpc]", "operation.listen", "host:port"),
        ("[grpc]", "[operation]\ndrain_s = -1\n[grpc]", "operation.drain_s", ""),
        ("[grpc]", "[log]\nlevel = 'loud'\n[grpc]", "log.level", ""),
        ("[grpc]", "[log]\nlevl = 'info'\n[grpc]", "log.levl", "Did you mean level?"),
        ("[grpc]", "[tracing]\nendpoint = 'collector:4318'\n[grpc]", "tracing.endpoint", "http://"),
        ("[grpc]", "[tracing]\nshare = 1.5\n[grpc]", "tracing.share", ""),
        ("participant =", "under_way_max = 0\nparticipant =", "under_way_max", ""),
        ("[grpc]", "[grpc]\nconnections_max = 0", "grpc.connections_max", "usual limit"),
        ("[http]", "[http]\nconnections_per_address_max = 0", "http.connections_per_address_max", "usual limit"),
    ],
    ids=lambda value: value.replace("\n", " ")[:32],
)
def test_what_is_wrong_is_told_with_its_place(file: Path, old: str, new: str, where: str, hint: str) -> None:
    file.write_text(SETTINGS.replace(old, new, 1))
    with pytest.raises(ConfigError) as raised:
        read(load(file, {}))
    assert raised.value.where == where
    assert hint in raised.value.do


@pytest.mark.parametrize(
    ("begins_in", "fault"), [(-timedelta(days=30), "expired on"), (timedelta(days=30), "is valid from")]
)
@pytest.mark.parametrize("where", ["service.certificate", "fabric.certificate", "fabric.tls_certificate"])
def test_a_gateway_does_not_start_with_a_certificate_that_does_not_count(
    tmp_path: Path, where: str, begins_in: timedelta, fault: str
) -> None:
    """It would listen, and nobody could talk to it."""
    member = next(Member(each) for each in PROFILES if each.participant == "banksh")
    member.keys.write(tmp_path)
    begins = datetime.now(UTC) + begins_in
    untimely = member.ca.issue("gateway", Role.GATEWAY, now=begins, validity=timedelta(days=10))
    untimely.write(tmp_path, "untimely")
    section, name = where.split(".")
    key = "tls_key" if name.startswith("tls") else "key"
    own = f'[{section}]\n{name} = "untimely.crt"\n{key} = "untimely.key"\n'
    settings = SETTINGS.replace(f"[{section}]\n", own, 1)
    if key == "key":
        before, given, after = settings.partition(own)
        after = after.replace('certificate = "gateway.crt"\n', "", 1).replace('key = "gateway.key"\n', "", 1)
        settings = before + given + after
    file = tmp_path / "gateway.toml"
    file.write_text(settings)
    with pytest.raises(ConfigError, match=fault) as raised:
        read(load(file, {}))
    assert raised.value.where == where


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        (HttpDoor(listen="192.0.2.1:8104"), 200),
        (HttpDoor(listen="127.0.0.1:8104"), None),  # a proxy brings everybody
        (HttpDoor(listen="[::1]:8104"), None),
        (HttpDoor(listen="127.0.0.1:8104", connections_per_address_max=9), 9),
    ],
)
def test_an_address_has_so_many_connections_where_clients_come_themselves(door: HttpDoor, expected: int | None) -> None:
    assert door.of_one_address_max == expected


def test_traces_without_opentelemetry_are_refused_with_what_to_install(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"WAITAN_GATEWAY_TRACING_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}
    assert load(file, environment).tracing.endpoint
    monkeypatch.setattr("gateway.config.find_spec", lambda _: None)
    with pytest.raises(ConfigError) as raised:
        load(file, environment)
    assert raised.value.do == "Install it: pip install 'waitan[otel]'"


def test_a_variable_that_is_no_setting_is_refused_with_the_nearest(file: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(file, {"WAITAN_GATEWAY_GRPC_LISTN": "x"})
    assert raised.value.do == "Did you mean WAITAN_GATEWAY_GRPC_LISTEN?"
