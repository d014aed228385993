"""On a real network both authorities sign a payment's certificate, and what the regulator reads is recorded first.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import json
import os
import random
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from gateway.development.data_directory import DataDirectory
from tests.builders import a_uetr
from tests.e2e.running import Terminal
from tests.network.test_real_network import FIRST_PORT, Network, hung, raised

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(300),
]

REFUSED, UNREACHABLE, UNKNOWN = 1, 3, 4
FLIPPED: Final = 12
"""How many of a certificate's bytes are flipped, one at a time: each check is a program of its own."""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with raised(tmp_path_factory.mktemp("authorities") / "net", FIRST_PORT + 200) as network:
        yield network


@pytest.fixture(scope="module")
def uetr(network: Network) -> str:
    """A payment from banksh to bankist."""
    told: str = network.pay()["uetr"]
    return told


def asked(network: Network, at: str, uetr: str) -> tuple[int, bytes, str | None]:
    """Ask a gateway for a payment's certificate: the status, what it said, and when to ask again."""
    token = network.terminal.start("token", "--at", at, *(() if at == "regulator" else ("--staff",))).out.strip()
    connection = HTTPConnection(urlsplit(DataDirectory(network.path).endpoints(at).http).netloc, timeout=60)
    try:
        connection.request("GET", f"/v1/certificates/{uetr}", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response.status, response.read(), response.getheader("Retry-After")
    finally:
        connection.close()


def roots(network: Network, directory: Path, issuer: str) -> list[str]:
    """Copy the roots that a check rests on, as somebody has them who has no part in the network: the payer's too."""
    words = []
    named = (("--root", issuer), ("--root", "banksh"), ("--clearing", "clearing"), ("--regulator", "regulator"))
    for option, name in named:
        copy = directory / f"{name}.pem"
        copy.write_bytes((network.path / "organisations" / name / "ca.crt").read_bytes())
        words += [option, f"{name}={copy}"]
    return words


def reads(network: Network, at: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(network.terminal.start("supervision", "reads", "--at", at, "--json").out)[
        "reads"
    ]
    return found


@pytest.mark.parametrize("at", ["banksh", "bankist", "regulator"])
def test_a_certificate_of_both_authorities_is_checked_far_from_the_network_and_no_flipped_byte_passes(
    network: Network, uetr: str, tmp_path: Path, at: str
) -> None:
    status, data, _ = asked(network, at, uetr)
    assert status == HTTPStatus.OK, data
    words, elsewhere, file = roots(network, tmp_path, at), Terminal(tmp_path / "nothing"), tmp_path / "payment.json"
    file.write_bytes(data)
    told = json.loads(elsewhere.start("proof", "verify", file, *words, "--json").out)
    assert (told["valid"], told["uetr"], told["consent"]) == (True, uetr, at != "bankist")
    assert told["attested_by"] == ["clearing", "regulator"]
    for place in random.sample(range(len(data)), FLIPPED):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        elsewhere.start("proof", "verify", file, *words, exit_code=REFUSED)


@pytest.mark.parametrize("authority", ["clearing", "regulator"])
def test_while_an_authority_hangs_there_is_no_certificate_and_it_is_said_when_to_ask_again(
    network: Network, uetr: str, authority: str
) -> None:
    with hung(network, f"gateway.{authority}"):
        status, data, again = asked(network, "bankist", uetr)
    assert (status, json.loads(data)["code"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "ED06")
    assert int(again or 0) > 0
    assert asked(network, "bankist", uetr)[0] == HTTPStatus.OK


def test_a_supervisors_read_stands_on_the_ledger_of_both_banks_and_of_nobody_else(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    uetr = network.pay()["uetr"]
    monkeypatch.setenv("WAITAN_REASON", "Inspection 2026-17")
    shown = json.loads(network.terminal.start("payment", "show", uetr, "--at", "regulator", "--json").out)
    of_it = [each for each in reads(network, "regulator") if each["subject"] == uetr]
    assert {each["participant"] for each in of_it} == {"banksh", "bankist"}
    assert {(each["question"], each["reason"], each["times"]) for each in of_it} == {
        ("/waitan.v1.PaymentService/GetPayment", "Inspection 2026-17", 1)
    }
    (block,) = {each["block"] for each in of_it}
    assert int(block) > int(shown["block"])
    network.pays_again()  # so that every bank's gateway has read further than that block
    for bank in ("banksh", "bankist"):
        assert [each["participant"] for each in reads(network, bank) if each["subject"] == uetr] == [bank]
    assert uetr not in json.dumps(reads(network, "customs"))


@pytest.mark.parametrize(
    ("node", "code", "exit_code"),
    [("peer0.regulator", "ED06", UNREACHABLE), ("orderer.clearing", "OUTCOME_UNKNOWN", UNKNOWN)],
)
def test_what_is_not_known_to_be_recorded_is_not_told(
    network: Network, uetr: str, node: str, code: str, exit_code: int
) -> None:
    """Though the regulator's own gateway holds it, as the bank's does, which tells it."""
    words = ("payment", "show", uetr, "--json", "--at")
    with hung(network, node):
        assert "amount" in network.terminal.start(*words, "banksh").out
        told = json.loads(network.terminal.start(*words, "regulator", exit_code=exit_code).out)
        assert (set(told), told["error"]["code"]) == ({"error", "exit_code"}, code)
    network.becomes_well()
    network.pays_again()
    network.terminal.start(*words, "regulator")
    assert [each for each in reads(network, "regulator") if each["subject"] == uetr]


def test_what_is_not_there_is_no_read(network: Network) -> None:
    network.terminal.start("payment", "show", a_uetr(), "--at", "regulator", exit_code=REFUSED)
