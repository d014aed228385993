"""The chaincode that Waitan's batches are compared with does what a payment takes, on our shim and on the official one.

WAITAN_NODE_SHIM names a directory in which `npm install fabric-shim` was run.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.expectations import PATIENCE_S
from tests.fakes.peer import FakePeer, Outcome
from tests.fakes.peer_state import PeerState

pytestmark = pytest.mark.asyncio

PROGRAMS: Final = Path(__file__).resolve().parents[2] / "examples" / "one_payment_per_transaction"
NODE_MODULES: Final = Path(os.environ.get("WAITAN_NODE_SHIM", "nowhere")).resolve() / "node_modules"
OPENING_MINOR: Final = 10**15

SHIMS = [
    pytest.param((sys.executable, str(PROGRAMS / "one_payment.py")), id="ours"),
    pytest.param(
        ("node", str(PROGRAMS / "one_payment.js")),
        id="node",
        marks=pytest.mark.skipif(
            not shutil.which("node") or not (NODE_MODULES / "fabric-shim").is_dir(),
            reason="WAITAN_NODE_SHIM names no directory with node_modules/fabric-shim, or there is no node",
        ),
    ),
]


@asynccontextmanager
async def served(command: tuple[str, ...]) -> AsyncIterator[int]:
    """Run the chaincode as a process; give its port."""
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    told = {"CHAINCODE_ID": "single:1", "CHAINCODE_SERVER_ADDRESS": f"localhost:{port}"}
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **told, "NODE_PATH": str(NODE_MODULES)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("localhost", port)
                    writer.close()
                    break
                await asyncio.sleep(0.05)
        yield port
    finally:
        process.kill()
        await process.wait()


async def pay(peer: FakePeer, amount: bytes, tx_id: str) -> Outcome:
    transient = {"from": b"1", "to": b"2", "amount": amount, "payment": b"pacs.008"}
    return await peer.execute(b"pay", b"banksh", b"bankist", transient=transient, tx_id=tx_id)


@pytest.mark.parametrize("command", SHIMS)
async def test_a_payment_moves_money_between_two_collections_and_is_kept_in_both(command: tuple[str, ...]) -> None:
    state = PeerState({})
    async with served(command) as port, FakePeer(port, state=state) as peer:
        assert (await pay(peer, b"5", "first")).type == "COMPLETED"
        assert (await pay(peer, b"7", "second")).type == "COMPLETED"
    assert state.values == {
        ("banksh", "account/1"): b"%d" % (OPENING_MINOR - 12),
        ("bankist", "account/2"): b"%d" % (OPENING_MINOR + 12),
        **{(bank, f"payment/{tx_id}"): b"pacs.008" for bank in ("banksh", "bankist") for tx_id in ("first", "second")},
    }


@pytest.mark.parametrize("amount", [b"0", b"-1", b"%d" % (OPENING_MINOR + 1)])
@pytest.mark.parametrize("command", SHIMS)
async def test_what_is_not_there_is_not_paid(command: tuple[str, ...], amount: bytes) -> None:
    state = PeerState({})
    async with served(command) as port, FakePeer(port, state=state) as peer:
        outcome = await pay(peer, amount, "first")
    assert outcome.response.status >= 400, "a peer would endorse it"
    assert outcome.response.message == "AM04"
    assert state.values == {}
