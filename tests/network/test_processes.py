"""A native network's processes: started apart from us, found by what marks them, ended whatever state they are in."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from network import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a native network needs Linux")

WAITS = "import signal; print('up', flush=True); signal.pause()"
DEAF = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\nwhile True: signal.pause()"
)
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAITS!r}]).wait()"


@pytest_asyncio.fixture
async def directory(tmp_path: Path) -> AsyncIterator[Path]:
    yield tmp_path
    await processes.stop(tmp_path, wait_s=0.1)


async def begun(directory: Path, node: str, program: str) -> int:
    """Start a program and wait until it says that it is up."""
    log = directory / f"{node}.log"
    pid = processes.start(
        directory, node, (sys.executable, "-c", program), environment=dict(os.environ), cwd=directory, log=log
    )
    async with asyncio.timeout(30):
        while "up" not in log.read_text():  # noqa: ASYNC110 - another process's progress
            await asyncio.sleep(0.01)
    return pid


@pytest.mark.asyncio
async def test_what_was_started_is_found_by_its_name(directory: Path) -> None:
    pid = await begun(directory, "peer0.banksh", WAITS)
    found = processes.leaders(directory)
    assert [(name, each.pid, each.hangs) for name, each in found.items()] == [("peer0.banksh", pid, False)]
    assert os.getsid(pid) == pid != os.getsid(0)


@pytest.mark.asyncio
async def test_another_networks_processes_are_not_ours(directory: Path) -> None:
    await begun(directory, "peer0.banksh", WAITS)
    assert processes.running(directory / "other") == []


@pytest.mark.asyncio
async def test_children_end_with_their_node(directory: Path) -> None:
    await begun(directory, "gateway.banksh", PARENT)
    assert len(processes.running(directory)) == 2
    assert list(processes.leaders(directory)) == ["gateway.banksh"]
    assert await processes.stop(directory) == ["gateway.banksh"]
    assert processes.running(directory) == []


@pytest.mark.asyncio
async def test_one_that_does_not_listen_is_killed(directory: Path) -> None:
    await begun(directory, "orderer.clearing", DEAF)
    await processes.stop(directory, wait_s=0.2)
    assert processes.running(directory) == []


@pytest.mark.asyncio
async def test_one_that_hangs_is_known_and_killed(directory: Path) -> None:
    pid = await begun(directory, "peer0.banksh", WAITS)
    os.kill(pid, signal.SIGSTOP)
    async with asyncio.timeout(30):
        while not processes.leaders(directory)["peer0.banksh"].hangs:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.01)
    assert await processes.stop(directory) == ["peer0.banksh"]
    assert processes.running(directory) == []


@pytest.mark.asyncio
async def test_one_node_can_be_ended_alone(directory: Path) -> None:
    await begun(directory, "peer0.banksh", WAITS)
    await begun(directory, "peer0.bankist", WAITS)
    assert await processes.stop(directory, only="peer0.banksh") == ["peer0.banksh"]
    assert list(processes.leaders(directory)) == ["peer0.bankist"]


def test_a_port_that_somebody_listens_on_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert processes.taken("127.0.0.1", [port]) == [port]
        assert port in processes.listened()
    assert processes.taken("127.0.0.1", [port]) == []


@pytest.mark.asyncio
async def test_a_port_is_released_when_nobody_listens_any_more() -> None:
    """A process of many threads that was killed keeps its ports after it has left the table of those that run."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not await processes.released([port], wait_s=0.0)
        waiting = asyncio.create_task(processes.released([port], wait_s=60.0))
        await asyncio.sleep(0)
    assert await waiting


@pytest.mark.asyncio
async def test_nobody_waits_for_a_port_of_a_process_that_has_ended(directory: Path) -> None:
    pid = processes.start(directory, "x", ("/bin/true",), environment={}, cwd=directory, log=directory / "x.log")
    await asyncio.to_thread(os.waitpid, pid, 0)
    assert not await processes.listening(1, alive=pid, wait_s=60)
