"""A member of a real network attacks: it asks Clearing's peer, reads its blocks, and searches its own peer's disk.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import hashlib
import json
import os
from collections.abc import AsyncIterator, Iterator
from typing import Final

import pytest
import pytest_asyncio

from gateway import config, credentials
from gateway.fabric_client import Checkpoint, Contract, EvaluateError, Gateway, Peer, Scope
from tests.network.test_real_network import FIRST_PORT, Network, raised

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

OUTSIDER: Final = "customs"
CANARY: Final = "CANARY-7f3a91"
AMOUNT: Final = "31337.42"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with raised(tmp_path_factory.mktemp("privacy") / "net", FIRST_PORT + 300) as network:
        yield network


@pytest.fixture(scope="module")
def payment(network: Network) -> dict[str, str]:
    """A payment between two banks, none of the outsider's business."""
    uetr = json.loads(network.terminal.start("pay", AMOUNT, "CNY", "--for", CANARY, "--json").out)["uetr"]
    shown: dict[str, str] = json.loads(network.terminal.start("payment", "show", uetr, "--json").out)
    return {"uetr": uetr, "transaction_id": shown["transaction_id"], "block": shown["block"]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def access(network: Network) -> AsyncIterator[dict[str, Gateway]]:
    """The outsider's way to peers by their owner's MSP: its own, and by direct dial the authorities'."""
    settings = config.load(network.path / "organisations" / OUTSIDER / "gateway.toml", {})
    shown = credentials.read(settings)
    ways = {}
    for each, tls in zip(settings.fabric.peers, shown.peers, strict=True):
        ways[each.msp] = Gateway(Peer.at(each.address, tls, server_name=each.name or None), shown.creator, shown.signer)
    yield ways
    for way in ways.values():
        await way.peer.close()


async def said(contract: Contract, *arguments: str) -> str:
    """Aim a query at Clearing's chaincode; give the answer, or the error's whole text without its reference."""
    function, *others = arguments
    try:
        return (await contract.evaluate(function, *others, organisations=["clearingMSP"])).decode()
    except EvaluateError as error:
        return " ".join([error.fault.message, *(detail.message for detail in error.fault.details)])


@pytest.mark.parametrize("by", ["customsMSP", "clearingMSP", "regulatorMSP"])
async def test_what_a_transaction_did_for_others_is_not_there(
    access: dict[str, Gateway], payment: dict[str, str], by: str
) -> None:
    contract = access[by].contract("waitan", "waitan")
    absent = "0" * 64
    theirs, nobodys = [await said(contract, "journal", each) for each in (payment["transaction_id"], absent)]
    assert "NOT_FOUND" in theirs
    assert theirs.replace(payment["transaction_id"], absent) == nobodys


@pytest.mark.parametrize(
    "arguments",
    [("get", "secret"), ("account", "CNY"), ("sequence", "banksh"), ("execute",), ("journal", "../banksh"), ("",)],
    ids=["a generic read", "an account", "another's list", "a batch without lists", "a path", "nothing"],
)
async def test_no_answer_and_no_error_tells_anything_of_others(
    access: dict[str, Gateway], payment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    for way in access.values():
        told = await said(way.contract("waitan", "waitan"), *arguments)
        for secret in (CANARY, AMOUNT, payment["uetr"], "posted_minor"):
            assert secret not in told


async def test_an_authoritys_peer_sends_an_outsider_nobodys_private_data(
    access: dict[str, Gateway], payment: dict[str, str]
) -> None:
    seen, hashed = set(), set()
    height = 0
    scope = Scope("waitan", Checkpoint(block_number=0), stop_block=int(payment["block"]))
    async for block in access["clearingMSP"].blocks(scope).blocks():
        height = block.number
        for transaction in block.transactions:
            seen |= {each.collection for each in transaction.sets.private if each.namespace == "waitan"}
            hashed |= {each.collection for each in transaction.sets.hashed if each.namespace == "waitan"}
    assert height
    assert seen <= {OUTSIDER}
    assert "banksh" in hashed


async def test_an_outsiders_disk_holds_neither_values_nor_hashed_names(
    network: Network, payment: dict[str, str]
) -> None:
    names = [f"{prefix}{payment['uetr']}".encode() for prefix in ("", "payment/", "journal/", "uetr/")]
    hashes = [hashlib.sha256(name).digest() for name in names]
    wanted = [
        CANARY.encode(),
        payment["uetr"].encode(),
        AMOUNT.encode(),
        *hashes,
        *(each.hex().encode() for each in hashes),
    ]
    searched = 0
    for file in (network.path / "nodes" / f"peer0.{OUTSIDER}" / "data").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            searched += len(content)
            assert not [each for each in wanted if each in content], file
    assert searched > 100_000
