"""`python -m chaincode.fabric` serves as it is told, on loopback alone without mutual TLS, or says what is wrong."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from chaincode.fabric.program import ADDRESS, CHAINCODE_ID, HEALTH, TLS, SettingsFaultError, settings
from chaincode.shim import Tls
from tests.e2e.running import COMMAND_S
from tests.fakes.fabric_msp import Authority

PLAIN: Final = {ADDRESS: "127.0.0.1:9999", CHAINCODE_ID: "trade_1:ab"}


def run(environment: dict[str, str]) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "GRPC_VERBOSITY"}
    return subprocess.Popen(
        [sys.executable, "-m", "chaincode.fabric"],
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("address", ["127.0.0.1:9999", "localhost:9999", "[::1]:9999"])
def test_on_loopback_it_serves_without_tls(address: str) -> None:
    assert settings(PLAIN | {ADDRESS: address}).tls is None


@pytest.mark.parametrize("address", ["0.0.0.0:9999", "10.0.0.1:9999", "[::]:9999", "localhost.example:9999"])
def test_off_loopback_it_serves_with_mutual_tls_alone(address: str) -> None:
    with pytest.raises(SettingsFaultError, match="no loopback address"):
        settings(PLAIN | {ADDRESS: address})


def test_the_health_door_opens_where_it_is_told() -> None:
    assert settings(PLAIN).health_address == ""
    assert settings(PLAIN | {HEALTH: "127.0.0.1:9998"}).health_address == "127.0.0.1:9998"


@pytest.mark.parametrize(
    "address", ["0.0.0.0:9998", "9998", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999", "127.0.0.1:0"]
)
def test_the_health_door_opens_on_loopback_alone(address: str) -> None:
    """It is plain text, and for the container's own health check."""
    with pytest.raises(SettingsFaultError, match=f"^{HEALTH} is {address}: it is a loopback address and a port"):
        settings(PLAIN | {HEALTH: address})


@pytest.mark.parametrize("address", ["9999", ":9999", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999"])
def test_an_address_is_a_host_and_a_port(address: str) -> None:
    """By gRPC a number that is too large for a port is taken for another one."""
    with pytest.raises(SettingsFaultError, match=f"^{ADDRESS} is {address}: it is a host and a port"):
        settings(PLAIN | {ADDRESS: address})


def written(directory: Path, **other: bytes) -> dict[str, str]:
    """Write what mutual TLS needs, one file in another's place where that is asked; give the variables that name it."""
    authority = Authority("ClearingMSP")
    issued = authority.issue("chaincode")
    for name, content in zip(
        TLS, (issued.key_pem, issued.certificate_pem, authority.root.certificate_pem), strict=True
    ):
        (directory / name).write_bytes(other.get(name, content))
    return {name: str(directory / name) for name in TLS}


def test_with_mutual_tls_it_serves_anywhere(tmp_path: Path) -> None:
    told = settings(PLAIN | {ADDRESS: "0.0.0.0:9999"} | written(tmp_path))
    assert told.tls == Tls(*((tmp_path / name).read_bytes() for name in TLS))


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        (TLS[0], b"nonsense", "holds no private key in PEM"),
        (TLS[0], Authority("OtherMSP").issue("other").key_pem, f"is not the key of .*{TLS[1]}"),
        (TLS[1], b"", "holds no certificate in PEM"),
        (TLS[2], b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "holds no certificate in PEM"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    with pytest.raises(SettingsFaultError, match=f"{name} {fault}"):
        settings(PLAIN | written(tmp_path, **{name: content}))


@pytest.mark.parametrize("lacking", TLS)
def test_mutual_tls_is_whole_or_not_at_all(tmp_path: Path, lacking: str) -> None:
    """A server with a certificate and no CA for its clients would let anybody in."""
    given = {name: str(tmp_path / name) for name in TLS if name != lacking}
    with pytest.raises(SettingsFaultError, match=f"^{lacking} is not set"):
        settings(PLAIN | given)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsFaultError, match="CHAINCODE_TLS_KEY cannot be read"):
        settings(PLAIN | {name: str(tmp_path / name) for name in TLS})


@pytest.mark.parametrize("lacking", [ADDRESS, CHAINCODE_ID])
def test_what_is_missing_is_named_and_ends_it_with_two(lacking: str) -> None:
    ended = run({**PLAIN, lacking: ""})
    _, errors = ended.communicate(timeout=COMMAND_S)
    assert (ended.returncode, errors) == (2, f"chaincode: {lacking} is not set.\n")


@pytest.mark.parametrize(("verbosity", "is_told_alone"), [(None, True), ("INFO", False)])
def test_an_address_that_is_taken_ends_it_with_three(*, verbosity: str | None, is_told_alone: bool) -> None:
    """It says so in one line, and gRPC adds none of its own unless whoever started it wants that."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run({**PLAIN, ADDRESS: address, **({"GRPC_VERBOSITY": verbosity} if verbosity else {})})
        _, errors = ended.communicate(timeout=COMMAND_S)
    assert ended.returncode == 3
    *others, last = errors.splitlines()
    assert last == f"chaincode: {address}: the chaincode server cannot listen at its address."
    assert (others == []) is is_told_alone


def test_sigterm_ends_it_well() -> None:
    serving = run({**PLAIN, ADDRESS: "127.0.0.1:0"})
    assert serving.stderr is not None
    serving.stderr.readline()  # it says that it serves
    serving.send_signal(signal.SIGTERM)
    serving.communicate(timeout=COMMAND_S)
    assert serving.returncode == 0
