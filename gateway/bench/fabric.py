"""`waitan bench fabric`: a running Fabric network, in interleaved rounds; every ratio is a median of rounds' ratios.

Keys are explained in docs/reference/performance.md.
"""

import asyncio
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, NamedTuple

from gateway import config, credentials
from gateway.bench import Figures
from gateway.bench.cpu import CpuClock
from gateway.bench.fabric_single import SinglePayments
from gateway.bench.load import Doors, Load, opened
from gateway.bench.workload import Workload
from gateway.development.data_directory import DataDirectory
from gateway.fabric_client import Contract, Gateway, Peer
from gateway.settings import Config
from settlement.parties import Kind

ROUNDS: Final = 3
WARM_UP: Final = Load(2_000, 500)
UNDER_WAY: Final = (1, 10, 50, 200, 500)
"""Payments under way in the whole network: as many as that become one transaction."""
PEAK: Final = 2_000
"""Payments under way for the highest rate: the next transaction's gather while one of 1,000 is settled."""
ROUND_PAYMENTS: Final = 8_000
SINGLE_IN_FLIGHT: Final = (8, 64, 256)
SINGLE_PAYMENTS: Final = 400
LONE_PAYMENTS: Final = 100
EVALUATIONS: Final = 1_000
EVALUATIONS_IN_FLIGHT: Final = 32
REST_CORES: Final = 0.25
"""What all processes together use of one core at rest, at most: gossip alone takes half of that."""
REST_LOOK_S: Final = 0.5
REST_MAX_S: Final = 30.0

BESIDE_ROUNDS: Final = 5
STREAM_TRANSACTIONS: Final = 3_000
STREAM_IN_FLIGHT: Final = 64
STEP_PAYMENTS: Final = 10_000
EARLY_STEPS: Final = 5
"""How many steps are the early ones, and the late ones, of a ledger that grows."""


Say = Callable[[str], None]


class MeasuredNetwork(NamedTuple):
    """A running network: its build directory, how to find its processes by name, and the chaincodes of the comparison.

    `single_chaincode` settles one payment in a transaction; `node_chaincode` does the same on the official Node shim.
    Either is empty where it is not at hand. Their servers are processes of those names, with `.` and the organisation.
    """

    directory: Path
    processes: Callable[[], Mapping[str, Sequence[int]]]
    single_chaincode: str = ""
    node_chaincode: str = ""


async def measure(network: MeasuredNetwork, say: Say, *, grow_to: int = 0) -> Figures:
    """Measure a network that runs and has nothing else to do; then let its ledger grow, if that is asked for."""
    directory = DataDirectory(network.directory)
    async with AsyncExitStack() as stack:
        doors = await stack.enter_async_context(opened(directory))
        access, settings = await _client(network, stack)
        contract = access.contract(settings.network, settings.fabric.chaincode)
        endorsers = list(settings.fabric.endorsers)
        say("warming up")
        await doors.settle(WARM_UP)
        figures: Figures = {"cores": os.cpu_count() or 0, "banks": doors.banks}
        say("a lone payment")
        await _rest(network)
        lone = await doors.lone(LONE_PAYMENTS)
        figures |= {"lone_p50_ms": round(lone.p50_ms, 1), "lone_p99_ms": round(lone.p99_ms, 1)}
        say("by payments under way")
        for under_way in UNDER_WAY:
            await _rest(network)
            measured = await doors.settle(Load(max(50, under_way * 8), under_way))
            figures[f"under_way_{under_way}_payments_per_s"] = round(measured.payments_per_s)
        say("uniform, hot, and one payment per transaction, in turn")
        payment = next(Workload(doors.profiles, debtors=1).payments(1))
        singles = {
            name: SinglePayments(access.contract(settings.network, name), endorsers, payment)
            for name in (network.single_chaincode, network.node_chaincode)
            if name
        }
        figures |= await _rounds(doors, singles[network.single_chaincode], network)
        say("one stream of transactions")
        figures |= await _stream(singles, network)
        say("queries")
        figures |= await _queries(contract, endorsers)
        if grow_to:
            figures |= await _grow(doors, grow_to, say)
        return figures


