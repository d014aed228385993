"""`waitan bench trade`: two trades from contract to payment, declarations lodged, and payments that name documents.

The trades are the demo's two shipments, untold: every command goes through a door, by gRPC with mutual TLS, and what
one organisation does another waits for at its own gateway. Network and clients are one process.
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from gateway.bench import Figures, evidence
from gateway.bench.workload import DATE
from gateway.development.cast import Cast
from gateway.development.data_directory import DataDirectory
from gateway.development.members import new_id
from gateway.development.shipments import customs_morning, hazelnuts, textiles
from gateway.development.shipments.firms import SILK
from gateway.development.shipments.papers import Papers, papers_of
from gateway.development.shipments.story import Story
from gateway.development.stage import FUNDS, of_its_own
from gateway.operation import metrics
from settlement.customs.declaration import LodgeDeclaration
from settlement.customs.declared import Declared

ROUNDS: Final = 3
DECLARATIONS: Final = 30
"""Lodged in one call; a call takes 100."""

Say = Callable[[str], None]

_SHIPMENTS: Final[dict[str, Callable[[Story, Papers], Awaitable[None]]]] = {
    "silk": textiles.play,
    "hazelnuts": hazelnuts.play,
}


async def measure(say: Say) -> Figures:
    """Run all of it. Keys are explained in docs/reference/performance.md."""
    figures: Figures = {"cores": os.cpu_count() or 0}
    with tempfile.TemporaryDirectory(prefix="waitan-bench-") as name:
        say("trades from contract to payment, and declarations")
        figures |= await _trades(Path(name))
        say("payments that name documents, beside plain ones")
        figures |= await evidence.by_client(Path(name) / "evidence")
        figures |= await evidence.by_door(Path(name) / "door")
    return figures


async def _trades(directory: Path) -> Figures:
    """Play both shipments and lodge declarations, each round on a network of its own; give medians."""
    measured: defaultdict[str, list[float]] = defaultdict(list)
    for place in range(ROUNDS):
        async with of_its_own(DataDirectory(directory / f"round-{place}"), FUNDS, DATE) as stage, Cast(stage) as cast:
            papers = papers_of(DATE, anew=False)
            await customs_morning.begin(Story("customs", cast), papers)
            for name, play in _SHIPMENTS.items():
                took_s, commands = await _life(Story(name, cast), papers, play)
                measured[f"trade_{name}_s"].append(took_s)
                measured[f"trade_{name}_commands"].append(commands)
            took_s, cpu_ms = await _lodge(cast, papers)
            measured["declarations_s"].append(took_s)
            measured["declarations_cpu_ms"].append(cpu_ms)
    figures: Figures = {"declarations": DECLARATIONS}
    return figures | {name: round(statistics.median(values), 3) for name, values in measured.items()}


async def _life(story: Story, papers: Papers, play: Callable[[Story, Papers], Awaitable[None]]) -> tuple[float, int]:
    """Play a shipment, which must go as it is told; give seconds and how many commands went to the ledger for it."""
    commands = _commands()
    start = time.perf_counter()
    await play(story, papers)
    took_s = time.perf_counter() - start
    assert story.holds, [step for step in story.steps if not step.holds]
    return took_s, _commands() - commands


async def _lodge(cast: Cast, papers: Papers) -> tuple[float, float]:
    """Lodge declarations of different goods in one call; give seconds, and CPU milliseconds of network and client."""
    declared = papers.read("textiles/declaration.json", Declared, of_customs=True)
    commands = [
        LodgeDeclaration(command_id=new_id(), customs="customs", declared=another(declared, serial))
        for serial in range(DECLARATIONS)
    ]
    client = await cast.client(SILK.organisation, SILK.name)
    person = cast.credential(SILK.organisation, SILK.name)
    start, cpu_start = time.perf_counter(), time.process_time()
    outcomes = await client.lodge(cast.network, commands, person)
    took_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu_start
    assert [each.status for each in outcomes] == ["LODGED"] * DECLARATIONS, outcomes
    return took_s, cpu_s * 1000


def another(declared: Declared, serial: int) -> Declared:
    """Declare other goods of the same kind: a number and a transport document of their own."""
    return replace(declared, number=f"{declared.number[:9]}{serial:09}", transport_document=f"YPLBENCH{serial:08}")


def _commands() -> int:
    """Count the commands that all gateways of this process have brought to the ledger, those it refused included."""
    samples = (sample for family in metrics.REGISTRY.collect() for sample in family.samples)
    return round(sum(sample.value for sample in samples if sample.name == "waitan_list_commands_sum"))
