"""`waitan bench embedded`: the durable ledger beside PostgreSQL, a lone payment, and growth to a million.

What is compared is the ledger client within one process: commands are encoded, gathered into signed lists, carried,
decided, written and synced to disk before they are answered. Doors and read models are measured apart
(gateway.bench.doors, gateway.bench.road).
"""

import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gateway.app import wall_clock_ms
from gateway.bench import Figures, doors, postgres, road
from gateway.bench.banks import NETWORK, Banks
from gateway.bench.workload import BANKS, Workload
from gateway.ledger.embedded import EmbeddedNetwork
from gateway.operation import memory
from gateway.projection.follow import FeedFollower
from gateway.projection.store import ProjectionStore
from settlement import canonical

ROUNDS: Final = 3
ROUND_PAYMENTS: Final = 20_000
ROUND_S: Final = 5
LONE_PAYMENTS: Final = 300
STEP_PAYMENTS: Final = 10_000
SAY_EVERY: Final = 100_000

Say = Callable[[str], None]


async def measure(*, payments: int, say: Say) -> Figures:
    """Run all of it; `payments` is how far the ledger grows. Keys are explained in docs/reference/performance.md."""
    with tempfile.TemporaryDirectory(prefix="waitan-bench-") as name:
        directory = Path(name)
        banks = Banks(directory / "ledger")
        await banks.begin()
        memory.settle()
        figures: Figures = {"banks": BANKS, "cores": os.cpu_count() or 0}
        say("a lone payment")
        figures |= await _lone(banks)
        say("uniform and hot, beside PostgreSQL")
        figures |= await _rounds(banks, say)
        await banks.ledger.close()
        say("the stations of a payment's road")
        figures |= await road.measure(directory / "road")
        say("the whole way, through a bank's door")
        figures |= await doors.measure(directory / "doors")
        say(f"growth to {payments:,} payments")
        figures |= await _growth(directory / "grown", payments, say)
        return figures


async def _lone(banks: Banks) -> Figures:
    workload = Workload(banks.profiles, debtors=BANKS, seed=2)
    times_ms = []
    for payment in workload.payments(LONE_PAYMENTS):
        start = time.perf_counter()
        (outcome,) = await banks.desks[payment.payer].ask([payment])
        times_ms.append((time.perf_counter() - start) * 1000)
        assert not outcome.code
    times_ms.sort()
    return {
        "lone_p50_ms": round(times_ms[len(times_ms) // 2], 3),
        "lone_p99_ms": round(times_ms[len(times_ms) * 99 // 100], 3),
    }


async def _rounds(banks: Banks, say: Say) -> Figures:
    """Interleave: uniform here and there, hot here and there; the ratio of each round, the median of rounds."""
    uniform = Workload(banks.profiles, debtors=BANKS, seed=3)
    hot = Workload(banks.profiles, debtors=1, seed=4)
    body = canonical.encode(next(uniform.payments(1))).decode()
    rates: dict[str, list[float]] = {"uniform": [], "hot": [], "postgres_uniform": [], "postgres_hot": []}
    where = postgres.programs()
    if where is None:
        say("PostgreSQL is not installed: measured without it")
        for _ in range(ROUNDS):
            await _one_round(banks, uniform, hot, rates)
    else:
        with postgres.running(where, accounts=BANKS, body=body) as server:
            for _ in range(ROUNDS):
                await _one_round(banks, uniform, hot, rates)
                for name in ("uniform", "hot"):
                    rate = await asyncio.to_thread(server.payments_per_s, hot=name == "hot", seconds=ROUND_S)
                    rates[f"postgres_{name}"].append(rate)
    figures: Figures = {"payment_bytes": len(body)}
    for name, measured in rates.items():
        if measured:
            figures[f"{name}_payments_per_s"] = round(statistics.median(measured))
    for name in ("uniform", "hot"):
        if theirs := rates[f"postgres_{name}"]:
            ratios = [ours / there for ours, there in zip(rates[name], theirs, strict=True)]
            figures[f"{name}_vs_postgres"] = round(statistics.median(ratios), 2)
    return figures


async def _one_round(banks: Banks, uniform: Workload, hot: Workload, rates: dict[str, list[float]]) -> None:
    for name, workload in (("uniform", uniform), ("hot", hot)):
        payments = list(workload.payments(ROUND_PAYMENTS))
        rates[name].append(len(payments) / await banks.settle(payments))


async def _growth(directory: Path, payments: int, say: Say) -> Figures:
    """Fill a fresh ledger; compare the first steps with the last, then restart it and catch a read model up."""
    banks = Banks(directory)
    await banks.begin()
    workload = Workload(banks.profiles, debtors=BANKS, seed=5)
    empty_bytes = _size_bytes(directory)
    rates: list[float] = []
    rss_early_bytes = 0
    for step in range(payments // STEP_PAYMENTS):
        rates.append(STEP_PAYMENTS / await banks.settle(list(workload.payments(STEP_PAYMENTS))))
        if step == 1:
            rss_early_bytes = _rss_bytes()
        settled = (step + 1) * STEP_PAYMENTS
        if settled % SAY_EVERY == 0:
            say(f"{settled:,} payments")
    rss_bytes = _rss_bytes()
    credential = banks.members["clearing"].service.credential
    await banks.ledger.close()
    ledger_bytes = _size_bytes(directory) - empty_bytes
    window = max(1, min(5, len(rates) // 2))
    start = time.perf_counter()
    network = EmbeddedNetwork.open(directory, network=NETWORK, clock=wall_clock_ms)
    restart_s = time.perf_counter() - start
    store = ProjectionStore(directory.parent / "read" / "clearing.sqlite")
    follower = FeedFollower(network.client("clearing", credential, wall_clock_ms), store, "clearing")
    start = time.perf_counter()
    follower.start()
    await follower.reached(network.ledger.height - 1)
    catch_up_s = time.perf_counter() - start
    await follower.indexed(network.ledger.height)
    indexed_s = time.perf_counter() - start
    await follower.close()
    store.close()
    await network.close()
    grown = len(rates) * STEP_PAYMENTS
    return {
        "grown_payments": grown,
        "grown_early_payments_per_s": round(statistics.median(rates[:window])),
        "grown_late_payments_per_s": round(statistics.median(rates[-window:])),
        "grown_late_vs_early": round(statistics.median(rates[-window:]) / statistics.median(rates[:window]), 3),
        "ledger_bytes_per_payment": round(ledger_bytes / grown),
        "read_model_bytes_per_payment": round(_size_bytes(directory.parent / "read") / grown),
        "read_model_payments_per_s": round(grown / catch_up_s),
        "read_model_indexed_payments_per_s": round(grown / indexed_s),
        "rss_growth_mb": round((rss_bytes - rss_early_bytes) / 2**20, 1),
        "restart_s": round(restart_s, 3),
    }


def _size_bytes(directory: Path) -> int:
    return sum(file.stat().st_size for file in directory.iterdir())


def _rss_bytes() -> int:
    """Resident memory now, from /proc."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()
