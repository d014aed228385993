"""The fake peer under a chaincode that nobody here wrote: Fabric's own shim for Node.

WAITAN_NODE_SHIM names a directory in which `npm install fabric-shim` was run.
"""

import asyncio
import contextlib
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.expectations import PATIENCE_S
from tests.fakes.peer import FABRIC_2_5, FABRIC_3, FakePeer
from tests.fakes.peer_state import PeerState

SHIM = Path(os.environ.get("WAITAN_NODE_SHIM", "nowhere")).resolve() / "node_modules" / "fabric-shim"
PROGRAM = """
const shim = require(process.argv[1]);
const chaincode = {
  async Init() { return shim.success(); },
  async Invoke(stub) {
    const [work, key, value] = stub.getArgs();
    const seen = [];
    if (work === 'read') seen.push((await stub.getState(key)).toString());
    try { // an exception that leaves Invoke is never answered by this shim
      if (work === 'lacking') seen.push((await stub.getPrivateData('banksh', key)).toString());
    } catch (error) { return shim.error(error.message); }
    if (work === 'write') { await stub.putState(key, Buffer.from(value)); stub.setEvent('Written', Buffer.from(key)); }
    if (work === 'range') for await (const entry of stub.getStateByRange('', '')) seen.push(entry.key);
    if (work === 'who') seen.push(stub.getCreator().mspid, stub.getTransient().get('secret').toString());
    return shim.success(Buffer.from(seen.join(' ')));
  },
};
shim.server(chaincode, {ccid: 'node:1', address: process.argv[2]}).start();
"""

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(
        not shutil.which("node") or not SHIM.is_dir(),
        reason="WAITAN_NODE_SHIM names no directory with node_modules/fabric-shim, or there is no node",
    ),
]


@asynccontextmanager
async def node_chaincode() -> AsyncIterator[int]:
    """The chaincode above as a process; gives its port."""
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        "node",
        "-e",
        PROGRAM,
        str(SHIM),
        f"localhost:{port}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            listening = False
            while not listening:
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("localhost", port)
                    writer.close()
                    await writer.wait_closed()
                    listening = True
        yield port
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("parameters", [FABRIC_3, FABRIC_2_5], ids=["3.1", "2.5"])
async def test_the_official_node_shim_finds_nothing_strange_in_the_fake_peer(parameters: bytes) -> None:
    state = PeerState({("", "a"): b"first", ("", "b"): b"second", ("banksh", "p"): b"value"}, lacking={("banksh", "p")})
    async with (
        node_chaincode() as port,
        FakePeer(port, state=state, parameters=parameters, portion=1) as peer,
    ):
        assert peer.chaincode_id == "node:1"
        assert (await peer.execute(b"read", b"a")).response.payload == b"first"
        written = await peer.execute(b"write", b"c", b"third")
        assert written.writes == {("", "c"): b"third"}
        assert (written.event.event_name, written.event.payload) == ("Written", b"c")
        assert (await peer.execute(b"range")).response.payload == b"a b c"
        who = await peer.execute(b"who", transient={"secret": b"word"}, msp_id="ClearingMSP")
        assert who.response.payload == b"ClearingMSP word"
        lacking = await peer.execute(b"lacking", b"p")
        assert "private data matching public hash version is not available" in lacking.response.message
        outcomes = await asyncio.gather(*(peer.execute(b"write", b"k%d" % number, b"v") for number in range(100)))
        assert {outcome.type for outcome in outcomes} == {"COMPLETED"}
        assert peer.dropped == []
