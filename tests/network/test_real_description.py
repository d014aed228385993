"""A network of Fabric's own programs from a description of one's own: it settles, and a bank joins past a hung orderer.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli.failures import Exit
from tests.expectations import PATIENCE_S
from tests.network.test_own_description import OWN, SEVEN
from tests.network.test_real_network import FIRST_PORT, Network, hung, raised

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(600),
]


@pytest.mark.parametrize(
    "words", [("--consensus", "bft", "--orderers", "7"), ("--orderers", "5")], ids=["seven by SmartBFT", "five by Raft"]
)
def test_of_more_orderers_two_may_hang(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The first among them, which leads as a rule. Where the leader changes twice, its outcome may be unknown first."""
    with raised(tmp_path / "net", FIRST_PORT + 500, "--topology", str(SEVEN), *words) as network:
        with hung(network, "orderer.ccp"), hung(network, "orderer.bankmuc"):
            settles(network, "bankfra", "bankvie")
        pays(network, "bankvie", "bankfra")
        network.becomes_well()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    words = ("--topology", str(OWN), "--orderers", "3")
    with raised(tmp_path_factory.mktemp("own") / "net", FIRST_PORT + 700, *words) as network:
        yield network


def settles(network: Network, payer: str, payee: str) -> None:
    """Pay and, told that nobody knows what became of it, look it up, as the answer says, until it is there."""
    start = network.terminal.start
    paid = start("pay", "--from", payer, "--to", payee, "10.00", "EUR", "--json", exit_code=None)
    assert paid.exit_code in (Exit.DONE, Exit.UNKNOWN), paid
    look_up = ("payment", "show", json.loads(paid.out)["uetr"], "--at", payer, "--json")
    until_s = time.monotonic() + PATIENCE_S
    while (shown := start(*look_up, exit_code=None)).exit_code != Exit.DONE:
        assert time.monotonic() < until_s, shown
        time.sleep(1)
    assert json.loads(shown.out)["transaction_id"]


def pays(network: Network, payer: str, payee: str) -> None:
    words = ("pay", "--from", payer, "--to", payee, "10.00", "EUR", "--json")
    assert json.loads(network.terminal.start(*words).out)["result"] == "RESULT_SETTLED"


def test_its_banks_pay_one_another(own: Network) -> None:
    pays(own, "bankvie", "bankmuc")
    own.becomes_well()


def test_a_bank_joins_though_the_first_orderer_hangs(own: Network) -> None:
    """It leads, as a rule: the others agree on a new leader, and the channel's change goes to one of them."""
    with hung(own, "orderer.ccp"):
        words = ("network", "add-bank", "bankzrh", "--bic", "LIMACHZZXXX", "--dir", own.path, "--json")
        told = json.loads(own.terminal.start(*words, wait_s=400.0).out)
    assert told["participant"] == "bankzrh"
    assert told["sequence"] == 2
    pays(own, "bankfra", "bankzrh")
    own.becomes_well()


def test_who_has_joined_is_not_funded_by_a_restart(own: Network) -> None:
    def held() -> dict[tuple[str, str], str]:
        accounts = json.loads(own.terminal.start("account", "list", "--json").out)["accounts"]
        return {(each["currency"], each.get("participant", "")): each["balance"] for each in accounts}

    before = held()
    own.terminal.start("network", "down", "--dir", own.path)
    own.terminal.start(
        "network", "up", "--native", "--dir", own.path, "--base-port", str(FIRST_PORT + 700), "--orderers", "3",
        "--topology", OWN, "--json", wait_s=240.0,
    )  # fmt: skip
    assert held() == before
    own.becomes_well()


def test_the_demo_says_whom_it_needs(own: Network) -> None:
    told = json.loads(own.terminal.start("demo", "--network", "--dir", own.path, "--json", exit_code=2).out)
    assert told["error"]["message"].startswith("The demo's day needs clearing (WTCHCNSHXXX)")
