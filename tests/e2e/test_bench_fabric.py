"""`waitan bench fabric` over a network that is imagined: it runs to its end, and explains every figure it gives."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import grpc
import pytest

from gateway.bench import fabric
from gateway.bench.fabric import MeasuredNetwork
from gateway.bench.load import Load, Measured
from gateway.fabric_client import EndorseError, Fault
from settlement.parties import Kind
from tests.builders import PROFILES

PERFORMANCE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "performance.md"
SMALL: Final = {
    "ROUNDS": 1,
    "SINGLE_PAYMENTS": 4,
    "SINGLE_IN_FLIGHT": (1, 2),
    "EVALUATIONS": 4,
    "STREAM_TRANSACTIONS": 8,
    "STREAM_IN_FLIGHT": 2,
    "STEP_PAYMENTS": 10,
    "REST_LOOK_S": 0.1,
    "BESIDE_ROUNDS": 2,
}
"""What is measured, small."""
NODES: Final = ("peer0.clearing", "gateway.banksh", "orderer.clearing", "chaincode.clearing")


class ImaginedDoors:
    """Settles at once, and as fast as it is told; `loads` is what was asked of it."""

    def __init__(self, payments_per_s: float) -> None:
        self.profiles: Final = [each for each in PROFILES if each.kind is Kind.BANK]
        self.banks: Final = len(self.profiles)
        self.loads: Final[list[Load]] = []
        self._payments_per_s: Final = payments_per_s

    async def settle(self, load: Load) -> Measured:
        self.loads.append(load)
        return Measured(self._payments_per_s, 1.0, 2.0, 0)

    async def lone(self, payments: int) -> Measured:
        return Measured(10.0, 20.0, 30.0, 0)


class ImaginedContract:
    """Endorses every other transaction, and answers every query."""

    def __init__(self) -> None:
        self.asked = 0

    async def submit(self, *_: Any, **__: Any) -> None:
        self.asked += 1
        if self.asked % 2:
            raise EndorseError("tx", Fault(grpc.StatusCode.ABORTED, "they disagree"))

    async def evaluate(self, *_: Any, **__: Any) -> bytes:
        return b""


class ImaginedClock:
    """Every process uses a millisecond between two looks."""

    def __init__(self, processes: Mapping[str, Any]) -> None:
        self._names: Final = list(processes)

    def start(self) -> None: ...

    def spent_s(self) -> dict[str, float]:
        return dict.fromkeys(self._names, 0.001)


@pytest.fixture(autouse=True)
def imagined(monkeypatch: pytest.MonkeyPatch) -> dict[str, ImaginedDoors]:
    """The networks' doors, by the name of their directory: one is half as fast as the other."""
    doors = {"here": ImaginedDoors(50.0), "beside": ImaginedDoors(100.0)}

    @asynccontextmanager
    async def opened(directory: Any) -> AsyncIterator[ImaginedDoors]:
        yield doors[directory.path.name]

    async def client(*_: Any) -> tuple[Any, Any]:
        settings = SimpleNamespace(network="waitan", fabric=SimpleNamespace(chaincode="waitan", endorsers=("A", "B")))
        return SimpleNamespace(contract=lambda *_: ImaginedContract()), settings

    monkeypatch.setattr(fabric, "opened", opened)
    monkeypatch.setattr(fabric, "_client", client)
    monkeypatch.setattr(fabric, "CpuClock", ImaginedClock)
    for name, value in SMALL.items():
        monkeypatch.setattr(fabric, name, value)
    return doors


def a_network(name: str, *chaincodes: str) -> MeasuredNetwork:
    nodes = (*NODES, *(f"{each}.clearing" for each in chaincodes))
    return MeasuredNetwork(Path(name), lambda: {node: [1] for node in nodes}, *chaincodes)


def not_explained(figures: dict[str, Any]) -> list[str]:
    """Name what stands in performance.md neither by itself, nor for all nodes, nor as the first of a row."""
    text = PERFORMANCE.read_text(encoding="utf-8")
    general = [(r"^(cpu_ms_\w+)\.\w+$", r"\1.NAME"), (r"^under_way_\d+_", "under_way_1_")]
    return [
        name
        for name in figures
        if not any(f"`{re.sub(pattern, wider, name)}`" in text for pattern, wider in (("^", ""), *general))
    ]


@pytest.mark.asyncio
async def test_every_figure_is_measured_and_explained() -> None:
    figures = await fabric.measure(a_network("here", "single", "single-node"), lambda _: None, grow_to=20)
    assert not_explained(figures) == []
    assert (figures["hot_vs_uniform"], figures["grown_late_vs_early"], figures["retryable_share"]) == (1.0, 1.0, 0.0)
    assert (figures["shim_vs_node_shim_cpu"], figures["cpu_ms_peer0.clearing"]) == (1.0, round(1 / 8_000, 4))
    assert figures["shim_repeated"] == figures["node_shim_repeated"] == 8
    assert not [name for name in figures if "single.clearing" in name]


@pytest.mark.asyncio
async def test_where_there_is_no_node_shim_nothing_is_said_of_it() -> None:
    figures = await fabric.measure(a_network("here", "single"), lambda _: None)
    assert not [name for name in figures if "node_shim" in name or "grown" in name]


@pytest.mark.asyncio
async def test_two_networks_are_measured_in_turn(imagined: dict[str, ImaginedDoors]) -> None:
    figures = await fabric.measure_beside(a_network("here"), a_network("beside"), lambda _: None)
    assert not_explained(figures) == []
    assert (figures["vs_beside"], figures["payments_per_s"], figures["beside_payments_per_s"]) == (0.5, 50, 100)
    assert [len(each.loads) for each in imagined.values()] == [3, 3]
