"""How gRPC polls in what a network starts: each process is told, and the gRPC that is installed knows the words."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path, PurePath

import msgspec
import pytest

from network import polling
from network.binaries import Binaries
from network.chaincode_environment import chaincode_environment
from network.compose import compose
from network.native import Native
from network.nodes import gateway
from tests.fakes.peer import FakePeer
from tests.network.conftest import Rendered

ROOT = Path(__file__).parents[2]
UNKNOWN = {"GRPC_EXPERIMENTS": "-no_such_thing"}


def environment_of(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


def test_every_chaincode_server_is_told_how_its_grpc_polls() -> None:
    told = chaincode_environment("127.0.0.1:9999", "waitan_1.0:c0ffee", PurePath("tls"))
    assert told.items() >= polling.SERVER.items()


def test_every_container_of_a_gateway_is_told_too(containers: Rendered) -> None:
    file = msgspec.yaml.decode(compose(containers.build, containers.site, containers.topology, user="7:8"))
    told = [file["services"][gateway(each).name]["environment"] for each in containers.topology.organisations]
    assert told == [polling.SERVER_AND_CLIENT] * len(told) != []


@pytest.mark.asyncio
@pytest.mark.skipif(sys.platform != "linux", reason="a native network needs Linux")
async def test_every_gateway_that_is_a_process_is_told_too(raft: Rendered) -> None:
    ground = Native(raft.build, Binaries(Path("bin"), Path("builders"), "3.1.5"))
    raft.build.logs.mkdir(exist_ok=True)
    try:
        pid = ground.begin(gateway(raft.topology.organisation("banksh")))
        environment: list[bytes] = []
        async with asyncio.timeout(30):
            while b"WAITAN_NODE=gateway.banksh" not in environment:  # the system shows it some time after the start
                await asyncio.sleep(0.01)
                environment = environment_of(pid)
    finally:
        await ground.stop()
    assert [each for each in environment if each.startswith(b"GRPC_EXPERIMENTS=")] == [
        f"GRPC_EXPERIMENTS={polling.SERVER_AND_CLIENT['GRPC_EXPERIMENTS']}".encode()
    ]


@pytest.mark.parametrize(("names", "is_known"), [(polling.SERVER_AND_CLIENT, True), (UNKNOWN, False)])
def test_the_grpc_of_a_gateway_knows_the_setting(names: dict[str, str], is_known: bool) -> None:
    program = "import grpc; grpc.insecure_channel('127.0.0.1:9').close()"
    process = subprocess.run(
        (sys.executable, "-c", program), env={**os.environ, **names}, capture_output=True, check=True, timeout=60
    )
    assert (b"xperiment" not in process.stderr) is is_known


@pytest.mark.asyncio
async def test_a_chaincode_server_serves_with_it_and_its_grpc_knows_the_setting() -> None:
    """A later gRPC may know it no more; then it is to be taken away, and the figures measured again."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.shim.counting",
        cwd=ROOT,
        env={**os.environ, **polling.SERVER},
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