async def measure_beside(here: MeasuredNetwork, there: MeasuredNetwork, say: Say) -> Figures:
    """Settle the same load on two networks that run, in turn, and compare: SmartBFT beside Raft, say."""
    rates: dict[str, list[float]] = defaultdict(list)
    p99_ms: dict[str, list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        networks = {"here": here, "beside": there}
        doors = {
            name: await stack.enter_async_context(opened(DataDirectory(each.directory)))
            for name, each in networks.items()
        }
        for each in doors.values():
            await each.settle(WARM_UP)
        for round_number in range(BESIDE_ROUNDS):
            say(f"round {round_number + 1} of {BESIDE_ROUNDS}")
            for name in sorted(doors, reverse=round_number % 2 == 0):
                for network in networks.values():
                    await _rest(network)
                measured = await doors[name].settle(Load(ROUND_PAYMENTS, PEAK))
                rates[name].append(measured.payments_per_s)
                p99_ms[name].append(measured.p99_ms)
    return {
        "payments_per_s": round(statistics.median(rates["here"])),
        "p99_ms": round(statistics.median(p99_ms["here"]), 1),
        "beside_payments_per_s": round(statistics.median(rates["beside"])),
        "beside_p99_ms": round(statistics.median(p99_ms["beside"]), 1),
        "vs_beside": _ratio(rates["here"], rates["beside"]),
    }


async def _rounds(doors: Doors, single: SinglePayments, network: MeasuredNetwork) -> Figures:
    rates: dict[str, list[float]] = defaultdict(list)
    spent_s: dict[str, float] = defaultdict(float)
    own = {name: pids for name, pids in network.processes().items() if not name.startswith(network.single_chaincode)}
    clock = CpuClock({**own, "client": [os.getpid()]})
    p99_ms, retryable, best = [], 0, 0
    for round_number in range(ROUNDS):
        await _rest(network)
        clock.start()
        uniform = await doors.settle(Load(ROUND_PAYMENTS, PEAK))
        for name, used_s in clock.spent_s().items():
            spent_s[name] += used_s
        await _rest(network)
        hot = await doors.settle(Load(ROUND_PAYMENTS, PEAK, is_hot=True))
        p99_ms.append(uniform.p99_ms)
        retryable += uniform.retryable + hot.retryable
        rates["uniform"].append(uniform.payments_per_s)
        rates["hot"].append(hot.payments_per_s)
        await _rest(network)
        if round_number == 0:
            tried = {n: (await single.settle(SINGLE_PAYMENTS, n)).payments_per_s for n in SINGLE_IN_FLIGHT}
            best = max(tried, key=lambda n: tried[n])
        rates["single"].append((await single.settle(SINGLE_PAYMENTS, best)).payments_per_s)
    settled = ROUNDS * ROUND_PAYMENTS
    return {
        "payments_per_s": round(statistics.median(rates["uniform"])),
        "p99_ms": round(statistics.median(p99_ms), 1),
        "hot_payments_per_s": round(statistics.median(rates["hot"])),
        "hot_vs_uniform": _ratio(rates["hot"], rates["uniform"]),
        "single_payments_per_s": round(statistics.median(rates["single"])),
        "single_in_flight": best,
        "vs_single": _ratio(rates["uniform"], rates["single"]),
        "retryable_share": round(retryable / (2 * settled), 6),
        **{f"cpu_ms_{name}": round(used_s * 1000 / settled, 4) for name, used_s in sorted(spent_s.items())},
        "cpu_ms_all": round(sum(spent_s.values()) * 1000 / settled, 4),
    }


async def _rest(network: MeasuredNetwork) -> None:
    """Let the network end what was asked before: after the last answer peers go on with blocks, gateways with words.

    What one round leaves undone would count against the next. Who does not come to rest is not waited for.
    """
    clock = CpuClock(network.processes())
    for _ in range(round(REST_MAX_S / REST_LOOK_S)):
        clock.start()
        await asyncio.sleep(REST_LOOK_S)
        if sum(clock.spent_s().values()) < REST_CORES * REST_LOOK_S:
            return


async def _stream(singles: Mapping[str, SinglePayments], network: MeasuredNetwork) -> Figures:
    """Let each chaincode's servers take transactions from one stream each, in turn; count those to be repeated."""
    figures: Figures = {}
    spent_ms: dict[str, list[float]] = defaultdict(list)
    repeated: Counter[str] = Counter()
    share = STREAM_TRANSACTIONS // ROUNDS
    for _ in range(ROUNDS):
        for name, single in singles.items():
            clock = CpuClock({each: pids for each, pids in network.processes().items() if each.startswith(f"{name}.")})
            clock.start()
            repeated[name] += (await single.settle(share, STREAM_IN_FLIGHT)).failed
            spent_ms[name].append(statistics.mean(clock.spent_s().values()) * 1000 / share)
    for key, name in (("shim", network.single_chaincode), ("node_shim", network.node_chaincode)):
        if name:
            figures[f"{key}_cpu_ms"] = round(statistics.median(spent_ms[name]), 3)
            figures[f"{key}_repeated"] = repeated[name]
    if network.node_chaincode:
        figures["shim_vs_node_shim_cpu"] = _ratio(spent_ms[network.single_chaincode], spent_ms[network.node_chaincode])
    return figures


async def _grow(doors: Doors, payments: int, say: Say) -> Figures:
    """Settle so many more payments; compare the last with the first."""
    rates, p99_ms = list[float](), list[float]()
    for step in range(max(2 * EARLY_STEPS, payments // STEP_PAYMENTS)):
        measured = await doors.settle(Load(STEP_PAYMENTS, PEAK))
        rates.append(measured.payments_per_s)
        p99_ms.append(measured.p99_ms)
        say(f"{(step + 1) * STEP_PAYMENTS:,} payments, {measured.payments_per_s:,.0f}/s")
    early, late = statistics.median(rates[:EARLY_STEPS]), statistics.median(rates[-EARLY_STEPS:])
    return {
        "grown_payments": len(rates) * STEP_PAYMENTS,
        "grown_early_payments_per_s": round(early),
        "grown_late_payments_per_s": round(late),
        "grown_late_vs_early": round(late / early, 3),
        "grown_late_p99_ms": round(statistics.median(p99_ms[-EARLY_STEPS:]), 1),
    }


async def _queries(contract: Contract, endorsers: list[str]) -> Figures:
    left = iter(range(EVALUATIONS))

    async def ask() -> None:
        for _ in left:
            await contract.evaluate("about", organisations=endorsers[:1])

    start = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(EVALUATIONS_IN_FLIGHT)))
    return {"evaluations_per_s": round(EVALUATIONS / (time.perf_counter() - start))}


async def _client(network: MeasuredNetwork, stack: AsyncExitStack) -> tuple[Gateway, Config]:
    """Speak to Clearing's peer as Clearing's gateway does."""
    directory = DataDirectory(network.directory)
    clearing = next(each for each in directory.description().organisations if each.kind is Kind.CLEARING)
    file = directory.organisation(clearing.participant) / "gateway.toml"
    settings = config.load(file, {})
    shown = credentials.read(settings)
    own = settings.fabric.peers[0]
    peer = Peer.at(own.address, shown.peers[0], server_name=own.name or None)
    stack.push_async_callback(peer.close)
    return Gateway(peer, shown.creator, shown.signer), settings


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 2)
