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


def test_with_mutual_tls_it_serves_anywhere(tmp_path: Path) -> None:
    for name in TLS:
        (tmp_path / name).write_text(name)
    told = settings(PLAIN | {ADDRESS: "0.0.0.0:9999"} | {name: str(tmp_path / name) for name in TLS})
    assert told.tls == Tls(*(name.encode() for name in TLS))


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
