"""Load on a running network, through its banks' gRPC doors: every bank pays, in every currency.

What is measured is the whole way: a client with mutual TLS, the bank's gateway, the courier, both authorities, the
block, and the answer once the bank's own peer shows it.
"""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, NamedTuple

import msgspec

from gateway.bench.workload import Workload
from gateway.client import WaitanClient, WaitanError
from gateway.development.data_directory import DataDirectory
from gateway.development.members import Member
from gateway.operators import codec
from gateway.tls import TlsIdentity
from settlement import money
from settlement.parties import Kind
from waitan.v1.payments_pb2 import RESULT_SETTLED, Payment, PaymentOutcome

BATCH_MAX: Final = 500
TIMEOUT_S: Final = 120.0


class Load(NamedTuple):
    """How payments are sent: `under_way` in the whole network, by all banks or by the first alone (`is_hot`)."""

    payments: int
    under_way: int
    is_hot: bool = False


class Measured(NamedTuple):
    """What came of a load: settled payments a second, latency of a batch in ms, and how many had to be asked again."""

    payments_per_s: float
    p50_ms: float
    p99_ms: float
    retryable: int


class Doors:
    """The banks' doors of a network, each with its client."""

    def __init__(self, clients: dict[str, WaitanClient], members: dict[str, Member], dates: dict[str, str]) -> None:
        self._clients: Final = clients
        self._dates: Final = dates
        self.profiles: Final = [members[name].profile for name in clients]
        self._seed = time.time_ns() % 10**6

    @property
    def banks(self) -> int:
        """How many banks there are."""
        return len(self._clients)

    def client(self, bank: str) -> WaitanClient:
        """Give a bank's client."""
        return self._clients[bank]

    async def settle(self, load: Load) -> Measured:
        """Send a load; every payment must settle, those answered as retryable when they are sent again."""
        payments = self._payments(load)
        times_ms: list[float] = []
        results: Counter[int] = Counter()
        share = max(1, load.under_way // len(payments))
        batch, ahead = (share, 1) if share <= BATCH_MAX else (BATCH_MAX, share // BATCH_MAX)
        start = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for name, its in payments.items():
                tasks.create_task(_send(self._clients[name], its, (batch, ahead), times_ms, results))
        elapsed_s = time.perf_counter() - start
        retryable = results.pop(-1, 0)
        assert results == {RESULT_SETTLED: sum(map(len, payments.values()))}, results
        times_ms.sort()
        return Measured(
            results[RESULT_SETTLED] / elapsed_s, statistics.median(times_ms), _percentile(times_ms, 99), retryable
        )

    async def lone(self, count: int) -> Measured:
        """Send payments one at a time, the first bank's."""
        name, its = next(iter(self._payments(Load(count, 1, is_hot=True)).items()))
        times_ms = []
        for payment in its:
            start = time.perf_counter()
            outcome = await self._clients[name].submit(payment)
            times_ms.append((time.perf_counter() - start) * 1000)
            assert outcome.result == RESULT_SETTLED
        times_ms.sort()
        return Measured(
            1000 / statistics.mean(times_ms), statistics.median(times_ms), _percentile(times_ms, 99), retryable=0
        )

    def _payments(self, load: Load) -> dict[str, list[Payment]]:
        """Give each paying bank its payments, in all currencies in turn; hot: one bank, one currency.

        They are messages already: what a bank's own system spends on making them is not the network's.
        """
        self._seed += 1
        names = list(self._clients)
        currencies = list(self._dates)[: 1 if load.is_hot else None]
        payers = names[:1] if load.is_hot else names
        given: dict[str, list[Payment]] = {name: [] for name in payers}
        made = Workload(self.profiles, debtors=len(payers), seed=self._seed).payments(load.payments)
        for number, payment in enumerate(made):
            currency = currencies[number % len(currencies)]
            varied = msgspec.structs.replace(
                payment,
                currency=currency,
                amount=money.render(1 + number % 997, currency),
                settlement_date=self._dates[currency],
            )
            given[payment.payer].append(codec.write(varied, Payment))
        return given


@asynccontextmanager
async def opened(directory: DataDirectory) -> AsyncIterator[Doors]:
    """Connect to the door of every bank of a running network, as one of its officers."""
    members = directory.members()
    async with AsyncExitStack() as stack:
        clients = {}
        for name, member in members.items():
            if member.profile.kind is not Kind.BANK:
                continue
            officer = member.people["officer-1"]
            identity = TlsIdentity(officer.certificate, officer.key, member.ca.root.certificate)
            client = WaitanClient(directory.endpoints(name).grpc, identity, timeout_s=TIMEOUT_S)
            clients[name] = await stack.enter_async_context(client)
        days = await next(iter(clients.values())).days()
        yield Doors(clients, members, {day.currency: day.date for day in days})


async def _send(
    client: WaitanClient,
    payments: Sequence[Payment],
    shape: tuple[int, int],
    times_ms: list[float],
    results: Counter[int],
) -> None:
    """Stream batches of a size, some ahead of their answers; what was told to be asked again is sent alone."""
    batch, ahead = shape
    slots = asyncio.Semaphore(ahead)
    sent: list[tuple[float, list[Payment]]] = []

    async def batches() -> AsyncIterator[list[Payment]]:
        for its in _portions(payments, batch):
            await slots.acquire()
            sent.append((time.perf_counter(), its))
            yield its

    async for outcomes in client.submit_batches(batches()):
        begun, its = sent.pop(0)
        times_ms.append((time.perf_counter() - begun) * 1000)
        slots.release()
        for payment, outcome in zip(its, outcomes, strict=True):
            results[await _settled(client, payment, outcome, results)] += 1


async def _settled(client: WaitanClient, payment: Payment, outcome: PaymentOutcome, results: Counter[int]) -> int:
    while outcome.code == "ED06":
        results[-1] += 1
        try:
            outcome = await client.submit(payment)
        except WaitanError as error:
            if not error.is_unreachable:
                raise
            await asyncio.sleep(0.1)
    return outcome.result


def _portions(payments: Sequence[Payment], size: int) -> Iterator[list[Payment]]:
    for start in range(0, len(payments), size):
        yield list(payments[start : start + size])


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
