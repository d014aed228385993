"""How soon the read model shows what has settled, at 1,000 payments a second.

It is counted from the transaction's own time, when the courier made it, so endorsement and commit are in it: what is
told is no less than the time from settled to visible.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from gateway.bench import Figures
from gateway.bench.served.house import PAYEE, PAYER, House
from gateway.bench.served.processes import Served
from gateway.bench.served.scrape import quantile_ms, scraped
from waitan.v1.payments_pb2 import RESULT_SETTLED, Payment

RATE_PER_S: Final = 1_000
FOR_S: Final = 15
BATCH: Final = 10
LAG: Final = "waitan_projection_lag_seconds"


async def measure(house: House, network: Served) -> Figures:
    """Pay at a steady rate, and read how late the read models of payer and payee were."""
    payments = list(house.payments(RATE_PER_S * FOR_S))
    address = network.said["operation"]
    before, start_s = await scraped(address), time.perf_counter()
    settled = 0
    async for outcomes in house.client.submit_batches(_paced(payments)):
        settled += sum(outcome.result == RESULT_SETTLED for outcome in outcomes)
    per_s = settled / (time.perf_counter() - start_s)
    after = await scraped(address)
    assert settled == len(payments)
    figures: Figures = {"visible_at_payments_per_s": round(per_s)}
    for name in (PAYER, PAYEE):
        labels = f'participant="{name}"'
        figures[f"visible_p50_ms_{name}"] = round(quantile_ms(before, after, LAG, labels, 0.5), 1)
        figures[f"visible_p99_ms_{name}"] = round(quantile_ms(before, after, LAG, labels, 0.99), 1)
    return figures


async def _paced(payments: list[Payment]) -> AsyncIterator[list[Payment]]:
    start_s = time.perf_counter()
    for first in range(0, len(payments), BATCH):
        await asyncio.sleep(max(0.0, start_s + first / RATE_PER_S - time.perf_counter()))
        yield payments[first : first + BATCH]
