"""The whole way: a client over gRPC with mutual TLS, a process that is the whole network, and the answer back.

Client and server share the machine's cores. A payment is answered when the ledger has made it durable and the payer's
own read model shows it; four read models (two banks, Clearing, Regulator) are kept up to date meanwhile.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gateway.bench import Figures
from gateway.bench.workload import Workload
from gateway.client import WaitanClient
from gateway.development.data_directory import DataDirectory
from gateway.development.members import SHANGHAI
from gateway.operators import codec
from gateway.tls import TlsIdentity
from settlement.iso20022 import writing
from settlement.parties import Kind
from settlement.payments.commands import SubmitPayment
from waitan.v1 import payments_pb2

LONE_PAYMENTS: Final = 200
STREAM_PAYMENTS: Final = 30_000
BATCH: Final = 100
BATCHES_IN_FLIGHT: Final = 4
DOCUMENTS: Final = 3_000
DOCUMENTS_IN_FLIGHT: Final = 64
WARM_UP_PAYMENTS: Final = 4_000
WARM_UP_DOCUMENTS: Final = 300
PAYER: Final = "banksh"
SENT_AT: Final = "2026-11-23T01:00:00.000Z"


async def measure(directory: Path) -> Figures:
    """Start a network in a directory, load it through the door of a bank, and stop it."""
    with _network(directory) as ready:
        date = ready["days"]["CNY"]["date"]
        banks = [profile for profile in SHANGHAI if profile.kind is Kind.BANK]
        workload = Workload(banks, debtors=1, seed=6, date=date)
        member = DataDirectory(directory).members()[PAYER]
        officer = member.people["officer-1"]
        identity = TlsIdentity(officer.certificate, officer.key, member.ca.root.certificate)
        async with WaitanClient(ready["organisations"][PAYER]["grpc"], identity, timeout_s=60) as client:
            await _stream(client, list(workload.payments(WARM_UP_PAYMENTS)))
            figures = await _lone(client, list(workload.payments(LONE_PAYMENTS)))
            figures |= await _stream(client, list(workload.payments(STREAM_PAYMENTS)))
            await _documents(client, list(workload.payments(WARM_UP_DOCUMENTS)))
            figures |= await _documents(client, list(workload.payments(DOCUMENTS)))
            return figures


@contextmanager
def _network(directory: Path) -> Iterator[dict[str, Any]]:
    """Run `waitan up` in a process of its own; give what it says when it is ready."""
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "up", "--json", "--data", str(directory)]
    command += ["--grpc-port", "0", "--http-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


async def _lone(client: WaitanClient, payments: list[SubmitPayment]) -> Figures:
    times_ms = []
    for payment in payments:
        start = time.perf_counter()
        outcome = await client.submit(payment)
        times_ms.append((time.perf_counter() - start) * 1000)
        assert outcome.result == payments_pb2.RESULT_SETTLED
    return {"grpc_lone_p50_ms": round(statistics.median(times_ms), 2)}


async def _stream(client: WaitanClient, payments: list[SubmitPayment]) -> Figures:
    """Send batches over one stream, some ahead of the answers; the latency is a batch's, sent to answered.

    The messages are made before: what a bank's own system spends on that is not the network's.
    """
    messages = [codec.write(payment, payments_pb2.Payment) for payment in payments]
    slots = asyncio.Semaphore(BATCHES_IN_FLIGHT)
    sent: deque[float] = deque()
    times_ms: list[float] = []
    results: Counter[int] = Counter()

    async def batches() -> AsyncIterator[list[payments_pb2.Payment]]:
        for offset in range(0, len(messages), BATCH):
            await slots.acquire()
            sent.append(time.perf_counter())
            yield messages[offset : offset + BATCH]

    start = time.perf_counter()
    async for outcomes in client.submit_batches(batches()):
        times_ms.append((time.perf_counter() - sent.popleft()) * 1000)
        slots.release()
        results.update(outcome.result for outcome in outcomes)
    elapsed_s = time.perf_counter() - start
    assert results == {payments_pb2.RESULT_SETTLED: len(payments)}, results
    times_ms.sort()
    return {
        "grpc_stream_payments_per_s": round(len(payments) / elapsed_s),
        "grpc_stream_p50_ms": round(times_ms[len(times_ms) // 2], 1),
        "grpc_stream_p99_ms": round(times_ms[len(times_ms) * 99 // 100], 1),
    }


async def _documents(client: WaitanClient, payments: list[SubmitPayment]) -> Figures:
    """Send pacs.008 documents, one in each call."""
    documents = deque(writing.payment_message(payment, sent_at=SENT_AT) for payment in payments)
    results: Counter[int] = Counter()

    async def send() -> None:
        while documents:
            response = await client.submit_message(documents.popleft())
            results[response.outcome.result] += 1

    start = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(DOCUMENTS_IN_FLIGHT)))
    elapsed_s = time.perf_counter() - start
    assert results == {payments_pb2.RESULT_SETTLED: len(payments)}, results
    return {"xml_documents_per_s": round(len(payments) / elapsed_s)}
