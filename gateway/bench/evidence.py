"""What naming documents adds to the processor time of a payment: by the ledger client alone, and on its whole way.

Each payment names documents that no other names: a contract and an invoice, or a released declaration. So nothing that
is read for one serves another.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from gateway.bench import Figures
from gateway.bench.banks import Banks
from gateway.bench.cpu import ProcessClock
from gateway.bench.named_documents import Documents, naming, numbers, payments
from gateway.bench.workload import CURRENCY, DATE
from gateway.client import WaitanClient
from gateway.development.data_directory import DataDirectory
from gateway.development.members import SHANGHAI, Member
from gateway.development.morning import prepare
from gateway.development.process import Network, consecutive, doors, running
from gateway.operation import memory
from gateway.operators import codec
from gateway.tls import TlsIdentity
from settlement.payments.commands import SubmitPayment
from settlement.payments.terms import Evidence
from waitan.v1.payments_pb2 import RESULT_SETTLED, Payment

ROUNDS: Final = 5
PAYMENTS: Final = 400
"""Of each kind in each round."""
WARM_UP: Final = 400
BATCH: Final = 100
"""Payments in one message at a bank's door."""
FUNDS: Final = {"banksh": {CURRENCY: "1000000000.00"}, "bankist": {CURRENCY: "1000000000.00"}}


Settle = Callable[[list[SubmitPayment]], Awaitable[float]]
"""Settle payments and give the processor time in seconds."""


async def by_client(directory: Path) -> Figures:
    """Pay through the ledger client, without doors and read models."""
    banks = Banks(directory, SHANGHAI)
    await banks.begin()
    documents = Documents(banks.desks, banks.members)
    await documents.register()

    async def settle(asked: list[SubmitPayment]) -> float:
        start = time.process_time()
        await banks.settle(asked)
        return time.process_time() - start

    figures = await _rounds(documents, settle, banks.members, "")
    await banks.ledger.close()
    return {"evidence_payments": PAYMENTS} | figures


async def by_door(directory: Path) -> Figures:
    """Pay as a bank does, through its gRPC door; client and network are this process and its reading processes.

    A payment's time ends when all read models show it and have entered its words into their index.
    """
    data = DataDirectory(directory)
    data.create()
    async with running(data) as network:
        await prepare(network.gateways, network.members, funds=FUNDS, date=DATE)
        async with doors(network, data, consecutive(network.members, 0, 0)) as opened:
            member = network.members["bankist"]
            officer = member.people["officer-1"]
            identity = TlsIdentity(officer.certificate, officer.key, member.ca.root.certificate)
            async with WaitanClient(opened["bankist"].grpc, identity) as client:
                clock = ProcessClock()

                async def settle(asked: list[SubmitPayment]) -> float:
                    messages = [codec.write(each, Payment) for each in asked]
                    await _indexed(network)
                    start = clock.now_s()
                    async for outcomes in client.submit_batches(_batches(messages)):
                        assert {each.result for each in outcomes} == {RESULT_SETTLED}, outcomes
                    await _indexed(network)
                    return clock.now_s() - start

                return await _rounds(Documents(network.gateways, network.members), settle, network.members, "door_")


async def _indexed(network: Network) -> None:
    """Wait until nothing is left to do for what has settled."""
    await network.caught_up()
    for gateway in network.gateways.values():
        await gateway.follower.indexed(network.ledger.ledger.height)


async def _batches(messages: list[Payment]) -> AsyncIterator[list[Payment]]:
    for start in range(0, len(messages), BATCH):
        yield messages[start : start + BATCH]


async def _rounds(documents: Documents, settle: Settle, members: Mapping[str, Member], prefix: str) -> Figures:
    """Make the documents, then pay in rounds of each kind in turn; ratios are medians over rounds."""
    await documents.begin()
    count = ROUNDS * PAYMENTS
    declared = numbers(count)
    named = {"evidence": await documents.invoiced(count), "declaration": await documents.released(declared)}
    supply = payments(members)
    await settle(naming(supply, [None] * WARM_UP, declared))
    memory.settle()
    cpu_us: defaultdict[str, list[float]] = defaultdict(list)
    for place in range(ROUNDS):
        mine = slice(place * PAYMENTS, (place + 1) * PAYMENTS)
        kinds: dict[str, Sequence[Evidence | None]] = {"plain": [None] * PAYMENTS}
        for name, evidence in (kinds | {kind: some[mine] for kind, some in named.items()}).items():
            asked = naming(supply, evidence, declared[mine])
            cpu_us[name].append(await settle(asked) * 1e6 / PAYMENTS)
    figures: Figures = {}
    for name, measured in cpu_us.items():
        figures[f"{prefix}{name}_cpu_us"] = round(statistics.median(measured), 1)
    for name in named:
        ratios = [with_it / plain for with_it, plain in zip(cpu_us[name], cpu_us["plain"], strict=True)]
        figures[f"{prefix}{name}_vs_plain_cpu"] = round(statistics.median(ratios), 2)
    return figures
