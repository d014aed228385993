"""A member of a real network attacks: it asks Clearing's peer, reads its blocks, and searches its own peer's disk.

What is searched for is what Clearing's disk holds, every text of every record of the demo's day; and each search is
made where it must find something too, for one that cannot find proves nothing.

Needs the release binaries: `WAITAN_FABRIC_BIN` names their directory.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio

from gateway import config, credentials
from gateway.fabric_client import Checkpoint, Contract, EvaluateError, Gateway, Peer, Scope
from tests.guesses import guessed
from tests.network.conftest import AMOUNT, CANARY, Lived
from tests.network.disk import Disk, plain, texts_of
from tests.network.test_real_network import Network

pytestmark = [
    pytest.mark.skipif("WAITAN_FABRIC_BIN" not in os.environ, reason="WAITAN_FABRIC_BIN names no release binaries"),
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

OUTSIDER: Final = "customs"
MEMBERS: Final = (OUTSIDER, "banksh", "bankist")


@pytest.fixture(scope="module")
def network(lived: Lived) -> Network:
    return lived.network


@pytest.fixture(scope="module")
def payment(lived: Lived) -> dict[str, str]:
    """A payment between two banks, none of the outsider's business."""
    return {"uetr": lived.uetr, "transaction_id": lived.transaction_id, "block": str(lived.block)}


@pytest.fixture(scope="module")
def disks(lived: Lived) -> dict[str, Disk]:
    """Every organisation's peer's disk, as it is while the network runs."""
    return {name: Disk(lived.network.path / "nodes" / f"peer0.{name}") for name in ("clearing", *MEMBERS)}


@pytest.fixture(scope="module")
def written(disks: dict[str, Disk]) -> dict[str, set[str]]:
    """All telling texts of each collection; Clearing holds every one."""
    return {collection: texts_of(values) for collection, values in disks["clearing"].private.items()}


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
async def test_a_peer_tells_a_member_what_the_network_is_and_nothing_else(
    access: dict[str, Gateway], payment: dict[str, str], by: str
) -> None:
    contract = access[by].contract("waitan", "waitan")
    assert '"network":"waitan"' in await said(contract, "about")
    for arguments in (("journal", payment["transaction_id"]), ("account", "CNY"), ("sequence",), ("about", "banksh")):
        assert "CH16" in await said(contract, *arguments)


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


@pytest.mark.parametrize("member", MEMBERS)
async def test_a_disk_holds_nothing_that_others_wrote(
    disks: dict[str, Disk], written: dict[str, set[str]], lived: Lived, member: str
) -> None:
    """No text of another's record stands there: no name, amount, reference, code or canary, compressed or not."""
    disk = disks[member]
    own = b"\n".join(part for key, value in disk.private[member] for part in (key.encode(), plain(value)))
    others = set().union(*(texts for collection, texts in written.items() if collection != member))
    others -= texts_of(disk.private[member])
    wanted = {text for text in others if text not in disk.known_to_all and text.encode() not in own}
    assert len(wanted) > 500
    assert ({CANARY, AMOUNT, lived.uetr} <= wanted) is (member == OUTSIDER)
    assert disk.private.keys() == {member}
    assert disk.find(wanted) == set()


@pytest.mark.parametrize("member", MEMBERS)
async def test_the_same_search_finds_all_that_a_member_may_hold(
    disks: dict[str, Disk], written: dict[str, set[str]], lived: Lived, member: str
) -> None:
    wanted = written[member] | ({CANARY, AMOUNT, lived.uetr} if member != OUTSIDER else set())
    assert len(wanted) > 200
    assert disks[member].find(wanted) == wanted


async def test_no_key_on_an_outsiders_disk_can_be_guessed(
    disks: dict[str, Disk], written: dict[str, set[str]], lived: Lived
) -> None:
    """Not from any text of the day, under any prefix that a key has, plain or digested."""
    shown = disks[OUTSIDER].key_hashes
    used = [key for values in disks["clearing"].private.values() for key, _ in values]
    assert {hashlib.sha256(key.encode()).digest() for key in used} <= shown
    kinds = {key.partition("/")[0] for key in used} | {"", "payment", "uetr"}
    currencies = {"CNY", "EUR", "HKD", "JPY", "TRY", "USD", *(f"{each}|cash" for each in ("CNY", "EUR", "USD"))}
    names = set().union(*written.values(), currencies, MEMBERS, {"clearing", "regulator", "authority"})
    names = {name for name in names if len(name) < 100 and name != lived.transaction_id}
    journals = {
        f"journal/{transaction.transaction_id}"
        for block in disks[OUTSIDER].blocks
        for transaction in block.transactions
    }
    assert set(guessed(shown, kinds, names)) <= journals
    planted = {hashlib.sha256(f"{kind}/{lived.uetr}".encode()).digest() for kind in kinds}
    assert len(guessed(planted, kinds, {lived.uetr})) == len(kinds)
