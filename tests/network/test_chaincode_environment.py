"""What a network tells its chaincode servers by their environment."""

import asyncio
import os
import sys
from pathlib import Path, PurePath

import pytest

from network.chaincode_environment import POLL_IN_ONE_THREAD, chaincode_environment
from tests.fakes.peer import FakePeer

ROOT = Path(__file__).parents[2]


def test_every_chaincode_server_is_told_how_its_grpc_polls() -> None:
    told = chaincode_environment("127.0.0.1:9999", "waitan_1.0:c0ffee", PurePath("tls"))
    assert told.items() >= POLL_IN_ONE_THREAD.items()


@pytest.mark.asyncio
async def test_a_chaincode_server_serves_with_it_and_its_grpc_knows_the_setting() -> None:
    """A later gRPC may know it no more; then it is to be taken away, and the figures measured again."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.shim.counting",
        cwd=ROOT,
        env={**os.environ, **POLL_IN_ONE_THREAD},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    port = int((await process.stdout.readline()).split()[1])
    async with FakePeer(port) as peer:
        outcomes = await asyncio.gather(*(peer.execute(b"%d" % number) for number in range(200)))
    process.terminate()
    _, complaints = await process.communicate()
    assert {outcome.response.payload for outcome in outcomes} == {b"1"}
    assert process.returncode == 0
    assert b"experiment" not in complaints
