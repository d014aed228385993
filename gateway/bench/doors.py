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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gateway.bench import Figures
from gateway.bench.load import Doors, Load, opened
from gateway.bench.workload import Workload
from gateway.client import WaitanClient
from gateway.development.data_directory import DataDirectory
from gateway.development.members import SHANGHAI
from settlement.iso20022 import writing
from settlement.parties import Kind
from settlement.payments.commands import SubmitPayment
from waitan.v1 import payments_pb2

LONE_PAYMENTS: Final = 200
ROUNDS: Final = 3
WARM_UP: Final = Load(4_000, 500)
STREAM: Final = Load(12_000, 300)
"""Both banks stream, each with 150 payments under way: more of them raise the latency and not the rate."""
ONE_BANK: Final = Load(8_000, 500, is_hot=True)
DOCUMENTS: Final = 3_000
DOCUMENTS_IN_FLIGHT: Final = 64
WARM_UP_DOCUMENTS: Final = 300
PAYER: Final = "banksh"
SENT_AT: Final = "2026-11-23T01:00:00.000Z"


async def measure(directory: Path) -> Figures:
    """Start a network in a directory, load it through the banks' doors, and stop it."""
    with _network(directory) as ready:
        date = ready["days"]["CNY"]["date"]
        banks = [profile for profile in SHANGHAI if profile.kind is Kind.BANK]
        workload = Workload(banks, debtors=1, seed=6, date=date)
        async with opened(DataDirectory(directory)) as doors:
            await doors.settle(WARM_UP)
            figures: Figures = {"grpc_lone_p50_ms": round((await doors.lone(LONE_PAYMENTS)).p50_ms, 2)}
            figures |= await _stream(doors)
            client = doors.client(PAYER)
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


async def _stream(doors: Doors) -> Figures:
    """Let every bank stream payments at the same time, then one bank alone; medians of rounds."""
    rounds = [(await doors.settle(STREAM), await doors.settle(ONE_BANK)) for _ in range(ROUNDS)]
    every, one = zip(*rounds, strict=True)
    return {
        "grpc_stream_payments_per_s": round(statistics.median(each.payments_per_s for each in every)),
        "grpc_stream_p50_ms": round(statistics.median(each.p50_ms for each in every), 1),
        "grpc_stream_p99_ms": round(statistics.median(each.p99_ms for each in every), 1),
        "grpc_one_bank_payments_per_s": round(statistics.median(each.payments_per_s for each in one)),
        "grpc_one_bank_p99_ms": round(statistics.median(each.p99_ms for each in one), 1),
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
